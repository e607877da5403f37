// SPDX-License-Identifier: Apache-2.0
package perpetua.cli;

import perpetua.text.Utf8;

/**
 * Writes JSON, in one line without blanks, as it is told: RFC 8259. OS strings are bytes and JSON is text: what is UTF-8 stays
 * as it is, what is not is shown byte for byte, as U+0080 to U+00FF. Whoever calls sees to it that what is opened is closed.
 */
public final class JsonWriter {
    private final StringBuilder text = new StringBuilder();

    /** The name of the next value, inside an object. */
    public JsonWriter name(String name) {
        separate();
        quote(name);
        text.append(':');
        return this;
    }

    public JsonWriter string(String bytes) {
        separate();
        quote(bytes);
        return this;
    }

    public JsonWriter number(long value) {
        separate();
        text.append(value);
        return this;
    }

    /** @param literal what JSON takes as it is: a number already in digits, {@code true}, {@code null} */
    public JsonWriter literal(String literal) {
        separate();
        text.append(literal);
        return this;
    }

    public JsonWriter bool(boolean value) {
        return literal(value ? "true" : "false");
    }

    public JsonWriter openObject() {
        separate();
        text.append('{');
        return this;
    }

    public JsonWriter closeObject() {
        text.append('}');
        return this;
    }

    public JsonWriter openArray() {
        separate();
        text.append('[');
        return this;
    }

    public JsonWriter closeArray() {
        text.append(']');
        return this;
    }

    /** What was written so far. */
    @Override
    public String toString() {
        return text.toString();
    }

    private void separate() {
        if (text.length() == 0) return;
        char last = text.charAt(text.length() - 1);
        if (last != '{' && last != '[' && last != ':') text.append(',');
    }

    /** A string as JSON writes it, with its quotes. */
    public static String quoted(String bytes) {
        StringBuilder text = new StringBuilder(bytes.length() + 2);
        quote(text, bytes);
        return text.toString();
    }

    private void quote(String bytes) {
        quote(text, bytes);
    }

    private static void quote(StringBuilder text, String bytes) {
        text.append('"');
        for (int i = 0; i < bytes.length(); ) {
            char c = bytes.charAt(i);
            int length = c < 0x80 ? 0 : Utf8.sequence(bytes, i);
            if (length > 0) {
                text.append(bytes, i, i + length);
                i += length;
                continue;
            }
            int letter = "\b\t\n\f\r\"\\".indexOf(c);
            if (letter >= 0) text.append('\\').append("btnfr\"\\".charAt(letter));
            else if (c < ' ' || c >= 127) text.append("\\u").append(Integer.toHexString(0x10000 + c), 1, 5);
            else text.append(c);
            i++;
        }
        text.append('"');
    }
}
