// SPDX-License-Identifier: Apache-2.0
package tools.perpstat;

import perpetua.chain.Chain;
import perpetua.cli.Args;
import perpetua.cli.Fatal;
import perpetua.cli.Tool;
import perpetua.cli.Usage;
import perpetua.cli.Voice;
import perpetua.perp.BaseDirectory;
import perpetua.perp.ControlClient;
import perpetua.perp.FileKey;
import perpetua.perp.Status;
import perpetua.sys.Errno;
import perpetua.sys.FileStat;
import perpetua.sys.Kernel;
import perpetua.sys.SysException;

/** perpstat: tell of a service in words what it is doing. */
public final class Perpstat {
    static final Usage USAGE = Usage.of("perpstat", "b:", "[-hV] [-b basedir] sv [sv ...]")
            .voice(Voice.CLIENT).withoutColon();
    public static final Tool TOOL = Tool.of(USAGE, Perpstat::run);

    static int run(Args args, Kernel kernel, Chain chain) {
        if (args.left() == 0) throw Fatal.usage("missing argument");
        String base = BaseDirectory.ofClient(args, chain.environment());
        BaseDirectory.enter(kernel, base, "fail chdir() to");
        ControlClient perpd = ControlClient.connect(kernel, base);
        // As with perp, what is wrong with one service is told, and is no failure of this program.
        for (String name : args.rest()) tell(name, perpd, args, kernel);
        return 0;
    }

    private static void tell(String name, ControlClient perpd, Args args, Kernel kernel) {
        FileStat stat;
        try {
            stat = kernel.stat(name);
        } catch (SysException e) {
            args.say(name + ": error: service directory not found");
            return;
        }
        if (!stat.isDirectory()) {
            args.say(name + ": error: not a directory");
        } else if (!stat.isSticky()) {
            args.print(name + ": not activated\n");
        } else {
            try {
                args.print(text(name, perpd.query(FileKey.of(stat)), kernel.realtimeNanos()));
            } catch (ControlClient.Refused e) {
                args.say("error: " + name + ": error reported in reply: " + Errno.describe(e.errno()));
            } catch (SysException e) {
                args.say("error: " + name + ": error reading response: " + e.getMessage());
            }
        }
    }

    private static String text(String name, Status status, long wall) {
        return name + ": activated " + Status.seconds(status.activated(), wall) + " seconds"
                + (status.isDeactivating() ? ", deactivation in progress" : "")
                + (status.isReactivating() ? ", flagged for reactivation" : "") + "\n"
                + "  main: " + state(status.main(), status, wall) + "\n"
                + "   log: " + (status.hasLog() ? state(status.log(), status, wall) : "(no log)") + "\n";
    }

    private static String state(Status.Process process, Status status, long wall) {
        // What was never started is down since the activation.
        long since = process.since() < 0 ? status.activated() : process.since();
        long seconds = Status.seconds(since, wall);
        String once = process.isOnce() ? ", flagged once" : "";
        // So young that it may as well be on its way down again; or it waits for its next start.
        boolean young = seconds == 0 && !process.isResetting();
        if (young && (process.isUp() || !process.isWantedDown())) return "down, want up!" + once;
        if (!process.isUp()) {
            return "down " + seconds + " seconds" + (process.isWantedDown() ? "" : ", want up!") + once;
        }
        return (process.isResetting() ? "resetting " : "up ") + seconds + " seconds (pid " + process.pid() + ")"
                + (process.isPaused() ? ", paused" : "") + once;
    }
}
