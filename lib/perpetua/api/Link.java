// SPDX-License-Identifier: Apache-2.0
package perpetua.api;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * One link of a {@link Chain}: a run tool with its arguments, which changes one thing about the process and then becomes
 * what stands behind it. What a link means to the last letter is on its tool's page.
 *
 * <p>A link that can't do its act ends the process with status 111 and a sentence on standard error; the program is not
 * started then.
 */
public final class Link {
    /** What {@link #limit} bounds: soft limits, as setrlimit(2) knows them. */
    public enum Limit {
        /** Memory as a whole: data, stack, locked and address space at once; bytes. */
        MEMORY('m'),
        /** Address space; bytes. */
        ADDRESS_SPACE('a'),
        /** Data segment; bytes. */
        DATA('d'),
        /** Stack; bytes. */
        STACK('s'),
        /** A file that is written; bytes. */
        FILE_SIZE('f'),
        /** A core dump; bytes. */
        CORE('c'),
        /** Open descriptors, counted. */
        OPEN_FILES('o'),
        /** Processes of the user, counted. */
        PROCESSES('p'),
        /** Processor time; seconds. */
        CPU_TIME('t');

        private final char letter;

        Limit(char letter) {
            this.letter = letter;
        }
    }

    private final List<String> words;
    private final String name;
    private final String value;

    private Link(List<String> words, String name, String value) {
        this.words = List.copyOf(words);
        this.name = name;
        this.value = value;
    }

    /**
     * Any tool of the suite, by its name.
     *
     * @param tool such as {@code runchoom}; without a slash
     * @param arguments options and operands, up to where the next program's name would stand
     * @throws IllegalArgumentException if it is no tool's name
     */
    public static Link tool(String tool, String... arguments) {
        if (tool.isEmpty() || tool.indexOf('/') >= 0) throw new IllegalArgumentException("no tool's name: " + tool);
        List<String> words = new ArrayList<>(List.of(tool));
        words.addAll(List.of(arguments));
        return new Link(words, null, null);
    }

    /**
     * A soft limit; see runlimit(8).
     *
     * @param soft 0 or more, in the unit of that limit
     * @throws IllegalArgumentException if it is negative
     */
    public static Link limit(Limit what, long soft) {
        if (soft < 0) throw new IllegalArgumentException("a negative limit: " + soft);
        return tool("runlimit", "-" + what.letter, Long.toString(soft));
    }

    /** That account's uid, gid and groups; see runuid(8). Takes root. */
    public static Link user(String account) {
        return tool("runuid", "--", Objects.requireNonNull(account));
    }

    /**
     * One variable of the environment. It is set before the first link starts, and the program is sought along a PATH that
     * is set so.
     *
     * @throws IllegalArgumentException if the name is empty or has an equals sign
     */
    public static Link env(String name, String value) {
        if (name.isEmpty() || name.indexOf('=') >= 0) throw new IllegalArgumentException("no variable's name: " + name);
        return new Link(List.of(), name, Objects.requireNonNull(value));
    }

    /** Without that variable; as {@link #env}. */
    public static Link withoutEnv(String name) {
        return new Link(List.of(), Objects.requireNonNull(name), null);
    }

    /** Variables from a file of definitions, or from a directory with a file for each; see runenv(8). */
    public static Link envFile(Path definitions) {
        return tool("runenv", "--", definitions.toString());
    }

    /** A lock on that file, held as long as the program runs; who does not get it, fails. See runlock(8). */
    public static Link lock(Path file) {
        return tool("runlock", "--", file.toString());
    }

    /** A session and a process group of its own; see runsession(8). */
    public static Link session() {
        return tool("runsession");
    }

    /** The tool and its arguments; nothing for a variable. */
    List<String> words() {
        return words;
    }

    /** The variable's name, null for a tool. */
    String name() {
        return name;
    }

    /** The variable's value, null where it is taken away. */
    String value() {
        return value;
    }
}
