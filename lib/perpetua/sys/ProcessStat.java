// SPDX-License-Identifier: Apache-2.0
package perpetua.sys;

/**
 * What the kernel tells of any process: proc(5), /proc/pid/stat.
 *
 * @param pid which
 * @param ended whether it has ended and was not collected yet
 * @param parent its parent's pid
 * @param session the pid of its session's leader
 * @param started when, in the kernel's ticks since the machine was; with the pid it tells a process from all others of this
 *     boot, since a pid comes back and a moment does not
 */
public record ProcessStat(int pid, boolean ended, int parent, int session, long started) {
    /** Which field {@code started} is, counted from the state on, that follows the name in parentheses. */
    private static final int START_TIME = 19;

    /** @param text the content of /proc/pid/stat; a name may hold blanks and parentheses. @return null if it is none */
    static ProcessStat of(int pid, String text) {
        int at = text.lastIndexOf(')') + 2;
        if (at < 2 || at >= text.length()) return null;
        long[] fields = new long[START_TIME + 1];
        char state = text.charAt(at++);
        for (int i = 1; i < fields.length; i++) {
            if (++at > text.length()) return null;
            boolean negative = at < text.length() && text.charAt(at) == '-';
            if (negative) at++;
            for (; at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9'; at++) {
                fields[i] = fields[i] * 10 + text.charAt(at) - '0';
            }
            if (negative) fields[i] = -fields[i];
        }
        return new ProcessStat(pid, state == 'Z' || state == 'X', (int) fields[1], (int) fields[3], fields[START_TIME]);
    }
}
