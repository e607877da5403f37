// SPDX-License-Identifier: Apache-2.0
package perpetua.sys;

/** The descriptors of one {@link Kernel#poll}: filled anew for each call, kept to be filled again. */
public final class PollSet {
    /** Readable, closed by the peer, or in error. */
    public static final int IN = 1;
    /** Writable, or in error. */
    public static final int OUT = 2;

    private int[] slots;
    private int size;

    public PollSet() {
        this(8);
    }

    /** @param room for how many there is room from the start; it grows */
    public PollSet(int room) {
        slots = new int[3 * room];
    }

    /** For how many there is room now. */
    public int room() {
        return slots.length / 3;
    }

    public void clear() {
        size = 0;
    }

    /** @return its place, for {@link #isReady} */
    public int add(int fd, int events) {
        if (3 * size == slots.length) {
            int[] larger = new int[2 * slots.length];
            System.arraycopy(slots, 0, larger, 0, slots.length);
            slots = larger;
        }
        slots[3 * size] = fd;
        slots[3 * size + 1] = events;
        slots[3 * size + 2] = 0;
        return size++;
    }

    public boolean isReady(int place) {
        return slots[3 * place + 2] != 0;
    }

    public boolean isReady(int place, int event) {
        return (slots[3 * place + 2] & event) != 0;
    }

    /** What is ready of it: a sum of the constants. */
    public int ready(int place) {
        return slots[3 * place + 2];
    }

    public int size() {
        return size;
    }

    public int fd(int place) {
        return slots[3 * place];
    }

    public int events(int place) {
        return slots[3 * place + 1];
    }

    public void setReady(int place, int events) {
        slots[3 * place + 2] = events;
    }

    /** Triples of descriptor, wanted and ready, for a kernel that fills them itself. */
    public int[] slots() {
        return slots;
    }
}
