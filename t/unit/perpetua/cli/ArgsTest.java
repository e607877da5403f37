// SPDX-License-Identifier: Apache-2.0
package perpetua.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import perpetua.fake.FakeKernel;

/** Command lines, taken apart as spec/perp.md section 1.1 has it. */
class ArgsTest {
    private static final Usage USAGE = Usage.of("tool", "gLb:q", "[-hV] [-gLq] [-b dir] word ...");

    private final FakeKernel kernel = new FakeKernel();
    private String seen;

    /** Runs a tool that notes its options and operands. @return the status */
    private int run(String... words) {
        return run(USAGE, words);
    }

    private int run(Usage usage, String... words) {
        seen = null;
        kernel.forgetOutput();
        return Tool.of(usage, (args, k, chain) -> {
            List<String> parts = new ArrayList<>();
            for (int i = 0; i < args.options(); i++) {
                String value = args.value(i);
                parts.add(value == null ? "-" + args.letter(i) : "-" + args.letter(i) + "=" + value);
            }
            parts.add("|");
            parts.addAll(args.rest());
            seen = String.join(" ", parts);
            return 0;
        }).run(List.of(words), kernel, null);
    }

    private void reads(String expected, String... words) {
        assertEquals(0, run(words));
        assertEquals(expected, seen);
        assertEquals("", kernel.errors());
    }

    private void refuses(int status, String errors, String... words) {
        assertEquals(status, run(words));
        assertNull(seen, "the body did not run");
        assertEquals(errors, kernel.errors());
        assertEquals("", kernel.output());
    }

    private static final String LINE = "usage: tool [-hV] [-gLq] [-b dir] word ...\n";

    @Test
    @DisplayName("no option at all")
    void none() {
        reads("|", "tool");
        reads("| a b", "tool", "a", "b");
        reads("|  a", "tool", "", "a");
    }

    @Test
    @DisplayName("flags may be bundled, the last of them may take an argument")
    void bundles() {
        reads("-g -L -q |", "tool", "-gLq");
        reads("-g -b=/dir | x", "tool", "-gb/dir", "x");
        reads("-g -b=/dir | x", "tool", "-gb", "/dir", "x");
        reads("-b=gq |", "tool", "-bgq");
    }

    @Test
    @DisplayName("an argument may be glued or the next word, even one that begins with a dash, or is empty")
    void arguments() {
        reads("-b=/dir |", "tool", "-b/dir");
        reads("-b=/dir |", "tool", "-b", "/dir");
        reads("-b=-g |", "tool", "-b", "-g");
        reads("-b=-- | -g", "tool", "-b", "--", "--", "-g");
        reads("-b= |", "tool", "-b", "");
        reads("-b=- |", "tool", "-b", "-");
    }

    @Test
    @DisplayName("options end at the first operand: there is no permutation")
    void noPermutation() {
        reads("-g | a -L --", "tool", "-g", "a", "-L", "--");
    }

    @Test
    @DisplayName("a lone dash is an operand, -- is dropped")
    void dashes() {
        reads("-g | - -L", "tool", "-g", "-", "-L");
        reads("-g | -L", "tool", "-g", "--", "-L");
        reads("| --", "tool", "--", "--");
    }

    @Test
    @DisplayName("the order typed is kept, and the last of several counts")
    void order() {
        reads("-b=1 -g -b=2 |", "tool", "-b1", "-g", "-b2");
        Tool.of(USAGE, (args, k, chain) -> {
            assertEquals("2", args.value('b'));
            assertEquals("2", args.value('b', "x"));
            assertNull(args.value('g'));
            assertEquals("x", args.value('q', "x"));
            return 0;
        }).run(List.of("tool", "-b1", "-g", "-b2"), kernel, null);
        assertEquals("", kernel.errors());
    }

