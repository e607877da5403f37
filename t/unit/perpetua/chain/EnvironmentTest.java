// SPDX-License-Identifier: Apache-2.0
package perpetua.chain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import perpetua.fake.FakeKernel;

/** The environment of the next program, changed by whole names (D-5). */
class EnvironmentTest {
    private static Environment of(String... variables) {
        return new Environment(new FakeKernel().variables(variables));
    }

    @Test
    @DisplayName("a variable is replaced where it stands, a new one comes last, an unset one leaves no gap")
    void changes() {
        Environment environment = of("A=1", "B=2", "C=3");
        environment.set("B", "");
        environment.set("D", "x=y");
        environment.unset("A");
        environment.unset("NONE");
        assertEquals(List.of("B=", "C=3", "D=x=y"), environment.list());
        assertEquals("", environment.get("B"));
        assertEquals("x=y", environment.get("D"));
        assertNull(environment.get("A"));
    }

    @Test
    @DisplayName("names that share all but the last character are different names (D-5)")
    void alike() {
        Environment environment = of("DB1=a", "DB2=b", "X=1", "Y=2", "DB=c");
        environment.set("DB2", "B");
        environment.unset("DB1");
        environment.set("Y", "y");
        environment.unset("X");
        assertEquals(List.of("DB2=B", "Y=y", "DB=c"), environment.list());
    }

    @Test
    @DisplayName("while nobody changes it, it is the process's own")
    void untouched() {
        Environment environment = of("A=1");
        assertEquals("1", environment.get("A"));
        assertNull(environment.get("B"));
        assertNull(environment.changed());
        assertEquals(List.of("A=1"), environment.list());
        environment.set("A", "1");
        assertEquals(List.of("A=1"), environment.changed());
    }

    @Test
    @DisplayName("cleared, it is empty")
    void cleared() {
        Environment environment = of("A=1");
        environment.clear();
        assertEquals(List.of(), environment.changed());
        assertNull(environment.get("A"));
    }

    @Test
    @DisplayName("a variable that stands twice is set once and unset wholly")
    void twice() {
        Environment environment = of("A=1", "B=2", "A=3", "B=4");
        environment.set("A", "x");
        environment.unset("B");
        assertEquals(List.of("A=x"), environment.list());
    }
}
