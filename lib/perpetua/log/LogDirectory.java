// SPDX-License-Identifier: Apache-2.0
package perpetua.log;

import java.util.List;
import perpetua.sys.Errno;
import perpetua.sys.FileStat;
import perpetua.sys.Kernel;
import perpetua.sys.Open;
import perpetua.sys.Reaped;
import perpetua.sys.Signal;
import perpetua.sys.Spawn;
import perpetua.sys.SysException;

/**
 * The directory of a log, which is the working directory (spec/perp.md section 5, tinylog): {@code current}, to which
 * lines are added until it would reach its bound, and the archives that it becomes. Once it is open, no failure
 * ends it: it says so, waits, and tries again, and no line that it was given is lost.
 */
public final class LogDirectory implements Lines.Taker {
    private static final String CURRENT = "current";
    private static final String PREVIOUS = "previous";
    private static final String ZIPPED = "zipped";

    /** How many bytes are gathered before they are written, at most. */
    private static final int BATCH = 1 << 16;

    private static final long PAUSE = 555_000_000L;
    private static final long LONG_PAUSE = 1_000_000_000L;

    /** What its user must know of. */
    public interface Watcher {
        void warn(String sentence);

        void error(String sentence);

        /**
         * Lets time pass after a failure of the directory itself.
         *
         * @throws perpetua.cli.Fatal if the logger is told to end meanwhile
         */
        void pause(String sentence, long nanos);
    }

    private final Kernel kernel;
    private final Watcher watcher;
    private final long bound;
    private final long keep;
    private final String compressor;
    private final UtcStamp moment = new UtcStamp();

    private final byte[] batch = new byte[BATCH];
    private int gathered;
    private int fd = -1;
    /** What the file will have when the batch is written. */
    private long size;
    private boolean rotationAsked;

    /**
     * @param bound the size that no {@code current} reaches
     * @param keep how many archives stay
     * @param compressor the path of a program that compresses from standard input to standard output; null for none
     */
    public LogDirectory(Kernel kernel, Watcher watcher, long bound, long keep, String compressor) {
        this.kernel = kernel;
        this.watcher = watcher;
        this.bound = bound;
        this.keep = keep;
        this.compressor = compressor;
    }

    /**
     * Opens {@code current}; what an unclean end has left is archived first.
     *
     * @param anew archives one that was closed cleanly, too
     * @throws SysException if {@code current} can't be opened
     */
    public void open(boolean anew) throws SysException {
        recover();
        FileStat stat = statOf(CURRENT);
        if (stat != null && (!stat.isOwnerExecutable() || anew) && !stat.isDirectory()) {
            archive(CURRENT, stat.isOwnerExecutable() ? Archives.CLOSED : Archives.UNCLEAN);
        }
        openCurrent();
    }

    /** The next line finds a new {@code current}, unless it is empty as it is. */
    public void askRotation() {
        rotationAsked = true;
    }

    @Override
    public void line(byte[] line, int length) {
        if ((size + length >= bound || rotationAsked) && size > 0) rotate();
        rotationAsked = false;
        if (gathered + length > BATCH) flush();
        System.arraycopy(line, 0, batch, gathered, length);
        gathered += length;
        size += length;
    }

    /** Writes what was gathered, however long it takes. */
    public void flush() {
        int done = 0;
        while (done < gathered) {
            try {
                done += kernel.write(fd, batch, done, gathered - done);
            } catch (SysException e) {
                watcher.warn("pausing on write() error: " + e.getMessage());
                sleep(PAUSE);
            }
        }
        gathered = 0;
    }

    /** The clean end: what is written is on the disk, and the file has its mark. */
    public void close() {
        flush();
        sync();
        try {
            kernel.changeMode(fd, 0744);
            kernel.close(fd);
        } catch (SysException e) {
            watcher.warn("failure closing " + CURRENT + ": " + e.getMessage());
        }
    }

    // ---- rotation -----------------------------------------------------------------------------------------

    private void rotate() {
        flush();
        sync();
        closeFd();
        untilDone("failure rename() on " + CURRENT, PAUSE, () -> kernel.rename(CURRENT, PREVIOUS));
        archive(PREVIOUS, Archives.CLOSED);
        untilDone("failure open() on " + CURRENT, PAUSE, this::openCurrent);
    }

    private void sync() {
        try {
            kernel.sync(fd);
        } catch (SysException e) {
            // What can't be synchronised, such as a device, is as safe as it will ever be.
            if (!e.is(Errno.EINVAL)) watcher.warn("failure fsync() on " + CURRENT + ": " + e.getMessage());
        }
    }

    private void openCurrent() throws SysException {
        int opened = kernel.open(CURRENT, Open.WRITE | Open.CREATE | Open.APPEND | Open.NON_BLOCKING, 0644);
        try {
            kernel.nonBlocking(opened, false);
            kernel.changeMode(opened, 0644);
            size = kernel.stat(opened).size();
            fd = opened;
        } catch (SysException e) {
            kernel.close(opened);
            throw e;
        }
    }

