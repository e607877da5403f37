// SPDX-License-Identifier: Apache-2.0
package perpetua.perp;

/** TAI64N labels, as they stand in perp's packets: big-endian, on a clock of microseconds. */
final class Timestamp {
    static final int LENGTH = 12;
    private static final long EPOCH = 4611686018427387914L;

    private Timestamp() {
    }

    /** @param nanos the wall clock, since 1970 */
    static void put(byte[] to, int at, long nanos) {
        long seconds = EPOCH + Math.floorDiv(nanos, 1_000_000_000L);
        int micros = (int) (Math.floorMod(nanos, 1_000_000_000L) / 1000);
        for (int i = 0; i < 8; i++) to[at + i] = (byte) (seconds >>> 8 * (7 - i));
        // perp's clock reads in the middle of a microsecond.
        int fraction = micros * 1000 + 500;
        for (int i = 0; i < 4; i++) to[at + 8 + i] = (byte) (fraction >>> 8 * (3 - i));
    }

    /** @return nanoseconds since 1970; -1 where all twelve bytes are zero, which stands for never */
    static long take(byte[] from, int at) {
        long seconds = 0;
        for (int i = 0; i < 8; i++) seconds = seconds << 8 | from[at + i] & 0xff;
        int fraction = 0;
        for (int i = 0; i < 4; i++) fraction = fraction << 8 | from[at + 8 + i] & 0xff;
        if (seconds == 0 && fraction == 0) return -1;
        return (seconds - EPOCH) * 1_000_000_000L + fraction;
    }
}
