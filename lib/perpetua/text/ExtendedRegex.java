// SPDX-License-Identifier: Apache-2.0
package perpetua.text;

import java.util.Arrays;

/**
 * A POSIX extended regular expression, to be sought in a text of bytes. No captures and no back-references, so it runs as a
 * set of states over the text: the time is that of the text times the expression, whatever either holds.
 */
public final class ExtendedRegex {
    /** The most states, which bounds what {@code {m,n}} makes of a short expression. */
    private static final int MOST = 4000;
    private static final int DEEPEST = 50;

    /** An expression that can't be understood. */
    public static final class Invalid extends Exception {
        Invalid(String why) {
            super(why, null, false, false);
        }
    }

    private static final int SPLIT = -1;
    private static final int BEGIN = -2;
    private static final int END = -3;
    private static final int MATCH = -4;
    private static final int SET = -5;

    private final String source;
    private int at;
    private int depth;

    // A state: what it takes (a byte, or one of the above), and where it goes.
    private int[] takes = new int[64];
    private int[] next = new int[64];
    private int[] other = new int[64];
    private boolean[][] sets = new boolean[64][];
    private int size;
    private final int start;

    private ExtendedRegex(String source) throws Invalid {
        this.source = source;
        this.start = alternatives();
        if (at < source.length()) throw new Invalid("unmatched )");
        int last = end;
        // Made first: adding one may move the array.
        int match = add(MATCH, -1, -1);
        next[last] = match;
    }

    public static ExtendedRegex of(String source) throws Invalid {
        return new ExtendedRegex(source);
    }

    /** Whether it is found anywhere in the text. */
    public boolean isIn(String text) {
        return run(text, false);
    }

    /** Whether it is the whole text. */
    public boolean isAll(String text) {
        return run(text, true);
    }

    // ---- making the states: each part has one where it begins, and sets the one where it ends -----------------------

    /** Where the part made last ends: a state that leads nowhere yet. */
    private int end;

    private int add(int take, int to, int otherwise) throws Invalid {
        if (size == MOST) throw new Invalid("too large");
        if (size == takes.length) {
            takes = Arrays.copyOf(takes, 2 * size);
            next = Arrays.copyOf(next, 2 * size);
            other = Arrays.copyOf(other, 2 * size);
            sets = Arrays.copyOf(sets, 2 * size);
        }
        takes[size] = take;
        next[size] = to;
        other[size] = otherwise;
        return size++;
    }

    /** A part of one state. */
    private int single(int take) throws Invalid {
        end = add(take, -1, -1);
        return end;
    }

    private boolean ends() {
        return at >= source.length() || source.charAt(at) == '|' || source.charAt(at) == ')' && depth > 0;
    }

    private int alternatives() throws Invalid {
        int first = sequence();
        while (at < source.length() && source.charAt(at) == '|') {
            int ended = end;
            at++;
            first = add(SPLIT, first, sequence());
            int both = add(SPLIT, -1, -1);
            next[ended] = both;
            next[end] = both;
            end = both;
        }
        return first;
    }

    private int sequence() throws Invalid {
        int first = single(SPLIT);
        while (!ends()) {
            int before = end;
            int piece = piece();
            next[before] = piece;
        }
        return first;
    }

    private int piece() throws Invalid {
        int from = at;
        int first = atom();
        boolean isAtom = true;
        while (at < source.length()) {
            char c = source.charAt(at);
            if (c == '*' || c == '+' || c == '?') {
                at++;
                first = repeated(first, c);
            } else if (c == '{' && at + 1 < source.length() && isDigit(source.charAt(at + 1))) {
                if (!isAtom) throw new Invalid("nothing to repeat");
                first = interval(from, first);
            } else {
                break;
            }
            isAtom = false;
        }
        return first;
    }

    private int repeated(int first, char how) throws Invalid {
        int ended = end;
        int branch = add(SPLIT, first, -1);
        end = add(SPLIT, -1, -1);
        other[branch] = end;
        next[ended] = how == '?' ? end : branch;
        return how == '+' ? first : branch;
    }

