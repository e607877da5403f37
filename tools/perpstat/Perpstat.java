// SPDX-License-Identifier: Apache-2.0
package tools.perpstat;

import java.util.List;
import perpetua.chain.Chain;
import perpetua.cli.Args;
import perpetua.cli.Fatal;
import perpetua.cli.JsonWriter;
import perpetua.cli.Tool;
import perpetua.cli.Usage;
import perpetua.cli.Voice;
import perpetua.perp.BaseDirectory;
import perpetua.perp.ControlClient;
import perpetua.perp.FileKey;
import perpetua.perp.FullStatus;
import perpetua.perp.Panel;
import perpetua.perp.ServiceJson;
import perpetua.perp.ServiceNames;
import perpetua.perp.Status;
import perpetua.sys.Errno;
import perpetua.sys.FileStat;
import perpetua.sys.Kernel;
import perpetua.sys.Signal;
import perpetua.sys.SysException;

/** perpstat: tell of a service in words what it is doing. */
public final class Perpstat {
    static final Usage USAGE = Usage.of("perpstat", "b:j", "[-hV] [-b basedir] sv [sv ...]")
            .voice(Voice.CLIENT).withoutColon().word("--json", 'j');
    public static final Tool TOOL = Tool.of(USAGE, Perpstat::run);

    static int run(Args args, Kernel kernel, Chain chain) {
        if (args.left() == 0) throw Fatal.usage("missing argument");
        String base = BaseDirectory.ofClient(args, chain.environment());
        BaseDirectory.enter(kernel, base, "fail chdir() to");
        ControlClient perpd = ControlClient.connect(kernel, base);
        List<String> names = ServiceNames.of(kernel, args.rest(), false);
        // As with perp, what is wrong with one service is told, and is no failure of this program.
        if (args.has('j')) {
            json(names, perpd, args, kernel);
        } else {
            for (String name : names) tell(name, perpd, args, kernel);
        }
        return 0;
    }

    private static void json(List<String> names, ControlClient perpd, Args args, Kernel kernel) {
        long wall = kernel.realtimeNanos();
        List<Panel> panels = Panel.of(names, kernel, perpd, wall);
        JsonWriter out = new JsonWriter().openArray();
        ServiceJson json = new ServiceJson(out, wall, perpd.tellsMore());
        for (Panel panel : panels) json.write(panel);
        args.print(out.closeArray() + "\n");
        if (!perpd.tellsMore()) args.tell("this perpd is perp's own: it tells neither of ends nor of restarts and readiness");
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
                args.print(text(name, perpd.fullQuery(FileKey.of(stat)), kernel.realtimeNanos()));
            } catch (ControlClient.Refused e) {
                args.say("error: " + name + ": error reported in reply: " + Errno.describe(e.errno()));
            } catch (SysException e) {
                args.say("error: " + name + ": error reading response: " + e.getMessage());
            }
        }
    }

    private static String text(String name, FullStatus full, long wall) {
        Status status = full.status();
        boolean told = full.readiness() != FullStatus.Readiness.UNTOLD && status.main().isUp();
        String ready = told ? ", " + full.readiness().words() : "";
        return name + ": activated " + Status.seconds(status.activated(), wall) + " seconds"
                + (status.isDeactivating() ? ", deactivation in progress" : "")
                + (status.isReactivating() ? ", flagged for reactivation" : "") + "\n"
                + "  main: " + state(status.main(), status, wall) + ready + "\n"
                + "   log: " + (status.hasLog() ? state(status.log(), status, wall) : "(no log)") + "\n"
                + past("  main", status.main(), full.main(), wall) + past("   log", status.log(), full.log(), wall);
    }

    /**
     * What perp does not tell, in a line of its own: how it ended last, how often it was started again, and when it will be. Of what
     * went as it was told, nothing: a first start, a command to be down.
     */
    private static String past(String who, Status.Process process, FullStatus.More more, long wall) {
        boolean told = more.restarts() == 0 && more.due() < 0 && process.isWantedDown() && !process.isOnce();
        if (told || more.end() == FullStatus.End.NONE && more.due() < 0 && more.restarts() == 0) return "";
        String how = more.end() == FullStatus.End.EXIT ? "exit " + more.number()
                : more.end() == FullStatus.End.SIGNAL ? "signal " + more.number() + " " + Signal.name(more.number()) : "unknown";
        return who + " ended: "
                + (more.end() == FullStatus.End.NONE ? "never" : how + ", " + Status.seconds(more.ended(), wall) + " seconds ago")
                + ", restarts: " + more.restarts()
                + (more.due() < 0 ? "" : ", next start in " + until(more.due(), wall) + " seconds") + "\n";
    }

    /** Rounded up: what is still to come is not 0 seconds away. */
    private static long until(long due, long wall) {
        return Math.max(0, due - wall + 999_999_999L) / 1_000_000_000L;
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
