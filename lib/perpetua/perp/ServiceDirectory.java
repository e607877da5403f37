// SPDX-License-Identifier: Apache-2.0
package perpetua.perp;

import perpetua.supervise.LoggerPipe;
import perpetua.supervise.RunscriptState;
import perpetua.supervise.Service;
import perpetua.supervise.Timers;
import perpetua.sys.Errno;
import perpetua.sys.FileStat;
import perpetua.sys.Kernel;
import perpetua.sys.Open;
import perpetua.sys.SysException;

/** A service directory that is active: the service of it, and what the supervisor holds open for it. */
final class ServiceDirectory {
    private static final int LONGEST_NAME = 240;
    /** How much of the name runscripts are told. */
    private static final int SHOWN_NAME = 31;

    final FileKey key;
    final Service service;
    final LoggerPipe pipe;
    final long activated;
    Timers.Timer timer;
    /** What was saved of it last. */
    String lastSaved = "";
    /** The number of the last scan that saw it. */
    int seen;

    private final Kernel kernel;
    private final int fd;
    private String name;
    private long pipeInode;

    private ServiceDirectory(Kernel kernel, FileKey key, String name, int fd, Service service, LoggerPipe pipe,
            long activated) {
        this.kernel = kernel;
        this.key = key;
        this.name = name;
        this.fd = fd;
        this.service = service;
        this.pipe = pipe;
        this.activated = activated;
    }

    /**
     * Reads what the flag files say, once, and opens what the service needs.
     *
     * @return null if that failed, which has then been said
     */
    static ServiceDirectory open(Kernel kernel, String base, String name, FileKey key, Journal journal) {
        if (name.length() > LONGEST_NAME) {
            journal.warning("service definition directory name error: " + name);
            return null;
        }
        String path = base + "/" + name;
        int fd;
        try {
            fd = kernel.open(path, Open.READ | Open.DIRECTORY | Open.NON_BLOCKING, 0);
        } catch (SysException e) {
            journal.warning("failure open() on service definition directory " + name, e);
            return null;
        }
        boolean hasLog = false;
        FileStat log = stat(kernel, path + "/rc.log");
        if (log != null) {
            hasLog = log.isOwnerExecutable();
            if (!hasLog) journal.warning("rc.log exists but is not set executable for " + name);
        }
        LoggerPipe pipe = null;
        try {
            if (hasLog) pipe = LoggerPipe.open(kernel);
        } catch (SysException e) {
            journal.warning("failure pipe() on logpipe for " + name, e);
            close(kernel, fd);
            return null;
        }
        Service service = new Service(hasLog, stat(kernel, path + "/flag.down") != null,
                stat(kernel, path + "/flag.once") != null);
        return new ServiceDirectory(kernel, key, name, fd, service, pipe, kernel.monotonicNanos());
    }

    /**
     * Opens again what an earlier perpd had.
     *
     * @param name what it is called now
     * @param inherits whether that perpd was this process, so that its pipe is still open here
     * @return null if that failed, which has then been said
     */
    static ServiceDirectory takeBack(Kernel kernel, String base, String name, SavedService saved, boolean inherits,
            Journal journal) {
        int fd = -1;
        LoggerPipe pipe = null;
        try {
            fd = openAgain(kernel, base + "/" + name, saved);
            if (saved.log() != null && !saved.pipeClosed()) pipe = pipeAgain(kernel, saved, inherits);
        } catch (SysException e) {
            journal.warning("failure open() on service definition directory " + name, e);
            if (fd >= 0) close(kernel, fd);
            return null;
        }
        Service service = new Service(saved.log() != null, saved.flagDown(), saved.flagOnce());
        service.restore(saved.deactivating(), saved.pipeClosed());
        service.main().restore(saved.main());
        if (saved.log() != null) service.log().restore(saved.log());
        return new ServiceDirectory(kernel, saved.key(), name, fd, service, pipe, saved.activated());
    }

    /** By its name, or as the working directory of a process of it; where there is no such directory any more, the root. */
    private static int openAgain(Kernel kernel, String path, SavedService saved) throws SysException {
        FileStat there = stat(kernel, path);
        if (there != null && saved.key().equals(FileKey.of(there))) {
            return kernel.open(path, Open.READ | Open.DIRECTORY | Open.NON_BLOCKING, 0);
        }
        for (RunscriptState each : new RunscriptState[] {saved.main(), saved.log()}) {
            if (each == null || !each.process()) continue;
            try {
                int fd = kernel.openDirectoryOf(each.pid());
                if (saved.key().equals(FileKey.of(kernel.stat(fd)))) return fd;
                close(kernel, fd);
            } catch (SysException gone) {
                // Then by the other process, if there is one.
            }
        }
        return kernel.open("/", Open.READ | Open.DIRECTORY, 0);
    }

    /** The pipe is there as long as the service or its logger has an end of it; after that it is another. */
    private static LoggerPipe pipeAgain(Kernel kernel, SavedService saved, boolean inherits) throws SysException {
        if (inherits && isPipe(kernel, saved.readEnd(), saved) && isPipe(kernel, saved.writeEnd(), saved)) {
            return LoggerPipe.of(kernel, new int[] {saved.readEnd(), saved.writeEnd()});
        }
        for (RunscriptState each : new RunscriptState[] {saved.log(), saved.main()}) {
            if (!each.process()) continue;
            try {
                return LoggerPipe.of(kernel, kernel.openPipeOf(each.pid(), saved.pipe()));
            } catch (SysException e) {
                if (e.is(Errno.EMFILE) || e.is(Errno.ENFILE) || e.is(Errno.ENOMEM)) throw e;
            }
        }
        return LoggerPipe.open(kernel);
    }

    private static boolean isPipe(Kernel kernel, int fd, SavedService saved) {
        try {
            FileStat stat = kernel.stat(fd);
            return stat.isFifo() && stat.inode() == saved.pipe();
        } catch (SysException closed) {
            return false;
        }
    }

    /** What a later perpd is to know of it. */
    SavedService saved() {
        boolean open = pipe != null && !pipe.isClosed();
        return new SavedService(key, name, activated, service.isFlaggedDown(), service.isFlaggedOnce(),
                service.isDeactivating(), service.isPipeClosed(), open ? pipeInode() : 0, open ? pipe.readEnd() : -1,
                open ? pipe.writeEnd() : -1, service.main().state(), service.log() == null ? null : service.log().state());
    }

    private long pipeInode() {
        if (pipeInode == 0) {
            try {
                pipeInode = kernel.stat(pipe.readEnd()).inode();
            } catch (SysException e) {
                // Not found again then, and made anew.
            }
        }
        return pipeInode;
    }

    private static FileStat stat(Kernel kernel, String path) {
        try {
            return kernel.stat(path);
        } catch (SysException absent) {
            return null;
        }
    }

    private static void close(Kernel kernel, int fd) {
        try {
            kernel.close(fd);
        } catch (SysException gone) {
            // It is closed, whatever the kernel says.
        }
    }

    /** As it is called now; a service may be renamed while it runs. */
    String name() {
        return name;
    }

    void rename(String now) {
        name = now;
    }

    /** As runscripts are told it. */
    String shownName() {
        return name.length() > SHOWN_NAME ? name.substring(0, SHOWN_NAME) : name;
    }

    /** The directory, open: the working directory of its runscripts even where its name is gone. */
    int fd() {
        return fd;
    }

    void close() {
        if (pipe != null) pipe.close();
        close(kernel, fd);
    }
}
