// SPDX-License-Identifier: Apache-2.0
package perpetua.fake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import perpetua.sys.Account;
import perpetua.sys.Bytes;
import perpetua.sys.Errno;
import perpetua.sys.Kernel;
import perpetua.sys.KernelContract;
import perpetua.sys.Limit;
import perpetua.sys.Open;
import perpetua.sys.PollSet;
import perpetua.sys.Reaped;
import perpetua.sys.Resource;
import perpetua.sys.Signal;
import perpetua.sys.Spawn;
import perpetua.sys.SysException;

/** The fake keeps the contract of every kernel, and offers tests what no other can. */
class FakeKernelTest extends KernelContract {
    private static final long SECOND = 1_000_000_000L;

    private final FakeKernel kernel = new FakeKernel()
            .account(new Account("root", 0, 0, "/root", "/bin/sh")).group("root", 0);

    @Override
    protected Kernel kernel() {
        return kernel;
    }

    @Override
    protected String scratch() {
        kernel.directory("/scratch");
        return "/scratch";
    }

    private Spawn child(Behaviour behaviour) {
        String path = "/bin/child" + kernel.directory("/bin").names().size();
        kernel.program(path, behaviour);
        return new Spawn(path, List.of("child"));
    }

    @Override
    protected Spawn exits(int status) {
        return child(process -> process.exit(status));
    }

    @Override
    protected Spawn waits() {
        return child(process -> { });
    }

    @Override
    protected Spawn prints(String text) {
        return child(process -> {
            process.write(1, text);
            process.exit(0);
        });
    }

    @Override
    protected Spawn printsVariable(String name) {
        return child(process -> {
            process.write(1, process.variable(name));
            process.exit(0);
        });
    }

    @Override
    protected Spawn printsDirectory() {
        return child(process -> {
            process.write(1, process.directory().path());
            process.exit(0);
        });
    }

    @Override
    protected Spawn copies() {
        return child(this::copySome);
    }

    private void copySome(FakeProcess process) {
        process.write(1, process.read(0));
        if (process.isAtEnd(0)) process.exit(0);
        else kernel.after(1000, () -> copySome(process));
    }

    @Override
    protected int lockElsewhere(String path) throws SysException {
        int pid = kernel.spawn(waits());
        kernel.process(pid).lock(path);
        return pid;
    }

    // ---- what it offers beyond the contract --------------------------------------------------------------------

    @Test
    @DisplayName("exec becomes the program: everything after it is gone, and what it was given is known")
    void exec() throws SysException {
        kernel.program("/bin/true");
        int inherited = kernel.open("/tmp/lock", Open.WRITE | Open.CREATE | Open.INHERIT, 0600);
        kernel.open("/tmp/private", Open.WRITE | Open.CREATE, 0600);
        assertThrows(Gone.class, () -> kernel.exec("/bin/true", List.of("t", "a"), List.of("A=1")));
        assertThrows(Gone.class, () -> kernel.write(1, new byte[1], 0, 1));
        assertEquals(new Executed("/bin/true", List.of("t", "a"), List.of("A=1"), List.of(0, 1, 2, inherited)),
                kernel.executed());
        kernel.proceed();
        assertEquals("1", kernel.variable("A"));
        assertEquals(4, kernel.openDescriptors());
        assertNull(kernel.executed());
    }

    @Test
    @DisplayName("exec comes back with the reason why it failed")
    void execFails() {
        kernel.file("/bin/text", "echo hello\n").mode(0755);
        kernel.file("/bin/plain", FakeKernel.MAGIC).mode(0644);
        kernel.file("/bin/script", "#!/bin/nosuch -x\n").mode(0755);
        assertEquals(Errno.ENOEXEC.number(), kernel.exec("/bin/text", List.of("x"), null).errno());
        assertEquals(Errno.EACCES.number(), kernel.exec("/bin/plain", List.of("x"), null).errno());
        assertEquals(Errno.ENOENT.number(), kernel.exec("/bin/script", List.of("x"), null).errno());
        assertEquals(Errno.EACCES.number(), kernel.exec("/bin", List.of("x"), null).errno());
        assertEquals(Errno.ENOENT.number(), kernel.exec("/bin/none", List.of("x"), null).errno());
    }

    @Test
    @DisplayName("a test makes the next act of a kind fail, or decides for each act")
    void faults() throws SysException {
        kernel.failNext(Act.SPAWN, Errno.EAGAIN);
        Spawn child = waits();
        fails(Errno.EAGAIN, () -> kernel.spawn(child));
        kernel.spawn(child);
        kernel.fault((act, subject) -> act == Act.OPEN && subject.startsWith("/tmp/") ? Errno.EMFILE : null);
        fails(Errno.EMFILE, () -> kernel.open("/tmp/x", Open.READ, 0));
        kernel.close(kernel.open("/dev/null", Open.READ, 0));
        assertEquals(2, kernel.count(Act.SPAWN));
    }

