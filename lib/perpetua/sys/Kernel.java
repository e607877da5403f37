// SPDX-License-Identifier: Apache-2.0
package perpetua.sys;

import java.util.List;

/**
 * The acts that the suite needs of the operating system: those that both worlds, a native binary and a JVM, can
 * perform. So there is no fork here, only {@link #spawn}; and no signal handler, only {@link #signals} as a
 * descriptor to poll. Three implementations: {@code sys.teavm}, {@code sys.jvm}, and {@code fake} for tests.
 *
 * <p>Strings are OS strings, see {@link Bytes}. A failure is a {@link SysException} with the kernel's number.
 * Descriptors that an act opens are close-on-exec unless it says otherwise; EINTR is never reported.
 */
public interface Kernel {

    // ---- this process -------------------------------------------------------------------------------------

    int pid();

    int parentPid();

    /** The environment variable as the process was started with it, or null: getenv(3). */
    String variable(String name);

    /** The environment as the process was started with it: {@code NAME=value} each, in order. */
    List<String> environment();

    /**
     * Replaces this process: execve(2). What the runtime changed for itself is put back first (signal mask and
     * dispositions, limits, descriptors of its own). Comes back only by its exception.
     *
     * @param path the file, taken as it is
     * @param argv from argv[0] on
     * @param environment {@code NAME=value} each; null for the one the process was started with
     */
    SysException exec(String path, List<String> argv, List<String> environment);

    /** Ends the process at once with that status: _exit(2). Nothing is flushed, since nothing is buffered. */
    void exit(int status);

    /**
     * Whether that file is this very program and may be executed by this process, so that a chain may run it in
     * place instead of executing it.
     */
    boolean isSelf(String path);

    // ---- identity: credentials(7) -------------------------------------------------------------------------

    int userId();

    int effectiveUserId();

    int groupId();

    int effectiveGroupId();

    /** Supplementary groups: getgroups(2). */
    int[] groups() throws SysException;

    /** Sets real, effective and saved user id of the whole process: setuid(2) as root. */
    void setUser(int uid) throws SysException;

    void setGroup(int gid) throws SysException;

    void setGroups(int[] gids) throws SysException;

    /** @return null if the account data base of the C library has no such name */
    Account account(String name) throws SysException;

    /** @return null if the account data base of the C library has no such number */
    Account account(int uid) throws SysException;

    /** @return the group's number, or -1 if there is none of that name */
    int group(String name) throws SysException;

    /** Whether the group data base has that number. */
    boolean hasGroup(int gid) throws SysException;

    /** The groups of an account, the given one among them: getgrouplist(3). */
    int[] groupsOf(String account, int gid) throws SysException;

    // ---- what the kernel's scheduler and its checks think of this process -----------------------------------

    /** The numbers of the processors that it may run on, rising: sched_getaffinity(2). */
    int[] processors() throws SysException;

    /** @throws SysException EINVAL where it may use none of them */
    void setProcessors(int[] numbers) throws SysException;

    /**
     * sched_setscheduler(2).
     *
     * @param priority 1 to 99 for a policy of real time, 0 for the others
     * @param resetOnFork whether children begin with the ordinary policy instead
     */
    void setScheduling(Scheduling policy, int priority, boolean resetOnFork) throws SysException;

    /** @param nice -20, the most urgent, to 19: setpriority(2) */
    void setNice(int nice) throws SysException;

    /** capabilities(7) */
    Capabilities capabilities() throws SysException;

    /** The first three of the sets; the ambient one loses what one of the last two loses. */
    void setCapabilities(long effective, long permitted, long inheritable) throws SysException;

    /** Nothing that is executed from now on can get that capability. @throws SysException EINVAL for none of this kernel */
    void dropBounding(int capability) throws SysException;

    /** What is executed has it, whoever its user is; it must be permitted and inheritable. */
    void raiseAmbient(int capability) throws SysException;

    int secureBits() throws SysException;

    void setSecureBits(int bits) throws SysException;

    /** What is executed from now on gets no rights from its file: prctl(2), PR_SET_NO_NEW_PRIVS. */
    void noNewPrivileges() throws SysException;

    // ---- limits, session, surroundings --------------------------------------------------------------------

    /** @throws SysException EINVAL where this kernel does not know the resource */
    Limit limit(Resource resource) throws SysException;

    void setLimit(Resource resource, Limit limit) throws SysException;

    /** setsid(2). @throws SysException EPERM if the process leads a group already */
    void newSession() throws SysException;

