// SPDX-License-Identifier: Apache-2.0
package perpetua.procd;

import perpetua.log.Syslog;
import perpetua.sys.Bytes;
import perpetua.sys.Kernel;
import perpetua.sys.PollSet;
import perpetua.sys.SysException;

/** Where the lines of the daemon and of its services go: the system log, or standard output. */
final class Journal {
    static final int ERROR = 3;
    static final int WARNING = 4;
    static final int INFO = 6;
    static final int DEBUG = 7;

    private final Kernel kernel;
    private final Syslog syslog;
    private final boolean toOutput;
    private final int debugLevel;
    private final PollSet set = new PollSet();

    Journal(Kernel kernel, boolean toOutput, int debugLevel) {
        this.kernel = kernel;
        this.toOutput = toOutput;
        this.debugLevel = debugLevel;
        this.syslog = new Syslog(kernel, "procd", Syslog.DAEMON);
    }

    /** Of the daemon itself. */
    void say(int priority, String sentence) {
        if (priority == DEBUG && debugLevel == 0) return;
        post(Syslog.DAEMON, priority, "procd", sentence);
    }

    /** @param facility null, or a name; one that there is not is that of daemons */
    static int facility(String facility) {
        StringBuilder name = new StringBuilder("LOG_");
        for (int i = 0; facility != null && i < facility.length(); i++) {
            char c = facility.charAt(i);
            name.append(c >= 'a' && c <= 'z' ? (char) (c - 32) : c);
        }
        int number = Syslog.facility(name.toString());
        return number == Syslog.NONE ? Syslog.DAEMON : number;
    }

    /** A line of a process. */
    void pass(int facility, int priority, String tag, String line) {
        post(facility, priority, tag, line);
    }

    private void post(int facility, int priority, String tag, String line) {
        StringBuilder text = new StringBuilder(line.length());
        // What a process writes must not look like lines of others.
        for (int i = 0; i < line.length(); i++) text.append(line.charAt(i) < ' ' && line.charAt(i) != '\t' ? '?' : line.charAt(i));
        if (!toOutput) {
            syslog.post(facility, priority, tag, text.toString());
            return;
        }
        byte[] bytes = Bytes.of(tag + ": " + text + "\n");
        try {
            // Whoever reads it may have stopped reading, and a supervisor must not wait for that.
            set.clear();
            set.add(1, PollSet.OUT);
            if (kernel.poll(set, 0) > 0) kernel.write(1, bytes, 0, bytes.length);
        } catch (SysException nobodyListens) {
            // It goes on without its log, as without anything else.
        }
    }
}
