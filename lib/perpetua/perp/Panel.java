// SPDX-License-Identifier: Apache-2.0
package perpetua.perp;

import perpetua.sys.Errno;
import perpetua.sys.FileStat;
import perpetua.sys.Kernel;
import perpetua.sys.SysException;

/**
 * A service as perpls shows it: eleven signs such as {@code [+ +++ ---]}, and what stands behind the name
 * (spec/perp.md section 4, perpls).
 */
public final class Panel {
    private static final String NOTHING = "--- ---";

    private final String name;
    private final char state;
    private final String signs;
    private final String rest;
    private final long age;
    private final boolean directory;

    private Panel(String name, char state, String signs, String rest, long age, boolean directory) {
        this.name = name;
        this.state = state;
        this.signs = signs;
        this.rest = rest;
        this.age = age;
        this.directory = directory;
    }

    /** @param wall the wall clock, nanoseconds since 1970 */
    public static Panel of(String name, Kernel kernel, ControlClient perpd, long wall) {
        FileStat stat;
        try {
            stat = kernel.stat(name);
        } catch (SysException e) {
            return error(name, "failure stat() on service directory", e.errno(), true);
        }
        if (!stat.isDirectory()) return error(name, "not a directory", Errno.ENOTDIR.number(), false);
        if (!stat.isSticky()) return new Panel(name, '-', NOTHING, "(service not activated)", Long.MAX_VALUE, true);
        try {
            return of(name, perpd.query(FileKey.of(stat)), wall);
        } catch (ControlClient.Refused e) {
            return error(name, "error reported in status reply", e.errno(), true);
        } catch (SysException e) {
            return error(name, "failure pkt_read() during status query", e.errno(), true);
        }
    }

    private static Panel error(String name, String text, int errno, boolean directory) {
        return new Panel(name, 'E', NOTHING, "error: " + text + " [" + Errno.symbol(errno) + "]", Long.MAX_VALUE,
                directory);
    }

    static Panel of(String name, Status status, long wall) {
        String main = signs(status.main(), wall);
        String log = status.hasLog() ? signs(status.log(), wall) : "---";
        boolean mainShown = isShown(main);
        boolean logShown = isShown(log);
        char state = status.isReactivating() ? 'R' : status.isDeactivating() ? '!' : '+';
        String rest = switch (state) {
            case 'R' -> "(service reactivation in progress)";
            case '!' -> "(service deactivation in progress)";
            default -> "uptime: " + uptime(status.main(), mainShown, wall) + "/" + uptime(status.log(), logShown, wall)
                    + "  pids: " + pid(status.main(), mainShown) + "/" + pid(status.log(), logShown);
        };
        return new Panel(name, state, main + " " + log, rest,
                mainShown ? status.main().seconds(wall) : Long.MAX_VALUE, true);
    }

    /** Whether its second sign shows a process. */
    private static boolean isShown(String signs) {
        return signs.charAt(1) == '+' || signs.charAt(1) == 'o';
    }

    private static String uptime(Status.Process process, boolean shown, long wall) {
        return (shown ? Long.toString(process.seconds(wall)) : "-") + "s";
    }

    private static String pid(Status.Process process, boolean shown) {
        return shown ? Integer.toString(process.pid()) : "-";
    }

    /** Its state against its wish, whether it is up, and what is special about it. */
    private static String signs(Status.Process process, long wall) {
        // So young that it may as well be on its way down again.
        boolean young = process.isUp() && !process.isResetting() && process.seconds(wall) == 0;
        boolean up = process.isUp() && !young;
        char base = up ? '+' : '.';
        boolean astray = up ? process.isWantedDown() || process.isResetting() && process.isWantedDown()
                : !process.isWantedDown();
        char third = base;
        if (up && process.isPaused()) third = 'p';
        if (up && process.isResetting()) third = 'r';
        return "" + (astray ? '!' : base) + (up && process.isOnce() ? 'o' : base) + third;
    }

    public String name() {
        return name;
    }

    /** All eleven, brackets included. */
    public String signs() {
        return "[" + state + " " + signs + "]";
    }

    /** What stands behind the name. */
    public String rest() {
        return rest;
    }

    /** How many seconds main is up; the largest number there is for one that is not. */
    public long age() {
        return age;
    }

    /** Whether the name is, or may be, that of a directory. */
    public boolean isDirectory() {
        return directory;
    }

    /** What perpls looks up in its table of colours. */
    public String colorKey() {
        char wish = signs.charAt(0);
        char up = signs.charAt(1);
        char special = signs.charAt(2);
        if (state == 'E') return "er";
        if (state == '!' || state == 'R') return "ex";
        if (state == '-') return "na";
        if (wish == '!') return up == '.' ? "wu" : "wd";
        if (signs.charAt(4) == '!') return signs.charAt(5) == '.' ? "wu" : "wd";
        if (up == '.') return "ad";
        if (special == 'p') return "ap";
        if (special == 'r') return "ar";
        return "an";
    }
}
