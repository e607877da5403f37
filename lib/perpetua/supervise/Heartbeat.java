// SPDX-License-Identifier: Apache-2.0
package perpetua.supervise;

/**
 * Whether a program that gives signs of life still lives. It is watched from its first sign on: one that never gives any
 * is left alone. After two periods without one it is told to abort, and five seconds later it is killed. All times are
 * nanoseconds on the monotonic clock.
 */
public final class Heartbeat {
    /** What is to be done about the program. */
    public enum Verdict { NOTHING, ABORT, KILL }

    private static final long GRACE = 5_000_000_000L;

    private final long period;
    private long deadline = -1;
    private boolean aborted;

    /** @param period how often there has to be a sign, in nanoseconds, positive */
    public Heartbeat(long period) {
        this.period = period;
    }

    /** There is another program now, or none. */
    public void reset() {
        deadline = -1;
        aborted = false;
    }

    /** A sign came. One that comes after it was told to abort does not help it. */
    public void beat(long now) {
        if (!aborted) deadline = now + 2 * period;
    }

    public Verdict due(long now) {
        if (deadline < 0 || now < deadline) return Verdict.NOTHING;
        if (aborted) {
            deadline = -1;
            return Verdict.KILL;
        }
        aborted = true;
        deadline = now + GRACE;
        return Verdict.ABORT;
    }

    /** When to ask {@link #due} again; -1 for not before the next sign. */
    public long deadline() {
        return deadline;
    }

    /** Whether this program has been told to abort. */
    public boolean hasMissed() {
        return aborted;
    }
}
