// SPDX-License-Identifier: Apache-2.0
package perpetua.chain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import perpetua.fake.Act;
import perpetua.fake.Executed;
import perpetua.fake.FakeKernel;
import perpetua.fake.Run;
import perpetua.sys.Account;
import perpetua.sys.Errno;
import perpetua.sys.Limit;
import perpetua.sys.Resource;
import perpetua.sys.SysException;
import tools.Index;

/** How a chain finds its next link (spec/perp.md section 1.5), and that running it in place can't be told. */
class ChainTest {
    private final FakeKernel kernel = Run.kernel();

    /** Runs it behind a link that changes nothing but the session. */
    private Run run(String... program) {
        List<String> words = new ArrayList<>(List.of("runsession"));
        words.addAll(List.of(program));
        return Run.of(kernel, words.toArray(new String[0]));
    }

    private void cannotRun(String why, String... program) {
        Run run = run(program);
        assertEquals("runsession: fatal: unable to run " + program[0] + ": " + why + "\n", run.errors());
        assertEquals(111, run.status());
        assertNull(run.executed());
    }

    private String found(String name) {
        Run run = run(name);
        assertEquals("", run.errors());
        return run.executed().path();
    }

    // ---- finding ---------------------------------------------------------------------------------------------

    @Test
    @DisplayName("a name is sought along PATH, the first that can be run is taken")
    void path() {
        kernel.variables("PATH=/a:/b:/c");
        kernel.directory("/a");
        kernel.program("/b/prog");
        kernel.program("/c/prog");
        assertEquals("/b/prog", found("prog"));
    }

    @Test
    @DisplayName("a name with a slash is taken as it is")
    void slash() {
        kernel.program("/other/prog");
        assertEquals("/other/prog", found("/other/prog"));
    }

    @Test
    @DisplayName("a relative path is taken from the working directory")
    void relative() throws Exception {
        kernel.program("/other/prog");
        kernel.changeDirectory("/other");
        assertEquals("./prog", found("./prog"));
    }

    @Test
    @DisplayName("an empty name does not exist")
    void emptyName() {
        cannotRun("file does not exist (ENOENT)", "");
    }

    @Test
    @DisplayName("a name that is nowhere does not exist")
    void nowhere() {
        cannotRun("file does not exist (ENOENT)", "prog");
        cannotRun("file does not exist (ENOENT)", "/none/prog");
    }

    @Test
    @DisplayName("an empty element of PATH is the working directory: leading, trailing or doubled colon")
    void emptyElement() throws Exception {
        kernel.program("/here/prog");
        kernel.changeDirectory("/here");
        for (String path : new String[] {":/b", "/b:", "/b::/c", ":"}) {
            FakeKernel each = new FakeKernel().variables("PATH=" + path);
            each.self("/sbin/runsession");
            each.program("/here/prog");
            each.changeDirectory("/here");
            assertEquals("./prog", Run.of(each, "runsession", "prog").executed().path(), path);
        }
    }

    @Test
    @DisplayName("without PATH, programs are sought in /bin and /usr/bin")
    void unsetPath() {
        kernel.variables();
        kernel.program("/usr/bin/prog");
        kernel.program("/sbin/prog");
        assertEquals("/usr/bin/prog", found("prog"));
    }

    @Test
    @DisplayName("with an empty PATH nothing is tried, and that is no error")
    void emptyPath() {
        kernel.variables("PATH=");
        kernel.program("/bin/prog");
        cannotRun("no error (EOK)", "prog");
        assertEquals(0, kernel.count(Act.EXEC));
    }

    @Test
    @DisplayName("what may not be run is passed over, and remembered when nothing else is found")
    void remembered() {
        kernel.variables("PATH=/a:/b:/c");
        kernel.file("/a/prog", "x").mode(0644);
        cannotRun("access denied (EACCES)", "prog");
        kernel.directory("/b/prog");
        cannotRun("access denied (EACCES)", "prog");
        kernel.program("/c/prog");
        assertEquals("/c/prog", found("prog"));
    }

