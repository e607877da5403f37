// SPDX-License-Identifier: Apache-2.0
package tools.runshow;

import java.util.List;
import perpetua.sys.Limit;

/** The facts as one JSON object, in one line. What is no UTF-8 is shown byte for byte, as U+0080 to U+00FF. */
final class Json implements Facts {
    private final StringBuilder text = new StringBuilder("{");

    private void name(String name) {
        if (text.charAt(text.length() - 1) != '{') text.append(',');
        string(name);
        text.append(':');
    }

    @Override
    public void number(String name, long value) {
        name(name);
        text.append(value);
    }

    @Override
    public void text(String name, String value) {
        name(name);
        string(value);
    }

    @Override
    public void ids(String name, int[] ids) {
        name(name);
        text.append('[');
        for (int i = 0; i < ids.length; i++) text.append(i == 0 ? "" : ",").append(Integer.toUnsignedString(ids[i]));
        text.append(']');
    }

    @Override
    public void words(String name, List<String> words) {
        name(name);
        text.append('[');
        for (int i = 0; i < words.size(); i++) {
            if (i > 0) text.append(',');
            string(words.get(i));
        }
        text.append(']');
    }

    @Override
    public void each(String name, List<String> values) {
        words(name, values);
    }

    @Override
    public void limit(String name, long soft, long hard) {
        open(name);
        bound("soft", soft);
        bound("hard", hard);
        close();
    }

    private void bound(String name, long limit) {
        if (limit == Limit.INFINITY) {
            text(name, "unlimited");
        } else {
            name(name);
            text.append(Long.toUnsignedString(limit));
        }
    }

    @Override
    public void open(String name) {
        name(name);
        text.append('{');
    }

    @Override
    public void close() {
        text.append('}');
    }

    @Override
    public String end() {
        return text.append("}\n").toString();
    }

    private void string(String bytes) {
        text.append('"');
        for (int i = 0; i < bytes.length(); ) {
            char c = bytes.charAt(i);
            int length = c < 0x80 ? 0 : sequence(bytes, i);
            if (length > 0) {
                text.append(bytes, i, i + length);
                i += length;
                continue;
            }
            if (c == '"' || c == '\\') text.append('\\').append(c);
            else if (c < ' ' || c >= 127) text.append("\\u").append(Integer.toHexString(0x10000 + c), 1, 5);
            else text.append(c);
            i++;
        }
        text.append('"');
    }

    /** The length of the UTF-8 sequence that begins there; 0 if none does: too long, cut off, or a surrogate. */
    private static int sequence(String bytes, int at) {
        int first = bytes.charAt(at);
        int length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
        if (first < 0xc2 || first > 0xf4 || at + length > bytes.length()) return 0;
        int point = first & 0xff >> length + 1;
        for (int i = 1; i < length; i++) {
            int next = bytes.charAt(at + i);
            if ((next & 0xc0) != 0x80) return 0;
            point = point << 6 | next & 0x3f;
        }
        int least = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000;
        return point < least || point > 0x10ffff || point >= 0xd800 && point < 0xe000 ? 0 : length;
    }
}
