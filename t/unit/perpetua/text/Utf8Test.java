// SPDX-License-Identifier: Apache-2.0
package perpetua.text;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8Test {
    @Test
    @DisplayName("each character is written as the JDK writes it, and read again")
    void characters() {
        for (int point = 0; point <= 0x10ffff; point++) {
            if (point >= 0xd800 && point < 0xe000) continue;
            StringBuilder bytes = new StringBuilder();
            Utf8.append(bytes, point);
            String text = bytes.toString();
            assertEquals(new String(Character.toString(point).getBytes(UTF_8), ISO_8859_1), text);
            if (point < 0x80) continue;
            assertEquals(text.length(), Utf8.sequence(text + "x", 0));
            assertEquals(point, Utf8.point(text, 0, text.length()));
        }
    }

    @ParameterizedTest
    @DisplayName("no sequence: a byte from the midst, too long a form, a surrogate, beyond the last character, cut off")
    @ValueSource(strings = {"\u0080", "\u00bf", "\u00c0\u0080", "\u00c1\u00bf", "\u00e0\u009f\u00bf", "\u00ed\u00a0\u0080",
        "\u00ed\u00bf\u00bf", "\u00f0\u008f\u00bf\u00bf", "\u00f4\u0090\u0080\u0080", "\u00f5\u0080\u0080\u0080", "\u00ff",
        "\u00c3", "\u00e2\u0082", "\u00f0\u009f\u0098", "\u00c3x", "\u00e2\u0082x", "\u00e2x\u00ac", "\u00f0\u009f\u0098\u00c3"})
    void none(String bytes) {
        assertEquals(0, Utf8.sequence(bytes, 0));
    }
}
