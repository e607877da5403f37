// SPDX-License-Identifier: Apache-2.0
package perpetua.perp;

import perpetua.supervise.LoggerPipe;
import perpetua.supervise.Service;
import perpetua.supervise.Timers;
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
    /** How main says that it is ready, null if it does not. */
    final ReadyFile readyFile;
    Timers.Timer timer;
    /** Where the main process that runs says so; null if none runs, or it need not. */
    ReadySignal readySignal;
    /** The number of the last scan that saw it. */
    int seen;

    private final Kernel kernel;
    private final int fd;
    private String name;

    private ServiceDirectory(Kernel kernel, FileKey key, String name, int fd, Service service, LoggerPipe pipe,
            ReadyFile readyFile) {
        this.kernel = kernel;
        this.key = key;
        this.name = name;
        this.fd = fd;
        this.service = service;
        this.pipe = pipe;
        this.readyFile = readyFile;
        this.activated = kernel.monotonicNanos();
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
        ReadyFile readyFile = null;
        try {
            readyFile = ReadyFile.read(kernel, path + "/" + ReadyFile.NAME);
        } catch (SysException e) {
            // It runs without, and is never told to be ready by a file that nobody can read.
            journal.warning("unable to use file " + ReadyFile.NAME + " of " + name, e);
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
        service.setTellsReady(readyFile != null);
        return new ServiceDirectory(kernel, key, name, fd, service, pipe, readyFile);
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

    void closeReadySignal() {
        if (readySignal != null) readySignal.close();
        readySignal = null;
    }

    void close() {
        closeReadySignal();
        if (pipe != null) pipe.close();
        close(kernel, fd);
    }
}
