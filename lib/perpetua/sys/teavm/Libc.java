// SPDX-License-Identifier: Apache-2.0
package perpetua.sys.teavm;

import org.teavm.interop.Address;
import org.teavm.interop.Import;
import org.teavm.interop.c.Include;

/** The functions of sys.h. A result of 0 or more is good, a negative one is minus errno. */
@Include(value = "sys.h", isSystem = false)
final class Libc {
    private Libc() {
    }

    @Import(name = "sys_argc")
    static native int argc();

    @Import(name = "sys_argument")
    static native int argument(int i, Address to, int room);

    @Import(name = "sys_executed")
    static native int executed(Address to, int room);

    @Import(name = "sys_variable")
    static native int variable(Address name, Address to, int room);

    @Import(name = "sys_environ")
    static native int environ(Address to, int room);

    @Import(name = "sys_exit")
    static native void exit(int status);

    /** A string's chars as bytes from there on. @return how many */
    @Import(name = "sys_put")
    static native int put(Address to, int at, Address string);

    @Import(name = "sys_widen")
    static native void widen(Address from, int at, Address to, int count);

    @Import(name = "sys_exec")
    static native int exec(Address path, Address argv, int argc, Address args, Address env, int envc, Address vars);

    @Import(name = "sys_pid")
    static native int pid();

    @Import(name = "sys_parent")
    static native int parent();

    @Import(name = "sys_uid")
    static native int uid(int effective);

    @Import(name = "sys_gid")
    static native int gid(int effective);

    @Import(name = "sys_set_uid")
    static native int setUid(int uid);

    @Import(name = "sys_set_gid")
    static native int setGid(int gid);

    @Import(name = "sys_groups")
    static native int groups(Address to, int room);

    @Import(name = "sys_set_groups")
    static native int setGroups(Address gids, int count);

    @Import(name = "sys_account")
    static native int account(Address name, Address ids, Address to, int room);

    @Import(name = "sys_account_of")
    static native int accountOf(int uid, Address ids, Address to, int room);

    @Import(name = "sys_group")
    static native int group(Address name, Address gid);

    @Import(name = "sys_has_group")
    static native int hasGroup(int gid);

    @Import(name = "sys_groups_of")
    static native int groupsOf(Address name, int gid, Address to, int room);

    @Import(name = "sys_processors")
    static native int processors(Address to, int room);

    @Import(name = "sys_set_processors")
    static native int setProcessors(Address numbers, int count);

    @Import(name = "sys_set_scheduling")
    static native int setScheduling(int policy, int priority);

    @Import(name = "sys_set_nice")
    static native int setNice(int nice);

    @Import(name = "sys_capabilities")
    static native int capabilities(Address out);

    @Import(name = "sys_set_capabilities")
    static native int setCapabilities(long effective, long permitted, long inheritable);

    @Import(name = "sys_drop_bounding")
    static native int dropBounding(int capability);

    @Import(name = "sys_raise_ambient")
    static native int raiseAmbient(int capability);

    @Import(name = "sys_secure_bits")
    static native int secureBits();

    @Import(name = "sys_set_secure_bits")
    static native int setSecureBits(int bits);

    @Import(name = "sys_no_new_privileges")
    static native int noNewPrivileges();

    @Import(name = "sys_limit")
    static native int limit(int resource, Address out);

    @Import(name = "sys_set_limit")
    static native int setLimit(int resource, long soft, long hard);

    @Import(name = "sys_setsid")
    static native int setsid();

    @Import(name = "sys_setpgid")
    static native int setpgid();

    @Import(name = "sys_session")
    static native int session();

    @Import(name = "sys_process_group")
    static native int processGroup();

    @Import(name = "sys_chdir")
    static native int chdir(Address path);

    @Import(name = "sys_fchdir")
    static native int fchdir(int fd);

    @Import(name = "sys_chroot")
    static native int chroot(Address path);

    @Import(name = "sys_umask")
    static native int umask(int mask);

    @Import(name = "sys_open")
    static native int open(Address path, int flags, int mode);

    @Import(name = "sys_close")
    static native int close(int fd);

    @Import(name = "sys_read")
    static native int read(int fd, Address into, int length);

    @Import(name = "sys_write")
    static native int write(int fd, Address data, int length);

    @Import(name = "sys_stat")
    static native int stat(Address path, Address out);

    @Import(name = "sys_lstat")
    static native int lstat(Address path, Address out);

    @Import(name = "sys_fstat")
    static native int fstat(int fd, Address out);

    @Import(name = "sys_same_build")
    static native int sameBuild(Address path);

    @Import(name = "sys_executable")
    static native int executable(Address path);

    @Import(name = "sys_opendir")
    static native long opendir(Address path);

    @Import(name = "sys_readdir")
    static native int readdir(long directory, Address to, int room);

