// SPDX-License-Identifier: Apache-2.0
package perpetua.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import perpetua.supervise.Timers.Timer;

class TimersTest {
    private final Timers timers = new Timers();
    private final List<String> done = new ArrayList<>();

    private Timer timer(String name) {
        return new Timer(() -> done.add(name));
    }

    private List<String> runUntil(long now) {
        done.clear();
        while (timers.runDue(now)) {
            // Each runs by itself.
        }
        return done;
    }

    @Test
    void noneIsDueWhereNoneIsSet() {
        assertEquals(-1, timers.next());
        assertFalse(timers.runDue(Long.MAX_VALUE));
        assertFalse(timer("a").isSet());
    }

    @Test
    void aTimerRunsWhenItsTimeHasComeAndOnlyOnce() {
        Timer timer = timer("a");
        timers.set(timer, 10);
        assertTrue(timer.isSet());
        assertEquals(10, timer.nanos());
        assertEquals(10, timers.next());
        assertEquals(List.of(), runUntil(9));
        assertEquals(List.of("a"), runUntil(10));
        assertFalse(timer.isSet());
        assertEquals(List.of(), runUntil(100));
    }

    @Test
    void equalTimesComeInTheOrderInWhichTheyWereSet() {
        for (String name : List.of("c", "a", "d", "b")) timers.set(timer(name), 5);
        assertEquals(List.of("c", "a", "d", "b"), runUntil(5));
    }

    @Test
    void settingItAnewMovesIt() {
        Timer early = timer("early");
        Timer late = timer("late");
        timers.set(early, 1);
        timers.set(late, 2);
        timers.set(early, 3);
        assertEquals(2, timers.size());
        assertEquals(2, timers.next());
        assertEquals(List.of("late", "early"), runUntil(3));
    }

    @Test
    void cancellingTakesItOutAndMayBeDoneTwice() {
        Timer timer = timer("a");
        timers.set(timer, 1);
        timers.cancel(timer);
        timers.cancel(timer);
        assertEquals(0, timers.size());
        assertEquals(List.of(), runUntil(10));
    }

    @Test
    void oneThatIsRunMaySetItselfAgain() {
        Timer[] self = new Timer[1];
        self[0] = new Timer(() -> {
            done.add("tick");
            timers.set(self[0], self[0].nanos() + 10);
        });
        timers.set(self[0], 10);
        assertEquals(List.of("tick", "tick", "tick"), runUntil(35));
        assertEquals(40, timers.next());
    }

    @Test
    void manyInAnyOrderComeInTheirOrder() {
        Random random = new Random(7);
        List<Timer> all = new ArrayList<>();
        List<Long> ran = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            Timer[] self = new Timer[1];
            self[0] = new Timer(() -> ran.add(self[0].nanos()));
            all.add(self[0]);
        }
        List<Long> wanted = new ArrayList<>();
        for (int round = 0; round < 4; round++) {
            for (Timer timer : all) {
                if (random.nextInt(3) == 0) timers.cancel(timer);
                else timers.set(timer, random.nextInt(1000));
            }
        }
        for (Timer timer : all) {
            if (timer.isSet()) wanted.add(timer.nanos());
        }
        assertEquals(wanted.size(), timers.size());
        Collections.sort(wanted);
        while (timers.runDue(1000)) {
            // Each runs by itself.
        }
        assertEquals(wanted, ran);
    }
}
