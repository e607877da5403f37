// SPDX-License-Identifier: Apache-2.0
package perpetua.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers as spec/perp.md section 1.4 has them, without upstream's overflow (D-9). */
class NumbersTest {
    @Test
    @DisplayName("digits are a number, and the empty string is 0")
    void decimal() {
        assertEquals(0, Numbers.decimal(""));
        assertEquals(0, Numbers.decimal("0"));
        assertEquals(7, Numbers.decimal("007"));
        assertEquals(4294967296L, Numbers.decimal("4294967296"));
        assertEquals(10000000000L, Numbers.decimal("10000000000"));
        assertEquals(Long.MAX_VALUE, Numbers.decimal("9223372036854775807"));
    }

    @ParameterizedTest(name = "\"{0}\"")
    @ValueSource(strings = {"-1", "+1", " 1", "1 ", "1x", "0x10", "1.0", "unlimited", "-", "\u0661", "\000",
        "9223372036854775808", "18446744073709551616", "99999999999999999999999999"})
    @DisplayName("anything else is none: a sign, a blank, a suffix, another base, too large a number")
    void notDecimal(String text) {
        assertEquals(Numbers.NONE, Numbers.decimal(text));
        assertEquals(Numbers.NONE, Numbers.size(text));
    }

    @Test
    @DisplayName("a bound is inclusive")
    void bounded() {
        assertEquals(4294967295L, Numbers.decimal("4294967295", 0xffffffffL));
        assertEquals(Numbers.NONE, Numbers.decimal("4294967296", 0xffffffffL));
        assertEquals(Numbers.NONE, Numbers.decimal("99999999999999999999", 0xffffffffL));
        assertEquals(0, Numbers.decimal("", 5));
    }

    @Test
    @DisplayName("octal digits are 0 to 7")
    void octal() {
        assertEquals(0, Numbers.octal(""));
        assertEquals(0755, Numbers.octal("755"));
        assertEquals(0755, Numbers.octal("0755"));
        assertEquals(Numbers.NONE, Numbers.octal("78"));
        assertEquals(Numbers.NONE, Numbers.octal("-7"));
        assertEquals(Long.MAX_VALUE, Numbers.octal("777777777777777777777"));
        assertEquals(Numbers.NONE, Numbers.octal("1000000000000000000000"));
    }

    @Test
    @DisplayName("a size may end in k, M, G or T, powers of 1024")
    void sizes() {
        assertEquals(0, Numbers.size(""));
        assertEquals(5, Numbers.size("5"));
        assertEquals(5 << 10, Numbers.size("5k"));
        assertEquals(5 << 20, Numbers.size("5M"));
        assertEquals(5L << 30, Numbers.size("5G"));
        assertEquals(5L << 40, Numbers.size("5T"));
        assertEquals(8388607L << 40, Numbers.size("8388607T"));
    }

    @ParameterizedTest(name = "\"{0}\"")
    @ValueSource(strings = {"k", "5K", "5m", "5kk", "5 k", "5kB", "-5k", "5k ", "8388608T", "9007199254740992k"})
    @DisplayName("but nothing else, and not beyond 2^63-1")
    void notSizes(String text) {
        assertEquals(Numbers.NONE, Numbers.size(text));
    }
}
