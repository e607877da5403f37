// SPDX-License-Identifier: Apache-2.0
package perpetua.slm;

/** UTF-8 in strings whose chars are bytes. */
final class Utf8 {
    private Utf8() {
    }

    /** The length of the sequence of more than one byte that begins there; 0 if none does: too long, cut off, a surrogate. */
    static int sequence(String bytes, int at) {
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

    static void append(StringBuilder bytes, int point) {
        if (point < 0x80) {
            bytes.append((char) point);
            return;
        }
        int more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
        bytes.append((char) ((more == 1 ? 0xc0 : more == 2 ? 0xe0 : 0xf0) | point >> 6 * more));
        for (int i = more - 1; i >= 0; i--) bytes.append((char) (0x80 | point >> 6 * i & 0x3f));
    }
}
