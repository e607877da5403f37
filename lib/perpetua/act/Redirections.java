// SPDX-License-Identifier: Apache-2.0
package perpetua.act;

import perpetua.cli.Fatal;
import perpetua.cli.Numbers;
import perpetua.sys.Kernel;
import perpetua.sys.Open;
import perpetua.sys.SysException;

/**
 * What a program's descriptors are to be, as runtool -F takes it: {@code 0<%:1>/var/log/x:2=1:7=!}. Each part is a
 * descriptor, an operator and a target; a path can hold no colon (spec/perp.md section 6, runtool).
 */
public final class Redirections {
    private static final String NOWHERE = "/dev/null";

    /** Whoever is told of a failure that ends nothing. */
    public interface Warning {
        void say(String sentence);
    }

    private Redirections() {
    }

    /** Does it from left to right, as read. @throws Fatal at the first part that is wrong or fails */
    public static void apply(Kernel kernel, String fdset, Warning warning) {
        apply(kernel, fdset, 9, warning);
    }

    /** The same, with descriptors of any number up to {@code most}; perp knows those of one digit. */
    public static void apply(Kernel kernel, String fdset, int most, Warning warning) {
        String in = " in fdset argument " + fdset;
        int from = 0;
        while (from < fdset.length()) {
            int at = from;
            while (at < fdset.length() && isDigit(fdset.charAt(at)) && (at == from || most > 9)) at++;
            long fd = at == from ? Numbers.NONE : Numbers.decimal(fdset.substring(from, at), most);
            if (fd == Numbers.NONE) throw Fatal.usage("bad fd numeral" + in);
            char operator = at < fdset.length() ? fdset.charAt(at) : ':';
            if ("<>+=".indexOf(operator) < 0) throw Fatal.usage("bad op format" + in);
            int to = fdset.indexOf(':', at + 1);
            if (to < 0) to = fdset.length();
            String target = fdset.substring(at + 1, to);
            if (target.isEmpty()) throw Fatal.usage("empty target" + in);
            if (operator != '=') {
                open(kernel, (int) fd, operator, target);
            } else if (target.length() > 1 && most == 9) {
                throw Fatal.usage("bad duplication target" + in);
            } else if (target.equals("!")) {
                close(kernel, (int) fd, warning);
            } else {
                long source = Numbers.decimal(target, most);
                if (source == Numbers.NONE) throw Fatal.usage("bad fd target for fdset duplication");
                duplicate(kernel, (int) source, (int) fd, "failure duplicating file descriptor");
            }
            from = to + 1;
        }
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static void close(Kernel kernel, int fd, Warning warning) {
        try {
            kernel.close(fd);
        } catch (SysException wasNotOpen) {
            warning.say("failure on closing file descriptor");
        }
    }

    private static void open(Kernel kernel, int fd, char operator, String target) {
        String path = target.equals("%") ? NOWHERE : target;
        if (path.charAt(0) != '/' && path.charAt(0) != '.') {
            throw Fatal.usage("bad target specification in fdset argument " + target);
        }
        int how = operator == '<' ? Open.READ
                : Open.WRITE | Open.CREATE | Open.APPEND | (operator == '>' ? Open.TRUNCATE : 0);
        int opened;
        try {
            opened = kernel.open(path, how | Open.INHERIT, 0600);
        } catch (SysException e) {
            String direction = operator == '<' ? "input" : "output";
            throw Fatal.system("failure opening " + path + " for " + direction + " redirection", e);
        }
        if (opened == fd) return;
        duplicate(kernel, opened, fd, "failure duplicating file descriptor for " + path);
        kernel.closeQuietly(opened);
    }

    private static void duplicate(Kernel kernel, int source, int fd, String sentence) {
        if (source == fd) return;
        try {
            kernel.duplicate(source, fd);
        } catch (SysException e) {
            throw Fatal.system(sentence, e);
        }
    }
}
