// SPDX-License-Identifier: Apache-2.0
package perpetua.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LimitTest {
    @Test
    @DisplayName("a wish above the hard limit is cut down to it, and the hard limit stays")
    void cut() {
        assertEquals(new Limit(100, 100), new Limit(5, 100).withSoft(200));
        assertEquals(new Limit(100, 100), new Limit(5, 100).withSoft(100));
        assertEquals(new Limit(99, 100), new Limit(5, 100).withSoft(99));
        assertEquals(new Limit(0, 100), new Limit(5, 100).withSoft(0));
    }

    @Test
    @DisplayName("no limit is more than any number")
    void infinity() {
        Limit none = new Limit(Limit.INFINITY, Limit.INFINITY);
        assertFalse(none.exceededBy(Long.MAX_VALUE));
        assertFalse(none.exceededBy(Limit.INFINITY));
        assertTrue(new Limit(0, Long.MAX_VALUE).exceededBy(Limit.INFINITY));
        assertEquals(new Limit(7, Limit.INFINITY), none.withSoft(7));
        assertEquals(new Limit(9, 9), new Limit(1, 9).withSoft(Limit.INFINITY));
    }
}
