// SPDX-License-Identifier: Apache-2.0
package perpetua.uci;

/** Numbers in configuration values: the whole text is the number, without blanks. */
final class Figures {
    private Figures() {
    }

    /** @param base 2 to 36, or 0: 0x begins a hexadecimal number, 0 an octal one @return null if it is none, or too large */
    static Long whole(String text, int base) {
        int at = 0;
        boolean negative = text.startsWith("-");
        if (negative || text.startsWith("+")) at++;
        boolean hex = text.startsWith("0x", at) || text.startsWith("0X", at);
        if (hex && (base == 0 || base == 16)) {
            base = 16;
            at += 2;
        } else if (base == 0) {
            base = text.startsWith("0", at) ? 8 : 10;
        }
        if (at >= text.length()) return null;
        long number = 0;
        for (; at < text.length(); at++) {
            int digit = digit(text.charAt(at));
            if (digit < 0 || digit >= base || number > (Long.MAX_VALUE - digit) / base) return null;
            number = number * base + digit;
        }
        return negative ? -number : number;
    }

    static int digit(char c) {
        if (c >= '0' && c <= '9') return c - '0';
        if (c >= 'a' && c <= 'z') return c - 'a' + 10;
        return c >= 'A' && c <= 'Z' ? c - 'A' + 10 : -1;
    }

    /** Whether it is a number in digits, with or without a fraction and an exponent. */
    static boolean isReal(String text) {
        int at = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
        int digits = 0;
        boolean point = false;
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '.' && !point) {
                point = true;
                continue;
            }
            if ((c == 'e' || c == 'E') && digits > 0) return whole(text.substring(at + 1), 10) != null;
            if (c < '0' || c > '9') return false;
            digits++;
        }
        return digits > 0;
    }
}
