// SPDX-License-Identifier: Apache-2.0
package perpetua.procd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import perpetua.bus.Table;

/** The life of an instance: spec/procd.md sections 3.6 and 15, by the second. */
class InstanceTest {
    private static final long SECOND = 1_000_000_000L;

    private final Scene scene = new Scene();

    private static Table fields(Object... more) {
        Table fields = new Table().put("command", List.of("prog"));
        for (int i = 0; i < more.length; i += 2) fields.put((String) more[i], more[i + 1]);
        return fields;
    }

    private static List<Object> respawn(String... values) {
        return List.of((Object[]) values);
    }

    @Test
    @DisplayName("respawn 5, 1, 2: starts at 0, 1 and 2, then it is given up")
    void givenUp() {
        scene.set(fields("respawn", respawn("5", "1", "2")));
        for (int at = 0; at < 3; at++) {
            assertEquals(at, scene.seconds());
            assertTrue(scene.runs());
            scene.ends(at == 1 ? 0 : 1);
            scene.passToDeadline();
        }
        assertFalse(scene.runs());
        assertEquals(-1, scene.instance().deadline());
        assertTrue(scene.said.contains("instance.fail"));
        assertTrue(scene.said.stream().anyMatch(line -> line.contains("crash loop: 3 crashes")));
        assertFalse(scene.instance().shown(false).has("respawn"));
    }

    @Test
    @DisplayName("by default an instantly failing program starts at 0, 5, 10, 15, 20 and 25")
    void defaults() {
        scene.set(fields("respawn", respawn()));
        StringBuilder starts = new StringBuilder();
        for (int i = 0; i < 20 && scene.runs(); i++) {
            starts.append(scene.seconds()).append(' ');
            scene.ends(1);
            scene.passToDeadline();
        }
        assertEquals("0 5 10 15 20 25 ", starts.toString());
    }

    @Test
    @DisplayName("respawn 2, 1, 2 and runs of three seconds: starts at 0, 4, 8, without end")
    void longRuns() {
        scene.set(fields("respawn", respawn("2", "1", "2")));
        for (int i = 0; i < 50; i++) {
            assertEquals(4 * i, scene.seconds());
            scene.pass(3);
            scene.ends(0);
            scene.passToDeadline();
            assertTrue(scene.runs());
        }
    }

    @Test
    @DisplayName("a retry of 0 or less, and a threshold of 0, never give up; numbers are as good as texts")
    void forEver() {
        for (List<Object> respawn : List.of(respawn("5", "1", "0"), respawn("5", "1", "-1"), respawn("0", "1", "1"),
                List.<Object>of(5L, 1L, 0L))) {
            Scene each = new Scene();
            each.set(fields("respawn", respawn));
            for (int i = 0; i < 30; i++) {
                assertTrue(each.runs(), respawn::toString);
                each.ends(1);
                each.passToDeadline();
            }
        }
    }

    @Test
    @DisplayName("an explicit set of one that was given up starts it with a clean sheet")
    void cleanSheet() {
        Table fields = fields("respawn", respawn("5", "1", "1"));
        scene.set(fields);
        for (int i = 0; i < 2; i++) {
            scene.ends(1);
            scene.passToDeadline();
        }
        assertFalse(scene.runs());
        scene.set(fields);
        scene.ends(1);
        scene.passToDeadline();
        assertTrue(scene.runs());
    }

    @Test
    @DisplayName("a delete: SIGTERM, SIGKILL at the deadline, then it is removed")
    void stubborn() {
        scene.set(fields("term_timeout", 2L));
        scene.delete();
        assertEquals("kill 15", scene.last());
        assertTrue(scene.runs());
        assertEquals(2, scene.secondsToDeadline());
        scene.passToDeadline();
        assertEquals("kill 9", scene.last());
        scene.ends(137);
        assertEquals("removed", scene.last());
    }

    @Test
    @DisplayName("a delete while it waits for its next start removes it at once")
    void deletedWaiting() {
        scene.set(fields("respawn", respawn()));
        scene.ends(1);
        scene.delete();
        assertEquals("removed", scene.last());
        assertEquals(-1, scene.instance().deadline());
    }

    @Test
    @DisplayName("a set while it is being ended: the new one starts when the old one is gone, at the old deadline")
    void setWhileStopping() {
        scene.set(fields("term_timeout", 2L));
        int pid = scene.instance().pid();
        scene.delete();
        scene.pass(1);
        scene.set(fields("env", new Table().put("A", "1")));
        assertEquals(pid, scene.instance().pid());
        assertEquals(1, scene.secondsToDeadline());
        scene.passToDeadline();
        assertEquals("kill 9", scene.last());
        scene.ends(137);
        assertTrue(scene.runs());
        assertEquals("hook", scene.last());
    }

    @Test
    @DisplayName("a change restarts, with the patience of the old description; the same does nothing")
    void change() {
        scene.set(fields("term_timeout", 2L));
        int acts = scene.said.size();
        scene.set(fields("term_timeout", 2L));
        assertEquals(acts, scene.said.size());
        scene.set(fields("term_timeout", 9L));
        assertEquals("kill 15", scene.last());
        assertEquals(2, scene.secondsToDeadline());
    }

    @Test
    @DisplayName("reload_signal of the old description is sent instead, and the process stays")
    void reloadSignal() {
        scene.set(fields("reload_signal", 10L));
        int pid = scene.instance().pid();
        scene.set(fields("reload_signal", 10L, "env", new Table().put("A", "1")));
        assertEquals("kill 10", scene.last());
        assertEquals(pid, scene.instance().pid());
        assertEquals(-1, scene.instance().deadline());
    }

    @Test
    @DisplayName("one that was halted stays, keeps its respawn, and is killed where it does not end")
    void halted() {
        scene.set(fields("respawn", respawn(), "term_timeout", 1L));
        scene.instance().halt(scene.now);
        assertEquals("kill 15", scene.last());
        scene.passToDeadline();
        assertEquals("kill 9", scene.last());
        scene.ends(137);
        assertFalse(scene.runs());
        assertEquals(-1, scene.instance().deadline());
        assertTrue(scene.instance().shown(false).has("respawn"));
        scene.instance().wake(scene.now);
        assertTrue(scene.runs());
    }

    @Test
    @DisplayName("an invalid description ends the old process and is shown with its reason; the next valid one starts")
    void invalid() {
        scene.set(fields());
        scene.set(new Table().put("command", List.of()));
        assertEquals("kill 15", scene.last());
        scene.ends(143);
        assertFalse(scene.runs());
        assertEquals("[command is empty]", String.valueOf(scene.instance().shown(false).get("errors")));
        scene.set(fields());
        assertTrue(scene.runs());
    }

    @Test
    @DisplayName("a user that does not exist is an error, and nothing is started")
    void unknownUser() {
        scene.set(fields("user", "nobody-of-that-name"));
        assertFalse(scene.runs());
        assertTrue(scene.instance().shown(false).has("errors"));
    }

    @Test
    @DisplayName("a command that can't be executed ends with 127, is respawned and given up like any other")
    void notExecuted() {
        scene.refuses = true;
        scene.set(fields("respawn", respawn("5", "0", "3")));
        for (int i = 0; i < 20; i++) scene.passToDeadline();
        assertEquals(127, scene.instance().exitCode());
        assertEquals(4, scene.spawns);
        assertTrue(scene.said.contains("instance.fail"));
    }
}
