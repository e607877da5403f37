// SPDX-License-Identifier: Apache-2.0
package tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import perpetua.fake.Act;
import perpetua.fake.FakeKernel;
import perpetua.fake.FakeProcess;
import perpetua.fake.Run;
import perpetua.fake.Stuck;
import perpetua.sys.Errno;
import perpetua.sys.Signal;

/** oneit as process 1 of a kernel in memory: what it does when, to the nanosecond, and what it never does. */
class OneitTest {
    private static final long SECOND = 1_000_000_000L;
    private final FakeKernel kernel = Run.kernel();
    private final List<String> launches = new ArrayList<>();

    @BeforeEach
    void anew() {
        kernel.init();
        kernel.program("/bin/prog");
        kernel.file("/dev/console", "");
        kernel.whenSpawned(child -> launches.add(kernel.monotonicNanos() / 1_000_000 + " " + String.join(" ", child.argv())));
    }

    private FakeProcess program() {
        return kernel.running().get(0);
    }

    /** It would wait for ever: which in a kernel where nothing more happens is told as a defect. */
    private static void runsOn(Run run) {
        assertTrue(run.errors().contains(Stuck.class.getName()), "process 1 has ended: " + run.status());
    }

    /** The reboot call is answered with that error number. */
    private void answer(int errno) {
        kernel.whenSpawned(child -> {
            launches.add(String.join(" ", child.argv()));
            if (child.argv().get(0).equals("reboot")) kernel.after(1, () -> child.exit(errno));
        });
    }

    @Test
    @DisplayName("the end of the program is one reboot call; refused, that is said, and the program's status is the end")
    void refused() {
        answer(Errno.EPERM.number());
        kernel.after(SECOND, () -> program().exit(3));
        assertEquals(3, Run.of(kernel, "oneit", "-c", "/dev/console", "prog").status());
        assertEquals(List.of("prog", "reboot RESTART"), launches);
        assertEquals("oneit: fatal: unable to restart: permission denied (EPERM)\n", kernel.find("/dev/console").text());
    }

    @Test
    @DisplayName("a reboot call that was made is waited for, and nothing is made twice")
    void made() {
        answer(0);
        kernel.after(SECOND, () -> kernel.arrive(Signal.USR2));
        kernel.after(2 * SECOND, () -> kernel.arrive(Signal.TERM));
        kernel.after(3 * SECOND, () -> program().exit(3));
        runsOn(Run.of(kernel, "oneit", "-c", "/dev/console", "prog"));
        assertEquals(List.of("prog", "reboot POWER_OFF"), launches);
    }

    @Test
    @DisplayName("every signal and option has its own end")
    void ends() {
        String[][] ends = {{"USR1", "HALT"}, {"USR2", "POWER_OFF"}, {"TERM", "RESTART"}, {"INT", "RESTART"}};
        for (String[] end : ends) {
            anew();
            launches.clear();
            answer(Errno.EPERM.number());
            Signal signal = Signal.valueOf(end[0]);
            kernel.after(SECOND, () -> kernel.arrive(signal));
            assertEquals(128 + signal.number(), Run.of(kernel, "oneit", "-p", "-c", "/dev/console", "prog").status());
            assertEquals(List.of("prog", "reboot " + end[1]), launches);
            kernel.end(program().pid(), 0);
        }
    }

    @Test
    @DisplayName("launches are a second apart, and five seconds after one that failed")
    void throttle() {
        kernel.whenSpawned(child -> {
            launches.add(kernel.monotonicNanos() / 1_000_000 + "");
            if (launches.size() < 4) kernel.after(SECOND / 10, () -> child.exit(0));
            else if (launches.size() == 4) kernel.after(3 * SECOND, () -> child.exit(0));
        });
        // In both directories of PATH.
        for (int i = 0; i < 2; i++) kernel.after(2 * SECOND + 1, () -> kernel.failNext(Act.SPAWN, Errno.ENOENT));
        long start = kernel.monotonicNanos() / 1_000_000;
        kernel.after(20 * SECOND, () -> kernel.arrive(Signal.TERM));
        runsOn(Run.of(kernel, "oneit", "-n", "-c", "/dev/console", "prog"));
        List<Long> at = new ArrayList<>();
        for (int i = 0; i < 5; i++) at.add(Long.parseLong(launches.get(i)) - start);
        assertEquals(List.of(0L, 1000L, 2000L, 8000L, 11000L), at);
    }

    @Test
    @DisplayName("a signal that nobody catches is not waited out: -e hands it on, rewritten, and ends as the program did")
    void container() {
        kernel.whenSignalled((process, signal) -> { });
        kernel.after(SECOND, () -> kernel.arrive(Signal.HUP));
        kernel.after(2 * SECOND, () -> kernel.arrive(Signal.TERM));
        kernel.after(3 * SECOND, () -> kernel.arrive(Signal.ALRM));
        kernel.after(4 * SECOND, () -> {
            assertEquals(List.of(1, 3, 10), program().signals());
            kernel.endBySignal(program().pid(), Signal.SEGV);
        });
        assertEquals(139, Run.of(kernel, "oneit", "-e", "-s", "TERM:QUIT", "-s", "ALRM:USR1", "prog").status());
        assertEquals(0, kernel.count(Act.REBOOT));
    }

    @Test
    @DisplayName("-g: everybody is terminated and has time; who is left then is killed")
    void grace() {
        answer(Errno.EPERM.number());
        FakeProcess orphan = kernel.stranger(77).ignore(Signal.TERM);
        kernel.after(SECOND, () -> kernel.arrive(Signal.TERM));
        long start = kernel.monotonicNanos();
        assertEquals(143, Run.of(kernel, "oneit", "-g", "5", "-c", "/dev/console", "prog").status());
        assertEquals(List.of(15, 18, 9), orphan.signals().stream().filter(signal -> signal != 0).toList());
        assertEquals(6, (kernel.monotonicNanos() - start) / SECOND);
        assertEquals(List.of("prog", "reboot RESTART"), launches);
    }

    @Test
    @DisplayName("where it is not process 1 it makes no reboot call and signals nobody but its own child's group")
    void another() {
        FakeKernel other = Run.kernel();
        other.program("/bin/prog");
        FakeProcess stranger = other.stranger(77);
        other.after(SECOND, () -> other.arrive(Signal.TERM));
        assertEquals(143, Run.of(other, "oneit", "-g", "5", "prog").status());
        assertEquals(List.of(), stranger.signals());
        assertTrue(other.running().isEmpty());
        assertEquals(0, other.count(Act.REBOOT));
        assertFalse(other.count(Act.KILL) == 0);
    }

    @Test
    @DisplayName("a program that freezes is aborted, killed, and launched again, though no option says so")
    void frozen() {
        kernel.whenSpawned(child -> {
            launches.add(kernel.monotonicNanos() / SECOND + " " + child.argv().get(0));
            if (launches.size() > 1) return;
            child.ignore(Signal.ABRT);
            int fd = Integer.parseInt(child.variable("ONEIT_HEARTBEAT_FD"));
            assertEquals("2", child.variable("ONEIT_HEARTBEAT_SECONDS"));
            kernel.after(SECOND, () -> child.write(fd, "."));
            kernel.after(2 * SECOND, () -> child.write(fd, "."));
        });
        long start = kernel.monotonicNanos() / SECOND;
        runsOn(Run.of(kernel, "oneit", "-H", "2", "-c", "/dev/console", "prog"));
        assertEquals(List.of(start + " prog", start + 11 + " prog"), launches);
    }
}
