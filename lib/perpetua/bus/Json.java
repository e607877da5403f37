// SPDX-License-Identifier: Apache-2.0
package perpetua.bus;

import com.grack.nanojson.JsonParserException;
import com.grack.nanojson.JsonReader;
import java.util.ArrayList;
import java.util.List;
import perpetua.cli.JsonWriter;
import perpetua.text.Utf8;

/**
 * JSON as the bus takes and gives it (spec/procd.md sections 2.2 and 2.3). nanojson reads it, member by member, so that
 * what stands behind the closing brace is never looked at. Here is the leniency around it (single quotes), the bounds of
 * foreign text, and the way between OS strings and text: what is no UTF-8 passes all the same.
 */
public final class Json {
    /** The most that is read, in bytes. A message of the bus is no longer. */
    public static final int LONGEST = 1 << 20;
    /** How deep objects and arrays may be nested. */
    public static final int DEEPEST = 32;

    /** A text that is none. */
    public static final class Malformed extends Exception {
        Malformed(String why) {
            super(why, null, false, false);
        }
    }

    /** A byte that is no UTF-8 becomes a lone surrogate, which no UTF-8 becomes, and so comes back as it was. */
    private static final int ESCAPED = 0xdc00;

    private Json() {
    }

    /** @param text an OS string @throws Malformed if no JSON object stands at its beginning, or it is too long or deep */
    public static Table parse(String text) throws Malformed {
        if (text.length() > LONGEST) throw new Malformed("it is too long");
        try {
            JsonReader reader = JsonReader.from(decoded(text));
            if (reader.current() != JsonReader.Type.OBJECT) throw new Malformed("it is no object");
            return table(reader, 1);
        } catch (JsonParserException | NumberFormatException e) {
            throw new Malformed(e.getMessage());
        }
    }

    private static Object value(JsonReader reader, int depth) throws JsonParserException, Malformed {
        return switch (reader.current()) {
            case OBJECT -> table(reader, depth + 1);
            case ARRAY -> array(reader, depth + 1);
            case STRING -> encoded(reader.string());
            case NUMBER -> number(reader.number().toString());
            case BOOLEAN -> reader.bool();
            case NULL -> null;
        };
    }

    private static Table table(JsonReader reader, int depth) throws JsonParserException, Malformed {
        if (depth > DEEPEST) throw new Malformed("it is nested too deep");
        Table table = new Table();
        reader.object();
        while (reader.next()) {
            String name = encoded(reader.key());
            table.put(name, value(reader, depth));
        }
        return table;
    }

    private static List<Object> array(JsonReader reader, int depth) throws JsonParserException, Malformed {
        if (depth > DEEPEST) throw new Malformed("it is nested too deep");
        List<Object> list = new ArrayList<>();
        reader.array();
        while (reader.next()) list.add(value(reader, depth));
        return list;
    }

    private static Object number(String text) {
        int digits = text.startsWith("-") ? text.length() - 1 : text.length();
        boolean whole = digits <= 18;
        for (int i = 0; i < text.length(); i++) whole &= ".eE".indexOf(text.charAt(i)) < 0;
        return whole ? (Object) Long.parseLong(text) : (Object) Real.of(text);
    }

    // ---- to text, with double quotes ------------------------------------------------------------------------------

