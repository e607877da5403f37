// SPDX-License-Identifier: Apache-2.0
package perpetua.perp;

import perpetua.sys.FileStat;
import perpetua.sys.Kernel;
import perpetua.sys.PollSet;
import perpetua.sys.SysException;

/**
 * Looks at services for longer: asks perpd what they do, and waits until something has changed. perpd tells of changes; perp's
 * own can't, so there the time just passes, a fifth of a second at most. A perpd that has ended is looked for again and again.
 *
 * <p>Who looks after the observer was made, and waits after each look, misses nothing.
 */
public final class Observer {
    /** How often a perpd that does not tell is to be asked. */
    private static final long ASK_NANOS = 200_000_000L;
    /** At least so long after one change it tells of the next, so that a hundred at once are one. */
    private static final long GATHER_NANOS = 20_000_000L;

    /** perpd hangs up on who has said nothing for eight seconds: a connection that is half as old is not trusted. */
    private static final long SILENT_NANOS = 4_000_000_000L;

    private final Kernel kernel;
    private final String base;
    private final PollSet nothing = new PollSet();
    /** Two, since nothing can be asked where an answer is awaited. */
    private ControlClient asked;
    private long askedAt;
    private ControlClient watched;
    private boolean tells = true;
    private long changes;
    private long told;

    /** @param base the base directory, as for {@link ControlClient#connect} */
    public Observer(Kernel kernel, String base) {
        this.kernel = kernel;
        this.base = base;
        this.told = kernel.monotonicNanos() - GATHER_NANOS;
        await(0);
    }

    /** Whether perpd tells of changes, and more than perp's own does. */
    public boolean tells() {
        return tells;
    }

    /** A connection to ask at once, a new one if the last has failed or was silent. @throws SysException if perpd does not run */
    public ControlClient connection() throws SysException {
        long now = kernel.monotonicNanos();
        if (asked != null && (asked.isBroken() || now - askedAt > SILENT_NANOS)) {
            asked.close();
            asked = null;
        }
        if (asked == null) asked = ControlClient.open(kernel, base);
        askedAt = now;
        return asked;
    }

    /**
     * @return null if perpd does not know the service
     * @throws SysException if perpd is not there, or does not answer
     */
    public FullStatus query(FileKey service) throws SysException {
        try {
            return connection().fullQuery(service);
        } catch (ControlClient.Refused e) {
            return null;
        }
    }

    /** @param path of the service directory. @return null also if there is none, it is not active, or there is no perpd */
    public FullStatus query(String path) {
        try {
            FileStat stat = kernel.stat(path);
            return stat.isDirectory() && stat.isSticky() ? query(FileKey.of(stat)) : null;
        } catch (SysException e) {
            return null;
        }
    }

    /** Waits for a change. @param nanos how long at most; negative: without end */
    public void await(long nanos) {
        long began = kernel.monotonicNanos();
        if (nanos != 0) pass(told + GATHER_NANOS - began);
        long left = nanos < 0 ? -1 : Math.max(0, nanos - (kernel.monotonicNanos() - began));
        try {
            if (tells) {
                if (watched == null) watched = ControlClient.open(kernel, base);
                long now = watched.awaitChange(changes, left);
                if (now < 0) return;
                changes = now;
                told = kernel.monotonicNanos();
                return;
            }
        } catch (ControlClient.Refused e) {
            tells = false;
            closeWatched();
        } catch (SysException e) {
            // It has ended, or is about to begin.
            changes = 0;
            close();
        }
        pass(left < 0 ? ASK_NANOS : Math.min(left, ASK_NANOS));
    }

    /** To be called before another program runs in this process. */
    public void close() {
        closeWatched();
        if (asked != null) asked.close();
        asked = null;
    }

    private void closeWatched() {
        if (watched != null) watched.close();
        watched = null;
    }

    private void pass(long nanos) {
        if (nanos <= 0) return;
        try {
            kernel.poll(nothing, nanos);
        } catch (SysException e) {
            // No memory for so much as this: then it does not wait.
        }
    }
}
