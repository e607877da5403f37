// SPDX-License-Identifier: Apache-2.0
package perpetua.cli;

/**
 * What a tool accepts: its name, its option letters and its usage line, side by side, so that they are compared at a
 * glance (and by a test). {@code -h} and {@code -V} belong to every tool and are not among the letters.
 */
public final class Usage {
    /** The release of perp whose interface the tools have; what they answer to {@code -V}. */
    public static final String PERP = "2.07";

    private final String name;
    private final String letters;
    private final String line;
    private final Voice voice;
    private final String colon;
    private final String version;
    private final boolean verbatim;
    private final String word;
    private final char wordLetter;

    private Usage(String name, String letters, String line, Voice voice, String colon, String version,
            boolean verbatim, String word, char wordLetter) {
        this.name = name;
        this.letters = letters;
        this.line = line;
        this.voice = voice;
        this.colon = colon;
        this.version = version;
        this.verbatim = verbatim;
        this.word = word;
        this.wordLetter = wordLetter;
    }

    /**
     * @param name the tool's
     * @param letters one for each option; a colon behind a letter says that it takes an argument
     * @param line all that follows the name in the usage line
     */
    public static Usage of(String name, String letters, String line) {
        return new Usage(name, letters, line, Voice.RUN, ":", PERP, false, null, '\0');
    }

    public Usage voice(Voice other) {
        return new Usage(name, letters, line, other, colon, version, verbatim, word, wordLetter);
    }

    /** Some of perp's programs say {@code invalid option -Z}, without a colon (spec/perp.md section 1.3). */
    public Usage withoutColon() {
        return new Usage(name, letters, line, voice, "", version, verbatim, word, wordLetter);
    }

    /** A tool that perp does not have answers {@code -V} with this suite's own version. */
    public Usage own() {
        return new Usage(name, letters, line, voice, colon, Version.NUMBER, verbatim, word, wordLetter);
    }

    /** A tool without options, not even {@code -h}: every word is an operand, argv[0] the first. */
    public Usage verbatim() {
        return new Usage(name, letters, line, voice, colon, version, true, word, wordLetter);
    }

    /** One long word that stands for a letter without argument, as {@code --json}; perp's tools have none. */
    public Usage word(String longWord, char letter) {
        return new Usage(name, letters, line, voice, colon, version, verbatim, longWord, letter);
    }

    public String name() {
        return name;
    }

    public String letters() {
        return letters;
    }

    public String line() {
        return line;
    }

    public Voice voice() {
        return voice;
    }

    String version() {
        return version;
    }

    boolean isWord(String text) {
        return text.equals(word);
    }

    char wordLetter() {
        return wordLetter;
    }

    public boolean isVerbatim() {
        return verbatim;
    }

    boolean has(char letter) {
        return letter != ':' && letters.indexOf(letter) >= 0;
    }

    boolean takesArgument(char letter) {
        int at = letters.indexOf(letter);
        return at + 1 < letters.length() && letters.charAt(at + 1) == ':';
    }

    String invalidOption(char letter) {
        return "invalid option" + colon + " -" + letter;
    }
}
