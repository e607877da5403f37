// SPDX-License-Identifier: Apache-2.0
package tools.runsession;

import java.util.List;
import perpetua.chain.Chain;
import perpetua.cli.Args;
import perpetua.cli.Tool;
import perpetua.cli.Usage;
import perpetua.sys.Kernel;
import perpetua.sys.SysException;

/** runsession: run a program in a new session. */
public final class Runsession {
    static final Usage USAGE = Usage.of("runsession", "", "[-hV] program [args ...]");
    public static final Tool TOOL = Tool.of(USAGE, Runsession::run);

    static int run(Args args, Kernel kernel, Chain chain) {
        List<String> program = args.program("missing required program argument");
        try {
            kernel.newSession();
        } catch (SysException leadsAlready) {
            // A group leader can't have a new session, and below perpd or an interactive shell it leads one.
        }
        return chain.exec(program);
    }
}
