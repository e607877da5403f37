// SPDX-License-Identifier: Apache-2.0
package perpetua.sys;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/**
 * What every {@link Kernel} does, whether it asks Linux or plays it in memory: the fake is worth as much as it passes
 * here. Not tested, since a test cannot come back from it: exec, exit, chroot, and giving up privileges.
 */
@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
public abstract class KernelContract {
    private static final long SECOND = 1_000_000_000L;

    // ---- what the kernel under test has to lend ------------------------------------------------------------

    /** The one under test, the same throughout a test. */
    protected abstract Kernel kernel();

    /** The absolute path of a folder that is empty when a test begins and that it may fill. */
    protected abstract String scratch();

    /** A program that ends with that status. */
    protected abstract Spawn exits(int status);

    /** A program that runs until a signal ends it. */
    protected abstract Spawn waits();

    /** A program that writes the text to its descriptor 1 and ends with 0. */
    protected abstract Spawn prints(String text);

    /** A program that writes the value of a variable of its environment to its descriptor 1. */
    protected abstract Spawn printsVariable(String name);

    /** A program that writes the absolute path of its working directory to its descriptor 1. */
    protected abstract Spawn printsDirectory();

    /** A program that copies descriptor 0 to descriptor 1 until the end of the file. */
    protected abstract Spawn copies();

    /**
     * Lets another process, a child of this one that runs until a signal ends it, take an exclusive lock on a file that
     * exists, and comes back when it has it. @return its pid
     */
    protected abstract int lockElsewhere(String path) throws Exception;

    // ---- shorthand -------------------------------------------------------------------------------------------

    protected final String in(String name) {
        return scratch() + "/" + name;
    }

    protected static void fails(Errno errno, Executable act) {
        SysException e = assertThrows(SysException.class, act);
        assertEquals(errno, Errno.of(e.errno()), "why it failed");
    }

    private void write(String path, String text) throws SysException {
        int fd = kernel().open(path, Open.WRITE | Open.CREATE | Open.TRUNCATE, 0644);
        say(fd, text);
        kernel().close(fd);
    }

    private void say(int fd, String text) throws SysException {
        assertEquals(text.length(), kernel().write(fd, Bytes.of(text), 0, text.length()));
    }

    /** What comes until the end of the file. */
    private String rest(int fd) throws SysException {
        StringBuilder text = new StringBuilder();
        byte[] buffer = new byte[7];
        for (int count; (count = kernel().read(fd, buffer, 0, buffer.length)) > 0; ) {
            text.append(Bytes.text(buffer, 0, count));
        }
        return text.toString();
    }

    private String content(String path) throws SysException {
        int fd = kernel().open(path, Open.READ, 0);
        try {
            return rest(fd);
        } finally {
            kernel().close(fd);
        }
    }

    private String output(Spawn child) throws SysException {
        int[] pipe = kernel().pipe();
        int pid = kernel().spawn(child.descriptor(1, pipe[1]));
        kernel().close(pipe[1]);
        String text = rest(pipe[0]);
        kernel().close(pipe[0]);
        assertEquals(new Reaped(pid, 0, 0), kernel().await(pid));
        return text;
    }

    /** Waits until that is readable. */
    private void untilReadable(int fd) throws SysException {
        PollSet set = new PollSet();
        do {
            set.clear();
            set.add(fd, PollSet.IN);
        } while (kernel().poll(set, 10 * SECOND) == 0);
        assertTrue(set.isReady(0, PollSet.IN));
    }

    // ---- files -----------------------------------------------------------------------------------------------

    @Test
    @DisplayName("what is written to a file can be read from it, every byte")
    void contents() throws SysException {
        StringBuilder bytes = new StringBuilder();
        for (char c = 0; c < 256; c++) bytes.append(c);
        write(in("file"), bytes.toString());
        assertEquals(bytes.toString(), content(in("file")));
    }

    @Test
    @DisplayName("read and write use the part of the array that they are given")
    void parts() throws SysException {
        int fd = kernel().open(in("file"), Open.READ_WRITE | Open.CREATE, 0600);
        assertEquals(3, kernel().write(fd, Bytes.of("abcdef"), 2, 3));
        kernel().close(fd);
        fd = kernel().open(in("file"), Open.READ, 0);
        byte[] into = Bytes.of("......");
        assertEquals(2, kernel().read(fd, into, 1, 2));
        assertEquals(".cd...", Bytes.text(into));
        assertEquals(1, kernel().read(fd, into, 4, 2));
        assertEquals(".cd.e.", Bytes.text(into));
        assertEquals(0, kernel().read(fd, into, 0, 6));
        kernel().close(fd);
    }

    @Test
    @DisplayName("a name is bytes, whatever encoding they would be in")
    void names() throws SysException {
        write(in("\351\377"), "x");
        assertEquals(List.of("\351\377"), kernel().list(scratch()));
        assertEquals("x", content(in("\351\377")));
    }

    @Test
    @DisplayName("open without CREATE needs the file: ENOENT")
    void openMissing() {
        fails(Errno.ENOENT, () -> kernel().open(in("missing"), Open.WRITE, 0));
        fails(Errno.ENOENT, () -> kernel().open(in("missing/file"), Open.WRITE | Open.CREATE, 0600));
        fails(Errno.ENOENT, () -> kernel().open("", Open.READ, 0));
    }

    @Test
    @DisplayName("open with CREATE and EXCLUSIVE needs its absence: EEXIST")
    void exclusive() throws SysException {
        kernel().close(kernel().open(in("file"), Open.WRITE | Open.CREATE | Open.EXCLUSIVE, 0600));
        fails(Errno.EEXIST, () -> kernel().open(in("file"), Open.WRITE | Open.CREATE | Open.EXCLUSIVE, 0600));
    }

    @Test
    @DisplayName("a directory cannot be opened to write: EISDIR; nor a file as a directory: ENOTDIR")
    void kinds() throws SysException {
        write(in("file"), "");
        fails(Errno.EISDIR, () -> kernel().open(scratch(), Open.WRITE, 0));
        fails(Errno.ENOTDIR, () -> kernel().open(in("file"), Open.READ | Open.DIRECTORY, 0));
        fails(Errno.ENOTDIR, () -> kernel().open(in("file/below"), Open.READ, 0));
        fails(Errno.ENOTDIR, () -> kernel().list(in("file")));
        kernel().close(kernel().open(scratch(), Open.READ | Open.DIRECTORY, 0));
    }

