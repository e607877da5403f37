// SPDX-License-Identifier: Apache-2.0
package perpetua.perp;

import java.util.ArrayList;
import java.util.List;
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
    private final boolean directory;
    private final FullStatus full;
    private final String complaint;
    private long age = Long.MAX_VALUE;

    /**
     * @param full null where perpd was not asked, or did not tell
     * @param complaint null where all is well
     */
    private Panel(String name, char state, String signs, String rest, boolean directory, FullStatus full,
            String complaint) {
        this.name = name;
        this.state = state;
        this.signs = signs;
        this.rest = rest;
        this.directory = directory;
        this.full = full;
        this.complaint = complaint;
    }

    /**
     * What the services do, each asked for by the name of its directory.
     *
     * @param wall the wall clock, nanoseconds since 1970
     */
    public static List<Panel> of(List<String> names, Kernel kernel, ControlClient perpd, long wall) {
        List<Panel> panels = new ArrayList<>();
        List<FileKey> keys = new ArrayList<>();
        for (String name : names) {
            Panel panel = null;
            try {
                FileStat stat = kernel.stat(name);
                if (!stat.isDirectory()) panel = error(name, "not a directory", Errno.ENOTDIR.number(), false);
                else if (!stat.isSticky()) panel = new Panel(name, '-', NOTHING, "(service not activated)", true, null, null);
                else keys.add(FileKey.of(stat));
            } catch (SysException e) {
                panel = error(name, "failure stat() on service directory", e.errno(), false);
            }
            panels.add(panel);
        }
        int asked = 0;
        int answered = 0;
        for (int i = 0; i < panels.size(); i++) {
            if (panels.get(i) != null) continue;
            if (answered == asked) asked += perpd.ask(keys, asked);
            panels.set(i, of(names.get(i), keys.get(answered++), perpd, wall));
        }
        return panels;
    }

    private static Panel of(String name, FileKey key, ControlClient perpd, long wall) {
        try {
            return of(name, perpd.fullQuery(key), wall);
        } catch (ControlClient.Refused e) {
            return error(name, "error reported in status reply", e.errno(), true);
        } catch (SysException e) {
            return error(name, "failure pkt_read() during status query", e.errno(), true);
        }
    }

    private static Panel error(String name, String text, int errno, boolean directory) {
        String complaint = text + " [" + Errno.symbol(errno) + "]";
        return new Panel(name, 'E', NOTHING, "error: " + complaint, directory, null, complaint);
    }

    static Panel of(String name, FullStatus full, long wall) {
        Status status = full.status();
        String main = signs(status.main(), wall);
        String log = status.hasLog() ? signs(status.log(), wall) : "---";
        boolean mainShown = isShown(main);
        boolean logShown = isShown(log);
        char state = status.isReactivating() ? 'R' : status.isDeactivating() ? '!' : '+';
        String rest = switch (state) {
            case 'R' -> "(service reactivation in progress)";
            case '!' -> "(service deactivation in progress)";
            default -> "uptime: " + uptime(status.main(), mainShown, wall) + "/" + uptime(status.log(), logShown, wall)
                    + "  pids: " + pid(status.main(), mainShown) + "/" + pid(status.log(), logShown)
                    + (full.readiness() == FullStatus.Readiness.UNTOLD ? "" : "  " + full.readiness().words());
        };
        Panel panel = new Panel(name, state, main + " " + log, rest, true, full, null);
        if (mainShown) panel.age = status.main().seconds(wall);
        return panel;
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

    /** What it shows but for the seconds that pass: where this is the same, nothing has changed. */
    public String face() {
        if (full == null) return name + signs() + rest;
        return name + signs() + full.status().main().pid() + "/" + full.status().log().pid() + full.readiness()
                + full.main().starts() + "/" + full.log().starts();
    }

    /**
     * How long until it shows something else for no other reason than time: what is too young to be shown as up. Nanoseconds;
     * -1 for never.
     */
    public long settles(long wall) {
        if (full == null) return -1;
        return Goal.sooner(settles(full.status().main(), wall), settles(full.status().log(), wall));
    }

    private static long settles(Status.Process process, long wall) {
        if (!process.isUp() || process.isResetting() || process.seconds(wall) > 0) return -1;
        return Goal.SETTLED_NANOS - Math.abs(wall - process.since());
    }

    /** What perpd tells, null if it was not asked, or did not. */
    public FullStatus full() {
        return full;
    }

    /** What is wrong, null if nothing is. */
    public String complaint() {
        return complaint;
    }

    public boolean isActive() {
        return state != '-';
    }

    /** How many seconds main is up; the largest number there is for one that is not. */
    public long age() {
        return age;
    }

    /** Whether the name is that of a directory. */
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
