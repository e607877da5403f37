// SPDX-License-Identifier: Apache-2.0
package perpetua.act;

import perpetua.chain.Environment;
import perpetua.cli.Fatal;
import perpetua.sys.FileStat;
import perpetua.sys.Kernel;
import perpetua.sys.SysException;

/** Environments kept in files, as runenv and runtool read them (spec/perp.md section 6, runenv). */
public final class EnvironmentFile {
    /**
     * What a tool calls the failures.
     *
     * @param stat it can't be looked at
     * @param neither it is something else than a file or a directory
     * @param file the file can't be opened
     * @param entering the directory can't be entered
     * @param directory the directory can't be opened
     * @param place where an entry of the directory was met, behind its name
     */
    public record Sentences(String stat, String neither, String file, String entering, String directory, String place) {
    }

    private EnvironmentFile() {
    }

    /**
     * Changes the environment as a file of {@code NAME=value} lines says, or a directory with a file for each
     * variable.
     *
     * @throws Fatal if it is neither, or can't be read; the environment is then of no use
     */
    public static void apply(Kernel kernel, String path, Environment environment, Sentences sentences) {
        FileStat stat;
        try {
            stat = kernel.stat(path);
        } catch (SysException e) {
            throw Fatal.system(sentences.stat, e);
        }
        if (stat.isDirectory()) {
            applyDirectory(kernel, path, environment, sentences);
        } else if (stat.isRegular()) {
            applyLines(LineFile.read(kernel, path, sentences.file, "error reading " + path), environment);
        } else {
            throw Fatal.usage(sentences.neither);
        }
    }

    /** Lines as in the file form; a line without {@code =} unsets, a later line wins. */
    public static void applyLines(Iterable<LineFile.Line> lines, Environment environment) {
        for (LineFile.Line line : lines) {
            String text = line.text();
            int equals = text.indexOf('=');
            String name = LineFile.trimmed(equals < 0 ? text : text.substring(0, equals));
            if (name.isEmpty()) continue;
            if (equals < 0) environment.unset(name);
            else environment.set(name, unescaped(LineFile.trimmed(text.substring(equals + 1))));
        }
    }

    private static void applyDirectory(Kernel kernel, String directory, Environment environment,
            Sentences sentences) {
        Iterable<String> names;
        String act = sentences.entering;
        try {
            kernel.stat(directory + "/.");
            act = sentences.directory;
            names = kernel.list(directory);
        } catch (SysException e) {
            throw Fatal.system(act, e);
        }
        for (String name : names) {
            if (name.charAt(0) == '.') continue;
            String entry = directory + "/" + name + sentences.place;
            byte[] content = LineFile.content(kernel, directory + "/" + name, "unable to open " + entry,
                    "error reading " + entry);
            int end = 0;
            while (end < content.length && content[end] != '\n') end++;
            String value = LineFile.trimmed(content, 0, end);
            if (value.isEmpty()) environment.unset(name);
            else environment.set(name, unescaped(value));
        }
    }

    /** {@code \n}, {@code \t}, {@code \_} for a blank that trimming would take, {@code \\}; anything else stands. */
    static String unescaped(String text) {
        if (text.indexOf('\\') < 0) return text;
        StringBuilder value = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int known = c == '\\' && i + 1 < text.length() ? "nt_\\".indexOf(text.charAt(i + 1)) : -1;
            if (known < 0) {
                value.append(c);
            } else {
                value.append("\n\t \\".charAt(known));
                i++;
            }
        }
        return value.toString();
    }
}