    private static String decoded(String bytes) {
        StringBuilder text = new StringBuilder(bytes.length() + 16);
        // The quote that ends the string in which we are; 0 outside.
        char quote = 0;
        for (int i = 0; i < bytes.length(); ) {
            char c = bytes.charAt(i);
            int length = c < 0x80 ? 0 : Utf8.sequence(bytes, i);
            if (length > 0) {
                appendPoint(text, Utf8.point(bytes, i, length));
                i += length;
                continue;
            }
            i++;
            if (c >= 0x80) {
                text.append((char) (ESCAPED + c));
            } else if (c == '\\' && quote != 0 && i < bytes.length()) {
                char next = bytes.charAt(i);
                i++;
                if (next == '\'') text.append('\'');
                else if (next >= 0x80) i--;
                else text.append('\\').append(next);
            } else if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
                text.append('"');
            } else if (c == quote && quote != 0) {
                quote = 0;
                text.append('"');
            } else if (quote == 0 && (c == '}' || c == ']')) {
                dropComma(text);
                text.append(c);
            } else if (c == '"') {
                text.append("\\\"");
            } else if (quote != 0 && c < ' ') {
                text.append("\\u").append(Integer.toHexString(0x10000 + c), 1, 5);
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    /** One behind the last member, as OpenWrt's programs take it. */
    private static void dropComma(StringBuilder text) {
        int comma = lastOf(text, text.length());
        if (comma < 1 || text.charAt(comma) != ',') return;
        int before = lastOf(text, comma);
        if (before >= 0 && "[{,".indexOf(text.charAt(before)) < 0) text.setLength(comma);
    }

    /** Where the last character that is no blank stands before {@code end}; -1 if there is none. */
    private static int lastOf(StringBuilder text, int end) {
        int at = end - 1;
        while (at >= 0 && text.charAt(at) <= ' ') at--;
        return at;
    }

    private static void appendPoint(StringBuilder text, int point) {
        if (point < 0x10000) {
            text.append((char) point);
        } else {
            text.append((char) (0xd7c0 + (point >> 10))).append((char) (0xdc00 + (point & 0x3ff)));
        }
    }

    /** @throws Malformed for a NUL, which no OS string can hold */
    private static String encoded(String text) throws Malformed {
        int i = 0;
        while (i < text.length() && text.charAt(i) < 0x80 && text.charAt(i) != 0) i++;
        if (i == text.length()) return text;
        StringBuilder bytes = new StringBuilder(text.length() + 16).append(text, 0, i);
        for (; i < text.length(); i++) {
            int c = text.charAt(i);
            if (c == 0) throw new Malformed("a string holds a NUL");
            if (c >= 0xd800 && c < 0xdc00 && i + 1 < text.length() && (text.charAt(i + 1) & 0xfc00) == 0xdc00) {
                c = 0x10000 + (c - 0xd800 << 10) + (text.charAt(++i) - 0xdc00);
            }
            if (c >= ESCAPED + 0x80 && c < ESCAPED + 0x100) bytes.append((char) (c - ESCAPED));
            else Utf8.append(bytes, c);
        }
        return bytes.toString();
    }

    // ---- writing --------------------------------------------------------------------------------------------------

    /** In one line without blanks. */
    public static String compact(Object value) {
        JsonWriter json = new JsonWriter();
        write(json, value);
        return json.toString();
    }

    private static void write(JsonWriter json, Object value) {
        if (value instanceof Table table) {
            json.openObject();
            for (int i = 0; i < table.size(); i++) {
                json.name(table.name(i));
                write(json, table.value(i));
            }
            json.closeObject();
        } else if (value instanceof List<?> list) {
            json.openArray();
            for (Object element : list) write(json, element);
            json.closeArray();
        } else if (value instanceof String text) {
            json.string(text);
        } else {
            json.literal(literal(value));
        }
    }

    private static String literal(Object value) {
        if (value instanceof Real number) return number.toString();
        if (value instanceof Long number) return Long.toString(number);
        return value instanceof Boolean bool ? bool ? "true" : "false" : "null";
    }

    /** Over many lines, with a tab for each level. */
    public static String indented(Object value) {
        StringBuilder text = new StringBuilder();
        indent(text, value, 0);
        return text.toString();
    }

    private static void indent(StringBuilder text, Object value, int level) {
        if (value instanceof Table table) {
            text.append('{');
            if (table.isEmpty()) line(text, level + 1);
            for (int i = 0; i < table.size(); i++) {
                if (i > 0) text.append(',');
                line(text, level + 1);
                text.append(JsonWriter.quoted(table.name(i))).append(": ");
                indent(text, table.value(i), level + 1);
            }
            line(text, level);
            text.append('}');
        } else if (value instanceof List<?> list) {
            text.append('[');
            if (list.isEmpty()) line(text, level + 1);
            for (int i = 0; i < list.size(); i++) {
                if (i > 0) text.append(',');
                line(text, level + 1);
                indent(text, list.get(i), level + 1);
            }
            line(text, level);
            text.append(']');
        } else {
            text.append(value instanceof String string ? JsonWriter.quoted(string) : literal(value));
        }
    }

    private static void line(StringBuilder text, int level) {
        text.append('\n');
        for (int i = 0; i < level; i++) text.append('\t');
    }
}
