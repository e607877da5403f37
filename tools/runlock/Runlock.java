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
import perpetua.supervise.Loop;
import perpetua.sys.Errno;
import perpetua.sys.Kernel;
import perpetua.sys.LockFile;
import perpetua.sys.Reaped;
import perpetua.sys.Signal;
import perpetua.sys.SysException;

/** runlock: run a program while holding a lock on a file. */
public final class Runlock {
    static final Usage USAGE = Usage.of("runlock", "bcempqst:ux",
            "[-hV] [-c [-q] lockfile | [-bpx] lockfile program [args ...]]");
    public static final Tool TOOL = Tool.of(USAGE, Runlock::run);

    /** What -m ends with where the lock is held. */
    private static final int HELD = 1;

    static int run(Args args, Kernel kernel, Chain chain) {
        if (args.has('c')) return check(args.operand("missing lockfile argument"), args, kernel);
        if (args.left() < 2) throw Fatal.usage("missing required argument(s)");
        if (args.has('p') && args.has('s')) throw Fatal.usage("options -p and -s are mutually exclusive");
        if (args.has('e') && args.has('s')) throw Fatal.usage("options -e and -s are mutually exclusive");
        String lockfile = args.operand();
        List<String> program = args.rest();
        refuseDetaching(lockfile, program);
        long wait = wait(args);
        LockFile lock;
        try {
            // Never closed: a POSIX lock survives exec but not close, and so ends with the program.
            lock = args.has('e') ? LockFile.create(kernel, lockfile)
                    : LockFile.acquire(kernel, lockfile, wait, args.has('s'));
            if (args.has('p') || args.has('e')) lock.write(kernel.pid());
        } catch (SysException e) {
            if (args.has('x')) return 0;
            boolean exists = args.has('e') && e.is(Errno.EEXIST);
            if (args.has('m') && (exists || e.is(Errno.EAGAIN))) {
                int pid = owner(kernel, lockfile, exists);
                if (pid > 0) {
                    args.tell("already running, pid " + pid);
                    return HELD;
                }
            }
            throw exists ? occupied(kernel, lockfile) : Fatal.system("unable to acquire lock on " + lockfile, e);
        }
        return args.has('u') ? keep(args, kernel, chain, lock, lockfile, program) : chain.exec(program);
    }

    /** A lock is not inherited by a child: what detaches would go on without it, while its pid is in the file. */
    private static void refuseDetaching(String lockfile, List<String> program) {
        String name = program.get(0).substring(program.get(0).lastIndexOf('/') + 1);
        if (!name.equals("rundetach")) return;
        throw Fatal.mistake("rundetach would lose the lock, which no child inherits; the right order is: rundetach runlock "
                + lockfile + " program");
    }

    /** How many nanoseconds: {@code -t} bounds what {@code -b} leaves open. */
    private static long wait(Args args) {
        String text = args.value('t');
        if (text == null) return args.has('b') ? LockFile.FOREVER : 0;
        long seconds = Numbers.decimal(text, Pause.MOST_SECONDS);
        if (seconds == Numbers.NONE) throw Fatal.usage("bad numeric argument for option -t: " + text);
        return seconds * 1_000_000_000L;
    }

    // ---- what is there already ----------------------------------------------------------------------------

    /**
     * Who it belongs to.
     *
     * @param named whether the number in the file counts too, as with -e
     * @return 0 if it belongs to nobody, or that can't be found out
     */
    private static int owner(Kernel kernel, String lockfile, boolean named) {
        try {
            int pid = LockFile.holder(kernel, lockfile);
            if (pid > 0 || !named) return Math.max(0, pid);
            pid = LockFile.content(kernel, lockfile);
            return pid > 0 && isAlive(kernel, pid) ? pid : 0;
        } catch (SysException e) {
            return 0;
        }
    }

    private static boolean isAlive(Kernel kernel, int pid) {
        try {
            kernel.kill(pid, 0);
        } catch (SysException e) {
            // Not ours to signal, but there.
            return e.is(Errno.EPERM);
        }
        try {
            return !kernel.processStat(pid).ended();
        } catch (SysException untold) {
            return true;
        }
    }

    /** Whose the file is that -e has found. To remove one that was left behind is the user's to decide. */
    private static Fatal occupied(Kernel kernel, String lockfile) {
        try {
            int pid = LockFile.content(kernel, lockfile);
            if (pid > 0 && isAlive(kernel, pid)) {
                return Fatal.of("lock file " + lockfile + ": already running, owned by active process " + pid);
            }
            return Fatal.of("lock file " + lockfile + (pid == 0 ? " exists and holds no process number" : ": process " + pid + " is defunct")
                    + ", delete the file and try again");
        } catch (SysException e) {
            return Fatal.system("lock file " + lockfile + " exists and can't be read", e);
        }
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

    // ---- -u: stays as the parent --------------------------------------------------------------------------

    /** Runs it as a child, hands on signals, and removes the file when it has ended. @return its status */
    private static int keep(Args args, Kernel kernel, Chain chain, LockFile lock, String lockfile, List<String> program) {
        int[] pid = new int[1];
        Reaped[] end = new Reaped[1];
        try {
            lock.keepPrivate();
            Loop loop = new Loop(kernel, signal -> pass(kernel, pid[0], signal), stranger -> { }, Signal.HUP, Signal.INT,
                    Signal.QUIT, Signal.USR1, Signal.USR2, Signal.ALRM, Signal.TERM, Signal.CONT, Signal.WINCH);
            try {
                pid[0] = chain.spawn(program, child -> { });
                loop.await(pid[0], how -> {
                    end[0] = how;
                    loop.stop();
                });
                loop.run(() -> { });
            } catch (SysException e) {
                args.complain("fatal", "unable to run " + program.get(0) + ": " + e.getMessage());
            }
            lock.remove(lockfile);
        } catch (SysException e) {
            throw Fatal.system("failure keeping " + lockfile, e);
        }
        if (end[0] == null) return Fatal.FAILURE;
        return end[0].signal() > 0 ? 128 + end[0].signal() : end[0].status();
    }

    private static void pass(Kernel kernel, int pid, Signal signal) {
        try {
            if (pid > 0) kernel.kill(pid, signal.number());
        } catch (SysException e) {
            // It has another user's rights now: whoever may signal it must do it directly.
        }
    }
}
