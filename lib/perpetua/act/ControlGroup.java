// SPDX-License-Identifier: Apache-2.0
package perpetua.act;

import perpetua.cli.Fatal;
import perpetua.cli.Numbers;
import perpetua.sys.Errno;
import perpetua.sys.Kernel;
import perpetua.sys.SysException;

/** A group of processes that share what cgroups(7), version 2, gives them: a directory. */
public final class ControlGroup {
    private final Kernel kernel;
    private final String directory;

    private ControlGroup(Kernel kernel, String directory) {
        this.kernel = kernel;
        this.directory = directory;
    }

    /**
     * @param base where the hierarchy is mounted; null to look for it
     * @param name from the hierarchy's root where it begins with a slash, otherwise from the group of this process
     * @throws Fatal where there is no hierarchy
     */
    public static ControlGroup of(Kernel kernel, String base, String name) {
        String mount = base == null ? mounted(kernel) : base;
        if (mount == null) throw Fatal.of("unable to use control group " + name + ": no cgroup v2 hierarchy available");
        String parent = name.startsWith("/") ? "" : own(kernel);
        return new ControlGroup(kernel, mount + (parent.equals("/") ? "" : parent) + (name.startsWith("/") ? "" : "/") + name);
    }

    public String directory() {
        return directory;
    }

    /** @return null if there is none */
    private static String mounted(Kernel kernel) {
        String text;
        try {
            text = SmallFile.read(kernel, "/proc/self/mountinfo");
        } catch (SysException e) {
            return null;
        }
        for (int from = 0; from < text.length(); ) {
            int end = text.indexOf('\n', from);
            if (end < 0) end = text.length();
            String line = text.substring(from, end);
            if (line.contains(" - cgroup2 ")) return field(line, 4);
            from = end + 1;
        }
        return null;
    }

    private static String field(String line, int number) {
        int from = 0;
        for (int i = 0; i < number; i++) from = line.indexOf(' ', from) + 1;
        return line.substring(from, line.indexOf(' ', from));
    }

    /** The group of this process in the hierarchy of version 2. */
    private static String own(Kernel kernel) {
        String text;
        try {
            text = SmallFile.read(kernel, "/proc/self/cgroup");
        } catch (SysException e) {
            throw Fatal.system("unable to ask for the control group of this process", e);
        }
        int at = text.startsWith("0::") ? 0 : text.indexOf("\n0::") + 1;
        if (!text.startsWith("0::", at)) return "/";
        int end = text.indexOf('\n', at);
        return text.substring(at + 3, end < 0 ? text.length() : end);
    }

    public boolean exists() {
        try {
            return kernel.stat(directory).isDirectory();
        } catch (SysException e) {
            return false;
        }
    }

    /** Makes it where it is not there yet; the group above it must be. @throws Fatal if that is refused */
    public void make() {
        try {
            kernel.makeDirectory(directory, 0755);
        } catch (SysException e) {
            if (!e.is(Errno.EEXIST)) throw Fatal.system("unable to make control group " + directory, e);
        }
    }

    /**
     * Sets one of its limits; the controller is enabled in the group above it where it is not yet.
     *
     * @param file such as {@code memory.max}: a controller, a dot, and what it has
     * @throws Fatal if that is refused
     */
    public void set(String file, String value) {
        enable(file.substring(0, file.indexOf('.')));
        try {
            SmallFile.write(kernel, directory + "/" + file, value);
        } catch (SysException e) {
            throw Fatal.system("unable to set " + file + " of control group " + directory + " to " + value, e);
        }
    }

    private void enable(String controller) {
        String parent = directory.substring(0, directory.lastIndexOf('/'));
        String file = parent + "/cgroup.subtree_control";
        try {
            if ((" " + SmallFile.read(kernel, file).trim() + " ").contains(" " + controller + " ")) return;
            String available = SmallFile.read(kernel, parent + "/cgroup.controllers");
            if (!(" " + available.trim() + " ").contains(" " + controller + " ")) {
                throw Fatal.of("unable to enable controller " + controller + " in " + parent + ": it is not available there");
            }
            SmallFile.write(kernel, file, "+" + controller);
        } catch (SysException e) {
            throw Fatal.system("unable to enable controller " + controller + " in " + parent, e);
        }
    }

    /** Puts this process there, and so the program that it becomes. @throws Fatal if that is refused */
    public void enter() {
        try {
            SmallFile.write(kernel, directory + "/cgroup.procs", "0");
        } catch (SysException e) {
            throw Fatal.system("unable to enter control group " + directory, e);
        }
    }

    /** How many of its processes the kernel has killed for want of memory, up to now; 0 where it does not tell. */
    public long outOfMemoryKills() {
        try {
            String events = SmallFile.read(kernel, directory + "/memory.events");
            int at = events.startsWith("oom_kill ") ? 0 : events.indexOf("\noom_kill ") + 1;
            if (!events.startsWith("oom_kill ", at)) return 0;
            int from = at + "oom_kill ".length();
            int end = events.indexOf('\n', from);
            return Math.max(0, Numbers.decimal(events.substring(from, end < 0 ? events.length() : end)));
        } catch (SysException none) {
            return 0;
        }
    }
}
