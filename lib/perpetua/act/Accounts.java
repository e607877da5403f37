// SPDX-License-Identifier: Apache-2.0
package perpetua.act;

import java.util.List;
import perpetua.chain.Environment;
import perpetua.cli.Fatal;
import perpetua.cli.Numbers;
import perpetua.sys.Account;
import perpetua.sys.Bytes;
import perpetua.sys.Errno;
import perpetua.sys.Kernel;
import perpetua.sys.Reaped;
import perpetua.sys.Spawn;
import perpetua.sys.SysException;

/**
 * Accounts and groups by name. The native edition's C library reads /etc/passwd and /etc/group and nothing else, so
 * what it does not find there is asked of getent(1), which knows of directories on the network.
 */
public final class Accounts {
    private static final String GETENT = "/usr/bin/getent";
    /** The number that system calls take for no change. */
    private static final long UNCHANGED = 0xffffffffL;

    private Accounts() {
    }

    /** @return null if there is none of that name */
    public static Account find(Kernel kernel, String name) {
        try {
            Account account = kernel.account(name);
            if (account != null) return account;
        } catch (SysException e) {
            throw Fatal.system("failure looking up account " + name, e);
        }
        String[] fields = asked(kernel, "passwd", name, 7);
        if (fields == null) return null;
        long uid = number(fields[2]);
        long gid = number(fields[3]);
        if (uid == Numbers.NONE || gid == Numbers.NONE) return null;
        return new Account(fields[0], (int) uid, (int) gid, fields[5], fields[6]);
    }

    /** Tells the next program the account's numbers, in the variables GID and UID. */
    public static void export(Account account, Environment environment) {
        environment.set("GID", Integer.toUnsignedString(account.gid()));
        environment.set("UID", Integer.toUnsignedString(account.uid()));
    }

    /** @return its number, or -1 if there is none of that name */
    public static int findGroup(Kernel kernel, String name) {
        try {
            int gid = kernel.group(name);
            if (gid != -1) return gid;
        } catch (SysException e) {
            throw Fatal.system("failure looking up group " + name, e);
        }
        String[] fields = asked(kernel, "group", name, 4);
        long gid = fields == null ? Numbers.NONE : number(fields[2]);
        return gid == Numbers.NONE ? -1 : (int) gid;
    }

    /** The account of that name or, where there is none, of that number, known or not. @return null if it is neither */
    static Account named(Kernel kernel, String text) {
        Account account = find(kernel, text);
        long uid = account == null ? number(text) : Numbers.NONE;
        if (account != null || uid == Numbers.NONE || uid == UNCHANGED) return account;
        try {
            account = kernel.account((int) uid);
        } catch (SysException e) {
            throw Fatal.system("failure looking up account " + text, e);
        }
        return account == null ? new Account(text, (int) uid, (int) uid, "/", "") : account;
    }

    /** The group of that name or, where there is none, of that number, known or not. @return -1 if it is neither */
    public static int groupNamed(Kernel kernel, String text) {
        int gid = findGroup(kernel, text);
        return gid == -1 ? (int) number(text) : gid;
    }

    /** An id must be there: what a command line may leave empty would here be root. */
    private static long number(String field) {
        return field.isEmpty() ? Numbers.NONE : Numbers.decimal(field, 0xffffffffL);
    }

    /** The fields of what getent answers for exactly that name, or null. */
    private static String[] asked(Kernel kernel, String database, String name, int count) {
        // getent takes a number for an id, and a dash for an option: neither is a name.
        if (name.isEmpty() || name.charAt(0) == '-' || Numbers.decimal(name) != Numbers.NONE) return null;
        String answer = output(kernel, List.of(GETENT, database, name));
        if (!answer.startsWith(name + ":")) return null;
        int end = answer.indexOf('\n');
        String line = end < 0 ? answer : answer.substring(0, end);
        String[] fields = new String[count];
        int from = 0;
        for (int i = 0; i < count; i++) {
            int to = line.indexOf(':', from);
            if (to < 0) to = line.length();
            // A line with a field too few is none: half of an answer could name another account.
            if (from > to) return null;
            fields[i] = line.substring(from, to);
            from = to + 1;
        }
        return fields;
    }

    /** What a program prints; nothing if it can't be run or fails. */
    private static String output(Kernel kernel, List<String> argv) {
        try {
            if (!kernel.stat(argv.get(0)).isRegular()) return "";
            int[] pipe = kernel.pipe();
            int pid;
            String text;
            try {
                try {
                    pid = kernel.spawn(new Spawn(argv.get(0), argv).descriptor(1, pipe[1]));
                } finally {
                    kernel.close(pipe[1]);
                }
                text = rest(kernel, pipe[0]);
            } finally {
                // Before the wait: a child with more to say than the pipe holds would never end.
                kernel.close(pipe[0]);
            }
            boolean succeeded = succeeded(kernel, pid);
            return succeeded && text != null ? text : "";
        } catch (SysException e) {
            // Where there is no getent, or no room to ask it, the name is as unknown as before.
            return "";
        }
    }

    /** All that comes; null if it can't be read. */
    private static String rest(Kernel kernel, int fd) {
        StringBuilder text = new StringBuilder();
        byte[] buffer = new byte[4096];
        try {
            for (int count; (count = kernel.read(fd, buffer, 0, buffer.length)) > 0; ) {
                text.append(Bytes.text(buffer, 0, count));
            }
        } catch (SysException e) {
            return null;
        }
        return text.toString();
    }

    private static boolean succeeded(Kernel kernel, int pid) throws SysException {
        try {
            Reaped ended = kernel.await(pid);
            return ended.status() == 0 && ended.signal() == 0;
        } catch (SysException e) {
            // A caller who ignores SIGCHLD has left nobody to be waited for; then the answer must do.
            if (e.is(Errno.ECHILD)) return true;
            throw e;
        }
    }
}
