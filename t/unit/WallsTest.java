// SPDX-License-Identifier: Apache-2.0
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Who may know whom, read in the sources: each wall keeps one thing in one place. */
class WallsTest {
    private static final Pattern NAME = Pattern.compile("\\b[a-z]\\w*(?:\\.[a-z]\\w*)+\\.[A-Z]\\w*");

    private interface Rule {
        /** @return whether that folder may name that class, both with dots */
        boolean allows(String folder, String name);
    }

    private static List<Path> sources(String... roots) {
        List<Path> files = new ArrayList<>();
        for (String root : roots) {
            if (!Files.exists(Path.of(root))) continue;
            try (Stream<Path> walk = Files.walk(Path.of(root))) {
                walk.filter(Files::isRegularFile).sorted().forEach(files::add);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
        assertTrue(files.size() > 5, "run from the root of the sources");
        return files;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(file + " is no text", e);
        }
    }

    /** Without comments and texts, in which any name may stand. */
    private static String code(Path file) {
        return text(file).replaceAll("(?s)/\\*.*?\\*/", "").replaceAll("\"(?:\\\\.|[^\"\\\\\n])*\"", "\"\"")
                .replaceAll("//[^\n]*", "");
    }

    private static String folder(Path file) {
        String path = file.getParent().toString().replace('/', '.');
        return path.startsWith("lib.") ? path.substring("lib.".length()) : path;
    }

    /** Every class that is named with its package, in an import or elsewhere. */
    private static void holds(String wall, Rule rule, String... roots) {
        List<String> breaches = new ArrayList<>();
        for (Path file : sources(roots)) {
            if (!file.toString().endsWith(".java")) continue;
            Matcher names = NAME.matcher(code(file));
            while (names.find()) {
                if (!rule.allows(folder(file), names.group())) breaches.add(file + " names " + names.group());
            }
        }
        assertEquals(List.of(), breaches, wall);
    }

    private static boolean isIn(String name, String packageName) {
        return name.startsWith(packageName + ".");
    }

    @Test
    @DisplayName("only perpetua.sys.jvm knows jnr, only perpetua.sys.teavm knows TeaVM")
    void foreign() {
        holds("what is foreign stays in one folder", (folder, name) ->
                (!isIn(name, "jnr") && !isIn(name, "com.kenai") || folder.equals("perpetua.sys.jvm"))
                && (!isIn(name, "org.teavm") || folder.equals("perpetua.sys.teavm")), "lib", "tools");
    }

    @Test
    @DisplayName("nobody but their entries knows one of the two kernels, and nobody but tests the fake")
    void kernels() {
        holds("the build picks the kernel, no code asks which", (folder, name) -> {
            for (String kernel : new String[] {"perpetua.sys.jvm", "perpetua.sys.teavm", "perpetua.fake"}) {
                if (isIn(name, kernel) && !folder.equals(kernel)) return false;
            }
            return true;
        }, "lib", "tools");
    }

    @Test
    @DisplayName("perpetua.sys knows no other package of ours; its entries start the chain and nothing else")
    void sys() {
        holds("sys is the ground", (folder, name) -> {
            if (!isIn(name, "perpetua") || isIn(name, "perpetua.sys")) return true;
            boolean entry = folder.equals("perpetua.sys.jvm") || folder.equals("perpetua.sys.teavm");
            return entry && (isIn(name, "perpetua.chain") || isIn(name, "perpetua.cli"));
        }, "lib/perpetua/sys");
    }

    @Test
    @DisplayName("tools know the library and java.util, never each other, never System")
    void tools() {
        holds("tools stand side by side", (folder, name) -> isIn(name, "perpetua") || isIn(name, "java.util")
                || isIn(name, folder), "tools");
        for (Path file : sources("tools")) {
            if (!file.toString().endsWith(".java")) continue;
            Matcher system = Pattern.compile("\\b(System|Runtime|Thread|ProcessBuilder)\\s*\\.").matcher(code(file));
            assertTrue(!system.find(), () -> file + " uses " + system.group());
        }
    }

    @Test
    @DisplayName("the library knows no tool")
    void library() {
        holds("lib is below tools", (folder, name) -> !isIn(name, "tools"), "lib");
    }

    @Test
    @DisplayName("folder and package agree, and a tool's class has the name of its folder")
    void packages() {
        for (Path file : sources("lib", "tools")) {
            if (!file.toString().endsWith(".java")) continue;
            assertTrue(text(file).contains("\npackage " + folder(file) + ";\n"), () -> file + ": package");
        }
        for (Path file : sources("tools")) assertEquals(3, file.getNameCount(), () -> file + " lies too deep");
    }

    @Test
    @DisplayName("each source begins with the line that says its licence, behind #! and what it is")
    void licence() {
        List<String> without = new ArrayList<>();
        for (Path file : sources("lib", "tools", "t")) {
            String name = file.getFileName().toString();
            boolean java = name.endsWith(".java");
            // Fixtures are what a test reads, not what we wrote.
            if (file.startsWith("t/fixtures")) continue;
            String[] lines = text(file).split("\n", 8);
            boolean found = false;
            for (int i = 0; i < Math.min(java ? 1 : 7, lines.length); i++) {
                found |= lines[i].contains("SPDX-License-Identifier: Apache-2.0");
            }
            if (!found) without.add(file.toString());
        }
        assertEquals(List.of(), without);
    }
}