    @Test
    @DisplayName("a full disk takes what it has room for, then is ENOSPC, and has room again when a file goes")
    void space() throws SysException {
        kernel.space(5);
        int fd = kernel.open("/tmp/log", Open.WRITE | Open.CREATE, 0600);
        assertEquals(5, kernel.write(fd, Bytes.of("1234567"), 0, 7));
        fails(Errno.ENOSPC, () -> kernel.write(fd, Bytes.of("67"), 0, 2));
        kernel.close(fd);
        kernel.unlink("/tmp/log");
        int again = kernel.open("/tmp/log", Open.WRITE | Open.CREATE, 0600);
        assertEquals(3, kernel.write(again, Bytes.of("123"), 0, 3));
        kernel.close(again);
    }

    @Test
    @DisplayName("EMFILE comes from the limit on open files")
    void openFiles() throws SysException {
        kernel.limited(Resource.NOFILE, new Limit(4, 4));
        kernel.open("/dev/null", Open.READ, 0);
        fails(Errno.EMFILE, () -> kernel.open("/dev/null", Open.READ, 0));
        fails(Errno.EMFILE, kernel::pipe);
        assertEquals(4, kernel.openDescriptors());
    }

    @Test
    @DisplayName("what would wait lets time pass up to the next arranged event, and is stuck without one")
    void waiting() throws SysException {
        int[] pipe = kernel.pipe();
        assertThrows(Stuck.class, () -> kernel.read(pipe[0], new byte[1], 0, 1));
        long start = kernel.monotonicNanos();
        kernel.after(3 * SECOND, () -> assertDoes(() -> kernel.write(pipe[1], Bytes.of("x"), 0, 1)));
        assertEquals(1, kernel.read(pipe[0], new byte[1], 0, 1));
        assertEquals(3 * SECOND, kernel.monotonicNanos() - start);
    }

    private interface Doing {
        void run() throws SysException;
    }

