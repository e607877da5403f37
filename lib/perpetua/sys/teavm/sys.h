/* sys.h: the kernel's calls as perpetua.sys.teavm.Libc imports them.
 * SPDX-License-Identifier: Apache-2.0
 *
 * One convention: a result of 0 or more is good, a negative one is minus errno. Whatever has a layout of its own
 * (struct stat, sigset_t, flags of open) is turned into plain numbers here, next to the call that needs it, since the
 * layouts differ from machine to machine. Included by start.c before the generated code, and by that.
 */
#pragma once
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <netinet/in.h>
#include <poll.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

/* what the process was started with; set by main in start.c */
static int sys_argc_;
static char **sys_argv_;

static inline int64_t sys_result(int64_t r) { return r < 0 ? -errno : r; }

static int sys_copy(const char *from, char *to, int room)
{
    int length = (int) strlen(from);
    memcpy(to, from, length < room ? length + 1 : room);
    return length;
}

/* ---- start and end ---- */

static int sys_argc(void) { return sys_argc_; }

static int sys_argument(int i, char *to, int room) { return sys_copy(sys_argv_[i], to, room); }

/* The path given to execve: it tells which link was executed even where argv[0] was set to something else. */
static int sys_executed(char *to, int room)
{
    const char *path = (const char *) getauxval(AT_EXECFN);
    return path ? sys_copy(path, to, room) : 0;
}

static int sys_variable(char *name, char *to, int room)
{
    const char *value = getenv(name);
    return value ? sys_copy(value, to, room) : -1;
}

/* the whole environment, strings one behind another, each with its NUL */
static int sys_environ(char *to, int room)
{
    int size = 0;
    for (char **variable = environ; variable && *variable; variable++)
        size += 1 + sys_copy(*variable, size < room ? to + size : to, size < room ? room - size : 0);
    return size;
}

static void sys_exit(int status) { _exit(status); }

/* Java's chars from bytes; the other way there is start.c's sys_put. */
static void sys_widen(char *from, int at, char *chars, int count)
{
    uint16_t *to = (uint16_t *) chars;
    for (int i = 0; i < count; i++) to[i] = (unsigned char) from[at + i];
}

static int sys_put(char *to, int at, void *string);

/* Strings one behind another, each with its NUL, to an array of pointers, for which the caller has the room: where a
 * limit on memory was just set, nothing more can be had. */
static char **sys_vector(char *block, int count, void *room)
{
    char **vector = room;
    for (int i = 0; i < count; i++) {
        vector[i] = block;
        block += strlen(block) + 1;
    }
    vector[count] = 0;
    return vector;
}

static int sys_exec(char *path, char *argv, int argc, int64_t *args, char *env, int envc, int64_t *vars)
{
    execve(path, sys_vector(argv, argc, args), envc < 0 ? environ : sys_vector(env, envc, vars));
    return -errno;
}

/* ---- identity ---- */

static int sys_pid(void) { return getpid(); }
static int sys_parent(void) { return getppid(); }
static int sys_uid(int effective) { return (int) (effective ? geteuid() : getuid()); }
static int sys_gid(int effective) { return (int) (effective ? getegid() : getgid()); }

/* A process that has changed its ids may not touch its own files in /proc any more, until it executes something. A link
 * that runs in place is to find them as one that was executed does. */
static int sys_as_executed(int r)
{
    if (r == 0) prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
    return sys_result(r);
}

static int sys_set_uid(int uid) { return sys_as_executed(setuid((uid_t) uid)); }
static int sys_set_gid(int gid) { return sys_as_executed(setgid((gid_t) gid)); }
static int sys_groups(int32_t *to, int room) { return sys_result(getgroups(room, (gid_t *) to)); }
static int sys_set_groups(int32_t *gids, int count) { return sys_result(setgroups(count, (gid_t *) gids)); }

static int sys_passwd(struct passwd *p, int32_t *ids, char *to, int room)
{
    if (!p) return errno && errno != ENOENT && errno != ESRCH ? -errno : 0;
    ids[0] = (int32_t) p->pw_uid;
    ids[1] = (int32_t) p->pw_gid;
    int n = strlen(p->pw_name) + 1, h = strlen(p->pw_dir) + 1, s = strlen(p->pw_shell) + 1;
    if (n + h + s <= room) {
        memcpy(to, p->pw_name, n);
        memcpy(to + n, p->pw_dir, h);
        memcpy(to + n + h, p->pw_shell, s);
    }
    return n + h + s;
}

static int sys_account(char *name, int32_t *ids, char *to, int room)
{
    errno = 0;
    return sys_passwd(getpwnam(name), ids, to, room);
}

static int sys_account_of(int uid, int32_t *ids, char *to, int room)
{
    errno = 0;
    return sys_passwd(getpwuid((uid_t) uid), ids, to, room);
}

/* 1 and the number, or 0 for no such group */
static int sys_group(char *name, int32_t *gid)
{
    errno = 0;
    struct group *g = getgrnam(name);
    if (!g) return errno && errno != ENOENT && errno != ESRCH ? -errno : 0;
    *gid = (int32_t) g->gr_gid;
    return 1;
}

