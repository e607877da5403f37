// SPDX-License-Identifier: Apache-2.0
package tools.perpd;

import java.util.ArrayList;
import java.util.List;
import perpetua.act.Accounts;
import perpetua.chain.Chain;
import perpetua.cli.Args;
import perpetua.cli.Fatal;
import perpetua.cli.Numbers;
import perpetua.cli.Tool;
import perpetua.cli.Usage;
import perpetua.cli.Voice;
import perpetua.perp.BaseDirectory;
import perpetua.perp.StateDirectory;
import perpetua.perp.Supervisor;
import perpetua.sys.Errno;
import perpetua.sys.Kernel;
import perpetua.sys.LockFile;
import perpetua.sys.Open;
import perpetua.sys.Signal;
import perpetua.sys.SysException;

/** perpd: start, watch and restart the services of a base directory. */
public final class Perpd {
    static final Usage USAGE = Usage.of("perpd", "a:g:S:", "[-hV] [-a secs] [-g gid] [-S statedir] [basedir]")
            .voice(Voice.DAEMON).withoutColon();
    public static final Tool TOOL = Tool.of(USAGE, Perpd::run);

    private static final int BACKLOG = 128;
    private static final int NO_GROUP = -1;

    static int run(Args args, Kernel kernel, Chain chain) {
        String seconds = args.value('a', "0");
        long scanEvery = Numbers.decimal(seconds, 0xffffffffL);
        if (scanEvery == Numbers.NONE) {
            throw Fatal.usage("non-numeric argument found for option -a: " + seconds);
        }
        int gid = args.has('g') ? group(args.value('g'), kernel) : NO_GROUP;
        String base = args.operand();
        if (base == null) base = BaseDirectory.fromEnvironment(chain.environment(), BaseDirectory.STANDARD);
        if (base.isEmpty() || base.charAt(0) != '/') {
            throw Fatal.usage("base directory not defined as absolute path: " + base);
        }
        String state = args.value('S', StateDirectory.parent(kernel));
        if (state.isEmpty() || state.charAt(0) != '/') {
            throw Fatal.usage("state directory not defined as absolute path: " + state);
        }
        int home = home(kernel);
        try {
            kernel.changeDirectory(base);
        } catch (SysException e) {
            throw Fatal.system("failure chdir() to base directory " + base, e);
        }
        prepare(kernel);
        enterControl(kernel);
        Handover handover = Handover.taken(chain, kernel);
        LockFile lock = lock(kernel, handover);
        int socket = handover == null ? listen(kernel, gid) : handover.socket();
        try {
            new Supervisor(kernel, base, args.program(), socket, environment(chain, base), scanEvery)
                    .keepState(state, handover != null)
                    .succeededBy(() -> Handover.give(args, kernel, chain, home, lock.descriptor(), socket))
                    .run();
        } catch (SysException e) {
            throw Fatal.system("failure signalfd() for signals", e);
        }
        return 0;
    }

    private static LockFile lock(Kernel kernel, Handover handover) {
        try {
            if (handover != null) return LockFile.held(kernel, handover.lock());
            LockFile lock = LockFile.acquirePrivately(kernel, BaseDirectory.PID_FILE);
            lock.write(kernel.pid());
            return lock;
        } catch (SysException e) {
            throw Fatal.system("failure on lock file " + BaseDirectory.PID_FILE, e);
        }
    }

    /** Where it was started, for the time when it is executed again with the same words; -1 if that can't be entered. */
    private static int home(Kernel kernel) {
        try {
            int fd = kernel.open(".", Open.READ | Open.DIRECTORY, 0);
            if (fd > 2) return fd;
            int higher = kernel.duplicateFrom(fd, 3);
            kernel.close(fd);
            return higher;
        } catch (SysException unreadable) {
            return -1;
        }
    }

    /** Only a group that exists: a mistyped one would open the socket to nobody, or to a stranger later. */
    private static int group(String text, Kernel kernel) {
        boolean numeric = !text.isEmpty() && text.charAt(0) >= '0' && text.charAt(0) <= '9';
        if (!numeric) {
            int gid = Accounts.findGroup(kernel, text);
            if (gid == NO_GROUP) throw Fatal.usage("no group id found for option -g " + text);
            return gid;
        }
        long gid = Numbers.decimal(text, 0xfffffffeL);
        if (gid == Numbers.NONE) throw Fatal.usage("bad format for group id argument found for option -g: " + text);
        try {
            if (!kernel.hasGroup((int) gid)) throw Fatal.usage("no group id found for option -g " + text);
        } catch (SysException e) {
            throw Fatal.system("failure getgrgid() for option -g " + text, e);
        }
        return (int) gid;
    }

    /** Standard input from nowhere; no inherited descriptor reaches a service; a client that left is no signal. */
    private static void prepare(Kernel kernel) {
        try {
            int nothing = kernel.open("/dev/null", Open.READ, 0);
            kernel.duplicate(nothing, 0);
            if (nothing > 2) kernel.close(nothing);
            kernel.closeOnExecFrom(3);
            kernel.ignore(Signal.PIPE);
        } catch (SysException e) {
            throw Fatal.system("failure on open() for /dev/null", e);
        }
    }

    /** Makes .control, or what it points to, where that is missing; then works there. */
    private static void enterControl(Kernel kernel) {
        String control = BaseDirectory.CONTROL;
        try {
            kernel.makeDirectory(control, 0700);
        } catch (SysException e) {
            if (!e.is(Errno.EEXIST)) throw Fatal.system("failure mkdir() for " + control, e);
            makeTarget(kernel, control);
        }
        try {
            kernel.changeDirectory(control);
        } catch (SysException e) {
            throw Fatal.system("failure chdir() to " + control, e);
        }
    }

    private static void makeTarget(Kernel kernel, String link) {
        try {
            kernel.makeDirectory(kernel.readLink(link), 0700);
        } catch (SysException noLinkOrThere) {
            // Entering it will tell whether that matters.
        }
    }

    private static int listen(Kernel kernel, int gid) {
        String socket = BaseDirectory.SOCKET;
        try {
            kernel.unlink(socket);
        } catch (SysException none) {
            // Or it can't be removed: then binding fails, and says so.
        }
        int mask = kernel.umask(0077);
        try {
            int fd = kernel.listen(socket, BACKLOG);
            kernel.changeMode(socket, 0700);
            if (gid != NO_GROUP) {
                kernel.changeOwner(socket, -1, gid);
                kernel.changeMode(socket, 0770);
            }
            return fd;
        } catch (SysException e) {
            throw Fatal.system("failure binding control socket " + socket, e);
        } finally {
            kernel.umask(mask);
        }
    }

    /** perpd's own, without the variables that are different for each runscript. */
    private static List<String> environment(Chain chain, String base) {
        List<String> variables = new ArrayList<>();
        for (String variable : chain.environment().list()) {
            if (!variable.startsWith("PERP_SVPID=") && !variable.startsWith("PERP_SVSECS=")
                    && !variable.startsWith("PERP_BASE=") && !variable.startsWith(Handover.VARIABLE + "=")) {
                variables.add(variable);
            }
        }
        variables.add("PERP_BASE=" + base);
        return variables;
    }
}
