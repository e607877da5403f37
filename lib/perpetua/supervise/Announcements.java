// SPDX-License-Identifier: Apache-2.0
package perpetua.supervise;

import perpetua.sys.Kernel;
import perpetua.sys.PollSet;
import perpetua.sys.SysException;

/**
 * A pipe that carries the pid of each orphan that process 1 has collected: records of 4 bytes in the machine's order. What
 * does not fit in is dropped, and as soon as there is room again a record of 0 says that some were: whoever reads it must
 * look after everything. So writing never waits, whether anybody reads or not.
 */
public final class Announcements {
    /** Stands for those that were lost. */
    public static final int LOST = 0;
    public static final int RECORD = 4;
    /** Above those numbers that a program is given. */
    private static final int LEAST = 10;

    private final Kernel kernel;
    private final int reader;
    private final int writer;
    private final Loop.Watch room;
    private final byte[] record = new byte[RECORD];
    private boolean lost;

    public Announcements(Kernel kernel, Loop loop) throws SysException {
        this.kernel = kernel;
        int[] pipe = kernel.pipe();
        reader = kernel.duplicateFrom(pipe[0], LEAST);
        writer = kernel.duplicateFrom(pipe[1], LEAST);
        kernel.close(pipe[0]);
        kernel.close(pipe[1]);
        kernel.nonBlocking(writer, true);
        room = loop.watch(writer, 0, (set, place) -> catchUp());
    }

    /** What the reader is to be given. It stays open here, so that what is not read yet is there for the next reader. */
    public int reader() {
        return reader;
    }

    public void announce(int pid) {
        if (lost) catchUp();
        if (!lost && !write(pid)) {
            lost = true;
            room.events(PollSet.OUT);
        }
    }

    private void catchUp() {
        if (lost && write(LOST)) {
            lost = false;
            room.events(0);
        }
    }

    /** A record is written whole or not at all. */
    private boolean write(int number) {
        for (int i = 0; i < RECORD; i++) {
            record[kernel.isLittleEndian() ? i : RECORD - 1 - i] = (byte) (number >>> 8 * i);
        }
        try {
            kernel.write(writer, record, 0, RECORD);
            return true;
        } catch (SysException full) {
            return false;
        }
    }
}
