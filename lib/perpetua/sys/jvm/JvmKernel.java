// SPDX-License-Identifier: Apache-2.0
package perpetua.sys.jvm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TimeZone;
import jnr.ffi.Pointer;
import perpetua.sys.Account;
import perpetua.sys.Bytes;
import perpetua.sys.Capabilities;
import perpetua.sys.Errno;
import perpetua.sys.FileStat;
import perpetua.sys.Kernel;
import perpetua.sys.Limit;
import perpetua.sys.Open;
import perpetua.sys.PollSet;
import perpetua.sys.Reaped;
import perpetua.sys.Receiving;
import perpetua.sys.Reboot;
import perpetua.sys.Resource;
import perpetua.sys.Scheduling;
import perpetua.sys.Signal;
import perpetua.sys.Space;
import perpetua.sys.Spawn;
import perpetua.sys.SysException;

/**
 * The kernel of the JVM edition: the C library through jnr-ffi, and through jnr-posix where that knows a structure. It
 * does what sys.h does in the native edition; the classes beside it undo what a JVM does to its process.
 *
 * <p>Also for a Java program that uses the library, without a launcher. Then signals go to all its threads: see
 * {@link #signals} and {@link #sleep}.
 */
public final class JvmKernel implements Kernel {
    private static final int PATH_MAX = 4096;
    private static final int CLOCK_REALTIME = 0;
    private static final int CLOCK_MONOTONIC = 1;
    /** The longest path of a socket, its NUL included, and where it stands in struct sockaddr_un. */
    private static final int SOCKET_PATH = 108;
    private static final int SOCKET_PATH_AT = 2;
    private static final int POLLFD = 8;
    private static final int FLOCK = 32;
    private static final int FLOCK_PID = 24;
    /** System calls that have one number on every machine, and an ioctl with its structure's first version. */
    private static final int SYS_PIDFD_SEND_SIGNAL = 424;
    private static final int SYS_PIDFD_OPEN = 434;
    private static final int PIDFD_INFO = 64;
    private static final long PIDFD_GET_INFO = 0xC000FF0BL | PIDFD_INFO << 16;
    private static final long PIDFD_INFO_EXIT = 1 << 3;
    private static final int PIDFD_INFO_STATUS = 60;
    /** A peer that hung up before it was accepted: nobody is told of it. */
    private static final int ECONNABORTED = 103;
    private static final int EINPROGRESS = 115;
    private static final int MSGHDR = 56;
    private static final int IOVEC = 16;
    private static final int CREDENTIALS = 32;
    private static final int NOBODY = 65534;

    private final CLibrary c = new CLibrary();
    private final Libc libc = c.libc;
    private final Launch launch;
    private final Descriptors descriptors;
    private final Dispositions dispositions;
    private final HeldLimits limits = new HeldLimits(c);
    private final SpawnCall spawnCall;

    private FileStat self;
    private AccountDatabase accounts;
    private SignalSource signals;
    private Pointer pollMemory;
    private int pollRoom;

    public JvmKernel() {
        this(new Launch());
    }

    private JvmKernel(Launch launch) {
        this.launch = launch;
        this.descriptors = new Descriptors(c, launch.descriptors());
        this.spawnCall = new SpawnCall(c, descriptors);
        this.dispositions = new Dispositions(c, launch);
    }

    /** For the process that the launcher started: becomes like one that began without a JVM. */
    static JvmKernel launched(Launch launch, String executed) {
        JvmKernel kernel = new JvmKernel(launch);
        for (Resource resource : Resource.values()) {
            Long soft = launch.raised(resource);
            if (soft != null) kernel.limits.hold(resource, soft);
        }
        try {
            kernel.self = kernel.stat(executed);
        } catch (SysException gone) {
            // Then no link of a chain is this program any more.
        }
        // Not later: to a process that has given up root, its own files in /proc belong to somebody else.
        launch.environment();
        kernel.dispositions.enter();
        if (launch.directory() >= 0) kernel.libc.fchdir(launch.directory());
        // As the last act, that nothing the JVM opens on the way takes one of these numbers.
        for (int fd : launch.placeholders()) kernel.libc.close(fd);
        return kernel;
    }

    // ---- this process --------------------------------------------------------------------------------------

    @Override
    public int pid() {
        return libc.getpid();
    }

    @Override
    public int parentPid() {
        return libc.getppid();
    }

    @Override
    public String variable(String name) {
        for (String variable : launch.environment()) {
            if (variable.length() > name.length() && variable.charAt(name.length()) == '='
                    && variable.startsWith(name)) {
                return variable.substring(name.length() + 1);
            }
        }
        return null;
    }

    @Override
    public List<String> environment() {
        return new ArrayList<>(launch.environment());
    }

