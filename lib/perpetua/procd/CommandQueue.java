// SPDX-License-Identifier: Apache-2.0
package perpetua.procd;

import java.util.ArrayList;
import java.util.List;

/**
 * What triggers have asked to be run (spec/procd.md section 4.4): each after its delay, one after the other. The same command
 * once more is no second entry: while it waits, it waits longer; once its turn has come, it is run again right after.
 * It is told the time, and has no kernel.
 */
final class CommandQueue {
    private static final class Entry {
        final List<String> command;
        /** When its delay is over; of no meaning in the queue. */
        long until;
        boolean again;

        Entry(List<String> command) {
            this.command = command;
        }
    }

    /** More of them are refused: an event that never ends must not fill the memory. */
    private static final int MOST = 1000;

    private final List<Entry> waiting = new ArrayList<>();
    private final List<Entry> queue = new ArrayList<>();
    private boolean isRunning;

    /** @param nanos the delay @return whether it was taken */
    boolean add(List<String> command, long now, long nanos) {
        for (Entry entry : queue) {
            if (entry.command.equals(command)) {
                entry.again = true;
                return true;
            }
        }
        for (Entry entry : waiting) {
            if (entry.command.equals(command)) {
                entry.until = Math.max(entry.until, now + nanos);
                return true;
            }
        }
        if (waiting.size() + queue.size() >= MOST) return false;
        Entry entry = new Entry(command);
        entry.until = now + nanos;
        waiting.add(entry);
        return true;
    }

    /** When the next delay is over; -1 if none is running. */
    long deadline() {
        long next = -1;
        for (Entry entry : waiting) {
            if (next < 0 || entry.until < next) next = entry.until;
        }
        return next;
    }

    int size() {
        return waiting.size() + queue.size();
    }

    /** @return what is to be run now; null if nothing is, or something still runs */
    List<String> next(long now) {
        for (int i = 0; i < waiting.size(); ) {
            if (waiting.get(i).until > now) i++;
            else queue.add(waiting.remove(i));
        }
        if (isRunning || queue.isEmpty()) return null;
        isRunning = true;
        return queue.get(0).command;
    }

    /** What {@link #next} has told has ended, or could not be run. */
    void ended() {
        isRunning = false;
        Entry entry = queue.remove(0);
        if (!entry.again) return;
        entry.again = false;
        queue.add(0, entry);
    }
}
