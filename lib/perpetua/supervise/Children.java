// SPDX-License-Identifier: Apache-2.0
package perpetua.supervise;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import perpetua.sys.Errno;
import perpetua.sys.Kernel;
import perpetua.sys.PollSet;
import perpetua.sys.Reaped;
import perpetua.sys.Resource;
import perpetua.sys.SysException;

/**
 * The children that are awaited. SIGCHLD may stand for many ends and names one of them, so that all children would have to be
 * looked at for each end, which wait(2) for any child does too. Where there are more than a few, each has a descriptor
 * of its own to be known by (pidfd_open(2)): then an end costs the same among ten and among ten thousand.
 */
final class Children {
    /** So many are looked at sooner than descriptors of them are opened. */
    private static final int FEW = 32;
    /** How many descriptors are left for others, at most and as a part of all. */
    private static final int RESERVE = 128;
    private static final int RESERVE_PART = 4;
    /** How many are given back where there are no more than that: as many as a service takes. */
    private static final int RELIEF = 4;
    /** How soon after an end it is looked for orphans of which no signal told. */
    private static final long ORPHANS_NANOS = 1_000_000_000L;

    private final Kernel kernel;
    private final Loop loop;
    private final Loop.Ended stranger;
    /** The number from which on descriptors are left for others, and that from which on those have become scarce. */
    private int usable;
    private int scarce;
    private final Timers.Timer again;
    private final Map<Integer, Child> all = new HashMap<>();
    private final List<Child> watched = new ArrayList<>();
    private final List<Child> unwatched = new ArrayList<>();
    private int few = FEW;
    private boolean hasStrangers;

    /** @param stranger told of one that nobody awaits */
    Children(Kernel kernel, Loop loop, Loop.Ended stranger) {
        this.kernel = kernel;
        this.loop = loop;
        this.stranger = stranger;
        limit();
        this.again = loop.timer(this::collectAny);
        // Process 1 is given the orphans of all the others.
        this.hasStrangers = kernel.pid() == 1;
    }

    private void limit() {
        try {
            long soft = kernel.limit(Resource.NOFILE).soft();
            int most = soft < 0 || soft > Integer.MAX_VALUE ? Integer.MAX_VALUE : (int) soft;
            int reserve = Math.min(RESERVE, most / RESERVE_PART);
            usable = most - reserve;
            scarce = most - reserve / 2;
        } catch (SysException unknown) {
            // Then none is taken.
        }
    }

    /** One that is awaited, in one of the two lists. */
    private final class Child implements Loop.Ready {
        final int pid;
        final Loop.Ended whom;
        /** In its list. */
        int place;
        /** Of the descriptor it is known by, if there is one. */
        Loop.Watch watch;

        Child(int pid, Loop.Ended whom) {
            this.pid = pid;
            this.whom = whom;
        }

        @Override
        public void ready(PollSet set, int where) {
            // Whoever traces it comes first. Then SIGCHLD tells.
            if (!collect(pid)) unwatch(this);
        }
    }

    void await(int pid, Loop.Ended whom) {
        Child child = new Child(pid, whom);
        all.put(pid, child);
        enter(unwatched, child);
        if (all.size() > few) watch(child);
    }

    void few(int most) {
        few = most;
    }

    int watchedCount() {
        return watched.size();
    }

    int count() {
        return all.size();
    }

    private void watch(Child child) {
        int fd;
        try {
            fd = kernel.openProcess(child.pid);
        } catch (SysException e) {
            // Before Linux 5.3; or there are no descriptors left, which others need more.
            if (e.is(Errno.EMFILE) || e.is(Errno.ENFILE)) relieve();
            return;
        }
        if (fd >= usable) {
            kernel.closeQuietly(fd);
            if (fd >= scarce) relieve();
            return;
        }
        leave(unwatched, child);
        enter(watched, child);
        child.watch = loop.watchPatiently(fd, PollSet.IN, child);
    }

    private void unwatch(Child child) {
        release(child);
        enter(unwatched, child);
    }

    private void release(Child child) {
        leave(watched, child);
        loop.drop(child.watch);
        kernel.closeQuietly(child.watch.fd);
        child.watch = null;
    }

    private void relieve() {
        for (int i = 0; i < RELIEF && !watched.isEmpty(); i++) unwatch(watched.get(watched.size() - 1));
        // One of them may have ended, and its signal been taken as told by the descriptor too.
        loop.set(again, loop.now());
    }

    private static void enter(List<Child> list, Child child) {
        child.place = list.size();
        list.add(child);
    }

    private static void leave(List<Child> list, Child child) {
        Child last = list.remove(list.size() - 1);
        if (last == child) return;
        list.set(child.place, last);
        last.place = child.place;
    }

    /** SIGCHLD has arrived. @param pid of whom it tells, 0 if that is not known */
    void signalled(int pid) {
        if (watched.isEmpty() || pid == 0) {
            collectAny();
            return;
        }
        if (!all.containsKey(pid) && collect(pid)) {
            hasStrangers = true;
            collectAny();
        } else if (hasStrangers && !again.isSet()) {
            loop.set(again, loop.now() + ORPHANS_NANOS);
        }
        // From the end, where those are entered that are started meanwhile.
        for (int i = unwatched.size() - 1; i >= 0; i--) {
            if (i < unwatched.size()) collect(unwatched.get(i).pid);
        }
    }

    /** Collects whoever has ended. */
    void collectAny() {
        try {
            for (Reaped how; (how = kernel.reap()) != null; ) ended(how);
        } catch (SysException none) {
            // No children: the signal was for one that has been collected already.
        }
    }

    /** @return whether it had ended */
    private boolean collect(int pid) {
        try {
            Reaped how = kernel.reap(pid);
            if (how != null) ended(how);
            return how != null;
        } catch (SysException impossible) {
            return false;
        }
    }

    private void ended(Reaped how) {
        Child child = all.remove(how.pid());
        if (child == null) {
            stranger.ended(how);
            return;
        }
        if (child.watch != null) release(child);
        else leave(unwatched, child);
        child.whom.ended(how);
    }
}
