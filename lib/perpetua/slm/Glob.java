// SPDX-License-Identifier: Apache-2.0
package perpetua.slm;

/** Patterns of a shell: {@code *}, {@code ?} and {@code [a-z]}. */
final class Glob {
    private Glob() {
    }

    static boolean matches(String pattern, String text) {
        int p = 0;
        int t = 0;
        int star = -1;
        int resume = 0;
        while (t < text.length()) {
            int after = p < pattern.length() && pattern.charAt(p) != '*' ? one(pattern, p, text.charAt(t)) : -1;
            if (after > 0) {
                p = after;
                t++;
            } else if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                resume = t;
            } else if (star >= 0) {
                // The last star takes one letter more.
                p = star + 1;
                t = ++resume;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') p++;
        return p == pattern.length();
    }

    /** @return behind what matches that letter, -1 if nothing does */
    private static int one(String pattern, int at, char letter) {
        char c = pattern.charAt(at);
        if (c == '?') return at + 1;
        int end = c == '[' ? pattern.indexOf(']', at + 2) : -1;
        if (end < 0) return c == letter ? at + 1 : -1;
        boolean negated = pattern.charAt(at + 1) == '!';
        boolean found = false;
        for (int i = at + (negated ? 2 : 1); i < end; i++) {
            char from = pattern.charAt(i);
            boolean range = i + 2 < end && pattern.charAt(i + 1) == '-';
            found |= letter >= from && letter <= (range ? pattern.charAt(i + 2) : from);
            if (range) i += 2;
        }
        return found != negated ? end + 1 : -1;
    }
}
