// SPDX-License-Identifier: Apache-2.0
package tools.runctl;

import perpetua.act.Pause;
import perpetua.chain.Chain;
import perpetua.cli.Args;
import perpetua.cli.Fatal;
import perpetua.cli.Numbers;
import perpetua.cli.Tool;
import perpetua.cli.Usage;
import perpetua.sys.Errno;
import perpetua.sys.Kernel;
import perpetua.sys.LockFile;
import perpetua.sys.PollSet;
import perpetua.sys.Signal;
import perpetua.sys.SysException;

/** runctl: stop, restart or signal the process that holds a lock file. */
public final class Runctl {
    static final Usage USAGE = Usage.of("runctl", "s:w:",
            "[-hV] [-s sig] [-w secs] lockfile stop | restart | status | signal name").own();
    public static final Tool TOOL = Tool.of(USAGE, Runctl::run);

    /** Not running; and the status for a word that is no command. */
    private static final int NO = 1;
    private static final long SECOND = 1_000_000_000L;

    static int run(Args args, Kernel kernel, Chain chain) {
        String lockfile = args.operand("missing lockfile argument");
        String command = args.operand("missing command");
        String named = command.equals("signal") ? args.operand("missing name of a signal") : null;
        // Options may stand behind them too, as one types them.
        if (!args.more()) return 0;
        if (args.left() > 0) throw Fatal.usage("too many arguments");
        String name = switch (command) {
            case "stop" -> args.value('s', "USR1");
            case "restart" -> args.value('s', "HUP");
            default -> named;
        };
        if (command.equals("signal") && args.has('s')) throw Fatal.usage("option -s has no meaning with signal");
        if (name == null && !command.equals("status")) {
            args.say("usage: " + args.program() + " " + USAGE.line());
            return NO;
        }
        Signal signal = name == null ? null : Signal.of(name);
        if (name != null && signal == null) throw Fatal.usage("unknown signal: " + name);
        long wait = wait(args, command);
        int pid = holder(kernel, lockfile);
        if (pid == 0) return notRunning(args, kernel, lockfile);
        if (signal == null) {
            args.print("running, pid " + pid + "\n");
            return 0;
        }
        String act = "send SIG" + signal.name() + " to";
        try {
            // Once it is open no other process can be taken for it: so the lock is asked again, and counts.
            int process = kernel.openProcess(pid);
            if (holder(kernel, lockfile) != pid) return notRunning(args, kernel, lockfile);
            kernel.signalProcess(process, signal.number());
            act = "wait for";
            if (wait >= 0) awaitEnd(kernel, process, pid, wait);
            return 0;
        } catch (SysException e) {
            if (e.is(Errno.ESRCH)) return notRunning(args, kernel, lockfile);
            throw Fatal.system("unable to " + act + " pid " + pid, e);
        }
    }

    /** In seconds, -1 for none. */
    private static long wait(Args args, String command) {
        String text = args.value('w');
        if (text == null) return -1;
        if (!command.equals("stop") && !command.equals("signal")) {
            throw Fatal.usage("option -w has no meaning with " + command);
        }
        long seconds = text.isEmpty() ? Numbers.NONE : Numbers.decimal(text, Pause.MOST_SECONDS);
        if (seconds == Numbers.NONE) throw Fatal.usage("bad numeric argument for option -w: " + text);
        return seconds;
    }

    private static int holder(Kernel kernel, String lockfile) {
        try {
            int pid = LockFile.holder(kernel, lockfile);
            // A lock that belongs to an open file and not to a process: -1, which to kill would mean everybody.
            if (pid < 0) throw Fatal.of("the lock on " + lockfile + " is held by no single process");
            return pid;
        } catch (SysException e) {
            throw Fatal.system("failure checking lock on " + lockfile, e);
        }
    }

    /** Whatever number the file holds: without the lock it is nobody's. */
    private static int notRunning(Args args, Kernel kernel, String lockfile) {
        String why;
        try {
            int pid = LockFile.content(kernel, lockfile);
            why = pid == 0 ? "nobody holds " + lockfile : "stale pid file " + lockfile + ", pid " + pid;
        } catch (SysException e) {
            why = "lock file " + lockfile + ": " + e.getMessage();
        }
        args.tell("not running (" + why + ")");
        return NO;
    }

    private static void awaitEnd(Kernel kernel, int process, int pid, long seconds) throws SysException {
        long until = kernel.monotonicNanos() + seconds * SECOND;
        PollSet set = new PollSet();
        for (long left; (left = until - kernel.monotonicNanos()) >= 0; ) {
            set.clear();
            set.add(process, PollSet.IN);
            if (kernel.poll(set, left) > 0) return;
        }
        throw Fatal.of("pid " + pid + " still runs after " + seconds + " seconds");
    }
}
