// SPDX-License-Identifier: Apache-2.0
package perpetua.sys.jvm;

import java.nio.charset.StandardCharsets;
import jnr.posix.Group;
import jnr.posix.POSIX;
import jnr.posix.POSIXFactory;
import jnr.posix.Passwd;
import perpetua.sys.Account;
import perpetua.sys.Bytes;
import perpetua.sys.Errno;
import perpetua.sys.SysException;

/**
 * The accounts and groups of the C library, by way of jnr-posix. A class of its own, since loading jnr-posix takes as
 * long as all the rest of a run tool: only those that ask for an account pay for it.
 */
final class AccountDatabase {
    private final POSIX posix = POSIXFactory.getNativePOSIX();

    /** @return null if there is none */
    Account account(String name) throws SysException {
        posix.errno(0);
        return account(posix.getpwnam(decoded(name)));
    }

    Account account(int uid) throws SysException {
        posix.errno(0);
        return account(posix.getpwuid(uid));
    }

    /** @return -1 if there is none */
    int group(String name) throws SysException {
        posix.errno(0);
        Group group = found(posix.getgrnam(decoded(name)));
        return group == null ? -1 : (int) group.getGID();
    }

    boolean hasGroup(int gid) throws SysException {
        posix.errno(0);
        return found(posix.getgrgid(gid)) != null;
    }

    private Account account(Passwd entry) throws SysException {
        if (found(entry) == null) return null;
        return new Account(bytes(entry.getLoginName()), (int) entry.getUID(), (int) entry.getGID(),
                bytes(entry.getHome()), bytes(entry.getShell()));
    }

    /** Nothing found is no error; getpwnam(3) lists half a dozen numbers that mean just that. These do not. */
    private <T> T found(T entry) throws SysException {
        int errno = entry == null ? posix.errno() : 0;
        for (Errno failure : new Errno[] {Errno.EIO, Errno.EMFILE, Errno.ENFILE, Errno.ENOMEM}) {
            if (errno == failure.number()) throw new SysException(errno);
        }
        return entry;
    }

    /** jnr-posix takes and gives characters, which are UTF-8 in the data base. */
    private static String decoded(String name) {
        return new String(Bytes.of(name), StandardCharsets.UTF_8);
    }

    private static String bytes(String text) {
        return text == null ? "" : Bytes.text(text.getBytes(StandardCharsets.UTF_8));
    }
}
