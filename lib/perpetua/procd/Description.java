// SPDX-License-Identifier: Apache-2.0
package perpetua.procd;

import java.util.ArrayList;
import java.util.List;
import perpetua.bus.Table;

/**
 * What an init script says of one instance: spec/procd.md section 3.3. A field of the wrong type counts as absent; a
 * member of the wrong type makes the description invalid, which is kept all the same, and shown with its reason.
 */
final class Description {
    static final int DEFAULT_TERM_SECONDS = 5;
    private static final int DEFAULT_THRESHOLD = 3600;
    private static final int DEFAULT_PAUSE = 5;
    private static final int DEFAULT_RETRY = 5;
    private static final int DEFAULT_WATCH_SECONDS = 30;
    private static final int MOST_WATCH_MODE = 2;

    /** Features of other systems: kept, compared, and said to do nothing. */
    private static final String[] FOREIGN = {
        "no_new_privs", "seccomp", "capabilities", "jail", "trace", "extroot", "overlaydir", "tmpoverlaysize", "bundle",
        "vrf",
    };

    /**
     * When and how often it is started again.
     *
     * @param threshold seconds: a shorter run counts as a failure
     * @param pause seconds before the next start; less than 0 is none
     * @param retry how many failures in a row are borne; 0 or less: any number
     */
    record Respawn(int threshold, int pause, int retry) {
    }

    /** Null if there is none. */
    final List<String> command;
    final Respawn respawn;
    final Table env;
    final Table limits;
    /** As last told: a service may change it without a description. */
    Table data;
    final List<String> files;
    final List<String> devices;
    final String user;
    final String group;
    /** A number of syslog. */
    final int facility;
    final String pidfile;
    final boolean stdout;
    final boolean stderr;
    final int reloadSignal;
    final int termSeconds;
    final int nice;
    /** Null if the description does not say. */
    final List<Object> triggers;
    final Table foreign;
    /** 0 is off. */
    final int watchMode;
    final int watchSeconds;
    /** Why it is not to be started, as the script says. */
    final List<String> errors;
    /** Why it can't be, as we say. */
    final List<String> reasons = new ArrayList<>();

    /** What {@link #files}, {@link #devices}, user and group were when it came. */
    private final Table found = new Table();

    private Description(Table fields, Surroundings around) {
        command = strings(fields, "command");
        if (command != null && command.isEmpty()) reasons.add("command is empty");
        respawn = respawn(fields.array("respawn"));
        env = texts(fields, "env");
        limits = texts(fields, "limits");
        data = fields.table("data") == null ? new Table() : fields.table("data").sorted();
        files = sorted(fields, "file");
        devices = sorted(fields, "netdev");
        errors = sorted(fields, "error");
        user = name(fields, "user");
        group = name(fields, "group");
        facility = Journal.facility(fields.text("facility"));
        pidfile = fields.text("pidfile");
        stdout = Boolean.TRUE.equals(fields.bool("stdout"));
        stderr = Boolean.TRUE.equals(fields.bool("stderr"));
        reloadSignal = integer(fields, "reload_signal", 0);
        termSeconds = integer(fields, "term_timeout", DEFAULT_TERM_SECONDS);
        nice = integer(fields, "nice", 0);
        if (nice < -20 || nice > 19 + 1) reasons.add("nice is out of range");
        triggers = fields.array("triggers");
        foreign = new Table();
        for (String name : FOREIGN) {
            // Not to be asked for is what false says.
            if (fields.has(name) && !Boolean.FALSE.equals(fields.get(name))) foreign.append(name, fields.get(name));
        }
        List<Object> watchdog = fields.array("watchdog");
        int mode = watchdog == null || watchdog.isEmpty() ? 0 : number(watchdog.get(0));
        int seconds = watchdog == null || watchdog.size() < 2 ? DEFAULT_WATCH_SECONDS : number(watchdog.get(1));
        watchMode = mode < 0 || mode > MOST_WATCH_MODE ? 0 : mode;
        watchSeconds = watchdog == null ? 0 : seconds <= 0 ? DEFAULT_WATCH_SECONDS : seconds;
        Table jail = fields.table("jail");
        if (jail != null && Boolean.TRUE.equals(jail.bool("requirejail"))) reasons.add("there is no jail here");
        for (String file : files) found.put("file " + file, around.digest(file));
        for (String device : devices) found.put("netdev " + device, (long) around.deviceIndex(device));
        if (user != null || group != null) {
            try {
                found.put("ids", around.ids(user, group));
            } catch (Surroundings.Unknown e) {
                reasons.add(e.getMessage());
            }
        }
    }

    static Description of(Table fields, Surroundings around) {
        return new Description(fields, around);
    }