    @Import(name = "sys_closedir")
    static native void closedir(long directory);

    @Import(name = "sys_readlink")
    static native int readlink(Address path, Address to, int room);

    @Import(name = "sys_unlink")
    static native int unlink(Address path);

    @Import(name = "sys_rmdir")
    static native int rmdir(Address path);

    @Import(name = "sys_exchange")
    static native int exchange(Address one, Address other);

    @Import(name = "sys_rename")
    static native int rename(Address from, Address to);

    @Import(name = "sys_link")
    static native int link(Address from, Address to);

    @Import(name = "sys_symlink")
    static native int symlink(Address target, Address path);

    @Import(name = "sys_mkdir")
    static native int mkdir(Address path, int mode);

    @Import(name = "sys_chmod")
    static native int chmod(Address path, int mode);

    @Import(name = "sys_fchmod")
    static native int fchmod(int fd, int mode);

    @Import(name = "sys_chown")
    static native int chown(Address path, int uid, int gid);

    @Import(name = "sys_ftruncate")
    static native int ftruncate(int fd, long size);

    @Import(name = "sys_space")
    static native int space(Address path, Address out);

    @Import(name = "sys_zone_offset")
    static native int zoneOffset(long seconds);

    @Import(name = "sys_fsync")
    static native int fsync(int fd);

    @Import(name = "sys_pipe")
    static native int pipe(Address out);

    @Import(name = "sys_dup2")
    static native int dup2(int from, int to);

    @Import(name = "sys_dup_from")
    static native int dupFrom(int fd, int least);

    @Import(name = "sys_cloexec")
    static native int cloexec(int fd, int on);

    @Import(name = "sys_cloexec_from")
    static native int cloexecFrom(int least);

    @Import(name = "sys_nonblocking")
    static native int nonblocking(int fd, int on);

    @Import(name = "sys_little_endian")
    static native int isLittleEndian();

    @Import(name = "sys_close_range")
    static native int closeRange(int first, int last);

    @Import(name = "sys_isatty")
    static native int isatty(int fd);

    @Import(name = "sys_lock")
    static native int lock(int fd, int wait, int shared);

    @Import(name = "sys_lock_holder")
    static native int lockHolder(int fd);

    @Import(name = "sys_spawn")
    static native int spawn(Address path, Address argv, int argc, Address args, Address env, int envc, Address vars,
            int pidIndex, int directory, int session, int defaults, Address fds, int pairs,
            Address had);

    @Import(name = "sys_wait")
    static native int waitFor(int pid, int wait, Address word);

    @Import(name = "sys_kill")
    static native int kill(int pid, int sig);

    @Import(name = "sys_receiving")
    static native int receiving(long number);

    @Import(name = "sys_reboot")
    static native int reboot(int how);

    @Import(name = "sys_open_process")
    static native int openProcess(int pid);

    @Import(name = "sys_signal_process")
    static native int signalProcess(int fd, int sig);

    @Import(name = "sys_end_of")
    static native int endOf(int fd, Address word);

    @Import(name = "sys_clock")
    static native long clock(int monotonic);

    @Import(name = "sys_signals")
    static native int signals(int which);

    @Import(name = "sys_next_signal")
    static native int nextSignal(int fd);

    @Import(name = "sys_signalled_child")
    static native int signalledChild();

    @Import(name = "sys_dispose")
    static native int dispose(int sig, int ignore);

    @Import(name = "sys_block")
    static native int block(int sig);

    @Import(name = "sys_sleep")
    static native int sleep(long nanos);

    @Import(name = "sys_poll")
    static native int poll(Address slots, int count, long nanos);

    @Import(name = "sys_epoll")
    static native int epoll();

    @Import(name = "sys_epoll_set")
    static native int epollSet(int epoll, int add, int fd, int events);

    @Import(name = "sys_epoll_ready")
    static native int epollReady(int epoll, Address slots, int room);

    @Import(name = "sys_listen")
    static native int listen(Address path, int backlog);

    @Import(name = "sys_listen_internet")
    static native int listenInternet(int port, int backlog);

    @Import(name = "sys_accept")
    static native int accept(int fd);

    @Import(name = "sys_peer_user")
    static native int peerUser(int fd, Address uid);

    @Import(name = "sys_connect")
    static native int connect(Address path, int datagram, long nanos);

    @Import(name = "sys_send")
    static native int send(int fd, Address data, int length);

    @Import(name = "sys_listen_datagram")
    static native int listenDatagram(Address name, int length);

    @Import(name = "sys_abstract_name")
    static native int abstractName(int fd, Address to, int room);

    @Import(name = "sys_receive")
    static native int receive(int fd, Address into, int room, Address sender);

    @Import(name = "sys_connect_internet")
    static native int connectInternet(Address address, int length, int port);
}
