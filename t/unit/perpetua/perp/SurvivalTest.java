// SPDX-License-Identifier: Apache-2.0
package perpetua.perp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import perpetua.fake.Act;
import perpetua.fake.FakeProcess;
import perpetua.fake.Gone;
import perpetua.supervise.Runscript;
import perpetua.supervise.RunscriptState;
import perpetua.supervise.Target;
import perpetua.sys.Errno;
import perpetua.sys.Reaped;
import perpetua.sys.Signal;

/** perpd is killed, or executes itself again, and nothing happens to its services: issue 4, design section 5. */
class SurvivalTest {
    private final Scene scene = new Scene();

    @BeforeEach
    void programs() {
        scene.kernel.program("/bin/perpd");
    }

    private String stateFile(String name) {
        for (String each : scene.kernel.find("/run/state").names()) {
            String file = "/run/state/" + each + "/" + StateDirectory.name(scene.key(name));
            if (scene.kernel.find(file) != null) return file;
        }
        return null;
    }

    @Test
    @DisplayName("a service that lives is taken back with its pid, its times and its flags, and not started again")
    void takenBack() {
        scene.service("one", true);
        scene.begin().pass(100);
        scene.command("one", 'o');
        scene.command("one", 'p');
        Status before = scene.status("one");
        List<String> running = scene.running();
        scene.said();
        scene.reborn();
        assertEquals(running, scene.running());
        assertTrue(scene.said().contains("took back running service: one\n"));
        Status after = scene.status("one");
        assertEquals(before.main(), after.main());
        assertEquals(before.log(), after.log());
        assertEquals(before.flags(), after.flags());
        assertEquals(before.activated(), after.activated());
        assertEquals(3 + 2, scene.descriptors());
    }

    @Test
    @DisplayName("one that died in between is reset, as one of which nobody knows how it ended, and started")
    void diedInBetween() {
        scene.service("one", false);
        scene.begin().pass(10);
        FakeProcess process = scene.process("./rc.main start one");
        scene.kernel.reborn();
        process.exit(3);
        scene.reborn();
        FakeProcess reset = scene.process("./rc.main reset one unknown");
        assertEquals("" + process.pid(), reset.variable("PERP_SVPID"));
        assertEquals("10", reset.variable("PERP_SVSECS"));
        reset.exit(0);
        scene.pass(0);
        scene.process("./rc.main start one");
    }

    @Test
    @DisplayName("one that dies afterwards is reset with what the kernel tells of its end")
    void diesAfterwards() {
        scene.service("one", false);
        scene.begin().pass(10);
        scene.reborn();
        scene.kernel.endBySignal(scene.process("./rc.main start one").pid(), Signal.SEGV);
        scene.pass(0.5);
        scene.process("./rc.main reset one signal 11 SIGSEGV");
    }

    @Test
    @DisplayName("where the kernel tells nothing, it is asked for a quarter of a second, and then the end is unknown")
    void untold() {
        scene.service("one", false);
        scene.begin().pass(10);
        scene.kernel.tellsEnds(false);
        scene.reborn();
        scene.process("./rc.main start one").exit(0);
        scene.pass(0.2);
        assertEquals(List.of(), scene.running());
        scene.pass(0.1);
        scene.process("./rc.main reset one unknown");
    }

    @Test
    @DisplayName("commands reach a process that was taken back, and its group")
    void commands() {
        scene.service("one", false);
        scene.begin().pass(10);
        scene.reborn();
        FakeProcess process = scene.process("./rc.main start one").ignore(Signal.HUP, Signal.USR1);
        scene.command("one", 'h');
        scene.command(scene.key("one"), '1', Packet.TO_GROUP);
        assertEquals(List.of(Signal.HUP.number(), Signal.USR1.number()), process.signals());
        scene.command("one", 'd');
        scene.pass(0.3);
        scene.exit("./rc.main reset one signal 15 SIGTERM", 0);
        assertEquals(List.of(), scene.running());
    }

    @Test
    @DisplayName("a pid that came back is not taken for the service")
    void reusedPid() {
        scene.service("one", false);
        scene.begin().pass(10);
        FakeProcess process = scene.process("./rc.main start one");
        scene.kernel.reborn();
        process.exit(0);
        scene.kernel.advance(Scene.SECOND);
        scene.kernel.stranger(process.pid());
        scene.reborn();
        scene.process("./rc.main reset one unknown");
        scene.command("one", 'd');
        assertEquals(List.of(), scene.kernel.process(process.pid()).signals());
    }