    private void closeFd() {
        try {
            kernel.close(fd);
        } catch (SysException e) {
            // Some file systems tell only now what they could not write.
            watcher.warn("failure close() on " + CURRENT + ": " + e.getMessage());
        }
    }

    /** Gives a file its name as an archive, compresses it, and removes the archives that are too many. */
    private void archive(String file, char kind) {
        String name = linked(file, kind);
        untilDone("failure unlink() on " + file, PAUSE, () -> remove(file));
        if (compressor != null) compress(name);
        prune();
    }

    private String linked(String file, char kind) {
        for (;;) {
            moment.set(kernel.realtimeNanos());
            String name = Archives.name(moment, kind);
            try {
                kernel.link(file, name);
                return name;
            } catch (SysException e) {
                if (!e.is(Errno.EEXIST)) {
                    watcher.pause("failure link() for " + file + " to " + name + ": " + e.getMessage(), LONG_PAUSE);
                }
                // Never the same name twice: the clock is read again, a moment later.
                sleep(1000);
            }
        }
    }

    /**
     * A rotation that was cut off leaves {@code previous}: with an archive's name already, or without one. perp's next
     * rotation would overwrite it.
     */
    private void recover() {
        FileStat stat = statOf(PREVIOUS);
        if (stat == null || !stat.isRegular()) return;
        try {
            for (String name : kernel.list(".")) {
                if (!Archives.isArchive(name)) continue;
                FileStat other = statOf(name);
                if (other != null && other.isSameFile(stat)) {
                    remove(PREVIOUS);
                    return;
                }
            }
        } catch (SysException e) {
            watcher.warn("failure examining " + PREVIOUS + ": " + e.getMessage());
        }
        archive(PREVIOUS, Archives.UNCLEAN);
    }

    private void prune() {
        try {
            for (String name : Archives.surplus(kernel.list("."), keep)) {
                try {
                    remove(name);
                } catch (SysException e) {
                    // The next rotation tries again; waiting for it would stop the log for an archive too many.
                    watcher.warn("failure unlink() to prune target log " + name + ": " + e.getMessage());
                }
            }
        } catch (SysException e) {
            watcher.warn("failure while pruning log directory: " + e.getMessage());
        }
    }

    // ---- compression --------------------------------------------------------------------------------------

    private void compress(String name) {
        if (compressed(name)) {
            untilDone("failure rename() on " + ZIPPED, PAUSE, () -> kernel.rename(ZIPPED, name + ".Z"));
            try {
                kernel.changeMode(name + ".Z", 0644);
                remove(name);
            } catch (SysException e) {
                watcher.warn("failure replacing log archive " + name + ": " + e.getMessage());
            }
        } else {
            watcher.warn("failure gzip on log archive " + name);
            try {
                remove(ZIPPED);
            } catch (SysException e) {
                watcher.warn("failure unlink() on " + ZIPPED + ": " + e.getMessage());
            }
        }
    }

    private boolean compressed(String name) {
        int in = -1;
        int out = -1;
        try {
            in = kernel.open(name, Open.READ, 0);
            out = kernel.open(ZIPPED, Open.WRITE | Open.CREATE | Open.TRUNCATE, 0600);
            Spawn child = new Spawn(compressor, List.of(compressor)).descriptor(0, in).descriptor(1, out)
                    .defaults(Signal.PIPE, Signal.XFSZ);
            int pid;
            try {
                pid = kernel.spawn(child);
            } catch (SysException e) {
                // perp's child says this and ends with that status.
                watcher.error("fatal: fail execve() for gzip process: " + e.getMessage());
                watcher.warn("gzip process exited non-zero error code: 111");
                return false;
            }
            Reaped how = kernel.await(pid);
            if (how.signal() != 0) {
                watcher.warn("gzip process terminated on signal: " + Signal.name(how.signal()));
            } else if (how.status() != 0) {
                watcher.warn("gzip process exited non-zero error code: " + how.status());
            } else {
                return true;
            }
        } catch (SysException e) {
            watcher.warn("failure on gzip process: " + e.getMessage());
        } finally {
            kernel.closeQuietly(in);
            kernel.closeQuietly(out);
        }
        return false;
    }

    // ---- failures -----------------------------------------------------------------------------------------

    private interface Step {
        void run() throws SysException;
    }

    private void untilDone(String failure, long pause, Step step) {
        for (;;) {
            try {
                step.run();
                return;
            } catch (SysException e) {
                watcher.pause(failure + ": " + e.getMessage(), pause);
            }
        }
    }

    private void sleep(long nanos) {
        try {
            kernel.sleep(nanos);
        } catch (SysException e) {
            // Then it tries again at once.
        }
    }

    private void remove(String file) throws SysException {
        try {
            kernel.unlink(file);
        } catch (SysException e) {
            if (!e.is(Errno.ENOENT)) throw e;
        }
    }

    /** @return null if it is not there */
    private FileStat statOf(String file) {
        try {
            return kernel.stat(file);
        } catch (SysException e) {
            return null;
        }
    }
}
