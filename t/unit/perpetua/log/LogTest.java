// SPDX-License-Identifier: Apache-2.0
package perpetua.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import perpetua.sys.Bytes;

/** The rules of the loggers that need no kernel. */
class LogTest {
    private static String lines(int longest, boolean continued, String... reads) {
        StringBuilder kept = new StringBuilder();
        Lines lines = new Lines(longest, null, continued);
        Lines.Taker taker = (line, length) -> kept.append(lines.isContinuation() ? "+" : "").append(Bytes.text(line, 0, length));
        for (String read : reads) lines.read(Bytes.of(read), read.length(), taker);
        lines.end(taker);
        return kept.toString();
    }

    @Test
    @DisplayName("lines are cut at the limit or continued, however they were read")
    void limits() {
        assertEquals("abcd\nef\n", lines(4, false, "abcde", "fg\nef"));
        assertEquals("abcd\n+efg\nef\n", lines(4, true, "abcde", "fg\nef"));
        assertEquals("abcd\nx\n", lines(4, true, "abcd", "\n\n", "x"));
        assertEquals("a\tb??\351\177\n", lines(9, false, "a\tb\0\r\351\177\n"));
    }

    @Test
    @DisplayName("a moment is written in UTC, leap days and ends of years included")
    void stamps() {
        UtcStamp stamp = new UtcStamp();
        long[] seconds = {0, 951782399, 951782400, 951868800, 1767225599, 1767225600, 4107542400L};
        String[] texts = {"19700101T000000", "20000228T235959", "20000229T000000", "20000301T000000", "20251231T235959",
            "20260101T000000", "21000301T000000"};
        for (int i = 0; i < seconds.length; i++) {
            stamp.set(seconds[i] * 1_000_000_000L + 12_345_678);
            assertEquals(texts[i] + ".012345", stamp.toString());
        }
    }

    @Test
    @DisplayName("the archives with the smallest names are too many")
    void archives() {
        List<String> names = List.of("current", "_20260101T000000.000000.s", "_20250101T000000.000000.u.Z", "_short",
                "_20240101T000000.000000.s", "_20240101x000000.000000.s");
        assertEquals(List.of("_20240101T000000.000000.s"), Archives.surplus(names, 2));
        assertEquals(List.of(), Archives.surplus(names, 3));
        assertEquals(3, Archives.surplus(names, 0).size());
        assertTrue(Archives.isArchive("_20240101T000000.00000s"));
        assertFalse(Archives.isArchive("_20240101T000000.0000s"));
    }
}
