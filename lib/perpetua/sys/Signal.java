// SPDX-License-Identifier: Apache-2.0
package perpetua.sys;

/**
 * The signals that have a name in perp (spec/perp.md section 2.4). The numbers are those of the generic
 * Linux ABI. SIGSTKFLT and the real-time signals have none there and are called SIGUNKNOWN.
 */
public enum Signal {
    HUP(1), INT(2), QUIT(3), ILL(4), TRAP(5), ABRT(6), BUS(7), FPE(8), KILL(9), USR1(10), SEGV(11), USR2(12),
    PIPE(13), ALRM(14), TERM(15), CHLD(17), CONT(18), STOP(19), TSTP(20), TTIN(21), TTOU(22), URG(23), XCPU(24),
    XFSZ(25), VTALRM(26), PROF(27), WINCH(28), IO(29), PWR(30), SYS(31);

    private final int number;

    Signal(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /** @param text {@code TERM}, {@code SIGTERM} or {@code 15}. @return null if there is none of that name or number */
    public static Signal of(String text) {
        for (Signal signal : values()) {
            String name = signal.name();
            if (text.equals(name) || text.equals("SIG" + name) || text.equals(String.valueOf(signal.number))) return signal;
        }
        return null;
    }

    /** @return {@code SIGTERM} for 15, {@code SIGUNKNOWN} for a number without a name */
    public static String name(int number) {
        for (Signal signal : values()) {
            if (signal.number == number) return "SIG" + signal.name();
        }
        return "SIGUNKNOWN";
    }
}
