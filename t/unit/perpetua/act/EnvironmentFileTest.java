// SPDX-License-Identifier: Apache-2.0
package perpetua.act;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import perpetua.fake.Act;
import perpetua.fake.FakeKernel;
import perpetua.fake.Run;
import perpetua.sys.Errno;

/** Environments from files and directories, as runenv reads them: spec/perp.md section 6. */
class EnvironmentFileTest {
    private FakeKernel kernel;

    @BeforeEach
    void anew() {
        kernel = Run.kernel();
        kernel.program("/bin/prog");
    }

    private List<String> file(String content, String... before) {
        kernel.file("/etc/env", content);
        return run("/etc/env", before);
    }

    /** The environment behind runenv; PATH, which comes first, left out. */
    private List<String> run(String source, String... before) {
        String[] variables = new String[before.length + 1];
        variables[0] = "PATH=/sbin:/bin";
        System.arraycopy(before, 0, variables, 1, before.length);
        kernel.variables(variables);
        Run run = Run.of(kernel, "runenv", source, "prog");
        assertEquals("", run.errors());
        List<String> environment = run.executed().environment();
        kernel.proceed();
        return environment.subList(1, environment.size());
    }

    private void refuses(int status, String message, String source) {
        Run run = Run.of(kernel, "runenv", source, "prog");
        assertEquals("runenv: " + message + "\n", run.errors().replaceFirst("(?s)usage: .*", ""));
        assertEquals(status, run.status());
        assertNull(run.executed(), "the program did not run");
    }

    @Test
    @DisplayName("NAME=value sets, in place or at the end; NAME= sets the empty string; NAME alone unsets")
    void lines() {
        assertEquals(List.of("B=2", "A=", "C=3"), file("C=3\nA=\nX\nNONE\n", "B=2", "X=9", "A=1"));
    }

    @Test
    @DisplayName("the first = splits, blanks around both are taken off, blanks inside stand")
    void splitting() {
        assertEquals(List.of("A=b = c", "export D=1"), file("  A \t=\t b = c \n export D = 1\n"));
    }

    @Test
    @DisplayName("a line without a name is ignored, a later line wins, even over itself")
    void laterWins() {
        assertEquals(List.of("A=2"), file("=x\n = y\nA=1\nB=1\nA=2\nB\n"));
    }

    @Test
    @DisplayName("names that share all but the last character are different: DB1, DB2, A, B (D-5)")
    void alike() {
        assertEquals(List.of("DB2=b", "A=1", "DB1=c", "B=2"), file("DB1\nDB1=c\nB=2\n", "DB1=a", "DB2=b", "A=1"));
        assertEquals(List.of("B=2"), file("A\n", "A=1", "B=2"));
        assertEquals(List.of("AA=1", "A=3"), file("A=3\n", "AA=1"));
    }

    @Test
    @DisplayName("escapes are decoded in values, after trimming; anything else behind a backslash stands")
    void escapes() {
        assertEquals(List.of("A=a\nb\tc d\\e", "B= x ", "C=\\x\\", "D=\\n", "E\\n=1"),
                file("A=a\\nb\\tc\\_d\\\\e\nB= \\_x\\_ \nC=\\x\\\nD=\\\\n\nE\\n=1\n"));
    }

    @Test
    @DisplayName("a value may be quoted text, which is taken as it is, or any bytes")
    void noQuoting() {
        assertEquals(List.of("A=\"$HOME\" '#'", "\351=\377"), file("A=\"$HOME\" '#'\n\351=\377\n"));
    }

    @Test
    @DisplayName("a directory: each file a variable, its first line the value, trimmed and decoded")
    void directory() {
        kernel.file("/env/A", "  one\\ttwo \nsecond line\n");
        kernel.file("/env/B", "x");
        kernel.file("/env/.hidden", "x");
        kernel.file("/env/N", "be\000fore\n");
        kernel.file("/env/C=D", "e\n");
        kernel.symlink("/env/L", "A");
        assertEquals(List.of("B=x", "A=one\ttwo", "N=be", "C=D=e", "L=one\ttwo"), run("/env", "B=1"));
    }

    @Test
    @DisplayName("an empty file, a blank first line or one that a NUL begins unsets")
    void directoryUnsets() {
        kernel.file("/env/A", "");
        kernel.file("/env/B", " \t\nx\n");
        kernel.file("/env/C", "\000x\n");
        kernel.file("/env/D", "#d\n");
        assertEquals(List.of("D=#d"), run("/env", "A=1", "B=1", "C=1"));
    }

    @Test
    @DisplayName("a subdirectory in it is EISDIR (D-4), an unreadable file says why; the program is not run")
    void directoryRefusals() {
        kernel.directory("/env/sub");
        refuses(111, "fatal: error reading /env/sub: is a directory (EISDIR)", "/env");
        kernel.remove("/env/sub");
        kernel.symlink("/env/dangling", "nowhere");
        refuses(111, "fatal: unable to open /env/dangling: file does not exist (ENOENT)", "/env");
        kernel.failNext(Act.LIST, Errno.EMFILE);
        refuses(111, "fatal: unable to open directory /env: process cannot open more files (EMFILE)", "/env");
    }

    @Test
    @DisplayName("a missing source is 111; a FIFO or device is a mistake")
    void sources() {
        refuses(111, "fatal: unable to stat /none: file does not exist (ENOENT)", "/none");
        kernel.fifo("/etc/fifo");
        refuses(100, "usage error: argument is not a file or directory: /etc/fifo", "/etc/fifo");
        refuses(100, "usage error: argument is not a file or directory: /dev/null", "/dev/null");
    }

    @Test
    @DisplayName("- is standard input, as a file")
    void standardInput() {
        kernel.input("A=1\n#\nB\n");
        assertEquals(List.of("A=1"), run("-", "B=2"));
    }

    @Test
    @DisplayName("a symbolic link to a source is followed")
    void linked() {
        kernel.file("/etc/env", "A=1\n");
        kernel.symlink("/etc/link", "env");
        assertEquals(List.of("A=1"), run("/etc/link"));
    }

    @Test
    @DisplayName("a thousand variables, each replaced and each unset, are done in a moment")
    void many() {
        StringBuilder sets = new StringBuilder();
        String[] before = new String[1000];
        for (int i = 0; i < 1000; i++) {
            before[i] = "V" + i + "=1";
            sets.append("V").append(i).append("=2\n");
            if (i % 2 == 0) sets.append("V").append(i).append('\n');
        }
        assertEquals(500, file(sets.toString(), before).size());
    }
}
