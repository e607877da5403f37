// SPDX-License-Identifier: Apache-2.0
package tools.runfile;

import java.util.List;
import perpetua.act.ArgumentFile;
import perpetua.act.LineFile;
import perpetua.chain.Chain;
import perpetua.cli.Args;
import perpetua.cli.Fatal;
import perpetua.cli.Tool;
import perpetua.cli.Usage;
import perpetua.sys.Kernel;

/** runfile: run the command that a file spells, a word a line. */
public final class Runfile {
    static final Usage USAGE = Usage.of("runfile", "", "[-hV] argvfile [args ...]");
    public static final Tool TOOL = Tool.of(USAGE, Runfile::run);

    static int run(Args args, Kernel kernel, Chain chain) {
        String file = args.operand("missing required filename");
        boolean standardInput = file.equals("-") || file.equals(LineFile.STANDARD_INPUT_NAME);
        List<LineFile.Line> lines = standardInput ? LineFile.readStandardInput(kernel) : LineFile.read(kernel, file);
        if (lines.isEmpty()) {
            throw Fatal.usage("empty argvfile: no argv[0] element found in "
                    + (standardInput ? LineFile.STANDARD_INPUT_NAME : file));
        }
        String program = lines.remove(0).text();
        return chain.exec(ArgumentFile.argv(program, lines, args.rest(), false));
    }
}
