// SPDX-License-Identifier: Apache-2.0
package perpetua.sys.jvm;

import jnr.ffi.Pointer;

/**
 * The functions of the C library (glibc 2.30 or later, 64-bit) that {@link JvmKernel} calls, and the numbers that go
 * with them: those of the generic Linux ABI, which x86_64 and aarch64 share but for two flags of open. Paths are bytes
 * with a NUL behind, never a Java String, which jnr-ffi would encode by the locale. Public because the class that
 * jnr-ffi makes of it must see it.
 */
public interface Libc {
    int F_DUPFD_CLOEXEC = 1030;
    int F_SETFD = 2;
    int F_GETFL = 3;
    int F_SETFL = 4;
    int F_GETLK = 5;
    int F_SETLK = 6;
    int F_SETLKW = 7;
    int FD_CLOEXEC = 1;
    int F_RDLCK = 0;
    int F_WRLCK = 1;
    int F_UNLCK = 2;

    int O_RDWR = 2;
    int O_CREAT = 0100;
    int O_EXCL = 0200;
    int O_NOCTTY = 0400;
    int O_TRUNC = 01000;
    int O_APPEND = 02000;
    int O_NONBLOCK = 04000;
    int O_CLOEXEC = 02000000;
    int O_DIRECTORY = onArm() ? 040000 : 0200000;
    int O_NOFOLLOW = onArm() ? 0100000 : 0400000;

    int AT_FDCWD = -100;
    int AT_SYMLINK_NOFOLLOW = 0x100;
    int AT_EACCESS = 0x200;
    int AT_EMPTY_PATH = 0x1000;
    int STATX_BASIC_STATS = 0x7ff;
    int X_OK = 1;

    int AF_UNIX = 1;
    int AF_INET = 2;
    int AF_INET6 = 10;
    int SOL_SOCKET = 1;
    int SO_PASSCRED = 16;
    int SCM_CREDENTIALS = 2;
    int MSG_NOSIGNAL = 0x4000;
    int MSG_CMSG_CLOEXEC = 0x40000000;
    int SO_REUSEADDR = 2;
    int SO_SNDTIMEO = 21;
    int RENAME_EXCHANGE = 2;
    int SOCK_STREAM = 1;
    int SOCK_DGRAM = 2;

    int SIG_BLOCK = 0;
    int SIG_SETMASK = 2;
    long SIG_DFL = 0;
    long SIG_IGN = 1;

    int POLLIN = 1;
    int POLLOUT = 4;

    int WNOHANG = 1;

    short POSIX_SPAWN_SETPGROUP = 2;
    short POSIX_SPAWN_SETSIGDEF = 4;
    short POSIX_SPAWN_SETSIGMASK = 8;
    short POSIX_SPAWN_SETSID = 128;

    /** The newer machines share one table of system calls. */
    int SYS_RT_SIGACTION = "amd64".equals(System.getProperty("os.arch")) ? 13 : 134;

    static boolean isOnIntel() {
        return "amd64".equals(System.getProperty("os.arch"));
    }

    private static boolean onArm() {
        return "aarch64".equals(System.getProperty("os.arch"));
    }

    // this process
    int getpid();
    int getppid();
    int execve(byte[] path, Pointer argv, Pointer environment);
    void _exit(int status);

    // identity
    int getuid();
    int geteuid();
    int getgid();
    int getegid();
    int getgroups(int room, int[] gids);
    int setuid(int uid);
    int setgid(int gid);
    int setgroups(long count, int[] gids);
    int getgrouplist(byte[] name, int gid, int[] gids, int[] count);
    int PR_SET_DUMPABLE = 4;
    int prctl(int option, long a, long b, long c, long d);
    int PR_CAPBSET_READ = 23;
    int PR_CAPBSET_DROP = 24;
    int PR_GET_SECUREBITS = 27;
    int PR_SET_SECUREBITS = 28;
    int PR_SET_NO_NEW_PRIVS = 38;
    int PR_CAP_AMBIENT = 47;
    int PR_CAP_AMBIENT_IS_SET = 1;
    int PR_CAP_AMBIENT_RAISE = 2;
    int capget(byte[] header, byte[] data);
    int capset(byte[] header, byte[] data);

    // scheduling
    int sched_getaffinity(int pid, long size, byte[] mask);
    int sched_setaffinity(int pid, long size, byte[] mask);
    int sched_setscheduler(int pid, int policy, int[] priority);
    int setpriority(int which, int who, int nice);

