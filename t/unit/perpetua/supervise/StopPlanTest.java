// SPDX-License-Identifier: Apache-2.0
package perpetua.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import perpetua.sys.Signal;

/** The file {@code stop}, and how a service is stopped by it: issue 4. */
class StopPlanTest {
    private static Driver stoppedBy(String plan) {
        Driver driver = Driver.started();
        driver.service.stopBy(StopPlan.of(plan));
        return driver;
    }

    @Test
    @DisplayName("a line names signals, with or without SIG, and seconds between them")
    void reads() {
        StopPlan plan = StopPlan.of("  SIGTERM 10\tINT 5 KILL \nanything");
        assertEquals(3, plan.size());
        assertEquals(Signal.INT, plan.signal(1));
        assertEquals(10_000_000_000L, plan.nanosAfter(0));
        assertTrue(plan.nanosAfter(2) < 0);
        assertNotNull(StopPlan.of("HUP"));
        assertNotNull(StopPlan.of("TERM 0 KILL"));
        // A time with nothing behind it is a wait for nothing.
        assertNotNull(StopPlan.of("TERM 86400"));
    }

    @Test
    @DisplayName("anything else is no plan")
    void refuses() {
        for (String line : new String[] {"", " ", "10", "TERM KILL", "TERM 5 6", "TERM 5s KILL", "TERM -1 KILL", "term",
                "TERM 86401 KILL", "TERM 99999999999 KILL", "NOSUCH 5 KILL", "#", "TERM,5,KILL"}) {
            assertNull(StopPlan.of(line), line);
        }
    }

    @Test
    @DisplayName("down sends one signal after another, each after its time, to the group if that was asked for")
    void insists() {
        Driver driver = stoppedBy("TERM 10 INT 5 KILL");
        assertEquals("TERM group of main, CONT group of main", driver.group('d'));
        assertEquals("", driver.pass(9.9).tick());
        assertEquals("INT group of main", driver.pass(0.1).tick());
        assertEquals("KILL group of main", driver.due());
        assertEquals(-1, driver.service.deadline());
    }

    @Test
    @DisplayName("what ends in time is left alone; its reset gets the same time, and no signal but KILL")
    void sparesTheReset() {
        Driver driver = stoppedBy("TERM 10 INT 5 KILL");
        driver.command('d');
        assertEquals("run main reset", driver.pass(3).mainKilled(Signal.TERM));
        assertEquals("", driver.due());
        assertEquals("KILL main", driver.due());
        assertEquals("", driver.mainKilled(Signal.KILL));
        assertEquals(-1, driver.service.deadline());
    }

    @Test
    @DisplayName("up calls it off")
    void upCallsItOff() {
        Driver driver = stoppedBy("TERM 10 KILL");
        driver.command('d');
        driver.command('u');
        assertEquals(-1, driver.service.deadline());
    }

    @Test
    @DisplayName("restart goes by it, and the reset before the new start is left alone")
    void restart() {
        Driver driver = stoppedBy("HUP 1 KILL").pass(5);
        assertEquals("HUP main, CONT main", driver.command('r'));
        assertEquals("KILL main", driver.due());
        assertEquals("run main reset", driver.mainKilled(Signal.KILL));
        assertEquals(-1, driver.service.deadline());
        assertEquals("run main start", driver.mainExits(0));
    }

    @Test
    @DisplayName("a service that ends by itself, once, is not stopped: its reset takes what it takes")
    void notStopped() {
        Driver driver = stoppedBy("TERM 1 KILL");
        driver.command('o');
        assertEquals("run main reset", driver.mainExits(0));
        assertEquals(-1, driver.service.deadline());
    }

    @Test
    @DisplayName("deactivation goes by it, for main, its reset, and the logger")
    void deactivation() {
        Driver driver = Driver.pair();
        driver.service.stopBy(StopPlan.of("TERM 2 KILL"));
        assertEquals("TERM main, CONT main", driver.deactivate());
        assertEquals("KILL main", driver.due());
        assertEquals("run main reset", driver.mainKilled(Signal.KILL));
        assertEquals("KILL main", driver.due());
        assertEquals("close pipe, TERM log, CONT log", driver.mainKilled(Signal.KILL));
        assertEquals("KILL log", driver.due());
        assertEquals("run log reset", driver.logExits(0));
        assertEquals("forget", driver.logExits(0));
    }

    @Test
    @DisplayName("without one it is TERM, and nothing is ever due")
    void standard() {
        Driver driver = Driver.started();
        assertEquals("TERM main, CONT main", driver.command('d'));
        assertEquals(-1, driver.service.deadline());
    }
}
