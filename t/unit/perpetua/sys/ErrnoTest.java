// SPDX-License-Identifier: Apache-2.0
package perpetua.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The suite's own words for what the kernel refuses: spec/perp.md section 1.3. */
class ErrnoTest {
    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "1, EPERM, permission denied", "2, ENOENT, file does not exist", "3, ESRCH, no such process",
        "4, EINTR, interrupted system call", "5, EIO, input/output error", "6, ENXIO, device not configured",
        "7, E2BIG, argument list too long", "8, ENOEXEC, exec format error", "9, EBADF, file descriptor not open",
        "10, ECHILD, no child processes", "11, EAGAIN, temporary i/o failure", "12, ENOMEM, out of memory",
        "13, EACCES, access denied", "14, EFAULT, bad address", "16, EBUSY, device busy",
        "17, EEXIST, file already exists", "18, EXDEV, cross-device link",
        "19, ENODEV, device does not support operation", "20, ENOTDIR, not a directory", "21, EISDIR, is a directory",
        "22, EINVAL, invalid argument", "23, ENFILE, system cannot open more files",
        "24, EMFILE, process cannot open more files", "25, ENOTTY, not a tty", "26, ETXTBSY, text busy",
        "27, EFBIG, file too big", "28, ENOSPC, out of disk space", "30, EROFS, read-only file system",
        "31, EMLINK, too many links", "32, EPIPE, broken pipe", "34, ERANGE, output out of range",
        "35, EDEADLK, operation would cause deadlock", "36, ENAMETOOLONG, file name too long",
        "37, ENOLCK, no locks available", "38, ENOSYS, system call not available", "39, ENOTEMPTY, directory not empty",
        "40, ELOOP, symbolic link loop", "71, EPROTO, protocol error", "95, EOPNOTSUPP, operation not supported",
        "98, EADDRINUSE, address already used", "104, ECONNRESET, connection reset",
        "110, ETIMEDOUT, connection timed out", "111, ECONNREFUSED, connection refused",
        "122, EDQUOT, disk quota exceeded", "0, EOK, no error"})
    @DisplayName("each number has its symbol and its sentence")
    void table(int number, String symbol, String text) {
        assertEquals(symbol, Errno.symbol(number));
        assertEquals(text, Errno.text(number));
        assertEquals(text + " (" + symbol + ")", Errno.describe(number));
        assertEquals(text + " (" + symbol + ")", new SysException(number).getMessage());
    }

    @Test
    @DisplayName("no number stands twice")
    void unique() {
        Set<Integer> numbers = new HashSet<>();
        for (Errno errno : Errno.values()) {
            assertTrue(numbers.add(errno.number()), errno.name());
            assertEquals(errno, Errno.of(errno.number()));
        }
    }

    @Test
    @DisplayName("a number that the table does not have is shown itself (D-14)")
    void unknown() {
        assertNull(Errno.of(4095));
        assertEquals("system error 4095 (E4095)", Errno.describe(4095));
    }
}
