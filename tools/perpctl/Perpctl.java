// SPDX-License-Identifier: Apache-2.0
package tools.perpctl;

import perpetua.act.Pause;
import perpetua.chain.Chain;
import perpetua.cli.Args;
import perpetua.cli.Fatal;
import perpetua.cli.Numbers;
import perpetua.cli.Tool;
import perpetua.cli.Usage;
import perpetua.cli.Voice;
import perpetua.perp.BaseDirectory;
import perpetua.perp.ControlClient;
import perpetua.perp.FileKey;
import perpetua.perp.FullStatus;
import perpetua.perp.Goal;
import perpetua.perp.PerpdLock;
import perpetua.perp.ServiceNames;
import perpetua.supervise.Command;
import perpetua.sys.Errno;
import perpetua.sys.FileStat;
import perpetua.sys.Kernel;
import perpetua.sys.Signal;
import perpetua.sys.SysException;

/** perpctl: tell perpd what to do with services. */
public final class Perpctl {
    static final Usage USAGE = Usage.of("perpctl", "b:gLqw:",
            "[-hV] [-b basedir] [-g] [-L] [-q] [ADUXduopcahikqtw12] sv [sv ...]").voice(Voice.CLIENT);
    public static final Tool TOOL = Tool.of(USAGE, Perpctl::run);

    private static final int STICKY = 01000;
    private static final int PERMISSIONS = 07777;
    private static final int NOT_REACHED = 1;

    static int run(Args args, Kernel kernel, Chain chain) {
        String word = args.operand();
        if (word == null) {
            // The one message in which perp's clients speak like the run tools.
            args.tell("usage error: missing arguments");
            throw Fatal.usage(null);
        }
        char letter = word.isEmpty() ? 0 : word.charAt(0);
        boolean activation = letter == 'A' || letter == 'X';
        Command command = Command.of(letter);
        if (!activation && command == null) throw Fatal.usage("unknown control command '" + word + "'");
        if (args.has('L') && (command == Command.UP_BOTH || command == Command.DOWN_BOTH)) {
            throw Fatal.usage("meta-command '" + word + "' may not be used with option -L");
        }
        if (args.left() == 0) throw Fatal.usage("missing argument: no service(s) specified");
        long wait = wait(args);
        if (wait >= 0 && !activation && !Goal.isOf(command)) {
            throw Fatal.usage("option -w: nothing to wait for with '" + letter + "'");
        }
        String base = BaseDirectory.ofClient(args, chain.environment());
        BaseDirectory.enter(kernel, base, "unable to chdir() to");
        Waiting waiting = wait < 0 ? null : new Waiting(kernel, base, wait);
        boolean ok;
        if (activation) {
            ok = setActivation(letter == 'A', base, waiting, args, kernel);
        } else {
            ControlClient perpd = ControlClient.connect(kernel, base);
            ok = true;
            for (String name : ServiceNames.of(kernel, args.rest(), true)) {
                ok &= command(command, name, perpd, waiting, args, kernel);
            }
            if (!perpd.tellsMore()) tellOfOld(command, wait >= 0, args);
            perpd.close();
        }
        boolean reached = waiting == null || waiting.isOver(args);
        return !ok ? Fatal.FAILURE : reached ? 0 : NOT_REACHED;
    }

    /** @return how many seconds to wait, -1 for not at all */
    private static long wait(Args args) {
        String text = args.value('w');
        if (text == null) return -1;
        long seconds = Numbers.decimal(text, Pause.MOST_SECONDS);
        if (seconds == Numbers.NONE) throw Fatal.usage("bad numeric argument for option -w: " + text);
        return seconds;
    }

    private static void tellOfOld(Command command, boolean waits, Args args) {
        if (command == Command.RESTART) {
            args.tell("this perpd is perp's own and knows no restart: told up, then SIGTERM");
        } else if (waits) {
            args.tell("this perpd is perp's own and does not tell of changes: asked again and again");
        }
    }

    private static boolean command(Command command, String name, ControlClient perpd, Waiting waiting, Args args,
            Kernel kernel) {
        String complaint;
        try {
            FileStat stat = kernel.stat(name);
            if (!stat.isDirectory()) {
                complaint = "not a directory";
            } else if (!stat.isSticky()) {
                complaint = "service directory not activated";
            } else {
                complaint = ask(command, name, FileKey.of(stat), perpd, waiting, args);
            }
        } catch (SysException e) {
            complaint = "service directory not found";
        }
        if (complaint != null) args.say("error: " + name + ": " + complaint);
        else if (!args.has('q')) args.say(name + ": ok");
        return complaint == null;
    }

    /** @return null if perpd accepted it */
    private static String ask(Command command, String name, FileKey key, ControlClient perpd, Waiting waiting,
            Args args) {
        boolean toLog = args.has('L');
        try {
            // perp's packet where that is enough.
            if (waiting == null && command != Command.RESTART) {
                perpd.command(key, command.letter(), toLog, args.has('g'));
                return null;
            }
            FullStatus before = perpd.fullCommand(key, command, toLog, args.has('g'));
            if (waiting != null) waiting.add(name, key, Goal.of(command, toLog, before));
            return null;
        } catch (ControlClient.Refused e) {
            return "error reported in reply: " + Errno.describe(e.errno());
        } catch (SysException e) {
            return "error reading response: " + e.getMessage();
        }
    }

    /** The sticky bit on or off, then a scan. */
    private static boolean setActivation(boolean on, String base, Waiting waiting, Args args, Kernel kernel) {
        String what = on ? "activation" : "deactivation";
        int count = 0;
        boolean failed = false;
        for (String name : ServiceNames.of(kernel, args.rest(), !on)) {
            String complaint = setSticky(name, on, waiting, kernel);
            if (complaint == null) {
                count++;
                if (!args.has('q')) args.say(name + ": set for " + what);
            } else {
                failed = true;
                args.say("error: " + name + ": " + complaint);
            }
        }
        PerpdLock.signal(kernel, base, Signal.HUP);
        if (!args.has('q')) {
            args.say("rescan triggered for " + what + " set on " + count + (count == 1 ? " service" : " services"));
        }
        return !failed;
    }

    private static String setSticky(String name, boolean on, Waiting waiting, Kernel kernel) {
        FileStat stat;
        try {
            stat = kernel.stat(name);
        } catch (SysException e) {
            return "service directory not found";
        }
        if (!stat.isDirectory()) return "not a directory";
        int mode = stat.mode() & PERMISSIONS;
        try {
            kernel.changeMode(name, on ? mode | STICKY : mode & ~STICKY);
            if (waiting != null) waiting.add(name, FileKey.of(stat), Goal.activation(on));
            return null;
        } catch (SysException e) {
            return "failure chmod() on service directory: " + e.getMessage();
        }
    }
}
