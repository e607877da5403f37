// SPDX-License-Identifier: Apache-2.0
package perpetua.log;

import perpetua.sys.Bytes;
import perpetua.sys.Kernel;
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
        "LOG_CRON", "LOG_AUTHPRIV", "LOG_FTP",
    };
    private static final int AUTHPRIV = 10;
    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

    private final Kernel kernel;
    private final String ident;
    private final int facility;
    private final UtcStamp now = new UtcStamp();
    private int fd = -1;

    public Syslog(Kernel kernel, String ident, int facility) {
        this.kernel = kernel;
        this.ident = ident;
        this.facility = facility;
    }

    /** The number of a facility, {@code LOG_MAIL} for one; that of LOG_DAEMON for a name that perp does not know. */
    public static int facility(String name) {
        for (int i = 0; i < FACILITIES.length; i++) {
            if (i != AUTHPRIV && FACILITIES[i].equals(name)) return i;
        }
        return DAEMON;
    }

    public void post(int priority, String text) {
        post(facility, priority, ident, text);
    }

    /** A message in another's name. */
    public void post(int facility, int priority, String ident, String text) {
        now.set(kernel.realtimeNanos());
        byte[] message = Bytes.of("<" + (facility << 3 | priority) + ">" + date() + " " + ident + ": " + text);
        if (send(message)) return;
        // Its daemon may have been restarted: the socket of that name is another one now.
        close();
        send(message);
    }

    /** {@code Nov  1 23:59:59} */
    private String date() {
        String stamp = now.toString();
        int month = 3 * Integer.parseInt(stamp.substring(4, 6));
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
        try {
            kernel.close(fd);
        } catch (SysException e) {
            // It is closed, whatever the kernel says.
        }
        fd = -1;
    }
}
