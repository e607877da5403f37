// SPDX-License-Identifier: Apache-2.0
package perpetua.sys.jvm;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import perpetua.sys.Bytes;
import perpetua.sys.Resource;

/**
 * What this process was before it became a JVM. A JVM decodes its arguments by the locale, opens files of its own and
 * catches signals before any Java code runs, so the launcher notes how things were and passes it on: in system
 * properties, and the environment, which a shell would not keep as it is, in variables.
 */
final class Launch {
    private static final String CHUNK = "PERPETUA_ENVIRON_";

    private final boolean launched = Boolean.getBoolean("perpetua.launched");
    private List<String> environment;

    /** Whether there was a launcher; a Java program that uses the kernel as a library has none. */
    boolean isLaunched() {
        return launched;
    }

    /**
     * The arguments from argv[0] on, every byte as it was given: the last ones of the command line.
     *
     * @param count how many there are
     */
    List<String> arguments(int count) {
        List<String> line = split(file("/proc/self/cmdline"));
        return new ArrayList<>(line.subList(line.size() - count, line.size()));
    }

    /** The words that a process was executed with; none if it has ended. */
    static List<String> commandLine(int pid) {
        try {
            return split(file("/proc/" + pid + "/cmdline"));
        } catch (UncheckedIOException ended) {
            return List.of();
        }
    }

    /** {@code NAME=value} each, in order. */
    List<String> environment() {
        if (environment == null) environment = readEnvironment();
        return environment;
    }

    private List<String> readEnvironment() {
        List<String> own = split(file("/proc/self/environ"));
        if (!launched) return own;
        // One code, cut into pieces because the kernel bounds the length of a variable.
        StringBuilder code = new StringBuilder();
        for (int i = 1; i <= Integer.getInteger("perpetua.chunks", 0); i++) {
            String name = CHUNK + i + "=";
            for (String variable : own) {
                if (variable.startsWith(name)) code.append(variable, name.length(), variable.length());
            }
        }
        return split(Base64.getDecoder().decode(code.toString()));
    }

    /** The descriptors that were open. */
    int[] descriptors() {
        return launched ? numbers("perpetua.open") : new int[] {0, 1, 2};
    }

    /** Descriptors that the launcher opened so that the JVM would not take those numbers for itself. */
    int[] placeholders() {
        return numbers("perpetua.placed");
    }

    /** The descriptor of the working directory, if that is gone and the JVM was started elsewhere; -1 otherwise. */
    int directory() {
        return Integer.getInteger("perpetua.directory", -1);
    }

    /** The signals that were ignored; bit 0 is signal 1. */
    long ignored() {
        return Long.parseUnsignedLong(System.getProperty("perpetua.ignored", "0"), 16);
    }

    /** The signals that were blocked; bit 0 is signal 1. */
    long blocked() {
        return Long.parseUnsignedLong(System.getProperty("perpetua.blocked", "0"), 16);
    }

    /** The soft limit that the launcher raised so that a JVM can start; null if it did not. */
    Long raised(Resource resource) {
        String limit = System.getProperty("perpetua.soft." + resource.name());
        return limit == null ? null : Long.valueOf(Long.parseUnsignedLong(limit));
    }

    private static int[] numbers(String property) {
        List<Integer> numbers = new ArrayList<>();
        for (String word : System.getProperty(property, "").split(" ")) {
            if (!word.isEmpty()) numbers.add(Integer.valueOf(word));
        }
        int[] result = new int[numbers.size()];
        for (int i = 0; i < result.length; i++) result[i] = numbers.get(i);
        return result;
    }

    private static byte[] file(String path) {
        try (FileInputStream in = new FileInputStream(path)) {
            return in.readAllBytes();
        } catch (IOException noProc) {
            throw new UncheckedIOException(noProc);
        }
    }

    /** What stands before each NUL. */
    private static List<String> split(byte[] bytes) {
        List<String> texts = new ArrayList<>();
        int from = 0;
        for (int to = 0; to < bytes.length; to++) {
            if (bytes[to] != 0) continue;
            texts.add(Bytes.text(bytes, from, to));
            from = to + 1;
        }
        return texts;
    }
}
