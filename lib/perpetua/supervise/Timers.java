// SPDX-License-Identifier: Apache-2.0
package perpetua.supervise;

/**
 * What is due when: a heap in which every timer knows its place, so that setting one anew and taking one out cost the
 * logarithm of their number. Equal times come in the order in which they were set.
 */
public final class Timers {
    /** A thing to do at a time; of one loop, set or not set. */
    public static final class Timer {
        private final Runnable due;
        private long nanos;
        private long order;
        private int place = -1;

        Timer(Runnable due) {
            this.due = due;
        }

        public boolean isSet() {
            return place >= 0;
        }

        /** When it is due, on the monotonic clock; of no meaning while it is not set. */
        public long nanos() {
            return nanos;
        }

        private boolean isBefore(Timer other) {
            return nanos < other.nanos || nanos == other.nanos && order < other.order;
        }
    }

    private Timer[] heap = new Timer[16];
    private int size;
    private long orders;

    public int size() {
        return size;
    }

    /** Sets it to that time, whether it was set or not. */
    public void set(Timer timer, long nanos) {
        cancel(timer);
        timer.nanos = nanos;
        timer.order = orders++;
        if (size == heap.length) {
            Timer[] larger = new Timer[2 * size];
            System.arraycopy(heap, 0, larger, 0, size);
            heap = larger;
        }
        up(timer, size++);
    }

    public void cancel(Timer timer) {
        int place = timer.place;
        if (place < 0) return;
        timer.place = -1;
        Timer last = heap[--size];
        heap[size] = null;
        if (last == timer) return;
        if (place > 0 && last.isBefore(heap[(place - 1) / 2])) up(last, place);
        else down(last, place);
    }

    /** @return when the earliest is due, or -1 if none is set */
    public long next() {
        return size == 0 ? -1 : heap[0].nanos;
    }

    /** Takes out the earliest one that is due by then and does it. @return whether there was one */
    public boolean runDue(long now) {
        if (size == 0 || heap[0].nanos > now) return false;
        Timer timer = heap[0];
        cancel(timer);
        timer.due.run();
        return true;
    }

    private void up(Timer timer, int place) {
        while (place > 0 && timer.isBefore(heap[(place - 1) / 2])) {
            put(heap[(place - 1) / 2], place);
            place = (place - 1) / 2;
        }
        put(timer, place);
    }

    private void down(Timer timer, int place) {
        for (;;) {
            int child = 2 * place + 1;
            if (child >= size) break;
            if (child + 1 < size && heap[child + 1].isBefore(heap[child])) child++;
            if (!heap[child].isBefore(timer)) break;
            put(heap[child], place);
            place = child;
        }
        put(timer, place);
    }

    private void put(Timer timer, int place) {
        heap[place] = timer;
        timer.place = place;
    }
}
