// SPDX-License-Identifier: Apache-2.0
package tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import perpetua.fake.Act;
import perpetua.fake.FakeKernel;
import perpetua.fake.FakeProcess;
import perpetua.fake.Run;
import perpetua.sys.Account;
import perpetua.sys.Errno;
import perpetua.sys.Limit;
import perpetua.sys.Resource;
import perpetua.sys.Signal;

/** What the run tools do when the system refuses: failures that no test from outside can bring about at will. */
class RunToolsTest {
    private static final long SECOND = 1_000_000_000L;
    private FakeKernel kernel;

    @BeforeEach
    void anew() {
        kernel = Run.kernel();
        kernel.program("/bin/prog");
        kernel.account(new Account("user", 1000, 100, "/home/user", "/bin/sh"));
        kernel.group("crowd", 7, "user").group("pack", 8);
    }

    private void refuses(int status, String message, String... words) {
        Run run = Run.of(kernel, words);
        assertEquals(message + "\n", run.errors().replaceFirst("(?s)usage: .*", ""));
        assertEquals(status, run.status());
        assertNull(run.executed(), "the program did not run");
        assertTrue(kernel.running().isEmpty(), "nor as a child");
    }

    private void runs(String... words) {
        Run run = Run.of(kernel, words);
        assertEquals("", run.errors());
        assertEquals("prog", run.became());
    }

    // ---- runuid ----------------------------------------------------------------------------------------------

    @Test
    @DisplayName("runuid: after any failed step the program is never run, least of all half changed")
    void uidSteps() {
        kernel.failNext(Act.SET_GROUPS, Errno.EPERM);
        refuses(111, "runuid: fatal: failure setgroups(): permission denied (EPERM)", "runuid", "user", "prog");
        kernel.failNext(Act.SET_GROUP, Errno.EPERM);
        refuses(111, "runuid: fatal: failure setgid(): permission denied (EPERM)", "runuid", "user", "prog");
        kernel.failNext(Act.SET_USER, Errno.EAGAIN);
        refuses(111, "runuid: fatal: failure setuid(): temporary i/o failure (EAGAIN)", "runuid", "user", "prog");
        kernel.failNext(Act.SET_GROUPS, Errno.EINVAL);
        refuses(111, "runuid: fatal: failure initgroups(): invalid argument (EINVAL)", "runuid", "-s", "user", "prog");
        kernel.failNext(Act.SET_GROUPS, Errno.EINVAL);
        refuses(111, "runuid: fatal: failure setgroups() for group list pack: invalid argument (EINVAL)",
                "runuid", "-S", "pack", "user", "prog");
    }

    @Test
    @DisplayName("runuid: the account, its group, and only that group")
    void uid() {
        kernel.user(0, 0, 0, 1, 2, 3);
        runs("runuid", "user", "prog");
        assertEquals(1000, kernel.userId());
        assertEquals(100, kernel.groupId());
        assertArrayEquals(new int[] {100}, kernel.groups());
    }

    @Test
    @DisplayName("runuid -g takes another group, -s the account's groups, -S those listed")
    void uidGroups() {
        runs("runuid", "-g", "pack", "-s", "user", "prog");
        assertEquals(8, kernel.groupId());
        assertArrayEquals(new int[] {8, 7}, kernel.groups());
        anew();
        runs("runuid", "-S", "crowd:pack", "user", "prog");
        assertArrayEquals(new int[] {100, 7, 8}, kernel.groups());
    }

    @Test
    @DisplayName("runuid: not root comes before everything else, an unknown name before any change")
    void uidMistakes() {
        refuses(111, "runuid: fatal: no account found for user nobody", "runuid", "nobody", "prog");
        refuses(111, "runuid: fatal: no group found for group none", "runuid", "-g", "none", "user", "prog");
        refuses(111, "runuid: fatal: no group found for \"none\" in grplist crowd:none",
                "runuid", "-S", "crowd:none", "user", "prog");
        refuses(100, "runuid: fatal: empty group name found in group list crowd:",
                "runuid", "-S", "crowd:", "user", "prog");
        String many = "pack:".repeat(31) + "pack";
        refuses(111, "runuid: fatal: too many group names in group list " + many,
                "runuid", "-S", many, "user", "prog");
        assertEquals(0, kernel.count(Act.SET_GROUPS));
        kernel.user(5, 5);
        refuses(100, "runuid: usage error: not running as super user", "runuid");
    }

