// SPDX-License-Identifier: Apache-2.0
package tools.runshow;

import java.util.ArrayList;
import java.util.List;
import perpetua.act.SmallFile;
import perpetua.chain.Chain;
import perpetua.cli.Args;
import perpetua.cli.Fatal;
import perpetua.cli.Numbers;
import perpetua.cli.Tool;
import perpetua.cli.Usage;
import perpetua.sys.Errno;
import perpetua.sys.Kernel;
import perpetua.sys.Limit;
import perpetua.sys.Resource;
import perpetua.sys.Signal;
import perpetua.sys.SysException;

/** runshow: show what a program is started with, then run it. */
public final class Runshow {
    static final Usage USAGE = Usage.of("runshow", "ej", "[-hV] [-e] [-j | --json] [program [args ...]]")
            .own().word("--json", 'j');
    public static final Tool TOOL = Tool.of(USAGE, Runshow::run);

    private static final String PROC = "/proc/self/";
    /** Places of /proc/self/stat, counted from behind the name. */
    private static final int TERMINAL = 4;
    private static final int NICE = 16;
    /** An id is unsigned. */
    private static final long ALL_BITS = 0xffffffffL;

    private final Kernel kernel;
    private final Facts facts;

    private Runshow(Kernel kernel, Facts facts) {
        this.kernel = kernel;
        this.facts = facts;
    }

    static int run(Args args, Kernel kernel, Chain chain) {
        Facts facts = args.has('j') ? new Json() : new Lines();
        Runshow show = new Runshow(kernel, facts);
        show.process();
        show.identity();
        show.limits();
        show.surroundings();
        show.signals();
        show.descriptors();
        if (args.has('e')) facts.each("environment", chain.environment().list());
        args.print(facts.end());
        return args.left() == 0 ? 0 : chain.exec(args.rest());
    }

    private void process() {
        facts.number("pid", kernel.pid());
        facts.number("parent", kernel.parentPid());
        facts.number("group", kernel.processGroup());
        facts.number("session", kernel.session());
        List<String> stat = words(behindName(file("stat")));
        facts.text("terminal", stat.size() > TERMINAL ? terminal(Numbers.decimal(stat.get(TERMINAL))) : "unknown");
        number("nice", stat.size() > NICE ? stat.get(NICE) : "");
        number("oom_score_adj", file("oom_score_adj").trim());
        facts.text("affinity", known(field(file("status"), "Cpus_allowed_list:")));
    }

    /** Of a text that may have a sign, or be missing. */
    private void number(String name, String text) {
        boolean negative = text.startsWith("-");
        long size = Numbers.decimal(negative ? text.substring(1) : text);
        if (text.isEmpty() || size == Numbers.NONE) facts.text(name, "unknown");
        else facts.number(name, negative ? -size : size);
    }

    private static String behindName(String stat) {
        return stat.substring(stat.lastIndexOf(')') + 1);
    }

    /** A device number in the way of the kernel. */
    private static String terminal(long number) {
        if (number <= 0) return "none";
        long major = number >> 8 & 0xfff;
        long minor = number & 0xff | number >> 12 & 0xfff00;
        // Pseudo terminals have the majors 136 to 143 on paper, and one with large minors in fact.
        if (major == 136) return "/dev/pts/" + minor;
        if (major == 4) return minor < 64 ? "/dev/tty" + minor : "/dev/ttyS" + (minor - 64);
        return major + ":" + minor;
    }

    private void identity() {
        facts.number("uid", kernel.userId() & ALL_BITS);
        facts.number("euid", kernel.effectiveUserId() & ALL_BITS);
        facts.number("gid", kernel.groupId() & ALL_BITS);
        facts.number("egid", kernel.effectiveGroupId() & ALL_BITS);
        try {
            facts.ids("groups", kernel.groups());
        } catch (SysException e) {
            throw Fatal.system("failure getgroups()", e);
        }
    }

    private void limits() {
        facts.open("limit");
        for (Resource resource : Resource.values()) {
            try {
                Limit limit = kernel.limit(resource);
                facts.limit(resource.name(), limit.soft(), limit.hard());
            } catch (SysException e) {
                if (!e.is(Errno.EINVAL)) throw Fatal.system("failure getrlimit() for resource " + resource.name(), e);
            }
        }
        facts.close();
    }

    private void surroundings() {
        // The kernel tells the mask only to who sets it.
        int mask = kernel.umask(0);
        kernel.umask(mask);
        facts.text("umask", "0" + Integer.toOctalString(01000 + mask).substring(1));
        facts.text("cwd", link("cwd"));
        facts.text("root", link("root"));
    }

    private void signals() {
        String status = file("status");
        facts.words("blocked", signals(field(status, "SigBlk:")));
        facts.words("ignored", signals(field(status, "SigIgn:")));
    }

    /** @param mask in hexadecimal, signal 1 the last bit */
    private static List<String> signals(String mask) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 4 * mask.length(); i++) {
            int digit = "0123456789abcdef".indexOf(mask.charAt(mask.length() - 1 - i / 4));
            if (digit < 0 || (digit >> i % 4 & 1) == 0) continue;
            String name = Signal.name(i + 1);
            names.add(name.equals("SIGUNKNOWN") ? String.valueOf(i + 1) : name.substring(3));
        }
        return names;
    }

    private void descriptors() {
        List<String> open = open();
        facts.open("fd");
        List<String> there = new ArrayList<>();
        for (String fd : open) {
            try {
                facts.text(fd, kernel.readLink(PROC + "fd/" + fd));
                there.add(fd);
            } catch (SysException closedSince) {
                // It was the one through which the folder was read.
            }
        }
        facts.close();
        facts.open("lock");
        for (String fd : there) {
            String info = file("fdinfo/" + fd);
            int at = info.indexOf("lock:");
            if (at < 0) continue;
            List<String> words = words(info.substring(at));
            // lock: 1: POSIX ADVISORY WRITE 4711 00:2a:815 0 EOF
            if (words.size() < 9) continue;
            facts.text(fd, words.get(2) + " " + words.get(4) + " " + words.get(7) + " " + words.get(8));
        }
        facts.close();
    }

    /** Sorted as numbers. */
    private List<String> open() {
        List<String> open = new ArrayList<>();
        try {
            for (String name : kernel.list(PROC + "fd")) {
                int at = open.size();
                while (at > 0 && Numbers.decimal(open.get(at - 1)) > Numbers.decimal(name)) at--;
                open.add(at, name);
            }
        } catch (SysException noProc) {
            // Then none can be told.
        }
        return open;
    }

    private String link(String name) {
        try {
            return kernel.readLink(PROC + name);
        } catch (SysException e) {
            return "unknown";
        }
    }

    /** The content of a file in {@code /proc/self}, empty where it can't be read. */
    private String file(String name) {
        try {
            return SmallFile.read(kernel, PROC + name);
        } catch (SysException e) {
            return "";
        }
    }

    private static String known(String text) {
        String value = text.trim();
        return value.isEmpty() ? "unknown" : value;
    }

    /** What stands behind the name, up to the end of its line. */
    private static String field(String text, String name) {
        int at = text.indexOf("\n" + name);
        if (at < 0) return "";
        int from = at + 1 + name.length();
        int to = text.indexOf('\n', from);
        return text.substring(from, to < 0 ? text.length() : to).trim();
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        int from = -1;
        for (int i = 0; i <= text.length(); i++) {
            boolean blank = i == text.length() || text.charAt(i) <= ' ';
            if (blank && from >= 0) words.add(text.substring(from, i));
            if (blank) from = -1;
            else if (from < 0) from = i;
        }
        return words;
    }
}
