// SPDX-License-Identifier: Apache-2.0
package perpetua.sys;

/**
 * The error numbers of Linux with the suite's own texts (spec/perp.md section 1.3). The numbers are those of
 * the generic Linux ABI (x86, ARM, RISC-V); they also travel in perp's packets.
 */
public enum Errno {
    EPERM(1, "permission denied"),
    ENOENT(2, "file does not exist"),
    ESRCH(3, "no such process"),
    EINTR(4, "interrupted system call"),
    EIO(5, "input/output error"),
    ENXIO(6, "device not configured"),
    E2BIG(7, "argument list too long"),
    ENOEXEC(8, "exec format error"),
    EBADF(9, "file descriptor not open"),
    ECHILD(10, "no child processes"),
    EAGAIN(11, "temporary i/o failure"),
    ENOMEM(12, "out of memory"),
    EACCES(13, "access denied"),
    EFAULT(14, "bad address"),
    EBUSY(16, "device busy"),
    EEXIST(17, "file already exists"),
    EXDEV(18, "cross-device link"),
    ENODEV(19, "device does not support operation"),
    ENOTDIR(20, "not a directory"),
    EISDIR(21, "is a directory"),
    EINVAL(22, "invalid argument"),
    ENFILE(23, "system cannot open more files"),
    EMFILE(24, "process cannot open more files"),
    ENOTTY(25, "not a tty"),
    ETXTBSY(26, "text busy"),
    EFBIG(27, "file too big"),
    ENOSPC(28, "out of disk space"),
    ESPIPE(29, "unseekable descriptor"),
    EROFS(30, "read-only file system"),
    EMLINK(31, "too many links"),
    EPIPE(32, "broken pipe"),
    EDOM(33, "input out of range"),
    ERANGE(34, "output out of range"),
    EDEADLK(35, "operation would cause deadlock"),
    ENAMETOOLONG(36, "file name too long"),
    ENOLCK(37, "no locks available"),
    ENOSYS(38, "system call not available"),
    ENOTEMPTY(39, "directory not empty"),
    ELOOP(40, "symbolic link loop"),
    EPROTO(71, "protocol error"),
    EOVERFLOW(75, "value exceeds range of data type"),
    ENOTSOCK(88, "not a socket"),
    EMSGSIZE(90, "message too long"),
    EOPNOTSUPP(95, "operation not supported"),
    EADDRINUSE(98, "address already used"),
    EADDRNOTAVAIL(99, "address not available"),
    ECONNRESET(104, "connection reset"),
    ENOBUFS(105, "out of buffer space"),
    ENOTCONN(107, "not connected"),
    ETIMEDOUT(110, "connection timed out"),
    ECONNREFUSED(111, "connection refused"),
    ESTALE(116, "stale file handle"),
    EDQUOT(122, "disk quota exceeded");

    private final int number;
    private final String text;

    Errno(int number, String text) {
        this.number = number;
        this.text = text;
    }

    public int number() {
        return number;
    }

    /** @return null where the table has no such number */
    public static Errno of(int number) {
        for (Errno errno : values()) {
            if (errno.number == number) return errno;
        }
        return null;
    }

    /** @return {@code TEXT (SYMBOL)}; a number that has no symbol here is shown itself, never dropped */
    public static String describe(int number) {
        return text(number) + " (" + symbol(number) + ")";
    }

    /** @return the symbol, EOK for 0, or E and the number where the table has none */
    public static String symbol(int number) {
        if (number == 0) return "EOK";
        Errno errno = of(number);
        return errno == null ? "E" + number : errno.name();
    }

    /** @return the sentence, without the symbol; for an unknown number {@code system error N} */
    public static String text(int number) {
        if (number == 0) return "no error";
        Errno errno = of(number);
        return errno == null ? "system error " + number : errno.text;
    }
}
