// SPDX-License-Identifier: Apache-2.0
package perpetua.supervise;

import java.util.HashMap;
import java.util.Map;
import perpetua.sys.Errno;
import perpetua.sys.Kernel;
import perpetua.sys.PollSet;
import perpetua.sys.ProcessStat;
import perpetua.sys.Reaped;
import perpetua.sys.Signal;
import perpetua.sys.SysException;

/**
 * The one thread of a supervisor: waits for signals, descriptors and the nearest deadline, and hands each
 * event to whom it concerns. It knows no rules. Nothing that it calls may block.
 */
public final class Loop {
    /** Told that a descriptor is ready. */
    public interface Ready {
        /** @param set asks {@link PollSet#isReady(int, int)} of that place */
        void ready(PollSet set, int place);
    }

    /** Told how a child ended. */
    public interface Ended {
        void ended(Reaped how);
    }

    /** Told of a signal. */
    public interface Arrived {
        void arrived(Signal signal);
    }

    /** A descriptor that is watched. */
    public static final class Watch {
        final int fd;
        final Ready whom;
        private final Watches all;
        int events;
        /** The round in which it was added: what is told there is not meant for it. */
        int since;
        /** Whether all others are told before it, and few like it in one round. */
        boolean patient;
        private boolean dropped;

        private Watch(Watches all, int fd, Ready whom) {
            this.all = all;
            this.fd = fd;
            this.whom = whom;
        }

        /** What to wait for from now on: a sum of the constants of {@link PollSet}, or 0 for nothing, not even an error. */
        public void events(int wanted) {
            if (dropped || wanted == events) return;
            int before = events;
            events = wanted;
            if (wanted == 0) all.remove(this);
            else if (before == 0) all.add(this);
            else all.change(this);
        }
    }

    /** How many that are due are run in a round, so that a thousand keep nobody waiting. */
    private static final int TIMERS = 16;

    private final Kernel kernel;
    private final Timers timers = new Timers();
    private final Watches watches;
    private final Children children;
    private final Map<Integer, Adopted> adopted = new HashMap<>();
    private final int signals;
    private final Arrived signalled;
    private boolean stopped;

    /**
     * @param signalled told of each of {@code which}
     * @param stranger told of a child that nobody awaits
     * @param which SIGCHLD need not be among them
     */
    public Loop(Kernel kernel, Arrived signalled, Ended stranger, Signal... which) throws SysException {
        this.kernel = kernel;
        this.watches = new Watches(kernel);
        this.children = new Children(kernel, this, stranger);
        this.signalled = signalled;
        Signal[] all = new Signal[which.length + 1];
        System.arraycopy(which, 0, all, 0, which.length);
        all[which.length] = Signal.CHLD;
        this.signals = kernel.signals(all);
        // Before anything else that has happened: what a signal asks for may make that void.
        Watch watch = new Watch(watches, signals, (set, place) -> takeSignals());
        watch.events = PollSet.IN;
        watches.poll(watch);
    }

    public long now() {
        return kernel.monotonicNanos();
    }

    /** A timer that is not set yet. */
    public Timers.Timer timer(Runnable due) {
        return new Timers.Timer(due);
    }

    /** @param nanos when, on the monotonic clock */
    public void set(Timers.Timer timer, long nanos) {
        timers.set(timer, nanos);
    }

    public void cancel(Timers.Timer timer) {
        timers.cancel(timer);
    }

    public Watch watch(int fd, int events, Ready whom) {
        Watch watch = new Watch(watches, fd, whom);
        watch.events(events);
        return watch;
    }

    /**
     * The same for one of many that have time: in a round all others are told first, and of these a few, so that a thousand that are
     * ready at once keep nobody waiting.
     */
    Watch watchPatiently(int fd, int events, Ready whom) {
        Watch watch = watch(fd, events, whom);
        watch.patient = true;
        return watch;
    }

    /** Nothing is told of it any more; the descriptor stays open, and must have been so far. */
    public void drop(Watch watch) {
        watch.events(0);
        watch.dropped = true;
    }

    public void await(int pid, Ended whom) {
        children.await(pid, whom);
    }

    /**
     * Awaits a process that is no child: its parent was a supervisor before this one. How it ended is told where the kernel
     * tells, else as {@link Reaped#unknown}. Where it can't be watched, it is looked at twice a second.
     *
     * @param identity when it started, as {@link ProcessStat#started}; 0 if that is not known
     * @throws SysException ESRCH if there is no such process
     */
    public void adopt(int pid, long identity, Ended whom) throws SysException {
        Adopted stranger = new Adopted(pid, identity, whom);
        stranger.open();
        adopted.put(pid, stranger);
    }

