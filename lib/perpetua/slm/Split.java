// SPDX-License-Identifier: Apache-2.0
package perpetua.slm;

import java.util.ArrayList;
import java.util.List;

/** Words as a shell splits them: blanks, both quotes and the backslash count, and nothing else does. */
final class Split {
    private Split() {
    }

    /** @return null where a quote is not closed, or a backslash is the last sign */
    static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = null;
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote == 0 && c <= ' ') {
                if (word != null) words.add(word.toString());
                word = null;
                continue;
            }
            if (word == null) word = new StringBuilder();
            if (c == quote) {
                quote = 0;
            } else if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
            } else if (c == '\\' && quote != '\'') {
                if (++i == text.length()) return null;
                char next = text.charAt(i);
                // Inside double quotes it stands for itself, except in front of these.
                if (quote == '"' && "\"\\$`".indexOf(next) < 0) word.append('\\');
                word.append(next);
            } else {
                word.append(c);
            }
        }
        if (quote != 0) return null;
        if (word != null) words.add(word.toString());
        return words;
    }
}
