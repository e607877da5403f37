// SPDX-License-Identifier: Apache-2.0
package perpetua.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** When a program counts as frozen. */
class HeartbeatTest {
    private static final long SECOND = 1_000_000_000L;
    private final Heartbeat heartbeat = new Heartbeat(3 * SECOND);

    @Test
    @DisplayName("a program that never gives a sign is left alone")
    void silent() {
        assertEquals(-1, heartbeat.deadline());
        assertEquals(Heartbeat.Verdict.NOTHING, heartbeat.due(1000 * SECOND));
    }

    @Test
    @DisplayName("two periods after the last sign it is aborted, five seconds later killed, and then left alone")
    void frozen() {
        heartbeat.beat(10 * SECOND);
        heartbeat.beat(11 * SECOND);
        assertEquals(17 * SECOND, heartbeat.deadline());
        assertEquals(Heartbeat.Verdict.NOTHING, heartbeat.due(17 * SECOND - 1));
        assertFalse(heartbeat.hasMissed());
        assertEquals(Heartbeat.Verdict.ABORT, heartbeat.due(17 * SECOND));
        assertTrue(heartbeat.hasMissed());
        heartbeat.beat(18 * SECOND);
        assertEquals(22 * SECOND, heartbeat.deadline());
        assertEquals(Heartbeat.Verdict.NOTHING, heartbeat.due(22 * SECOND - 1));
        assertEquals(Heartbeat.Verdict.KILL, heartbeat.due(22 * SECOND));
        assertEquals(-1, heartbeat.deadline());
        assertEquals(Heartbeat.Verdict.NOTHING, heartbeat.due(99 * SECOND));
    }

    @Test
    @DisplayName("the next program is not watched before its first sign")
    void next() {
        heartbeat.beat(0);
        heartbeat.due(6 * SECOND);
        heartbeat.reset();
        assertFalse(heartbeat.hasMissed());
        assertEquals(-1, heartbeat.deadline());
        heartbeat.beat(20 * SECOND);
        assertEquals(26 * SECOND, heartbeat.deadline());
    }
}
