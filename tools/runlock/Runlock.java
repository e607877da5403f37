// SPDX-License-Identifier: Apache-2.0
package tools.runlock;

import java.util.List;
import perpetua.act.Pause;
import perpetua.chain.Chain;
import perpetua.cli.Args;
import perpetua.cli.Fatal;
import perpetua.cli.Numbers;
import perpetua.cli.Tool;
import perpetua.cli.Usage;
import perpetua.sys.Kernel;
import perpetua.sys.LockFile;
import perpetua.sys.SysException;

/** runlock: run a program while holding a lock on a file. */
public final class Runlock {
    static final Usage USAGE = Usage.of("runlock", "bcpqst:x",
            "[-hV] [-c [-q] lockfile | [-bpx] lockfile program [args ...]]");
    public static final Tool TOOL = Tool.of(USAGE, Runlock::run);

    static int run(Args args, Kernel kernel, Chain chain) {
        if (args.has('c')) return check(args.operand("missing lockfile argument"), args, kernel);
        if (args.left() < 2) throw Fatal.usage("missing required argument(s)");
        if (args.has('p') && args.has('s')) throw Fatal.usage("options -p and -s are mutually exclusive");
        String lockfile = args.operand();
        List<String> program = args.rest();
        long wait = wait(args);
        try {
            // Never closed: a POSIX lock survives exec but not close, and so ends with the program.
            LockFile lock = LockFile.acquire(kernel, lockfile, wait, args.has('s'));
            if (args.has('p')) lock.write(kernel.pid());
        } catch (SysException e) {
            if (args.has('x')) return 0;
            throw Fatal.system("unable to acquire lock on " + lockfile, e);
        }
        return chain.exec(program);
    }

    /** How many nanoseconds: {@code -t} bounds what {@code -b} leaves open. */
    private static long wait(Args args) {
        String text = args.value('t');
        if (text == null) return args.has('b') ? LockFile.FOREVER : 0;
        long seconds = Numbers.decimal(text, Pause.MOST_SECONDS);
        if (seconds == Numbers.NONE) throw Fatal.usage("bad numeric argument for option -t: " + text);
        return seconds * 1_000_000_000L;
    }

    private static int check(String lockfile, Args args, Kernel kernel) {
        try {
            int pid = LockFile.holder(kernel, lockfile);
            if (!args.has('q')) {
                args.tell(pid == 0 ? "no lock held on " + lockfile : "lock held on " + lockfile + " by pid " + pid);
            }
            return pid == 0 ? 0 : 1;
        } catch (SysException e) {
            if (args.has('q')) return Fatal.FAILURE;
            throw Fatal.system("failure checking lock on " + lockfile, e);
        }
    }
}