    @Test
    @DisplayName("APPEND writes at the end, TRUNCATE empties first")
    void appendAndTruncate() throws SysException {
        write(in("file"), "one");
        int fd = kernel().open(in("file"), Open.WRITE | Open.APPEND, 0);
        say(fd, "two");
        kernel().close(fd);
        assertEquals("onetwo", content(in("file")));
        fd = kernel().open(in("file"), Open.WRITE | Open.TRUNCATE, 0);
        say(fd, "3");
        kernel().sync(fd);
        kernel().close(fd);
        assertEquals("3", content(in("file")));
    }

    @Test
    @DisplayName("truncate cuts a file")
    void truncate() throws SysException {
        write(in("file"), "abcdef");
        int fd = kernel().open(in("file"), Open.WRITE, 0);
        kernel().truncate(fd, 2);
        assertEquals(2, kernel().stat(fd).size());
        kernel().close(fd);
        assertEquals("ab", content(in("file")));
    }

    @Test
    @DisplayName("a new file gets the mode asked for, less the umask")
    void modeLessUmask() throws SysException {
        int before = kernel().umask(027);
        try {
            kernel().close(kernel().open(in("file"), Open.WRITE | Open.CREATE, 0666));
            kernel().makeDirectory(in("folder"), 0777);
            assertEquals(027, kernel().umask(027));
        } finally {
            kernel().umask(before);
        }
        assertEquals(0640, kernel().stat(in("file")).mode() & 07777);
        assertEquals(0750, kernel().stat(in("folder")).mode() & 07777);
    }

    @Test
    @DisplayName("stat tells kind, size, owner, time and identity")
    void stat() throws SysException {
        long before = kernel().realtimeNanos();
        write(in("file"), "12345");
        kernel().makeDirectory(in("folder"), 0755);
        FileStat file = kernel().stat(in("file"));
        assertTrue(file.isRegular());
        assertFalse(file.isDirectory());
        assertEquals(5, file.size());
        assertEquals(kernel().effectiveUserId(), file.uid());
        assertTrue(Math.abs(file.modifiedNanos() - before) < 10 * SECOND, "modified now");
        assertTrue(kernel().stat(in("folder")).isDirectory());
        assertFalse(file.isSameFile(kernel().stat(in("folder"))));
        int fd = kernel().open(in("file"), Open.READ, 0);
        assertTrue(file.isSameFile(kernel().stat(fd)));
        kernel().close(fd);
        fails(Errno.ENOENT, () -> kernel().stat(in("missing")));
        fails(Errno.ENOTDIR, () -> kernel().stat(in("file/below")));
        fails(Errno.EBADF, () -> kernel().stat(987));
    }

    @Test
    @DisplayName("stat follows a symbolic link, linkStat does not")
    void links() throws SysException {
        write(in("file"), "12345");
        kernel().symbolicLink("file", in("link"));
        assertEquals("file", kernel().readLink(in("link")));
        assertTrue(kernel().stat(in("link")).isSameFile(kernel().stat(in("file"))));
        assertFalse(kernel().linkStat(in("link")).isSameFile(kernel().stat(in("file"))));
        assertEquals(0120000, kernel().linkStat(in("link")).mode() & 0170000);
        fails(Errno.EINVAL, () -> kernel().readLink(in("file")));
        fails(Errno.ELOOP, () -> kernel().open(in("link"), Open.READ | Open.NO_FOLLOW, 0));
        fails(Errno.EEXIST, () -> kernel().symbolicLink("other", in("link")));
        kernel().unlink(in("link"));
        assertEquals("12345", content(in("file")));
    }

    @Test
    @DisplayName("symbolic links in a circle are ELOOP, a dangling one ENOENT")
    void badLinks() throws SysException {
        kernel().symbolicLink("b", in("a"));
        kernel().symbolicLink("a", in("b"));
        kernel().symbolicLink("nowhere", in("c"));
        fails(Errno.ELOOP, () -> kernel().stat(in("a")));
        fails(Errno.ENOENT, () -> kernel().stat(in("c")));
    }

    @Test
    @DisplayName("a hard link is the same file under another name")
    void hardLink() throws SysException {
        write(in("file"), "x");
        kernel().link(in("file"), in("other"));
        assertTrue(kernel().stat(in("file")).isSameFile(kernel().stat(in("other"))));
        fails(Errno.EEXIST, () -> kernel().link(in("file"), in("other")));
        kernel().unlink(in("file"));
        assertEquals("x", content(in("other")));
    }

    @Test
    @DisplayName("list gives every name, without . and ..")
    void list() throws SysException {
        assertEquals(List.of(), kernel().list(scratch()));
        for (int i = 0; i < 100; i++) write(in("name" + i), "");
        kernel().makeDirectory(in(".folder"), 0700);
        List<String> names = new ArrayList<>(kernel().list(scratch()));
        assertEquals(101, names.size());
        assertTrue(names.remove(".folder"));
        for (int i = 0; i < 100; i++) assertTrue(names.remove("name" + i));
        fails(Errno.ENOENT, () -> kernel().list(in("missing")));
    }

    @Test
    @DisplayName("rename replaces what has the new name")
    void rename() throws SysException {
        write(in("old"), "old");
        write(in("new"), "new");
        FileStat old = kernel().stat(in("old"));
        kernel().rename(in("old"), in("new"));
        assertEquals(List.of("new"), kernel().list(scratch()));
        assertTrue(old.isSameFile(kernel().stat(in("new"))));
        fails(Errno.ENOENT, () -> kernel().rename(in("old"), in("new")));
    }

    @Test
    @DisplayName("two files exchange their names")
    void exchange() throws SysException {
        write(in("one"), "first");
        write(in("other"), "second");
        FileStat one = kernel().stat(in("one"));
        FileStat other = kernel().stat(in("other"));
        kernel().exchange(in("one"), in("other"));
        assertTrue(one.isSameFile(kernel().stat(in("other"))));
        assertTrue(other.isSameFile(kernel().stat(in("one"))));
        fails(Errno.ENOENT, () -> kernel().exchange(in("one"), in("missing")));
        fails(Errno.ENOENT, () -> kernel().exchange(in("missing"), in("one")));
        assertTrue(other.isSameFile(kernel().stat(in("one"))));
    }

