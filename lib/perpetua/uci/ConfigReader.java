// SPDX-License-Identifier: Apache-2.0
package perpetua.uci;

import java.util.ArrayList;
import java.util.List;

/** Takes the text of a configuration file apart, statement by statement. */
final class ConfigReader {
    private final String text;
    private int at;
    private int line = 1;

    private ConfigReader(String text) {
        this.text = text;
    }

    static void read(String text, ConfigPackage into) throws SyntaxError {
        ConfigReader reader = new ConfigReader(text);
        Section section = null;
        for (List<String> words; (words = reader.statement()) != null; ) {
            if (words.isEmpty()) continue;
            int start = reader.line;
            switch (words.get(0)) {
                case "package" -> {
                    reader.expect(words, 2, 2);
                    // One file is one package here, and the file's name is its name.
                    reader.name(words.get(1));
                }
                case "config" -> {
                    reader.expect(words, 2, 3);
                    String type = words.get(1);
                    if (!ConfigPackage.isType(type)) throw new SyntaxError("invalid character in type field", start);
                    String name = words.size() > 2 ? words.get(2) : "";
                    if (!name.isEmpty()) reader.name(name);
                    Section before = name.isEmpty() ? null : into.section(name);
                    if (before != null && !before.type().equals(type)) {
                        throw new SyntaxError("section of different type overwrites prior section with same name", start);
                    }
                    section = into.make(type, name);
                }
                case "option", "list" -> {
                    reader.expect(words, 2, 3);
                    if (section == null) throw new SyntaxError("option/list command found before the first section", start);
                    String name = reader.name(words.get(1));
                    String value = words.size() > 2 ? words.get(2) : "";
                    if (words.get(0).equals("list")) section.make(name).append(value);
                    // An option without a value is none.
                    else if (!value.isEmpty()) section.make(name).set(value);
                }
                default -> throw new SyntaxError("invalid command", start);
            }
        }
    }

    /** The statements as words, for files that hold other statements. */
    static List<List<String>> statements(String text) throws SyntaxError {
        ConfigReader reader = new ConfigReader(text);
        List<List<String>> all = new ArrayList<>();
        for (List<String> words; (words = reader.statement()) != null; ) {
            if (!words.isEmpty()) all.add(words);
        }
        return all;
    }

    private void expect(List<String> words, int least, int most) throws SyntaxError {
        if (words.size() < least) throw new SyntaxError("insufficient arguments", line);
        if (words.size() > most) throw new SyntaxError("too many arguments", line);
    }

    private String name(String word) throws SyntaxError {
        if (!isName(word)) throw new SyntaxError("invalid character in name field", line);
        return word;
    }

    static boolean isName(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (!isNameChar(word.charAt(i))) return false;
        }
        return !word.isEmpty();
    }

    static boolean isNameChar(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_';
    }

    /** @return the words of the next statement, none for an empty one; null at the end */
    private List<String> statement() throws SyntaxError {
        if (at >= text.length()) return null;
        List<String> words = new ArrayList<>(3);
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\n' || c == ';') {
                // The line is counted at the beginning of the next statement, so that an error names this one's.
                if (!words.isEmpty()) return words;
                at++;
                if (c == '\n') line++;
            } else if (c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == 11) {
                at++;
            } else if (c == '#') {
                while (at < text.length() && text.charAt(at) != '\n') at++;
            } else {
                words.add(word());
            }
        }
        return words;
    }

    private String word() throws SyntaxError {
        StringBuilder word = new StringBuilder();
        char quote = 0;
        int opened = line;
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            if (quote == 0 && (c == ' ' || c == '\t' || c == '\n' || c == ';' || c == '\r' || c == '#')) break;
            if (c == '\n') line++;
            if (c == '\\' && quote != '\'' && at + 1 < text.length()) {
                at++;
                // A line that goes on in the next.
                if (text.charAt(at) == '\n') line++;
                else word.append(text.charAt(at));
            } else if (c == quote && quote != 0) {
                quote = 0;
            } else if (quote == 0 && (c == '\'' || c == '"')) {
                quote = c;
                opened = line;
            } else {
                word.append(c);
            }
        }
        if (quote != 0) throw new SyntaxError("EOF with unterminated " + quote, opened);
        return word.toString();
    }
}
