// SPDX-License-Identifier: Apache-2.0
package perpetua.cli;

import java.util.ArrayList;
import java.util.List;
import perpetua.sys.Bytes;
import perpetua.sys.Kernel;
import perpetua.sys.SysException;

/**
 * A command line taken apart as perp does it (spec/perp.md section 1.1): options first, until a word that does not
 * begin with a dash, a lone dash, or {@code --}; then operands, read in the order typed.
 */
public final class Args {
    private final Usage usage;
    private final Kernel kernel;
    private final String program;
    private final List<String> words;
    private final StringBuilder letters = new StringBuilder();
    private final List<String> values = new ArrayList<>();
    private int next;
    private Tool.OptionCheck check;

    private Args(Usage usage, Kernel kernel, List<String> words) {
        this.usage = usage;
        this.kernel = kernel;
        this.words = words;
        String path = path();
        this.program = path.substring(path.lastIndexOf('/') + 1);
    }

    /**
     * Reads no option yet; see {@link #parse}.
     *
     * @param words from argv[0] on
     */
    static Args of(Usage usage, Kernel kernel, List<String> words) {
        return new Args(usage, kernel, words);
    }

    /**
     * Reads the options, in the order typed.
     *
     * @return whether to go on: {@code -h} and {@code -V} have answered at once and end the tool with status 0
     * @throws Fatal an unknown option, a missing argument, one that the check refuses
     */
    boolean parse(Tool.OptionCheck check) {
        this.check = check;
        if (usage.isVerbatim()) return true;
        if (next == 0) next = Math.min(1, words.size());
        while (next < words.size()) {
            String word = words.get(next);
            if (word.length() < 2 || word.charAt(0) != '-') break;
            next++;
            if (word.equals("--")) break;
            if (usage.isWord(word)) {
                note(usage.wordLetter(), null, check);
                continue;
            }
            for (int at = 1; at < word.length(); at++) {
                char letter = word.charAt(at);
                if (letter == 'h' && !usage.has('h')) {
                    say("usage: " + program + " " + usage.line());
                    return false;
                }
                if (letter == 'V' && !usage.has('V')) {
                    say(usage.voice().version(program, usage.version()));
                    return false;
                }
                if (letter == '?') throw Fatal.usage(null);
                if (!usage.has(letter)) throw Fatal.usage(usage.invalidOption(letter));
                if (!usage.takesArgument(letter)) {
                    note(letter, null, check);
                } else if (at + 1 < word.length()) {
                    note(letter, word.substring(at + 1), check);
                    break;
                } else if (next < words.size()) {
                    note(letter, words.get(next++), check);
                } else {
                    throw Fatal.usage("missing argument for option -" + letter);
                }
            }
        }
        return true;
    }

    /** Reads the options behind the operands that were read. @return as {@link #parse} */
    public boolean more() {
        return parse(check);
    }

    private void note(char letter, String value, Tool.OptionCheck check) {
        check.judge(letter, value);
        letters.append(letter);
        values.add(value);
    }

    /** argv[0] as it was given. */
    public String path() {
        return words.isEmpty() ? usage.name() : words.get(0);
    }

    /** All that the tool was started with, from argv[0] on. */
    public List<String> words() {
        return words;
    }

    /** The last path component of argv[0], as messages name the tool. */
    public String program() {
        return program;
    }

    /** How many options were given; {@link #letter} and {@link #value(int)} tell them in the order typed. */
    public int options() {
        return letters.length();
    }

    public char letter(int index) {
        return letters.charAt(index);
    }

    /** The argument of the option at that place, null if it takes none. */
    public String value(int index) {
        return values.get(index);
    }

    public boolean has(char letter) {
        return letters.indexOf(String.valueOf(letter)) >= 0;
    }

    /** The argument of the option where it was given last; null if it was not given. */
    public String value(char letter) {
        int at = letters.lastIndexOf(String.valueOf(letter));
        return at < 0 ? null : values.get(at);
    }

    public String value(char letter, String otherwise) {
        String value = value(letter);
        return value == null ? otherwise : value;
    }

    /** How many operands are still to be read. */
    public int left() {
        return words.size() - next;
    }

    /** The next operand. @throws Fatal a usage error with that sentence if there is none */
    public String operand(String missing) {
        if (left() == 0) throw Fatal.usage(missing);
        return words.get(next++);
    }

    /** The next operand, or null. */
    public String operand() {
        return left() == 0 ? null : words.get(next++);
    }

    /** All that is left, not empty: the program and its arguments. @throws Fatal as {@link #operand(String)} */
    public List<String> program(String missing) {
        if (left() == 0) throw Fatal.usage(missing);
        return rest();
    }

    public List<String> rest() {
        return Words.from(words, next);
    }

    /** One line on standard error, as it is. */
    public void say(String line) {
        write(2, line + "\n");
    }

    /** {@code PROGRAM: SENTENCE} on standard error. */
    public void tell(String sentence) {
        say(program + ": " + sentence);
    }

    /** One line in the tool's voice, of that kind: fatal, usage error, warning. */
    public void complain(String kind, String sentence) {
        say(usage.voice().complaint(program, kernel.pid(), kind, sentence));
    }

    void complain(Fatal fatal) {
        if (fatal.getMessage() != null) complain(fatal.kind(), fatal.getMessage());
        if (fatal.withUsage()) say("usage: " + program + " " + usage.line());
    }

    /**
     * Text on standard output.
     *
     * @throws Fatal if it could not be written whole
     */
    public void print(String text) {
        SysException failure = write(1, text);
        if (failure != null) throw Fatal.system("failure writing to standard output", failure);
    }

    private SysException write(int fd, String text) {
        byte[] bytes = Bytes.of(text);
        int done = 0;
        try {
            while (done < bytes.length) done += kernel.write(fd, bytes, done, bytes.length - done);
        } catch (SysException e) {
            // For standard error there is nobody left to tell; the exit status still says it.
            return e;
        }
        return null;
    }
}
