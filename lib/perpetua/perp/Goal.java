// SPDX-License-Identifier: Apache-2.0
package perpetua.perp;

import perpetua.supervise.Command;
import perpetua.supervise.Runscript;

/**
 * What a service is to reach, and whether it has: decided by what perpd tells of it, now and just before it was told. "Up" is
 * what perpls shows as up: its start target runs, and has for half a second.
 */
public final class Goal {
    /** How long a process must run to count. */
    public static final long SETTLED_NANOS = 500_000_000L;

    private enum Wish {
        UP("up"), DOWN("down"), ONCE("run"), RESTARTED("restarted"), ACTIVE("activated"), INACTIVE("deactivated");

        private final String word;

        Wish(String word) {
            this.word = word;
        }
    }

    private final Wish wish;
    private final boolean ofMain;
    private final boolean ofLog;
    private final FullStatus before;

    private Goal(Wish wish, boolean ofMain, boolean ofLog, FullStatus before) {
        this.wish = wish;
        this.ofMain = ofMain;
        this.ofLog = ofLog;
        this.before = before;
    }

    /** Whether a command asks for something that can be waited for. */
    public static boolean isOf(Command command) {
        return wish(command) != null;
    }

    private static Wish wish(Command command) {
        if (command == Command.UP || command == Command.UP_BOTH) return Wish.UP;
        if (command == Command.DOWN || command == Command.DOWN_BOTH) return Wish.DOWN;
        return command == Command.ONCE ? Wish.ONCE : command == Command.RESTART ? Wish.RESTARTED : null;
    }

    /** @param command one that {@link #isOf asks for something}. @param before what perpd told just before it */
    public static Goal of(Command command, boolean toLog, FullStatus before) {
        boolean both = command == Command.UP_BOTH || command == Command.DOWN_BOTH;
        return new Goal(wish(command), both || !toLog, both || toLog, before);
    }

    /** It is activated, and runs unless its flag says that it is not to; or it is gone. */
    public static Goal activation(boolean on) {
        return new Goal(on ? Wish.ACTIVE : Wish.INACTIVE, true, false, null);
    }

    /** In messages: what it has not become. */
    public String word() {
        return wish.word;
    }

    /**
     * @param now what perpd tells, null if it does not know the service
     * @param wall the wall clock, nanoseconds since 1970
     */
    public boolean isReached(FullStatus now, long wall) {
        // What is gone is down too.
        if (now == null) return wish == Wish.INACTIVE || wish == Wish.DOWN;
        if (wish == Wish.INACTIVE) return false;
        if (wish == Wish.ACTIVE) {
            if (now.status().isDeactivating()) return false;
            if (now.status().isFlaggedDown()) return true;
            return isUp(now.status().main(), now.main(), wall) || hasRun(now.status().main(), now.main(), null);
        }
        return (!ofMain || isReached(now.status().main(), now.main(), before == null ? null : before.status().main(),
                        before == null ? null : before.main(), wall))
                && (!ofLog || !now.status().hasLog() || isReached(now.status().log(), now.log(),
                        before == null ? null : before.status().log(), before == null ? null : before.log(), wall));
    }

    private boolean isReached(Status.Process process, FullStatus.More more, Status.Process former,
            FullStatus.More formerMore, long wall) {
        boolean up = isUp(process, more, wall);
        // perp's own perpd does not count starts, but tells when the last one was.
        boolean anew = former == null || more.starts() > formerMore.starts()
                || more.starts() == 0 && process.since() > former.since();
        if (wish == Wish.DOWN) return more.phase() == Runscript.Phase.DOWN;
        if (wish == Wish.ONCE) return up || hasRun(process, more, anew ? null : formerMore);
        return up && (anew || wish == Wish.UP);
    }

    /** Whether it is down because it ran to its end. @param former null if any run counts */
    private static boolean hasRun(Status.Process process, FullStatus.More more, FullStatus.More former) {
        return more.phase() == Runscript.Phase.DOWN && process.since() >= 0
                && (former == null || former.phase() != Runscript.Phase.DOWN);
    }

    private static boolean isUp(Status.Process process, FullStatus.More more, long wall) {
        return more.phase() == Runscript.Phase.STARTED && process.isUp() && Math.abs(wall - process.since()) >= SETTLED_NANOS;
    }

    /**
     * How long it may take until time alone makes it reach its goal, in nanoseconds; -1 if only a change can. Asked of one that
     * has not reached it.
     */
    public long patience(FullStatus now, long wall) {
        if (now == null) return -1;
        return sooner(ofMain ? patience(now.status().main(), now.main(), wall) : -1,
                ofLog ? patience(now.status().log(), now.log(), wall) : -1);
    }

    private static long patience(Status.Process process, FullStatus.More more, long wall) {
        if (more.phase() != Runscript.Phase.STARTED) return -1;
        long left = SETTLED_NANOS - Math.abs(wall - process.since());
        return left > 0 ? left : -1;
    }

    /** The smaller of two times, of which -1 is never. */
    public static long sooner(long one, long other) {
        return one < 0 ? other : other < 0 ? one : Math.min(one, other);
    }
}
