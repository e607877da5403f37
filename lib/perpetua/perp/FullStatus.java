// SPDX-License-Identifier: Apache-2.0
package perpetua.perp;

import perpetua.supervise.Runscript;
import perpetua.supervise.Service;

/**
 * What perpd tells of a service to whoever asks for more than perp has: the payload of an {@code s} packet. It begins with
 * that of an S packet, byte for byte; what stands behind it may grow, so that a longer one is taken too. Times are nanoseconds
 * since 1970 on the wall clock, -1 for never.
 *
 * <pre>
 * bytes     content
 * 0-65      as in an S packet
 * 66-97     main: phase (0 down, 1 waiting for its start or for a process, 2 started, 3 resetting); how its last start ended
 *           (0 none has, 1 exit, 2 signal, 3 unknown); that status or signal; 0; starts since activation, 4 bytes; when the last
 *           one ended; when something is due for it
 * 98-129    the logger: the same
 * 130-143   whether it is ready (0 it does not say, 1 not yet, 2 ready); 0; since when
 * </pre>
 *
 * @param status what perp tells too
 * @param main what is told of its process besides
 * @param log of its logger's
 * @param readiness whether it has said that it is ready
 * @param readySince when
 */
public record FullStatus(Status status, More main, More log, Readiness readiness, long readySince) {
    private static final int MAIN = Status.LENGTH;
    private static final int LOG = MAIN + More.LENGTH;
    private static final int READY = LOG + More.LENGTH;
    /** Longer ones are from a newer perpd. */
    static final int LENGTH = READY + 2 + Timestamp.LENGTH;

    /** Whether a service is ready, by its own word; the order is that of the bytes on the wire. */
    public enum Readiness {
        /** It has no file that names how it says so: nobody knows. */
        UNTOLD(""),
        NOT_YET("not ready"),
        READY("ready");

        private final String words;

        Readiness(String words) {
            this.words = words;
        }

        /** As people are told it. */
        public String words() {
            return words;
        }
    }

    /** How a process ended; the order is that of the bytes on the wire. */
    public enum End {
        NONE, EXIT, SIGNAL,
        /** It ended while nobody who could ask was there. */
        UNKNOWN
    }

    /**
     * More of one of its two processes.
     *
     * @param phase what is going on
     * @param end how its last start ended
     * @param number the status or the signal with which it did
     * @param starts how often it was started since activation
     * @param ended when its last start ended
     * @param due when a start, or a call that the system refused, is due
     */
    public record More(Runscript.Phase phase, End end, int number, int starts, long ended, long due) {
        static final int LENGTH = 8 + 2 * Timestamp.LENGTH;

        static final More NONE = new More(Runscript.Phase.DOWN, End.NONE, 0, 0, -1, -1);

        /** @param epoch what the wall clock read when the monotonic one read 0 */
        static More of(Runscript runscript, long epoch) {
            if (runscript == null) return NONE;
            End end = End.NONE;
            int number = 0;
            if (runscript.last() != null) {
                boolean exited = runscript.last().signal() == 0;
                end = !runscript.last().isKnown() ? End.UNKNOWN : exited ? End.EXIT : End.SIGNAL;
                number = exited ? runscript.last().status() : runscript.last().signal();
            }
            return new More(runscript.phase(), end, number, runscript.starts(),
                    runscript.endedAt() < 0 ? -1 : runscript.endedAt() + epoch,
                    runscript.phase() == Runscript.Phase.WAITING ? runscript.deadline() + epoch : -1);
        }

        /** How often it was started again. */
        public int restarts() {
            return Math.max(0, starts - 1);
        }

        private void put(byte[] to, int at) {
            to[at] = (byte) phase.ordinal();
            to[at + 1] = (byte) end.ordinal();
            to[at + 2] = (byte) number;
            Packet.putInt(to, at + 4, starts);
            if (ended >= 0) Timestamp.put(to, at + 8, ended);
            if (due >= 0) Timestamp.put(to, at + 8 + Timestamp.LENGTH, due);
        }

        private static More take(byte[] from, int at) {
            return new More(known(Runscript.Phase.values(), from[at]), known(End.values(), from[at + 1]),
                    from[at + 2] & 0xff, Packet.takeInt(from, at + 4), Timestamp.take(from, at + 8),
                    Timestamp.take(from, at + 8 + Timestamp.LENGTH));
        }
    }

    /** One that a newer perpd may have is taken for the last that is known here. */
    private static <T> T known(T[] values, byte number) {
        return values[Math.min(number & 0xff, values.length - 1)];
    }

    static FullStatus of(Status status, Service service, long epoch) {
        long readyAt = service.main().readyAt();
        Readiness readiness = !service.tellsReady() ? Readiness.UNTOLD : readyAt < 0 ? Readiness.NOT_YET
                : Readiness.READY;
        return new FullStatus(status, More.of(service.main(), epoch), More.of(service.log(), epoch), readiness,
                readyAt < 0 ? -1 : readyAt + epoch);
    }

    /** What is known of a service whose perpd tells no more than perp's. */
    static FullStatus plain(Status status) {
        return new FullStatus(status, plain(status.main()), plain(status.log()), Readiness.UNTOLD, -1);
    }

    private static More plain(Status.Process process) {
        Runscript.Phase phase = !process.isUp() ? Runscript.Phase.DOWN
                : process.isResetting() ? Runscript.Phase.RESETTING : Runscript.Phase.STARTED;
        return new More(phase, End.NONE, 0, 0, -1, -1);
    }

    Packet packet() {
        byte[] payload = new byte[LENGTH];
        System.arraycopy(status.packet().payload(), 0, payload, 0, Status.LENGTH);
        main.put(payload, MAIN);
        log.put(payload, LOG);
        payload[READY] = (byte) readiness.ordinal();
        if (readySince >= 0) Timestamp.put(payload, READY + 2, readySince);
        return new Packet(Packet.FULL_STATUS, payload);
    }

    static FullStatus of(Packet packet) {
        byte[] from = packet.payload();
        return new FullStatus(Status.of(packet), More.take(from, MAIN), More.take(from, LOG),
                known(Readiness.values(), from[READY]), Timestamp.take(from, READY + 2));
    }
}
