// SPDX-License-Identifier: Apache-2.0
package perpetua.sys;

/**
 * A system call that failed. Checked, so that every caller must put its own sentence in front
 * (what was wanted, on which thing); carries no stack trace, since none is ever shown.
 */
public final class SysException extends Exception {
    private final int errno;

    /** @param errno the kernel's number, positive */
    public SysException(int errno) {
        super(null, null, false, false);
        this.errno = errno;
    }

    public SysException(Errno errno) {
        this(errno.number());
    }

    /** The kernel's number, positive. */
    public int errno() {
        return errno;
    }

    public boolean is(Errno which) {
        return errno == which.number();
    }

    /** The suite's own text and the symbol: {@code file does not exist (ENOENT)}. */
    @Override
    public String getMessage() {
        return Errno.describe(errno);
    }
}
