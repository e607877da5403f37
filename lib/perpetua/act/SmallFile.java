// SPDX-License-Identifier: Apache-2.0
package perpetua.act;

import perpetua.sys.Bytes;
import perpetua.sys.Kernel;
import perpetua.sys.Open;
import perpetua.sys.SysException;

/** Files of a few lines: those by which the kernel is asked and told, in /proc and in /sys, and some of our own. */
public final class SmallFile {
    private SmallFile() {
    }

    /** All of it. */
    public static String read(Kernel kernel, String path) throws SysException {
        int fd = kernel.open(path, Open.READ, 0);
        try {
            StringBuilder text = new StringBuilder();
            byte[] buffer = new byte[4096];
            for (int count; (count = kernel.read(fd, buffer, 0, buffer.length)) > 0; ) {
                text.append(Bytes.text(buffer, 0, count));
            }
            return text.toString();
        } finally {
            kernel.close(fd);
        }
    }

    /** At most so many bytes of any file, without waiting: a FIFO in its place must not hold us up. */
    public static String beginning(Kernel kernel, String path, int most) throws SysException {
        int fd = kernel.open(path, Open.READ | Open.NON_BLOCKING, 0);
        try {
            byte[] bytes = new byte[most];
            int size = 0;
            for (int count; size < most && (count = kernel.read(fd, bytes, size, most - size)) > 0; ) size += count;
            return Bytes.text(bytes, 0, size);
        } finally {
            kernel.close(fd);
        }
    }

    /** In one write, since the kernel takes each for a whole; a file that is not there is not made. */
    public static void write(Kernel kernel, String path, String text) throws SysException {
        int fd = kernel.open(path, Open.WRITE, 0);
        try {
            byte[] bytes = Bytes.of(text);
            kernel.write(fd, bytes, 0, bytes.length);
        } finally {
            kernel.close(fd);
        }
    }
}