    @Override
    public SysException exec(String path, List<String> argv, List<String> environment) {
        byte[] file = Bytes.terminated(path);
        try {
            // Most files along a PATH do not exist: the rest need not be done for them.
            FileStatus.of(c, Libc.AT_FDCWD, file, 0);
        } catch (SysException e) {
            return e;
        }
        // A thread that begins when the limits are in force finds no memory for itself, and the JVM aborts: none is to be
        // started here.
        Pointer arguments = c.lastingVector(argv);
        Pointer variables = c.lastingVector(environment == null ? launch.environment() : environment);
        // What the call itself needs is got by a call that fails: memory, which may be out once the limits are in force,
        // and classes, since a jar that is opened for them behind the marks would go on to the next program.
        libc.execve(new byte[1], arguments, variables);
        dispositions.restore();
        descriptors.markOthers();
        limits.apply();
        libc.execve(file, arguments, variables);
        SysException failure = c.failure();
        limits.withdraw();
        dispositions.withdraw();
        c.free(arguments);
        c.free(variables);
        return failure;
    }

    @Override
    public void exit(int status) {
        libc._exit(status);
    }

    /** Every launcher is a link to one script. */
    @Override
    public boolean isSelf(String path) {
        // access(2) goes by the real ids, execve by the effective ones: where they differ, the answer is no.
        if (self == null || userId() != effectiveUserId() || groupId() != effectiveGroupId()) return false;
        try {
            return stat(path).isSameFile(self)
                    && libc.faccessat(Libc.AT_FDCWD, Bytes.terminated(path), Libc.X_OK, 0) == 0;
        } catch (SysException e) {
            // Whatever is wrong with it, execve will say so better.
            return false;
        }
    }

    // ---- identity ------------------------------------------------------------------------------------------

    @Override
    public int userId() {
        return libc.getuid();
    }

    @Override
    public int effectiveUserId() {
        return libc.geteuid();
    }

    @Override
    public int groupId() {
        return libc.getgid();
    }

    @Override
    public int effectiveGroupId() {
        return libc.getegid();
    }

    @Override
    public int[] groups() throws SysException {
        int[] gids = new int[c.checked(libc.getgroups(0, new int[1]))];
        if (gids.length > 0) c.checked(libc.getgroups(gids.length, gids));
        return gids;
    }

    @Override
    public void setUser(int uid) throws SysException {
        c.checked(libc.setuid(uid));
        asExecuted();
    }

    @Override
    public void setGroup(int gid) throws SysException {
        c.checked(libc.setgid(gid));
        asExecuted();
    }

    /**
     * A process that has changed its ids may not touch its own files in /proc any more, until it executes something. A
     * link that runs in place is to find them as one that was executed does.
     */
    private void asExecuted() {
        libc.prctl(Libc.PR_SET_DUMPABLE, 1, 0, 0, 0);
    }

    @Override
    public void setGroups(int[] gids) throws SysException {
        c.checked(libc.setgroups(gids.length, gids.length == 0 ? new int[1] : gids));
    }

    private AccountDatabase accounts() {
        if (accounts == null) accounts = new AccountDatabase();
        return accounts;
    }

    @Override
    public Account account(String name) throws SysException {
        return accounts().account(name);
    }

    @Override
    public Account account(int uid) throws SysException {
        return accounts().account(uid);
    }

    @Override
    public int group(String name) throws SysException {
        return accounts().group(name);
    }

    @Override
    public boolean hasGroup(int gid) throws SysException {
        return accounts().hasGroup(gid);
    }

    @Override
    public int[] groupsOf(String account, int gid) {
        int[] gids = new int[64];
        int[] count = {gids.length};
        if (libc.getgrouplist(Bytes.terminated(account), gid, gids, count) < 0) {
            gids = new int[count[0]];
            libc.getgrouplist(Bytes.terminated(account), gid, gids, count);
        }
        return Arrays.copyOf(gids, Math.max(0, Math.min(count[0], gids.length)));
    }

    // ---- what scheduler and checks think of this process -----------------------------------------------------
    // All of this is the thread's, and execve keeps what the thread that calls it has: one thread runs a chain.

    /** Bytes of a cpu_set_t. */
    private static final int CPU_SET = 128;

    @Override
    public int[] processors() throws SysException {
        byte[] mask = new byte[CPU_SET];
        c.checked(libc.sched_getaffinity(0, CPU_SET, mask));
        int[] numbers = new int[8 * CPU_SET];
        int count = 0;
        for (int cpu = 0; cpu < numbers.length; cpu++) {
            if ((mask[cpu / 8] >> cpu % 8 & 1) != 0) numbers[count++] = cpu;
        }
        return Arrays.copyOf(numbers, count);
    }

    @Override
    public void setProcessors(int[] numbers) throws SysException {
        byte[] mask = new byte[CPU_SET];
        for (int cpu : numbers) {
            if (cpu < 0 || cpu >= 8 * CPU_SET) throw new SysException(Errno.EINVAL);
            mask[cpu / 8] |= 1 << cpu % 8;
        }
        c.checked(libc.sched_setaffinity(0, CPU_SET, mask));
    }