    /** setpgid(0, 0) */
    void newGroup() throws SysException;

    int session();

    int processGroup();

    void changeDirectory(String path) throws SysException;

    void changeDirectory(int fd) throws SysException;

    void changeRoot(String path) throws SysException;

    /** @return the former one */
    int umask(int mask);

    // ---- files --------------------------------------------------------------------------------------------

    /**
     * open(2).
     *
     * @param flags a sum of the constants of {@link Open}
     * @param mode permission bits for a file that is created
     */
    int open(String path, int flags, int mode) throws SysException;

    void close(int fd) throws SysException;

    /** Closes what is lost to nobody if that fails: it is closed, whatever the kernel says. @param fd nothing is done with -1 */
    default void closeQuietly(int fd) {
        try {
            if (fd >= 0) close(fd);
        } catch (SysException gone) {
            // As it says above.
        }
    }

    /** @return bytes read, 0 at the end of the file */
    int read(int fd, byte[] into, int from, int length) throws SysException;

    /** @return bytes written, possibly fewer than asked for */
    int write(int fd, byte[] data, int from, int length) throws SysException;

    FileStat stat(String path) throws SysException;

    /** Of a symbolic link itself: lstat(2). */
    FileStat linkStat(String path) throws SysException;

    FileStat stat(int fd) throws SysException;

    /** The names in a directory in its own order, without {@code .} and {@code ..}. */
    List<String> list(String directory) throws SysException;

    String readLink(String path) throws SysException;

    void unlink(String path) throws SysException;

    void removeDirectory(String path) throws SysException;

    void rename(String from, String to) throws SysException;

    /**
     * Each of two files gets the other's name, in one step: renameat2(2).
     *
     * @throws SysException ENOSYS, EINVAL: not with this kernel, or not in this file system; ENOENT: one of them is missing
     */
    void exchange(String one, String other) throws SysException;

    void link(String from, String to) throws SysException;

    void symbolicLink(String target, String path) throws SysException;

    void makeDirectory(String path, int mode) throws SysException;

    void changeMode(String path, int mode) throws SysException;

    void changeMode(int fd, int mode) throws SysException;

    void changeOwner(String path, int uid, int gid) throws SysException;

    void truncate(int fd, long size) throws SysException;

    /** fsync(2) */
    void sync(int fd) throws SysException;

    /** Of the file system that a path is on: statfs(2). */
    Space space(String path) throws SysException;

    // ---- descriptors --------------------------------------------------------------------------------------

    /** A pipe: [0] to read, [1] to write. */
    int[] pipe() throws SysException;

    /** Makes {@code to} a copy of {@code from}, open across exec: dup2(2). */
    void duplicate(int from, int to) throws SysException;

    /** A copy with the lowest free number from {@code least} on, close-on-exec. */
    int duplicateFrom(int fd, int least) throws SysException;

    void closeOnExec(int fd, boolean on) throws SysException;

    /** Marks every descriptor from {@code least} on as close-on-exec, so that no child inherits one by chance. */
    void closeOnExecFrom(int least) throws SysException;

    void nonBlocking(int fd, boolean on) throws SysException;

    /** Whether this machine stores the low byte of a number first. */
    boolean isLittleEndian();

    /** Closes every descriptor from {@code first} to {@code last}, open or not; what the runtime has for itself stays. */
    void closeRange(int first, int last) throws SysException;

    boolean isTerminal(int fd);

    // ---- locks: fcntl(2), advisory record locks on the whole file -----------------------------------------

    /**
     * Takes a lock that survives exec, is not inherited by a child and ends when the process closes any
     * descriptor of that file.
     *
     * @param wait whether to wait for it; otherwise EAGAIN if another process holds it
     * @param shared a read lock, of which there may be many
     */
    void lock(int fd, boolean wait, boolean shared) throws SysException;

    /**
     * @return the pid of a process that holds a write lock on it, 0 if none does; -1 if it is held by no process that has a
     *     number here: by an open file, or in another pid namespace
     */
    int lockHolder(int fd) throws SysException;

    // ---- other processes ----------------------------------------------------------------------------------

    /** Starts a child and comes back when it runs or could not be executed. @return its pid */
    int spawn(Spawn child) throws SysException;

    /** Collects one child that has ended. @return null if there is none at the moment */
    Reaped reap() throws SysException;

    /** Collects that child if it has ended. @return null if it has not, or is no child */
    Reaped reap(int pid) throws SysException;