    @Test
    @DisplayName("unlink takes a file away, and leaves it to those who have it open")
    void unlink() throws SysException {
        write(in("file"), "x");
        int fd = kernel().open(in("file"), Open.READ, 0);
        kernel().unlink(in("file"));
        assertEquals(List.of(), kernel().list(scratch()));
        assertEquals("x", rest(fd));
        kernel().close(fd);
        fails(Errno.ENOENT, () -> kernel().unlink(in("file")));
    }

    @Test
    @DisplayName("a directory can be removed when it is empty")
    void directories() throws SysException {
        kernel().makeDirectory(in("folder"), 0755);
        fails(Errno.EEXIST, () -> kernel().makeDirectory(in("folder"), 0755));
        write(in("folder/file"), "");
        fails(Errno.ENOTEMPTY, () -> kernel().removeDirectory(in("folder")));
        fails(Errno.ENOTDIR, () -> kernel().removeDirectory(in("folder/file")));
        kernel().unlink(in("folder/file"));
        kernel().removeDirectory(in("folder"));
        fails(Errno.ENOENT, () -> kernel().removeDirectory(in("folder")));
    }

    @Test
    @DisplayName("changeMode sets the permission bits, by path and by descriptor")
    void changeMode() throws SysException {
        write(in("file"), "");
        kernel().changeMode(in("file"), 01750);
        assertEquals(01750, kernel().stat(in("file")).mode() & 07777);
        assertTrue(kernel().stat(in("file")).isSticky());
        assertTrue(kernel().stat(in("file")).isOwnerExecutable());
        int fd = kernel().open(in("file"), Open.READ, 0);
        kernel().changeMode(fd, 0600);
        kernel().close(fd);
        assertEquals(0600, kernel().stat(in("file")).mode() & 07777);
        fails(Errno.ENOENT, () -> kernel().changeMode(in("missing"), 0600));
    }

    @Test
    @DisplayName("changeOwner to oneself is allowed to everybody")
    void changeOwner() throws SysException {
        write(in("file"), "");
        kernel().changeOwner(in("file"), kernel().effectiveUserId(), kernel().effectiveGroupId());
        FileStat file = kernel().stat(in("file"));
        assertEquals(kernel().effectiveUserId(), file.uid());
        assertEquals(kernel().effectiveGroupId(), file.gid());
    }

    // ---- descriptors and pipes ---------------------------------------------------------------------------------

    @Test
    @DisplayName("a descriptor that is not open is EBADF")
    void closed() throws SysException {
        int fd = kernel().open(scratch(), Open.READ, 0);
        kernel().close(fd);
        fails(Errno.EBADF, () -> kernel().close(fd));
        fails(Errno.EBADF, () -> kernel().read(fd, new byte[1], 0, 1));
        fails(Errno.EBADF, () -> kernel().duplicateFrom(fd, 0));
        fails(Errno.EBADF, () -> kernel().closeOnExec(fd, true));
        fails(Errno.EBADF, () -> kernel().nonBlocking(fd, true));
    }

    @Test
    @DisplayName("what goes into a pipe comes out of it, then the end of the file")
    void pipe() throws SysException {
        int[] pipe = kernel().pipe();
        say(pipe[1], "through");
        kernel().close(pipe[1]);
        assertEquals("through", rest(pipe[0]));
        kernel().close(pipe[0]);
    }

    @Test
    @DisplayName("an empty pipe that is non-blocking is EAGAIN to read, a full one to write")
    void nonBlocking() throws SysException {
        int[] pipe = kernel().pipe();
        kernel().nonBlocking(pipe[0], true);
        kernel().nonBlocking(pipe[1], true);
        fails(Errno.EAGAIN, () -> kernel().read(pipe[0], new byte[1], 0, 1));
        byte[] much = new byte[65536];
        fails(Errno.EAGAIN, () -> {
            while (true) kernel().write(pipe[1], much, 0, much.length);
        });
        for (int fd : pipe) kernel().close(fd);
    }

    @Test
    @DisplayName("where SIGPIPE is ignored, a pipe without a reader is EPIPE")
    void brokenPipe() throws SysException {
        kernel().ignore(Signal.PIPE);
        int[] pipe = kernel().pipe();
        kernel().close(pipe[0]);
        fails(Errno.EPIPE, () -> kernel().write(pipe[1], new byte[1], 0, 1));
        kernel().close(pipe[1]);
    }

    @Test
    @DisplayName("a duplicate is the same open file")
    void duplicate() throws SysException {
        int[] pipe = kernel().pipe();
        int copy = kernel().duplicateFrom(pipe[1], 30);
        assertTrue(copy >= 30);
        kernel().duplicate(copy, pipe[1]);
        say(copy, "a");
        say(pipe[1], "b");
        kernel().close(copy);
        kernel().close(pipe[1]);
        assertEquals("ab", rest(pipe[0]));
        kernel().close(pipe[0]);
    }

    @Test
    @DisplayName("a pipe is no terminal")
    void terminal() throws SysException {
        int[] pipe = kernel().pipe();
        assertFalse(kernel().isTerminal(pipe[0]));
        for (int fd : pipe) kernel().close(fd);
    }

    @Test
    @DisplayName("poll tells which are ready, and comes back without any when its time is over")
    void poll() throws SysException {
        int[] pipe = kernel().pipe();
        PollSet set = new PollSet();
        set.add(pipe[0], PollSet.IN);
        long start = kernel().monotonicNanos();
        assertEquals(0, kernel().poll(set, SECOND / 50));
        assertTrue(kernel().monotonicNanos() - start >= SECOND / 50, "it waited");
        assertFalse(set.isReady(0));
        assertEquals(0, kernel().poll(set, 0));

        int writer = set.add(pipe[1], PollSet.OUT);
        assertEquals(1, kernel().poll(set, -1));
        assertTrue(set.isReady(writer, PollSet.OUT));
        assertFalse(set.isReady(0));

        say(pipe[1], "x");
        assertEquals(2, kernel().poll(set, -1));
        assertTrue(set.isReady(0, PollSet.IN));
        kernel().close(pipe[1]);
        rest(pipe[0]);
        set.clear();
        set.add(pipe[0], PollSet.IN);
        assertEquals(1, kernel().poll(set, -1), "hung up counts as readable");
        assertTrue(set.isReady(0, PollSet.IN));
        kernel().close(pipe[0]);
        assertEquals(1, kernel().poll(set, -1), "so does a descriptor that is not open");
    }

