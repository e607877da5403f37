// SPDX-License-Identifier: Apache-2.0
package tools.runchoom;

import java.util.List;
import perpetua.chain.Chain;
import perpetua.cli.Args;
import perpetua.cli.Fatal;
import perpetua.cli.Numbers;
import perpetua.cli.Tool;
import perpetua.cli.Usage;
import perpetua.sys.Bytes;
import perpetua.sys.Errno;
import perpetua.sys.Kernel;
import perpetua.sys.Open;
import perpetua.sys.SysException;

/** runchoom: run a program that the kernel's out-of-memory killer is to spare, or to take first. */
public final class Runchoom {
    static final Usage USAGE = Usage.of("runchoom", "b:ek:p:s:v",
            "[-hV] [-ev] [-b base] [-k key] [-p pid] [-s str] program [args ...]");
    public static final Tool TOOL = Tool.of(USAGE, Runchoom::run).judging(Runchoom::judge);

    /** The file of Linux before 2.6.36 and the range of its values; the lowest exempts from being killed. */
    private static final String OLD_KEY = "oom_adj";
    private static final int OLD_LEAST = -17;
    private static final int OLD_MOST = 15;
    /** The file of today, and where its range ends on both sides. */
    private static final String NEW_KEY = "oom_score_adj";
    private static final int NEW_MOST = 1000;

    /** perp's; what is longer it refuses, or does worse. */
    private static final int LONGEST_PATH = 251;
    private static final int LONGEST_SETTING = 254;

    private static void judge(char letter, String value) {
        if (letter == 'p' && pid(value) == Numbers.NONE) throw Fatal.usage("bad numeric argument for -p: " + value);
    }

    private static long pid(String text) {
        return Numbers.decimal(text, 0xffffffffL);
    }

    static int run(Args args, Kernel kernel, Chain chain) {
        List<String> program = args.program("missing required program argument");
        String base = setting(args, 'b', chain, "CHOOM_BASE", "/proc");
        if (!base.startsWith("/")) throw Fatal.usage("path base is not absolute (must begin with `/'): " + base);
        String key = setting(args, 'k', chain, "CHOOM_KEY", OLD_KEY);
        String value = setting(args, 's', chain, "CHOOM_SET", String.valueOf(OLD_LEAST));
        if (value.length() > LONGEST_SETTING) throw Fatal.usage("setting too long: " + value);
        long pid = args.has('p') ? pid(args.value('p')) : 0;
        String directory = base + "/" + (pid == 0 ? kernel.pid() : pid) + "/";
        configure(args, kernel, directory, key, value);
        return chain.exec(program);
    }

    private static String setting(Args args, char letter, Chain chain, String variable, String otherwise) {
        String value = args.value(letter, chain.environment().get(variable));
        return value == null ? otherwise : value;
    }

    private static void configure(Args args, Kernel kernel, String directory, String key, String value) {
        String path = directory + key;
        if (path.length() > LONGEST_PATH) {
            throw Fatal.system("path too long: " + path, new SysException(Errno.ENAMETOOLONG));
        }
        String act = "open() for";
        try {
            int fd;
            try {
                fd = kernel.open(path, Open.WRITE | Open.TRUNCATE, 0);
            } catch (SysException e) {
                if (!e.is(Errno.ENOENT) || !key.equals(OLD_KEY) || !exists(kernel, directory + NEW_KEY)) throw e;
                path = directory + NEW_KEY;
                value = converted(value);
                fd = kernel.open(path, Open.WRITE | Open.TRUNCATE, 0);
            }
            act = "write() to";
            try {
                byte[] line = Bytes.of(value + "\n");
                kernel.write(fd, line, 0, line.length);
            } finally {
                kernel.close(fd);
            }
            if (args.has('v')) args.tell("successfully configured " + path);
        } catch (SysException e) {
            String failure = "failure on " + act + " path: " + path;
            if (args.has('e')) throw Fatal.system(failure, e);
            if (args.has('v')) args.tell("ignoring " + failure + ": " + e.getMessage());
        }
    }

    private static boolean exists(Kernel kernel, String path) {
        try {
            kernel.stat(path);
            return true;
        } catch (SysException e) {
            return false;
        }
    }

    /** To the scale of the new file, as Linux did it as long as it had both; what is no old value stays as it is. */
    private static String converted(String value) {
        boolean negative = value.startsWith("-");
        long size = Numbers.decimal(negative ? value.substring(1) : value, 100);
        if (value.isEmpty() || size == Numbers.NONE) return value;
        long old = negative ? -size : size;
        if (old < OLD_LEAST || old > OLD_MOST) return value;
        return String.valueOf(old == OLD_MOST ? NEW_MOST : old * NEW_MOST / -OLD_LEAST);
    }
}
