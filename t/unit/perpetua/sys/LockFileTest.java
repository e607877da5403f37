// SPDX-License-Identifier: Apache-2.0
package perpetua.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import perpetua.fake.Act;
import perpetua.fake.FakeKernel;

/** Lock files: spec/perp.md section 1.7. */
class LockFileTest {
    private final FakeKernel kernel = new FakeKernel();

    private static void fails(Errno errno, Executable act) {
        assertEquals(errno.number(), assertThrows(SysException.class, act).errno());
    }

    @Test
    @DisplayName("the file is made, locked, readable for all, and stays open for the next program")
    void acquire() throws SysException {
        LockFile.acquire(kernel, "/tmp/lock", false).write(4711);
        assertEquals("4711\n", kernel.find("/tmp/lock").text());
        assertEquals(0644, kernel.find("/tmp/lock").mode());
        assertEquals(kernel.pid(), kernel.find("/tmp/lock").lockedBy());
        assertTrue(kernel.isInherited(3));
    }

    @Test
    @DisplayName("a supervisor's lock is not for its children")
    void privately() throws SysException {
        LockFile.acquirePrivately(kernel, "/tmp/lock");
        assertFalse(kernel.isInherited(3));
    }

    @Test
    @DisplayName("what it holds is untouched until a pid is written, and then replaced")
    void content() throws SysException {
        kernel.file("/tmp/lock", "former content\n");
        LockFile lock = LockFile.acquire(kernel, "/tmp/lock", false);
        assertEquals("former content\n", kernel.find("/tmp/lock").text());
        lock.write(1);
        assertEquals("1\n", kernel.find("/tmp/lock").text());
    }

    @Test
    @DisplayName("one that is held is EAGAIN, is left alone, and leaves no descriptor behind")
    void held() {
        kernel.file("/tmp/lock", "9\n").mode(0600);
        kernel.stranger(9).lock("/tmp/lock");
        int before = kernel.openDescriptors();
        fails(Errno.EAGAIN, () -> LockFile.acquire(kernel, "/tmp/lock", false));
        assertEquals("9\n", kernel.find("/tmp/lock").text());
        assertEquals(0600, kernel.find("/tmp/lock").mode());
        assertEquals(before, kernel.openDescriptors());
    }

    @Test
    @DisplayName("waiting lasts until the holder ends")
    void waits() throws SysException {
        kernel.file("/tmp/lock", "");
        var holder = kernel.stranger(9).lock("/tmp/lock");
        kernel.after(1000, () -> holder.exit(0));
        LockFile.acquire(kernel, "/tmp/lock", true);
        assertEquals(kernel.pid(), kernel.find("/tmp/lock").lockedBy());
    }

    @Test
    @DisplayName("somebody else's file that may be written is a lock all the same, and is not removed (D-11)")
    void notOurs() throws SysException {
        kernel.file("/tmp/lock", "").mode(0666).owner(5, 5);
        kernel.user(1000, 1000);
        LockFile.acquire(kernel, "/tmp/lock", false);
        assertEquals(0666, kernel.find("/tmp/lock").mode());
        assertEquals(kernel.pid(), kernel.find("/tmp/lock").lockedBy());
    }

    @Test
    @DisplayName("no failure after opening removes the file (D-11)")
    void failuresLeaveTheFile() {
        for (Act act : new Act[] {Act.LOCK, Act.CHANGE_MODE}) {
            kernel.file("/tmp/lock", "x").mode(0600);
            kernel.failNext(act, Errno.EIO);
            fails(Errno.EIO, () -> LockFile.acquire(kernel, "/tmp/lock", false));
            assertNotNull(kernel.find("/tmp/lock"));
        }
    }

    @Test
    @DisplayName("what is no regular file is locked, and its mode is left alone")
    void device() throws SysException {
        kernel.find("/dev/null").mode(0666);
        LockFile.acquire(kernel, "/dev/null", false);
        assertEquals(kernel.pid(), kernel.find("/dev/null").lockedBy());
        assertEquals(0666, kernel.find("/dev/null").mode());
    }

    @Test
    @DisplayName("a file that is removed while its lock is waited for is made anew, and that one is locked")
    void removed() throws SysException {
        kernel.file("/tmp/lock", "old");
        kernel.stranger(9).lock("/tmp/lock");
        kernel.after(1_000_000, () -> {
            kernel.remove("/tmp/lock");
            kernel.endBySignal(9, Signal.KILL);
        });
        LockFile.acquire(kernel, "/tmp/lock", true);
        assertEquals("", kernel.find("/tmp/lock").text());
        assertEquals(kernel.pid(), kernel.find("/tmp/lock").lockedBy());
        assertEquals(List.of("0 /dev/null", "1 standard output", "2 standard error", "3 /tmp/lock"), kernel.descriptorNames());
    }

