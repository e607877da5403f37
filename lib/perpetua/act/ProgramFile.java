// SPDX-License-Identifier: Apache-2.0
package perpetua.act;

import perpetua.sys.Errno;
import perpetua.sys.FileStat;
import perpetua.sys.Kernel;
import perpetua.sys.SysException;

/**
 * The file of a program that a supervisor is to spawn, looked for before it is: what can't be run is then known without a child.
 * A tool that becomes a program seeks it in another way, see Chain: by trying.
 */
public final class ProgramFile {
    private ProgramFile() {
    }

    /**
     * @param path directories with colons between; an empty one is the current one
     * @param name one with a slash is the file
     * @throws SysException why there is none, ENOENT only if nothing was found that comes closer
     */
    public static String find(Kernel kernel, String path, String name) throws SysException {
        if (name.indexOf('/') >= 0) return checked(kernel, name);
        SysException why = new SysException(Errno.ENOENT);
        for (int from = 0, to; from <= path.length(); from = to + 1) {
            to = path.indexOf(':', from);
            if (to < 0) to = path.length();
            try {
                return checked(kernel, (to == from ? "." : path.substring(from, to)) + "/" + name);
            } catch (SysException e) {
                if (why.is(Errno.ENOENT)) why = e;
            }
        }
        throw why;
    }

    /** @return the file itself @throws SysException why it can't be run, as far as can be seen */
    public static String checked(Kernel kernel, String file) throws SysException {
        FileStat stat = kernel.stat(file);
        if (!stat.isRegular() || (stat.mode() & 0111) == 0) throw new SysException(Errno.EACCES);
        return file;
    }
}