    @Test
    @DisplayName("nor is a process that was started since then, where it was never known when the service's own was")
    void reusedPidOfOnesOwn() {
        scene.service("one", false);
        scene.service("two", false);
        scene.kernel.fault((act, subject) -> act == Act.STAT && subject.isEmpty() ? Errno.EIO : null);
        scene.begin().pass(10);
        scene.kernel.fault((act, subject) -> null);
        FakeProcess one = scene.process("./rc.main start one");
        FakeProcess two = scene.process("./rc.main start two");
        scene.kernel.reborn();
        one.exit(0);
        two.exit(0);
        // perpd itself has the one before.
        scene.kernel.nextPid(two.pid() - 1);
        scene.reborn();
        assertEquals(two.pid(), scene.process("./rc.main reset one unknown").pid(), "the pid has come back");
        scene.process("./rc.main reset two unknown");
    }

    @Test
    @DisplayName("the log pipe is found again, at the service or at the logger, and what is in it is not lost")
    void pipe() {
        scene.service("one", true);
        scene.begin().pass(10);
        scene.process("./rc.main start one").write(1, "first\n");
        scene.reborn();
        scene.process("./rc.log start one").exit(1);
        scene.pass(0.5);
        scene.exit("./rc.log reset one exit 1", 0).pass(2);
        scene.process("./rc.main start one").write(1, "second\n");
        assertEquals("first\nsecond\n", scene.process("./rc.log start one").read(0));
        scene.reborn();
        scene.process("./rc.main start one").exit(0);
        scene.pass(0.5);
        scene.exit("./rc.main reset one exit 0", 0).pass(2);
        scene.process("./rc.main start one").write(1, "third\n");
        assertEquals("third\n", scene.process("./rc.log start one").read(0));
    }

    @Test
    @DisplayName("a service whose directory is not active any more is ended by the perpd that finds it so")
    void unseen() {
        scene.service("one", true);
        scene.service("two", false);
        scene.begin().pass(10);
        scene.kernel.reborn();
        scene.kernel.find(Scene.BASE + "/one").mode(0755);
        scene.kernel.remove(Scene.BASE + "/two");
        scene.reborn().pass(0.5);
        scene.exit("./rc.main reset one signal 15 SIGTERM", 0).pass(0.5);
        scene.exit("./rc.log reset one signal 15 SIGTERM", 0);
        scene.exit("./rc.main reset two signal 15 SIGTERM", 0);
        assertEquals(List.of(), scene.running());
        assertEquals(0, scene.supervisor.directories().size());
        assertEquals(0, scene.descriptors());
    }

    @Test
    @DisplayName("a service that was renamed in between is taken back under its new name")
    void renamed() throws Exception {
        scene.service("one", false);
        scene.begin().pass(10);
        scene.kernel.reborn();
        scene.kernel.rename(Scene.BASE + "/one", Scene.BASE + "/other");
        scene.reborn();
        assertEquals(List.of("./rc.main start one"), scene.running());
        scene.process("./rc.main start one").exit(0);
        scene.pass(0.5);
        scene.process("./rc.main reset other exit 0");
    }

    @Test
    @DisplayName("at whatever act perpd is killed, no call is made twice, and none is left out")
    void killedAnywhere() {
        for (int acts = 0; acts < 120; acts++) {
            Scene each = new Scene();
            each.service("one", true);
            each.begin().pass(10);
            each.process("./rc.main start one").exit(7);
            each.kernel.killAfter(acts);
            try {
                for (int i = 0; i < 3; i++) {
                    each.pass(0.5);
                    for (FakeProcess process : List.copyOf(each.kernel.running())) {
                        if (process.argv().get(1).equals("reset")) process.exit(0);
                    }
                }
                each.kernel.killAfter(-1);
            } catch (Gone killed) {
                each.reborn();
            }
            for (int i = 0; i < 8; i++) {
                each.pass(0.5);
                String at = "killed after " + acts + " acts: " + each.running();
                assertEquals(1, each.running().stream().filter(line -> line.startsWith("./rc.log start")).count(), at);
                assertTrue(each.running().stream().filter(line -> line.startsWith("./rc.main")).count() <= 1, at);
                for (FakeProcess process : List.copyOf(each.kernel.running())) {
                    if (process.argv().get(1).equals("reset")) process.exit(0);
                }
            }
            assertEquals(List.of("./rc.log start one", "./rc.main start one"), each.running(), "killed after " + acts);
        }
    }

