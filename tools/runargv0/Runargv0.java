// SPDX-License-Identifier: Apache-2.0
package tools.runargv0;

import perpetua.chain.Chain;
import perpetua.cli.Args;
import perpetua.cli.Fatal;
import perpetua.cli.Tool;
import perpetua.cli.Usage;
import perpetua.sys.Kernel;

/** runargv0: run a program under another name. */
public final class Runargv0 {
    static final Usage USAGE = Usage.of("runargv0", "", "[-hV] realprog alias [args ...]");
    public static final Tool TOOL = Tool.of(USAGE, Runargv0::run);

    static int run(Args args, Kernel kernel, Chain chain) {
        if (args.left() < 2) throw Fatal.usage("missing required argument(s)");
        String program = args.operand();
        return chain.exec(program, args.rest(), null, program);
    }
}
