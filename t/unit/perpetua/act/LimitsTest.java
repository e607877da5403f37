// SPDX-License-Identifier: Apache-2.0
package perpetua.act;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import perpetua.fake.Act;
import perpetua.fake.FakeKernel;
import perpetua.fake.Run;
import perpetua.sys.Errno;
import perpetua.sys.Limit;
import perpetua.sys.Resource;
import perpetua.sys.SysException;

/** Where soft limits come from, and which wish counts: spec/perp.md section 6, runlimit. */
class LimitsTest {
    private FakeKernel kernel;

    @BeforeEach
    void anew() {
        kernel = Run.kernel();
        kernel.program("/bin/prog");
        for (Resource resource : Resource.values()) kernel.limited(resource, new Limit(500, 1000));
    }

    private Run run(String... options) {
        List<String> words = new ArrayList<>(List.of("runlimit"));
        words.addAll(List.of(options));
        words.add("prog");
        return Run.of(kernel, words.toArray(new String[0]));
    }

    private void runs(String... options) {
        Run run = run(options);
        assertEquals("", run.errors());
        assertEquals("prog", run.became());
    }

    private void refuses(int status, String message, String... options) {
        Run run = run(options);
        assertEquals("runlimit: " + message + "\n", run.errors().replaceFirst("(?s)usage: .*", ""));
        assertEquals(status, run.status());
        assertNull(run.executed(), "the program did not run");
        assertEquals(0, kernel.count(Act.SET_LIMIT), "no limit was touched");
    }

