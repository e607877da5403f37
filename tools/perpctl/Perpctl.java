// SPDX-License-Identifier: Apache-2.0
package tools.perpctl;

import perpetua.chain.Chain;
import perpetua.cli.Args;
import perpetua.cli.Fatal;
import perpetua.cli.Tool;
import perpetua.cli.Usage;
import perpetua.cli.Voice;
import perpetua.perp.BaseDirectory;
import perpetua.perp.ControlClient;
import perpetua.perp.FileKey;
import perpetua.perp.PerpdLock;
import perpetua.supervise.Command;
import perpetua.sys.Errno;
import perpetua.sys.FileStat;
import perpetua.sys.Kernel;
import perpetua.sys.Signal;
import perpetua.sys.SysException;

/** perpctl: tell perpd what to do with services. */
public final class Perpctl {
    static final Usage USAGE = Usage.of("perpctl", "b:gLq",
            "[-hV] [-b basedir] [-g] [-L] [-q] [ADUXduopcahikqtw12] sv [sv ...]").voice(Voice.CLIENT);
    public static final Tool TOOL = Tool.of(USAGE, Perpctl::run);

    private static final int STICKY = 01000;
    private static final int PERMISSIONS = 07777;

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
            throw Fatal.usage("meta-command '" + letter + "' may not be used with option -L");
        }
        if (args.left() == 0) throw Fatal.usage("missing argument: no service(s) specified");
        String base = BaseDirectory.ofClient(args, chain.environment());
        BaseDirectory.enter(kernel, base, "unable to chdir() to");
        if (activation) return setActivation(letter == 'A', base, args, kernel);
        ControlClient perpd = ControlClient.connect(kernel, base);
        boolean failed = false;
        for (String name : args.rest()) failed |= !command(command, name, perpd, args, kernel);
        return failed ? Fatal.FAILURE : 0;
    }

    private static boolean command(Command command, String name, ControlClient perpd, Args args, Kernel kernel) {
        String complaint;
        try {
            FileStat stat = kernel.stat(name);
            if (!stat.isDirectory()) {
                complaint = "not a directory";
            } else if (!stat.isSticky()) {
                complaint = "service directory not activated";
            } else {
                complaint = ask(command, FileKey.of(stat), perpd, args);
            }
        } catch (SysException e) {
            complaint = "service directory not found";
        }
        if (complaint != null) args.say("error: " + name + ": " + complaint);
        else if (!args.has('q')) args.say(name + ": ok");
        return complaint == null;
    }

    /** @return null if perpd accepted it */
    private static String ask(Command command, FileKey key, ControlClient perpd, Args args) {
        try {
            perpd.command(key, command.letter(), args.has('L'), args.has('g'));
            return null;
        } catch (ControlClient.Refused e) {
            return "error reported in reply: " + Errno.describe(e.errno());
        } catch (SysException e) {
            return "error reading response: " + e.getMessage();
        }
    }

    /** The sticky bit on or off, then a scan. */
    private static int setActivation(boolean on, String base, Args args, Kernel kernel) {
        String what = on ? "activation" : "deactivation";
        int count = 0;
        boolean failed = false;
        for (String name : args.rest()) {
            String complaint = setSticky(name, on, kernel);
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
        return failed ? Fatal.FAILURE : 0;
    }

    private static String setSticky(String name, boolean on, Kernel kernel) {
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
            return null;
        } catch (SysException e) {
            return "failure chmod() on service directory: " + e.getMessage();
        }
    }
}
