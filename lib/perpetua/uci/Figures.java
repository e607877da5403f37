// SPDX-License-Identifier: Apache-2.0
package perpetua.uci;

import perpetua.bus.Real;

/** Numbers in configuration values: the whole text is the number, without blanks. */
final class Figures {
    private Figures() {
    }

    /** @param base 2 to 36, or 0: 0x begins a hexadecimal number, 0 an octal one @return null if it is none, or too large */
    static Long whole(String text, int base) {
        return whole(text, base, false);
    }

    /** @param ends whether one that is too large is the largest there is, and not none */
    static Long whole(String text, int base, boolean ends) {
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
            if (digit < 0 || digit >= base) return null;
            boolean fits = number <= (Long.MAX_VALUE - digit) / base;
            if (!fits && !ends) return null;
            number = fits ? number * base + digit : Long.MAX_VALUE;
        }
        return negative ? -number : number;
    }

    static int digit(char c) {
        if (c >= '0' && c <= '9') return c - '0';
        if (c >= 'a' && c <= 'z') return c - 'a' + 10;
        return c >= 'A' && c <= 'Z' ? c - 'A' + 10 : -1;
    }

    /** Whether it is a number in digits, with or without a fraction and an exponent, or a whole hexadecimal one. */
    static boolean isReal(String text) {
        if (isHexadecimal(text)) return whole(text, 16) != null;
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

    private static boolean isHexadecimal(String text) {
        int at = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
        return text.startsWith("0x", at) || text.startsWith("0X", at);
    }

    /** @param text what {@link #isReal} takes */
    static double real(String text) {
        if (isHexadecimal(text)) return whole(text, 16);
        return Real.of(text.startsWith("+") ? text.substring(1) : text).value();
    }
}