    @Override
    public void setScheduling(Scheduling policy, int priority, boolean resetOnFork) throws SysException {
        int number = policy.number() | (resetOnFork ? Scheduling.RESET_ON_FORK : 0);
        c.checked(libc.sched_setscheduler(0, number, new int[] {priority}));
    }

    @Override
    public void setNice(int nice) throws SysException {
        c.checked(libc.setpriority(0, 0, nice));
    }

    /** Version 3 of the structures, of which two words hold a set; pid 0 is the thread itself. */
    private static byte[] capabilityHeader() {
        return CLibrary.struct(8).putInt(0, 0x20080522).array();
    }

    @Override
    public Capabilities capabilities() throws SysException {
        ByteBuffer data = CLibrary.struct(24);
        c.checked(libc.capget(capabilityHeader(), data.array()));
        long bounding = 0;
        long ambient = 0;
        for (int capability = 0; capability < Capabilities.MOST; capability++) {
            int in = libc.prctl(Libc.PR_CAPBSET_READ, capability, 0, 0, 0);
            if (in < 0) break;
            bounding |= (long) in << capability;
            boolean isAmbient = libc.prctl(Libc.PR_CAP_AMBIENT, Libc.PR_CAP_AMBIENT_IS_SET, capability, 0, 0) == 1;
            if (isAmbient) ambient |= 1L << capability;
        }
        return new Capabilities(set(data, 0), set(data, 4), set(data, 8), bounding, ambient);
    }

    private static long set(ByteBuffer data, int at) {
        return (data.getInt(at) & 0xffffffffL) | (long) data.getInt(at + 12) << 32;
    }

    @Override
    public void setCapabilities(long effective, long permitted, long inheritable) throws SysException {
        ByteBuffer data = CLibrary.struct(24);
        long[] sets = {effective, permitted, inheritable};
        for (int i = 0; i < sets.length; i++) {
            data.putInt(4 * i, (int) sets[i]).putInt(4 * i + 12, (int) (sets[i] >>> 32));
        }
        c.checked(libc.capset(capabilityHeader(), data.array()));
    }

    @Override
    public void dropBounding(int capability) throws SysException {
        c.checked(libc.prctl(Libc.PR_CAPBSET_DROP, capability, 0, 0, 0));
    }

    @Override
    public void raiseAmbient(int capability) throws SysException {
        c.checked(libc.prctl(Libc.PR_CAP_AMBIENT, Libc.PR_CAP_AMBIENT_RAISE, capability, 0, 0));
    }

    @Override
    public int secureBits() throws SysException {
        return c.checked(libc.prctl(Libc.PR_GET_SECUREBITS, 0, 0, 0, 0));
    }

    @Override
    public void setSecureBits(int bits) throws SysException {
        c.checked(libc.prctl(Libc.PR_SET_SECUREBITS, bits, 0, 0, 0));
    }