    // ---- locks -------------------------------------------------------------------------------------------------

    @Test
    @DisplayName("an epoll tells which of those that stand there are ready, as often as it is asked, and is readable meanwhile")
    void epoll() throws SysException {
        int epoll = kernel().epoll();
        int[] one = kernel().pipe();
        int[] two = kernel().pipe();
        kernel().epollAdd(epoll, one[0], PollSet.IN);
        kernel().epollAdd(epoll, two[0], PollSet.IN);
        PollSet ready = new PollSet(4);
        PollSet set = new PollSet();
        set.add(epoll, PollSet.IN);
        assertEquals(0, kernel().epollReady(epoll, ready));
        assertEquals(0, kernel().poll(set, 0));
        say(two[1], "x");
        for (int i = 0; i < 2; i++) {
            assertEquals(1, kernel().poll(set, SECOND));
            assertEquals(1, kernel().epollReady(epoll, ready));
            assertEquals(two[0], ready.fd(0));
            assertEquals(PollSet.IN, ready.ready(0));
        }
        kernel().epollRemove(epoll, two[0]);
        assertEquals(0, kernel().epollReady(epoll, ready));
        fails(Errno.ENOENT, () -> kernel().epollRemove(epoll, two[0]));
        fails(Errno.ENOENT, () -> kernel().epollChange(epoll, two[0], PollSet.IN));
        fails(Errno.EEXIST, () -> kernel().epollAdd(epoll, one[0], PollSet.IN));
        kernel().epollAdd(epoll, two[1], PollSet.IN);
        assertEquals(0, kernel().epollReady(epoll, ready));
        kernel().epollChange(epoll, two[1], PollSet.OUT);
        assertEquals(1, kernel().epollReady(epoll, ready));
        assertTrue(ready.isReady(0, PollSet.OUT));
        for (int fd : new int[] {one[0], one[1], two[0], two[1]}) kernel().close(fd);
        fails(Errno.EBADF, () -> kernel().epollRemove(epoll, two[1]));
        assertEquals(0, kernel().epollReady(epoll, ready), "what is closed does not stand there");
        kernel().close(epoll);
    }

    @Test
    @DisplayName("an epoll gives no more at a time than there is room for, and takes no regular file: EPERM")
    void epollRoom() throws SysException {
        int epoll = kernel().epoll();
        int[][] pipes = {kernel().pipe(), kernel().pipe(), kernel().pipe()};
        for (int[] pipe : pipes) {
            kernel().epollAdd(epoll, pipe[1], PollSet.OUT);
        }
        assertEquals(2, kernel().epollReady(epoll, new PollSet(2)));
        kernel().close(pipes[0][0]);
        PollSet all = new PollSet(9);
        assertEquals(3, kernel().epollReady(epoll, all));
        for (int i = 0; i < 3; i++) assertTrue(all.isReady(i, PollSet.OUT), "the reader of one is gone, which is told in the same way");
        write(in("file"), "text");
        int file = kernel().open(in("file"), Open.READ, 0);
        fails(Errno.EPERM, () -> kernel().epollAdd(epoll, file, PollSet.IN));
        fails(Errno.EBADF, () -> kernel().epollAdd(epoll, 1000, PollSet.IN));
        kernel().close(file);
        kernel().close(epoll);
        for (int[] pipe : pipes) {
            kernel().close(pipe[1]);
            if (pipe != pipes[0]) kernel().close(pipe[0]);
        }
    }

    @Test
    @DisplayName("a lock that nobody holds can be taken, and one's own is no obstacle")
    void lockFree() throws SysException {
        int fd = kernel().open(in("lock"), Open.READ_WRITE | Open.CREATE, 0600);
        assertEquals(0, kernel().lockHolder(fd));
        kernel().lock(fd, false, false);
        kernel().lock(fd, true, false);
        assertEquals(0, kernel().lockHolder(fd));
        kernel().close(fd);
    }

    @Test
    @DisplayName("a lock that another process holds is EAGAIN, its holder is known, and it ends with it")
    void lockHeld() throws Exception {
        write(in("lock"), "");
        int pid = lockElsewhere(in("lock"));
        int fd = kernel().open(in("lock"), Open.READ_WRITE, 0);
        fails(Errno.EAGAIN, () -> kernel().lock(fd, false, false));
        fails(Errno.EAGAIN, () -> kernel().lock(fd, false, true));
        assertEquals(pid, kernel().lockHolder(fd));
        kernel().kill(pid, Signal.KILL.number());
        kernel().await(pid);
        assertEquals(0, kernel().lockHolder(fd));
        kernel().lock(fd, true, false);
        kernel().close(fd);
    }

    // ---- children ----------------------------------------------------------------------------------------------

    @Test
    @DisplayName("a child's exit status comes back, and it is collected once")
    void status() throws SysException {
        for (int status : new int[] {0, 1, 111, 255}) {
            int pid = kernel().spawn(exits(status));
            assertEquals(new Reaped(pid, status, 0), kernel().await(pid));
            fails(Errno.ECHILD, () -> kernel().await(pid));
        }
        assertNull(kernel().reap());
    }

    @Test
    @DisplayName("a child that a signal killed tells which")
    void killed() throws SysException {
        int pid = kernel().spawn(waits());
        assertNull(kernel().reap(), "it still runs");
        kernel().kill(pid, 0);
        kernel().kill(pid, Signal.KILL.number());
        assertEquals(new Reaped(pid, 0, Signal.KILL.number()), kernel().await(pid));
        fails(Errno.ESRCH, () -> kernel().kill(pid, 0));
    }

