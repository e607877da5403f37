// SPDX-License-Identifier: Apache-2.0
package perpetua.text;

/** UTF-8 in strings whose chars are bytes: RFC 3629. */
public final class Utf8 {
    private Utf8() {
    }

    /** The length of the sequence of more than one byte that begins there; 0 if none does: too long, cut off, or a surrogate. */
    public static int sequence(String bytes, int at) {
        int first = bytes.charAt(at);
        int length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
        if (first < 0xc2 || first > 0xf4 || at + length > bytes.length()) return 0;
        for (int i = 1; i < length; i++) {
            if ((bytes.charAt(at + i) & 0xc0) != 0x80) return 0;
        }
        int point = point(bytes, at, length);
        int least = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000;
        return point < least || point > 0x10ffff || point >= 0xd800 && point < 0xe000 ? 0 : length;
    }

    /** The character of a sequence. @param length as {@link #sequence} has said */
    public static int point(String bytes, int at, int length) {
        int point = bytes.charAt(at) & 0xff >> length + 1;
        for (int i = 1; i < length; i++) point = point << 6 | bytes.charAt(at + i) & 0x3f;
        return point;
    }

    /** @param point 0 to 0x10ffff; a lone surrogate too is written as if it were a character */
    public static void append(StringBuilder bytes, int point) {
        if (point < 0x80) {
            bytes.append((char) point);
            return;
        }
        int more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
        bytes.append((char) ((more == 1 ? 0xc0 : more == 2 ? 0xe0 : 0xf0) | point >> 6 * more));
        for (int i = more - 1; i >= 0; i--) bytes.append((char) (0x80 | point >> 6 * i & 0x3f));
    }
}