    @Test
    @DisplayName("create makes and locks a file that must not be there, and leaves one that is")
    void create() throws SysException {
        LockFile.create(kernel, "/tmp/lock").write(7);
        assertEquals(kernel.pid(), kernel.find("/tmp/lock").lockedBy());
        assertEquals(0644, kernel.find("/tmp/lock").mode());
        assertTrue(kernel.isInherited(3));
        fails(Errno.EEXIST, () -> LockFile.create(kernel, "/tmp/lock"));
        fails(Errno.EEXIST, () -> LockFile.create(kernel, "/tmp"));
        assertEquals("7\n", kernel.find("/tmp/lock").text());
    }

    @Test
    @DisplayName("the number in a file: digits and at most a newline, otherwise 0")
    void number() throws SysException {
        String[] texts = {"7\n", "7", "4194304\n", "999999999", "", "\n", "x", "7x", "-7", " 7", "7\n8\n", "9999999999", "7\r\n"};
        int[] pids = {7, 7, 4194304, 999999999, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        for (int i = 0; i < texts.length; i++) {
            kernel.file("/tmp/pid", texts[i]);
            assertEquals(pids[i], LockFile.content(kernel, "/tmp/pid"), texts[i]);
        }
        fails(Errno.ENOENT, () -> LockFile.content(kernel, "/tmp/missing"));
        fails(Errno.EISDIR, () -> LockFile.content(kernel, "/tmp"));
    }

    @Test
    @DisplayName("remove takes the file away, but not another one of that name")
    void remove() throws SysException {
        LockFile lock = LockFile.acquire(kernel, "/tmp/lock", false);
        kernel.remove("/tmp/lock");
        kernel.file("/tmp/lock", "another");
        lock.remove("/tmp/lock");
        assertEquals("another", kernel.find("/tmp/lock").text());
        LockFile.acquire(kernel, "/tmp/other", false).remove("/tmp/other");
        assertNull(kernel.find("/tmp/other"));
    }

    @Test
    @DisplayName("a FIFO nobody reads, a directory and a missing folder say why")
    void cannotOpen() {
        kernel.fifo("/tmp/fifo");
        fails(Errno.ENXIO, () -> LockFile.acquire(kernel, "/tmp/fifo", true));
        fails(Errno.EISDIR, () -> LockFile.acquire(kernel, "/tmp", true));
        fails(Errno.ENOENT, () -> LockFile.acquire(kernel, "/none/lock", true));
    }

    @Test
    @DisplayName("it never becomes a standard stream that was closed")
    void standardStreams() throws SysException {
        kernel.close(0);
        kernel.close(2);
        LockFile.acquire(kernel, "/tmp/lock", false);
        assertEquals(List.of("1 standard output", "3 /tmp/lock"), kernel.descriptorNames());
        assertTrue(kernel.isInherited(3));
        assertEquals(kernel.pid(), kernel.find("/tmp/lock").lockedBy());
        LockFile.acquirePrivately(kernel, "/tmp/other");
        assertFalse(kernel.isInherited(4));
    }

    @Test
    @DisplayName("a disk that is full when the pid is written is told")
    void full() throws SysException {
        LockFile lock = LockFile.acquire(kernel, "/tmp/lock", false);
        kernel.space(2);
        fails(Errno.ENOSPC, () -> lock.write(4711));
    }

    @Test
    @DisplayName("the holder is known to whoever may read the file; where there is no file there is none")
    void holder() throws SysException {
        assertEquals(0, LockFile.holder(kernel, "/tmp/lock"));
        assertNull(kernel.find("/tmp/lock"), "asking makes no file");
        kernel.file("/tmp/lock", "");
        assertEquals(0, LockFile.holder(kernel, "/tmp/lock"));
        kernel.stranger(9).lock("/tmp/lock");
        assertEquals(9, LockFile.holder(kernel, "/tmp/lock"));
        assertEquals(0, LockFile.holder(kernel, "/none/lock"));
        kernel.file("/etc/lock", "").mode(0600);
        kernel.user(1000, 1000);
        fails(Errno.EACCES, () -> LockFile.holder(kernel, "/etc/lock"));
        assertEquals(3, kernel.openDescriptors());
    }
}
