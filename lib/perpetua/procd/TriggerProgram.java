// SPDX-License-Identifier: Apache-2.0
package perpetua.procd;

import java.util.ArrayList;
import java.util.List;
import perpetua.bus.Table;
import perpetua.text.ExtendedRegex;

/** What a trigger does when its event comes: the small language of spec/procd.md section 4.3, run once. */
final class TriggerProgram {
    /** What it asks of the world. */
    interface Host {
        boolean isDirectory(String path);

        /** To be run, later: section 4.4. */
        void run(List<String> command);

        void log(String sentence);
    }

    /** An expression that is none, or a text that can't be filled in: the command around it does nothing. */
    private static final class Malformed extends Exception {
        Malformed(String why) {
            super(why, null, false, false);
        }
    }

    private final Table variables;
    private final Host host;

    private TriggerProgram(Table variables, Host host) {
        this.variables = variables;
        this.host = host;
    }

    static void run(List<?> program, Table variables, Host host) {
        new TriggerProgram(variables, host).program(program);
    }

    /** Whether an event is one that a trigger waits for. A pattern with {@code .*} takes all that begins with what is before it. */
    static boolean matches(String pattern, String event) {
        int star = pattern.indexOf(".*");
        return star < 0 ? pattern.equals(event) : event.startsWith(pattern.substring(0, star));
    }

    /** @return whether to go on */
    private boolean program(List<?> program) {
        if (!program.isEmpty() && program.get(0) instanceof String) return command(program);
        for (Object each : program) {
            if (each instanceof List<?> part && !program(part)) return false;
        }
        return true;
    }

    private boolean command(List<?> words) {
        try {
            switch ((String) words.get(0)) {
                case "if" -> {
                    if (words.size() < 3) throw new Malformed("if takes an expression and one or two programs");
                    boolean holds = expression(words.get(1));
                    Object chosen = holds ? words.get(2) : words.size() > 3 ? words.get(3) : null;
                    return !(chosen instanceof List<?> program) || program(program);
                }
                case "case" -> {
                    return choose(words);
                }
                case "return" -> {
                    return false;
                }
                case "run_script" -> {
                    List<String> command = new ArrayList<>();
                    for (int i = 1; i < words.size(); i++) command.add(filled(text(words.get(i))));
                    if (!command.isEmpty()) host.run(command);
                }
                default -> {
                    // Nothing that could be done.
                }
            }
        } catch (Malformed e) {
            host.log("trigger: " + e.getMessage());
        }
        return true;
    }

    private boolean choose(List<?> words) throws Malformed {
        if (words.size() < 3 || !(words.get(2) instanceof Table programs)) throw new Malformed("case takes a variable and programs");
        String value = variables.text(text(words.get(1)));
        return value == null || !(programs.get(value) instanceof List<?> program) || program(program);
    }

    private boolean expression(Object given) throws Malformed {
        if (!(given instanceof List<?> words) || words.isEmpty() || !(words.get(0) instanceof String name)) {
            throw new Malformed("no expression");
        }
        switch (name) {
            case "eq", "regex" -> {
                if (words.size() < 3) throw new Malformed(name + " takes a variable and a text");
                String value = variables.text(text(words.get(1)));
                boolean found = false;
                for (Object each : each(words.get(2))) found |= value != null && is(name, value, text(each));
                return found;
            }
            case "has" -> {
                if (words.size() < 2) throw new Malformed("has takes a variable");
                boolean found = false;
                for (Object each : each(words.get(1))) found |= variables.text(text(each)) != null;
                return found;
            }
            case "and" -> {
                for (int i = 1; i < words.size(); i++) {
                    if (!expression(words.get(i))) return false;
                }
                return true;
            }
            case "or" -> {
                for (int i = 1; i < words.size(); i++) {
                    if (expression(words.get(i))) return true;
                }
                return false;
            }
            case "not" -> {
                if (words.size() != 2) throw new Malformed("not takes an expression");
                return !expression(words.get(1));
            }
            case "isdir" -> {
                if (words.size() != 2) throw new Malformed("isdir takes a path");
                return host.isDirectory(filled(text(words.get(1))));
            }
            default -> throw new Malformed("unknown expression " + name);
        }
    }

    private static boolean is(String how, String value, String wanted) {
        if (how.equals("eq")) return value.equals(wanted);
        try {
            return ExtendedRegex.of(wanted).isIn(value);
        } catch (ExtendedRegex.Invalid e) {
            // What is no regular expression matches nothing.
            return false;
        }
    }

    private static List<?> each(Object one) {
        return one instanceof List<?> many ? many : List.of(one == null ? "" : one);
    }

    private static String text(Object word) throws Malformed {
        if (word instanceof String text) return text;
        throw new Malformed("a word is no string");
    }

    /** With what the variables hold for their names: {@code %name%}, and {@code %%} for a per cent sign. */
    private String filled(String text) throws Malformed {
        if (text.indexOf('%') < 0) return text;
        StringBuilder out = new StringBuilder();
        for (int at = 0; at < text.length(); ) {
            int from = text.indexOf('%', at);
            if (from < 0) {
                out.append(text, at, text.length());
                break;
            }
            int to = text.indexOf('%', from + 1);
            if (to < 0) throw new Malformed("odd number of % in " + text);
            out.append(text, at, from);
            if (to == from + 1) {
                out.append('%');
            } else {
                String value = variables.text(text.substring(from + 1, to));
                if (value != null) out.append(value);
            }
            at = to + 1;
        }
        return out.toString();
    }
}
