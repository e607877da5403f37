// SPDX-License-Identifier: Apache-2.0
package tools.rundetach;

import java.util.List;
import perpetua.chain.Chain;
import perpetua.cli.Args;
import perpetua.cli.Fatal;
import perpetua.cli.Tool;
import perpetua.cli.Usage;
import perpetua.sys.Errno;
import perpetua.sys.Kernel;
import perpetua.sys.Spawn;
import perpetua.sys.SysException;

/** rundetach: run a program in the background, in a session of its own. */
public final class Rundetach {
    static final Usage USAGE = Usage.of("rundetach", "", "[-hV] program [args ...]");
    public static final Tool TOOL = Tool.of(USAGE, Rundetach::run);

    static int run(Args args, Kernel kernel, Chain chain) {
        List<String> program = args.program("missing required program argument");
        try {
            chain.spawn(program, Spawn::newSession);
        } catch (SysException e) {
            if (isOutOfRoom(e)) throw Fatal.system("failure to detach", e);
            // Whoever detaches does not learn how it went: perp's child says this too, and its parent ends with 0.
            args.complain("fatal", "unable to run " + program.get(0) + ": " + e.getMessage());
        }
        return 0;
    }

    /** Then there was no child at all; other failures are those of the program. */
    private static boolean isOutOfRoom(SysException e) {
        return e.is(Errno.EAGAIN) || e.is(Errno.ENOMEM) || e.is(Errno.EMFILE) || e.is(Errno.ENFILE);
    }
}