    /** Waits for that child. */
    Reaped await(int pid) throws SysException;

    /** @param pid a process, or minus a process group */
    void kill(int pid, int signal) throws SysException;

    /**
     * Whether a thread that sleeps in that system call waits for somebody to send it something.
     *
     * @param number as proc(5) shows it
     */
    Receiving receiving(long number);

    /**
     * Whether that process runs another program than this one: a chain that goes on there has come to its end. One that
     * has ended, or is about to, runs none.
     */
    boolean runsAnother(int pid);

    // ---- process 1 ----------------------------------------------------------------------------------------

    /** Whether this runtime is fit to be process 1: with one thread, that never waits for another. */
    boolean mayBeInit();

    /**
     * Starts a child that writes out what is to be written to disks and then ends the machine, or the pid namespace, that
     * this process is process 1 of: sync(2), reboot(2). By a child, since the call ends whoever makes it. Where it is
     * refused the child exits with the error number.
     *
     * @return its pid
     * @throws SysException ENOSYS where this runtime may not be process 1
     */
    int reboot(Reboot how) throws SysException;

    // ---- processes that are no children -------------------------------------------------------------------

    /** What is known of any process. @throws SysException ENOENT or ESRCH if there is none of that pid */
    default ProcessStat processStat(int pid) throws SysException {
        return Proc.stat(this, pid);
    }

    /** The pids of all processes that can be seen. */
    default int[] processes() throws SysException {
        return Proc.pids(this);
    }

    /** A variable of a process as it was started, or null. */
    default String variableOf(int pid, String name) throws SysException {
        return Proc.variable(this, pid, name);
    }

    /** The working directory of a process. */
    default FileStat directoryOf(int pid) throws SysException {
        return stat("/proc/" + pid + "/cwd");
    }

    /** The same, opened. */
    default int openDirectoryOf(int pid) throws SysException {
        return open("/proc/" + pid + "/cwd", Open.READ | Open.DIRECTORY, 0);
    }

    /**
     * Opens once more both ends of a pipe that a process has open, whichever end that is.
     *
     * @param inode of the pipe
     * @return [0] to read, [1] to write
     * @throws SysException ENOENT if the process has no such pipe
     */
    default int[] openPipeOf(int pid, long inode) throws SysException {
        return Proc.pipe(this, pid, inode);
    }

    /**
     * Both ends of a pipe by one descriptor, of which one is given: who writes to that never lacks a reader.
     *
     * @throws SysException ENOENT without a /proc
     */
    default int openBothEnds(int end) throws SysException {
        return open("/proc/self/fd/" + end, Open.READ_WRITE, 0);
    }

    /**
     * A descriptor of a process, child or not, that becomes readable when it ends, and that no later process of the same pid is
     * taken for: pidfd_open(2).
     *
     * @throws SysException ESRCH if there is no such process, ENOSYS before Linux 5.3
     */
    int openProcess(int pid) throws SysException;

    /** Sends a signal to the process of such a descriptor: pidfd_send_signal(2). @throws SysException ESRCH if it has ended */
    void signalProcess(int fd, int signal) throws SysException;

    /**
     * How the process of such a descriptor ended: ioctl PIDFD_GET_INFO, Linux 6.15 and later.
     *
     * @return null where the kernel does not tell, or not yet: it does once somebody has collected the process
     */
    Reaped endOf(int fd, int pid);

    // ---- waiting ------------------------------------------------------------------------------------------

    /** A clock that is never set, in nanoseconds from some moment. */
    long monotonicNanos();

    /** The wall clock, nanoseconds since 1970. */
    long realtimeNanos();

    /** How far local time is ahead of UTC at that moment, in seconds. @param seconds since 1970 */
    int zoneOffset(long seconds);

    /**
     * A descriptor that becomes readable when one of these signals arrives; they then have no other effect.
     * At most one such descriptor a process.
     */
    int signals(Signal... which) throws SysException;

    /** @return the number of a signal that has arrived at the descriptor, 0 if none is waiting */
    int nextSignal(int fd) throws SysException;

    /**
     * Of which child's end the last SIGCHLD told that {@link #nextSignal} gave. One such signal may stand for many ends.
     *
     * @return 0 if it told of none, or that is not known
     */
    int signalledChild();

    /** In the next program of the chain too. @throws SysException EINVAL for KILL and STOP */
    void ignore(Signal signal) throws SysException;

