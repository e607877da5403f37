// SPDX-License-Identifier: Apache-2.0
package perpetua.perp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import perpetua.fake.FakeKernel;
import perpetua.perp.Status.Process;

/** Every sign of the panel (spec/perp.md section 4, perpls). */
class PanelTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long WALL = 1_700_000_000L * SECOND;

    private static Process process(int pid, int seconds, int flags) {
        return new Process(pid, WALL - seconds * SECOND, flags);
    }

    private static Panel panel(int flags, Process main, Process log) {
        return Panel.of("one", FullStatus.plain(new Status(1, WALL, WALL, Status.ACTIVE | flags, main, log)), WALL);
    }

    private static Panel main(Process main) {
        return panel(0, main, Process.NONE);
    }

    private static void shows(String signs, String rest, String color, Panel panel) {
        assertEquals(signs, panel.signs());
        assertEquals(rest, panel.rest());
        assertEquals(color, panel.colorKey());
    }

    @Test
    void up() {
        shows("[+ +++ ---]", "uptime: 7s/-s  pids: 10/-", "an", main(process(10, 7, 0)));
    }

    @Test
    void upWithALogger() {
        shows("[+ +++ +++]", "uptime: 7s/9s  pids: 10/11", "an",
                panel(Status.HAS_LOG, process(10, 7, 0), process(11, 9, Process.LOG)));
    }

    @Test
    void downAsWanted() {
        shows("[+ ... ---]", "uptime: -s/-s  pids: -/-", "ad", main(process(0, 7, Process.WANT_DOWN)));
    }

    @Test
    void downBesideALogger() {
        shows("[+ ... +++]", "uptime: -s/25s  pids: -/11", "ad",
                panel(Status.HAS_LOG, process(0, 3, Process.WANT_DOWN), process(11, 25, Process.LOG)));
    }

    @Test
    void downButWantedUp() {
        shows("[+ !.. ---]", "uptime: -s/-s  pids: -/-", "wu", main(process(0, 7, 0)));
    }

    @Test
    void neverStarted() {
        shows("[+ ... ---]", "uptime: -s/-s  pids: -/-", "ad", main(new Process(0, -1, Process.WANT_DOWN)));
    }

    @Test
    void upButWantedDown() {
        shows("[+ !++ ---]", "uptime: 7s/-s  pids: 10/-", "wd", main(process(10, 7, Process.WANT_DOWN)));
    }

    @Test
    void resetting() {
        shows("[+ ++r ---]", "uptime: 0s/-s  pids: 10/-", "ar", main(process(10, 0, Process.RESETTING)));
    }

    @Test
    void resettingButWantedDown() {
        shows("[+ !+r ---]", "uptime: 1s/-s  pids: 10/-", "wd",
                main(process(10, 1, Process.RESETTING | Process.WANT_DOWN)));
    }

    @Test
    void once() {
        shows("[+ +o+ ---]", "uptime: 7s/-s  pids: 10/-", "an", main(process(10, 7, Process.ONCE)));
    }

    @Test
    void onceIsNotShownOfWhatIsDown() {
        shows("[+ ... ---]", "uptime: -s/-s  pids: -/-", "ad",
                main(process(0, 7, Process.ONCE | Process.WANT_DOWN)));
    }

    @Test
    void paused() {
        shows("[+ ++p ---]", "uptime: 7s/-s  pids: 10/-", "ap", main(process(10, 7, Process.PAUSED)));
    }

    @Test
    void resettingOverridesPaused() {
        shows("[+ ++r ---]", "uptime: 7s/-s  pids: 10/-", "ar",
                main(process(10, 7, Process.PAUSED | Process.RESETTING)));
    }

    @Test
    void oneYoungerThanHalfASecondMayAsWellBeOnItsWayDown() {
        Process young = new Process(10, WALL - 499_999_999L, 0);
        shows("[+ !.. ---]", "uptime: -s/-s  pids: -/-", "wu", main(young));
        Process old = new Process(10, WALL - 500_000_000L, 0);
        shows("[+ +++ ---]", "uptime: 1s/-s  pids: 10/-", "an", main(old));
    }

    @Test
    void theLoggersSignsAreItsOwn() {
        assertEquals("[+ +++ !..]", panel(Status.HAS_LOG, process(10, 7, 0), process(0, 7, 1)).signs());
        assertEquals("[+ +++ ++p]", panel(Status.HAS_LOG, process(10, 7, 0), process(11, 7, 1 | Process.PAUSED)).signs());
        assertEquals("[+ +++ +o+]", panel(Status.HAS_LOG, process(10, 7, 0), process(11, 7, 1 | Process.ONCE)).signs());
        assertEquals("[+ +++ ++r]",
                panel(Status.HAS_LOG, process(10, 7, 0), process(11, 7, 1 | Process.RESETTING)).signs());
        assertEquals("[+ +++ ...]",
                panel(Status.HAS_LOG, process(10, 7, 0), process(0, 7, 1 | Process.WANT_DOWN)).signs());
    }

    @Test
    void aLoggerAstrayColorsTheLine() {
        assertEquals("wu", panel(Status.HAS_LOG, process(10, 7, 0), process(0, 7, 1)).colorKey());
        assertEquals("wd", panel(Status.HAS_LOG, process(10, 7, 0), process(11, 7, 1 | Process.WANT_DOWN)).colorKey());
    }

    @Test
    void deactivating() {
        shows("[! !++ ---]", "(service deactivation in progress)", "ex",
                panel(Status.DEACTIVATING, process(10, 7, Process.WANT_DOWN), Process.NONE));
    }

    @Test
    void toBeReactivated() {
        shows("[R !+r ---]", "(service reactivation in progress)", "ex", panel(Status.DEACTIVATING | Status.REACTIVATING,
                process(10, 7, Process.WANT_DOWN | Process.RESETTING), Process.NONE));
    }

    @Test
    void notActive() {
        FakeKernel kernel = new FakeKernel();
        kernel.directory("/one");
        shows("[- --- ---]", "(service not activated)", "na", Panel.of(List.of("/one"), kernel, null, WALL).get(0));
    }

    @Test
    void errors() {
        FakeKernel kernel = new FakeKernel();
        kernel.file("/file", "");
        Panel absent = Panel.of(List.of("/absent"), kernel, null, WALL).get(0);
        shows("[E --- ---]", "error: failure stat() on service directory [ENOENT]", "er", absent);
        assertFalse(absent.isDirectory());
        Panel file = Panel.of(List.of("/file"), kernel, null, WALL).get(0);
        shows("[E --- ---]", "error: not a directory [ENOTDIR]", "er", file);
        assertFalse(file.isDirectory());
    }

    @Test
    void ageIsMainsUptimeAndEndlessForWhatIsNotUp() {
        assertEquals(7, main(process(10, 7, 0)).age());
        assertEquals(Long.MAX_VALUE, main(process(0, 7, 0)).age());
        assertEquals(Long.MAX_VALUE, main(process(10, 0, 0)).age());
        assertEquals("one", main(process(10, 7, 0)).name());
    }
}
