// SPDX-License-Identifier: Apache-2.0
package perpetua.fake;

/** Bytes on their way in one direction, of which only so many may be under way: a pipe, or half of a socket. */
final class FakePipe {
    /** What a write to a pipe does in one piece or not at all: PIPE_BUF of Linux. */
    static final int ATOMIC = 4096;
    static final int CAPACITY = 65536;

    private final int capacity;
    // Grows as needed: a thousand services with a logger each would otherwise hold 64 MB of nothing.
    private byte[] ring = new byte[0];
    private int start;
    private int size;
    int readers;
    int writers;
    /** The reader went away with bytes unread, which a stream socket tells its peer. */
    boolean reset;

    FakePipe(int capacity) {
        this.capacity = capacity;
    }

    int size() {
        return size;
    }

    int room() {
        return capacity - size;
    }

    boolean isReadable() {
        return size > 0 || writers == 0 || reset;
    }

    /** As poll(2) has it: so much room that a small write happens whole. */
    boolean isWritable() {
        return readers == 0 || room() >= Math.min(ATOMIC, capacity);
    }

    int read(byte[] into, int from, int length) {
        int count = Math.min(length, size);
        for (int i = 0; i < count; i++) into[from + i] = ring[(start + i) % ring.length];
        size -= count;
        start = size == 0 ? 0 : (start + count) % ring.length;
        return count;
    }

    /** @return how many bytes found room */
    int write(byte[] data, int from, int length) {
        int count = Math.min(length, room());
        if (size + count > ring.length) grow(size + count);
        for (int i = 0; i < count; i++) ring[(start + size + i) % ring.length] = data[from + i];
        size += count;
        return count;
    }

    private void grow(int least) {
        byte[] larger = new byte[Math.min(capacity, Math.max(256, Math.max(least, 2 * ring.length)))];
        int kept = size;
        read(larger, 0, kept);
        ring = larger;
        start = 0;
        size = kept;
    }
}
