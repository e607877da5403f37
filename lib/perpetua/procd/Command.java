// SPDX-License-Identifier: Apache-2.0
package perpetua.procd;

import java.util.ArrayList;
import java.util.List;
import perpetua.bus.Table;
import perpetua.sys.Limit;

/**
 * The process of an instance as an exec chain of run tools: each of them does what the description asks for, and the command is
 * the last link. A description that asks for nothing is the command alone.
 */
final class Command {
    private static final String LIMITS = " as core cpu data fsize memlock nofile nproc rss stack nice rtprio msgqueue sigpending ";

    /** What the daemon passes on to its children, and could. */
    interface Bounds {
        /** The daemon's own nice value. */
        int nice();

        /**
         * Whether a process of the daemon could have these limits: one that can't is ignored.
         *
         * @param name in capital letters
         * @param keepsHard whether the hard limit is to be as it is
         */
        boolean takes(String name, long soft, long hard, boolean keepsHard);
    }

    private Command() {
    }

    /** @param tools the folder of the run tools, with a slash behind it */
    static List<String> of(Description description, String tools, Bounds bounds) {
        List<String> words = new ArrayList<>();
        if (description.nice != 0) {
            words.add("nice");
            words.add("-n");
            // That program adds to what it has.
            words.add(Integer.toString(description.nice - bounds.nice()));
        }
        Table limits = description.limits;
        for (int i = 0; i < limits.size(); i++) {
            String limit = limit(limits.name(i), limits.value(i), bounds);
            if (limit == null) continue;
            if (words.isEmpty() || !words.contains("-R")) words.add(tools + "runlimit");
            words.add("-R");
            words.add(limit);
        }
        if (description.user != null || description.group != null) {
            words.add(tools + "runuid");
            words.add("-s");
            if (description.group != null) {
                words.add("-g");
                words.add(description.group);
            }
            words.add(description.user == null ? "0" : description.user);
        }
        words.addAll(description.command);
        return words;
    }

    /**
     * {@code name=soft:hard} as runlimit takes it; null for what is no limit, or one that can't be set: it is ignored. Behind the
     * soft limit, and behind the hard one, anything may stand that is no digit.
     */
    private static String limit(String name, Object value, Bounds bounds) {
        if (!LIMITS.contains(" " + name + " ") || !(value instanceof String text)) return null;
        StringBuilder capitals = new StringBuilder();
        for (int i = 0; i < name.length(); i++) capitals.append((char) (name.charAt(i) - 32));
        if (text.equals("unlimited")) {
            return bounds.takes(capitals.toString(), Limit.INFINITY, Limit.INFINITY, false) ? name + "=unlimited:unlimited" : null;
        }
        int from = blanks(text, 0);
        int to = digits(text, from);
        int next = blanks(text, to);
        int end = next == to ? to : digits(text, next);
        long soft = number(text.substring(from, to));
        long hard = end > next ? number(text.substring(next, end)) : 0;
        if (to == from || soft < 0 || hard < 0 || !bounds.takes(capitals.toString(), soft, hard, end <= next)) return null;
        return name + "=" + soft + (end > next ? ":" + hard : "");
    }

    private static int blanks(String text, int at) {
        while (at < text.length() && text.charAt(at) <= ' ') at++;
        return at;
    }

    private static int digits(String text, int at) {
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') at++;
        return at;
    }

    /** @return -1 if it is too large */
    private static long number(String digits) {
        return digits.length() > 18 ? -1 : digits.isEmpty() ? 0 : Long.parseLong(digits);
    }
}