    @Test
    @DisplayName("runuid: the program is sought and refused as the new user")
    void uidSeeks() {
        kernel.find("/bin/prog").mode(0700);
        refuses(111, "runuid: fatal: unable to run prog: access denied (EACCES)", "runuid", "user", "prog");
    }

    // ---- runlock ---------------------------------------------------------------------------------------------

    @Test
    @DisplayName("runlock: the program gets the locked descriptor, with its pid in the file")
    void lock() {
        Run run = Run.of(kernel, "runlock", "-p", "/tmp/lock", "prog");
        assertEquals(List.of(0, 1, 2, 3), run.executed().descriptors());
        assertEquals(kernel.pid() + "\n", kernel.find("/tmp/lock").text());
        assertEquals(kernel.pid(), kernel.find("/tmp/lock").lockedBy());
    }

    @Test
    @DisplayName("runlock: whatever is wrong with lock, mode or pid, the program is not run; -x makes it a silent 0")
    void lockFailures() {
        Act[] acts = {Act.OPEN, Act.LOCK, Act.CHANGE_MODE, Act.TRUNCATE};
        Errno[] errors = {Errno.EMFILE, Errno.ENOLCK, Errno.EROFS, Errno.EIO};
        for (int i = 0; i < acts.length; i++) {
            kernel.failNext(acts[i], errors[i]);
            lockFails(errors[i]);
        }
        kernel.space(0);
        lockFails(Errno.ENOSPC);
    }

    private void lockFails(Errno why) {
        Act act = why == Errno.EMFILE ? Act.OPEN : why == Errno.ENOLCK ? Act.LOCK
                : why == Errno.EROFS ? Act.CHANGE_MODE : Act.TRUNCATE;
        refuses(111, "runlock: fatal: unable to acquire lock on /tmp/lock: " + Errno.describe(why.number()),
                "runlock", "-p", "/tmp/lock", "prog");
        if (why != Errno.ENOSPC) kernel.failNext(act, why);
        Run run = Run.of(kernel, "runlock", "-px", "/tmp/lock", "prog");
        assertEquals(0, run.status());
        assertEquals("", run.errors());
        assertNull(run.executed());
    }

    @Test
    @DisplayName("runlock -b waits as long as it takes")
    void lockWaits() {
        kernel.file("/tmp/lock", "");
        FakeProcess holder = kernel.stranger(9).lock("/tmp/lock");
        kernel.after(86_400 * SECOND, () -> holder.exit(0));
        runs("runlock", "-b", "/tmp/lock", "prog");
        assertEquals(kernel.pid(), kernel.find("/tmp/lock").lockedBy());
    }

    @Test
    @DisplayName("runlock -c tells who holds it; what can't be told is 111, with -q in silence")
    void lockCheck() {
        kernel.file("/tmp/lock", "");
        refuses(0, "runlock: no lock held on /tmp/lock", "runlock", "-c", "/tmp/lock");
        kernel.stranger(9).lock("/tmp/lock");
        refuses(1, "runlock: lock held on /tmp/lock by pid 9", "runlock", "-c", "/tmp/lock", "ignored");
        kernel.failNext(Act.LOCK, Errno.EIO);
        refuses(111, "runlock: fatal: failure checking lock on /tmp/lock: input/output error (EIO)",
                "runlock", "-c", "/tmp/lock");
        kernel.failNext(Act.OPEN, Errno.EMFILE);
        Run run = Run.of(kernel, "runlock", "-cq", "/tmp/lock");
        assertEquals(111, run.status());
        assertEquals("", run.errors());
    }

    // ---- runenv ----------------------------------------------------------------------------------------------

    @Test
    @DisplayName("runenv -i drops what was inherited; -U sets the account's numbers over all else, and no more")
    void env() {
        kernel.file("/etc/env", "A=1\nUID=x\n");
        Run run = Run.of(kernel, "runenv", "-i", "-U", "user", "/etc/env", "prog");
        assertEquals(List.of("A=1", "UID=1000", "GID=100"), run.executed().environment());
        assertEquals(0, kernel.userId(), "privileges stay");
    }