    @Test
    @DisplayName("EPERM and EISDIR are passed over too, anything else ends the search")
    void whichFailures() {
        kernel.variables("PATH=/a:/b");
        kernel.program("/a/prog");
        kernel.program("/b/prog");
        for (Errno errno : new Errno[] {Errno.EPERM, Errno.EISDIR, Errno.EACCES, Errno.ENOENT}) {
            FakeKernel each = new FakeKernel().variables("PATH=/a:/b");
            each.self("/sbin/runsession");
            each.program("/b/prog");
            each.fault((act, subject) -> act == Act.EXEC && subject.equals("/a/prog") ? errno : null);
            assertEquals("/b/prog", Run.of(each, "runsession", "prog").executed().path());
        }
        for (Errno errno : new Errno[] {Errno.ENOTDIR, Errno.ELOOP, Errno.ENOEXEC, Errno.E2BIG, Errno.ETXTBSY}) {
            kernel.failNext(Act.EXEC, errno);
            cannotRun(Errno.describe(errno.number()), "prog");
        }
    }

    @Test
    @DisplayName("a file without #! is not tried with a shell")
    void noShell() {
        kernel.file("/bin/prog", "echo hello\n").mode(0755);
        cannotRun("exec format error (ENOEXEC)", "prog");
    }

    // ---- in place ----------------------------------------------------------------------------------------------

    @Test
    @DisplayName("a tool of the same binary runs in this process: one exec for the whole chain")
    void inPlace() {
        kernel.program("/bin/prog");
        Run run = run("runsession", "runpause", "1", "runsession", "/bin/prog", "a");
        assertEquals("/bin/prog a", run.became());
        assertEquals(1, kernel.count(Act.EXEC));
        assertEquals(3, kernel.count(Act.NEW_SESSION));
    }

    @Test
    @DisplayName("PERPETUA_EXEC=always executes each link")
    void always() {
        kernel.variables("PATH=/sbin:/bin", "PERPETUA_EXEC=always");
        kernel.program("/bin/prog");
        assertEquals("runsession prog a", run("runsession", "prog", "a").became());
    }

    @Test
    @DisplayName("any other value of it has no effect")
    void notAlways() {
        kernel.variables("PATH=/sbin:/bin", "PERPETUA_EXEC=");
        kernel.program("/bin/prog");
        assertEquals("prog a", run("runsession", "prog", "a").became());
    }

    @Test
    @DisplayName("another program of a tool's name, earlier on PATH, is executed")
    void shadowed() {
        kernel.variables("PATH=/local:/sbin:/bin");
        kernel.program("/local/runpause");
        Run run = run("runpause", "5", "prog");
        assertEquals("/local/runpause", run.executed().path());
    }

    @Test
    @DisplayName("so is a tool of ours that may not be executed: the kernel says why")
    void notExecutable() {
        kernel.self().mode(0644);
        cannotRun("access denied (EACCES)", "runpause", "1", "prog");
    }

    @Test
    @DisplayName("a file elsewhere that is this binary runs in place, whatever the path")
    void otherPath() {
        kernel.self("/elsewhere/runpause");
        kernel.symlink("/linked/runpause", "../elsewhere/runpause");
        kernel.program("/bin/prog");
        assertEquals("prog", run("/linked/runpause", "1", "prog").became());
        assertEquals(1, kernel.count(Act.SLEEP));
    }

    @Test
    @DisplayName("messages of a link name that link")
    void names() {
        assertEquals("runpause: usage error: missing required argument(s)\n"
                + "usage: runpause [-hV] [-L label] secs program [args ...]\n", run("runpause", "5").errors());
        assertEquals("runpause: fatal: unable to run nosuch: file does not exist (ENOENT)\n",
                run("/sbin/runpause", "5", "nosuch").errors());
    }

    @Test
    @DisplayName("runenv finds its program by the PATH it was started with, not by the one it sets")
    void changedPath() {
        kernel.file("/etc/env", "PATH=/new\n");
        kernel.program("/bin/prog");
        kernel.program("/new/prog");
        Run run = run("runenv", "/etc/env", "prog");
        assertEquals("/bin/prog", run.executed().path());
        assertEquals(List.of("PATH=/new"), run.executed().environment());
    }

