// SPDX-License-Identifier: Apache-2.0
package perpetua.sys;

/**
 * A lock file as perp has them (spec/perp.md section 1.7): a POSIX record lock, exclusive unless asked otherwise, on the whole file, which
 * other users of fcntl(2) see, and users of flock(2) do not. It ends with the process that took it, across
 * any exec, or when that process closes any descriptor of the file. The file itself is never removed.
 */
public final class LockFile {
    /** Below it are the standard streams; a lock file must not become one where they were closed. */
    private static final int LEAST = 3;
    private static final int PERMISSIONS = 0644;
    /** Linux counts processes up to 2^22. */
    private static final int MOST_DIGITS = 9;
    /** To wait as long as it takes. */
    public static final long FOREVER = -1;
    private static final long SHORTEST_PAUSE = 1_000_000;
    private static final long LONGEST_PAUSE = 50_000_000;

    private final Kernel kernel;
    private final int fd;

    private LockFile(Kernel kernel, int fd) {
        this.kernel = kernel;
        this.fd = fd;
    }

    /**
     * Opens or creates the file and locks it. The descriptor stays open across exec.
     *
     * @param wait whether to wait while another process holds it
     * @throws SysException EAGAIN if it is held, or why it could not be opened or locked; the file is left as it was
     */
    public static LockFile acquire(Kernel kernel, String path, boolean wait) throws SysException {
        return acquire(kernel, path, wait ? FOREVER : 0, false, Open.INHERIT);
    }

    /**
     * The same, with more to choose.
     *
     * @param nanos how long to wait, at most; negative for {@link #FOREVER}
     * @param shared whether others may hold such a lock at the same time; then the file need only be readable
     */
    public static LockFile acquire(Kernel kernel, String path, long nanos, boolean shared) throws SysException {
        return acquire(kernel, path, nanos, shared, Open.INHERIT);
    }

    /** The same, for a supervisor: its children do not get the descriptor. */
    public static LockFile acquirePrivately(Kernel kernel, String path) throws SysException {
        return acquire(kernel, path, 0, false, 0);
    }

    private static LockFile acquire(Kernel kernel, String path, long nanos, boolean shared, int inherit)
            throws SysException {
        long until = nanos > 0 ? kernel.monotonicNanos() + nanos : nanos;
        for (;;) {
            int fd = aboveStandard(kernel, open(kernel, path, shared, inherit), inherit);
            try {
                lock(kernel, fd, until, shared);
                if (isReady(kernel, path, fd)) return new LockFile(kernel, fd);
            } catch (SysException e) {
                kernel.close(fd);
                throw e;
            }
            kernel.close(fd);
        }
    }

    /**
     * Makes the file, which must not be there, and locks it. The descriptor stays open across exec.
     *
     * @throws SysException EEXIST if there is a file of that name, whatever it is
     */
    public static LockFile create(Kernel kernel, String path) throws SysException {
        int how = Open.CREATE | Open.EXCLUSIVE | Open.APPEND | Open.WRITE | Open.INHERIT;
        int fd = aboveStandard(kernel, kernel.open(path, how, 0600), Open.INHERIT);
        try {
            kernel.lock(fd, false, false);
            kernel.changeMode(fd, PERMISSIONS);
            return new LockFile(kernel, fd);
        } catch (SysException e) {
            kernel.close(fd);
            throw e;
        }
    }

    private static int aboveStandard(Kernel kernel, int fd, int inherit) throws SysException {
        if (fd >= LEAST) return fd;
        int higher = kernel.duplicateFrom(fd, LEAST);
        kernel.close(fd);
        if (inherit != 0) kernel.closeOnExec(higher, false);
        return higher;
    }

    /**
     * What is left to do when it is locked. A device or a FIFO is a lock too, and is nobody's to change.
     *
     * @return false if the file was removed while the lock was waited for: who comes next would lock another one
     */
    private static boolean isReady(Kernel kernel, String path, int fd) throws SysException {
        FileStat stat = kernel.stat(fd);
        if (!stat.isRegular()) return true;
        if (!isAt(kernel, path, stat)) return false;
        try {
            if ((stat.mode() & 07777) != PERMISSIONS) kernel.changeMode(fd, PERMISSIONS);
        } catch (SysException notOurs) {
            // Somebody else's file that we may write is a lock all the same.
            if (!notOurs.is(Errno.EPERM)) throw notOurs;
        }
        return true;
    }

