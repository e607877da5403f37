// SPDX-License-Identifier: Apache-2.0
package perpetua.bus;

/**
 * A number with a fraction. Not {@code Double}, whose way to and from text is exact to the last bit and weighs as much as a
 * tool; here it is good to fifteen digits, and six places behind the point are printed, as OpenWrt's programs do.
 */
public record Real(double value) {
    /** From here on it is printed with an exponent. */
    private static final double LARGE = 1e12;
    private static final int DIGITS = 17;

    /** @param text as JSON has numbers; the part before or behind the point may be missing */
    public static Real of(String text) {
        int at = text.startsWith("-") ? 1 : 0;
        long digits = 0;
        int count = 0;
        int exponent = 0;
        boolean point = false;
        for (; at < text.length() && "eE".indexOf(text.charAt(at)) < 0; at++) {
            char c = text.charAt(at);
            if (c == '.') {
                point = true;
            } else if (count < DIGITS) {
                digits = 10 * digits + c - '0';
                if (digits > 0) count++;
                if (point) exponent--;
            } else if (!point) {
                exponent++;
            }
        }
        if (at < text.length()) exponent += exponent(text.substring(at + 1));
        double value = digits;
        for (; exponent > 0 && value != 0 && value < Double.MAX_VALUE; exponent--) value *= 10;
        for (; exponent < 0 && value > 0; exponent++) value /= 10;
        return new Real(text.startsWith("-") ? -value : value);
    }

    private static int exponent(String text) {
        int number = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit >= 0 && digit <= 9) number = Math.min(10000, 10 * number + digit);
        }
        return text.startsWith("-") ? -number : number;
    }

    /** As JSON writes it; what is no number, or without end, is {@code null}. */
    @Override
    public String toString() {
        double size = value < 0 ? -value : value;
        if (!(size <= Double.MAX_VALUE)) return "null";
        int exponent = 0;
        if (size >= LARGE) {
            for (; size >= 10; size /= 10) exponent++;
        }
        long millionths = (long) (size * 1e6 + 0.5);
        return (value < 0 ? "-" : "") + millionths / 1000000 + "." + Long.toString(1000000 + millionths % 1000000).substring(1)
                + (exponent == 0 ? "" : "e+" + exponent);
    }
}