    @Test
    @DisplayName("runenv: an unknown account is 111, and nothing is run")
    void envAccount() {
        kernel.file("/etc/env", "A=1\n");
        refuses(111, "runenv: fatal: no account for user nobody", "runenv", "-U", "nobody", "/etc/env", "prog");
        refuses(100, "runenv: usage error: missing required argument(s)", "runenv", "/etc/env");
    }

    @Test
    @DisplayName("runenv: an account number above 2^31 is written as the number it is")
    void envLargeNumbers() {
        kernel.account(new Account("far", (int) 4294967294L, (int) 3000000000L, "/", "/bin/sh"));
        kernel.file("/etc/env", "A=1\n");
        Run run = Run.of(kernel, "runenv", "-i", "-U", "far", "/etc/env", "prog");
        assertEquals(List.of("A=1", "GID=3000000000", "UID=4294967294"), run.executed().environment());
    }

    // ---- rundetach -------------------------------------------------------------------------------------------

    @Test
    @DisplayName("rundetach: 0 at once, the program is a child in a session of its own with our descriptors")
    void detach() {
        kernel.variables("PATH=/bin", "A=1");
        Run run = Run.of(kernel, "rundetach", "prog", "a\351");
        assertEquals(0, run.status());
        assertEquals("", run.errors());
        FakeProcess child = kernel.running().get(0);
        assertEquals(List.of("prog", "a\351"), child.argv());
        assertEquals(child.pid(), child.session());
        assertEquals(List.of("PATH=/bin", "A=1"), child.environment());
        assertTrue(child.has(0) && child.has(1) && child.has(2));
        assertNotEquals(kernel.session(), child.session());
    }

    @Test
    @DisplayName("rundetach: no room for a child is 111")
    void detachFails() {
        for (Errno errno : new Errno[] {Errno.EAGAIN, Errno.ENOMEM, Errno.EMFILE, Errno.ENFILE}) {
            kernel.failNext(Act.SPAWN, errno);
            refuses(111, "rundetach: fatal: failure to detach: " + Errno.describe(errno.number()), "rundetach", "prog");
        }
    }

    @Test
    @DisplayName("rundetach: a program that can't be run is named, and the status is 0 all the same")
    void detachUnknown() {
        refuses(0, "rundetach: fatal: unable to run nosuch: file does not exist (ENOENT)", "rundetach", "nosuch");
        kernel.file("/bin/text", "x").mode(0755);
        refuses(0, "rundetach: fatal: unable to run text: exec format error (ENOEXEC)", "rundetach", "text");
    }

    @Test
    @DisplayName("rundetach right behind runlock is refused: the lock ends with us. Further behind, the child has the descriptor only")
    void detachLocked() {
        refuses(100, "runlock: fatal: rundetach would lose the lock, which no child inherits; the right order is: rundetach "
                + "runlock /tmp/lock program", "runlock", "/tmp/lock", "rundetach", "prog");
        assertNull(kernel.find("/tmp/lock"));
        Run.of(kernel, "runlock", "/tmp/lock", "runsession", "rundetach", "prog");
        assertTrue(kernel.running().get(0).has(3));
        assertEquals(kernel.pid(), kernel.find("/tmp/lock").lockedBy());
    }

    @Test
    @DisplayName("rundetach -w: 0 as soon as another program runs, the status of a link that ends before")
    void detachWaits() {
        assertEquals(0, Run.of(kernel, "rundetach", "-w", "5", "prog").status());
        // A link of our own that fails after a second.
        kernel.whenSpawned(child -> kernel.after(SECOND, () -> child.exit(111)));
        long start = kernel.monotonicNanos();
        assertEquals(111, Run.of(kernel, "rundetach", "-w", "5", "runlock", "lock", "prog").status());
        assertEquals(SECOND, kernel.monotonicNanos() - start);
        kernel.whenSpawned(child -> { });
        start = kernel.monotonicNanos();
        assertEquals(0, Run.of(kernel, "rundetach", "-w", "5", "runlock", "lock", "prog").status());
        assertEquals(5 * SECOND, kernel.monotonicNanos() - start);
    }