    private static boolean isAt(Kernel kernel, String path, FileStat stat) {
        try {
            return kernel.stat(path).isSameFile(stat);
        } catch (SysException e) {
            return !e.is(Errno.ENOENT);
        }
    }

    /** Only this process has the descriptor from now on, and no program that it starts. */
    public void keepPrivate() throws SysException {
        kernel.closeOnExec(fd, true);
    }

    /** Removes the file, if it is still what has that name. The lock stays until this process ends. */
    public void remove(String path) throws SysException {
        if (isAt(kernel, path, kernel.stat(fd))) kernel.unlink(path);
    }

    private static int open(Kernel kernel, String path, boolean shared, int inherit) throws SysException {
        int how = Open.CREATE | Open.APPEND | Open.NON_BLOCKING | inherit;
        try {
            return kernel.open(path, how | (shared ? Open.READ_WRITE : Open.WRITE), 0600);
        } catch (SysException e) {
            if (!shared || !e.is(Errno.EACCES) && !e.is(Errno.EROFS)) throw e;
            return kernel.open(path, Open.READ | Open.NON_BLOCKING | inherit, 0);
        }
    }

    /** fcntl(2) knows no deadline, and an alarm would be a signal too many: so it is tried again and again. */
    private static void lock(Kernel kernel, int fd, long until, boolean shared) throws SysException {
        for (long pause = SHORTEST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
            try {
                kernel.lock(fd, until < 0, shared);
                return;
            } catch (SysException e) {
                long left = until > 0 ? until - kernel.monotonicNanos() : 0;
                if (left <= 0 || !e.is(Errno.EAGAIN)) throw e;
                kernel.poll(new PollSet(), Math.min(pause, left));
            }
        }
    }

    /**
     * A lock that this process holds already, from before it executed the program that it is now.
     *
     * @throws SysException EAGAIN or EBADF if it does not
     */
    public static LockFile held(Kernel kernel, int fd) throws SysException {
        kernel.lock(fd, false, false);
        return new LockFile(kernel, fd);
    }

    /** The descriptor that must stay open for it. */
    public int descriptor() {
        return fd;
    }

    /** Replaces its content by the pid and a newline. */
    public void write(int pid) throws SysException {
        kernel.truncate(fd, 0);
        byte[] line = Bytes.of(pid + "\n");
        int done = 0;
        while (done < line.length) done += kernel.write(fd, line, done, line.length - done);
    }

    /**
     * The process number that a file holds, as {@link #write} writes it.
     *
     * @return 0 if it holds something else
     */
    public static int content(Kernel kernel, String path) throws SysException {
        int fd = kernel.open(path, Open.READ | Open.NON_BLOCKING, 0);
        try {
            byte[] bytes = new byte[16];
            String text = Bytes.text(bytes, 0, kernel.read(fd, bytes, 0, bytes.length));
            int end = text.endsWith("\n") ? text.length() - 1 : text.length();
            if (end == 0 || end > MOST_DIGITS) return 0;
            int pid = 0;
            for (int i = 0; i < end; i++) {
                char digit = text.charAt(i);
                if (digit < '0' || digit > '9') return 0;
                pid = pid * 10 + digit - '0';
            }
            return pid;
        } finally {
            kernel.close(fd);
        }
    }

    /** @return the pid of the process that holds a lock on it, 0 if none does or there is no such file */
    public static int holder(Kernel kernel, String path) throws SysException {
        int fd;
        try {
            fd = kernel.open(path, Open.READ | Open.NON_BLOCKING, 0);
        } catch (SysException e) {
            if (e.is(Errno.ENOENT)) return 0;
            throw e;
        }
        try {
            return kernel.lockHolder(fd);
        } finally {
            kernel.close(fd);
        }
    }
}
