// SPDX-License-Identifier: Apache-2.0
package perpetua.log;

import perpetua.sys.Bytes;
import perpetua.sys.Kernel;
import perpetua.sys.Open;
import perpetua.sys.SysException;

/**
 * The system log, as syslog(3) reaches it: a datagram to {@code /dev/log} for each message, with the time in UTC. Where
 * nobody listens the message is lost, which is nobody's failure; each message tries anew.
 */
public final class Syslog {
    /** LOG_DAEMON, for what is not said otherwise. */
    public static final int DAEMON = 3;

    private static final String PATH = "/dev/log";
    private static final String[] FACILITIES = {
        "LOG_KERN", "LOG_USER", "LOG_MAIL", "LOG_DAEMON", "LOG_AUTH", "LOG_SYSLOG", "LOG_LPR", "LOG_NEWS", "LOG_UUCP",
        "LOG_CRON", "LOG_AUTHPRIV", "LOG_FTP", "", "", "", "", "LOG_LOCAL0", "LOG_LOCAL1", "LOG_LOCAL2", "LOG_LOCAL3",
        "LOG_LOCAL4", "LOG_LOCAL5", "LOG_LOCAL6", "LOG_LOCAL7",
    };
    private static final String[] LEVELS = {
        "LOG_EMERG", "LOG_ALERT", "LOG_CRIT", "LOG_ERR", "LOG_WARNING", "LOG_NOTICE", "LOG_INFO", "LOG_DEBUG",
    };
    /** What {@link #facility} and {@link #level} answer for a name that there is not. */
    public static final int NONE = -1;
    private static final String CONSOLE = "/dev/console";
    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

    private final Kernel kernel;
    private final String ident;
    private final int facility;
    private final UtcStamp now = new UtcStamp();
    private int fd = -1;
    private int mask = LEVELS.length - 1;
    private boolean console;

    public Syslog(Kernel kernel, String ident, int facility) {
        this.kernel = kernel;
        this.ident = ident;
        this.facility = facility;
    }

    /** The number of a facility, {@code LOG_MAIL} for one; {@link #NONE} for another name. */
    public static int facility(String name) {
        return name.isEmpty() ? NONE : place(FACILITIES, name);
    }

    /** The number of a priority, {@code LOG_ERR} or 3 for one; {@link #NONE} for another name. */
    public static int level(String name) {
        if (name.length() == 1 && name.charAt(0) >= '0' && name.charAt(0) <= '7') return name.charAt(0) - '0';
        return place(LEVELS, name);
    }

    private static int place(String[] names, String name) {
        for (int i = 0; i < names.length; i++) {
            if (names[i].equals(name)) return i;
        }
        return NONE;
    }

    /** What is less important than that is not posted; LOG_DEBUG, the least, for everything. */
    public void upTo(int level) {
        mask = level;
    }

    /** A message that nobody takes is written to the console. */
    public void useConsole() {
        console = true;
    }

    public void post(int priority, String text) {
        post(facility, priority, ident, text);
    }

    /** A message in another's name. */
    public void post(int facility, int priority, String ident, String text) {
        if (priority > mask) return;
        now.set(kernel.realtimeNanos());
        byte[] message = Bytes.of("<" + (facility << 3 | priority) + ">" + date() + " " + ident + ": " + text);
        if (send(message)) return;
        // Its daemon may have been restarted: the socket of that name is another one now.
        close();
        if (!send(message) && console) show(ident + ": " + text + "\r\n");
    }

    private void show(String line) {
        try {
            // A console that is stopped must not stop what is logged.
            int to = kernel.open(CONSOLE, Open.WRITE | Open.NON_BLOCKING | Open.NO_TERMINAL, 0);
            try {
                byte[] bytes = Bytes.of(line);
                kernel.write(to, bytes, 0, bytes.length);
            } finally {
                kernel.close(to);
            }
        } catch (SysException e) {
            // Nobody is left to tell.
        }
    }

    /** {@code Nov  1 23:59:59} */
    private String date() {
        String stamp = now.toString();
        // Not by parseInt, which knows the digits of all scripts: a table of two kilobytes.
        int month = 3 * (10 * (stamp.charAt(4) - '0') + stamp.charAt(5) - '0');
        return MONTHS.substring(month - 3, month) + " " + (stamp.charAt(6) == '0' ? ' ' : stamp.charAt(6))
                + stamp.charAt(7) + " " + stamp.substring(9, 11) + ":" + stamp.substring(11, 13) + ":"
                + stamp.substring(13, 15);
    }

    private boolean send(byte[] message) {
        try {
            if (fd < 0) fd = kernel.connectDatagram(PATH);
            kernel.write(fd, message, 0, message.length);
            return true;
        } catch (SysException e) {
            return false;
        }
    }

    private void close() {
        if (fd < 0) return;
        kernel.closeQuietly(fd);
        fd = -1;
    }
}
