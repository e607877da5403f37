// SPDX-License-Identifier: Apache-2.0
package perpetua.procd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CommandQueueTest {
    private static final List<String> ONE = List.of("one");
    private static final List<String> TWO = List.of("two");

    private final CommandQueue queue = new CommandQueue();

    @Test
    @DisplayName("events at 0.0 and 0.6 with a delay of 1.0 are one run at 1.6")
    void pushedBack() {
        queue.add(ONE, 0, 1000);
        queue.add(ONE, 600, 1000);
        assertEquals(1600, queue.deadline());
        assertNull(queue.next(1599));
        assertEquals(ONE, queue.next(1600));
        queue.ended();
        assertNull(queue.next(5000));
        assertEquals(0, queue.size());
    }

    @Test
    @DisplayName("a shorter delay does not bring it forward")
    void notForward() {
        queue.add(ONE, 0, 1000);
        queue.add(ONE, 100, 10);
        assertEquals(1000, queue.deadline());
    }

    @Test
    @DisplayName("one runs after the other")
    void serial() {
        queue.add(ONE, 0, 0);
        queue.add(TWO, 0, 0);
        assertEquals(ONE, queue.next(0));
        assertNull(queue.next(0));
        queue.ended();
        assertEquals(TWO, queue.next(0));
    }

    @Test
    @DisplayName("two events during a run are one more run right after it")
    void again() {
        queue.add(ONE, 0, 0);
        assertEquals(ONE, queue.next(0));
        queue.add(ONE, 1, 1000);
        queue.add(ONE, 2, 1000);
        queue.ended();
        assertEquals(ONE, queue.next(2));
        queue.ended();
        assertNull(queue.next(10000));
    }

    @Test
    @DisplayName("an event that never ends does not fill the memory")
    void bounded() {
        for (int i = 0; i < 1000; i++) assertTrue(queue.add(List.of("x" + i), 0, 0));
        assertFalse(queue.add(ONE, 0, 0));
    }
}
