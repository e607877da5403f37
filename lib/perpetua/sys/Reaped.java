// SPDX-License-Identifier: Apache-2.0
package perpetua.sys;

/**
 * A child that has ended.
 *
 * @param pid which
 * @param status its exit status, 0 to 255; 0 if a signal killed it
 * @param signal the signal that killed it, 0 if it exited
 */
public record Reaped(int pid, int status, int signal) {
    /** From the word that waitpid(2) fills in. */
    public static Reaped of(int pid, int word) {
        int signal = word & 0x7f;
        return new Reaped(pid, signal == 0 ? (word >> 8) & 0xff : 0, signal);
    }
}