    private long soft(Resource resource) {
        try {
            Limit limit = kernel.limit(resource);
            assertEquals(1000, limit.hard(), "the hard limit is never touched");
            return limit.soft();
        } catch (SysException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @DisplayName("each option sets the soft limit of its resource, and no other")
    void options() {
        runs("-a1", "-c2", "-d3", "-f4", "-l5", "-o6", "-p7", "-r8", "-s9", "-t", "10");
        Resource[] inOrder = {Resource.AS, Resource.CORE, Resource.DATA, Resource.FSIZE, Resource.MEMLOCK,
            Resource.NOFILE, Resource.NPROC, Resource.RSS, Resource.STACK, Resource.CPU};
        for (int i = 0; i < inOrder.length; i++) assertEquals(i + 1, soft(inOrder[i]), inOrder[i].name());
        assertEquals(500, soft(Resource.LOCKS));
    }

    @Test
    @DisplayName("-m sets four at once; the last of several wishes counts")
    void memory() {
        runs("-s", "1", "-m", "2", "-d", "3");
        assertEquals(2, soft(Resource.AS));
        assertEquals(3, soft(Resource.DATA));
        assertEquals(2, soft(Resource.MEMLOCK));
        assertEquals(2, soft(Resource.STACK));
        assertEquals(500, soft(Resource.RSS));
    }

    @Test
    @DisplayName("what begins with =, ^ or _ is the hard limit, what is above it too, the empty string is 0")
    void values() {
        runs("-a=", "-c", "^x", "-d_", "-f", "1001", "-l", "", "-o", "9223372036854775807");
        assertEquals(1000, soft(Resource.AS));
        assertEquals(1000, soft(Resource.CORE));
        assertEquals(1000, soft(Resource.DATA));
        assertEquals(1000, soft(Resource.FSIZE));
        assertEquals(0, soft(Resource.MEMLOCK));
        assertEquals(1000, soft(Resource.NOFILE));
    }

    @Test
    @DisplayName("4 GiB and more can be asked for (D-9)")
    void large() throws SysException {
        kernel.limited(Resource.AS, new Limit(5, Limit.INFINITY));
        runs("-a", "10000000000");
        assertEquals(new Limit(10000000000L, Limit.INFINITY), kernel.limit(Resource.AS));
    }

    @Test
    @DisplayName("no number is a usage error that names the option")
    void notNumbers() {
        refuses(100, "usage error: option -o: non-numeric argument for resource RLIMIT_NOFILE: unlimited",
                "-o", "unlimited");
        refuses(100, "usage error: option -m: non-numeric argument for resource RLIMIT_AS: -1", "-m", "-1");
    }

    @Test
    @DisplayName("a file gives limits by name; its first occurrence of one counts, whatever comes later")
    void file() {
        kernel.file("/etc/lim", "# limits\n RLIMIT_CORE = 1 \nRLIMIT_CORE=nonsense\nRLIMIT_NOFILE=2\n=x\n");
        runs("-F", "/etc/lim");
        assertEquals(1, soft(Resource.CORE));
        assertEquals(2, soft(Resource.NOFILE));
    }

    @Test
    @DisplayName("only the last -F is read; - is standard input")
    void lastFile() {
        kernel.input("RLIMIT_CORE=3\n");
        runs("-F", "/none", "-F", "-");
        assertEquals(3, soft(Resource.CORE));
    }

    @Test
    @DisplayName("the command line goes before the file, the file before the environment")
    void precedence() {
        kernel.file("/etc/lim", "RLIMIT_CORE=nonsense\nRLIMIT_DATA=2\n");
        kernel.variables("PATH=/bin", "RLIMIT_CORE=nonsense", "RLIMIT_DATA=nonsense", "RLIMIT_CPU=3");
        runs("-E", "-F", "/etc/lim", "-c", "1");
        assertEquals(1, soft(Resource.CORE));
        assertEquals(2, soft(Resource.DATA));
        assertEquals(3, soft(Resource.CPU));
    }

    @Test
    @DisplayName("without -E the environment does not count")
    void noEnvironment() {
        kernel.variables("PATH=/bin", "RLIMIT_CORE=1");
        runs("-t", "3");
        assertEquals(500, soft(Resource.CORE));
    }

    @Test
    @DisplayName("an empty or bad value is a usage error in a file and in the environment")
    void badValues() {
        kernel.file("/etc/lim", "\nRLIMIT_CORE=\n");
        refuses(100, "usage error: NULL or empty argument for resource RLIMIT_CORE found in /etc/lim",
                "-F", "/etc/lim");
        kernel.file("/etc/lim", "RLIMIT_CORE=x\n");
        refuses(100, "usage error: non-numeric argument for resource RLIMIT_CORE from /etc/lim: x", "-F", "/etc/lim");
        kernel.variables("PATH=/bin", "RLIMIT_CPU=");
        refuses(100, "usage error: NULL or empty argument for resource RLIMIT_CPU found in environment", "-E");
        kernel.variables("PATH=/bin", "RLIMIT_CPU=1x");
        refuses(100, "usage error: non-numeric argument for resource RLIMIT_CPU from environment: 1x", "-E");
    }

    @Test
    @DisplayName("a line that is no limit is 111, with its number")
    void badLines() {
        kernel.file("/etc/lim", "\n#\nRLIMIT_CORE 5\n");
        refuses(111, "fatal: empty value or format error found in /etc/lim, line 3: protocol error (EPROTO)",
                "-F", "/etc/lim");
        kernel.file("/etc/lim", "CORE=5\n");
        refuses(111, "fatal: unknown resource found in /etc/lim, line 1: CORE: protocol error (EPROTO)",
                "-F", "/etc/lim");
        refuses(111, "fatal: unable to open /none: file does not exist (ENOENT)", "-F", "/none");
    }

    @Test
    @DisplayName("a limit that the kernel refuses is 111, and the program is not run")
    void refused() {
        kernel.failNext(Act.SET_LIMIT, Errno.EPERM);
        Run run = run("-c", "5");
        assertEquals("runlimit: fatal: failure setrlimit() for resource RLIMIT_CORE: permission denied (EPERM)\n",
                run.errors());
        assertEquals(111, run.status());
        assertNull(run.executed());
    }

    @Test
    @DisplayName("VMEM is AS by another name, and is applied after it")
    void vmem() {
        kernel.file("/etc/lim", "RLIMIT_VMEM=7\nRLIMIT_AS=8\n");
        runs("-F", "/etc/lim");
        assertEquals(7, soft(Resource.AS));
    }

    @Test
    @DisplayName("limits are applied in a fixed order, whatever the order of the options")
    void order() {
        List<String> applied = new ArrayList<>();
        kernel.fault((act, subject) -> {
            if (act == Act.SET_LIMIT) applied.add(subject);
            return null;
        });
        runs("-t1", "-s1", "-r1", "-p1", "-o1", "-l1", "-f1", "-d1", "-c1", "-a1");
        assertEquals(List.of("AS", "CORE", "DATA", "FSIZE", "MEMLOCK", "NOFILE", "NPROC", "RSS", "STACK", "CPU"),
                applied);
    }

    @Test
    @DisplayName("-v warns where a wish is cut down")
    void warns() {
        Run run = run("-v", "-c", "1001", "-t", "999");
        assertEquals("runlimit warning: option -c: truncating runlimit request for RLIMIT_CORE to hard limit: 1000\n",
                run.errors());
        assertEquals("prog", run.became());
    }

    @Test
    @DisplayName("a resource that this kernel does not know is passed over, with a warning under -v")
    void unknownResource() {
        kernel.limited(Resource.MEMLOCK, null);
        Run run = run("-m", "5", "-c", "6");
        assertEquals("prog", run.became(), run.errors());
        assertEquals(5, soft(Resource.STACK));
        assertEquals(6, soft(Resource.CORE));
        kernel.proceed();
        assertEquals("runlimit warning: option -l: RLIMIT_MEMLOCK is not provided on this platform\n",
                run("-v", "-l", "5").errors());
    }
}