    /** Gives it its default effect, in the next program of the chain too. @throws SysException EINVAL for KILL and STOP */
    void restoreDefault(Signal signal) throws SysException;

    /** Holds it back from now on, in the next program of the chain too. KILL and STOP can't be held back. */
    void block(Signal signal) throws SysException;

    /**
     * Waits that long, or until SIGALRM arrives, which has no other effect meanwhile. Every other signal does
     * what it did before.
     *
     * @param nanos negative: without end
     */
    void sleep(long nanos) throws SysException;

    /**
     * poll(2): waits until one of the set is ready or the time is over, and notes in the set what is ready.
     *
     * @param nanos negative: without end
     * @return how many are ready
     */
    int poll(PollSet set, long nanos) throws SysException;

    /**
     * A descriptor for others that are waited for again and again: epoll_create1(2). It is readable while one of them is ready,
     * and to learn which costs no more where there are many.
     */
    int epoll() throws SysException;

    /**
     * Adds a descriptor. Before that is closed it is to be taken out again, since it stands for whatever it refers to, as long as
     * any process has that open.
     *
     * @param events a sum of the constants of {@link PollSet}
     * @throws SysException EPERM for one that is always ready, as a regular file is; EEXIST, ENOMEM, ENOSPC
     */
    void epollAdd(int epoll, int fd, int events) throws SysException;

    /** @throws SysException ENOENT if it does not stand there */
    void epollChange(int epoll, int fd, int events) throws SysException;

    /** @throws SysException ENOENT if it does not stand there, EBADF if it is closed */
    void epollRemove(int epoll, int fd) throws SysException;

    /**
     * Takes those that are ready, without waiting; an error makes one ready for at least what was asked for. Those for which there is no room
     * come with the next call.
     *
     * @param ready filled with them, as far as it has room, from the first place on
     * @return how many they are
     */
    int epollReady(int epoll, PollSet ready) throws SysException;

    // ---- sockets ------------------------------------------------------------------------------------------

    /** Binds and listens, non-blocking. @throws SysException ENAMETOOLONG for a path over 107 bytes */
    int listen(String path, int backlog) throws SysException;

    /**
     * The same on a TCP port of all IPv4 interfaces. A former listener's connections do not keep it from that.
     *
     * @param port 1 to 65535
     * @throws SysException EADDRINUSE if somebody listens there
     */
    int listenInternet(int port, int backlog) throws SysException;

    /** @return a non-blocking connection; EAGAIN if none is waiting */
    int accept(int fd) throws SysException;

    /** Who is at the other end, as it was when it connected or began to listen. @return its effective user */
    int peerUser(int fd) throws SysException;

    /**
     * A connection to what listens on that Unix socket.
     *
     * @param nanos how long to wait at most while as many wait there as it takes; EAGAIN then, from 1 ms on
     */
    int connect(String path, long nanos) throws SysException;

    /** The same for a client that has something to say: whoever takes no connection for ten seconds takes none. */
    default int connect(String path) throws SysException {
        return connect(path, 10_000_000_000L);
    }

    /** A datagram socket whose every write is one message to the one at that path: the way to syslog. */
    int connectDatagram(String path) throws SysException;

    /** As {@link #write} on a socket, but a peer that is gone is told by EPIPE alone, without a signal: send(2). */
    int send(int fd, byte[] data, int from, int length) throws SysException;

    /**
     * A datagram socket that takes messages, non-blocking.
     *
     * @param abstractName as {@link #abstractName} told it; null for one that the kernel chooses
     */
    int listenDatagram(String abstractName) throws SysException;

    /** The name of such a socket, as {@code NOTIFY_SOCKET} has it: {@code @} for the NUL that an abstract name begins with. */
    String abstractName(int fd) throws SysException;

    /**
     * Takes one message from such a socket. What does not fit is lost, and descriptors that came with it are closed.
     *
     * @param sender its first place is set to the user id of who sent it
     * @return the length of the message; EAGAIN if none is waiting
     */
    int receive(int fd, byte[] into, int[] sender) throws SysException;

    // ---- TCP sockets --------------------------------------------------------------------------------------

    /**
     * Begins a connection. The descriptor, non-blocking, becomes writable when it is made or refused; then {@link #read}
     * fails with the reason, or with EAGAIN if it is made.
     *
     * @param address 4 bytes of IPv4 or 16 of IPv6
     * @throws SysException where it is refused at once
     */
    int connectInternet(byte[] address, int port) throws SysException;
}
