// SPDX-License-Identifier: Apache-2.0
package perpetua.sys;

/**
 * A child, or another process that was watched, that has ended.
 *
 * @param pid which
 * @param status its exit status, 0 to 255; 0 if a signal killed it, -1 if it is not known
 * @param signal the signal that killed it, 0 if it exited
 */
public record Reaped(int pid, int status, int signal) {
    private static final int UNKNOWN = -1;

    /** One that was no child, and of which the kernel did not tell how it ended. */
    public static Reaped unknown(int pid) {
        return new Reaped(pid, UNKNOWN, 0);
    }

    /** Whether it is known how it ended. */
    public boolean isKnown() {
        return status != UNKNOWN;
    }

    /** From the word that waitpid(2) fills in. */
    public static Reaped of(int pid, int word) {
        int signal = word & 0x7f;
        return new Reaped(pid, signal == 0 ? (word >> 8) & 0xff : 0, signal);
    }
}