    // limits, session, surroundings
    int getrlimit(int resource, long[] limit);
    int setrlimit(int resource, long[] limit);
    int setsid();
    int setpgid(int pid, int group);
    int getsid(int pid);
    int getpgrp();
    int chdir(byte[] path);
    int fchdir(int fd);
    int chroot(byte[] path);
    int umask(int mask);

    // files
    int open(byte[] path, int flags, int mode);
    int openat(int directory, byte[] path, int flags, int mode);
    int close(int fd);
    long read(int fd, byte[] into, long length);
    long write(int fd, byte[] data, long length);
    int statx(int directory, byte[] path, int flags, int wanted, byte[] into);
    int faccessat(int directory, byte[] path, int mode, int flags);
    long getdents64(int fd, byte[] into, long room);
    long readlink(byte[] path, byte[] into, long room);
    int unlink(byte[] path);
    int rmdir(byte[] path);
    int rename(byte[] from, byte[] to);

    int renameat2(int directory, byte[] from, int toDirectory, byte[] to, int flags);
    int link(byte[] from, byte[] to);
    int symlink(byte[] target, byte[] path);
    int mkdir(byte[] path, int mode);
    int chmod(byte[] path, int mode);
    int fchmod(int fd, int mode);
    int chown(byte[] path, int uid, int gid);
    int ftruncate(int fd, long size);
    int fsync(int fd);

    int statfs(byte[] path, byte[] into);

    // descriptors
    int pipe2(int[] ends, int flags);
    int dup2(int from, int to);
    int fcntl(int fd, int command, int argument);
    int fcntl(int fd, int command, byte[] lock);
    int isatty(int fd);
    long syscall(long number, long first, long last, long flags);
    long syscall(long number, long signal, byte[] action, byte[] before, long size);

    // other processes
    long calloc(long count, long size);
    void free(long address);
    int posix_spawn(int[] pid, byte[] path, Pointer actions, Pointer attributes, Pointer argv,
                    Pointer environment);
    int posix_spawnattr_init(Pointer attributes);
    int posix_spawnattr_destroy(Pointer attributes);
    int posix_spawnattr_setflags(Pointer attributes, short flags);
    int posix_spawnattr_setsigmask(Pointer attributes, byte[] set);
    int posix_spawnattr_setsigdefault(Pointer attributes, byte[] set);
    int posix_spawn_file_actions_init(Pointer actions);
    int posix_spawn_file_actions_destroy(Pointer actions);
    int posix_spawn_file_actions_adddup2(Pointer actions, int from, int to);
    int posix_spawn_file_actions_addfchdir_np(Pointer actions, int fd);
    int posix_spawn_file_actions_addopen(Pointer actions, int fd, byte[] path, int flags, int mode);
    int waitpid(int pid, int[] word, int options);
    int kill(int pid, int signal);
    long syscall(long number, long fd, long signal, byte[] info, byte[] none, long flags);
    int ioctl(int fd, long request, byte[] argument);

    // signals and time
    int sigaction(int signal, byte[] action, byte[] before);
    int pthread_sigmask(int how, byte[] set, byte[] before);
    int sigtimedwait(byte[] set, Pointer info, long[] span);
    int signalfd(int fd, byte[] set, int flags);
    int clock_gettime(int clock, long[] time);
    int ppoll(Pointer fds, long count, long[] span, Pointer mask);

    int EPOLL_CTL_ADD = 1;
    int EPOLL_CTL_DEL = 2;
    int EPOLL_CTL_MOD = 3;
    /** Where the data is in struct epoll_event, which Intel has packed, and how long that is. */
    int EPOLL_DATA = isOnIntel() ? 4 : 8;
    int EPOLL_EVENT = EPOLL_DATA + 8;

    int epoll_create1(int flags);
    int epoll_ctl(int epoll, int operation, int fd, byte[] event);
    int epoll_wait(int epoll, byte[] events, int room, int milliseconds);

    // sockets
    int socket(int family, int type, int protocol);
    int bind(int fd, byte[] address, int length);
    int listen(int fd, int backlog);
    int accept4(int fd, Pointer address, Pointer length, int flags);
    int connect(int fd, byte[] address, int length);
    int SO_PEERCRED = 17;
    int getsockopt(int fd, int level, int option, byte[] value, int[] length);
    int setsockopt(int fd, int level, int option, int[] value, int length);

    int setsockopt(int fd, int level, int option, long[] value, int length);
    int getsockname(int fd, byte[] address, int[] length);
    long send(int fd, byte[] data, long length, int flags);
    long recvmsg(int fd, Pointer message, int flags);
}