static int sys_has_group(int gid)
{
    errno = 0;
    if (getgrgid((gid_t) gid)) return 1;
    return errno && errno != ENOENT && errno != ESRCH ? -errno : 0;
}

static int sys_groups_of(char *name, int gid, int32_t *to, int room)
{
    int count = room;
    errno = 0;
    getgrouplist(name, (gid_t) gid, (gid_t *) to, &count);
    return count;
}

/* ---- what scheduler and checks think of this process ---- */

static int sys_processors(int32_t *to, int room)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) < 0) return -errno;
    int count = 0;
    for (int cpu = 0; cpu < CPU_SETSIZE && count < room; cpu++)
        if (CPU_ISSET(cpu, &set)) to[count++] = cpu;
    return count;
}

static int sys_set_processors(int32_t *numbers, int count)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    for (int i = 0; i < count; i++) {
        if (numbers[i] < 0 || numbers[i] >= CPU_SETSIZE) return -EINVAL;
        CPU_SET(numbers[i], &set);
    }
    return sys_result(sched_setaffinity(0, sizeof set, &set));
}

/* musl has a function of that name, which only says that it does nothing */
static int sys_set_scheduling(int policy, int priority)
{
    struct { int priority; } parameter = { priority };
    return sys_result(syscall(SYS_sched_setscheduler, 0, policy, &parameter));
}

static int sys_set_nice(int nice) { return sys_result(setpriority(PRIO_PROCESS, 0, nice)); }

/* The kernel's header is not there everywhere: version 3 of the structures, of which two words hold a set. */
static const struct { uint32_t version; int32_t pid; } sys_cap_header = { 0x20080522, 0 };

static int sys_capabilities(int64_t *out)
{
    uint32_t data[6], header[2];
    memcpy(header, &sys_cap_header, sizeof header);
    if (syscall(SYS_capget, header, data) < 0) return -errno;
    for (int i = 0; i < 3; i++) out[i] = (int64_t) ((uint64_t) data[3 + i] << 32 | data[i]);
    out[3] = out[4] = 0;
    for (int cap = 0; cap < 63; cap++) {
        int in = prctl(PR_CAPBSET_READ, cap, 0, 0, 0);
        if (in < 0) break;
        out[3] |= (int64_t) in << cap;
        if (prctl(47 /* PR_CAP_AMBIENT */, 1 /* IS_SET */, cap, 0, 0) == 1) out[4] |= INT64_C(1) << cap;
    }
    return 0;
}

static int sys_set_capabilities(int64_t effective, int64_t permitted, int64_t inheritable)
{
    uint32_t header[2];
    uint32_t data[6] = {
        (uint32_t) effective, (uint32_t) permitted, (uint32_t) inheritable,
        (uint32_t) (effective >> 32), (uint32_t) (permitted >> 32), (uint32_t) (inheritable >> 32),
    };
    memcpy(header, &sys_cap_header, sizeof header);
    return sys_result(syscall(SYS_capset, header, data));
}

static int sys_drop_bounding(int cap) { return sys_result(prctl(PR_CAPBSET_DROP, cap, 0, 0, 0)); }
static int sys_raise_ambient(int cap) { return sys_result(prctl(47 /* PR_CAP_AMBIENT */, 2 /* RAISE */, cap, 0, 0)); }
static int sys_secure_bits(void) { return sys_result(prctl(PR_GET_SECUREBITS, 0, 0, 0, 0)); }
static int sys_set_secure_bits(int bits) { return sys_result(prctl(PR_SET_SECUREBITS, bits, 0, 0, 0)); }
static int sys_no_new_privileges(void) { return sys_result(prctl(38 /* PR_SET_NO_NEW_PRIVS */, 1, 0, 0, 0)); }

/* ---- limits, session, surroundings ---- */

static int sys_limit(int resource, int64_t *out)
{
    struct rlimit limit;
    if (getrlimit(resource, &limit) < 0) return -errno;
    out[0] = limit.rlim_cur == RLIM_INFINITY ? -1 : (int64_t) limit.rlim_cur;
    out[1] = limit.rlim_max == RLIM_INFINITY ? -1 : (int64_t) limit.rlim_max;
    return 0;
}

static void start_trim_heap(int64_t ceiling);

static int sys_set_limit(int resource, int64_t soft, int64_t hard)
{
    /* What the heap has reserved and not used must not count against the next link, nor against its exec. */
    if (resource == RLIMIT_AS && soft != -1) start_trim_heap(soft / 4);
    struct rlimit limit = {
        .rlim_cur = soft == -1 ? RLIM_INFINITY : (rlim_t) soft,
        .rlim_max = hard == -1 ? RLIM_INFINITY : (rlim_t) hard,
    };
    return sys_result(setrlimit(resource, &limit));
}

