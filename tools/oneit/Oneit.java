// SPDX-License-Identifier: Apache-2.0
package tools.oneit;

import java.util.ArrayList;
import java.util.List;
import perpetua.chain.Chain;
import perpetua.cli.Args;
import perpetua.cli.Fatal;
import perpetua.cli.Numbers;
import perpetua.cli.Tool;
import perpetua.cli.Usage;
import perpetua.supervise.Announcements;
import perpetua.supervise.Heartbeat;
import perpetua.supervise.Loop;
import perpetua.supervise.Timers;
import perpetua.sys.Errno;
import perpetua.sys.Kernel;
import perpetua.sys.PollSet;
import perpetua.sys.Reaped;
import perpetua.sys.Reboot;
import perpetua.sys.Signal;
import perpetua.sys.Spawn;
import perpetua.sys.StandardStreams;
import perpetua.sys.SysException;

/**
 * oneit: run one program as a whole system, and do one thing when it ends.
 *
 * <p>It reads no configuration, knows no service and waits for nobody. Where it is not process 1 it never ends the
 * machine, and signals nobody but its own child.
 */
public final class Oneit {
    static final Usage USAGE = Usage.of("oneit", "3c:eg:H:k:nprs:",
            "[-hV] [-3] [-e | -n | -p | -r] [-c console] [-g secs] [-H secs] [-k fd] [-s from:to] program [args ...]").own();
    public static final Tool TOOL = Tool.of(USAGE, Oneit::run);

    private static final long SECOND = 1_000_000_000L;
    /** Between two launches; and after one that failed. */
    private static final long THROTTLE = SECOND;
    private static final long AFTER_FAILURE = 5 * SECOND;
    private static final long MOST_SECONDS = 1_000_000;

    private static final int INIT = 1;
    private static final int EVERYBODY = -1;
    private static final int NOT_FOUND = 127;
    private static final int KILLED = 128;
    private static final int ANNOUNCEMENTS = 3;
    private static final int LEAST_FD = 3;
    private static final int MOST_FD = 0x7fffffff;
    private static final String HEARTBEAT_FD = "ONEIT_HEARTBEAT_FD";
    private static final String HEARTBEAT_SECONDS = "ONEIT_HEARTBEAT_SECONDS";
    private static final Signal[] ORDERS = {Signal.TERM, Signal.INT, Signal.USR1, Signal.USR2};
    private static final Signal[] FORWARDED = {
        Signal.TERM, Signal.INT, Signal.HUP, Signal.QUIT, Signal.USR1, Signal.USR2, Signal.WINCH,
    };

    private final Args args;
    private final Kernel kernel;
    private final Chain chain;
    private final List<String> program;
    private final boolean isInit;
    private final boolean exits;
    private final boolean relaunches;
    private final long grace;
    private final Loop loop;
    private final Console console;
    private final Announcements announcements;
    private final Heartbeat heartbeat;
    private int[] beats;
    /** From and to, in pairs. */
    private final List<Signal> rewritten = new ArrayList<>();

    private final Timers.Timer launch;
    private final Timers.Timer beatDue;
    private final Timers.Timer graceOver;
    private int pid;
    private long launched;
    private int status;
    /** How it is to end, once that is decided. */
    private Reboot end;
    /** Whom the round of SIGTERM before the end concerns; 0 for nobody. */
    private int terminated;
    /** Whether that has been begun. */
    private boolean acted;

    static int run(Args args, Kernel kernel, Chain chain) {
        boolean relaunches = args.has('n') || args.has('r');
        String again = args.has('n') ? "-n" : "-r";
        if (args.has('p') && relaunches) throw Fatal.usage("options -p and " + again + " are mutually exclusive");
        if (args.has('e') && (args.has('p') || relaunches)) {
            throw Fatal.usage("options -e and " + (relaunches ? again : "-p") + " are mutually exclusive");
        }
        if (args.has('s') && !args.has('e')) throw Fatal.usage("option -s needs option -e");
        long grace = number(args, 'g', 0, MOST_SECONDS);
        long period = number(args, 'H', 1, MOST_SECONDS);
        List<String> program = args.program("missing required program argument");
        if (kernel.pid() == INIT && !kernel.mayBeInit()) {
            throw Fatal.of("a JVM can't be process 1: take the native edition");
        }
        try {
            Oneit oneit = new Oneit(args, kernel, chain, program, grace, period);
            oneit.launch();
            oneit.loop.run(() -> { });
            return oneit.status;
        } catch (SysException e) {
            throw Fatal.system("failure setting up", e);
        }
    }

    /** @return in seconds or whatever it counts, 0 if the option was not given */
    private static long number(Args args, char letter, long least, long most) {
        String text = args.value(letter);
        if (text == null) return 0;
        long number = text.isEmpty() ? Numbers.NONE : Numbers.decimal(text, most);
        if (number < least) throw Fatal.usage("bad numeric argument for option -" + letter + ": " + text);
        return number;
    }

