// SPDX-License-Identifier: Apache-2.0
package perpetua.perp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import perpetua.supervise.Command;
import perpetua.supervise.Runscript.Phase;

/** What perpctl -w waits for. */
class GoalTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long WALL = 1_000_000 * SECOND;

    /** A service without a logger. @param age of its process, in seconds */
    private static FullStatus at(Phase phase, double age, int starts) {
        return at(phase, age, starts, Status.ACTIVE);
    }

    private static FullStatus at(Phase phase, double age, int starts, int flags) {
        Status.Process process = new Status.Process(phase == Phase.DOWN ? 0 : 7, starts == 0 ? -1 : WALL - (long) (age * SECOND), 0);
        FullStatus.More more = new FullStatus.More(phase, FullStatus.End.NONE, 0, starts, -1, -1);
        return new FullStatus(new Status(1, WALL, WALL, flags, process, Status.Process.NONE), more, FullStatus.More.NONE,
                FullStatus.Readiness.UNTOLD, -1);
    }

    private static boolean reaches(Command command, FullStatus before, FullStatus now) {
        return Goal.of(command, false, before).isReached(now, WALL);
    }

    @Test
    @DisplayName("up is what has run for half a second, and not what waits or resets")
    void up() {
        FullStatus down = at(Phase.DOWN, 0, 0);
        assertTrue(reaches(Command.UP, down, at(Phase.STARTED, 0.5, 1)));
        assertFalse(reaches(Command.UP, down, at(Phase.STARTED, 0.4, 1)));
        assertFalse(reaches(Command.UP, down, at(Phase.WAITING, 9, 1)));
        assertFalse(reaches(Command.UP, down, at(Phase.RESETTING, 9, 1)));
        assertFalse(reaches(Command.UP, down, null));
        assertEquals(100_000_000, Goal.of(Command.UP, false, down).patience(at(Phase.STARTED, 0.4, 1), WALL), 1000);
        assertEquals(-1, Goal.of(Command.UP, false, down).patience(down, WALL));
    }

    @Test
    @DisplayName("down is what was reset, or is not known any more")
    void down() {
        FullStatus up = at(Phase.STARTED, 9, 1);
        assertFalse(reaches(Command.DOWN, up, up));
        assertFalse(reaches(Command.DOWN, up, at(Phase.RESETTING, 9, 1)));
        assertTrue(reaches(Command.DOWN, up, at(Phase.DOWN, 9, 1)));
        assertTrue(reaches(Command.DOWN, up, null));
    }

    @Test
    @DisplayName("restarted is what runs and has been started since")
    void restarted() {
        FullStatus up = at(Phase.STARTED, 9, 3);
        assertFalse(reaches(Command.RESTART, up, at(Phase.STARTED, 9, 3)));
        assertFalse(reaches(Command.RESTART, up, at(Phase.RESETTING, 1, 3)));
        assertFalse(reaches(Command.RESTART, up, at(Phase.STARTED, 0.1, 4)));
        assertTrue(reaches(Command.RESTART, up, at(Phase.STARTED, 0.6, 4)));
        assertTrue(reaches(Command.RESTART, at(Phase.DOWN, 9, 3), at(Phase.STARTED, 0.6, 4)));
    }

    @Test
    @DisplayName("with perp's own perpd, which counts no starts, a younger process is another one")
    void restartedByAge() {
        FullStatus before = FullStatus.plain(at(Phase.STARTED, 9, 1).status());
        assertFalse(reaches(Command.RESTART, before, before));
        assertTrue(reaches(Command.RESTART, before, FullStatus.plain(at(Phase.STARTED, 0.6, 1).status())));
    }

    @Test
    @DisplayName("once is what runs, or has run since to its end")
    void once() {
        assertTrue(reaches(Command.ONCE, at(Phase.DOWN, 9, 1), at(Phase.DOWN, 1, 2)));
        assertFalse(reaches(Command.ONCE, at(Phase.DOWN, 9, 1), at(Phase.DOWN, 9, 1)));
        assertTrue(reaches(Command.ONCE, at(Phase.STARTED, 9, 1), at(Phase.DOWN, 1, 1)));
        assertTrue(reaches(Command.ONCE, at(Phase.STARTED, 9, 1), at(Phase.STARTED, 9, 1)));
    }

    @Test
    @DisplayName("activated is what runs, has run or is flagged not to; deactivated what is not known")
    void activation() {
        Goal on = Goal.activation(true);
        assertFalse(on.isReached(null, WALL));
        assertFalse(on.isReached(at(Phase.STARTED, 0.1, 1), WALL));
        assertTrue(on.isReached(at(Phase.STARTED, 1, 1), WALL));
        assertTrue(on.isReached(at(Phase.DOWN, 0, 0, Status.ACTIVE | Status.FLAG_DOWN), WALL));
        assertFalse(on.isReached(at(Phase.STARTED, 1, 1, Status.ACTIVE | Status.DEACTIVATING), WALL));
        assertTrue(Goal.activation(false).isReached(null, WALL));
        assertFalse(Goal.activation(false).isReached(at(Phase.DOWN, 0, 1), WALL));
    }

    @Test
    @DisplayName("signals ask for nothing that can be waited for")
    void commands() {
        StringBuilder letters = new StringBuilder();
        for (Command command : Command.values()) {
            if (Goal.isOf(command)) letters.append(command.letter());
        }
        assertEquals("udoUDr", letters.toString());
    }
}