static int sys_setsid(void) { return sys_result(setsid()); }
static int sys_setpgid(void) { return sys_result(setpgid(0, 0)); }
static int sys_session(void) { return getsid(0); }
static int sys_process_group(void) { return getpgrp(); }
static int sys_chdir(char *path) { return sys_result(chdir(path)); }
static int sys_fchdir(int fd) { return sys_result(fchdir(fd)); }
static int sys_chroot(char *path) { return sys_result(chroot(path)); }
static int sys_umask(int mask) { return (int) umask((mode_t) mask); }

/* ---- files ---- */

static int sys_open(char *path, int flags, int mode)
{
    static const struct { int ours, theirs; } table[] = {
        { 4, O_CREAT }, { 8, O_EXCL }, { 16, O_TRUNC }, { 32, O_APPEND }, { 64, O_NONBLOCK }, { 128, O_DIRECTORY },
        { 512, O_NOFOLLOW }, { 1024, O_NOCTTY },
    };
    int how = (flags & 3) | (flags & 256 ? 0 : O_CLOEXEC);
    for (unsigned i = 0; i < sizeof table / sizeof *table; i++)
        if (flags & table[i].ours) how |= table[i].theirs;
    int fd;
    while ((fd = open(path, how, mode)) < 0 && errno == EINTR) ;
    return sys_result(fd);
}

static int sys_close(int fd) { return close(fd) < 0 && errno != EINTR ? -errno : 0; }

static int sys_read(int fd, char *into, int length)
{
    ssize_t n;
    while ((n = read(fd, into, length)) < 0 && errno == EINTR) ;
    return sys_result(n);
}

static int sys_write(int fd, char *data, int length)
{
    ssize_t n;
    while ((n = write(fd, data, length)) < 0 && errno == EINTR) ;
    return sys_result(n);
}

static int sys_stat_out(int r, struct stat *s, int64_t *out)
{
    if (r < 0) return -errno;
    out[0] = (int64_t) s->st_dev;
    out[1] = (int64_t) s->st_ino;
    out[2] = s->st_mode;
    out[3] = s->st_uid;
    out[4] = s->st_gid;
    out[5] = s->st_size;
    out[6] = (int64_t) s->st_mtim.tv_sec * 1000000000 + s->st_mtim.tv_nsec;
    return 0;
}

static int sys_stat(char *path, int64_t *out) { struct stat s; return sys_stat_out(stat(path, &s), &s, out); }
static int sys_lstat(char *path, int64_t *out) { struct stat s; return sys_stat_out(lstat(path, &s), &s, out); }
static int sys_fstat(int fd, int64_t *out) { struct stat s; return sys_stat_out(fstat(fd, &s), &s, out); }

/* access(2) goes by the real ids, execve by the effective ones: where they differ, the answer is no. */
/* Whether that file is this program or a copy of it: both begin with the same headers, among them the hash of the whole
 * that the linker puts there. */
static int sys_same_build(char *path)
{
    extern const char __ehdr_start[1024];
    char head[sizeof __ehdr_start];
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0) return 0;
    int same = read(fd, head, sizeof head) == sizeof head && !memcmp(head, __ehdr_start, sizeof head);
    close(fd);
    return same;
}

static int sys_executable(char *path)
{
    return getuid() == geteuid() && getgid() == getegid() && access(path, X_OK) == 0;
}

static int64_t sys_opendir(char *path)
{
    DIR *directory = opendir(path);
    return directory ? (int64_t) (uintptr_t) directory : -errno;
}

/* the length of the next name; 0 at the end */
static int sys_readdir(int64_t directory, char *to, int room)
{
    errno = 0;
    struct dirent *entry = readdir((DIR *) (uintptr_t) directory);
    return entry ? sys_copy(entry->d_name, to, room) : -errno;
}

static void sys_closedir(int64_t directory) { closedir((DIR *) (uintptr_t) directory); }
static int sys_readlink(char *path, char *to, int room) { return sys_result(readlink(path, to, room)); }
static int sys_unlink(char *path) { return sys_result(unlink(path)); }
static int sys_rmdir(char *path) { return sys_result(rmdir(path)); }
static int sys_rename(char *from, char *to) { return sys_result(rename(from, to)); }

static int sys_exchange(char *one, char *other)
{
#ifdef SYS_renameat2
    return sys_result(syscall(SYS_renameat2, AT_FDCWD, one, AT_FDCWD, other, 2u /* RENAME_EXCHANGE */));
#else
    return -ENOSYS;
#endif
}
static int sys_link(char *from, char *to) { return sys_result(link(from, to)); }
static int sys_symlink(char *target, char *path) { return sys_result(symlink(target, path)); }
static int sys_mkdir(char *path, int mode) { return sys_result(mkdir(path, (mode_t) mode)); }
static int sys_chmod(char *path, int mode) { return sys_result(chmod(path, (mode_t) mode)); }
static int sys_fchmod(int fd, int mode) { return sys_result(fchmod(fd, (mode_t) mode)); }
static int sys_chown(char *path, int uid, int gid) { return sys_result(chown(path, (uid_t) uid, (gid_t) gid)); }
static int sys_ftruncate(int fd, int64_t size) { return sys_result(ftruncate(fd, size)); }

