// SPDX-License-Identifier: Apache-2.0
package perpetua.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static perpetua.api.Link.Limit.OPEN_FILES;
import static perpetua.api.Link.env;
import static perpetua.api.Link.limit;
import static perpetua.api.Link.lock;
import static perpetua.api.Link.session;
import static perpetua.api.Link.tool;
import static perpetua.api.Link.user;
import static perpetua.api.Link.withoutEnv;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Children that a Java program starts through a chain, run by the installed tools and by those of the library. */
class ChainTest {
    private static final Path NATIVE = Path.of("build/bin");

    @TempDir
    Path scratch;

    private static Suite installed() {
        assumeTrue(Files.isExecutable(NATIVE.resolve("perpetua")), "needs the native edition: make native");
        return Suite.installed(NATIVE);
    }

    private static String output(Process process) throws Exception {
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String complaint = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), complaint);
        return text.trim();
    }

    private void chain(Suite suite) throws Exception {
        Chain chain = Chain.of(limit(OPEN_FILES, 100), env("GREETING", "a b"), withoutEnv("HOME"), lock(scratch.resolve("a lock")))
                .then(session()).by(suite);
        assertEquals("100 a b none x  y", output(chain.start("sh", "-c",
                "echo $(ulimit -n) \"$GREETING\" ${HOME:-none} \"$1\"", "-", "x  y")));
        assertTrue(Files.exists(scratch.resolve("a lock")));
        Process alone = chain.start("sh", "-c", "echo $$ $(cut -d' ' -f6 /proc/$$/stat)");
        assertEquals(alone.pid() + " " + alone.pid(), output(alone), "one process, which leads a session");
    }

    @Test
    @DisplayName("the installed tools run a chain")
    void byInstalled() throws Exception {
        chain(installed());
    }

    @Test
    @DisplayName("where no tools are installed, those of the library do")
    void byBundled() throws Exception {
        chain(Suite.bundled());
    }

    @Test
    @DisplayName("a link that fails ends the child with 111 and a sentence")
    void failure() throws Exception {
        Process process = Chain.of(tool("runenv", "/no/such/file")).by(installed()).start("true");
        String complaint = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(111, process.waitFor());
        assertTrue(complaint.startsWith("runenv: fatal: ") && complaint.endsWith("(ENOENT)\n"), complaint);
    }

    @Test
    @DisplayName("links become words in the order given, variables become the environment")
    void words() throws Exception {
        ProcessBuilder prepared = Chain.of(user("www"), env("A", "1"), limit(OPEN_FILES, 5)).by(Suite.installed(Path.of("/t")))
                .prepare("server", "-q");
        assertEquals(List.of("/t/runuid", "--", "www", "/t/runlimit", "-o", "5", "server", "-q"), prepared.command());
        assertEquals("1", prepared.environment().get("A"));
        assertEquals(List.of("server"), Chain.of().prepare("server").command());
    }

    @Test
    @DisplayName("without tools where they are said to be, the start fails")
    void none() {
        Chain chain = Chain.of(session()).by(Suite.installed(scratch));
        assertThrows(IOException.class, () -> chain.start("true"));
    }

    @Test
    @DisplayName("what can't be meant is refused")
    void refused() {
        assertThrows(IllegalArgumentException.class, () -> limit(OPEN_FILES, -1));
        assertThrows(IllegalArgumentException.class, () -> env("A=B", ""));
        assertThrows(IllegalArgumentException.class, () -> tool("../sh"));
    }
}
