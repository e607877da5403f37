// SPDX-License-Identifier: Apache-2.0
package perpetua.perp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** The packets byte for byte, as they stand in spec/perp.md section 3. */
class PacketTest {
    private static final FileKey KEY = new FileKey(0x1122334455667788L, 0x99aabbccddeeff00L);

    private static String hex(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (byte each : bytes) {
            text.append(Character.forDigit(each >> 4 & 15, 16)).append(Character.forDigit(each & 15, 16));
        }
        return text.toString();
    }

    @Test
    void queryIsTheKeyLittleEndian() {
        assertEquals("025110" + "8877665544332211" + "00ffeeddccbbaa99", hex(Packet.query(KEY).bytes()));
    }

    @Test
    void commandIsTheKeyTheLetterAndTheFlags() {
        assertEquals("024312" + "8877665544332211" + "00ffeeddccbbaa99" + "64" + "03",
                hex(Packet.command(KEY, 'd', Packet.TO_LOG | Packet.TO_GROUP).bytes()));
    }

    @Test
    void resultIsTheNumberLittleEndian() {
        assertEquals("024504" + "47000000", hex(Packet.result(71).bytes()));
        assertEquals("024504" + "00000000", hex(Packet.result(0).bytes()));
    }

    @Test
    void theKeyComesBack() {
        assertEquals(KEY, Packet.query(KEY).key());
        assertEquals(KEY, Packet.command(KEY, 'u', 0).key());
        assertEquals(KEY.hashCode(), Packet.query(KEY).key().hashCode());
    }

    @Test
    void integersComeBack() {
        byte[] bytes = new byte[20];
        for (int value : new int[] {0, 1, -1, 255, 256, Integer.MAX_VALUE, Integer.MIN_VALUE, 0x80ff7f01}) {
            Packet.putInt(bytes, 3, value);
            assertEquals(value, Packet.takeInt(bytes, 3));
        }
        for (long value : new long[] {0, -1, Long.MAX_VALUE, Long.MIN_VALUE, 0xffffffffL, 0x80ff7f0180fe7e02L}) {
            Packet.putLong(bytes, 5, value);
            assertEquals(value, Packet.takeLong(bytes, 5));
        }
    }

    @Test
    void timestampsAreTai64nOfTheMiddleOfAMicrosecond() {
        byte[] bytes = new byte[Timestamp.LENGTH];
        Timestamp.put(bytes, 0, 1_700_000_000_123_456_789L);
        // 4611686018427387914 + 1700000000, then 123456500
        assertEquals("400000006553f10a" + "075bcbf4", hex(bytes));
        assertEquals(1_700_000_000_123_456_500L, Timestamp.take(bytes, 0));
        Timestamp.put(bytes, 0, 0);
        assertEquals("400000000000000a" + "000001f4", hex(bytes));
    }

    @Test
    void anAllZeroTimestampIsNever() {
        assertEquals(-1, Timestamp.take(new byte[Timestamp.LENGTH], 0));
    }

    @Test
    void statusHasEachFieldAtItsPlace() {
        Status status = new Status(0x01020304, 1_000_000_000L, 2_000_000_000L, 0x3f,
                new Status.Process(0x0a0b0c0d, 3_000_000_000L, 0x3e), new Status.Process(0x11121314, 4_000_000_000L, 0x1));
        assertEquals("025342"
                + "04030201" + "400000000000000b" + "000001f4"
                + "400000000000000c" + "000001f4" + "3f00"
                + "0d0c0b0a" + "400000000000000d" + "000001f4" + "3e00"
                + "14131211" + "400000000000000e" + "000001f4" + "0100",
                hex(status.packet().bytes()));
        assertEquals(Status.LENGTH, status.packet().length());
    }

    @Test
    void whatNeverRanIsAllZero() {
        Status status = new Status(1, 0, 0, 1, new Status.Process(0, -1, 0x10), Status.Process.NONE);
        byte[] bytes = status.packet().bytes();
        byte[] main = java.util.Arrays.copyOfRange(bytes, 3 + 30, 3 + 48);
        byte[] log = java.util.Arrays.copyOfRange(bytes, 3 + 48, 3 + 66);
        byte[] wanted = new byte[18];
        assertArrayEquals(wanted, log);
        wanted[16] = 0x10;
        assertArrayEquals(wanted, main);
    }

    @Test
    void statusComesBack() {
        Status status = new Status(7, 1_000_000_500L, 2_000_000_500L, Status.ACTIVE | Status.HAS_LOG,
                new Status.Process(8, 3_000_000_500L, Status.Process.PAUSED), new Status.Process(0, -1, 1));
        assertEquals(status, Status.of(status.packet()));
    }
}