static int sys_fsync(int fd)
{
    int r;
    while ((r = fsync(fd)) < 0 && errno == EINTR) ;
    return sys_result(r);
}

static int sys_space(char *path, int64_t *out)
{
    struct statfs s;
    if (statfs(path, &s) < 0) return -errno;
    out[0] = (int64_t) s.f_blocks * s.f_bsize;
    out[1] = (int64_t) s.f_bfree * s.f_bsize;
    out[2] = (int64_t) s.f_bavail * s.f_bsize;
    return 0;
}

static int sys_zone_offset(int64_t seconds)
{
    time_t when = (time_t) seconds;
    struct tm tm;
    return localtime_r(&when, &tm) ? (int) tm.tm_gmtoff : 0;
}

/* ---- descriptors ---- */

static int sys_pipe(int32_t *out)
{
    int fds[2];
    if (pipe2(fds, O_CLOEXEC) < 0) return -errno;
    out[0] = fds[0];
    out[1] = fds[1];
    return 0;
}

static int sys_dup2(int from, int to)
{
    if (from == to) return sys_result(fcntl(from, F_SETFD, 0));
    int r;
    while ((r = dup2(from, to)) < 0 && (errno == EINTR || errno == EBUSY)) ;
    return sys_result(r);
}

static int sys_dup_from(int fd, int least) { return sys_result(fcntl(fd, F_DUPFD_CLOEXEC, least)); }
static int sys_cloexec(int fd, int on) { return sys_result(fcntl(fd, F_SETFD, on ? FD_CLOEXEC : 0)); }

/* Descriptors that a supervisor keeps for what its children are given. They are low ones, taken at its start, and hold nothing
 * but while a child is started. beyond is the first number above them; 0: there are none. Where there can't be many services,
 * they had better be left for them. */
enum { SYS_SLOTS = 6, SYS_LEAST_SLOT = 10, SYS_FEW = 32, SYS_MANY = 256 };
static struct { int parked, beyond, at[SYS_SLOTS]; } sys_slots;

static void sys_reserve_slots(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur < SYS_MANY) return;
    int got[SYS_SLOTS + 1], count = 0, nothing = eventfd(0, EFD_CLOEXEC);
    while (nothing >= 0 && count <= SYS_SLOTS && (got[count] = fcntl(nothing, F_DUPFD_CLOEXEC, SYS_LEAST_SLOT)) >= 0) count++;
    if (nothing >= 0) close(nothing);
    if (count > SYS_SLOTS) {
        sys_slots.parked = got[0];
        memcpy(sys_slots.at, got + 1, sizeof sys_slots.at);
        sys_slots.beyond = got[SYS_SLOTS] + 1;
    } else {
        while (count > 0) close(got[--count]);
    }
}

/* Who does this will start many processes: and since nothing else is inherited from then on, they can borrow. */
static int sys_cloexec_from(int least)
{
#ifdef SYS_close_range
    if (syscall(SYS_close_range, (unsigned) least, ~0u, 4u /* CLOSE_RANGE_CLOEXEC */) == 0) {
        if (!sys_slots.beyond) sys_reserve_slots();
        return 0;
    }
#endif
    /* Before Linux 5.11. Without /proc too, the first 1,024 must do, as in perp. */
    DIR *directory = opendir("/proc/self/fd");
    if (!directory) {
        for (int fd = least; fd < 1024; fd++) fcntl(fd, F_SETFD, FD_CLOEXEC);
        return 0;
    }
    for (struct dirent *entry; (entry = readdir(directory)); ) {
        int fd = atoi(entry->d_name);
        if (fd >= least) fcntl(fd, F_SETFD, FD_CLOEXEC);
    }
    closedir(directory);
    return 0;
}

static int sys_little_endian(void) { return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__; }

static int sys_close_range(int first, int last)
{
#ifdef SYS_close_range
    if (syscall(SYS_close_range, (unsigned) first, (unsigned) last, 0) == 0) return 0;
#endif
    DIR *directory = opendir("/proc/self/fd");
    if (!directory) {
        for (int fd = first; fd <= last && fd < 1024; fd++) close(fd);
        return 0;
    }
    for (struct dirent *entry; (entry = readdir(directory)); ) {
        int fd = atoi(entry->d_name);
        if (entry->d_name[0] != '.' && fd >= first && fd <= last && fd != dirfd(directory)) close(fd);
    }
    closedir(directory);
    return 0;
}

static int sys_nonblocking(int fd, int on)
{
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0) return -errno;
    return sys_result(fcntl(fd, F_SETFL, on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK));
}

static int sys_isatty(int fd) { return isatty(fd); }

/* ---- locks ---- */

static int sys_lock(int fd, int wait, int shared)
{
    struct flock lock = { .l_type = shared ? F_RDLCK : F_WRLCK, .l_whence = SEEK_SET };
    int r;
    while ((r = fcntl(fd, wait ? F_SETLKW : F_SETLK, &lock)) < 0 && wait && errno == EINTR) ;
    return r < 0 && errno == EACCES ? -EAGAIN : sys_result(r);
}

