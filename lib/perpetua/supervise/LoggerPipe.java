// SPDX-License-Identifier: Apache-2.0
package perpetua.supervise;

import perpetua.sys.Kernel;
import perpetua.sys.SysException;

/**
 * The pipe between a service and its logger (spec/perp.md section 2.6). The supervisor keeps both ends, so that nothing
 * is lost while either restarts, the service never gets SIGPIPE, and it blocks when the pipe is full.
 */
public final class LoggerPipe {
    private final Kernel kernel;
    private final int[] ends;
    private boolean closed;
    private boolean writeClosed;

    private LoggerPipe(Kernel kernel, int[] ends) {
        this.kernel = kernel;
        this.ends = ends;
    }

    public static LoggerPipe open(Kernel kernel) throws SysException {
        int[] ends = kernel.pipe();
        for (int i = 0; i < ends.length; i++) {
            // Where a standard stream is closed, an end of the pipe must not be taken for it.
            if (ends[i] > 2) continue;
            int low = ends[i];
            ends[i] = kernel.duplicateFrom(low, 3);
            kernel.close(low);
        }
        return new LoggerPipe(kernel, ends);
    }

    /**
     * The same for who is to be able to write even where nobody is left who reads: what it writes to is both ends. Without a /proc it
     * is the usual pipe.
     */
    public static LoggerPipe openLasting(Kernel kernel) throws SysException {
        LoggerPipe pipe = open(kernel);
        try {
            int both = kernel.openBothEnds(pipe.ends[1]);
            kernel.closeQuietly(pipe.ends[1]);
            pipe.ends[1] = both;
        } catch (SysException usual) {
            // No /proc, or no descriptor left.
        }
        return pipe;
    }

    /** A pipe that is there already. @param ends [0] to read, [1] to write */
    public static LoggerPipe of(Kernel kernel, int[] ends) throws SysException {
        return new LoggerPipe(kernel, ends);
    }

    /** What the logger reads. */
    public int readEnd() {
        return ends[0];
    }

    /** What the service writes. */
    public int writeEnd() {
        return ends[1];
    }

    public boolean isClosed() {
        return closed;
    }

    /** Closes what the service writes, and keeps the rest for a logger that is still to read it. */
    public void closeWriteEnd() {
        if (writeClosed) return;
        writeClosed = true;
        kernel.closeQuietly(ends[1]);
    }

    /** Closes both ends; the logger reads what is left and then the end of file. */
    public void close() {
        if (closed) return;
        closed = true;
        closeWriteEnd();
        kernel.closeQuietly(ends[0]);
    }
}