    private Oneit(Args args, Kernel kernel, Chain chain, List<String> program, long grace, long period)
            throws SysException {
        this.args = args;
        this.kernel = kernel;
        this.chain = chain;
        this.program = program;
        this.isInit = kernel.pid() == INIT;
        this.exits = args.has('e');
        this.relaunches = args.has('n') || args.has('r');
        this.grace = grace * SECOND;
        // In a container, or under somebody else, the standard streams are what they were meant to be.
        boolean onConsole = args.has('c') || isInit && !exits;
        this.console = onConsole ? new Console(kernel, args.value('c')) : null;
        StandardStreams.fill(kernel);
        kernel.ignore(Signal.PIPE);
        keepDescriptors();
        this.loop = new Loop(kernel, this::arrived, this::orphanEnded, caught());
        this.announcements = args.has('3') ? new Announcements(kernel, loop) : null;
        this.launch = loop.timer(this::launch);
        this.beatDue = loop.timer(this::beatDue);
        this.graceOver = loop.timer(this::graceOver);
        this.heartbeat = period == 0 ? null : new Heartbeat(period * SECOND);
        if (heartbeat != null) listen();
    }

    /** No descriptor reaches the program but those that were named. */
    private void keepDescriptors() throws SysException {
        kernel.closeOnExecFrom(LEAST_FD);
        for (int i = 0; i < args.options(); i++) {
            if (args.letter(i) != 'k') continue;
            long fd = args.value(i).isEmpty() ? Numbers.NONE : Numbers.decimal(args.value(i), MOST_FD);
            if (fd == Numbers.NONE) throw Fatal.usage("bad numeric argument for option -k: " + args.value(i));
            if (fd == ANNOUNCEMENTS && args.has('3')) throw Fatal.usage("options -3 and -k 3 are mutually exclusive");
            try {
                if (fd >= LEAST_FD) kernel.closeOnExec((int) fd, false);
            } catch (SysException e) {
                complain("warning", "unable to keep descriptor " + fd + ": " + e.getMessage());
            }
        }
    }

    private Signal[] caught() {
        List<Signal> signals = new ArrayList<>(List.of(exits ? FORWARDED : ORDERS));
        for (int i = 0; i < args.options(); i++) {
            if (args.letter(i) != 's') continue;
            String pair = args.value(i);
            int colon = pair.indexOf(':');
            Signal from = colon < 0 ? null : Signal.of(pair.substring(0, colon));
            Signal to = colon < 0 ? null : Signal.of(pair.substring(colon + 1));
            if (from == null || to == null || from == Signal.KILL || from == Signal.STOP || from == Signal.CHLD) {
                throw Fatal.usage("bad argument for option -s: " + pair);
            }
            rewritten.add(from);
            rewritten.add(to);
            if (!signals.contains(from)) signals.add(from);
        }
        return signals.toArray(new Signal[0]);
    }

    /** The program gets the other end under a number that it is told in its environment. */
    private void listen() throws SysException {
        int[] pipe = kernel.pipe();
        beats = new int[] {pipe[0], kernel.duplicateFrom(pipe[1], ANNOUNCEMENTS + 1)};
        kernel.close(pipe[1]);
        kernel.nonBlocking(beats[0], true);
        loop.watch(beats[0], PollSet.IN, (set, place) -> {
            if (takeBeats() && pid > 0) heartbeat.beat(loop.now());
            setBeatTimer();
        });
        // Nobody who gives too many signs shall wait.
        kernel.nonBlocking(beats[1], true);
        chain.environment().set(HEARTBEAT_FD, String.valueOf(beats[1]));
        chain.environment().set(HEARTBEAT_SECONDS, args.value('H'));
    }

    private void complain(String kind, String sentence) {
        if (console == null) args.complain(kind, sentence);
        else console.say(args.program() + ": " + kind + ": " + sentence);
    }

    // ---- the program ---------------------------------------------------------------------------------------

    private void launch() {
        launched = loop.now();
        int fd = console == null ? -1 : console.open();
        try {
            if (heartbeat != null) {
                // What the last one has written is no sign of this one.
                while (takeBeats()) ;
                heartbeat.reset();
            }
            pid = chain.spawn(program, child -> settle(child, fd));
            loop.await(pid, this::ended);
        } catch (SysException e) {
            complain("fatal", "unable to run " + program.get(0) + ": " + e.getMessage());
            status = e.is(Errno.ENOENT) ? NOT_FOUND : Fatal.FAILURE;
            // Time to read that, and for what is missing to come.
            if (relaunches) loop.set(launch, launched + AFTER_FAILURE);
            else if (isInit && !exits) loop.set(loop.timer(this::endAsPromised), launched + AFTER_FAILURE);
            else loop.stop();
        } finally {
            kernel.closeQuietly(fd);
        }
    }

