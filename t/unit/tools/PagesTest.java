// SPDX-License-Identifier: Apache-2.0
package tools;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import perpetua.cli.Usage;

/** The letters that a tool parses, those of its usage line and those of its page are one set. */
class PagesTest {
    /** Letters that the usage line does not show, since perp's does not, and its wording is the contract. */
    private static final Map<String, String> UNSHOWN = Map.ofEntries(
            // v warns of limits that are cut down; perp parses it, and has it neither in its usage line nor on its page.
            // H, hard limits, and R, limits by name, are additions: perp's usage line stays as it is.
            Map.entry("runlimit", "vHR"),
            // Additions: 1, the process 2 of oneit; k, a bound for its end; S, where state is kept.
            Map.entry("perpd", "1kS"),
            // Additions: s, a shared lock; t, an end of waiting; e, exclusive creation; m, a message; u, removal at the end.
            Map.entry("runlock", "stemu"),
            // Additions: w, wait for the start; n, until it is ready; 2, twice; s, in this session.
            Map.entry("rundetach", "2nsw"),
            // Additions: p, with its pid; c, the console instead; l, the least important.
            Map.entry("sissylog", "clp"),
            // An addition: c, long lines continued.
            Map.entry("tinylog", "c"),
            // The usage line shows v, by mistake, but the option is V.
            Map.entry("catuid", "V"),
            // K, colours: perp parses it without showing it. Additions: j is --json, w watches.
            Map.entry("perpls", "Kjw"),
            // Additions: JSON; readiness; waiting.
            Map.entry("perpstat", "j"),
            Map.entry("perpok", "r"),
            Map.entry("perpctl", "w"));

    private static Set<Character> letters(String text) {
        Set<Character> letters = new TreeSet<>();
        for (char c : text.toCharArray()) letters.add(c);
        return letters;
    }

    /** All that the tool answers to: its own letters, -h and -V. */
    private static Set<Character> parsed(Usage usage) {
        return letters(usage.isVerbatim() ? "" : usage.letters().replace(":", "") + "hV");
    }

    private static Set<Character> shown(String usageLine) {
        StringBuilder letters = new StringBuilder();
        Matcher flags = Pattern.compile("(?<![^\\[|< ])-([A-Za-z0-9]+)").matcher(usageLine);
        while (flags.find()) letters.append(flags.group(1));
        return letters(letters.toString());
    }

    /** What stands behind {@code Fl} in a line of mdoc, up to the next macro or sign. */
    private static String flags(String line) {
        StringBuilder letters = new StringBuilder();
        boolean flags = false;
        for (String word : line.replaceFirst("^\\.\\s*", "").split("\\s+")) {
            if (word.equals("Fl")) flags = true;
            else if (word.matches("[A-Z][a-z]") || !word.matches("[A-Za-z0-9]+")) flags = false;
            else if (flags) letters.append(word);
        }
        return letters.toString();
    }

    private static List<String> page(String tool) {
        Path command = Path.of("tools", tool, tool + ".8");
        // What is only read by others is a file, not a command.
        Path page = Files.exists(command) ? command : Path.of("tools", tool, tool + ".5");
        assertTrue(Files.exists(page), () -> "there is no " + page);
        try {
            return Files.readAllLines(page, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(page.toString(), e);
        }
    }

    private static Set<Character> synopsis(List<String> page) {
        StringBuilder letters = new StringBuilder();
        boolean inside = false;
        for (String line : page) {
            if (line.startsWith(".Sh")) inside = line.equals(".Sh SYNOPSIS");
            else if (inside && line.startsWith(".")) letters.append(flags(line));
        }
        return letters(letters.toString());
    }

    private static Set<Character> items(List<String> page) {
        StringBuilder letters = new StringBuilder();
        for (String line : page) {
            if (line.startsWith(".It ")) letters.append(flags(line));
        }
        return letters(letters.toString());
    }

    @TestFactory
    @DisplayName("the letters parsed and those of the usage line are one set")
    Stream<DynamicTest> usageLines() {
        Index index = new Index();
        return Arrays.stream(index.names()).map(tool -> dynamicTest(tool, () -> {
            Usage usage = index.find(tool).usage();
            Set<Character> shown = shown(usage.line());
            Set<Character> unshown = letters(UNSHOWN.getOrDefault(tool, ""));
            for (char letter : unshown) assertTrue(!shown.contains(letter), "-" + letter + " is shown: no exception");
            shown.addAll(unshown);
            // perp's usage line shows an option that there is not.
            if (tool.equals("catuid")) shown.remove('v');
            assertEquals(parsed(usage), shown);
        }));
    }

    @TestFactory
    @DisplayName("the letters parsed, the page's synopsis and its items are one set")
    Stream<DynamicTest> pages() {
        Index index = new Index();
        return Arrays.stream(index.names()).map(tool -> dynamicTest(tool, () -> {
            List<String> page = page(tool);
            Set<Character> parsed = parsed(index.find(tool).usage());
            assertAll(() -> assertEquals(parsed, synopsis(page), "SYNOPSIS"),
                    () -> assertEquals(parsed, items(page), ".It Fl"),
                    () -> assertTrue(page.contains(".Nm " + tool), ".Nm " + tool),
                    () -> assertTrue(page.stream().limit(5).anyMatch(line -> line.contains("SPDX-License-Identifier")),
                            "SPDX line"));
        }));
    }

    @TestFactory
    @DisplayName("each folder with a Java tool is in the list of tools, each other folder has a page all the same")
    Stream<DynamicTest> folders() throws IOException {
        Index index = new Index();
        List<String> folders = new ArrayList<>();
        try (Stream<Path> list = Files.list(Path.of("tools"))) {
            list.filter(Files::isDirectory).map(path -> path.getFileName().toString()).sorted().forEach(folders::add);
        }
        return folders.stream().map(tool -> dynamicTest(tool, () -> {
            String type = Character.toUpperCase(tool.charAt(0)) + tool.substring(1) + ".java";
            boolean java = Files.exists(Path.of("tools", tool, type));
            assertEquals(java, index.find(tool) != null, "listed");
            if (!java) page(tool);
        }));
    }

    @Test
    @DisplayName("(how this test reads flags)")
    void reading() {
        assertEquals(letters("hVcqbpx"), shown("[-hV] [-c [-q] lockfile | [-bpx] lockfile program [args ...]]"));
        assertEquals(letters("hVgsS"), shown("[-hV] [-g grp] [-s | -S grp-list] account"));
        assertEquals("bpx", flags(".Op Fl bpx"));
        assertEquals("sS", flags(".Op Fl s | Fl S Ar grplist"));
        assertEquals("hV", flags(".It Fl h , Fl V"));
        assertEquals("bc", flags(".Fl b c Ar d"));
        assertEquals("q", flags(".Oo Fl q Oc Ar lockfile"));
    }
}