#define SYS_NOBODY 0x7fffffff /* of whom -1 can't tell, which is an error */

static int sys_lock_holder(int fd)
{
    struct flock lock = { .l_type = F_RDLCK, .l_whence = SEEK_SET };
    if (fcntl(fd, F_GETLK, &lock) < 0) return -errno;
    return lock.l_type == F_UNLCK ? 0 : lock.l_pid > 0 ? lock.l_pid : SYS_NOBODY;
}

/* ---- other processes ---- */

struct sys_child {
    char *path, **argv, **env, *pid_slot;
    int directory, session, report, pairs, beyond;
    uint32_t defaults;
    const int32_t *fds;
    sigset_t mask;
};

static void sys_decimal(char *to, unsigned n)
{
    char digits[12];
    int i = 0;
    do digits[i++] = '0' + n % 10; while (n /= 10);
    while (i) *to++ = digits[--i];
    *to = 0;
}

/* Whether a child may borrow the descriptors. Where there are few, it need not. */
static int sys_may_borrow(int highest, const int32_t *fds, int pairs)
{
    if (!sys_slots.beyond || highest < SYS_FEW || pairs >= SYS_SLOTS) return 0;
    for (int i = 0; i < pairs; i++)
        if (fds[2 * i] >= SYS_LEAST_SLOT) return 0;
    return 1;
}

/* Own descriptors instead of borrowed ones: those below that number. */
static int sys_keep_below(int beyond)
{
#ifdef SYS_close_range
    if (syscall(SYS_close_range, (unsigned) beyond, ~0u, 2u /* CLOSE_RANGE_UNSHARE */) == 0) return 0;
#endif
    return unshare(CLONE_FILES);
}

static int sys_in_child(void *arg)
{
    const struct sys_child *c = arg;
    struct sigaction standard = { .sa_handler = SIG_DFL };
    for (int sig = 1; sig < 32; sig++)
        if (c->defaults >> sig & 1) sigaction(sig, &standard, 0);
    int report = c->report;
    for (int i = 0; i < c->pairs; i++)
        if (c->fds[2 * i] == report && (report = fcntl(report, F_DUPFD_CLOEXEC, 10)) < 0) _exit(111);
    int bad = (c->session == 3 ? setpgid(0, 0) < 0 : c->session && setsid() < 0)
        || (c->directory >= 0 && fchdir(c->directory) < 0);
    if (!bad && c->beyond && sys_keep_below(c->beyond) < 0) {
        int refused = -errno;
        while (write(report, &refused, sizeof refused) < 0 && errno == EINTR) ;
        _exit(111);
    }
    for (int i = 0; !bad && i < c->pairs; i++)
        bad = sys_dup2(c->fds[2 * i + 1], c->fds[2 * i]) < 0;
    if (!bad) {
        /* Another session's may be kept from it: then it runs without. */
        if (c->session == 2) ioctl(0, TIOCSCTTY, 0);
        if (c->pid_slot) sys_decimal(c->pid_slot, (unsigned) getpid());
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, c->defaults & 1 ? &c->mask : &none, 0);
        execve(c->path, c->argv, c->env);
    }
    int error = errno;
    while (write(report, &error, sizeof error) < 0 && errno == EINTR) ;
    _exit(111);
}

/* As posix_spawn: the child borrows this process's memory until it executes, so its cost does not grow with the
 * supervisor's size. By hand, because only the child knows its pid in time for its environment. The failure
 * of its exec comes back through a pipe and not through the shared memory, which emulators do not share. A negative
 * number there says that the child could not part with the descriptors it borrowed. */
static int sys_begin(struct sys_child *child, int flags, int *error)
{
    static char stack[16384] __attribute__((aligned(16), section(".bss.z_stack")));
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &child->mask);
    int pid = clone(sys_in_child, stack + sizeof stack, CLONE_VM | CLONE_VFORK | SIGCHLD | flags, child);
    if (pid < 0) *error = -errno;
    sigprocmask(SIG_SETMASK, &child->mask, 0);
    return pid;
}

/* With the descriptors borrowed as well: a copy of them would cost the more, and its end too, the more services there are.
 * What the child is to have is put into slots below all the others, so that it can keep these alone. */
static int sys_begin_borrowing(const struct sys_child *child, int *error)
{
    struct sys_child low = *child;
    int32_t fds[2 * SYS_SLOTS];
    int taken = 0, pid = -1;
    for (; taken <= child->pairs; taken++) {
        int last = taken == child->pairs;
        if (dup3(last ? child->report : child->fds[2 * taken + 1], sys_slots.at[taken], O_CLOEXEC) < 0) break;
        if (last) continue;
        fds[2 * taken] = child->fds[2 * taken];
        fds[2 * taken + 1] = sys_slots.at[taken];
    }
    if (taken > child->pairs) {
        low.fds = fds;
        low.report = sys_slots.at[child->pairs];
        low.beyond = sys_slots.beyond;
        pid = sys_begin(&low, CLONE_FILES, error);
    }
    while (taken > 0) dup3(sys_slots.parked, sys_slots.at[--taken], O_CLOEXEC);
    return pid;
}