    @Test
    @DisplayName("the link after it, in place or not, goes by the new PATH")
    void changedPathNextLink() {
        kernel.file("/etc/env", "PATH=/new\n");
        kernel.program("/bin/prog");
        kernel.program("/new/prog");
        assertEquals("/new/prog", run("runenv", "/etc/env", "runsession", "prog").executed().path());
    }

    @Test
    @DisplayName("an environment that nobody changes is passed on as it is, even with what is no variable in it")
    void unchangedEnvironment() {
        kernel.variables("PATH=/sbin:/bin", "A=1", "odd", "A=2", "=x");
        kernel.program("/bin/prog");
        assertEquals(List.of("PATH=/sbin:/bin", "A=1", "odd", "A=2", "=x"),
                run("runpause", "1", "prog").executed().environment());
    }

    @Test
    @DisplayName("every byte passes through: argument, variable and path")
    void bytes() {
        kernel.variables("PATH=/sbin:/b\351", "V=\351\377");
        kernel.program("/b\351/p\377");
        Run run = run("runpause", "1", "p\377", "\351\377", "\001\200");
        assertEquals(new Executed("/b\351/p\377", List.of("p\377", "\351\377", "\001\200"),
                List.of("PATH=/sbin:/b\351", "V=\351\377"), List.of(0, 1, 2)), run.executed());
    }