    @Test
    @DisplayName("what another boot has left is thrown away")
    void otherBoot() {
        scene.service("one", false);
        scene.begin().pass(10);
        FakeProcess process = scene.process("./rc.main start one");
        process.exit(0);
        scene.kernel.reborn();
        scene.kernel.file("/proc/sys/kernel/random/boot_id", "second\n");
        scene.reborn();
        assertEquals(List.of("./rc.main start one"), scene.running());
        assertTrue(scene.said().contains("activated new service: one"));
    }

    @Test
    @DisplayName("state that makes no sense is said, and the service begins anew")
    void nonsense() {
        scene.service("one", false);
        scene.begin().pass(10);
        String file = stateFile("one");
        scene.process("./rc.main start one").exit(0);
        scene.kernel.reborn();
        scene.kernel.file(file, "service 1 2\nnonsense\n");
        scene.reborn();
        assertTrue(scene.said().contains("unable to understand state " + file));
        assertEquals(List.of("./rc.main start one"), scene.running());
    }

    @Test
    @DisplayName("where state can't be written perpd says so once, goes on, and writes it later")
    void full() {
        scene.service("one", false);
        scene.kernel.fault((act, subject) -> act == Act.WRITE && subject.startsWith("/run/state") ? Errno.ENOSPC : null);
        scene.begin().pass(10);
        String said = scene.said();
        assertEquals(said.indexOf("unable to keep state"), said.lastIndexOf("unable to keep state"), said);
        assertTrue(said.contains("out of disk space (ENOSPC)"), said);
        assertEquals(List.of("./rc.main start one"), scene.running());
        scene.kernel.fault((act, subject) -> null);
        scene.pass(6);
        assertTrue(scene.said().contains("state is kept again"));
        scene.reborn();
        assertEquals(List.of("./rc.main start one"), scene.running());
    }

    @Test
    @DisplayName("where a process can't be watched it is looked at twice a second")
    void unwatched() {
        scene.service("one", false);
        scene.begin().pass(10);
        scene.kernel.fault((act, subject) -> act == Act.OPEN_PROCESS ? Errno.ENOSYS : null);
        scene.reborn();
        FakeProcess process = scene.process("./rc.main start one");
        scene.command("one", 'c');
        assertEquals(List.of(Signal.CONT.number()), process.signals());
        scene.pass(2);
        assertEquals(List.of("./rc.main start one"), scene.running());
        process.exit(0);
        scene.pass(0.6);
        scene.process("./rc.main reset one unknown");
    }

    @Test
    @DisplayName("after its end nothing is left of its state")
    void nothingLeft() {
        scene.service("one", false);
        scene.begin().pass(10);
        assertNotNull(stateFile("one"));
        scene.terminate();
        scene.exit("./rc.main reset one signal 15 SIGTERM", 0);
        assertTrue(scene.hasEnded());
        scene.supervisor.closeState();
        assertEquals(List.of(), List.copyOf(scene.kernel.find("/run/state").names()));
    }

    @Test
    @DisplayName("SIGUSR2: another perpd in the same process, whose children tell how they end, with the same pipe")
    void reexecuted() {
        scene.service("one", true);
        scene.begin().pass(10);
        Status before = scene.status("one");
        long inode = scene.kernel.find(Scene.BASE + "/one").inode();
        scene.process("./rc.main start one").write(1, "kept\n");
        scene.reexecute();
        assertEquals(before.main(), scene.status("one").main());
        assertEquals("kept\n", scene.process("./rc.log start one").read(0));
        scene.exit("./rc.main start one", 42);
        scene.exit("./rc.main reset one exit 42", 0);
        scene.process("./rc.main start one").write(1, "again\n");
        assertEquals("again\n", scene.process("./rc.log start one").read(0));
        assertEquals(inode, scene.key("one").inode());
        assertEquals(0, scene.kernel.unreaped());
    }

    @Test
    @DisplayName("SIGUSR2: a child that ends while perpd is executed again is reset with how it ended")
    void endedMeanwhile() {
        scene.service("one", false);
        scene.begin().pass(10);
        FakeProcess process = scene.process("./rc.main start one");
        scene.kernel.fault((act, subject) -> {
            if (act == Act.EXEC && process.isRunning()) process.exit(9);
            return null;
        });
        scene.reexecute();
        scene.process("./rc.main reset one exit 9");
    }

