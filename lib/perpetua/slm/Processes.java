// SPDX-License-Identifier: Apache-2.0
package perpetua.slm;

import java.util.ArrayList;
import java.util.List;
import perpetua.act.CapabilitySet;
import perpetua.act.SmallFile;
import perpetua.cli.Numbers;
import perpetua.sys.FileStat;
import perpetua.sys.Kernel;
import perpetua.sys.Receiving;
import perpetua.sys.SysException;

/** What proc(5) shows of processes. What can't be read, since it has ended meanwhile, is not there. */
final class Processes {
    /** In the line of stat, counted from behind the name in brackets, which may hold anything. */
    private static final int STATE = 0;
    private static final int PARENT = 1;
    private static final int STARTED = 19;
    /** In a line of /proc/net/unix, and one of /proc/net/tcp: a socket that takes connections. */
    private static final String LISTENS_UNIX = "00010000";
    private static final String LISTENS_TCP = "0A";

    private final Kernel kernel;

    Processes(Kernel kernel) {
        this.kernel = kernel;
    }

    private String read(String path) {
        try {
            return SmallFile.read(kernel, path);
        } catch (SysException e) {
            return "";
        }
    }

    private List<String> list(String directory) {
        try {
            return kernel.list(directory);
        } catch (SysException e) {
            return List.of();
        }
    }

    /** Every pid that there is. */
    private List<Integer> all() {
        List<Integer> pids = new ArrayList<>();
        for (String name : list("/proc")) {
            if (name.charAt(0) >= '1' && name.charAt(0) <= '9') pids.add((int) Numbers.decimal(name, Integer.MAX_VALUE));
        }
        return pids;
    }

    private String field(String directory, int number) {
        String line = read(directory + "/stat");
        int at = line.lastIndexOf(')') + 2;
        for (int i = 0; i < number && at > 1; i++) at = line.indexOf(' ', at) + 1;
        int end = at > 1 ? line.indexOf(' ', at) : -1;
        return end < 0 ? "" : line.substring(at, end);
    }

    /** When it was started, in a unit of the kernel's; with the pid, it is that process and no later one. -1 if it is gone. */
    long started(int pid) {
        String field = field("/proc/" + pid, STARTED);
        return field.isEmpty() || field("/proc/" + pid, STATE).equals("Z") ? -1 : Numbers.decimal(field);
    }

    /** All that descends from it at the moment, the deepest first. */
    List<Integer> descendants(int pid) {
        List<Integer> pids = all();
        int[] parents = new int[pids.size()];
        for (int i = 0; i < parents.length; i++) {
            String parent = field("/proc/" + pids.get(i), PARENT);
            parents[i] = parent.isEmpty() || pids.get(i) == pid ? -1 : (int) Numbers.decimal(parent);
        }
        List<Integer> found = new ArrayList<>(List.of(pid));
        for (int at = 0; at < found.size(); at++) {
            for (int i = 0; i < parents.length; i++) {
                if (parents[i] != found.get(at)) continue;
                found.add(pids.get(i));
                // Each once: read at different moments, a pid that came again could seem to be its own ancestor.
                parents[i] = -1;
            }
        }
        List<Integer> deepestFirst = new ArrayList<>();
        for (int i = found.size() - 1; i > 0; i--) deepestFirst.add(found.get(i));
        return deepestFirst;
    }

    /**
     * A process of that program and exactly these arguments.
     *
     * @param words from argv[0] on
     * @param taken those that are somebody's already
     * @return 0 if there is none
     */
    int find(String program, List<String> words, List<Integer> taken) {
        FileStat wanted;
        try {
            wanted = kernel.stat(program);
        } catch (SysException e) {
            return 0;
        }
        StringBuilder line = new StringBuilder();
        for (int i = 1; i < words.size(); i++) line.append('\0').append(words.get(i));
        line.append('\0');
        for (int pid : all()) {
            if (pid == kernel.pid() || taken.contains(pid)) continue;
            String command = read("/proc/" + pid + "/cmdline");
            int first = command.indexOf('\0');
            if (first < 0 || !command.substring(first).equals(line.toString())) continue;
            try {
                if (kernel.stat("/proc/" + pid + "/exe").isSameFile(wanted) && started(pid) >= 0) return pid;
            } catch (SysException notOurs) {
                // Or it has just ended.
            }
        }
        return 0;
    }