    @Test
    @DisplayName("rundetach -n: 0 when the program has written something to that descriptor, otherwise 111")
    void detachReady() {
        kernel.whenSpawned(child -> kernel.after(SECOND, () -> child.write(7, "\n")));
        long start = kernel.monotonicNanos();
        assertEquals(0, Run.of(kernel, "rundetach", "-w", "5", "-n", "7", "prog").status());
        assertEquals(SECOND, kernel.monotonicNanos() - start);
        kernel.whenSpawned(child -> { });
        refusesRunning("rundetach: fatal: prog has not told in time that it is ready, and runs on", "-w", "5", "-n", "7");
        kernel.whenSpawned(child -> kernel.after(SECOND, () -> child.exit(0)));
        refusesRunning("rundetach: fatal: prog has ended without telling that it is ready", "-w", "5", "-n", "7");
        kernel.whenSpawned(child -> kernel.after(SECOND, () -> kernel.endBySignal(child.pid(), Signal.KILL)));
        Run run = Run.of(kernel, "rundetach", "-w", "5", "-n", "7", "prog");
        assertEquals("rundetach: fatal: prog was ended by SIGKILL\n", run.errors());
        assertEquals(137, run.status());
    }

    private void refusesRunning(String message, String... options) {
        String[] words = new String[options.length + 2];
        words[0] = "rundetach";
        System.arraycopy(options, 0, words, 1, options.length);
        words[words.length - 1] = "prog";
        Run run = Run.of(kernel, words);
        assertEquals(message + "\n", run.errors());
        assertEquals(111, run.status());
    }

    // ---- runlock -u, runsig, runfd ---------------------------------------------------------------------------

    @Test
    @DisplayName("runlock -u stays, hands on signals, removes the file and ends as the program did")
    void lockKept() {
        kernel.after(SECOND, () -> kernel.arrive(Signal.HUP));
        kernel.after(2 * SECOND, () -> {
            assertEquals(List.of(1), kernel.running().get(0).signals());
            assertFalse(kernel.running().get(0).has(3));
            assertEquals(kernel.pid() + "\n", kernel.find("/tmp/lock").text());
            kernel.end(kernel.running().get(0).pid(), 7);
        });
        kernel.whenSignalled((process, signal) -> { });
        assertEquals(7, Run.of(kernel, "runlock", "-pu", "/tmp/lock", "prog").status());
        assertNull(kernel.find("/tmp/lock"));
        kernel.whenSpawned(child -> kernel.after(SECOND, () -> kernel.endBySignal(child.pid(), Signal.TERM)));
        assertEquals(143, Run.of(kernel, "runlock", "-u", "/tmp/lock", "prog").status());
        Run run = Run.of(kernel, "runlock", "-u", "/tmp/lock", "nosuch");
        assertEquals("runlock: fatal: unable to run nosuch: file does not exist (ENOENT)\n", run.errors());
        assertEquals(111, run.status());
        assertNull(kernel.find("/tmp/lock"));
    }

    @Test
    @DisplayName("runsig ignores, resets and blocks, in the order given, and names what fails")
    void signals() {
        runs("runsig", "-i", "HUP,SIGINT,15", "-d", "INT", "-b", "USR1,12", "prog");
        assertTrue(kernel.ignores(Signal.HUP) && kernel.ignores(Signal.TERM) && !kernel.ignores(Signal.INT));
        assertTrue(kernel.blocks(Signal.USR1) && kernel.blocks(Signal.USR2) && !kernel.blocks(Signal.HUP));
        kernel = Run.kernel();
        kernel.program("/bin/prog");
        kernel.failNext(Act.IGNORE, Errno.EINVAL);
        refuses(111, "runsig: fatal: unable to reset SIGHUP: invalid argument (EINVAL)", "runsig", "-d", "HUP", "prog");
        kernel.failNext(Act.CLOSE, Errno.EIO);
        refuses(111, "runfd: fatal: failure closing descriptors from 3: input/output error (EIO)", "runfd", "-c", "3", "prog");
    }

