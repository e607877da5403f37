// SPDX-License-Identifier: Apache-2.0
package perpetua.perp;

import perpetua.supervise.Runscript;
import perpetua.supervise.Runscript.Phase;
import perpetua.supervise.Service;

/**
 * What perpd tells of a service: the payload of an S packet (spec/perp.md section 3). Times are nanoseconds since 1970
 * on the wall clock, -1 for never.
 *
 * @param perpdPid of the supervisor
 * @param perpdSince when that was started
 * @param activated when the service was activated
 * @param flags of the service, a sum of the constants here
 * @param main its process
 * @param log its logger's; all zero if it has none
 */
public record Status(int perpdPid, long perpdSince, long activated, int flags, Process main, Process log) {
    static final int LENGTH = 66;

    static final int ACTIVE = 1;
    static final int HAS_LOG = 2;
    static final int DEACTIVATING = 4;
    static final int REACTIVATING = 8;
    static final int FLAG_DOWN = 16;
    static final int FLAG_ONCE = 32;

    /**
     * One of its two processes.
     *
     * @param pid 0 if it is down
     * @param since when it was started
     * @param flags a sum of the constants here
     */
    public record Process(int pid, long since, int flags) {
        static final int LOG = 1;
        static final int RESETTING = 2;
        static final int ONCE = 4;
        static final int PAUSED = 8;
        static final int WANT_DOWN = 16;
        static final int REFUSED = 32;
        static final int LENGTH = 18;

        static final Process NONE = new Process(0, -1, 0);

        /** @param epoch what the wall clock read when the monotonic one read 0 */
        static Process of(Runscript runscript, long epoch) {
            if (runscript == null) return NONE;
            // As with perp, what was reset keeps that flag until it is started again; what is down has no pid.
            boolean reset = runscript.phase() == Phase.RESETTING || runscript.phase() == Phase.DOWN && runscript.last() != null;
            int flags = (runscript.isLog() ? LOG : 0)
                    | (reset ? RESETTING : 0)
                    | (runscript.isOnce() ? ONCE : 0)
                    | (runscript.isPaused() ? PAUSED : 0)
                    | (runscript.isWantedDown() ? WANT_DOWN : 0)
                    | (runscript.isRefused() ? REFUSED : 0);
            long since = runscript.since() < 0 ? -1 : runscript.since() + epoch;
            return new Process(runscript.pid(), since, flags);
        }

        public boolean isUp() {
            return pid != 0;
        }

        public boolean isResetting() {
            return (flags & RESETTING) != 0;
        }

        public boolean isOnce() {
            return (flags & ONCE) != 0;
        }

        public boolean isPaused() {
            return (flags & PAUSED) != 0;
        }

        public boolean isWantedDown() {
            return (flags & WANT_DOWN) != 0;
        }

        /** Whether the system refused a process for it at the last try. */
        public boolean isRefused() {
            return (flags & REFUSED) != 0;
        }

        /** Seconds since it was started, rounded; a step of the clock can't make it negative. */
        public long seconds(long wall) {
            return Status.seconds(since, wall);
        }

        private void put(byte[] to, int at) {
            Packet.putInt(to, at, pid);
            if (since >= 0) Timestamp.put(to, at + 4, since);
            to[at + 16] = (byte) flags;
        }

        private static Process take(byte[] from, int at) {
            return new Process(Packet.takeInt(from, at), Timestamp.take(from, at + 4), from[at + 16] & 0xff);
        }
    }

    static Status of(Service service, long activated, int perpdPid, long perpdSince, long epoch) {
        // What the last scan has seen; one that is not deactivated was seen when it was activated.
        boolean seen = !service.isDeactivating() || service.isReactivating();
        int flags = (seen ? ACTIVE : 0)
                | (service.log() != null ? HAS_LOG : 0)
                | (service.isDeactivating() ? DEACTIVATING : 0)
                | (service.isReactivating() ? REACTIVATING : 0)
                | (service.isFlaggedDown() ? FLAG_DOWN : 0)
                | (service.isFlaggedOnce() ? FLAG_ONCE : 0);
        return new Status(perpdPid, perpdSince + epoch, activated + epoch, flags, Process.of(service.main(), epoch),
                Process.of(service.log(), epoch));
    }

    public boolean hasLog() {
        return (flags & HAS_LOG) != 0;
    }

    public boolean isDeactivating() {
        return (flags & DEACTIVATING) != 0;
    }

    public boolean isReactivating() {
        return (flags & REACTIVATING) != 0;
    }

    public boolean isFlaggedDown() {
        return (flags & FLAG_DOWN) != 0;
    }

    public boolean isFlaggedOnce() {
        return (flags & FLAG_ONCE) != 0;
    }

    /** The distance of two times in seconds, rounded (spec/perp.md section 1.9). */
    public static long seconds(long since, long wall) {
        return (Math.abs(wall - since) + 500_000_000L) / 1_000_000_000L;
    }

    Packet packet() {
        byte[] payload = new byte[LENGTH];
        Packet.putInt(payload, 0, perpdPid);
        Timestamp.put(payload, 4, perpdSince);
        Timestamp.put(payload, 16, activated);
        payload[28] = (byte) flags;
        main.put(payload, 30);
        log.put(payload, 30 + Process.LENGTH);
        return new Packet(Packet.STATUS, payload);
    }

    static Status of(Packet packet) {
        byte[] from = packet.payload();
        return new Status(Packet.takeInt(from, 0), Timestamp.take(from, 4), Timestamp.take(from, 16), from[28] & 0xff,
                Process.take(from, 30), Process.take(from, 30 + Process.LENGTH));
    }
}