    private void settle(Spawn child, int fd) {
        child.newSession();
        for (Signal signal : Signal.values()) {
            if (signal != Signal.KILL && signal != Signal.STOP) child.defaults(signal);
        }
        if (fd >= 0) child.descriptor(0, fd).descriptor(1, fd).descriptor(2, fd);
        if (fd >= 0 && kernel.isTerminal(fd)) child.controllingTerminal();
        if (announcements != null) child.descriptor(ANNOUNCEMENTS, announcements.reader());
        if (beats != null) child.descriptor(beats[1], beats[1]);
    }

    private void ended(Reaped how) {
        pid = 0;
        status = how.signal() > 0 ? KILLED + how.signal() : how.status();
        boolean frozen = heartbeat != null && heartbeat.hasMissed() && !exits;
        if (heartbeat != null) heartbeat.reset();
        loop.cancel(beatDue);
        if (end != null) lookWhoIsLeft();
        else if (relaunches || frozen) loop.set(launch, Math.max(loop.now(), launched + THROTTLE));
        else endAsPromised();
    }

    private void orphanEnded(Reaped how) {
        if (announcements != null) announcements.announce(how.pid());
        lookWhoIsLeft();
    }

    // ---- signs of life --------------------------------------------------------------------------------------

    /** @return whether there were any */
    private boolean takeBeats() {
        try {
            return kernel.read(beats[0], new byte[64], 0, 64) > 0;
        } catch (SysException none) {
            return false;
        }
    }

    private void setBeatTimer() {
        if (heartbeat.deadline() >= 0) loop.set(beatDue, heartbeat.deadline());
        else loop.cancel(beatDue);
    }

    private void beatDue() {
        if (pid == 0) return;
        switch (heartbeat.due(loop.now())) {
            case ABORT -> {
                complain("warning", program.get(0) + " gives no sign of life: aborting pid " + pid);
                kill(pid, Signal.ABRT);
            }
            case KILL -> kill(pid, Signal.KILL);
            case NOTHING -> { }
        }
        setBeatTimer();
    }

    private void kill(int whom, Signal signal) {
        try {
            kernel.kill(whom, signal.number());
        } catch (SysException e) {
            // Gone, or not ours to signal.
        }
    }

    // ---- the end --------------------------------------------------------------------------------------------

    private void arrived(Signal signal) {
        if (exits) {
            forward(signal);
        } else if (end == null) {
            if (pid > 0) status = KILLED + signal.number();
            end(switch (signal) {
                case USR1 -> Reboot.HALT;
                case USR2 -> Reboot.POWER_OFF;
                default -> Reboot.RESTART;
            });
        }
    }

    private void forward(Signal signal) {
        Signal to = signal;
        for (int i = 0; i < rewritten.size(); i += 2) {
            if (rewritten.get(i) == signal) to = rewritten.get(i + 1);
        }
        if (pid > 0) kill(pid, to);
    }

    private void endAsPromised() {
        if (end == null) end(args.has('p') ? Reboot.POWER_OFF : Reboot.RESTART);
    }

    private void end(Reboot how) {
        end = how;
        loop.cancel(launch);
        loop.cancel(beatDue);
        // Elsewhere than in process 1, everybody would be the whole machine.
        terminated = grace == 0 ? 0 : isInit ? EVERYBODY : pid > INIT ? -pid : 0;
        if (terminated != 0) {
            kill(terminated, Signal.TERM);
            kill(terminated, Signal.CONT);
            loop.set(graceOver, loop.now() + grace);
        }
        lookWhoIsLeft();
    }

    /** The round of SIGTERM is over as soon as nobody is left. */
    private void lookWhoIsLeft() {
        if (end == null || acted) return;
        if (terminated != 0) {
            try {
                kernel.kill(terminated, 0);
                return;
            } catch (SysException e) {
                if (!e.is(Errno.ESRCH)) return;
            }
        }
        act();
    }

    private void graceOver() {
        kill(terminated, Signal.KILL);
        act();
    }

    private void act() {
        acted = true;
        loop.cancel(graceOver);
        if (!isInit || exits) {
            loop.stop();
            return;
        }
        try {
            loop.await(kernel.reboot(end), this::answered);
        } catch (SysException e) {
            refused(e);
        }
    }

    /** A call that succeeded has ended everything, or soon will: there is nothing left to do but to wait for it. */
    private void answered(Reaped how) {
        if (how.signal() == 0 && how.status() == 0) return;
        refused(new SysException(how.signal() > 0 ? Errno.ENOSYS.number() : how.status()));
    }

    private void refused(SysException e) {
        String what = end == Reboot.HALT ? "halt" : end == Reboot.POWER_OFF ? "power off" : "restart";
        complain("fatal", "unable to " + what + ": " + e.getMessage());
        loop.stop();
    }
}
