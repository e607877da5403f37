// SPDX-License-Identifier: Apache-2.0
package tools.oneit;

import perpetua.sys.Bytes;
import perpetua.sys.Kernel;
import perpetua.sys.Open;
import perpetua.sys.SysException;

/** The terminal that the program is given, and that process 1 speaks on; it may be gone, or come back, at any time. */
final class Console {
    private static final String ACTIVE = "/sys/class/tty/console/active";
    private static final String OTHERWISE = "/dev/tty0";
    private static final String NOWHERE = "/dev/null";
    private static final String KERNEL_LOG = "/dev/kmsg";
    private static final String DEVICES = "/dev/";
    private static final int LONGEST = 1024;

    private final Kernel kernel;
    private final String path;
    private boolean told;

    /** @param path null for the last active console of the kernel: on /dev/console itself Ctrl-C does nothing */
    Console(Kernel kernel, String path) {
        this.kernel = kernel;
        this.path = path == null ? active(kernel) : path;
    }

    private static String active(Kernel kernel) {
        try {
            int fd = kernel.open(ACTIVE, Open.READ, 0);
            try {
                byte[] bytes = new byte[LONGEST];
                String names = Bytes.text(bytes, 0, kernel.read(fd, bytes, 0, LONGEST)).trim();
                String last = names.substring(names.lastIndexOf(' ') + 1);
                if (!last.isEmpty()) return last.startsWith(DEVICES) ? last : DEVICES + last;
            } finally {
                kernel.close(fd);
            }
        } catch (SysException none) {
            // A kernel without a console, or without /sys.
        }
        return OTHERWISE;
    }

    /**
     * Opens it for the program, without becoming its session's.
     *
     * @return -1 if neither it nor {@code /dev/null} can be opened
     */
    int open() {
        try {
            // A serial line without a carrier must not make process 1 wait; to the program it is an ordinary file.
            int fd = kernel.open(path, Open.READ_WRITE | Open.NON_BLOCKING | Open.NO_TERMINAL, 0);
            kernel.nonBlocking(fd, false);
            return fd;
        } catch (SysException e) {
            if (!told) write(KERNEL_LOG, "<3>oneit: warning: unable to open console " + path + ": " + e.getMessage() + "\n");
            told = true;
        }
        try {
            return kernel.open(NOWHERE, Open.READ_WRITE, 0);
        } catch (SysException e) {
            return -1;
        }
    }

    /** A line on it, or on the kernel's log. */
    void say(String line) {
        if (!write(path, line + "\n")) write(KERNEL_LOG, "<3>" + line + "\n");
    }

    private boolean write(String file, String text) {
        try {
            int fd = kernel.open(file, Open.WRITE | Open.NON_BLOCKING | Open.NO_TERMINAL, 0);
            try {
                byte[] bytes = Bytes.of(text);
                kernel.write(fd, bytes, 0, bytes.length);
                return true;
            } finally {
                kernel.close(fd);
            }
        } catch (SysException e) {
            return false;
        }
    }
}
