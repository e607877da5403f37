// SPDX-License-Identifier: Apache-2.0
package perpetua.procd;

import java.util.ArrayList;
import java.util.List;
import perpetua.act.WholeFile;
import perpetua.bus.BusObject;
import perpetua.bus.BusStatus;
import perpetua.bus.Table;
import perpetua.sys.Kernel;
import perpetua.sys.Space;
import perpetua.sys.SysException;

/** The object {@code system} of the bus: spec/procd.md section 10. */
final class SystemObject implements BusObject {
    private static final int MOST_SIGNAL = 64;
    private static final int LARGE = 1 << 20;
    /** In {@code /proc/loadavg} are hundredths; what is told are 65536ths. */
    private static final int LOAD_UNIT = 65536;

    private final Kernel kernel;
    private final String root;
    private final Registry registry;

    /** There is no watchdog device here; what is set is kept, and told. */
    private int frequency = 5;
    private int timeout = 30;
    private boolean magicClose;

    SystemObject(Kernel kernel, String root, Registry registry) {
        this.kernel = kernel;
        this.root = root;
        this.registry = registry;
    }

    @Override
    public String name() {
        return "system";
    }

    @Override
    public Table signature() {
        Table none = new Table();
        return new Table().append("board", none).append("info", none).append("reboot", none)
                .append("watchdog", new Table().append("frequency", INTEGER).append("timeout", INTEGER)
                        .append("magicclose", BOOLEAN).append("stop", BOOLEAN))
                .append("signal", new Table().append("pid", INTEGER).append("signum", INTEGER))
                .append("upgrade", none).append("nandupgrade", new Table().append("path", STRING))
                .append("validate_firmware_image", new Table().append("path", STRING))
                .append("sysupgrade", new Table().append("path", STRING));
    }

    @Override
    public BusStatus call(String method, Table arguments, Reply reply) {
        switch (method) {
            case "board" -> reply.send(board());
            case "info" -> reply.send(info());
            case "watchdog" -> reply.send(watchdog(arguments));
            case "signal" -> {
                return signal(arguments);
            }
            case "upgrade" -> registry.upgrade();
            case "reboot", "nandupgrade", "validate_firmware_image", "sysupgrade" -> {
                return BusStatus.NOT_SUPPORTED;
            }
            default -> {
                return BusStatus.METHOD_NOT_FOUND;
            }
        }
        return BusStatus.OK;
    }

    private BusStatus signal(Table arguments) {
        Integer pid = arguments.integer("pid");
        Integer number = arguments.integer("signum");
        // 0 and what is negative would be groups of processes, ours among them.
        if (pid == null || number == null || pid <= 0 || number < 0 || number > MOST_SIGNAL) return BusStatus.INVALID_ARGUMENT;
        try {
            kernel.kill(pid, number);
        } catch (SysException e) {
            // As there: it was sent, whoever was there to take it.
        }
        return BusStatus.OK;
    }

    private Table watchdog(Table arguments) {
        Integer wantedTimeout = arguments.integer("timeout");
        Integer wantedFrequency = arguments.integer("frequency");
        if (wantedTimeout != null && wantedTimeout > 0) timeout = wantedTimeout;
        if (wantedFrequency != null && wantedFrequency > 0) frequency = Math.max(1, Math.min(wantedFrequency, timeout / 2));
        if (timeout <= frequency) timeout = 2 * frequency;
        if (arguments.bool("magicclose") != null) magicClose = arguments.bool("magicclose");
        return new Table().append("status", "offline").append("timeout", (long) timeout)
                .append("frequency", (long) frequency).append("magicclose", magicClose);
    }

    // ---- what the machine is ----------------------------------------------------------------------------------------

    private Table board() {
        Table board = new Table();
        put(board, "kernel", WholeFile.word(kernel, "/proc/sys/kernel/osrelease"));
        put(board, "hostname", WholeFile.word(kernel, "/proc/sys/kernel/hostname"));
        put(board, "system", processor());
        String model = WholeFile.word(kernel, root + "/tmp/sysinfo/model");
        if (model.isEmpty()) model = untilNul(WholeFile.word(kernel, "/proc/device-tree/model"));
        if (model.isEmpty()) model = WholeFile.word(kernel, "/sys/class/dmi/id/product_name");
        put(board, "model", model);
        String boardName = WholeFile.word(kernel, root + "/tmp/sysinfo/board_name");
        if (boardName.isEmpty()) boardName = WholeFile.word(kernel, "/sys/class/dmi/id/board_name");
        put(board, "board_name", boardName);
        put(board, "rootfs_type", rootType());
        Table release = release();
        if (!release.isEmpty()) board.append("release", release);
        return board;
    }

    private static void put(Table into, String name, String value) {
        if (!value.isEmpty()) into.append(name, value);
    }

    private static String untilNul(String text) {
        int nul = text.indexOf('\0');
        return nul < 0 ? text : text.substring(0, nul);
    }

    private List<String> lines(String path) {
        List<String> lines = new ArrayList<>();
        String text;
        try {
            text = WholeFile.read(kernel, path, LARGE);
        } catch (SysException e) {
            return lines;
        }
        for (int from = 0; from < text.length(); ) {
            int to = text.indexOf('\n', from);
            if (to < 0) to = text.length();
            lines.add(text.substring(from, to));
            from = to + 1;
        }
        return lines;
    }