    @Test
    @DisplayName("reap collects whichever child has ended")
    void reap() throws SysException {
        int waiting = kernel().spawn(waits());
        int fd = kernel().signals(Signal.CHLD);
        int ending = kernel().spawn(exits(3));
        untilReadable(fd);
        assertEquals(new Reaped(ending, 3, 0), kernel().reap());
        assertNull(kernel().reap());
        kernel().kill(waiting, Signal.TERM.number());
        assertEquals(new Reaped(waiting, 0, Signal.TERM.number()), kernel().await(waiting));
        kernel().close(fd);
    }

    @Test
    @DisplayName("a child that is named is collected, and no other")
    void reapNamed() throws SysException {
        int waiting = kernel().spawn(waits());
        int fd = kernel().signals(Signal.CHLD);
        int ending = kernel().spawn(exits(3));
        untilReadable(fd);
        assertEquals(Signal.CHLD.number(), kernel().nextSignal(fd));
        assertTrue(kernel().signalledChild() == ending || kernel().signalledChild() == 0);
        assertNull(kernel().reap(waiting));
        assertEquals(new Reaped(ending, 3, 0), kernel().reap(ending));
        assertNull(kernel().reap(ending), "no child any more");
        kernel().kill(waiting, Signal.TERM.number());
        kernel().await(waiting);
        kernel().close(fd);
    }

    @Test
    @DisplayName("spawn says why a program cannot be executed")
    void spawnFailure() throws SysException {
        write(in("file"), "no program");
        fails(Errno.ENOENT, () -> kernel().spawn(new Spawn(in("missing"), List.of("missing"))));
        fails(Errno.EACCES, () -> kernel().spawn(new Spawn(in("file"), List.of("file"))));
        fails(Errno.EACCES, () -> kernel().spawn(new Spawn(scratch(), List.of("folder"))));
        fails(Errno.ENOTDIR, () -> kernel().spawn(new Spawn(in("file/x"), List.of("x"))));
        assertNull(kernel().reap());
    }

    @Test
    @DisplayName("what could not be executed in a directory of its own was a process: its pid is told, and nothing is left to be reaped")
    void spawnFailurePid() throws SysException {
        write(in("file"), "no program");
        int directory = kernel().open(scratch(), Open.READ | Open.DIRECTORY, 0);
        for (String file : List.of("./file", "./missing")) {
            Spawn child = new Spawn(file, List.of(file)).directory(directory);
            fails(file.equals("./file") ? Errno.EACCES : Errno.ENOENT, () -> kernel().spawn(child));
            assertTrue(child.pid() > 0 && child.pid() != kernel().pid());
            fails(Errno.ECHILD, () -> kernel().await(child.pid()));
        }
        Spawn other = new Spawn("./file", List.of("file")).directory(directory).environment(List.of()).pidVariable("SELF");
        fails(Errno.EACCES, () -> kernel().spawn(other));
        assertTrue(other.pid() > 0);
        kernel().close(directory);
        assertNull(kernel().reap());
    }

    @Test
    @DisplayName("a child writes to the descriptor it was given")
    void spawnDescriptor() throws SysException {
        assertEquals("h\351llo", output(prints("h\351llo")));
    }

    @Test
    @DisplayName("a child gets its descriptors in the order of the calls, and no other of ours")
    void spawnPipeline() throws SysException {
        int[] to = kernel().pipe();
        int[] from = kernel().pipe();
        int pid = kernel().spawn(copies().descriptor(0, to[0]).descriptor(1, from[1]));
        kernel().close(to[0]);
        kernel().close(from[1]);
        say(to[1], "round");
        // Were this end open in the child too, it would never see the end of the file.
        kernel().close(to[1]);
        assertEquals("round", rest(from[0]));
        kernel().close(from[0]);
        assertEquals(new Reaped(pid, 0, 0), kernel().await(pid));
    }

    @Test
    @DisplayName("a child has the environment it was given")
    void spawnEnvironment() throws SysException {
        assertEquals("\351=x", output(printsVariable("NAME").environment(List.of("A=1", "NAME=\351=x", "B="))));
    }

    @Test
    @DisplayName("a child starts in the directory it was given, even if the name is gone")
    void spawnDirectory() throws SysException {
        kernel().makeDirectory(in("before"), 0755);
        int fd = kernel().open(in("before"), Open.READ | Open.DIRECTORY, 0);
        kernel().rename(in("before"), in("after"));
        assertEquals(in("after"), output(printsDirectory().directory(fd)));
        kernel().close(fd);
    }

    @Test
    @DisplayName("a child can be given a variable that holds its own pid")
    void spawnPidVariable() throws SysException {
        int[] pipe = kernel().pipe();
        int pid = kernel().spawn(printsVariable("SELF").environment(List.of("A=1")).pidVariable("SELF")
                .descriptor(1, pipe[1]));
        kernel().close(pipe[1]);
        assertEquals(Integer.toString(pid), rest(pipe[0]));
        kernel().close(pipe[0]);
        assertEquals(new Reaped(pid, 0, 0), kernel().await(pid));
        fails(Errno.ENOENT, () -> kernel().spawn(
                new Spawn(in("missing"), List.of("missing")).environment(List.of()).pidVariable("SELF")));
    }

    @Test
    @DisplayName("a child with a session of its own can be signalled as a group")
    void spawnSession() throws SysException {
        int pid = kernel().spawn(waits().newSession());
        kernel().kill(-pid, Signal.TERM.number());
        assertEquals(new Reaped(pid, 0, Signal.TERM.number()), kernel().await(pid));
    }

    @Test
    @DisplayName("any process tells its parent, its session and when it started, until it is gone")
    void processStat() throws SysException {
        int pid = kernel().spawn(waits().newSession());
        ProcessStat stat = kernel().processStat(pid);
        assertEquals(pid, stat.pid());
        assertEquals(kernel().pid(), stat.parent());
        assertEquals(pid, stat.session());
        assertFalse(stat.ended());
        assertEquals(stat, kernel().processStat(pid));
        assertTrue(Arrays.stream(kernel().processes()).anyMatch(each -> each == pid));
        kernel().kill(pid, Signal.KILL.number());
        kernel().await(pid);
        assertThrows(SysException.class, () -> kernel().processStat(pid));
        assertFalse(Arrays.stream(kernel().processes()).anyMatch(each -> each == pid));
    }

