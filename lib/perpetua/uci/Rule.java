// SPDX-License-Identifier: Apache-2.0
package perpetua.uci;

import java.util.ArrayList;
import java.util.List;
import perpetua.sys.FileStat;
import perpetua.sys.Kernel;
import perpetua.sys.SysException;
import perpetua.text.ExtendedRegex;

/** What a value may be (spec/procd.md section 5.3): a number, a quoted text, or a name with arguments, each again a rule. */
public final class Rule {
    /** What a value is that is valid. */
    public enum Type {
        INVALID,
        /** Not what was excluded; of what kind it is another rule must say. */
        UNKNOWN, BOOL, NUMBER, TEXT
    }

    private static final int DEEPEST = 30;

    private final Kernel kernel;
    private final ConfigStore store;
    private final Node root;

    /** A rule taken apart: an unquoted word, a quoted one, or a name with arguments. */
    private record Node(String word, boolean isQuoted, List<Node> arguments) {
        String argument(int index) {
            return index < arguments.size() ? arguments.get(index).word : null;
        }
    }

    private Rule(Kernel kernel, ConfigStore store, Node root) {
        this.kernel = kernel;
        this.store = store;
        this.root = root;
    }

    /** @param store where {@code uci(...)} looks @return null if the text is no rule */
    public static Rule of(String text, Kernel kernel, ConfigStore store) {
        Reader reader = new Reader(text);
        List<Node> any = reader.list(0);
        if (any == null || any.isEmpty() || reader.at < text.length()) return null;
        return new Rule(kernel, store, any.size() == 1 ? any.get(0) : new Node("or", false, any));
    }

    /** An empty value is invalid, whatever the rule. */
    public Type judge(String value) {
        Type type = value.isEmpty() ? Type.INVALID : judge(root, value);
        return type == Type.UNKNOWN ? Type.INVALID : type;
    }

    // ---- the text of a rule -----------------------------------------------------------------------------------------

    private static final class Reader {
        private final String text;
        private int at;

        Reader(String text) {
            this.text = text;
        }

        private void skipBlanks() {
            while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) at++;
        }

        /** @return null if it is none */
        List<Node> list(int depth) {
            if (depth > DEEPEST) return null;
            List<Node> nodes = new ArrayList<>();
            for (;;) {
                skipBlanks();
                if (nodes.isEmpty() && (at >= text.length() || text.charAt(at) == ')')) return nodes;
                Node node = node(depth);
                if (node == null) return null;
                nodes.add(node);
                skipBlanks();
                if (at >= text.length() || text.charAt(at) != ',') return nodes;
                at++;
            }
        }

        private Node node(int depth) {
            if (at >= text.length()) return null;
            char quote = text.charAt(at);
            if (quote == '"' || quote == '\'') return quoted(quote);
            int from = at;
            while (at < text.length() && " \t,()\"'".indexOf(text.charAt(at)) < 0) at++;
            if (at == from) return null;
            String word = text.substring(from, at);
            if (at >= text.length() || text.charAt(at) != '(') return new Node(word, false, List.of());
            at++;
            // integer(1:200): the colon stands for a comma.
            List<Node> arguments = word.endsWith("integer") ? range(depth) : list(depth + 1);
            if (arguments == null || at >= text.length() || text.charAt(at) != ')') return null;
            at++;
            return new Node(word, false, arguments);
        }

        private List<Node> range(int depth) {
            int end = text.indexOf(')', at);
            int colon = text.indexOf(':', at);
            if (colon < 0 || end < 0 || colon > end) return list(depth + 1);
            List<Node> both = List.of(new Node(text.substring(at, colon).trim(), false, List.of()),
                    new Node(text.substring(colon + 1, end).trim(), false, List.of()));
            at = end;
            return both;
        }

