// SPDX-License-Identifier: Apache-2.0
package perpetua.sys;

/** What a system call in which a thread sleeps says of it. */
public enum Receiving {
    /** It waits for something else than a message. */
    NO,
    /** It waits for a message, or for one of several. */
    YES,
    /** It reads from the descriptor that is its first argument: that depends on what it is. */
    READS
}
