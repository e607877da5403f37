// SPDX-License-Identifier: Apache-2.0
package perpetua.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExtendedRegexTest {
    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', value = {
        "^a.c$, abc, true", "^a.c$, abcd, false", "b+, abbc, true", "x|(c|d)$, abbc, true", "(ab){2}, xababx, true",
        "^(ab){3}$, abab, false", "^a{2;3}$, aaa, true", "[^a-c]x, ax, false", "[]x], ], true", "[[:digit:]]+$, a12, true",
        "\\., a, false", "a**, , true", "(a|b)*c, ababc, true", "^$, a, false", "a{0}b, b, true", "(a*)*b, aaaa, false",
    })
    @DisplayName("is found where it is, and nowhere else")
    void found(String expression, String text, boolean found) throws ExtendedRegex.Invalid {
        assertEquals(found, ExtendedRegex.of(expression.replace(';', ',')).isIn(text == null ? "" : text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "(a))*)(", "[a", "*a", "a{3,1}", "a{999}", "[b-a]", "a\\", "[[:none:]]", "((((a{200}){200}){200}){200})"})
    @DisplayName("what is none, or too large, is refused")
    void invalid(String expression) {
        assertThrows(ExtendedRegex.Invalid.class, () -> ExtendedRegex.of(expression));
    }

    @Test
    @DisplayName("no text takes long")
    void linear() throws ExtendedRegex.Invalid {
        assertTrue(!ExtendedRegex.of("(a*)*(a*)*b").isIn("a".repeat(20000)));
        assertThrows(ExtendedRegex.Invalid.class, () -> ExtendedRegex.of("(".repeat(100000)));
    }

    @Test
    @DisplayName("agrees with java.util.regex on random expressions and texts")
    void random() throws ExtendedRegex.Invalid {
        long seed = Long.getLong("perpetua.seed", System.nanoTime());
        System.out.println("ExtendedRegexTest: -Dperpetua.seed=" + seed);
        Random random = new Random(seed);
        int unknown = 0;
        for (int i = 0; i < 20000; i++) {
            String expression = expression(random, 3);
            StringBuilder text = new StringBuilder();
            for (int k = random.nextInt(8); k > 0; k--) text.append("abc".charAt(random.nextInt(3)));
            ExtendedRegex ours = ExtendedRegex.of(expression);
            Pattern theirs = Pattern.compile(expression);
            String shown = expression + " in " + text;
            boolean isIn;
            boolean isAll;
            try {
                isIn = theirs.matcher(new Text(text.toString())).find();
                isAll = theirs.matcher(new Text(text.toString())).matches();
            } catch (Text.TooOften e) {
                unknown++;
                continue;
            }
            assertEquals(isIn, ours.isIn(text.toString()), shown);
            assertEquals(isAll, ours.isAll(text.toString()), shown);
        }
        assertTrue(unknown < 200, unknown + " were not compared");
    }

    /** For java.util.regex, which would look at some of these texts for minutes: it is stopped. */
    private static final class Text implements CharSequence {
        private static final int MOST_LOOKS = 1_000_000;

        static final class TooOften extends RuntimeException {
        }

        private final String text;
        private int looks;

        Text(String text) {
            this.text = text;
        }

        @Override
        public char charAt(int at) {
            if (looks++ == MOST_LOOKS) throw new TooOften();
            return text.charAt(at);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int from, int to) {
            return text.subSequence(from, to);
        }
    }

    private static String expression(Random random, int depth) {
        StringBuilder out = new StringBuilder();
        for (int pieces = 1 + random.nextInt(3); pieces > 0; pieces--) {
            int kind = depth == 0 ? random.nextInt(3) : random.nextInt(6);
            out.append(switch (kind) {
                case 0 -> "a";
                case 1 -> ".";
                case 2 -> "[bc]";
                case 3 -> "(" + expression(random, depth - 1) + ")";
                case 4 -> "(" + expression(random, depth - 1) + "|" + expression(random, depth - 1) + ")";
                default -> "b";
            });
            out.append(new String[] {"", "", "", "*", "+", "?", "{2}", "{1,2}", "{0,1}", "{1,}"}[random.nextInt(10)]);
        }
        return out.toString();
    }
}
