// SPDX-License-Identifier: Apache-2.0
package perpetua.perp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Patterns for names of services. */
class NamePatternTest {
    private static void matches(String pattern, String... names) {
        for (String name : names) assertTrue(NamePattern.of(pattern).matches(name), pattern + " should match " + name);
    }

    private static void fails(String pattern, String... names) {
        for (String name : names) assertFalse(NamePattern.of(pattern).matches(name), pattern + " should not match " + name);
    }

    @Test
    void aStarIsAnyTextAndAQuestionMarkAnyByte() {
        matches("web*", "web", "web1", "web*");
        fails("web*", "we", "xweb");
        matches("*", "a", "");
        matches("*b*b", "bb", "abbb", "b-b");
        fails("*b*b", "b", "bba");
        matches("a?c", "abc", "a?c");
        fails("a?c", "ac", "abbc");
    }

    @Test
    void bracketsAreOneOfTheseOrNoneOfThem() {
        matches("w[0-3x]", "w0", "w3", "wx");
        fails("w[0-3x]", "w4", "w-", "w");
        matches("w[!0-3]", "w4");
        fails("w[^0-3]", "w2", "w");
        matches("[]]", "]");
        matches("[a-]", "-", "a");
        matches("[a", "[a");
        fails("[a", "a");
    }

    @Test
    void aBackslashLetsASignStandForItself() {
        matches("a\\*", "a*");
        fails("a\\*", "ab", "a\\*");
        matches("a\\", "a\\");
    }

    @Test
    void namesWithADotInFrontAreMeantByNameOnly() {
        fails("*", ".boot");
        fails("?boot", ".boot");
        matches(".b*", ".boot");
    }

    @Test
    void whatIsAPatternIsSeen() {
        assertEquals("true true true false", NamePattern.isOne("a*") + " " + NamePattern.isOne("?") + " "
                + NamePattern.isOne("[x]") + " " + NamePattern.isOne("a.b-c"));
    }

    @Test
    void aBadPatternTakesNoLongerThanAGoodOne() {
        fails("*a".repeat(40) + "b", "a".repeat(240));
    }
}
