// SPDX-License-Identifier: Apache-2.0
package perpetua.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    private static String again(String text) throws Json.Malformed {
        return Json.compact(Json.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"a\":1,\"b\":[true,false,null,\"x\",-5],\"c\":{\"d\":{}}}", "{\"a\":2147483648}",
        "{\"a\":-9223372036854775}", "{\"a\":1.500000}", "{\"a\":\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\"}", "{\"\303\274\":\"\360\237\230\200\"}"})
    @DisplayName("what is read is written the same")
    void same(String text) throws Json.Malformed {
        assertEquals(text, again(text));
    }

    @Test
    @DisplayName("single quotes are as good, and what follows the object is not looked at")
    void lenient() throws Json.Malformed {
        assertEquals("{\"name\":\"it's \\\"x\\\"\"}", again("{'name': 'it\\'s \"x\"'} {{{ trailing"));
        assertEquals("{\"a\":\"'\"}", again("{\"a\":\"'\"}"));
        assertEquals("{\"a\":[1],\"b\":{\"c\":\",}\"}}", again("{\"a\":[1 , ],\"b\":{'c':',}',},}"));
    }

    @Test
    @DisplayName("escapes become UTF-8, and bytes that are no UTF-8 come back as they were")
    void bytes() throws Json.Malformed {
        assertEquals("\303\274\342\202\254\360\237\230\200", Json.parse("{\"a\":\"\\u00fc\\u20ac\\ud83d\\ude00\"}").text("a"));
        assertEquals("\351\377x", Json.parse("{\"a\":\"\351\377x\"}").text("a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[1]", "5", "true", "{bad", "{\"name\":", "{\"name\" \"x\"}", "{\"a\":\"\\u0000\"}", "{\"a\":'x\"}",
        "{\"a\":1,,}", "{,}", "{\"a\":[,]}", "null", "{\"a\":-}", "{\"a\":\"\\"})
    @DisplayName("what is no object is refused")
    void malformed(String text) {
        assertThrows(Json.Malformed.class, () -> Json.parse(text));
    }

    @Test
    @DisplayName("depth and size are bounded")
    void bounded() throws Json.Malformed {
        String deep = "{\"a\":" + "[".repeat(31) + "]".repeat(31) + "}";
        Json.parse(deep);
        assertThrows(Json.Malformed.class, () -> Json.parse("{\"a\":" + "[".repeat(32) + "]".repeat(32) + "}"));
        assertThrows(Json.Malformed.class, () -> Json.parse("{\"a\":" + "[".repeat(900_000)));
        assertThrows(Json.Malformed.class, () -> Json.parse("{\"a\":\"" + "x".repeat(1 << 20) + "\"}"));
    }

    @Test
    @DisplayName("over many lines, an empty object takes two")
    void indented() throws Json.Malformed {
        assertEquals("{\n\t\"a\": [\n\t\t1,\n\t\t{\n\t\t\t\n\t\t}\n\t]\n}", Json.indented(Json.parse("{\"a\":[1,{}]}")));
    }

    @Test
    @DisplayName("fractions have six places, and large ones an exponent")
    void reals() throws Json.Malformed {
        assertEquals("{\"a\":0.333333,\"b\":-1.250000,\"c\":1.500000e+20,\"d\":0.000000}",
                again("{\"a\":0.3333333333,\"b\":-1.25,\"c\":1.5e20,\"d\":1e-9}"));
        assertEquals("{\"a\":100.000000}", again("{\"a\":1e2}"));
        assertEquals("{\"a\":null}", again("{\"a\":1e400}"));
        assertTrue(again("{\"a\":12345678901234567890}").startsWith("{\"a\":1.23456"));
    }
}