    /** What was read from there on, so many times: it is read anew for each. */
    private int interval(int from, int first) throws Invalid {
        at++;
        int least = number();
        int most = least;
        if (at < source.length() && source.charAt(at) == ',') {
            at++;
            most = at < source.length() && isDigit(source.charAt(at)) ? number() : -1;
        }
        if (at >= source.length() || source.charAt(at) != '}' || most >= 0 && most < least) throw new Invalid("bad interval");
        int behind = at + 1;
        int begin;
        if (most == 0) {
            begin = single(SPLIT);
        } else {
            begin = least == 0 ? repeated(first, most < 0 ? '*' : '?') : least == 1 && most < 0 ? repeated(first, '+') : first;
            for (int i = 1; i < Math.max(least, most); i++) {
                int before = end;
                at = from;
                int copy = atom();
                if (i >= least) copy = repeated(copy, '?');
                else if (i == least - 1 && most < 0) copy = repeated(copy, '+');
                next[before] = copy;
            }
        }
        at = behind;
        return begin;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private int number() throws Invalid {
        int value = 0;
        while (at < source.length() && isDigit(source.charAt(at))) {
            value = 10 * value + source.charAt(at++) - '0';
            if (value > 255) throw new Invalid("bad interval");
        }
        return value;
    }

    private int atom() throws Invalid {
        char c = source.charAt(at++);
        return switch (c) {
            case '(' -> {
                if (++depth > DEEPEST) throw new Invalid("nested too deep");
                int first = alternatives();
                depth--;
                if (at >= source.length()) throw new Invalid("unmatched (");
                at++;
                yield first;
            }
            case '^' -> single(BEGIN);
            case '$' -> single(END);
            case '.' -> {
                boolean[] all = new boolean[256];
                Arrays.fill(all, true);
                yield set(all);
            }
            case '[' -> set(bracket());
            case '*', '+', '?' -> throw new Invalid("nothing to repeat");
            case '\\' -> {
                if (at >= source.length()) throw new Invalid("trailing backslash");
                yield single(source.charAt(at++) & 0xff);
            }
            default -> single(c & 0xff);
        };
    }

    private int set(boolean[] set) throws Invalid {
        int state = single(SET);
        sets[state] = set;
        return state;
    }

    private boolean[] bracket() throws Invalid {
        boolean[] set = new boolean[256];
        boolean negated = at < source.length() && source.charAt(at) == '^';
        if (negated) at++;
        for (boolean first = true; ; first = false) {
            if (at >= source.length()) throw new Invalid("unmatched [");
            char c = source.charAt(at++);
            if (c == ']' && !first) break;
            if (c == '[' && source.startsWith(":", at)) {
                int end = source.indexOf(":]", at);
                if (end < 0) throw new Invalid("unmatched [:");
                String name = source.substring(at + 1, end);
                for (int i = 0; i < 128; i++) set[i] |= isOf(name, i);
                at = end + 2;
            } else if (source.startsWith("-", at) && at + 1 < source.length() && source.charAt(at + 1) != ']') {
                char last = source.charAt(at + 1);
                at += 2;
                if (last < c) throw new Invalid("bad range");
                for (int i = c; i <= last; i++) set[i & 0xff] = true;
            } else {
                set[c & 0xff] = true;
            }
        }
        if (negated) for (int i = 0; i < 256; i++) set[i] = !set[i];
        return set;
    }

    private static boolean isOf(String name, int c) throws Invalid {
        boolean lower = c >= 'a' && c <= 'z';
        boolean upper = c >= 'A' && c <= 'Z';
        boolean digit = c >= '0' && c <= '9';
        return switch (name) {
            case "alpha" -> lower || upper;
            case "lower" -> lower;
            case "upper" -> upper;
            case "digit" -> digit;
            case "alnum" -> lower || upper || digit;
            case "xdigit" -> digit || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F';
            case "space" -> c == ' ' || c >= 9 && c <= 13;
            case "blank" -> c == ' ' || c == 9;
            case "cntrl" -> c < 32 || c == 127;
            case "print" -> c >= 32 && c < 127;
            case "graph" -> c > 32 && c < 127;
            case "punct" -> c > 32 && c < 127 && !(lower || upper || digit);
            default -> throw new Invalid("unknown class");
        };
    }

    // ---- running ----------------------------------------------------------------------------------------------------

    private boolean run(String text, boolean whole) {
        int[] now = new int[size];
        int[] then = new int[size];
        int[] seen = new int[size];
        int[] stack = new int[2 * size + 2];
        int count = enter(start, 0, text.length(), now, 0, seen, 1, stack);
        for (int i = 0; ; i++) {
            for (int k = 0; k < count; k++) {
                if (takes[now[k]] == MATCH && (!whole || i == text.length())) return true;
            }
            if (i == text.length()) return false;
            int c = text.charAt(i) & 0xff;
            int filled = 0;
            for (int k = 0; k < count; k++) {
                int state = now[k];
                if (takes[state] == c || takes[state] == SET && sets[state][c]) {
                    filled = enter(next[state], i + 1, text.length(), then, filled, seen, i + 2, stack);
                }
            }
            if (!whole) filled = enter(start, i + 1, text.length(), then, filled, seen, i + 2, stack);
            int[] swap = now;
            now = then;
            then = swap;
            count = filled;
        }
    }

    /** Adds a state and all that are reached from it without a byte. */
    private int enter(int from, int place, int length, int[] into, int filled, int[] seen, int mark, int[] stack) {
        int top = 0;
        stack[top++] = from;
        while (top > 0) {
            int state = stack[--top];
            if (state < 0 || seen[state] == mark) continue;
            seen[state] = mark;
            switch (takes[state]) {
                case SPLIT -> {
                    stack[top++] = other[state];
                    stack[top++] = next[state];
                }
                case BEGIN -> {
                    if (place == 0) stack[top++] = next[state];
                }
                case END -> {
                    if (place == length) stack[top++] = next[state];
                }
                default -> into[filled++] = state;
            }
        }
        return filled;
    }
}
