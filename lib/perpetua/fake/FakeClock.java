// SPDX-License-Identifier: Apache-2.0
package perpetua.fake;

import java.util.PriorityQueue;

/** Time that passes only when told to, and what is to happen at moments of it. */
final class FakeClock {
    private record Appointment(long at, long order, Runnable event) implements Comparable<Appointment> {
        @Override
        public int compareTo(Appointment other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final PriorityQueue<Appointment> appointments = new PriorityQueue<>();
    private long made;
    // Neither begins at 0, so that a clock taken for the other, or for a span, is found out.
    private long monotonic = 5_000_000_000_000L;
    private long ahead = 1_700_000_000_000_000_000L - monotonic;

    long monotonic() {
        return monotonic;
    }

    long realtime() {
        return monotonic + ahead;
    }

    void step(long nanos) {
        ahead += nanos;
    }

    void after(long nanos, Runnable event) {
        appointments.add(new Appointment(monotonic + nanos, made++, event));
    }

    void advance(long nanos) {
        long until = monotonic + nanos;
        while (toNext(until)) {
            // What is due on the way happens at its own moment.
        }
        monotonic = until;
    }

    /** Moves to the next appointment, if it is not after that moment, and lets it happen. @return whether one did */
    boolean toNext(long until) {
        Appointment next = appointments.peek();
        if (next == null || next.at > until) return false;
        appointments.poll();
        monotonic = Math.max(monotonic, next.at);
        next.event.run();
        return true;
    }
}