    @Test
    @DisplayName("SIGUSR2: where perpd can't be executed again it says so and goes on")
    void notReexecuted() {
        scene.service("one", true);
        scene.begin().pass(10);
        scene.kernel.remove("/bin/perpd");
        scene.said();
        scene.kernel.arrive(Signal.USR2);
        scene.pass(1);
        assertTrue(scene.said().endsWith("failure execve() of perpd: file does not exist (ENOENT)\n"), () -> "but: " + scene.said());
        scene.exit("./rc.main start one", 0);
        FakeProcess reset = scene.process("./rc.main reset one exit 0");
        assertEquals(List.of(0, 1, 2), List.of(0, 1, 2).stream().filter(reset::has).toList());
        assertTrue(!reset.has(3) && !reset.has(4) && !reset.has(5) && !reset.has(6));
    }

    @Test
    @DisplayName("a service that has still to say that it is ready can say so to the next perpd, and one that has is ready")
    void readiness() {
        scene.service("one", false);
        scene.kernel.file("/base/one/ready", "fd 7");
        scene.service("two", false);
        scene.kernel.file("/base/two/ready", "notify");
        scene.service("three", false);
        scene.kernel.file("/base/three/ready", "fd 7");
        scene.begin();
        String socket = scene.process("./rc.main start two").variable("NOTIFY_SOCKET");
        scene.process("./rc.main start three").write(7, "\n");
        scene.pass(5);
        scene.reborn();
        assertTrue(ready("three"));
        assertTrue(!ready("one") && !ready("two"));
        assertEquals(5 + 3, scene.descriptors());
        scene.process("./rc.main start one").write(7, "\n");
        assertTrue(scene.kernel.send(socket, "READY=1", 0));
        scene.pass(1);
        assertTrue(ready("one") && ready("two"));
        assertEquals(3 + 3, scene.descriptors());
    }

    @Test
    @DisplayName("what is said while no perpd lives is heard by the next one, and kills nobody")
    void readinessInBetween() {
        scene.service("one", false);
        scene.kernel.file("/base/one/ready", "fd 7");
        scene.begin().pass(5);
        scene.kernel.reborn();
        scene.process("./rc.main start one").write(7, "\n");
        scene.reborn();
        assertTrue(ready("one"));
        assertEquals(1 + 1, scene.descriptors());
    }

    private boolean ready(String name) {
        for (ServiceDirectory each : scene.supervisor.directories()) {
            if (each.name().equals(name)) return each.service.main().readyAt() >= 0;
        }
        throw new AssertionError(name);
    }

    @Test
    @DisplayName("what is saved comes back as it was, and what is cut off or changed comes back as nothing, or as sense")
    void codec() {
        RunscriptState main = new RunscriptState(Runscript.Phase.WAITING, Target.START, 5, Long.MIN_VALUE + 1, true, false, true,
                12, false, 0, -1, new Reaped(3, 0, 9), 77, 8, 6,
                5, true, false, -1, 0, true);
        RunscriptState log = new RunscriptState(Runscript.Phase.STARTED, null, 0, 99, false, true, false, 4194304, true,
                123456789012L, 1, null, 0, 1, -1,
                -1, false, true, 3, 12345, false);
        SavedService service = new SavedService(new FileKey(-1, Long.MAX_VALUE), "a b\n%\351", 17, true, false, true, false,
                4096, 7, 8, SavedService.LOG, main, log, "fd-7 5 4711");
        String text = service.text();
        assertEquals(service, SavedService.of(text));
        for (int i = 0; i < text.length() - 1; i++) assertNull(SavedService.of(text.substring(0, i)), "cut at " + i);
        long seed = Long.getLong("perpetua.seed", System.nanoTime());
        System.out.println("saved services: 200000 runs, -Dperpetua.seed=" + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 200_000; i++) {
            StringBuilder changed = new StringBuilder(text);
            for (int j = random.nextInt(4); j >= 0; j--) {
                int at = random.nextInt(changed.length());
                if (random.nextBoolean()) changed.setCharAt(at, (char) random.nextInt(256));
                else changed.deleteCharAt(at);
            }
            SavedService read = SavedService.of(changed.toString());
            if (read != null) assertNotNull(read.text());
        }
    }
}