    @Test
    @DisplayName("the descriptor of a process becomes readable at its end, and signals no other process of that pid")
    void openProcess() throws SysException {
        int pid = kernel().spawn(waits());
        int fd = kernel().openProcess(pid);
        PollSet set = new PollSet();
        set.add(fd, PollSet.IN);
        assertEquals(0, kernel().poll(set, 0));
        assertNull(kernel().endOf(fd, pid), "it still runs");
        kernel().signalProcess(fd, 0);
        kernel().signalProcess(fd, Signal.TERM.number());
        untilReadable(fd);
        Reaped end = new Reaped(pid, 0, Signal.TERM.number());
        assertEquals(end, kernel().await(pid));
        // Linux tells it from 6.15 on.
        Reaped told = kernel().endOf(fd, pid);
        assertTrue(told == null || told.equals(end), () -> "told " + told);
        fails(Errno.ESRCH, () -> kernel().signalProcess(fd, 0));
        kernel().close(fd);
        fails(Errno.ESRCH, () -> kernel().openProcess(pid));
    }

    @Test
    @DisplayName("a pipe can be had again from a process that has one end of it")
    void openPipeOf() throws SysException {
        int[] pipe = kernel().pipe();
        long inode = kernel().stat(pipe[1]).inode();
        int pid = kernel().spawn(waits().descriptor(1, pipe[1]));
        kernel().close(pipe[0]);
        kernel().close(pipe[1]);
        int[] again = kernel().openPipeOf(pid, inode);
        say(again[1], "kept");
        byte[] got = new byte[10];
        assertEquals(4, kernel().read(again[0], got, 0, 10));
        fails(Errno.ENOENT, () -> kernel().openPipeOf(pid, inode + 1_000_000));
        kernel().close(again[0]);
        kernel().close(again[1]);
        kernel().kill(pid, Signal.KILL.number());
        kernel().await(pid);
    }

    @Test
    @DisplayName("who has both ends of a pipe in one descriptor can write without another reader, and is read by the next one")
    void openBothEnds() throws SysException {
        int[] pipe = kernel().pipe();
        int both = kernel().openBothEnds(pipe[1]);
        kernel().close(pipe[1]);
        kernel().close(pipe[0]);
        say(both, "kept");
        int again = kernel().openBothEnds(both);
        byte[] got = new byte[10];
        assertEquals(4, kernel().read(again, got, 0, 10));
        kernel().close(again);
        kernel().close(both);
    }

    @Test
    @DisplayName("the directory and the variables of a process are to be seen")
    void surroundingsOfAProcess() throws SysException {
        int fd = kernel().open(scratch(), Open.READ | Open.DIRECTORY, 0);
        int pid = kernel().spawn(waits().directory(fd).environment(List.of("A=1", "NAME=h\351", "B=")));
        assertTrue(kernel().directoryOf(pid).isSameFile(kernel().stat(fd)));
        int again = kernel().openDirectoryOf(pid);
        assertTrue(kernel().stat(again).isSameFile(kernel().stat(fd)));
        // A process that has only just executed its program may not show its environment yet.
        for (int i = 0; i < 1000 && kernel().variableOf(pid, "NAME") == null; i++) kernel().poll(new PollSet(), 1_000_000);
        assertEquals("h\351", kernel().variableOf(pid, "NAME"));
        assertEquals("", kernel().variableOf(pid, "B"));
        assertNull(kernel().variableOf(pid, "NAM"));
        kernel().close(again);
        kernel().close(fd);
        kernel().kill(pid, Signal.KILL.number());
        kernel().await(pid);
    }

    @Test
    @DisplayName("what this process ignores or waits for has its default effect in a child that asks for it")
    void spawnDefaults() throws SysException {
        kernel().ignore(Signal.USR1);
        int fd = kernel().signals(Signal.HUP);
        for (Signal signal : new Signal[] {Signal.USR1, Signal.HUP}) {
            int pid = kernel().spawn(waits().defaults(Signal.USR1));
            kernel().kill(pid, signal.number());
            assertEquals(new Reaped(pid, 0, signal.number()), kernel().await(pid));
        }
        kernel().close(fd);
    }

    // ---- signals and time --------------------------------------------------------------------------------------

    @Test
    @DisplayName("signals arrive at the descriptor, each kind once, and have no other effect")
    void signals() throws SysException {
        int fd = kernel().signals(Signal.HUP, Signal.TERM, Signal.USR1);
        assertEquals(0, kernel().nextSignal(fd));
        int sum = 0;
        for (Signal signal : new Signal[] {Signal.USR1, Signal.TERM, Signal.HUP}) {
            kernel().kill(kernel().pid(), signal.number());
        }
        for (int i = 0; i < 3; i++) {
            untilReadable(fd);
            sum += 1 << kernel().nextSignal(fd);
        }
        assertEquals(1 << Signal.USR1.number() | 1 << Signal.TERM.number() | 1 << Signal.HUP.number(), sum);
        assertEquals(0, kernel().nextSignal(fd));
        kernel().close(fd);
    }

    @Test
    @DisplayName("a signal that was ignored arrives once it is asked for")
    void ignoredBefore() throws SysException {
        kernel().ignore(Signal.USR1);
        kernel().kill(kernel().pid(), Signal.USR1.number());
        int fd = kernel().signals(Signal.USR1);
        assertEquals(0, kernel().nextSignal(fd));
        kernel().kill(kernel().pid(), Signal.USR1.number());
        untilReadable(fd);
        assertEquals(Signal.USR1.number(), kernel().nextSignal(fd));
        kernel().close(fd);
    }

    @Test
    @DisplayName("sleep lasts as long as it was told, on a clock that goes forward")
    void sleep() throws SysException {
        long start = kernel().monotonicNanos();
        kernel().sleep(SECOND / 50);
        long slept = kernel().monotonicNanos() - start;
        assertTrue(slept >= SECOND / 50 && slept < 10 * SECOND, "slept " + slept);
        kernel().sleep(0);
    }

    // ---- identity and limits -------------------------------------------------------------------------------------