static int sys_spawn(char *path, char *argv, int argc, int64_t *args, char *env, int envc, int64_t *vars, int pid_index,
                     int directory, int session, int defaults, int32_t *fds, int pairs, int32_t *had)
{
    struct sys_child child = {
        .path = path, .directory = directory, .session = session, .defaults = (uint32_t) defaults,
        .fds = fds, .pairs = pairs, .argv = sys_vector(argv, argc, args),
        .env = envc < 0 ? environ : sys_vector(env, envc, vars),
    };
    if (pid_index >= 0) child.pid_slot = strchr(child.env[pid_index], '=') + 1;
    for (;;) {
        int report[2], error = 0;
        if (pipe2(report, O_CLOEXEC) < 0) return -errno;
        int borrowing = sys_may_borrow(report[0], fds, pairs);
        child.report = report[1];
        int pid = borrowing ? sys_begin_borrowing(&child, &error) : sys_begin(&child, 0, &error);
        *had = pid < 0 ? 0 : pid;
        close(report[1]);
        if (pid > 0 && read(report[0], &error, sizeof error) == (ssize_t) sizeof error)
            while (waitpid(pid, 0, 0) < 0 && errno == EINTR) ;
        close(report[0]);
        if (pid > 0 && error >= 0) return error ? -error : pid;
        if (!borrowing || error == -EAGAIN || error == -ENOMEM) return error;
        /* Some emulators and containers refuse it: then without, from now on. */
        sys_slots.beyond = 0;
    }
}

/* the pid, or 0 if none has ended (or, waiting for none, there is none) */
static int sys_wait(int pid, int wait, int32_t *word)
{
    int status = 0, r;
    while ((r = waitpid(pid, &status, wait ? 0 : WNOHANG)) < 0 && errno == EINTR) ;
    *word = status;
    return r < 0 && errno == ECHILD && !wait ? 0 : sys_result(r);
}

/* 1 for a wait for a message, 2 for a read, on which it depends from what; their numbers differ from machine to machine */
static int sys_receiving(int64_t number)
{
    static const int waits[] = {
#ifdef SYS_accept
        SYS_accept,
#endif
#ifdef SYS_epoll_wait
        SYS_epoll_wait,
#endif
#ifdef SYS_poll
        SYS_poll,
#endif
#ifdef SYS_select
        SYS_select,
#endif
#ifdef SYS__newselect
        SYS__newselect,
#endif
#ifdef SYS_ppoll
        SYS_ppoll,
#endif
#ifdef SYS_pselect6
        SYS_pselect6,
#endif
#ifdef SYS_recv
        SYS_recv,
#endif
        SYS_accept4, SYS_epoll_pwait, SYS_recvfrom, SYS_recvmsg, SYS_recvmmsg,
#ifdef SYS_epoll_pwait2
        SYS_epoll_pwait2,
#endif
    };
    for (unsigned i = 0; i < sizeof waits / sizeof *waits; i++)
        if (number == waits[i]) return 1;
    return number == SYS_read || number == SYS_readv ? 2 : 0;
}

static int sys_kill(int pid, int sig) { return sys_result(kill(pid, sig)); }

/* A whole fork: its sync may take as long as it likes, and the child must not share the memory meanwhile. */
static int sys_reboot(int how)
{
    static const int commands[] = { RB_AUTOBOOT, RB_HALT_SYSTEM, RB_POWER_OFF };
    pid_t pid = fork();
    if (pid == 0) {
        sync();
        _exit(reboot(commands[how]) < 0 ? errno : 0);
    }
    return sys_result(pid);
}

/* The same numbers on every machine; not every C library has a name for them. */
enum { SYS_SIGNAL_PROCESS = 424, SYS_OPEN_PROCESS = 434 };
static int sys_open_process(int pid) { return sys_result((int) syscall(SYS_OPEN_PROCESS, pid, 0)); }
static int sys_signal_process(int fd, int sig) { return sys_result((int) syscall(SYS_SIGNAL_PROCESS, fd, sig, 0, 0)); }

/* 1 and the word of waitpid(2), or 0 if the kernel does not tell. The structure's first version, of 64 bytes. */
static int sys_end_of(int fd, int32_t *word)
{
    struct { uint64_t mask, cgroup; uint32_t ids[11]; int32_t exit_code; } info = { .mask = 1 << 3 };
    if (ioctl(fd, _IOWR(0xFF, 11, info), &info) < 0 || !(info.mask & 1 << 3)) return 0;
    *word = info.exit_code;
    return 1;
}

/* ---- waiting ---- */

static int64_t sys_clock(int monotonic)
{
    struct timespec now;
    clock_gettime(monotonic ? CLOCK_MONOTONIC : CLOCK_REALTIME, &now);
    return (int64_t) now.tv_sec * 1000000000 + now.tv_nsec;
}

