// SPDX-License-Identifier: Apache-2.0
package tools.perpd;

import java.util.ArrayList;
import java.util.List;
import perpetua.act.Accounts;
import perpetua.act.ListeningSocket;
import perpetua.act.Seclusion;
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
import perpetua.sys.SysException;

/** perpd: start, watch and restart the services of a base directory. */
public final class Perpd {
    static final Usage USAGE = Usage.of("perpd", "1a:g:k:S:", "[-hV] [-a secs] [-g gid] [basedir]")
            .voice(Voice.DAEMON).withoutColon();
    public static final Tool TOOL = Tool.of(USAGE, Perpd::run);

    private static final int BACKLOG = 128;
    private static final int NO_GROUP = -1;
    /** Where process 1 tells of orphans. */
    private static final int ANNOUNCEMENTS = 3;
    private static final String BEAT_FD = "ONEIT_HEARTBEAT_FD";
    private static final String BEAT_SECONDS = "ONEIT_HEARTBEAT_SECONDS";

    static int run(Args args, Kernel kernel, Chain chain) {
        long scanEvery = seconds(args, 'a', 0);
        long endWithin = seconds(args, 'k', -1);
        int gid = args.has('g') ? group(args.value('g'), kernel) : NO_GROUP;
        String base = BaseDirectory.of(args.operand(), chain.environment(), BaseDirectory.STANDARD);
        if (base.charAt(0) != '/') {
            throw Fatal.usage("base directory not defined as absolute path: " + base);
        }
        String state = args.value('S', StateDirectory.parent(kernel));
        if (state.isEmpty() || state.charAt(0) != '/') {
            throw Fatal.usage("state directory not defined as absolute path: " + state);
        }
        // Before anything that is opened here could have these numbers.
        boolean announced = isPipe(kernel, ANNOUNCEMENTS);
        boolean second = args.has('1') || announced && kernel.parentPid() == 1;
        int[] pipes = {second && announced ? ANNOUNCEMENTS : -1, second ? beatFd(kernel) : -1};
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
            Supervisor supervisor = new Supervisor(kernel, base, args.program(), socket, environment(chain, base), scanEvery)
                    .endWithin(endWithin)
                    .keepState(state, handover != null)
                    .succeededBy(() -> Handover.give(args, kernel, chain, home, lock.descriptor(), socket, pipes));
            if (second) supervisor.second(pipes[0], pipes[1], beatNanos(kernel));
            supervisor.run();
        } catch (SysException e) {
            throw Fatal.system("failure signalfd() for signals", e);
        }
        return 0;
    }

    private static boolean isPipe(Kernel kernel, int fd) {
        try {
            return kernel.stat(fd).isFifo();
        } catch (SysException closed) {
            return false;
        }
    }

    /** @return -1 if process 1 wants no signs of life */
    private static int beatFd(Kernel kernel) {
        String number = kernel.variable(BEAT_FD);
        long fd = number == null || number.isEmpty() ? Numbers.NONE : Numbers.decimal(number, Integer.MAX_VALUE);
        return fd > 2 && isPipe(kernel, (int) fd) ? (int) fd : -1;
    }

    /** Twice as often as it is wanted; every half second if that is not said. */
    private static long beatNanos(Kernel kernel) {
        String number = kernel.variable(BEAT_SECONDS);
        long seconds = number == null ? Numbers.NONE : Numbers.decimal(number, 1_000_000);
        return Math.max(1, seconds) * 500_000_000L;
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

    private static long seconds(Args args, char option, long otherwise) {
        if (!args.has(option)) return otherwise;
        long seconds = Numbers.decimal(args.value(option), 0xffffffffL);
        if (seconds == Numbers.NONE) {
            throw Fatal.usage("non-numeric argument found for option -" + option + ": " + args.value(option));
        }
        return seconds;
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

    private static void prepare(Kernel kernel) {
        try {
            Seclusion.begin(kernel);
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
            return ListeningSocket.reopen(kernel, socket, BACKLOG, 0700, gid);
        } catch (SysException e) {
            throw Fatal.system("failure bind() on socket " + socket, e);
        }
    }

    /** perpd's own, without the variables that are different for each runscript. */
    private static List<String> environment(Chain chain, String base) {
        List<String> variables = new ArrayList<>();
        for (String variable : chain.environment().list()) {
            if (!variable.startsWith("PERP_SVPID=") && !variable.startsWith("PERP_SVSECS=")
                    && !variable.startsWith("PERP_BASE=") && !variable.startsWith(Handover.VARIABLE + "=")
                    && !variable.startsWith(BEAT_FD + "=") && !variable.startsWith(BEAT_SECONDS + "=")) {
                variables.add(variable);
            }
        }
        variables.add("PERP_BASE=" + base);
        return variables;
    }
}