    /** Sends a signal to a process that is awaited. @param group to the whole group that it leads */
    public void kill(int pid, boolean group, int signal) throws SysException {
        Adopted stranger = adopted.get(pid);
        boolean watched = stranger != null && stranger.fd >= 0;
        try {
            // First by its descriptor: a pid alone could be another's by now.
            if (watched) kernel.signalProcess(stranger.fd, group ? 0 : signal);
            if (!watched || group) kernel.kill(group ? -pid : pid, signal);
        } catch (SysException e) {
            // Somebody else has collected it, and that is about to be told here.
            if (stranger == null || !e.is(Errno.ESRCH)) throw e;
        }
    }

    /** For tests: how many descriptors are open for processes that are no children. */
    public int watchedStrangers() {
        int count = 0;
        for (Adopted stranger : adopted.values()) {
            if (stranger.fd >= 0) count++;
        }
        return count;
    }

    /** For tests: how many children there may be before those that follow have descriptors of their own. */
    public void fewChildren(int most) {
        children.few(most);
    }

    /** For tests: how many children have descriptors of their own. */
    public int watchedChildren() {
        return children.watchedCount();
    }

    /** How many processes are awaited, children or not. */
    public int childCount() {
        return children.count() + adopted.size();
    }

    /** Collects the children that have ended, though no signal told of it: those that an earlier program had. */
    public void collectEnded() {
        children.collectAny();
    }

    /** A process that is no child. */
    private final class Adopted {
        private static final long POLL_NANOS = 500_000_000;
        private static final long FIRST_LOOK_NANOS = 1_000_000;
        private static final int LOOKS = 8;

        private final int pid;
        private final long identity;
        private final Ended whom;
        private final Timers.Timer again = timer(this::look);
        private int fd = -1;
        private Watch watch;
        private int looks;

        Adopted(int pid, long identity, Ended whom) {
            this.pid = pid;
            this.identity = identity;
            this.whom = whom;
        }

        /** @throws SysException ESRCH if it is gone */
        void open() throws SysException {
            try {
                fd = kernel.openProcess(pid);
            } catch (SysException e) {
                if (e.is(Errno.ESRCH)) throw e;
                // An older kernel, or no descriptors left.
                set(again, now() + POLL_NANOS);
                return;
            }
            watch = watch(fd, PollSet.IN, (ready, place) -> look());
        }

        private void look() {
            if (fd < 0) {
                try {
                    // The identity after the descriptor: then they are of the same process.
                    open();
                    if (identity == 0 || kernel.processStat(pid).started() == identity) return;
                } catch (SysException e) {
                    if (!e.is(Errno.ESRCH) && !e.is(Errno.ENOENT)) return;
                }
                over(null);
                return;
            }
            Reaped how = kernel.endOf(fd, pid);
            // Its parent, whoever that is, may not have collected it yet, and before that nothing is told.
            if (how == null && looks < LOOKS) {
                watch.events(0);
                set(again, now() + (FIRST_LOOK_NANOS << looks++));
                return;
            }
            over(how);
        }

        private void over(Reaped how) {
            cancel(again);
            adopted.remove(pid);
            if (fd >= 0) {
                drop(watch);
                kernel.closeQuietly(fd);
            }
            whom.ended(how == null ? Reaped.unknown(pid) : how);
        }
    }

    /** Ends {@link #run} after what is being done now. */
    public void stop() {
        stopped = true;
    }

    public boolean isStopped() {
        return stopped;
    }

    /** Works until {@link #stop}. @param settled called after each round, to say and save what has changed */
    public void run(Runnable settled) {
        while (!stopped) {
            settled.run();
            step();
        }
        settled.run();
    }

    /** One round: waits, then hands on all that has happened. */
    public void step() {
        long next = timers.next();
        watches.round(next < 0 ? -1 : Math.max(0, next - kernel.monotonicNanos()));
        long now = kernel.monotonicNanos();
        // Those that are left are due in the next round, which does not wait.
        for (int i = 0; i < TIMERS && timers.runDue(now); i++) ;
    }

    private void takeSignals() {
        try {
            for (int number; (number = kernel.nextSignal(signals)) > 0; ) {
                if (number == Signal.CHLD.number()) {
                    children.signalled(kernel.signalledChild());
                } else {
                    for (Signal signal : Signal.values()) {
                        if (signal.number() == number) signalled.arrived(signal);
                    }
                }
            }
        } catch (SysException e) {
            // A descriptor of ours that can't be read any more: children must be collected all the same.
            children.collectAny();
        }
    }
}