    @Override
    public void noNewPrivileges() throws SysException {
        c.checked(libc.prctl(Libc.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    }

    // ---- limits, session, surroundings ---------------------------------------------------------------------

    @Override
    public Limit limit(Resource resource) throws SysException {
        return limits.get(resource);
    }

    @Override
    public void setLimit(Resource resource, Limit limit) throws SysException {
        limits.set(resource, limit);
    }

    @Override
    public void newSession() throws SysException {
        c.checked(libc.setsid());
    }

    @Override
    public void newGroup() throws SysException {
        c.checked(libc.setpgid(0, 0));
    }

    @Override
    public int session() {
        return libc.getsid(0);
    }

    @Override
    public int processGroup() {
        return libc.getpgrp();
    }

    @Override
    public void changeDirectory(String path) throws SysException {
        c.checked(libc.chdir(Bytes.terminated(path)));
    }

    @Override
    public void changeDirectory(int fd) throws SysException {
        c.checked(libc.fchdir(fd));
    }

    @Override
    public void changeRoot(String path) throws SysException {
        c.checked(libc.chroot(Bytes.terminated(path)));
    }

    @Override
    public int umask(int mask) {
        return libc.umask(mask);
    }

    // ---- files ---------------------------------------------------------------------------------------------

    @Override
    public int open(String path, int flags, int mode) throws SysException {
        int how = flags & (Open.WRITE | Open.READ_WRITE);
        if ((flags & Open.CREATE) != 0) how |= Libc.O_CREAT;
        if ((flags & Open.EXCLUSIVE) != 0) how |= Libc.O_EXCL;
        if ((flags & Open.TRUNCATE) != 0) how |= Libc.O_TRUNC;
        if ((flags & Open.APPEND) != 0) how |= Libc.O_APPEND;
        if ((flags & Open.NON_BLOCKING) != 0) how |= Libc.O_NONBLOCK;
        if ((flags & Open.DIRECTORY) != 0) how |= Libc.O_DIRECTORY;
        if ((flags & Open.NO_FOLLOW) != 0) how |= Libc.O_NOFOLLOW;
        if ((flags & Open.NO_TERMINAL) != 0) how |= Libc.O_NOCTTY;
        boolean inherit = (flags & Open.INHERIT) != 0;
        int complete = inherit ? how : how | Libc.O_CLOEXEC;
        int fd = (int) c.again(() -> libc.open(Bytes.terminated(path), complete, mode));
        descriptors.inherit(fd, inherit);
        return fd;
    }

    @Override
    public void close(int fd) throws SysException {
        if (libc.close(fd) < 0 && !c.failedWith(Errno.EINTR)) throw c.failure();
        descriptors.inherit(fd, false);
    }

    @Override
    public int read(int fd, byte[] into, int from, int length) throws SysException {
        byte[] part = from == 0 && length == into.length ? into : new byte[length];
        int count = (int) c.again(() -> libc.read(fd, part, length));
        if (part != into) System.arraycopy(part, 0, into, from, count);
        return count;
    }

    @Override
    public int write(int fd, byte[] data, int from, int length) throws SysException {
        byte[] part = from == 0 ? data : Arrays.copyOfRange(data, from, from + length);
        return (int) c.again(() -> libc.write(fd, part, length));
    }

    @Override
    public FileStat stat(String path) throws SysException {
        return FileStatus.of(c, Libc.AT_FDCWD, Bytes.terminated(path), 0);
    }

    @Override
    public FileStat linkStat(String path) throws SysException {
        return FileStatus.of(c, Libc.AT_FDCWD, Bytes.terminated(path), Libc.AT_SYMLINK_NOFOLLOW);
    }

    @Override
    public FileStat stat(int fd) throws SysException {
        return FileStatus.of(c, fd, new byte[1], Libc.AT_EMPTY_PATH);
    }

    @Override
    public List<String> list(String directory) throws SysException {
        int fd = open(directory, Open.READ | Open.DIRECTORY, 0);
        try {
            return DirectoryEntries.names(c, fd);
        } finally {
            close(fd);
        }
    }

    @Override
    public String readLink(String path) throws SysException {
        byte[] target = new byte[PATH_MAX];
        long length = libc.readlink(Bytes.terminated(path), target, PATH_MAX);
        if (length < 0) throw c.failure();
        return Bytes.text(target, 0, (int) length);
    }

    @Override
    public void unlink(String path) throws SysException {
        c.checked(libc.unlink(Bytes.terminated(path)));
    }

    @Override
    public void removeDirectory(String path) throws SysException {
        c.checked(libc.rmdir(Bytes.terminated(path)));
    }

    @Override
    public void exchange(String one, String other) throws SysException {
        c.checked(libc.renameat2(Libc.AT_FDCWD, Bytes.terminated(one), Libc.AT_FDCWD, Bytes.terminated(other),
                Libc.RENAME_EXCHANGE));
    }

    @Override
    public void rename(String from, String to) throws SysException {
        c.checked(libc.rename(Bytes.terminated(from), Bytes.terminated(to)));
    }

    @Override
    public void link(String from, String to) throws SysException {
        c.checked(libc.link(Bytes.terminated(from), Bytes.terminated(to)));
    }

    @Override
    public void symbolicLink(String target, String path) throws SysException {
        c.checked(libc.symlink(Bytes.terminated(target), Bytes.terminated(path)));
    }

    @Override
    public void makeDirectory(String path, int mode) throws SysException {
        c.checked(libc.mkdir(Bytes.terminated(path), mode));
    }

    @Override
    public void changeMode(String path, int mode) throws SysException {
        c.checked(libc.chmod(Bytes.terminated(path), mode));
    }

    @Override
    public void changeMode(int fd, int mode) throws SysException {
        c.checked(libc.fchmod(fd, mode));
    }

    @Override
    public void changeOwner(String path, int uid, int gid) throws SysException {
        c.checked(libc.chown(Bytes.terminated(path), uid, gid));
    }

    @Override
    public void truncate(int fd, long size) throws SysException {
        c.checked(libc.ftruncate(fd, size));
    }

    @Override
    public Space space(String path) throws SysException {
        // The structure of 64-bit machines: type and block size, then three counts of blocks, each a long.
        ByteBuffer s = CLibrary.struct(256);
        c.checked(libc.statfs(Bytes.terminated(path), s.array()));
        long block = s.getLong(8);
        return new Space(s.getLong(16) * block, s.getLong(24) * block, s.getLong(32) * block);
    }

    @Override
    public int zoneOffset(long seconds) {
        return TimeZone.getDefault().getOffset(seconds * 1000) / 1000;
    }

    @Override
    public void sync(int fd) throws SysException {
        c.again(() -> libc.fsync(fd));
    }

    // ---- descriptors ---------------------------------------------------------------------------------------

    @Override
    public int[] pipe() throws SysException {
        int[] ends = new int[2];
        c.checked(libc.pipe2(ends, Libc.O_CLOEXEC));
        for (int fd : ends) descriptors.inherit(fd, false);
        return ends;
    }

    @Override
    public void duplicate(int from, int to) throws SysException {
        if (from == to) {
            closeOnExec(to, false);
            return;
        }
        while (libc.dup2(from, to) < 0) {
            if (!c.failedWith(Errno.EINTR) && !c.failedWith(Errno.EBUSY)) throw c.failure();
        }
        descriptors.inherit(to, true);
    }

    @Override
    public int duplicateFrom(int fd, int least) throws SysException {
        int copy = c.checked(libc.fcntl(fd, Libc.F_DUPFD_CLOEXEC, least));
        descriptors.inherit(copy, false);
        return copy;
    }

    @Override
    public void closeOnExec(int fd, boolean on) throws SysException {
        c.checked(libc.fcntl(fd, Libc.F_SETFD, on ? Libc.FD_CLOEXEC : 0));
        descriptors.inherit(fd, !on);
    }

    @Override
    public void closeOnExecFrom(int least) {
        descriptors.inheritNoneFrom(least);
        descriptors.markOthers();
    }

    @Override
    public void nonBlocking(int fd, boolean on) throws SysException {
        int flags = c.checked(libc.fcntl(fd, Libc.F_GETFL, 0));
        c.checked(libc.fcntl(fd, Libc.F_SETFL, on ? flags | Libc.O_NONBLOCK : flags & ~Libc.O_NONBLOCK));
    }

    @Override
    public boolean isLittleEndian() {
        return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    }

    @Override
    public void closeRange(int first, int last) throws SysException {
        // One by one: the JVM's own are between them.
        for (int fd = descriptors.nextInherited(first); fd >= 0 && fd <= last; fd = descriptors.nextInherited(fd + 1)) close(fd);
    }

    @Override
    public boolean isTerminal(int fd) {
        return libc.isatty(fd) == 1;
    }

    // ---- locks ---------------------------------------------------------------------------------------------

    /** A struct flock of the whole file: whence is SEEK_SET, start and length are 0. */
    private static ByteBuffer flock(int type) {
        return CLibrary.struct(FLOCK).putShort(0, (short) type);
    }

    @Override
    public void lock(int fd, boolean wait, boolean shared) throws SysException {
        byte[] lock = flock(shared ? Libc.F_RDLCK : Libc.F_WRLCK).array();
        while (libc.fcntl(fd, wait ? Libc.F_SETLKW : Libc.F_SETLK, lock) < 0) {
            if (c.failedWith(Errno.EACCES)) throw new SysException(Errno.EAGAIN);
            if (!wait || !c.failedWith(Errno.EINTR)) throw c.failure();
        }
    }

    @Override
    public int lockHolder(int fd) throws SysException {
        ByteBuffer lock = flock(Libc.F_RDLCK);
        c.checked(libc.fcntl(fd, Libc.F_GETLK, lock.array()));
        int pid = lock.getInt(FLOCK_PID);
        return lock.getShort(0) == Libc.F_UNLCK ? 0 : pid > 0 ? pid : -1;
    }

    // ---- other processes -----------------------------------------------------------------------------------

    @Override
    public int spawn(Spawn child) throws SysException {
        List<String> environment = child.environment() == null ? launch.environment() : child.environment();
        return spawnCall.start(child, environment, limits);
    }

    @Override
    public Reaped reap() throws SysException {
        return reap(-1);
    }

    @Override
    public Reaped reap(int pid) throws SysException {
        int[] word = new int[1];
        try {
            int ended = (int) c.again(() -> libc.waitpid(pid, word, Libc.WNOHANG));
            return ended == 0 ? null : Reaped.of(ended, word[0]);
        } catch (SysException e) {
            if (e.is(Errno.ECHILD)) return null;
            throw e;
        }
    }

    @Override
    public Reaped await(int pid) throws SysException {
        int[] word = new int[1];
        return Reaped.of((int) c.again(() -> libc.waitpid(pid, word, 0)), word[0]);
    }

    @Override
    public void kill(int pid, int signal) throws SysException {
        c.checked(libc.kill(pid, signal));
    }

    /** accept, accept4, epoll_wait, epoll_pwait, epoll_pwait2, poll, ppoll, select, pselect6, recvfrom, recvmsg, recvmmsg. */
    private static final int[] RECEIVE = Libc.isOnIntel()
            ? new int[] {43, 288, 232, 281, 441, 7, 271, 23, 270, 45, 47, 299}
            : new int[] {202, 242, 22, 441, 73, 72, 207, 212, 243};

    @Override
    public Receiving receiving(long number) {
        for (int call : RECEIVE) {
            if (call == number) return Receiving.YES;
        }
        boolean reads = Libc.isOnIntel() ? number == 0 || number == 19 : number == 63 || number == 65;
        return reads ? Receiving.READS : Receiving.NO;
    }

    /** First a shell runs the launcher, then there is a JVM. */
    @Override
    public boolean runsAnother(int pid) {
        List<String> words = Launch.commandLine(pid);
        return !words.isEmpty() && !words.contains("-Dperpetua.launched=true")
                && !(words.size() > 1 && isSelf(words.get(1)));
    }

    @Override
    public boolean mayBeInit() {
        return false;
    }

    @Override
    public int reboot(Reboot how) throws SysException {
        throw new SysException(Errno.ENOSYS);
    }

    @Override
    public int openProcess(int pid) throws SysException {
        return c.checked((int) libc.syscall(SYS_PIDFD_OPEN, pid, 0, 0));
    }

    @Override
    public void signalProcess(int fd, int signal) throws SysException {
        c.checked((int) libc.syscall(SYS_PIDFD_SEND_SIGNAL, fd, signal, null, null, 0));
    }

    @Override
    public Reaped endOf(int fd, int pid) {
        byte[] info = CLibrary.struct(PIDFD_INFO).putLong(0, PIDFD_INFO_EXIT).array();
        if (libc.ioctl(fd, PIDFD_GET_INFO, info) < 0) return null;
        ByteBuffer told = ByteBuffer.wrap(info).order(ByteOrder.nativeOrder());
        return (told.getLong(0) & PIDFD_INFO_EXIT) == 0 ? null : Reaped.of(pid, told.getInt(PIDFD_INFO_STATUS));
    }

    // ---- waiting -------------------------------------------------------------------------------------------

    private long clock(int which) {
        long[] time = new long[2];
        libc.clock_gettime(which, time);
        return time[0] * 1_000_000_000L + time[1];
    }

    @Override
    public long monotonicNanos() {
        return clock(CLOCK_MONOTONIC);
    }

    @Override
    public long realtimeNanos() {
        return clock(CLOCK_REALTIME);
    }

    private static long[] span(long nanos) {
        return new long[] {nanos / 1_000_000_000L, nanos % 1_000_000_000L};
    }

    /** Without a launcher: all but QUIT, which the JVM keeps for itself (EINVAL). */
    @Override
    public int signals(Signal... which) throws SysException {
        long set = 0;
        for (Signal signal : which) {
            set |= CLibrary.bit(signal.number());
            dispositions.stopIgnoring(signal);
        }
        signals = launch.isLaunched() && SignalDescriptor.isPossible(set)
                ? SignalDescriptor.open(c, set) : SignalPipe.open(c, which);
        descriptors.inherit(signals.fd(), false);
        return signals.fd();
    }

    @Override
    public int nextSignal(int fd) throws SysException {
        if (signals == null || signals.fd() != fd) throw new SysException(Errno.EBADF);
        return signals.next();
    }

    @Override
    public int signalledChild() {
        return signals == null ? 0 : signals.child();
    }

    @Override
    public void ignore(Signal signal) throws SysException {
        dispositions.ignore(signal);
    }

    @Override
    public void restoreDefault(Signal signal) throws SysException {
        dispositions.restoreDefault(signal);
    }

    @Override
    public void block(Signal signal) {
        libc.pthread_sigmask(Libc.SIG_BLOCK, CLibrary.sigset(CLibrary.bit(signal.number())), null);
    }

    /** Without a launcher SIGALRM keeps its effect, since it goes to any thread. */
    @Override
    public void sleep(long nanos) {
        byte[] alarm = CLibrary.sigset(CLibrary.bit(Signal.ALRM.number()));
        byte[] before = new byte[CLibrary.SIGSET];
        libc.pthread_sigmask(Libc.SIG_BLOCK, alarm, before);
        long until = nanos < 0 ? Long.MAX_VALUE : monotonicNanos() + nanos;
        if (until < nanos) until = Long.MAX_VALUE;
        while (true) {
            long left = Math.max(0, until - monotonicNanos());
            if (libc.sigtimedwait(alarm, null, span(left)) >= 0 || until <= monotonicNanos()) break;
        }
        // One that came at the very end is eaten too.
        libc.sigtimedwait(alarm, null, span(0));
        libc.pthread_sigmask(Libc.SIG_SETMASK, before, null);
    }

    @Override
    public int poll(PollSet set, long nanos) throws SysException {
        if (pollRoom < set.size() || pollMemory == null) {
            pollRoom = Math.max(16, 2 * set.size());
            pollMemory = c.memory(pollRoom * POLLFD);
        }
        for (int i = 0; i < set.size(); i++) {
            pollMemory.putInt((long) i * POLLFD, set.fd(i));
            pollMemory.putShort((long) i * POLLFD + 4, (short) asked(set.events(i)));
            pollMemory.putShort((long) i * POLLFD + 6, (short) 0);
        }
        int ready = libc.ppoll(pollMemory, set.size(), nanos < 0 ? null : span(nanos), null);
        if (ready < 0) {
            if (c.failedWith(Errno.EINTR)) return 0;
            throw c.failure();
        }
        for (int i = 0; i < set.size(); i++) {
            set.setReady(i, happened(pollMemory.getShort((long) i * POLLFD + 6), set.events(i)));
        }
        return ready;
    }

    /** The bits are the same for epoll(7). */
    private static int asked(int wanted) {
        return ((wanted & PollSet.IN) != 0 ? Libc.POLLIN : 0) | ((wanted & PollSet.OUT) != 0 ? Libc.POLLOUT : 0);
    }

    private static int happened(int events, int wanted) {
        int trouble = events & ~(Libc.POLLIN | Libc.POLLOUT);
        return trouble != 0 ? wanted
                : ((events & Libc.POLLIN) != 0 ? PollSet.IN : 0) | ((events & Libc.POLLOUT) != 0 ? PollSet.OUT : 0);
    }

    @Override
    public int epoll() throws SysException {
        return c.checked(libc.epoll_create1(Libc.O_CLOEXEC));
    }

    @Override
    public void epollAdd(int epoll, int fd, int events) throws SysException {
        epollSet(epoll, Libc.EPOLL_CTL_ADD, fd, events);
    }

    @Override
    public void epollChange(int epoll, int fd, int events) throws SysException {
        epollSet(epoll, Libc.EPOLL_CTL_MOD, fd, events);
    }

    @Override
    public void epollRemove(int epoll, int fd) throws SysException {
        epollSet(epoll, Libc.EPOLL_CTL_DEL, fd, 0);
    }

    private void epollSet(int epoll, int operation, int fd, int events) throws SysException {
        byte[] event = CLibrary.struct(Libc.EPOLL_EVENT).putInt(0, asked(events)).putInt(Libc.EPOLL_DATA, fd).array();
        c.checked(libc.epoll_ctl(epoll, operation, fd, event));
    }

    @Override
    public int epollReady(int epoll, PollSet ready) throws SysException {
        int room = ready.room();
        byte[] events = new byte[room * Libc.EPOLL_EVENT];
        int count = (int) c.again(() -> libc.epoll_wait(epoll, events, room, 0));
        ByteBuffer got = ByteBuffer.wrap(events).order(ByteOrder.nativeOrder());
        ready.clear();
        for (int i = 0; i < count; i++) {
            int at = i * Libc.EPOLL_EVENT;
            ready.setReady(ready.add(got.getInt(at + Libc.EPOLL_DATA), 0), happened(got.getInt(at), PollSet.IN | PollSet.OUT));
        }
        return count;
    }

    // ---- sockets -------------------------------------------------------------------------------------------

    private static byte[] address(String path) throws SysException {
        if (path.length() >= SOCKET_PATH) throw new SysException(Errno.ENAMETOOLONG);
        byte[] text = Bytes.of(path);
        return CLibrary.struct(SOCKET_PATH_AT + SOCKET_PATH).putShort(0, (short) Libc.AF_UNIX)
                .put(SOCKET_PATH_AT, text, 0, text.length).array();
    }

    private int socket(int family, int typeAndFlags) throws SysException {
        int fd = c.checked(libc.socket(family, Libc.O_CLOEXEC | typeAndFlags, 0));
        descriptors.inherit(fd, false);
        return fd;
    }

    private SysException closed(int fd, SysException why) {
        libc.close(fd);
        return why;
    }

    @Override
    public int listen(String path, int backlog) throws SysException {
        return listen(Libc.AF_UNIX, address(path), backlog);
    }

    @Override
    public int listenInternet(int port, int backlog) throws SysException {
        byte[] address = CLibrary.struct(16).putShort(0, (short) Libc.AF_INET).put(2, (byte) (port >> 8)).put(3, (byte) port)
                .array();
        return listen(Libc.AF_INET, address, backlog);
    }

    private int listen(int family, byte[] address, int backlog) throws SysException {
        int fd = socket(family, Libc.SOCK_STREAM | Libc.O_NONBLOCK);
        libc.setsockopt(fd, Libc.SOL_SOCKET, Libc.SO_REUSEADDR, new int[] {1}, 4);
        if (libc.bind(fd, address, address.length) < 0 || libc.listen(fd, backlog) < 0) throw closed(fd, c.failure());
        return fd;
    }

    @Override
    public int accept(int fd) throws SysException {
        while (true) {
            int connection = libc.accept4(fd, null, null, Libc.O_CLOEXEC | Libc.O_NONBLOCK);
            if (connection >= 0) {
                descriptors.inherit(connection, false);
                return connection;
            }
            if (!c.failedWith(Errno.EINTR) && c.failure().errno() != ECONNABORTED) throw c.failure();
        }
    }

    @Override
    public int peerUser(int fd) throws SysException {
        ByteBuffer peer = CLibrary.struct(12);
        c.checked(libc.getsockopt(fd, Libc.SOL_SOCKET, Libc.SO_PEERCRED, peer.array(), new int[] {12}));
        return peer.getInt(4);
    }

    @Override
    public int connect(String path, long nanos) throws SysException {
        byte[] address = address(path);
        int fd = socket(Libc.AF_UNIX, Libc.SOCK_STREAM);
        patience(fd, Math.max(nanos, 1_000_000));
        connected(fd, address);
        patience(fd, 0);
        return fd;
    }

    /** How long a connection or a write waits for room at most; 0: as long as it takes. */
    private void patience(int fd, long nanos) {
        long[] timeval = {nanos / 1_000_000_000, nanos / 1000 % 1_000_000};
        libc.setsockopt(fd, Libc.SOL_SOCKET, Libc.SO_SNDTIMEO, timeval, 2 * Long.BYTES);
    }

    @Override
    public int connectDatagram(String path) throws SysException {
        byte[] address = address(path);
        return connected(socket(Libc.AF_UNIX, Libc.SOCK_DGRAM), address);
    }

    private int connected(int fd, byte[] address) throws SysException {
        while (libc.connect(fd, address, address.length) < 0) {
            if (!c.failedWith(Errno.EINTR)) throw closed(fd, c.failure());
        }
        return fd;
    }

    @Override
    public int send(int fd, byte[] data, int from, int length) throws SysException {
        byte[] part = from == 0 ? data : Arrays.copyOfRange(data, from, from + length);
        return (int) c.again(() -> libc.send(fd, part, length, Libc.MSG_NOSIGNAL));
    }

    @Override
    public int listenDatagram(String abstractName) throws SysException {
        int fd = socket(Libc.AF_UNIX, Libc.SOCK_DGRAM | Libc.O_NONBLOCK);
        byte[] name = Bytes.of(abstractName == null ? "" : "\0" + abstractName.substring(1));
        byte[] family = CLibrary.struct(SOCKET_PATH_AT + name.length).putShort(0, (short) Libc.AF_UNIX)
                .put(SOCKET_PATH_AT, name).array();
        if (libc.setsockopt(fd, Libc.SOL_SOCKET, Libc.SO_PASSCRED, new int[] {1}, 4) < 0
                || libc.bind(fd, family, family.length) < 0) {
            throw closed(fd, c.failure());
        }
        return fd;
    }

    @Override
    public String abstractName(int fd) throws SysException {
        byte[] address = new byte[SOCKET_PATH_AT + SOCKET_PATH];
        int[] size = {address.length};
        c.checked(libc.getsockname(fd, address, size));
        if (size[0] <= SOCKET_PATH_AT || size[0] > address.length || address[SOCKET_PATH_AT] != 0) {
            throw new SysException(Errno.EINVAL);
        }
        return "@" + Bytes.text(address, SOCKET_PATH_AT + 1, size[0]);
    }

    /** The layout of msghdr, iovec, and of a cmsghdr with credentials behind it, on 64-bit Linux. */
    @Override
    public int receive(int fd, byte[] into, int[] sender) throws SysException {
        Pointer memory = c.memory(MSGHDR + IOVEC + CREDENTIALS + into.length);
        long at = memory.address();
        long data = MSGHDR + IOVEC + CREDENTIALS;
        memory.putAddress(16, at + MSGHDR);
        memory.putLong(24, 1);
        memory.putAddress(32, at + MSGHDR + IOVEC);
        memory.putLong(40, CREDENTIALS);
        memory.putAddress(MSGHDR, at + data);
        memory.putLong(MSGHDR + 8, into.length);
        int count = (int) c.again(() -> libc.recvmsg(fd, memory, Libc.MSG_CMSG_CLOEXEC));
        memory.get(data, into, 0, count);
        int control = MSGHDR + IOVEC;
        boolean told = memory.getLong(40) >= 28 && memory.getInt(control + 8) == Libc.SOL_SOCKET
                && memory.getInt(control + 12) == Libc.SCM_CREDENTIALS;
        sender[0] = told ? memory.getInt(control + 20) : NOBODY;
        return count;
    }

    @Override
    public int connectInternet(byte[] address, int port) throws SysException {
        boolean four = address.length == 4;
        int family = four ? Libc.AF_INET : Libc.AF_INET6;
        byte[] to = CLibrary.struct(four ? 16 : 28).putShort(0, (short) family).put(2, (byte) (port >> 8))
                .put(3, (byte) port).put(four ? 4 : 8, address).array();
        int fd = c.checked(libc.socket(family, Libc.O_CLOEXEC | Libc.SOCK_STREAM | Libc.O_NONBLOCK, 0));
        descriptors.inherit(fd, false);
        if (libc.connect(fd, to, to.length) < 0 && c.failure().errno() != EINPROGRESS && !c.failedWith(Errno.EINTR)) {
            throw closed(fd, c.failure());
        }
        return fd;
    }
}