static struct timespec sys_span(int64_t nanos)
{
    return (struct timespec) { .tv_sec = nanos / 1000000000, .tv_nsec = nanos % 1000000000 };
}

static int sys_signals(uint32_t which)
{
    sigset_t set;
    sigemptyset(&set);
    for (int sig = 1; sig < 32; sig++)
        if (which >> sig & 1) sigaddset(&set, sig);
    /* A signal that is ignored is not queued, not even for a signalfd. */
    struct sigaction standard = { .sa_handler = SIG_DFL }, before;
    for (int sig = 1; sig < 32; sig++)
        if (which >> sig & 1 && sigaction(sig, 0, &before) == 0 && before.sa_handler == SIG_IGN)
            sigaction(sig, &standard, 0);
    sigprocmask(SIG_BLOCK, &set, 0);
    return sys_result(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
}

/* of whom the last SIGCHLD told */
static int sys_told;
static int sys_signalled_child(void) { return sys_told; }

static int sys_next_signal(int fd)
{
    struct signalfd_siginfo info;
    ssize_t n;
    while ((n = read(fd, &info, sizeof info)) < 0 && errno == EINTR) ;
    if (n < 0) return errno == EAGAIN ? 0 : -errno;
    if (n != (ssize_t) sizeof info) return 0;
    if (info.ssi_signo == SIGCHLD) sys_told = info.ssi_code > 0 ? (int) info.ssi_pid : 0;
    return (int) info.ssi_signo;
}

static int sys_dispose(int sig, int ignore)
{
    struct sigaction action = { .sa_handler = ignore ? SIG_IGN : SIG_DFL };
    return sys_result(sigaction(sig, &action, 0));
}

static int sys_block(int sig)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, sig);
    return sys_result(sigprocmask(SIG_BLOCK, &set, 0));
}

/* Until SIGALRM or the time is over. The mask is put back; an alarm that came at the very end is eaten too. */
static int sys_sleep(int64_t nanos)
{
    sigset_t alarm, before;
    sigemptyset(&alarm);
    sigaddset(&alarm, SIGALRM);
    sigprocmask(SIG_BLOCK, &alarm, &before);
    int64_t until = nanos < 0 ? INT64_MAX : sys_clock(1) + nanos;
    if (until < nanos) until = INT64_MAX;
    struct timespec left, none = { 0, 0 };
    for (;;) {
        int64_t rest = until - sys_clock(1);
        left = sys_span(rest < 0 ? 0 : rest > INT64_C(1000000000) * 1000000 ? INT64_C(1000000000) * 1000000 : rest);
        if (sigtimedwait(&alarm, 0, &left) == SIGALRM || until <= sys_clock(1)) break;
    }
    sigtimedwait(&alarm, 0, &none);
    sigprocmask(SIG_SETMASK, &before, 0);
    return 0;
}

/* slots: triples of descriptor, wanted (1 in, 2 out), ready */
static int sys_poll(int32_t *slots, int count, int64_t nanos)
{
    static struct pollfd *fds;
    static int room;
    if (count > room) {
        struct pollfd *more = realloc(fds, count * sizeof *fds);
        if (!more) return -ENOMEM;
        fds = more;
        room = count;
    }
    for (int i = 0; i < count; i++) {
        int want = slots[3 * i + 1];
        fds[i] = (struct pollfd) { .fd = slots[3 * i], .events = (want & 1 ? POLLIN : 0) | (want & 2 ? POLLOUT : 0) };
    }
    struct timespec span = sys_span(nanos < 0 ? 0 : nanos);
    int r = ppoll(fds, count, nanos < 0 ? 0 : &span, 0);
    if (r < 0) return errno == EINTR ? 0 : -errno;
    for (int i = 0; i < count; i++) {
        int got = fds[i].revents;
        slots[3 * i + 2] = got & (POLLERR | POLLHUP | POLLNVAL) ? slots[3 * i + 1]
            : (got & POLLIN ? 1 : 0) | (got & POLLOUT ? 2 : 0);
    }
    return r;
}

static int sys_epoll(void) { return sys_result(epoll_create1(EPOLL_CLOEXEC)); }

/* events negative: no more */
static int sys_epoll_set(int epoll, int add, int fd, int events)
{
    struct epoll_event event = { .events = (events & 1 ? EPOLLIN : 0) | (events & 2 ? EPOLLOUT : 0), .data.fd = fd };
    return sys_result(epoll_ctl(epoll, events < 0 ? EPOLL_CTL_DEL : add ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, fd, &event));
}

static int sys_epoll_ready(int epoll, int32_t *slots, int room)
{
    struct epoll_event happened[256];
    int r, most = sizeof happened / sizeof *happened;
    while ((r = epoll_wait(epoll, happened, room < most ? room : most, 0)) < 0 && errno == EINTR) ;
    if (r < 0) return -errno;
    for (int i = 0; i < r; i++) {
        unsigned got = happened[i].events;
        slots[3 * i] = happened[i].data.fd;
        slots[3 * i + 2] = got & (EPOLLERR | EPOLLHUP) ? 3 : (got & EPOLLIN ? 1 : 0) | (got & EPOLLOUT ? 2 : 0);
    }
    return r;
}