    @Test
    @DisplayName("-h prints the usage line, -V the version line, at once, on standard error, with status 0")
    void helpAndVersion() {
        refuses(0, LINE, "tool", "-h");
        refuses(0, "tool: version: 2.07\n", "tool", "-V");
        refuses(0, LINE, "tool", "-hV");
        refuses(0, "tool: version: 2.07\n", "tool", "-Vh");
        refuses(0, LINE, "tool", "-gh", "-Z");
        refuses(100, "tool: usage error: invalid option: -Z\n" + LINE, "tool", "-Zh");
        reads("-b=h |", "tool", "-bh");
        reads("| -h", "tool", "--", "-h");
    }

    @Test
    @DisplayName("an unknown option and a missing argument are usage errors")
    void mistakes() {
        refuses(100, "tool: usage error: invalid option: -Z\n" + LINE, "tool", "-Z");
        refuses(100, "tool: usage error: invalid option: -Z\n" + LINE, "tool", "-gZ");
        refuses(100, "tool: usage error: missing argument for option -b\n" + LINE, "tool", "-b");
        refuses(100, "tool: usage error: missing argument for option -b\n" + LINE, "tool", "-gb");
    }

    @Test
    @DisplayName("there are no long options, and a colon is no option")
    void notLong() {
        refuses(100, "tool: usage error: invalid option: --\n" + LINE, "tool", "--help");
        refuses(100, "tool: usage error: invalid option: -:\n" + LINE, "tool", "-:");
    }

    @Test
    @DisplayName("-? prints the usage line alone, with status 100")
    void questionMark() {
        refuses(100, LINE, "tool", "-?");
        refuses(100, LINE, "tool", "-g?");
    }

    @Test
    @DisplayName("messages name the last component of argv[0]")
    void program() {
        refuses(100, "alias: usage error: invalid option: -Z\nusage: alias [-hV] [-gLq] [-b dir] word ...\n",
                "/usr/sbin/alias", "-Z");
        refuses(100, ": usage error: invalid option: -Z\nusage:  [-hV] [-gLq] [-b dir] word ...\n", "", "-Z");
    }

    @Test
    @DisplayName("an empty argv is a tool without arguments")
    void emptyArgv() {
        reads("|");
    }

    @Test
    @DisplayName("an option letter may be any byte, and is shown as it is")
    void bytes() {
        refuses(100, "tool: usage error: invalid option: -\351\n" + LINE, "tool", "-\351");
    }

    @Test
    @DisplayName("a tool may have -h or -V of its own")
    void ownLetters() {
        assertEquals(0, run(Usage.of("tool", "V:", "[-h] [-V value]"), "tool", "-V", "1"));
        assertEquals("-V=1 |", seen);
    }

    @Test
    @DisplayName("each family of programs has its own version line, fatal and usage error")
    void voices() {
        says(USAGE, "tool: version: 2.07", "tool: usage error: invalid option: -Z", "tool: fatal: sentence");
        says(USAGE.voice(Voice.CLIENT), "version: tool 2.07", "tool usage error: invalid option: -Z",
                "tool fatal: sentence");
        says(USAGE.voice(Voice.DAEMON).withoutColon(), "version: tool 2.07",
                "error: tool[200]: usage error: invalid option -Z", "error: tool[200]: fatal: sentence");
        says(USAGE.voice(Voice.LOGGER).withoutColon(), "tool: version: 2.07",
                "error: tool[200]: usage error: invalid option -Z", "error: tool[200]: fatal: sentence");
        says(USAGE.own(), "tool: version: " + Version.NUMBER, "tool: usage error: invalid option: -Z",
                "tool: fatal: sentence");
    }

    private void says(Usage usage, String version, String usageError, String fatal) {
        assertEquals(0, run(usage, "tool", "-V"));
        assertEquals(version + "\n", kernel.errors());
        assertEquals(100, run(usage, "tool", "-Z"));
        assertEquals(usageError + "\n" + LINE, kernel.errors());
        kernel.forgetOutput();
        Tool tool = Tool.of(usage, (args, k, chain) -> {
            throw Fatal.of("sentence");
        });
        assertEquals(111, tool.run(List.of("tool"), kernel, null));
        assertEquals(fatal + "\n", kernel.errors());
    }
}