    @Test
    @DisplayName("a chain of 100,000 links is a matter of moments")
    void long100000() {
        kernel.program("/bin/prog");
        List<String> words = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) words.add("runsession");
        words.add("prog");
        Run run = Run.of(kernel, new Index(), "/sbin/runsession", words);
        assertEquals("prog", run.became());
        assertEquals(100_000, kernel.count(Act.NEW_SESSION));
    }

    // ---- entering ----------------------------------------------------------------------------------------------

    @Test
    @DisplayName("the path that was executed tells the tool, whatever argv[0] is")
    void entered() {
        kernel.program("/bin/prog");
        Run run = Run.of(kernel, new Index(), "/sbin/runpause", List.of("alias", "x", "prog"));
        assertEquals("alias: usage error: bad numeric argument for secs: x\n"
                + "usage: alias [-hV] [-L label] secs program [args ...]\n", run.errors());
    }

    @Test
    @DisplayName("where the path is unknown or tells nothing, argv[0] does; where neither does, it is perpetua")
    void enteredByName() {
        kernel.program("/bin/prog");
        assertEquals("prog", Run.of(kernel, new Index(), "", List.of("/sbin/runpause", "1", "prog")).became());
        FakeKernel other = Run.kernel();
        assertTrue(Run.of(other, new Index(), "/sbin/other", List.of("other", "-h")).errors()
                .startsWith("usage: other [-hV] -l"));
        assertEquals(100, Run.of(other, new Index(), "", List.of()).status());
    }

    @Test
    @DisplayName("a script whose first line names a tool is run by that tool, though its own name be another's")
    void script() {
        kernel.file("/home/runpause", "#!/sbin/runsession\n").mode(0755);
        kernel.program("/bin/prog");
        Run run = Run.of(kernel, new Index(), "/home/runpause", List.of("/sbin/runsession", "/bin/prog"));
        assertEquals("/bin/prog", run.became());
        assertEquals(0, kernel.count(Act.SLEEP));
    }

    // ---- the two ways agree --------------------------------------------------------------------------------------

    @Test
    @DisplayName("random chains end alike, in place and link by link: program, environment, limits, ids, locks, words")
    void bothWaysAgree() {
        long seed = Long.getLong("perpetua.seed", System.nanoTime());
        System.out.println("random chains: -Dperpetua.seed=" + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 2000; i++) {
            List<String> chain = randomChain(random);
            assertEquals(state(chain, false), state(chain, true), () -> "seed " + seed + ", chain " + chain);
        }
    }

    private static List<String> randomChain(Random random) {
        List<String> words = new ArrayList<>();
        for (int links = 1 + random.nextInt(6); links > 0; links--) {
            String prefix = random.nextInt(8) == 0 ? "/sbin/" : "";
            words.addAll(switch (random.nextInt(7)) {
                case 0 -> List.of(prefix + "runsession");
                case 1 -> List.of(prefix + "runpause", "1");
                case 2 -> List.of(prefix + "runlock", "-p" + (random.nextBoolean() ? "x" : ""),
                        "/tmp/lock" + random.nextInt(3));
                case 3 -> List.of(prefix + "runlimit", "-" + "cot".charAt(random.nextInt(3)), "" + random.nextInt(99));
                case 4 -> List.of(prefix + "runlimit", "-E");
                case 5 -> List.of(prefix + "runuid", random.nextInt(4) == 0 ? "root" : "user");
                default -> List.of(prefix + "runenv", "/etc/env" + random.nextInt(6));
            });
        }
        words.add(random.nextInt(6) == 0 ? "nosuch" : "prog");
        words.add("\351");
        return words;
    }

    private static String state(List<String> chain, boolean always) {
        FakeKernel kernel = Run.kernel();
        // The same length of the environment both ways, so that only the way differs.
        kernel.variables("PATH=/sbin:/bin", "A=1", "RLIMIT_NOFILE=64", "PERPETUA_EXEC=" + (always ? "always" : "never"));
        kernel.account(new Account("root", 0, 0, "/root", "/bin/sh"));
        kernel.account(new Account("user", 1000, 100, "/home", "/bin/sh"));
        kernel.limited(Resource.CORE, new Limit(50, 80));
        kernel.program("/bin/prog");
        kernel.program("/new/prog");
        kernel.file("/etc/env0", "A=2\nB=\\_x\n");
        kernel.file("/etc/env1", "A\n");
        kernel.file("/etc/env2", "PATH=/new:/sbin\n");
        kernel.file("/etc/env3", "RLIMIT_CORE=7\nRLIMIT_NOFILE=x\n").mode(0600);
        kernel.file("/etc/env4", "PATH\n");
        kernel.file("/tmp/lock2", "");
        kernel.stranger(77).lock("/tmp/lock2");
        Index tools = new Index();
        String first = chain.get(0);
        Run run = Run.of(kernel, tools, first.startsWith("/") ? first : "/sbin/" + first, chain);
        String errors = run.errors();
        Executed executed = run.executed();
        while (executed != null && kernel.isSelf(executed.path())) {
            kernel.proceed();
            run = Run.of(kernel, tools, executed.path(), executed.argv());
            errors += run.errors();
            executed = run.executed();
        }
        StringBuilder state = new StringBuilder(run.status() + " " + errors);
        if (executed != null) {
            List<String> environment = new ArrayList<>(executed.environment());
            environment.remove("PERPETUA_EXEC=always");
            environment.remove("PERPETUA_EXEC=never");
            state.append(executed.path()).append(executed.argv()).append(environment).append(executed.descriptors());
        }
        state.append(" ids ").append(kernel.userId()).append(' ').append(kernel.groupId());
        state.append(" session ").append(kernel.session()).append(' ').append(kernel.monotonicNanos());
        for (int i = 0; i < 3; i++) {
            var lock = kernel.find("/tmp/lock" + i);
            state.append(lock == null ? " none" : " " + lock.lockedBy() + lock.text().trim());
        }
        for (Resource resource : List.of(Resource.CORE, Resource.NOFILE, Resource.CPU)) {
            try {
                state.append(' ').append(kernel.limit(resource));
            } catch (SysException e) {
                throw new AssertionError(e);
            }
        }
        return state.toString();
    }

    @Test
    @DisplayName("perpetua lists the tools, and runs one by its name")
    void perpetua() {
        kernel.program("/bin/prog");
        Run run = Run.of(kernel, "perpetua", "-l");
        assertArrayEquals(new Index().names(), run.output().split("\n"));
        assertEquals("prog x", Run.of(kernel, "perpetua", "runpause", "1", "prog", "x").became());
        FakeKernel other = Run.kernel();
        assertEquals("perpetua: usage error: no such tool: nosuch\nusage: perpetua [-hV] -l | tool [args ...]\n",
                Run.of(other, "perpetua", "nosuch").errors());
    }
}
