// SPDX-License-Identifier: Apache-2.0
package perpetua.fake;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import perpetua.sys.Errno;
import perpetua.sys.SysException;

/** The descriptors of one process. */
final class FakeDescriptors {
    private OpenFile[] open = new OpenFile[4];
    private final BitSet used = new BitSet();
    /** Those that are not close-on-exec: few, where there are thousands of others. */
    private final BitSet inherited = new BitSet();
    private int count;

    int count() {
        return count;
    }

    OpenFile find(int fd) {
        return fd < 0 || fd >= open.length ? null : open[fd];
    }

    OpenFile get(int fd) throws SysException {
        OpenFile file = find(fd);
        if (file == null) throw new SysException(Errno.EBADF);
        return file;
    }

    /** The lowest free number from there on. @throws SysException EMFILE if it is not below the limit */
    int free(int least, long limit) throws SysException {
        int fd = used.nextClearBit(least);
        if (fd >= limit) throw new SysException(Errno.EMFILE);
        return fd;
    }

    void put(int fd, OpenFile file, boolean inherit) {
        if (fd >= open.length) open = Arrays.copyOf(open, Math.max(fd + 1, 2 * open.length));
        OpenFile former = open[fd];
        file.retain();
        open[fd] = file;
        inherited.set(fd, inherit);
        if (former == null) {
            used.set(fd);
            count++;
        } else {
            former.release();
        }
    }

    /** @return what it referred to */
    OpenFile remove(int fd) {
        OpenFile file = open[fd];
        open[fd] = null;
        used.clear(fd);
        inherited.clear(fd);
        count--;
        file.release();
        return file;
    }

    void inherit(int fd, boolean on) {
        inherited.set(fd, on);
    }

    boolean isInherited(int fd) {
        return inherited.get(fd);
    }

    void inheritNoneFrom(int least) {
        inherited.clear(least, Math.max(least, inherited.length()));
    }

    /** Gives another process those that are not close-on-exec. */
    void bequeath(FakeDescriptors heir) {
        for (int fd = inherited.nextSetBit(0); fd >= 0; fd = inherited.nextSetBit(fd + 1)) heir.put(fd, open[fd], true);
    }

    void removeAll() {
        for (int fd = used.nextSetBit(0); fd >= 0; fd = used.nextSetBit(fd + 1)) remove(fd);
    }

    /** @return the pipe of that inode, null if it is not among them */
    FakeFile pipe(long inode) {
        for (int fd = used.nextSetBit(0); fd >= 0; fd = used.nextSetBit(fd + 1)) {
            FakeFile file = open[fd].file;
            if (file.pipe != null && file.inode() == inode) return file;
        }
        return null;
    }

    List<Integer> inherited() {
        List<Integer> fds = new ArrayList<>();
        for (int fd = inherited.nextSetBit(0); fd >= 0; fd = inherited.nextSetBit(fd + 1)) fds.add(fd);
        return fds;
    }

    List<Integer> all() {
        List<Integer> fds = new ArrayList<>();
        for (int fd = used.nextSetBit(0); fd >= 0; fd = used.nextSetBit(fd + 1)) fds.add(fd);
        return fds;
    }
}
