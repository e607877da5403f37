// SPDX-License-Identifier: Apache-2.0
package tools;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import perpetua.fake.FakeKernel;
import perpetua.fake.Run;
import perpetua.fake.Stuck;
import perpetua.sys.Account;
import perpetua.sys.Signal;

/**
 * Whatever the run tools are given, they end with 0, 1, 100 or 111 and one line (two with the usage line), or have become
 * the program in silence. -Dperpetua.seed=N tries again what failed.
 */
class RunToolsFuzzTest {
    private static final int RUNS = Integer.getInteger("perpetua.runs", 200_000);
    private static final long SEED = Long.getLong("perpetua.seed", System.nanoTime());

    /** How long a tool may stay before somebody ends it: fake time. */
    private static final long PATIENCE_NANOS = 1_000_000_000L;

    /** What a run may ask of the kernel. None comes near it but one that would go on for ever. */
    private static final long MOST_ACTS = 100_000;

    /** Those that wait, look again or restart until they are told to end, which one second of fake time later they are. */
    private static final List<String> STAYING = List.of("rundeux", "runtrap", "runwait");

    /** Pieces that mean something to one parser or another, and some that mean nothing. */
    private static final String[] PIECES = {
        "", "-", "--", "-h", "a", "prog", "/bin/prog", "nosuch", "/etc/file", "/etc", "0", "1", "7", "65535", "4294967295",
        "4294967296", "18446744073709551616", "1k", "8M", "9999999999T", "-1", "=", "!", "^", "_", ":", "::", "<", ">", "+",
        "%", "=!", "1=2", "0<%", "1>/tmp/x", "2=1", "9+./y", "o=5", "c=0", "m=!", "RLIMIT_NOFILE", "RLIMIT_AS=", "RLIMIT_",
        "NAME=value", "NAME", "user", "user:pack", "12:34", "12", "pack", "#", "\\n", "\\_", "\\", "\n", "\r", " ", "\t",
        "\0", "\351\377", "\200", "../x", "/", ".", "--json", "\177",
    };

    private final Random random = new Random(SEED);

    /**
     * A process of its own for each run, as each has outside: what a run does to its process (its user, descriptors,
     * limits, the signals that it catches) would be no business of the next.
     */
    private static FakeKernel kernel() {
        FakeKernel fresh = Run.kernel();
        fresh.program("/bin/prog");
        fresh.program("/bin/a");
        fresh.file("/etc/file", "A=1\n");
        fresh.directory("/tmp");
        fresh.account(new Account("user", 1000, 100, "/home/user", "/bin/sh"));
        fresh.group("pack", 8);
        return fresh;
    }

    private String piece() {
        return PIECES[random.nextInt(PIECES.length)];
    }

    private String text(int most) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            if (random.nextInt(4) == 0) text.append((char) random.nextInt(256));
            else text.append(piece());
        }
        return text.toString();
    }

    /** As execve would pass it. */
    private String word(int most) {
        return text(most).replace("\0", "");
    }

    private void tries(FakeKernel kernel, String... words) {
        if (STAYING.contains(words[0])) kernel.after(PATIENCE_NANOS, () -> kernel.arrive(Signal.TERM));
        kernel.killAfter(MOST_ACTS);
        Run run;
        try {
            run = Run.of(kernel, words);
        } catch (Throwable thrown) {
            throw new AssertionError(told(words), thrown);
        }
        if (kernel.killedBy() == Signal.KILL.number()) fail(told(words) + "does not end");
        if (kernel.killedBy() == 0) check(run, words);
    }

    private void check(Run run, String... words) {
        String errors = run.errors();
        // To wait without end is what runpause 0 is asked for.
        if (errors.contains(Stuck.class.getName())) return;
        if (errors.contains("defect in this program")) fail(told(words) + errors);
        if (run.status() == Run.BECAME) {
            assertTrue(run.executed() != null, () -> told(words));
            return;
        }
        int status = run.status();
        assertTrue(status == 0 || status == 1 || status == 100 || status == 111, () -> told(words) + status);
        if (status != 100 && status != 111) return;
        String line = errors;
        int usage = line.lastIndexOf("usage: ");
        if (status == 100 && usage >= 0) line = line.substring(0, usage);
        if (line.isEmpty()) return;
        assertTrue(errors.endsWith("\n"), () -> told(words) + errors);
        int end = line.length() - 1;
        // A newline of an argument stands in the line that names it: without those there is one.
        boolean clean = true;
        for (String word : words) clean &= word.indexOf('\n') < 0;
        // rundeux has a line for each of its two programs.
        if (clean && !warned(line) && !words[0].equals("rundeux")) {
            assertTrue(errors.indexOf('\n') == end, () -> told(words) + errors);
        }
    }

    /** Warnings that were asked for, and the voice of runchoom -v, are lines of their own. */
    private static boolean warned(String line) {
        return line.contains("warning: ") || line.contains("ignoring failure") || line.contains("successfully");
    }

    private static String told(String... words) {
        StringBuilder told = new StringBuilder("seed " + SEED + ":");
        for (String word : words) {
            told.append(" '");
            for (char c : word.toCharArray()) told.append(c < ' ' || c > '~' ? "\\x" + Integer.toHexString(c) : "" + c);
            told.append('\'');
        }
        return told.append(": ").toString();
    }

    private void announce(String what) {
        System.out.println(what + ": " + RUNS + " runs, -Dperpetua.seed=" + SEED);
    }

    @Test
    @DisplayName("options and operands of every run tool")
    void options() {
        announce("options");
        List<String> tools = new ArrayList<>();
        Index index = new Index();
        for (String name : index.names()) {
            if (name.startsWith("run") || name.startsWith("cat")) tools.add(name);
        }
        for (int i = 0; i < RUNS; i++) {
            String tool = tools.get(random.nextInt(tools.size()));
            String letters = index.find(tool).usage().letters() + "hVZ";
            String[] words = new String[1 + random.nextInt(7)];
            words[0] = tool;
            for (int at = 1; at < words.length; at++) {
                words[at] = random.nextInt(3) > 0 ? word(2)
                        : "-" + letters.charAt(random.nextInt(letters.length())) + (random.nextBoolean() ? word(1) : "");
            }
            tries(kernel(), words);
        }
    }

    private void files(String what, String... words) {
        announce(what);
        for (int i = 0; i < RUNS; i++) {
            FakeKernel kernel = kernel();
            kernel.file("/tmp/fuzzed", text(12));
            tries(kernel, words);
        }
    }

    @Test
    @DisplayName("environment files")
    void environments() {
        files("environment files", "runenv", "/tmp/fuzzed", "prog");
    }

    @Test
    @DisplayName("limit files")
    void limitFiles() {
        files("limit files", "runlimit", "-F", "/tmp/fuzzed", "prog");
    }

    @Test
    @DisplayName("argument files")
    void arguments() {
        files("argument files", "runfile", "/tmp/fuzzed", "prog");
    }

    @Test
    @DisplayName("sets of descriptors")
    void descriptors() {
        announce("sets of descriptors");
        for (int i = 0; i < RUNS; i++) tries(kernel(), "runtool", "-F", word(6), "nosuch");
    }

    @Test
    @DisplayName("lists of limits")
    void limits() {
        announce("lists of limits");
        for (int i = 0; i < RUNS; i++) tries(kernel(), "runtool", "-R", word(6), "nosuch");
    }
}
