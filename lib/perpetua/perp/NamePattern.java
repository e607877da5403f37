// SPDX-License-Identifier: Apache-2.0
package perpetua.perp;

/**
 * A pattern for names, as shells have them: {@code *} for any text, {@code ?} for any byte, {@code [a-z]} for one of these,
 * {@code [!a-z]} for none of them, and a backslash before what is to stand for itself. It needs no more time than the product
 * of both lengths, whatever it is.
 */
public final class NamePattern {
    private final String pattern;

    private NamePattern(String pattern) {
        this.pattern = pattern;
    }

    public static NamePattern of(String pattern) {
        return new NamePattern(pattern);
    }

    /** Whether a text is one at all, and not merely a name. */
    public static boolean isOne(String text) {
        for (int i = 0; i < text.length(); i++) {
            if ("*?[".indexOf(text.charAt(i)) >= 0) return true;
        }
        return false;
    }

    /** A name that begins with a dot is meant only by a pattern that does. */
    public boolean matches(String name) {
        if (name.startsWith(".") && !pattern.startsWith(".")) return false;
        int at = 0;
        int in = 0;
        // The last star, and up to where it has taken the name: only that one is ever tried again.
        int star = -1;
        int taken = 0;
        while (in < name.length()) {
            if (at < pattern.length() && pattern.charAt(at) == '*') {
                star = at++;
                taken = in;
                continue;
            }
            int after = at < pattern.length() ? matchOne(at, name.charAt(in)) : -1;
            if (after >= 0) {
                at = after;
                in++;
            } else if (star >= 0) {
                at = star + 1;
                in = ++taken;
            } else {
                return false;
            }
        }
        while (at < pattern.length() && pattern.charAt(at) == '*') at++;
        return at == pattern.length();
    }

    /** @return where the pattern goes on if what stands there matches that byte, else -1 */
    private int matchOne(int at, char c) {
        char sign = pattern.charAt(at);
        if (sign == '?') return at + 1;
        if (sign == '[') {
            int end = classEnd(at);
            if (end > 0) return isIn(at + 1, end, c) ? end + 1 : -1;
        }
        if (sign == '\\' && at + 1 < pattern.length()) return pattern.charAt(at + 1) == c ? at + 2 : -1;
        return sign == c ? at + 1 : -1;
    }

    /** Where the bracket closes, 0 if it does not; one that stands first is in the class. */
    private int classEnd(int at) {
        int first = at + 1;
        if (first < pattern.length() && (pattern.charAt(first) == '!' || pattern.charAt(first) == '^')) first++;
        int end = pattern.indexOf(']', first + 1);
        return Math.max(end, 0);
    }

    private boolean isIn(int from, int to, char c) {
        boolean not = pattern.charAt(from) == '!' || pattern.charAt(from) == '^';
        boolean found = false;
        for (int i = not ? from + 1 : from; i < to; i++) {
            char low = pattern.charAt(i);
            char high = low;
            if (i + 2 < to && pattern.charAt(i + 1) == '-') {
                high = pattern.charAt(i + 2);
                i += 2;
            }
            found |= c >= low && c <= high;
        }
        return found != not;
    }
}
