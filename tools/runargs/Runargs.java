// SPDX-License-Identifier: Apache-2.0
package tools.runargs;

import java.util.List;
import perpetua.act.ArgumentFile;
import perpetua.act.LineFile;
import perpetua.chain.Chain;
import perpetua.cli.Args;
import perpetua.cli.Fatal;
import perpetua.cli.Tool;
import perpetua.cli.Usage;
import perpetua.sys.Kernel;

/** runargs: run a program with arguments from a file. */
public final class Runargs {
    static final Usage USAGE = Usage.of("runargs", "i", "[-hV] [-i] argfile program [args ...]");
    public static final Tool TOOL = Tool.of(USAGE, Runargs::run);

    static int run(Args args, Kernel kernel, Chain chain) {
        if (args.left() < 2) throw Fatal.usage("missing required argument(s)");
        String file = args.operand();
        String program = args.operand();
        List<LineFile.Line> lines =
                file.equals("-") ? LineFile.readStandardInput(kernel) : LineFile.read(kernel, file);
        return chain.exec(ArgumentFile.argv(program, lines, args.rest(), args.has('i')));
    }
}
