// SPDX-License-Identifier: Apache-2.0
package perpetua.act;

import perpetua.sys.Bytes;
import perpetua.sys.Errno;
import perpetua.sys.FileStat;
import perpetua.sys.Kernel;
import perpetua.sys.Open;
import perpetua.sys.SysException;

/** A file read or written in one piece. */
public final class WholeFile {
    private WholeFile() {
    }

    /** @param most bytes @throws SysException EINVAL for what is no regular file, EFBIG for one with more */
    public static String read(Kernel kernel, String path, int most) throws SysException {
        // Without waiting: a FIFO in its place must not hold us up.
        int fd = kernel.open(path, Open.READ | Open.NON_BLOCKING, 0);
        try {
            FileStat stat = kernel.stat(fd);
            if (!stat.isRegular()) throw new SysException(stat.isDirectory() ? Errno.EISDIR : Errno.EINVAL);
            StringBuilder text = new StringBuilder();
            byte[] buffer = new byte[4096];
            for (int count; (count = kernel.read(fd, buffer, 0, buffer.length)) > 0; ) {
                if (text.length() + count > most) throw new SysException(Errno.EFBIG);
                text.append(Bytes.text(buffer, 0, count));
            }
            return text.toString();
        } finally {
            kernel.close(fd);
        }
    }

    /** What a small file of the kernel says, without blanks around it; empty if it can't be read. */
    public static String word(Kernel kernel, String path) {
        try {
            return read(kernel, path, 1 << 16).trim();
        } catch (SysException e) {
            return "";
        }
    }

    /** @param flags of {@link Open}, beside those to write and to create it @param mode for a new one */
    public static void write(Kernel kernel, String path, int flags, int mode, String text) throws SysException {
        int fd = kernel.open(path, Open.WRITE | Open.CREATE | flags, mode);
        try {
            byte[] bytes = Bytes.of(text);
            for (int done = 0; done < bytes.length; ) done += kernel.write(fd, bytes, done, bytes.length - done);
            if ((flags & Open.EXCLUSIVE) != 0) kernel.sync(fd);
        } finally {
            kernel.close(fd);
        }
    }
}