    @Test
    @DisplayName("there is an account root with number 0, and none of a name that nobody has")
    void accounts() throws SysException {
        Account root = kernel().account("root");
        assertEquals(0, root.uid());
        assertEquals(0, root.gid());
        assertEquals(root, kernel().account(0));
        assertNull(kernel().account("nobody has this name"));
        assertNull(kernel().account(1_987_654_321));
        assertEquals(0, kernel().group("root"));
        assertEquals(-1, kernel().group("nobody has this name"));
        assertTrue(kernel().hasGroup(0));
        assertFalse(kernel().hasGroup(1_987_654_321));
        assertArrayEquals(new int[] {0}, kernel().groupsOf("root", 0));
        assertArrayEquals(new int[] {7}, kernel().groupsOf("nobody has this name", 7));
    }

    @Test
    @DisplayName("a process has ids, a parent, a session and a group")
    void identity() throws SysException {
        assertTrue(kernel().pid() > 0);
        assertNotEquals(kernel().pid(), kernel().parentPid());
        assertTrue(kernel().session() >= 0);
        assertTrue(kernel().processGroup() >= 0);
        assertEquals(kernel().userId(), kernel().effectiveUserId());
        assertEquals(kernel().groupId(), kernel().effectiveGroupId());
        assertTrue(kernel().groups().length >= 0);
    }

    @Test
    @DisplayName("a soft limit can be lowered and raised up to the hard one, and not above: EINVAL")
    void limits() throws SysException {
        for (Resource resource : new Resource[] {Resource.CORE, Resource.AS, Resource.NOFILE}) {
            Limit before = kernel().limit(resource);
            Limit lower = before.withSoft(resource == Resource.AS ? 1L << 40 : 100);
            kernel().setLimit(resource, lower);
            assertEquals(lower, kernel().limit(resource));
            kernel().setLimit(resource, before);
            assertEquals(before, kernel().limit(resource));
            fails(Errno.EINVAL, () -> kernel().setLimit(resource, new Limit(2, 1)));
            assertEquals(before, kernel().limit(resource));
        }
    }

    @Test
    @DisplayName("a file system's space is told, and that of no path is a failure")
    void space() throws SysException {
        Space space = kernel().space(in(""));
        assertTrue(space.total() > 0 && space.free() <= space.total() && space.available() <= space.free());
        fails(Errno.ENOENT, () -> kernel().space(in("missing")));
    }

    @Test
    @DisplayName("local time is less than a day from UTC")
    void zoneOffset() {
        assertTrue(Math.abs(kernel().zoneOffset(0)) < 86400);
    }

    // ---- sockets ---------------------------------------------------------------------------------------------------

    @Test
    @DisplayName("a connection carries bytes both ways, then the end of the file")
    void sockets() throws SysException {
        int listener = kernel().listen(in("socket"), 5);
        assertTrue(kernel().stat(in("socket")).isSocket());
        fails(Errno.EAGAIN, () -> kernel().accept(listener));
        int client = kernel().connect(in("socket"));
        untilReadable(listener);
        int server = kernel().accept(listener);
        fails(Errno.EAGAIN, () -> kernel().read(server, new byte[1], 0, 1));
        say(client, "ask");
        untilReadable(server);
        byte[] got = new byte[10];
        assertEquals(3, kernel().read(server, got, 0, 10));
        say(server, "answer");
        kernel().close(server);
        assertEquals("answer", rest(client));
        kernel().close(client);
        kernel().close(listener);
    }

    @Test
    @DisplayName("what is sent arrives, and a peer that is gone is an error without a signal")
    void sends() throws SysException {
        int listener = kernel().listen(in("socket"), 5);
        int client = kernel().connect(in("socket"));
        int server = kernel().accept(listener);
        assertEquals(2, kernel().send(client, new byte[] {1, 'h', 'i'}, 1, 2));
        byte[] got = new byte[10];
        untilReadable(server);
        assertEquals(2, kernel().read(server, got, 0, 10));
        kernel().close(server);
        fails(Errno.EPIPE, () -> kernel().send(client, got, 0, 1));
        kernel().close(client);
        kernel().close(listener);
    }

    @Test
    @DisplayName("a TCP port has one listener, and is free again when that is closed")
    void ports() throws SysException {
        int port = 20_000 + kernel().pid() % 10_000;
        int listener = -1;
        while (listener < 0) {
            try {
                listener = kernel().listenInternet(++port, 5);
            } catch (SysException e) {
                assertEquals(Errno.EADDRINUSE.number(), e.errno());
            }
        }
        int first = listener;
        int taken = port;
        fails(Errno.EAGAIN, () -> kernel().accept(first));
        fails(Errno.EADDRINUSE, () -> kernel().listenInternet(taken, 5));
        kernel().close(first);
        kernel().close(kernel().listenInternet(taken, 5));
    }

    @Test
    @DisplayName("a range of descriptors is closed, and those beside it are not")
    void closeRange() throws SysException {
        int[] fds = new int[5];
        for (int i = 0; i < fds.length; i++) {
            fds[i] = kernel().duplicateFrom(0, 700 + i);
            kernel().closeOnExec(fds[i], false);
        }
        kernel().closeRange(fds[1], fds[3]);
        for (int i = 0; i < fds.length; i++) {
            int fd = fds[i];
            if (i == 0 || i == 4) kernel().close(fd);
            else fails(Errno.EBADF, () -> kernel().stat(fd));
        }
        kernel().closeRange(700, 704);
    }

    @Test
    @DisplayName("KILL and STOP can be neither ignored nor reset; what is ignored can be reset")
    void dispositions() throws SysException {
        for (Signal signal : new Signal[] {Signal.KILL, Signal.STOP}) {
            fails(Errno.EINVAL, () -> kernel().ignore(signal));
            fails(Errno.EINVAL, () -> kernel().restoreDefault(signal));
        }
        kernel().ignore(Signal.USR2);
        kernel().kill(kernel().pid(), Signal.USR2.number());
        kernel().restoreDefault(Signal.USR2);
    }

    @Test
    @DisplayName("a child that is a program of somebody else's runs another one; one that has ended runs none")
    void another() throws SysException {
        int pid = kernel().spawn(waits());
        try {
            // One that has only just been started may not show its words yet.
            for (int i = 0; i < 5000 && !kernel().runsAnother(pid); i++) kernel().sleep(1_000_000L);
            assertTrue(kernel().runsAnother(pid));
        } finally {
            // Left behind, it would keep the streams of whoever runs the tests.
            kernel().kill(pid, Signal.KILL.number());
            kernel().await(pid);
        }
        assertFalse(kernel().runsAnother(pid));
    }

