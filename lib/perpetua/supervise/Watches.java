// SPDX-License-Identifier: Apache-2.0
package perpetua.supervise;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import perpetua.sys.Kernel;
import perpetua.sys.PollSet;
import perpetua.sys.SysException;

/**
 * The descriptors that a loop waits for. They stand in an epoll, so that a round costs as much as has happened, however many
 * there are; the few that the kernel refuses to have there are polled.
 */
final class Watches {
    /** How many that are ready are told of in one round. The others are in the next. */
    private static final int ROUND = 256;
    /** How many of the patient ones of a round are: so nobody else waits for more than these. */
    private static final int PATIENT = 16;

    private final Kernel kernel;
    private final PollSet set = new PollSet();
    private PollSet ready;
    private final List<Loop.Watch> polled = new ArrayList<>();
    private Loop.Watch[] standing = new Loop.Watch[0];
    private int epoll = -1;
    private int rounds;

    Watches(Kernel kernel) {
        this.kernel = kernel;
    }

    /** From now on, and told of before all that stand in the epoll. */
    void poll(Loop.Watch watch) {
        watch.since = rounds;
        polled.add(watch);
    }

    /** From now on. @return whether it stands in the epoll */
    boolean add(Loop.Watch watch) {
        watch.since = rounds;
        try {
            if (epoll < 0) {
                epoll = kernel.epoll();
                ready = new PollSet(ROUND);
            }
            kernel.epollAdd(epoll, watch.fd, watch.events);
        } catch (SysException e) {
            // A regular file is always ready and may not stand there; and there may be no memory, or no descriptor for the epoll.
            polled.add(watch);
            return false;
        }
        if (watch.fd >= standing.length) standing = Arrays.copyOf(standing, Math.max(watch.fd + 1, 2 * standing.length));
        standing[watch.fd] = watch;
        return true;
    }

    void change(Loop.Watch watch) {
        if (!stands(watch)) return;
        try {
            kernel.epollChange(epoll, watch.fd, watch.events);
        } catch (SysException e) {
            remove(watch);
            poll(watch);
        }
    }

    void remove(Loop.Watch watch) {
        if (!stands(watch)) {
            polled.remove(watch);
            return;
        }
        standing[watch.fd] = null;
        try {
            kernel.epollRemove(epoll, watch.fd);
        } catch (SysException closed) {
            // And so it stands there no more.
        }
    }

    private boolean stands(Loop.Watch watch) {
        return watch.fd < standing.length && standing[watch.fd] == watch;
    }

    /** Waits until one of them is ready or the time is over, and tells whom it concerns. @param nanos negative: without end */
    void round(long nanos) {
        rounds++;
        // As they are now: more may come and some may go while they are told.
        Loop.Watch[] asked = new Loop.Watch[polled.size()];
        set.clear();
        for (int i = 0; i < asked.length; i++) {
            asked[i] = polled.get(i);
            set.add(asked[i].fd, asked[i].events);
        }
        if (epoll >= 0) set.add(epoll, PollSet.IN);
        try {
            if (kernel.poll(set, nanos) <= 0) return;
        } catch (SysException e) {
            // No memory for the call itself: nothing is lost by trying again, and a timer must not be missed.
            return;
        }
        for (int i = 0; i < asked.length; i++) {
            if (set.isReady(i) && asked[i].events != 0) asked[i].whom.ready(set, i);
        }
        if (asked.length < set.size() && set.isReady(asked.length)) tellStanding();
    }

    private void tellStanding() {
        int count;
        try {
            count = kernel.epollReady(epoll, ready);
        } catch (SysException e) {
            return;
        }
        for (int i = 0; i < count; i++) tell(i, false);
        int told = 0;
        for (int i = 0; i < count && told < PATIENT; i++) {
            if (tell(i, true)) told++;
        }
    }

    /** @return whether it was one of those, and was told */
    private boolean tell(int place, boolean patient) {
        Loop.Watch watch = standing[ready.fd(place)];
        // A descriptor may have been closed since, and its number given to another: what is ready is not that one.
        if (watch == null || watch.since == rounds || watch.patient != patient) return false;
        int events = ready.ready(place) & watch.events;
        ready.setReady(place, events);
        if (events != 0) watch.whom.ready(ready, place);
        return true;
    }
}
