// SPDX-License-Identifier: Apache-2.0
package perpetua.act;

import perpetua.sys.Kernel;
import perpetua.sys.SysException;

/** A Unix socket by which a daemon is asked: who may connect, its permissions say, from the first moment on. */
public final class ListeningSocket {
    private ListeningSocket() {
    }

    /**
     * Makes it.
     *
     * @param mode the permission bits of its owner alone
     * @param gid a group that may do the same; -1 for none
     * @return the descriptor, non-blocking
     * @throws SysException EADDRINUSE if there is a file of that name
     */
    public static int open(Kernel kernel, String path, int backlog, int mode, int gid) throws SysException {
        int mask = kernel.umask(0777 & ~mode);
        try {
            int fd = kernel.listen(path, backlog);
            if (gid != -1) kernel.changeOwner(path, -1, gid);
            // Default entries of an access control list would have had their way with the umask.
            kernel.changeMode(path, gid == -1 ? mode : mode | mode >> 3);
            return fd;
        } finally {
            kernel.umask(mask);
        }
    }

    /** The same in the place of what an earlier process has left there; whoever calls holds a lock on that. */
    public static int reopen(Kernel kernel, String path, int backlog, int mode, int gid) throws SysException {
        try {
            kernel.unlink(path);
        } catch (SysException none) {
            // Or it can't be removed: then binding fails, and says so.
        }
        return open(kernel, path, backlog, mode, gid);
    }
}