    /** Whether a thread of it sleeps until somebody sends it something. @param number by the order of their start, from 1 on */
    boolean receives(int pid, int number) {
        List<Integer> threads = new ArrayList<>();
        for (String name : list("/proc/" + pid + "/task")) threads.add((int) Numbers.decimal(name, Integer.MAX_VALUE));
        threads.sort(null);
        if (number > threads.size()) return false;
        String thread = "/proc/" + pid + "/task/" + threads.get(number - 1);
        if (!field(thread, STATE).equals("S")) return false;
        String call = read(thread + "/syscall").trim();
        int end = call.indexOf(' ');
        long system = end <= 0 ? Numbers.NONE : Numbers.decimal(call.substring(0, end));
        if (system == Numbers.NONE) return false;
        Receiving receiving = kernel.receiving(system);
        if (receiving != Receiving.READS) return receiving == Receiving.YES;
        int argument = call.indexOf(' ', end + 1);
        long fd = Numbers.anyBase(call.substring(end + 1, argument < 0 ? call.length() : argument));
        return fd >= 0 && isChannel("/proc/" + pid + "/fd/" + fd);
    }

    private boolean isChannel(String descriptor) {
        try {
            String target = kernel.readLink(descriptor);
            return target.startsWith("socket:") || target.startsWith("pipe:");
        } catch (SysException e) {
            return false;
        }
    }

    /** Whether it, or what descends from it, takes connections there. @param where a path, or the number of a port */
    boolean listens(int pid, String where) {
        List<String> sockets = where.indexOf('/') >= 0 ? unixSockets(where) : ports(where);
        if (sockets.isEmpty()) return false;
        List<Integer> pids = descendants(pid);
        pids.add(pid);
        for (int each : pids) {
            String directory = "/proc/" + each + "/fd";
            for (String fd : list(directory)) {
                try {
                    if (sockets.contains(kernel.readLink(directory + "/" + fd))) return true;
                } catch (SysException closedMeanwhile) {
                    // Then it is none of them.
                }
            }
        }
        return false;
    }

    private List<String> unixSockets(String path) {
        List<String> sockets = new ArrayList<>();
        for (List<String> line : table("/proc/net/unix")) {
            if (line.size() > 7 && line.get(3).equals(LISTENS_UNIX) && line.get(7).equals(path)) {
                sockets.add("socket:[" + line.get(6) + "]");
            }
        }
        return sockets;
    }

    private List<String> ports(String port) {
        List<String> sockets = new ArrayList<>();
        long number = port.isEmpty() ? Numbers.NONE : Numbers.decimal(port, 65535);
        if (number == Numbers.NONE) return sockets;
        String end = ":" + Integer.toHexString((int) (0x10000 + number)).substring(1);
        for (String file : new String[] {"/proc/net/tcp", "/proc/net/tcp6"}) {
            for (List<String> line : table(file)) {
                boolean listens = line.size() > 9 && line.get(3).equals(LISTENS_TCP);
                if (listens && CapabilitySet.small(line.get(1)).endsWith(end)) {
                    sockets.add("socket:[" + line.get(9) + "]");
                }
            }
        }
        return sockets;
    }

    private List<List<String>> table(String file) {
        List<List<String>> lines = new ArrayList<>();
        String text = read(file);
        for (int from = 0; from < text.length(); ) {
            int end = text.indexOf('\n', from);
            if (end < 0) end = text.length();
            List<String> words = new ArrayList<>();
            for (int at = from; at < end; ) {
                while (at < end && text.charAt(at) == ' ') at++;
                int word = at;
                while (at < end && text.charAt(at) != ' ') at++;
                if (at > word) words.add(text.substring(word, at));
            }
            lines.add(words);
            from = end + 1;
        }
        return lines;
    }
}
