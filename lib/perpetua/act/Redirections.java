// SPDX-License-Identifier: Apache-2.0
package perpetua.act;

import perpetua.cli.Fatal;
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
        String in = " in fdset argument " + fdset;
        int from = 0;
        while (from < fdset.length()) {
            int fd = fdset.charAt(from) - '0';
            if (fd < 0 || fd > 9) throw Fatal.usage("bad fd numeral" + in);
            char operator = from + 1 < fdset.length() ? fdset.charAt(from + 1) : ':';
            if ("<>+=".indexOf(operator) < 0) throw Fatal.usage("bad op format" + in);
            int to = fdset.indexOf(':', from + 2);
            if (to < 0) to = fdset.length();
            String target = fdset.substring(from + 2, to);
            if (target.isEmpty()) throw Fatal.usage("empty target" + in);
            if (operator != '=') {
                open(kernel, fd, operator, target);
            } else if (target.length() > 1) {
                throw Fatal.usage("bad duplication target" + in);
            } else if (target.equals("!")) {
                close(kernel, fd, warning);
            } else {
                int source = target.charAt(0) - '0';
                if (source < 0 || source > 9) throw Fatal.usage("bad fd target for fdset duplication");
                duplicate(kernel, source, fd, "failure duplicating file descriptor");
            }
            from = to + 1;
        }
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
        try {
            kernel.close(opened);
        } catch (SysException closedAllTheSame) {
            // Nothing was written through it.
        }
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