    @Test
    @DisplayName("rundetach behind runenv: the child has the new environment")
    void detachEnvironment() {
        kernel.file("/etc/env", "A=1\n");
        Run.of(kernel, "runenv", "/etc/env", "rundetach", "prog");
        assertEquals(List.of("PATH=/sbin:/bin", "A=1"), kernel.running().get(0).environment());
    }

    // ---- runpause --------------------------------------------------------------------------------------------

    @Test
    @DisplayName("runpause: to the nanosecond, and 0 or nothing is for ever, until SIGALRM")
    void pause() {
        long start = kernel.monotonicNanos();
        runs("runpause", "4294967295", "prog");
        assertEquals(4294967295L * SECOND, kernel.monotonicNanos() - start);
        for (String forEver : new String[] {"0", ""}) {
            anew();
            start = kernel.monotonicNanos();
            kernel.after(10_000_000 * SECOND, () -> kernel.arrive(Signal.ALRM));
            runs("runpause", forEver, "prog");
            assertEquals(10_000_000 * SECOND, kernel.monotonicNanos() - start);
        }
    }

    @Test
    @DisplayName("runpause: SIGTERM ends it, the program is not run")
    void pauseTerm() {
        kernel.after(SECOND, () -> kernel.arrive(Signal.TERM));
        Run run = Run.of(kernel, "runpause", "5", "prog");
        assertEquals(Signal.TERM.number(), kernel.killedBy());
        assertNull(run.executed());
    }

    @Test
    @DisplayName("runpause: a step of the wall clock makes it neither shorter nor longer")
    void pauseClock() {
        long start = kernel.monotonicNanos();
        kernel.after(SECOND, () -> kernel.stepRealtime(-3600 * SECOND));
        kernel.after(2 * SECOND, () -> kernel.stepRealtime(7200 * SECOND));
        runs("runpause", "5", "prog");
        assertEquals(5 * SECOND, kernel.monotonicNanos() - start);
    }

    @Test
    @DisplayName("runpause: numbers that are none, or too large, are usage errors")
    void pauseNumbers() {
        for (String text : new String[] {"x", "1s", "4294967296", "1.5"}) {
            refuses(100, "runpause: usage error: bad numeric argument for secs: " + text, "runpause", text, "prog");
        }
        kernel.failNext(Act.SLEEP, Errno.ENOMEM);
        refuses(111, "runpause: fatal: failure waiting for 5 seconds: out of memory (ENOMEM)", "runpause", "5", "prog");
    }

    // ---- runsession, runlimit ----------------------------------------------------------------------------------

    @Test
    @DisplayName("runsession: a new session where that is possible, and the program in any case")
    void session() {
        runs("runsession", "prog");
        assertEquals(kernel.pid(), kernel.session());
        anew();
        kernel.groupLeader();
        runs("runsession", "prog");
        assertNotEquals(kernel.pid(), kernel.session());
    }

    @Test
    @DisplayName("runlimit: also as root, the hard limit stays")
    void limit() throws Exception {
        kernel.limited(Resource.NOFILE, new Limit(10, 20));
        runs("runlimit", "-o", "30", "prog");
        assertEquals(new Limit(20, 20), kernel.limit(Resource.NOFILE));
    }

    // ---- all -------------------------------------------------------------------------------------------------

    @Test
    @DisplayName("every tool answers -h and -V with one line on standard error, and an unknown option with two")
    void everyTool() {
        Index index = new Index();
        for (String name : index.names()) {
            assertEquals(name, index.find(name).usage().name());
            // catargs prints its words, whatever they are.
            if (index.find(name).usage().isVerbatim()) continue;
            Run help = Run.of(kernel, name, "-h");
            assertEquals(0, help.status());
            assertEquals(("usage: " + name + " " + index.find(name).usage().line()).stripTrailing(),
                    help.errors().stripTrailing());
            Run version = Run.of(kernel, name, "-V");
            // That of slm is QNX's, and tells how much to log.
            if (!name.equals("slm")) assertEquals(0, version.status());
            if (!name.equals("slm")) assertEquals(1, version.errors().lines().count(), version.errors());
            Run unknown = Run.of(kernel, name, "-~");
            assertEquals(100, unknown.status());
            assertEquals(2, unknown.errors().lines().count(), unknown.errors());
            assertEquals("", help.output() + version.output() + unknown.output());
        }
    }
}
