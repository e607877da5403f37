// SPDX-License-Identifier: Apache-2.0
package perpetua.sys.jvm;

import java.nio.ByteBuffer;
import perpetua.sys.FileStat;
import perpetua.sys.SysException;

/** statx(2), whose structure is the same on every machine. */
final class FileStatus {
    private static final int SIZE = 256;
    private static final int UID = 20;
    private static final int GID = 24;
    private static final int MODE = 28;
    private static final int INODE = 32;
    private static final int LENGTH = 40;
    private static final int MODIFIED_SECONDS = 112;
    private static final int MODIFIED_NANOS = 120;
    private static final int DEVICE_MAJOR = 136;
    private static final int DEVICE_MINOR = 140;

    private FileStatus() {
    }

    static FileStat of(CLibrary c, int directory, byte[] path, int flags) throws SysException {
        ByteBuffer s = CLibrary.struct(SIZE);
        c.checked(c.libc.statx(directory, path, flags, Libc.STATX_BASIC_STATS, s.array()));
        return new FileStat(device(s.getInt(DEVICE_MAJOR), s.getInt(DEVICE_MINOR)), s.getLong(INODE),
                s.getShort(MODE) & 0xffff, s.getInt(UID), s.getInt(GID), s.getLong(LENGTH),
                s.getLong(MODIFIED_SECONDS) * 1_000_000_000L + s.getInt(MODIFIED_NANOS));
    }

    /** The number that stat(2) gives: makedev(3). What was written down by one edition is read by the other. */
    private static long device(int major, int minor) {
        return (minor & 0xffL) | (major & 0xfffL) << 8 | (minor & 0xffffff00L) << 12 | (major & 0xfffff000L) << 32;
    }
}
