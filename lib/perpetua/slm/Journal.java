// SPDX-License-Identifier: Apache-2.0
package perpetua.slm;

import perpetua.log.Syslog;
import perpetua.sys.Bytes;
import perpetua.sys.Kernel;
import perpetua.sys.SysException;

/** What slm says: on standard error and to the system log, each up to a level of its own. */
final class Journal {
    private final Kernel kernel;
    private final Syslog syslog;
    private final int console;
    private final int system;

    Journal(Kernel kernel, int console, int system) {
        this.kernel = kernel;
        this.syslog = new Syslog(kernel, "slm[" + kernel.pid() + "]", Syslog.DAEMON);
        this.console = console;
        this.system = system;
    }

    void say(int level, String sentence) {
        // LOG_ERR is 3, and what is less important has larger numbers, up to LOG_DEBUG.
        if (level <= system) syslog.post(Math.min(7, level + 2), sentence);
        if (level > console) return;
        byte[] line = Bytes.of("slm: " + sentence + "\n");
        try {
            for (int done = 0; done < line.length; ) done += kernel.write(2, line, done, line.length - done);
        } catch (SysException e) {
            // There is nobody left to tell.
        }
    }
}
