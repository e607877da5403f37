// SPDX-License-Identifier: Apache-2.0
package perpetua.procd;

import perpetua.supervise.Loop;
import perpetua.sys.Bytes;
import perpetua.sys.Errno;
import perpetua.sys.Kernel;
import perpetua.sys.PollSet;
import perpetua.sys.SysException;

/**
 * One stream of a process on its way to the log, line by line (spec/procd.md section 3.6.6). A line longer than the buffer
 * becomes several; a last line without newline is not lost.
 */
final class Output {
    private static final int LONGEST = 4096;

    /** Who takes the lines. */
    interface Taker {
        void line(String line);
    }

    private final Kernel kernel;
    private final Loop loop;
    private final int fd;
    private final Taker taker;
    private final Loop.Watch watch;
    private final byte[] buffer = new byte[LONGEST];
    private final StringBuilder line = new StringBuilder();

    private Output(Kernel kernel, Loop loop, int fd, Taker taker) {
        this.kernel = kernel;
        this.loop = loop;
        this.fd = fd;
        this.taker = taker;
        this.watch = loop.watch(fd, PollSet.IN, (set, place) -> ready());
    }

    /** @return the end that the process writes, to be closed when it runs */
    static int open(Kernel kernel, Loop loop, Taker taker) throws SysException {
        int[] ends = kernel.pipe();
        new Output(kernel, loop, ends[0], taker);
        return ends[1];
    }

    private void ready() {
        int count;
        try {
            count = kernel.read(fd, buffer, 0, buffer.length);
        } catch (SysException e) {
            if (e.is(Errno.EAGAIN)) return;
            count = 0;
        }
        int from = 0;
        for (int i = 0; i < count; i++) {
            if (buffer[i] != '\n') continue;
            end(from, i);
            from = i + 1;
        }
        if (count > from) {
            if (line.length() + count - from > LONGEST) end(from, from);
            line.append(Bytes.text(buffer, from, count));
        }
        if (count > 0) return;
        if (line.length() > 0) end(0, 0);
        loop.drop(watch);
        kernel.closeQuietly(fd);
    }

    private void end(int from, int to) {
        line.append(Bytes.text(buffer, from, to));
        taker.line(line.toString());
        line.setLength(0);
    }
}
