// SPDX-License-Identifier: Apache-2.0
package perpetua.perp;

import perpetua.cli.Fatal;
import perpetua.sys.Errno;
import perpetua.sys.Kernel;
import perpetua.sys.LockFile;
import perpetua.sys.Signal;
import perpetua.sys.SysException;

/**
 * The perpd of a base directory, found by the lock that it holds: never by a pid that was read from a file, which could
 * be another process's by now.
 */
public final class PerpdLock {
    private PerpdLock() {
    }

    /** Sends it a signal. @throws Fatal if there is none, or it may not be signalled, in perp's words */
    public static void signal(Kernel kernel, String base, Signal signal) {
        String lock = base + "/" + BaseDirectory.CONTROL + "/" + BaseDirectory.PID_FILE;
        if (lock.length() > BaseDirectory.LONGEST_PATH) {
            throw Fatal.system("failure locating perpd lockfile " + lock, new SysException(Errno.ENAMETOOLONG));
        }
        int pid;
        try {
            pid = LockFile.holder(kernel, lock);
        } catch (SysException e) {
            throw Fatal.system("failure checking lock on " + lock, e);
        }
        if (pid == 0) throw Fatal.of("perpd not running on " + base + ": no lock active on " + lock);
        // To kill(2), -1 is everybody.
        if (pid < 0) throw Fatal.of("the lock on " + lock + " is held by no single process");
        try {
            kernel.kill(pid, signal.number());
        } catch (SysException e) {
            throw Fatal.system("failure kill() on SIG" + signal + " to perpd pid " + pid + " running on " + base, e);
        }
    }
}