    private String processor() {
        String fallback = "";
        for (String line : lines("/proc/cpuinfo")) {
            int colon = line.indexOf(':');
            if (colon < 0) continue;
            String name = line.substring(0, colon).trim();
            String value = line.substring(colon + 1).trim();
            if (name.equals("system type") || name.equals("model name")) return value;
            if (fallback.isEmpty() && (name.equals("Processor") || name.equals("cpu") || name.equals("machine") || name.equals("isa"))) {
                fallback = value;
            }
        }
        // Some processors have no name there.
        return fallback.isEmpty() ? WholeFile.word(kernel, "/proc/sys/kernel/arch") : fallback;
    }

    private String rootType() {
        String type = "";
        for (String line : lines("/proc/self/mounts")) {
            int first = line.indexOf(' ');
            int second = line.indexOf(' ', first + 1);
            int third = line.indexOf(' ', second + 1);
            // The last one that is mounted there is the one that is seen.
            if (third > 0 && line.substring(first + 1, second).equals("/")) type = line.substring(second + 1, third);
        }
        return type;
    }

    /** The fields of a release: what they are called there, and in the files. */
    private static final String[][] RELEASE = {
        {"distribution", "DISTRIB_ID", "NAME"},
        {"version", "DISTRIB_RELEASE", "VERSION"},
        {"revision", "DISTRIB_REVISION", "BUILD_ID"},
        {"codename", "DISTRIB_CODENAME", "VERSION_CODENAME"},
        {"target", "DISTRIB_TARGET", "OPENWRT_BOARD"},
        {"description", "DISTRIB_DESCRIPTION", "PRETTY_NAME"},
    };

    private Table release() {
        List<String> lines = lines(root + "/etc/openwrt_release");
        int column = 1;
        if (lines.isEmpty()) {
            column = 2;
            for (String path : new String[] {root + "/usr/lib/os-release", root + "/etc/os-release", "/usr/lib/os-release",
                    "/etc/os-release"}) {
                if (lines.isEmpty()) lines = lines(path);
            }
        }
        Table found = new Table();
        for (String line : lines) {
            int equals = line.indexOf('=');
            if (equals > 0) found.put(line.substring(0, equals).trim(), unquoted(line.substring(equals + 1).trim()));
        }
        Table release = new Table();
        for (String[] field : RELEASE) {
            String value = found.text(field[column]);
            if (value != null) release.append(field[0], value);
        }
        return release;
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() > 1 && (value.startsWith("\"") || value.startsWith("'"))
                && value.charAt(value.length() - 1) == value.charAt(0);
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    // ---- how it is doing --------------------------------------------------------------------------------------------

    private Table info() {
        long seconds = kernel.realtimeNanos() / 1_000_000_000L;
        Table memory = memory();
        return new Table().append("localtime", seconds + kernel.zoneOffset(seconds))
                .append("uptime", number(WholeFile.word(kernel, "/proc/uptime"), 0))
                .append("load", load())
                .append("memory", new Table().append("total", bytes(memory, "MemTotal"))
                        .append("free", bytes(memory, "MemFree")).append("shared", bytes(memory, "Shmem"))
                        .append("buffered", bytes(memory, "Buffers")).append("available", bytes(memory, "MemAvailable"))
                        .append("cached", bytes(memory, "Cached")))
                .append("root", space("/")).append("tmp", space("/tmp"))
                .append("swap", new Table().append("total", bytes(memory, "SwapTotal")).append("free", bytes(memory, "SwapFree")));
    }

    private static Long number(String text, int from) {
        long number = 0;
        for (int i = from; i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9'; i++) {
            number = number * 10 + text.charAt(i) - '0';
        }
        return number;
    }

    private List<Object> load() {
        String text = WholeFile.word(kernel, "/proc/loadavg");
        List<Object> load = new ArrayList<>();
        int at = 0;
        for (int i = 0; i < 3; i++) {
            int point = text.indexOf('.', at);
            if (point < 0) break;
            load.add((number(text, at) * 100 + number(text, point + 1)) * LOAD_UNIT / 100);
            at = text.indexOf(' ', point) + 1;
        }
        return load;
    }

    /** {@code /proc/meminfo}: names and kB. */
    private Table memory() {
        Table memory = new Table();
        for (String line : lines("/proc/meminfo")) {
            int colon = line.indexOf(':');
            int digit = colon + 1;
            while (digit > 0 && digit < line.length() && line.charAt(digit) == ' ') digit++;
            if (colon > 0) memory.put(line.substring(0, colon), number(line, digit));
        }
        return memory;
    }

    private static Long bytes(Table memory, String name) {
        return memory.get(name) instanceof Long kilobytes ? kilobytes * 1024 : Long.valueOf(0);
    }

    private Table space(String path) {
        try {
            Space space = kernel.space(path);
            return new Table().append("total", space.total() / 1024).append("free", space.free() / 1024)
                    .append("used", (space.total() - space.free()) / 1024).append("avail", space.available() / 1024);
        } catch (SysException e) {
            return new Table();
        }
    }
}