    /** Empty, it is none. */
    private static String name(Table fields, String which) {
        String name = fields.text(which);
        return name == null || name.isEmpty() ? null : name;
    }

    private static int integer(Table fields, String name, int otherwise) {
        Integer value = fields.integer(name);
        return value == null ? otherwise : value;
    }

    private List<String> strings(Table fields, String name) {
        List<Object> array = fields.array(name);
        if (array == null) return null;
        List<String> strings = new ArrayList<>(array.size());
        for (Object element : array) {
            if (element instanceof String text) strings.add(text);
            else reasons.add(name + " holds what is no string");
        }
        return strings;
    }

    private List<String> sorted(Table fields, String name) {
        List<String> strings = strings(fields, name);
        if (strings == null) return List.of();
        strings.sort(null);
        for (int i = strings.size() - 1; i > 0; i--) {
            if (strings.get(i).equals(strings.get(i - 1))) strings.remove(i);
        }
        return strings;
    }

    private Table texts(Table fields, String name) {
        Table table = fields.table(name);
        if (table == null) return new Table();
        for (int i = 0; i < table.size(); i++) {
            if (!(table.value(i) instanceof String)) reasons.add(name + " holds what is no string");
        }
        return table.sorted();
    }

    private static Respawn respawn(List<Object> values) {
        if (values == null) return null;
        int[] numbers = {DEFAULT_THRESHOLD, DEFAULT_PAUSE, DEFAULT_RETRY};
        for (int i = 0; i < Math.min(values.size(), numbers.length); i++) numbers[i] = number(values.get(i));
        return new Respawn(numbers[0], numbers[1], numbers[2]);
    }

    /** As atoi(3) reads it: blanks before it and what follows the digits do not matter, and without any it is 0. */
    private static int number(Object value) {
        if (value instanceof Long whole) return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, whole));
        if (!(value instanceof String given)) return 0;
        String text = given.trim();
        int at = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
        long number = 0;
        for (; at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9'; at++) {
            number = Math.min(Integer.MAX_VALUE, number * 10 + text.charAt(at) - '0');
        }
        return (int) (text.startsWith("-") ? -number : number);
    }

    /** Whether a process may be started from it. */
    boolean isRunnable() {
        return command != null && errors.isEmpty() && reasons.isEmpty();
    }

    /** Why it is not {@link #isRunnable}. */
    String hindrance() {
        if (command == null) return "missing command";
        return errors.isEmpty() ? reasons.get(0) : "error " + errors.get(0);
    }

    /** Whether both say the same (section 3.5), what they name in the world included. */
    boolean isLike(Description other) {
        return equal(command, other.command) && equal(respawn, other.respawn) && env.equals(other.env)
                && limits.equals(other.limits) && errors.equals(other.errors) && files.equals(other.files)
                && devices.equals(other.devices) && found.equals(other.found) && equal(user, other.user)
                && equal(group, other.group) && facility == other.facility && equal(pidfile, other.pidfile)
                && stdout == other.stdout && stderr == other.stderr && reloadSignal == other.reloadSignal
                && termSeconds == other.termSeconds && nice == other.nice && foreign.equals(other.foreign)
                && reasons.equals(other.reasons);
    }

    private static boolean equal(Object one, Object other) {
        return one == null ? other == null : one.equals(other);
    }

    /** Adds its fields to what is listed, in the order of section 3.7. */
    void show(Table into, Respawn respawning, boolean verbose) {
        List<String> why = new ArrayList<>(errors);
        why.addAll(reasons);
        if (!why.isEmpty()) into.append("errors", why);
        if (!env.isEmpty()) into.append("env", env);
        if (!data.isEmpty()) into.append("data", data);
        if (!limits.isEmpty()) into.append("limits", limits);
        if (!devices.isEmpty()) into.append("netdev", devices);
        if (reloadSignal != 0) into.append("reload_signal", (long) reloadSignal);
        if (respawning != null) {
            into.append("respawn", new Table().append("threshold", (long) respawning.threshold())
                    .append("timeout", (long) respawning.pause()).append("retry", (long) respawning.retry()));
        }
        for (String name : new String[] {"trace", "no_new_privs"}) {
            if (Boolean.TRUE.equals(foreign.bool(name))) into.append(name, true);
        }
        for (String name : new String[] {"seccomp", "capabilities"}) {
            if (foreign.text(name) != null) into.append(name, foreign.text(name));
        }
        if (pidfile != null) into.append("pidfile", pidfile);
        if (user != null) into.append("user", user);
        if (group != null) into.append("group", group);
        if (verbose && triggers != null) into.append("triggers", triggers);
    }
}
