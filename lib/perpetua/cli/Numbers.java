// SPDX-License-Identifier: Apache-2.0
package perpetua.cli;

/** Numbers as perp takes them (spec/perp.md section 1.4): digits alone, and the empty string is 0. */
public final class Numbers {
    /** What the parsers answer for a text that is no number, or too large. */
    public static final long NONE = -1;

    private Numbers() {
    }

    /** @return 0 to 2^63-1, or {@link #NONE} */
    public static long decimal(String text) {
        return digits(text, 0, text.length(), 10);
    }

    /** @return 0 to {@code most}, or {@link #NONE} */
    public static long decimal(String text, long most) {
        long number = decimal(text);
        return number > most ? NONE : number;
    }

    /** @return 0 to 2^63-1, or {@link #NONE} */
    public static long octal(String text) {
        return digits(text, 0, text.length(), 8);
    }

    /** A size: digits, then nothing, or one of k, M, G, T for powers of 1024. @return 0 to 2^63-1 or {@link #NONE} */
    public static long size(String text) {
        int end = text.length();
        int power = end < 2 ? 0 : "kMGT".indexOf(text.charAt(end - 1)) + 1;
        if (power > 0) end--;
        long number = digits(text, 0, end, 10);
        if (number == NONE || number > Long.MAX_VALUE >> 10 * power) return NONE;
        return number << 10 * power;
    }

    /** As strtol(3) takes it with base 0, without a sign: 0x and hexadecimal digits, 0 and octal ones, or decimal ones. */
    public static long anyBase(String text) {
        if (text.isEmpty()) return NONE;
        boolean hexadecimal = text.startsWith("0x") || text.startsWith("0X");
        if (!hexadecimal) return text.charAt(0) == '0' ? octal(text) : decimal(text);
        long number = text.length() == 2 ? NONE : 0;
        for (int i = 2; i < text.length(); i++) {
            // Not Character.digit, which would bring the digits of every script along.
            char c = text.charAt(i);
            int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
            if (digit < 0 || number > Long.MAX_VALUE >> 4) return NONE;
            number = number << 4 | digit;
        }
        return number;
    }

    private static long digits(String text, int from, int to, int base) {
        long number = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit >= base) return NONE;
            if (number > (Long.MAX_VALUE - digit) / base) return NONE;
            number = number * base + digit;
        }
        return number;
    }
}
