// SPDX-License-Identifier: Apache-2.0
package perpetua.procd;

import java.util.ArrayList;
import java.util.List;
import perpetua.bus.Table;

/**
 * The process of an instance as an exec chain of run tools: each of them does what the description asks for, and the command is
 * the last link. A description that asks for nothing is the command alone.
 */
final class Command {
    private static final String LIMITS = " as core cpu data fsize memlock nofile nproc rss stack nice rtprio msgqueue sigpending ";

    private Command() {
    }

    /** @param tools the folder of the run tools, with a slash behind it */
    static List<String> of(Description description, String tools) {
        List<String> words = new ArrayList<>();
        if (description.nice != 0) {
            words.add("nice");
            words.add("-n");
            words.add(Integer.toString(description.nice));
        }
        Table limits = description.limits;
        for (int i = 0; i < limits.size(); i++) {
            String limit = limit(limits.name(i), limits.value(i));
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

    /** {@code name=soft:hard} as runlimit takes it; null for what is no limit, which is ignored. */
    private static String limit(String name, Object value) {
        if (!LIMITS.contains(" " + name + " ") || !(value instanceof String text)) return null;
        String both = text.trim();
        int blank = both.indexOf(' ');
        String soft = number(blank < 0 ? both : both.substring(0, blank));
        String hard = blank < 0 ? null : number(both.substring(blank).trim());
        if (soft == null || blank >= 0 && hard == null) return null;
        if (soft.equals("unlimited") && hard == null) hard = soft;
        return name + "=" + soft + (hard == null ? "" : ":" + hard);
    }

    private static String number(String text) {
        if (text.equals("unlimited")) return text;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') return null;
        }
        return text.isEmpty() || text.length() > 18 ? null : text;
    }
}
