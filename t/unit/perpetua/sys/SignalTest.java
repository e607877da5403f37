// SPDX-License-Identifier: Apache-2.0
package perpetua.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Signals by number: spec/perp.md section 2.4. */
class SignalTest {
    @Test
    @DisplayName("a signal is named with or without SIG, or by its number")
    void of() {
        for (Signal signal : Signal.values()) {
            assertEquals(signal, Signal.of(signal.name()));
            assertEquals(signal, Signal.of("SIG" + signal.name()));
            assertEquals(signal, Signal.of(String.valueOf(signal.number())));
        }
        for (String other : new String[] {"", "SIG", "term", "SIGSIGTERM", "0", "16", "015", "-1", "TERM "}) {
            assertEquals(null, Signal.of(other), other);
        }
    }

    @Test
    @DisplayName("a signal's name is that of its number")
    void names() {
        String[] names = {"HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2",
            "PIPE", "ALRM", "TERM", null, "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ",
            "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS"};
        for (int i = 0; i < names.length; i++) {
            assertEquals(names[i] == null ? "SIGUNKNOWN" : "SIG" + names[i], Signal.name(i + 1));
        }
        assertEquals("SIGKILL", Signal.name(Signal.KILL.number()));
    }

    @Test
    @DisplayName("16, real-time signals and nonsense are SIGUNKNOWN")
    void unknown() {
        for (int number : new int[] {0, 16, 32, 34, 64, -1, 1000}) assertEquals("SIGUNKNOWN", Signal.name(number));
    }

    @Test
    @DisplayName("the word of waitpid tells status or signal; a core dump makes no difference")
    void reaped() {
        assertEquals(new Reaped(5, 111, 0), Reaped.of(5, 111 << 8));
        assertEquals(new Reaped(5, 255, 0), Reaped.of(5, 255 << 8));
        assertEquals(new Reaped(5, 0, 15), Reaped.of(5, 15));
        assertEquals(new Reaped(5, 0, 11), Reaped.of(5, 11 | 0x80));
    }
}
