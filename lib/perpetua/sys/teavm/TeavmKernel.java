// SPDX-License-Identifier: Apache-2.0
package perpetua.sys.teavm;

import java.util.ArrayList;
import java.util.List;
import org.teavm.interop.Address;
import perpetua.sys.Account;
import perpetua.sys.Bytes;
import perpetua.sys.Capabilities;
import perpetua.sys.Errno;
import perpetua.sys.FileStat;
import perpetua.sys.Kernel;
import perpetua.sys.Limit;
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

/** The kernel of the native edition: the functions of sys.h, with Java's types around them. */
public final class TeavmKernel implements Kernel {
    /** PATH_MAX of Linux; names and variables that are longer are asked for again with more room. */
    private static final int ROOM = 4096;

    /** Below that much address space or data, the next link is better off in a process of its own. */
    private static final long ROOMY = 32 << 20;

    private FileStat self;
    private boolean cramped;

    /** The arguments from argv[0] on, every byte as it was given. */
    public static List<String> arguments() {
        int count = Libc.argc();
        List<String> argv = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int index = i;
            argv.add(text((to, room) -> Libc.argument(index, to, room), 128));
        }
        return argv;
    }

    /** The path that was given to execve, which argv[0] need not be; empty where the kernel does not tell. */
    public static String executed() {
        return text(Libc::executed, 128);
    }

    /** Something of the C side that copies a text and tells its length, or a negative number. */
    private interface Source {
        int copy(Address to, int room);
    }

    /** @return null for a negative length */
    private static String text(Source source, int room) {
        byte[] bytes = new byte[room];
        int length = source.copy(Address.ofData(bytes), room);
        if (length > room) {
            bytes = new byte[length];
            length = Math.min(length, source.copy(Address.ofData(bytes), length));
        }
        return length < 0 ? null : Bytes.text(bytes, 0, length);
    }

    /**
     * Good until something is allocated: the collector moves what it keeps, and takes back what only an address is left
     * of. So this stands in the call itself, once, with nothing behind it that allocates; where a call needs more, the
     * arrays are made first.
     */
    private static Address c(String text) {
        return Address.ofData(Bytes.terminated(text));
    }

    private static int checked(int result) throws SysException {
        if (result < 0) throw new SysException(-result);
        return result;
    }

    /** Strings one behind another, each with its NUL. */
    private static byte[] block(List<String> texts) {
        if (texts == null) return new byte[1];
        int size = 1;
        for (int i = 0; i < texts.size(); i++) size += texts.get(i).length() + 1;
        byte[] block = new byte[size];
        int at = 0;
        for (int i = 0; i < texts.size(); i++) {
            at += 1 + Libc.put(Address.ofData(block), at, Address.ofObject(texts.get(i)));
        }
        return block;
    }

    /** Room for a pointer to each and one behind. */
    private static long[] pointers(List<String> texts) {
        return new long[texts == null ? 1 : texts.size() + 1];
    }

    private static int mask(Iterable<Signal> signals) {
        int mask = 0;
        for (Signal signal : signals) mask |= 1 << signal.number();
        return mask;
    }

    @Override
    public int pid() {
        return Libc.pid();
    }

    @Override
    public int parentPid() {
        return Libc.parent();
    }

    @Override
    public String variable(String name) {
        byte[] key = Bytes.terminated(name);
        return text((to, room) -> Libc.variable(Address.ofData(key), to, room), 256);
    }

    @Override
    public List<String> environment() {
        byte[] block = new byte[Libc.environ(Address.ofData(new byte[1]), 0)];
        Libc.environ(Address.ofData(block), block.length);
        List<String> variables = new ArrayList<>();
        int from = 0;
        for (int to = 0; to < block.length; to++) {
            if (block[to] != 0) continue;
            char[] variable = new char[to - from];
            Libc.widen(Address.ofData(block), from, Address.ofData(variable), variable.length);
            variables.add(new String(variable));
            from = to + 1;
        }
        return variables;
    }

    @Override
    public SysException exec(String path, List<String> argv, List<String> environment) {
        byte[] file = Bytes.terminated(path);
        byte[] words = block(argv);
        byte[] variables = block(environment);
        long[] wordPointers = pointers(argv);
        long[] variablePointers = pointers(environment);
        int result = Libc.exec(Address.ofData(file), Address.ofData(words), argv.size(), Address.ofData(wordPointers),
                Address.ofData(variables), environment == null ? -1 : environment.size(),
                Address.ofData(variablePointers));
        return new SysException(-result);
    }

    @Override
    public void exit(int status) {
        Libc.exit(status);
    }

    @Override
    public boolean isSelf(String path) {
        if (cramped) return false;
        try {
            FileStat there = stat(path);
            if (self == null || !there.isSameFile(self)) {
                // Not by /proc/self/exe, which the kernel makes for each process anew: that costs more than a link.
                if (!there.isRegular() || Libc.sameBuild(c(path)) == 0) return false;
                self = there;
            }
            return Libc.executable(c(path)) != 0;
        } catch (SysException e) {
            // Whatever is wrong with it, execve will say so better.
            return false;
        }
    }

    @Override
    public int userId() {
        return Libc.uid(0);
    }

    @Override
    public int effectiveUserId() {
        return Libc.uid(1);
    }

    @Override
    public int groupId() {
        return Libc.gid(0);
    }

    @Override
    public int effectiveGroupId() {
        return Libc.gid(1);
    }

    @Override
    public int[] groups() throws SysException {
        int[] gids = new int[checked(Libc.groups(Address.ofData(new int[1]), 0))];
        if (gids.length > 0) checked(Libc.groups(Address.ofData(gids), gids.length));
        return gids;
    }

    @Override
    public void setUser(int uid) throws SysException {
        checked(Libc.setUid(uid));
    }

    @Override
    public void setGroup(int gid) throws SysException {
        checked(Libc.setGid(gid));
    }

    @Override
    public void setGroups(int[] gids) throws SysException {
        checked(Libc.setGroups(Address.ofData(gids), gids.length));
    }

    @Override
    public Account account(String name) throws SysException {
        byte[] key = Bytes.terminated(name);
        return account((ids, to, room) -> Libc.account(Address.ofData(key), ids, to, room));
    }

    @Override
    public Account account(int uid) throws SysException {
        return account((ids, to, room) -> Libc.accountOf(uid, ids, to, room));
    }

    private interface Accounts {
        int find(Address ids, Address to, int room);
    }

    private static Account account(Accounts accounts) throws SysException {
        int[] ids = new int[2];
        byte[] texts = new byte[256];
        int length = checked(accounts.find(Address.ofData(ids), Address.ofData(texts), texts.length));
        if (length > texts.length) {
            texts = new byte[length];
            length = checked(accounts.find(Address.ofData(ids), Address.ofData(texts), length));
        }
        if (length == 0) return null;
        if (length > texts.length) throw new SysException(Errno.ERANGE);
        String[] fields = new String[3];
        int from = 0;
        for (int i = 0; i < fields.length; i++) {
            int to = from;
            while (texts[to] != 0) to++;
            fields[i] = Bytes.text(texts, from, to);
            from = to + 1;
        }
        return new Account(fields[0], ids[0], ids[1], fields[1], fields[2]);
    }

    @Override
    public int group(String name) throws SysException {
        int[] gid = new int[1];
        return checked(Libc.group(c(name), Address.ofData(gid))) == 0 ? -1 : gid[0];
    }

    @Override
    public boolean hasGroup(int gid) throws SysException {
        return checked(Libc.hasGroup(gid)) != 0;
    }

    @Override
    public int[] groupsOf(String account, int gid) throws SysException {
        int[] gids = new int[64];
        int count = Libc.groupsOf(c(account), gid, Address.ofData(gids), gids.length);
        if (count > gids.length) {
            gids = new int[count];
            count = Libc.groupsOf(c(account), gid, Address.ofData(gids), gids.length);
        }
        int[] found = new int[Math.max(0, Math.min(count, gids.length))];
        System.arraycopy(gids, 0, found, 0, found.length);
        return found;
    }

    @Override
    public int[] processors() throws SysException {
        int[] numbers = new int[1024];
        int[] found = new int[checked(Libc.processors(Address.ofData(numbers), numbers.length))];
        System.arraycopy(numbers, 0, found, 0, found.length);
        return found;
    }

    @Override
    public void setProcessors(int[] numbers) throws SysException {
        checked(Libc.setProcessors(Address.ofData(numbers), numbers.length));
    }

    @Override
    public void setScheduling(Scheduling policy, int priority, boolean resetOnFork) throws SysException {
        checked(Libc.setScheduling(policy.number() | (resetOnFork ? Scheduling.RESET_ON_FORK : 0), priority));
    }

    @Override
    public void setNice(int nice) throws SysException {
        checked(Libc.setNice(nice));
    }

    @Override
    public Capabilities capabilities() throws SysException {
        long[] out = new long[5];
        checked(Libc.capabilities(Address.ofData(out)));
        return new Capabilities(out[0], out[1], out[2], out[3], out[4]);
    }

    @Override
    public void setCapabilities(long effective, long permitted, long inheritable) throws SysException {
        checked(Libc.setCapabilities(effective, permitted, inheritable));
    }

    @Override
    public void dropBounding(int capability) throws SysException {
        checked(Libc.dropBounding(capability));
    }

    @Override
    public void raiseAmbient(int capability) throws SysException {
        checked(Libc.raiseAmbient(capability));
    }

    @Override
    public int secureBits() throws SysException {
        return checked(Libc.secureBits());
    }

    @Override
    public void setSecureBits(int bits) throws SysException {
        checked(Libc.setSecureBits(bits));
    }

    @Override
    public void noNewPrivileges() throws SysException {
        checked(Libc.noNewPrivileges());
    }

    @Override
    public Limit limit(Resource resource) throws SysException {
        long[] out = new long[2];
        checked(Libc.limit(resource.number(), Address.ofData(out)));
        return new Limit(out[0], out[1]);
    }

    @Override
    public void setLimit(Resource resource, Limit limit) throws SysException {
        checked(Libc.setLimit(resource.number(), limit.soft(), limit.hard()));
        if (resource == Resource.AS || resource == Resource.DATA) {
            cramped |= Long.compareUnsigned(limit.soft(), ROOMY) < 0;
        }
    }

    @Override
    public void newSession() throws SysException {
        checked(Libc.setsid());
    }

    @Override
    public void newGroup() throws SysException {
        checked(Libc.setpgid());
    }

    @Override
    public int session() {
        return Libc.session();
    }

    @Override
    public int processGroup() {
        return Libc.processGroup();
    }

    @Override
    public void changeDirectory(String path) throws SysException {
        checked(Libc.chdir(c(path)));
    }

    @Override
    public void changeDirectory(int fd) throws SysException {
        checked(Libc.fchdir(fd));
    }

    @Override
    public void changeRoot(String path) throws SysException {
        checked(Libc.chroot(c(path)));
    }

    @Override
    public int umask(int mask) {
        return Libc.umask(mask);
    }

    @Override
    public int open(String path, int flags, int mode) throws SysException {
        return checked(Libc.open(c(path), flags, mode));
    }

    @Override
    public void close(int fd) throws SysException {
        checked(Libc.close(fd));
    }

    @Override
    public int read(int fd, byte[] into, int from, int length) throws SysException {
        return checked(Libc.read(fd, Address.ofData(into).add(from), length));
    }

    @Override
    public int write(int fd, byte[] data, int from, int length) throws SysException {
        return checked(Libc.write(fd, Address.ofData(data).add(from), length));
    }

    private static FileStat stat(int result, long[] out) throws SysException {
        checked(result);
        return new FileStat(out[0], out[1], (int) out[2], (int) out[3], (int) out[4], out[5], out[6]);
    }

    @Override
    public FileStat stat(String path) throws SysException {
        long[] out = new long[7];
        return stat(Libc.stat(c(path), Address.ofData(out)), out);
    }

    @Override
    public FileStat linkStat(String path) throws SysException {
        long[] out = new long[7];
        return stat(Libc.lstat(c(path), Address.ofData(out)), out);
    }

    @Override
    public FileStat stat(int fd) throws SysException {
        long[] out = new long[7];
        return stat(Libc.fstat(fd, Address.ofData(out)), out);
    }

    @Override
    public List<String> list(String directory) throws SysException {
        long handle = Libc.opendir(c(directory));
        if (handle < 0) throw new SysException((int) -handle);
        List<String> names = new ArrayList<>();
        byte[] name = new byte[256];
        try {
            int length;
            while ((length = checked(Libc.readdir(handle, Address.ofData(name), name.length))) > 0) {
                String text = Bytes.text(name, 0, length);
                if (!text.equals(".") && !text.equals("..")) names.add(text);
            }
        } finally {
            Libc.closedir(handle);
        }
        return names;
    }

    @Override
    public String readLink(String path) throws SysException {
        byte[] target = new byte[ROOM];
        return Bytes.text(target, 0, checked(Libc.readlink(c(path), Address.ofData(target), ROOM)));
    }

    @Override
    public void unlink(String path) throws SysException {
        checked(Libc.unlink(c(path)));
    }

    @Override
    public void removeDirectory(String path) throws SysException {
        checked(Libc.rmdir(c(path)));
    }

    @Override
    public void exchange(String one, String other) throws SysException {
        byte[] first = Bytes.terminated(one);
        byte[] second = Bytes.terminated(other);
        checked(Libc.exchange(Address.ofData(first), Address.ofData(second)));
    }

    @Override
    public void rename(String from, String to) throws SysException {
        byte[] first = Bytes.terminated(from);
        byte[] second = Bytes.terminated(to);
        checked(Libc.rename(Address.ofData(first), Address.ofData(second)));
    }

    @Override
    public void link(String from, String to) throws SysException {
        byte[] first = Bytes.terminated(from);
        byte[] second = Bytes.terminated(to);
        checked(Libc.link(Address.ofData(first), Address.ofData(second)));
    }

    @Override
    public void symbolicLink(String target, String path) throws SysException {
        byte[] first = Bytes.terminated(target);
        byte[] second = Bytes.terminated(path);
        checked(Libc.symlink(Address.ofData(first), Address.ofData(second)));
    }

    @Override
    public void makeDirectory(String path, int mode) throws SysException {
        checked(Libc.mkdir(c(path), mode));
    }

    @Override
    public void changeMode(String path, int mode) throws SysException {
        checked(Libc.chmod(c(path), mode));
    }

    @Override
    public void changeMode(int fd, int mode) throws SysException {
        checked(Libc.fchmod(fd, mode));
    }

    @Override
    public void changeOwner(String path, int uid, int gid) throws SysException {
        checked(Libc.chown(c(path), uid, gid));
    }

    @Override
    public void truncate(int fd, long size) throws SysException {
        checked(Libc.ftruncate(fd, size));
    }

    @Override
    public Space space(String path) throws SysException {
        long[] out = new long[3];
        byte[] file = Bytes.terminated(path);
        checked(Libc.space(Address.ofData(file), Address.ofData(out)));
        return new Space(out[0], out[1], out[2]);
    }

    @Override
    public int zoneOffset(long seconds) {
        return Libc.zoneOffset(seconds);
    }

    @Override
    public void sync(int fd) throws SysException {
        checked(Libc.fsync(fd));
    }

    @Override
    public int[] pipe() throws SysException {
        int[] ends = new int[2];
        checked(Libc.pipe(Address.ofData(ends)));
        return ends;
    }

    @Override
    public void duplicate(int from, int to) throws SysException {
        checked(Libc.dup2(from, to));
    }

    @Override
    public int duplicateFrom(int fd, int least) throws SysException {
        return checked(Libc.dupFrom(fd, least));
    }

    @Override
    public void closeOnExec(int fd, boolean on) throws SysException {
        checked(Libc.cloexec(fd, on ? 1 : 0));
    }

    @Override
    public void closeOnExecFrom(int least) throws SysException {
        checked(Libc.cloexecFrom(least));
    }

    @Override
    public void nonBlocking(int fd, boolean on) throws SysException {
        checked(Libc.nonblocking(fd, on ? 1 : 0));
    }

    @Override
    public boolean isLittleEndian() {
        return Libc.isLittleEndian() != 0;
    }

    @Override
    public void closeRange(int first, int last) throws SysException {
        checked(Libc.closeRange(first, last));
    }

    @Override
    public boolean isTerminal(int fd) {
        return Libc.isatty(fd) != 0;
    }

    @Override
    public void lock(int fd, boolean wait, boolean shared) throws SysException {
        checked(Libc.lock(fd, wait ? 1 : 0, shared ? 1 : 0));
    }

    @Override
    public int lockHolder(int fd) throws SysException {
        int holder = checked(Libc.lockHolder(fd));
        return holder == Integer.MAX_VALUE ? -1 : holder;
    }

    @Override
    public int spawn(Spawn child) throws SysException {
        List<String> environment = child.environment();
        int pidIndex = -1;
        if (child.pidVariable() != null) {
            environment = new ArrayList<>(environment == null ? environment() : environment);
            pidIndex = environment.size();
            environment.add(child.pidVariable() + "=           ");
        }
        int[] fds = child.descriptors();
        // Signal 0 is none: its bit says that the mask is kept.
        int defaults = mask(child.defaults()) | (child.keepsMask() ? 1 : 0);
        int argc = child.argv().size();
        int envc = environment == null ? -1 : environment.size();
        byte[] file = Bytes.terminated(child.path());
        byte[] words = block(child.argv());
        byte[] variables = block(environment);
        long[] wordPointers = pointers(child.argv());
        long[] variablePointers = pointers(environment);
        int[] had = new int[1];
        int result = Libc.spawn(Address.ofData(file), Address.ofData(words), argc, Address.ofData(wordPointers),
                Address.ofData(variables), envc, Address.ofData(variablePointers), pidIndex, child.directory(),
                child.hasControllingTerminal() ? 2 : child.isNewSession() ? 1 : child.isNewGroup() ? 3 : 0, defaults,
                Address.ofData(fds), fds.length / 2, Address.ofData(had));
        child.setPid(had[0]);
        return checked(result);
    }

    @Override
    public Reaped reap() throws SysException {
        return reap(-1);
    }

    @Override
    public Reaped reap(int pid) throws SysException {
        int[] word = new int[1];
        int ended = checked(Libc.waitFor(pid, 0, Address.ofData(word)));
        return ended == 0 ? null : Reaped.of(ended, word[0]);
    }

    @Override
    public Reaped await(int pid) throws SysException {
        int[] word = new int[1];
        return Reaped.of(checked(Libc.waitFor(pid, 1, Address.ofData(word))), word[0]);
    }

    @Override
    public void kill(int pid, int signal) throws SysException {
        checked(Libc.kill(pid, signal));
    }

    @Override
    public Receiving receiving(long number) {
        return switch (Libc.receiving(number)) {
            case 1 -> Receiving.YES;
            case 2 -> Receiving.READS;
            default -> Receiving.NO;
        };
    }

    @Override
    public boolean runsAnother(int pid) {
        try {
            return !stat("/proc/" + pid + "/exe").isSameFile(stat("/proc/self/exe"));
        } catch (SysException e) {
            // One that acts for another user does not show what it is, and so is not this one.
            return e.is(Errno.EACCES);
        }
    }

    @Override
    public boolean mayBeInit() {
        return true;
    }

    @Override
    public int reboot(Reboot how) throws SysException {
        return checked(Libc.reboot(how.ordinal()));
    }

    @Override
    public int openProcess(int pid) throws SysException {
        return checked(Libc.openProcess(pid));
    }

    @Override
    public void signalProcess(int fd, int signal) throws SysException {
        checked(Libc.signalProcess(fd, signal));
    }

    @Override
    public Reaped endOf(int fd, int pid) {
        int[] word = new int[1];
        return Libc.endOf(fd, Address.ofData(word)) == 0 ? null : Reaped.of(pid, word[0]);
    }

    @Override
    public long monotonicNanos() {
        return Libc.clock(1);
    }

    @Override
    public long realtimeNanos() {
        return Libc.clock(0);
    }

    @Override
    public int signals(Signal... which) throws SysException {
        return checked(Libc.signals(mask(List.of(which))));
    }

    @Override
    public int nextSignal(int fd) throws SysException {
        return checked(Libc.nextSignal(fd));
    }

    @Override
    public int signalledChild() {
        return Libc.signalledChild();
    }

    @Override
    public void ignore(Signal signal) throws SysException {
        checked(Libc.dispose(signal.number(), 1));
    }

    @Override
    public void restoreDefault(Signal signal) throws SysException {
        checked(Libc.dispose(signal.number(), 0));
    }

    @Override
    public void block(Signal signal) throws SysException {
        checked(Libc.block(signal.number()));
    }

    @Override
    public void sleep(long nanos) throws SysException {
        checked(Libc.sleep(nanos));
    }

    @Override
    public int poll(PollSet set, long nanos) throws SysException {
        return checked(Libc.poll(Address.ofData(set.slots()), set.size(), nanos));
    }

    @Override
    public int epoll() throws SysException {
        return checked(Libc.epoll());
    }

    @Override
    public void epollAdd(int epoll, int fd, int events) throws SysException {
        checked(Libc.epollSet(epoll, 1, fd, events));
    }

    @Override
    public void epollChange(int epoll, int fd, int events) throws SysException {
        checked(Libc.epollSet(epoll, 0, fd, events));
    }

    @Override
    public void epollRemove(int epoll, int fd) throws SysException {
        checked(Libc.epollSet(epoll, 0, fd, -1));
    }

    @Override
    public int epollReady(int epoll, PollSet ready) throws SysException {
        return checked(Libc.epollReady(epoll, Address.ofData(ready.slots()), ready.room()));
    }

    @Override
    public int listen(String path, int backlog) throws SysException {
        return checked(Libc.listen(c(path), backlog));
    }

    @Override
    public int listenInternet(int port, int backlog) throws SysException {
        return checked(Libc.listenInternet(port, backlog));
    }

    @Override
    public int accept(int fd) throws SysException {
        return checked(Libc.accept(fd));
    }

    @Override
    public int peerUser(int fd) throws SysException {
        int[] uid = new int[1];
        checked(Libc.peerUser(fd, Address.ofData(uid)));
        return uid[0];
    }

    @Override
    public int connect(String path, long nanos) throws SysException {
        return checked(Libc.connect(c(path), 0, Math.max(nanos, 1_000_000)));
    }

    @Override
    public int connectDatagram(String path) throws SysException {
        return checked(Libc.connect(c(path), 1, 0));
    }

    @Override
    public int send(int fd, byte[] data, int from, int length) throws SysException {
        return checked(Libc.send(fd, Address.ofData(data).add(from), length));
    }

    @Override
    public int listenDatagram(String abstractName) throws SysException {
        byte[] name = Bytes.of(abstractName == null ? "" : abstractName);
        return checked(Libc.listenDatagram(Address.ofData(name), name.length));
    }

    @Override
    public String abstractName(int fd) throws SysException {
        byte[] name = new byte[128];
        int length = checked(Libc.abstractName(fd, Address.ofData(name), name.length));
        return Bytes.text(name, 0, length);
    }

    @Override
    public int receive(int fd, byte[] into, int[] sender) throws SysException {
        return checked(Libc.receive(fd, Address.ofData(into), into.length, Address.ofData(sender)));
    }

    @Override
    public int connectInternet(byte[] address, int port) throws SysException {
        return checked(Libc.connectInternet(Address.ofData(address), address.length, port));
    }
}