    @Test
    @DisplayName("where the queue of a socket is full, a connection waits no longer than it is told to")
    void fullQueue() throws SysException {
        int listener = kernel().listen(in("socket"), 1);
        List<Integer> waiting = new ArrayList<>();
        long before = kernel().monotonicNanos();
        // How many a queue of one takes is the kernel's affair; that it is not many is all that is needed.
        fails(Errno.EAGAIN, () -> {
            for (int i = 0; i < 10; i++) waiting.add(kernel().connect(in("socket"), 20_000_000));
        });
        assertTrue(kernel().monotonicNanos() - before >= 20_000_000);
        assertFalse(waiting.isEmpty());
        // What was accepted waits for room as long as it takes.
        int server = kernel().accept(listener);
        say(waiting.get(0), "here");
        untilReadable(server);
        for (int fd : waiting) kernel().close(fd);
        kernel().close(server);
        kernel().close(listener);
    }

    @Test
    @DisplayName("a socket needs a listener, a free name and a short one")
    void socketFailures() throws SysException {
        fails(Errno.ENOENT, () -> kernel().connect(in("missing")));
        int listener = kernel().listen(in("socket"), 5);
        fails(Errno.EADDRINUSE, () -> kernel().listen(in("socket"), 5));
        kernel().close(listener);
        fails(Errno.ECONNREFUSED, () -> kernel().connect(in("socket")));
        String longName = in("x".repeat(108));
        fails(Errno.ENAMETOOLONG, () -> kernel().listen(longName, 5));
        fails(Errno.ENAMETOOLONG, () -> kernel().connect(longName));
    }

    // ---- scheduler, capabilities ---------------------------------------------------------------------------------

    @Test
    @DisplayName("the processors of the process can be set to those it has, and not to none that exists")
    void processors() throws SysException {
        int[] mine = kernel().processors();
        assertTrue(mine.length > 0);
        for (int i = 1; i < mine.length; i++) assertTrue(mine[i - 1] < mine[i], "they rise");
        kernel().setProcessors(mine);
        assertArrayEquals(mine, kernel().processors());
        fails(Errno.EINVAL, () -> kernel().setProcessors(new int[] {1023}));
        fails(Errno.EINVAL, () -> kernel().setProcessors(new int[0]));
        assertArrayEquals(mine, kernel().processors());
    }

    @Test
    @DisplayName("a policy of real time needs a priority, the others have none")
    void scheduling() throws SysException {
        fails(Errno.EINVAL, () -> kernel().setScheduling(Scheduling.FIFO, 0, false));
        fails(Errno.EINVAL, () -> kernel().setScheduling(Scheduling.ROUND_ROBIN, 100, false));
        fails(Errno.EINVAL, () -> kernel().setScheduling(Scheduling.OTHER, 1, false));
        kernel().setScheduling(Scheduling.OTHER, 0, false);
    }

    @Test
    @DisplayName("effective capabilities are permitted; what is no capability can be neither dropped nor kept")
    void capabilities() throws SysException {
        Capabilities now = kernel().capabilities();
        assertEquals(0, now.effective() & ~now.permitted());
        assertEquals(0, now.ambient() & ~(now.permitted() & now.inheritable()));
        kernel().setCapabilities(now.effective(), now.permitted(), now.inheritable());
        assertEquals(now, kernel().capabilities());
        long kill = 1L << Capabilities.KILL;
        fails(Errno.EPERM, () -> kernel().setCapabilities(kill, now.permitted() & ~kill, 0));
        fails(Errno.EINVAL, () -> kernel().raiseAmbient(62));
        if (now.mayUse(Capabilities.SETPCAP)) fails(Errno.EINVAL, () -> kernel().dropBounding(62));
    }

    @Test
    @DisplayName("who is at the other end of a socket is known by its user")
    void peerUser() throws SysException {
        int socket = kernel().listen(in("socket"), 1);
        int client = kernel().connect(in("socket"));
        int server = kernel().accept(socket);
        assertEquals(kernel().effectiveUserId(), kernel().peerUser(server));
        fails(Errno.EBADF, () -> kernel().peerUser(-1));
        for (int fd : new int[] {socket, client, server}) kernel().close(fd);
    }

    @Test
    @DisplayName("a child with a group of its own can be reached by that group")
    void newGroup() throws SysException {
        int pid = kernel().spawn(waits().newGroup());
        kernel().kill(-pid, Signal.TERM.number());
        assertEquals(new Reaped(pid, 0, Signal.TERM.number()), kernel().await(pid));
    }

    @Test
    @DisplayName("a datagram socket has a name that nobody else has, and takes nothing where nothing was sent")
    void datagrams() throws SysException {
        int socket = kernel().listenDatagram(null);
        int other = kernel().listenDatagram(null);
        String name = kernel().abstractName(socket);
        fails(Errno.EADDRINUSE, () -> kernel().listenDatagram(name));
        assertEquals('@', kernel().abstractName(socket).charAt(0));
        assertNotEquals(kernel().abstractName(socket), kernel().abstractName(other));
        fails(Errno.EAGAIN, () -> kernel().receive(socket, new byte[10], new int[1]));
        kernel().close(socket);
        int again = kernel().listenDatagram(name);
        assertEquals(name, kernel().abstractName(again));
        kernel().close(again);
        kernel().close(other);
    }

    @Test
    @DisplayName("a port where nobody listens refuses a connection, at once or when it is known")
    void refusedPort() throws SysException {
        for (byte[] address : new byte[][] {{127, 0, 0, 1}, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}}) {
            try {
                int fd = kernel().connectInternet(address, 1);
                PollSet set = new PollSet();
                set.add(fd, PollSet.OUT);
                assertEquals(1, kernel().poll(set, 5_000_000_000L));
                fails(Errno.ECONNREFUSED, () -> kernel().read(fd, new byte[1], 0, 1));
                kernel().close(fd);
            } catch (SysException e) {
                // A machine without IPv6 has no such address at all.
                assertTrue(e.is(Errno.ECONNREFUSED) || address.length == 16, e.getMessage());
            }
        }
    }
}
