// SPDX-License-Identifier: Apache-2.0
package perpetua.perp;

import perpetua.act.SmallFile;
import perpetua.supervise.LoggerPipe;
import perpetua.supervise.RunscriptState;
import perpetua.supervise.Service;
import perpetua.supervise.StopPlan;
import perpetua.supervise.Timers;
import perpetua.sys.Errno;
import perpetua.sys.FileStat;
import perpetua.sys.Kernel;
import perpetua.sys.Open;
import perpetua.sys.SysException;

/** A service directory that is active: the service of it, and what the supervisor holds open for it. */
final class ServiceDirectory {
    private static final String STOP = "stop";
    private static final int LONGEST_STOP = 256;
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
    /** What was saved of it last; null if that failed. */
    String lastSaved = "";
    /** Whether a process of it is being started, and which: {@link SavedService#calling}. */
    int calling = SavedService.NOBODY;
    /** Where the main process that runs says so; null if none runs, or it need not. */
    ReadySignal readySignal;
    /** The number of the last scan that saw it. */
    int seen;

    private final Kernel kernel;
    private final int fd;
    private String name;
    private long pipeInode;

    private ServiceDirectory(Kernel kernel, FileKey key, String name, int fd, Service service, LoggerPipe pipe,
            long activated, ReadyFile readyFile) {
        this.kernel = kernel;
        this.key = key;
        this.name = name;
        this.fd = fd;
        this.service = service;
        this.pipe = pipe;
        this.activated = activated;
        this.readyFile = readyFile;
    }

    /**
     * Reads what the flag files say, once, and opens what the service needs.
     *
     * @return null if that failed, which has then been said
     */
    static ServiceDirectory open(Kernel kernel, String base, String name, FileKey key, Journal journal) {
        if (name.length() > LONGEST_NAME) {
            journal.warning("service definition directory name error: " + name, new SysException(Errno.ENAMETOOLONG));
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
        ReadyFile readyFile = readyFile(kernel, path, name, journal);
        LoggerPipe pipe = null;
        try {
            if (hasLog) pipe = LoggerPipe.open(kernel);
        } catch (SysException e) {
            journal.warning("failure pipe() on logpipe for " + name, e);
            kernel.closeQuietly(fd);
            return null;
        }
        Service service = new Service(hasLog, stat(kernel, path + "/flag.down") != null,
                stat(kernel, path + "/flag.once") != null);
        service.setTellsReady(readyFile != null);
        ServiceDirectory directory = new ServiceDirectory(kernel, key, name, fd, service, pipe, kernel.monotonicNanos(), readyFile);
        directory.readStopPlan(base, journal);
        return directory;
    }

    /** How it is to be stopped, as its file says now; what it said before, if the directory is gone. */
    void readStopPlan(String base, Journal journal) {
        String path = base + "/" + name + "/" + STOP;
        StopPlan plan = StopPlan.STANDARD;
        try {
            String line = SmallFile.beginning(kernel, path, LONGEST_STOP);
            plan = StopPlan.of(line);
            if (plan == null || line.length() == LONGEST_STOP) {
                journal.warning("unable to understand file " + STOP + " of " + name);
                return;
            }
        } catch (SysException e) {
            if (!e.is(Errno.ENOENT)) {
                journal.warning("unable to use file " + STOP + " of " + name, e);
                return;
            }
            FileStat there = stat(kernel, base + "/" + name);
            if (there == null || !key.equals(FileKey.of(there))) return;
        }
        service.stopBy(plan);
    }

    private static ReadyFile readyFile(Kernel kernel, String path, String name, Journal journal) {
        try {
            return ReadyFile.read(kernel, path + "/" + ReadyFile.NAME);
        } catch (SysException e) {
            // It runs without, and is never told to be ready by a file that nobody can read.
            journal.warning("unable to use file " + ReadyFile.NAME + " of " + name, e);
            return null;
        }
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
            kernel.closeQuietly(fd);
            return null;
        }
        Service service = new Service(saved.log() != null, saved.flagDown(), saved.flagOnce());
        service.restore(saved.deactivating(), saved.pipeClosed());
        service.main().restore(saved.main());
        if (saved.log() != null) service.log().restore(saved.log());
        ReadySignal.Saved ready = saved.ready() == null ? null : ReadySignal.Saved.of(saved.ready());
        ReadyFile readyFile = ready == null ? null : ready.how();
        service.setTellsReady(readyFile != null);
        ServiceDirectory directory = new ServiceDirectory(kernel, saved.key(), name, fd, service, pipe, saved.activated(),
                readyFile);
        if (ready != null) directory.readySignal = ReadySignal.again(kernel, ready, saved.main().pid(), inherits);
        directory.calling = saved.calling();
        directory.readStopPlan(base, journal);
        return directory;
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
                kernel.closeQuietly(fd);
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
                open ? pipe.writeEnd() : -1, calling, service.main().state(),
                service.log() == null ? null : service.log().state(),
                readyFile == null ? null : ReadySignal.saved(readyFile, readySignal));
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
        kernel.closeQuietly(fd);
    }
}