        private Node quoted(char quote) {
            StringBuilder word = new StringBuilder();
            for (at++; at < text.length(); at++) {
                char c = text.charAt(at);
                if (c == quote) {
                    at++;
                    return new Node(word.toString(), true, List.of());
                }
                if (c == '\\' && at + 1 < text.length() && (text.charAt(at + 1) == quote || text.charAt(at + 1) == '\\')) {
                    c = text.charAt(++at);
                }
                word.append(c);
            }
            return null;
        }
    }

    // ---- a value under a rule ---------------------------------------------------------------------------------------

    private Type judge(Node rule, String value) {
        if (rule.isQuoted) return when(rule.word.equals(value), Type.TEXT);
        if (Figures.isReal(rule.word)) {
            return when(Figures.isReal(value) && Figures.real(value) == Figures.real(rule.word), Type.NUMBER);
        }
        return switch (rule.word) {
            case "or" -> any(rule.arguments, value);
            case "and" -> all(rule.arguments, value);
            case "not" -> when(rule.arguments.size() == 1 && judge(rule.arguments.get(0), value) == Type.INVALID, Type.UNKNOWN);
            case "neg" -> negated(rule, value);
            case "list" -> each(rule, value);
            case "integer", "uinteger" -> whole(rule, value);
            case "float" -> when(Figures.isReal(value) || isBeyond(value), Type.NUMBER);
            case "ufloat" -> when(Figures.isReal(value) && value.charAt(0) != '-', Type.NUMBER);
            case "min", "max" -> bounded(rule, value);
            case "range" -> within(rule, value, Figures.whole(value, 0));
            case "port" -> when(isPort(value), Type.NUMBER);
            case "portrange" -> when(isPortRange(value), Type.TEXT);
            case "bool" -> when(truth(value) != null, Type.BOOL);
            case "string" -> when(hasLength(rule, value, 0, 1), Type.TEXT);
            case "minlength" -> when(!rule.arguments.isEmpty() && hasLength(rule, value, 0, -1), Type.TEXT);
            case "maxlength" -> when(!rule.arguments.isEmpty() && hasLength(rule, value, -1, 0), Type.TEXT);
            case "rangelength" -> when(rule.arguments.size() == 2 && hasLength(rule, value, 0, 1), Type.TEXT);
            case "hexstring" -> when(Forms.has(rule.word, value) && hasLength(rule, value, 0, 1), Type.TEXT);
            case "regex" -> when(rule.arguments.size() == 1 && rule.arguments.get(0).isQuoted && matches(rule.argument(0), value), Type.TEXT);
            case "directory", "file", "device" -> when(isFile(rule.word, value), Type.TEXT);
            case "uci" -> when(isConfigured(rule, value), Type.TEXT);
            default -> when(Forms.has(rule.word, value), Type.TEXT);
        };
    }

    private static Type when(boolean valid, Type type) {
        return valid ? type : Type.INVALID;
    }

    private Type any(List<Node> rules, String value) {
        for (Node rule : rules) {
            Type type = judge(rule, value);
            if (type != Type.INVALID) return type;
        }
        return Type.INVALID;
    }

    private Type all(List<Node> rules, String value) {
        Type all = rules.isEmpty() ? Type.INVALID : Type.UNKNOWN;
        for (Node rule : rules) {
            Type type = judge(rule, value);
            if (type == Type.INVALID) return type;
            if (type != Type.UNKNOWN) all = type;
        }
        return all;
    }

    private Type negated(Node rule, String value) {
        int from = value.startsWith("!") ? 1 : 0;
        while (from > 0 && from < value.length() && value.charAt(from) == ' ') from++;
        String rest = value.substring(from);
        if (rule.arguments.size() != 1 || rest.isEmpty()) return Type.INVALID;
        return when(judge(rule.arguments.get(0), rest) != Type.INVALID, Type.TEXT);
    }

    private Type each(Node rule, String value) {
        if (rule.arguments.size() != 1) return Type.INVALID;
        boolean some = false;
        for (int from = 0, to; from < value.length(); from = to + 1) {
            to = from;
            while (to < value.length() && value.charAt(to) != ' ' && value.charAt(to) != '\t') to++;
            if (to == from) continue;
            some = true;
            if (judge(rule.arguments.get(0), value.substring(from, to)) == Type.INVALID) return Type.INVALID;
        }
        return when(some, Type.TEXT);
    }

    /** What C's numbers have besides digits. */
    private static boolean isBeyond(String value) {
        String word = lower(value.startsWith("-") || value.startsWith("+") ? value.substring(1) : value);
        return word.equals("inf") || word.equals("infinity") || word.equals("nan");
    }

    private static Type whole(Node rule, String value) {
        boolean isRange = rule.arguments.size() == 2;
        int base = 0;
        if (rule.arguments.size() == 1) {
            Long given = Figures.whole(rule.argument(0), 10);
            if (given == null || given < 0 || given > 36 || given == 1) return Type.INVALID;
            base = (int) (long) given;
        }
        int first = Figures.digit(value.charAt(0));
        boolean begins = value.charAt(0) == '-' ? rule.word.charAt(0) == 'i' : first >= 0 && first < 16;
        // However large it is: what is asked for is its form.
        Long number = begins ? Figures.whole(value, base, true) : null;
        if (number == null) return Type.INVALID;
        return isRange ? within(rule, value, number) : Type.NUMBER;
    }

    private static Type within(Node rule, String value, Long number) {
        if (rule.arguments.size() != 2 || number == null) return Type.INVALID;
        Long least = Figures.whole(rule.argument(0), 0);
        Long most = Figures.whole(rule.argument(1), 0);
        return when(least != null && most != null && number >= least && number <= most, Type.NUMBER);
    }

    private static Type bounded(Node rule, String value) {
        Long number = Figures.whole(value, 0);
        Long bound = rule.arguments.size() == 1 ? Figures.whole(rule.argument(0), 0) : null;
        if (number == null || bound == null) return Type.INVALID;
        return when(rule.word.equals("min") ? number >= bound : number <= bound, Type.NUMBER);
    }

    private static boolean isPort(String value) {
        Long number = Figures.whole(value, 10);
        return number != null && value.charAt(0) != '-' && number <= 65535;
    }

    private static boolean isPortRange(String value) {
        int dash = value.indexOf('-');
        if (dash < 0) return isPort(value);
        String low = value.substring(0, dash);
        String high = value.substring(dash + 1);
        return isPort(low) && isPort(high) && Figures.whole(low, 10) <= Figures.whole(high, 10);
    }

    /** @return null for what is no truth value */
    public static Boolean truth(String value) {
        return switch (lower(value)) {
            case "1", "on", "true", "yes", "enabled" -> true;
            case "0", "off", "false", "no", "disabled" -> false;
            default -> null;
        };
    }

    private static String lower(String value) {
        StringBuilder lower = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            lower.append(c >= 'A' && c <= 'Z' ? (char) (c + 32) : c);
        }
        return lower.toString();
    }

    /** @param least which argument is the least length; -1 for none @param most the same of the longest */
    private static boolean hasLength(Node rule, String value, int least, int most) {
        Long low = least < 0 || rule.argument(least) == null ? Long.valueOf(0) : Figures.whole(rule.argument(least), 0);
        Long high = most < 0 || rule.argument(most) == null ? Long.valueOf(Long.MAX_VALUE) : Figures.whole(rule.argument(most), 0);
        return low != null && high != null && value.length() >= low && value.length() <= high;
    }

    private static boolean matches(String regex, String value) {
        try {
            return ExtendedRegex.of(regex).isAll(value);
        } catch (ExtendedRegex.Invalid e) {
            return false;
        }
    }

    private boolean isFile(String kind, String path) {
        try {
            FileStat stat = kernel.stat(path);
            return switch (kind) {
                case "directory" -> stat.isDirectory();
                case "file" -> stat.isRegular();
                default -> stat.isDevice();
            };
        } catch (SysException e) {
            return false;
        }
    }

    /** uci(package, type or section, option): the value is one that is set there; without an option, a section's name. */
    private boolean isConfigured(Node rule, String value) {
        if (rule.arguments.size() < 2 || rule.arguments.size() > 3 || !ConfigStore.isPackageName(rule.argument(0))) return false;
        ConfigPackage config;
        try {
            config = store.load(rule.argument(0));
        } catch (SysException | SyntaxError e) {
            return false;
        }
        String which = rule.argument(1);
        String name = rule.argument(2);
        for (Section section : config.sections()) {
            boolean such = which.startsWith("@") ? section.type().equals(which.substring(1)) : section.name().equals(which);
            if (!such) continue;
            if (name == null) {
                if (section.name().equals(value)) return true;
            } else if (section.option(name) != null && section.option(name).values().contains(value)) {
                return true;
            }
        }
        return false;
    }
}