/* ---- sockets ---- */

static int sys_address(char *path, struct sockaddr_un *address)
{
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    if (strlen(path) >= sizeof address->sun_path) return -ENAMETOOLONG;
    strcpy(address->sun_path, path);
    return 0;
}

static int sys_listen_at(void *address, int size, int backlog)
{
    int fd = socket(((struct sockaddr *) address)->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), on = 1;
    if (fd < 0) return -errno;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, address, size) < 0 || listen(fd, backlog) < 0) {
        int r = -errno;
        close(fd);
        return r;
    }
    return fd;
}

static int sys_listen(char *path, int backlog)
{
    struct sockaddr_un address;
    int r = sys_address(path, &address);
    return r < 0 ? r : sys_listen_at(&address, sizeof address, backlog);
}

static int sys_listen_internet(int port, int backlog)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t) port) };
    return sys_listen_at(&address, sizeof address, backlog);
}

static int sys_accept(int fd)
{
    int r;
    while ((r = accept4(fd, 0, 0, SOCK_CLOEXEC | SOCK_NONBLOCK)) < 0 && (errno == EINTR || errno == ECONNABORTED)) ;
    return sys_result(r);
}

static int sys_peer_user(int fd, int32_t *uid)
{
    struct ucred peer;
    socklen_t size = sizeof peer;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0) return -errno;
    *uid = (int32_t) peer.uid;
    return 0;
}

/* how long a connection or a write waits for room at most; 0: as long as it takes */
static void sys_patience(int fd, int64_t nanos)
{
    struct timeval patience = { .tv_sec = nanos / 1000000000, .tv_usec = nanos / 1000 % 1000000 };
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
}

static int sys_connect(char *path, int datagram, int64_t nanos)
{
    struct sockaddr_un address;
    int r = sys_address(path, &address);
    if (r < 0) return r;
    int fd = socket(AF_UNIX, (datagram ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    sys_patience(fd, nanos);
    while ((r = connect(fd, (struct sockaddr *) &address, sizeof address)) < 0 && errno == EINTR) ;
    if (r < 0) {
        r = -errno;
        close(fd);
        return r;
    }
    sys_patience(fd, 0);
    return fd;
}

static int sys_send(int fd, char *data, int length)
{
    ssize_t n;
    while ((n = send(fd, data, length, MSG_NOSIGNAL)) < 0 && errno == EINTR) ;
    return sys_result(n);
}

/* name: with an @ for its NUL; of no length to have the kernel choose one */
static int sys_listen_datagram(char *name, int length)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    if (length > (int) sizeof address.sun_path) return -ENAMETOOLONG;
    if (length > 1) memcpy(address.sun_path + 1, name + 1, length - 1);
    int on = 1, r, fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return -errno;
    if (setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof on) < 0
            || bind(fd, (struct sockaddr *) &address, sizeof address.sun_family + length) < 0) {
        r = -errno;
        close(fd);
        return r;
    }
    return fd;
}

static int sys_abstract_name(int fd, char *to, int room)
{
    struct sockaddr_un address;
    socklen_t size = sizeof address;
    if (getsockname(fd, (struct sockaddr *) &address, &size) < 0) return -errno;
    int length = (int) (size - offsetof(struct sockaddr_un, sun_path));
    if (length < 1 || length > room || address.sun_path[0]) return -EINVAL;
    memcpy(to, address.sun_path, length);
    to[0] = '@';
    return length;
}

static int sys_receive(int fd, char *into, int room, int32_t *sender)
{
    /* Room for the credentials and nothing else: descriptors that come with a message are closed by the kernel. */
    union { struct cmsghdr head; char bytes[CMSG_SPACE(3 * sizeof(int32_t))]; } control;
    struct iovec part = { .iov_base = into, .iov_len = room };
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control,
    };
    ssize_t n;
    while ((n = recvmsg(fd, &message, MSG_CMSG_CLOEXEC)) < 0 && errno == EINTR) ;
    if (n < 0) return -errno;
    *sender = 65534;
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    if (head && head->cmsg_level == SOL_SOCKET && head->cmsg_type == 2 /* SCM_CREDENTIALS: pid, uid, gid */)
        *sender = ((int32_t *) CMSG_DATA(head))[1];
    return (int) n;
}

static int sys_connect_internet(char *address, int length, int port)
{
    struct sockaddr_in6 six = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
    struct sockaddr_in four = { .sin_family = AF_INET, .sin_port = htons(port) };
    int is_four = length == sizeof four.sin_addr;
    memcpy(is_four ? (void *) &four.sin_addr : (void *) &six.sin6_addr, address, length);
    int r, fd = socket(is_four ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return -errno;
    r = connect(fd, is_four ? (struct sockaddr *) &four : (struct sockaddr *) &six, is_four ? sizeof four : sizeof six);
    if (r < 0 && errno != EINPROGRESS && errno != EINTR) {
        r = -errno;
        close(fd);
        return r;
    }
    return fd;
}