    private static void assertDoes(Doing act) {
        try {
            act.run();
        } catch (SysException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @DisplayName("poll stops at what happens before its time is over, and not a nanosecond later than that time")
    void pollTime() throws SysException {
        int fd = kernel.signals(Signal.CHLD);
        int pid = kernel.spawn(waits());
        PollSet set = new PollSet();
        set.add(fd, PollSet.IN);
        long start = kernel.monotonicNanos();
        kernel.after(SECOND, () -> kernel.end(pid, 7));
        assertEquals(1, kernel.poll(set, 5 * SECOND));
        assertEquals(SECOND, kernel.monotonicNanos() - start);
        assertEquals(Signal.CHLD.number(), kernel.nextSignal(fd));
        assertEquals(new Reaped(pid, 7, 0), kernel.reap());
        assertEquals(0, kernel.poll(set, 5 * SECOND));
        assertEquals(6 * SECOND, kernel.monotonicNanos() - start);
        assertThrows(Stuck.class, () -> kernel.poll(set, -1));
    }

    @Test
    @DisplayName("the wall clock may be set back, the other goes on")
    void clocks() {
        long wall = kernel.realtimeNanos();
        long steady = kernel.monotonicNanos();
        kernel.stepRealtime(-3600 * SECOND);
        kernel.advance(SECOND);
        assertEquals(wall - 3599 * SECOND, kernel.realtimeNanos());
        assertEquals(steady + SECOND, kernel.monotonicNanos());
    }

    @Test
    @DisplayName("SIGALRM ends a sleep early and has no other effect; any other time it kills")
    void alarm() throws SysException {
        long start = kernel.monotonicNanos();
        kernel.after(SECOND, () -> kernel.arrive(Signal.ALRM));
        kernel.sleep(-1);
        assertEquals(SECOND, kernel.monotonicNanos() - start);
        kernel.arrive(Signal.ALRM);
        assertEquals(Signal.ALRM.number(), kernel.killedBy());
        assertThrows(Gone.class, () -> kernel.sleep(1));
    }

    @Test
    @DisplayName("SIGPIPE kills who does not ignore it")
    void sigpipe() throws SysException {
        int[] pipe = kernel.pipe();
        kernel.close(pipe[0]);
        assertThrows(Gone.class, () -> kernel.write(pipe[1], new byte[1], 0, 1));
        assertEquals(Signal.PIPE.number(), kernel.killedBy());
    }

    @Test
    @DisplayName("a stopped child keeps SIGTERM until it goes on; SIGKILL ends it at once")
    void stopped() throws SysException {
        int pid = kernel.spawn(waits());
        kernel.kill(pid, Signal.STOP.number());
        kernel.kill(pid, Signal.TERM.number());
        assertTrue(kernel.process(pid).isStopped());
        kernel.kill(pid, Signal.CONT.number());
        assertEquals(new Reaped(pid, 0, Signal.TERM.number()), kernel.reap());
        pid = kernel.spawn(waits());
        kernel.kill(pid, Signal.STOP.number());
        kernel.kill(pid, Signal.KILL.number());
        assertEquals(new Reaped(pid, 0, Signal.KILL.number()), kernel.reap());
    }

    @Test
    @DisplayName("a stubborn child ignores what it was told to, and every signal to it is noted in order")
    void stubborn() throws SysException {
        int pid = kernel.spawn(waits());
        FakeProcess child = kernel.process(pid).ignore(Signal.TERM, Signal.KILL);
        kernel.kill(pid, Signal.TERM.number());
        kernel.kill(pid, Signal.CONT.number());
        assertTrue(child.isRunning());
        kernel.kill(pid, Signal.KILL.number());
        assertFalse(child.isRunning());
        assertEquals(List.of(15, 18, 9), child.signals());
        assertEquals(1, kernel.unreaped());
        kernel.kill(pid, Signal.TERM.number());
    }

    @Test
    @DisplayName("a pid comes back when it is free, and a stranger's is never taken")
    void pids() throws SysException {
        kernel.nextPid(500);
        int pid = kernel.spawn(exits(0));
        assertEquals(500, pid);
        kernel.nextPid(500);
        assertEquals(501, kernel.spawn(exits(0)), "500 has not been collected");
        kernel.reap();
        kernel.stranger(502);
        kernel.nextPid(500);
        assertEquals(500, kernel.spawn(exits(0)));
        kernel.nextPid(502);
        assertEquals(503, kernel.spawn(exits(0)));
        fails(Errno.ECHILD, () -> kernel.await(502));
    }

    @Test
    @DisplayName("a lock ends when its process closes any descriptor of the file")
    void lockEnds() throws SysException {
        int lock = kernel.open("/tmp/lock", Open.WRITE | Open.CREATE, 0600);
        kernel.lock(lock, false, false);
        assertEquals(kernel.pid(), kernel.find("/tmp/lock").lockedBy());
        kernel.close(kernel.open("/tmp/lock", Open.READ, 0));
        assertEquals(0, kernel.find("/tmp/lock").lockedBy());
    }

    @Test
    @DisplayName("waiting for a lock lasts until its holder ends")
    void lockWaits() throws SysException {
        kernel.file("/tmp/lock", "");
        FakeProcess holder = kernel.stranger(4711).lock("/tmp/lock");
        int fd = kernel.open("/tmp/lock", Open.READ_WRITE, 0);
        assertEquals(4711, kernel.lockHolder(fd));
        kernel.after(SECOND, () -> holder.exit(0));
        kernel.lock(fd, true, false);
        assertEquals(kernel.pid(), kernel.find("/tmp/lock").lockedBy());
    }

    @Test
    @DisplayName("who is not root meets permissions, in directories too, and in sticky ones")
    void permissions() throws SysException {
        kernel.file("/etc/secret", "x").mode(0600);
        kernel.file("/closed/inside", "x").mode(0666);
        kernel.find("/closed").mode(0700);
        kernel.file("/tmp/theirs", "x").owner(7, 7).mode(0666);
        kernel.file("/etc/group", "x").mode(0640).owner(0, 50);
        kernel.user(1000, 1000, 50);
        fails(Errno.EACCES, () -> kernel.open("/etc/secret", Open.READ, 0));
        fails(Errno.EACCES, () -> kernel.stat("/closed/inside"));
        fails(Errno.EACCES, () -> kernel.open("/etc/new", Open.WRITE | Open.CREATE, 0600));
        fails(Errno.EPERM, () -> kernel.unlink("/tmp/theirs"));
        fails(Errno.EPERM, () -> kernel.changeMode("/tmp/theirs", 0600));
        kernel.close(kernel.open("/tmp/theirs", Open.WRITE, 0));
        kernel.close(kernel.open("/etc/group", Open.READ, 0));
        fails(Errno.EACCES, () -> kernel.open("/etc/group", Open.WRITE, 0));
        fails(Errno.EPERM, () -> kernel.setUser(0));
        fails(Errno.EPERM, () -> kernel.setGroups(new int[] {0}));
        assertEquals("x", kernel.find("/closed/inside").text(), "a test sees everything");
    }

    @Test
    @DisplayName("a FIFO: the reader need not wait, the writer needs a reader, the end comes with the last writer")
    void fifo() throws SysException {
        kernel.fifo("/tmp/fifo");
        fails(Errno.ENXIO, () -> kernel.open("/tmp/fifo", Open.WRITE | Open.NON_BLOCKING, 0));
        int reader = kernel.open("/tmp/fifo", Open.READ | Open.NON_BLOCKING, 0);
        assertEquals(0, kernel.read(reader, new byte[1], 0, 1), "no writer, no bytes: the end");
        int writer = kernel.open("/tmp/fifo", Open.WRITE | Open.NON_BLOCKING, 0);
        fails(Errno.EAGAIN, () -> kernel.read(reader, new byte[1], 0, 1));
        kernel.write(writer, Bytes.of("x"), 0, 1);
        assertEquals(1, kernel.read(reader, new byte[1], 0, 1));
        kernel.close(reader);
        kernel.close(writer);
    }

    @Test
    @DisplayName("a pipe holds what its child writes, even when the child has ended, and is full at 64 KiB")
    void childPipe() throws SysException {
        int[] pipe = kernel.pipe();
        int pid = kernel.spawn(waits().descriptor(1, pipe[1]));
        kernel.close(pipe[1]);
        FakeProcess child = kernel.process(pid);
        assertEquals(65536, child.write(1, "x".repeat(70000)));
        assertEquals(0, child.write(1, "y"));
        kernel.end(pid, 0);
        int total = 0;
        byte[] buffer = new byte[1000];
        for (int count; (count = kernel.read(pipe[0], buffer, 0, 1000)) > 0; ) total += count;
        assertEquals(65536, total);
    }

    @Test
    @DisplayName("a test plays the client of a server, and the server of a client")
    void sockets() throws SysException {
        int listener = kernel.listen("/tmp/socket", 1);
        assertNull(kernel.client("/tmp/none"));
        FakeSocket client = kernel.client("/tmp/socket");
        client.send("hello");
        int fd = kernel.accept(listener);
        byte[] got = new byte[10];
        assertEquals(5, kernel.read(fd, got, 0, 10));
        kernel.write(fd, Bytes.of("yes"), 0, 3);
        assertEquals("yes", client.receive());
        client.close();
        assertEquals(0, kernel.read(fd, got, 0, 10));
        kernel.close(fd);

        kernel.server("/tmp/other", peer -> peer.send("you said " + peer.receive()));
        fd = kernel.connect("/tmp/other");
        kernel.write(fd, Bytes.of("x"), 0, 1);
        assertEquals(10, kernel.read(fd, got, 0, 10));
        assertEquals("you said x", Bytes.text(got));
    }

    @Test
    @DisplayName("standard streams: what a test gives and what it gets")
    void standardStreams() throws SysException {
        kernel.input("abc").terminal(true);
        byte[] got = new byte[10];
        assertEquals(3, kernel.read(0, got, 0, 10));
        assertEquals(0, kernel.read(0, got, 0, 10));
        kernel.write(1, Bytes.of("out"), 0, 3);
        kernel.write(2, Bytes.of("err"), 0, 3);
        assertEquals("out", kernel.output());
        assertEquals("err", kernel.errors());
        assertTrue(kernel.isTerminal(1));
        kernel.forgetOutput();
        assertEquals("", kernel.output());
    }

    @Test
    @DisplayName("a million random events with a thousand children leak nothing and take a moment")
    void manyEvents() throws SysException {
        kernel.limited(Resource.NOFILE, new Limit(10_000, 10_000));
        Random random = new Random(20130107);
        Spawn program = waits().newSession();
        int signals = kernel.signals(Signal.CHLD);
        PollSet set = new PollSet();
        set.add(signals, PollSet.IN);
        List<int[]> pipes = new ArrayList<>();
        for (int i = 0; i < 1000; i++) pipes.add(kernel.pipe());
        int before = kernel.openDescriptors();
        for (int i = 0; i < 1_000_000; i++) {
            switch (random.nextInt(4)) {
                case 0 -> {
                    if (kernel.running().size() < 1000) {
                        kernel.spawn(new Spawn(program.path(), program.argv()).newSession()
                                .descriptor(1, pipes.get(random.nextInt(1000))[1]));
                    }
                }
                case 1 -> {
                    int running = kernel.running().size();
                    if (running > 0) kernel.running().get(random.nextInt(running)).exit(0);
                }
                case 2 -> {
                    int running = kernel.running().size();
                    if (running > 0) kernel.kill(-kernel.running().get(random.nextInt(running)).pid(), 15);
                }
                default -> {
                    if (kernel.poll(set, SECOND) > 0) kernel.nextSignal(signals);
                    while (kernel.reap() != null) {
                        // Each of them.
                    }
                }
            }
        }
        while (!kernel.running().isEmpty()) kernel.running().get(0).exit(0);
        while (kernel.reap() != null) {
            // Each of them.
        }
        assertEquals(0, kernel.unreaped());
        assertEquals(before, kernel.openDescriptors());
    }
}
