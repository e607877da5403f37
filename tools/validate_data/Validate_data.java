// SPDX-License-Identifier: Apache-2.0
package tools.validate_data;

import perpetua.chain.Chain;
import perpetua.cli.Args;
import perpetua.cli.Tool;
import perpetua.cli.Usage;
import perpetua.sys.Kernel;
import perpetua.sys.SysException;
import perpetua.uci.ConfigPackage;
import perpetua.uci.ConfigStore;
import perpetua.uci.Option;
import perpetua.uci.Quoting;
import perpetua.uci.Rule;
import perpetua.uci.Section;
import perpetua.uci.SyntaxError;

/** validate_data: check a value, or the options of a section, against rules. */
public final class Validate_data {
    /** Verbatim: a value may begin with a dash. */
    static final Usage USAGE = Usage.of("validate_data", "",
            "rule value | package type section name:rule[:default] ...").own().verbatim();
    public static final Tool TOOL = Tool.of(USAGE, Validate_data::run);

    /** What OpenWrt's program ends with for everything but a single value that is invalid. */
    private static final int REFUSED = 255;

    private final Args args;
    private final Kernel kernel;
    private final ConfigStore store;

    private Validate_data(Args args, Kernel kernel, ConfigStore store) {
        this.args = args;
        this.kernel = kernel;
        this.store = store;
    }

    static int run(Args args, Kernel kernel, Chain chain) {
        String root = chain.environment().get("PERPETUA_ROOT");
        args.operand();
        Validate_data call = new Validate_data(args, kernel, new ConfigStore(kernel, root == null ? "" : root, null, null));
        if (args.left() == 2) return call.judge(args.operand(), args.operand());
        if (args.left() < 4) {
            args.say("usage: " + args.program() + " " + USAGE.line());
            return REFUSED;
        }
        String config = args.operand();
        String type = args.operand();
        String section = args.operand();
        return section.isEmpty() ? call.declare(config, type) : call.check(config, section);
    }

    private Rule.Type type(String rule, String value) {
        Rule parsed = Rule.of(rule, kernel, store);
        return parsed == null ? Rule.Type.INVALID : parsed.judge(value);
    }

    private int judge(String rule, String value) {
        boolean valid = type(rule, value) != Rule.Type.INVALID;
        args.say(rule + " - " + value + " = " + valid);
        return valid ? 0 : 1;
    }

    /** An option as it is written on the command line: {@code name:rule:default}. */
    private record Wish(String name, String rule, String otherwise) {

        /** A colon separates, but not behind a backslash, between quotes or in parentheses. @return null without a rule */
        static Wish of(String text) {
            int first = text.indexOf(':');
            if (first <= 0 || !isVariable(text.substring(0, first))) return null;
            int depth = 0;
            boolean quoted = false;
            StringBuilder rule = new StringBuilder();
            for (int i = first + 1; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c == '\\' && text.startsWith(":", i + 1)) {
                    rule.append(':');
                    i++;
                    continue;
                }
                if (c == '"') quoted = !quoted;
                else if (c == '(' && !quoted) depth++;
                else if (c == ')' && !quoted) depth--;
                else if (c == ':' && depth <= 0 && !quoted) return new Wish(text.substring(0, first), rule.toString(), text.substring(i + 1));
                rule.append(c);
            }
            return new Wish(text.substring(0, first), rule.toString(), null);
        }

        /** What it names becomes a variable of a shell, which evaluates our output. */
        private static boolean isVariable(String name) {
            for (int i = 0; i < name.length(); i++) {
                char c = name.charAt(i);
                if (!(c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || i > 0 && c >= '0' && c <= '9')) return false;
            }
            return true;
        }
    }

    /** @return null if it is none, which has been said */
    private Wish wish(String text) {
        Wish wish = Wish.of(text);
        if (wish == null) args.say(text + " is not a valid option");
        return wish;
    }

    /** Shell statements that add the rules to the JSON that is being built. */
    private int declare(String config, String type) {
        StringBuilder out = new StringBuilder("json_add_object; json_add_string \"package\" " + word(config)
                + "; json_add_string \"type\" " + word(type) + "; json_add_object \"data\"; ");
        while (args.left() > 0) {
            Wish wish = wish(args.operand());
            if (wish == null) continue;
            out.append("json_add_string \"").append(wish.name).append("\" ").append(word(wish.rule)).append("; ");
        }
        args.print(out.append("json_close_object; json_close_object; ").toString());
        return 0;
    }

    /**
     * A text for a shell, without the double quotes in it: OpenWrt's program loses them too, as it puts all between such, and
     * what lists the rules expects them so. Where that does no harm, it is written as there.
     */
    private static String word(String text) {
        boolean quoted = true;
        boolean harmless = true;
        StringBuilder bare = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
                continue;
            }
            bare.append(c);
            boolean plain = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "_.:@%+-/,".indexOf(c) >= 0;
            harmless &= plain || quoted && c >= ' ' && "$`\\!".indexOf(c) < 0;
        }
        return harmless && quoted ? "\"" + text + "\"" : Quoting.quoted(bare.toString());
    }

    /** Shell assignments, of what is valid or has a default. */
    private int check(String name, String sectionName) {
        ConfigPackage config;
        try {
            config = store.load(name);
        } catch (SyntaxError e) {
            args.tell("unable to read package " + name + ": " + e.getMessage() + " at line " + e.line());
            return REFUSED;
        } catch (SysException e) {
            args.tell("unable to read package " + name + ": " + e.getMessage());
            return REFUSED;
        }
        Section section = config.section(sectionName);
        StringBuilder out = new StringBuilder();
        boolean good = true;
        while (args.left() > 0) {
            Wish wish = wish(args.operand());
            if (wish == null) {
                good = false;
                continue;
            }
            Option option = section == null ? null : section.option(wish.name);
            String shown = name + "." + (section == null ? sectionName : section.name()) + "." + wish.name;
            if (!isSet(option)) {
                args.say(shown + " is unset and defaults to " + wish.rule + " " + (wish.otherwise == null ? "(null)" : wish.otherwise));
                assign(out, wish.name, otherwise(wish));
            } else {
                String value = option.isList() ? list(wish, option, shown) : single(wish, option, shown);
                good &= value != null;
                assign(out, wish.name, value);
            }
        }
        args.print(out.toString());
        return good ? 0 : REFUSED;
    }

    private static void assign(StringBuilder out, String name, String value) {
        if (value == null) out.append("unset -v ").append(name).append("; ");
        else out.append(name).append('=').append(value).append("; ");
    }

    /** Whether it has a value: a list of nothing but empty elements has none. */
    private static boolean isSet(Option option) {
        if (option == null) return false;
        for (String value : option.values()) {
            if (!value.isEmpty()) return true;
        }
        return false;
    }

    /** @return the default as a shell takes it, whether or not it is valid; null if there is none */
    private String otherwise(Wish wish) {
        if (wish.otherwise == null || wish.otherwise.isEmpty()) return null;
        String value = taken(type(wish.rule, wish.otherwise), wish.otherwise);
        return value == null ? quoted(wish.otherwise) : value;
    }

    /** @return the value as a shell takes it, null if it is invalid */
    private String valued(Wish wish, String value, String shown) {
        Rule.Type type = type(wish.rule, value);
        args.say(shown + "=" + value + " validates as " + wish.rule + " with " + (type != Rule.Type.INVALID));
        return taken(type, value);
    }

    private static String taken(Rule.Type type, String value) {
        return switch (type) {
            case BOOL -> Rule.truth(value) ? "1" : "0";
            case NUMBER -> value;
            case TEXT -> quoted(value);
            default -> null;
        };
    }

    /** As OpenWrt's program writes it, which is not how uci does. */
    private static String quoted(String value) {
        StringBuilder text = new StringBuilder("'");
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) == '\'') text.append("'\"'\"'");
            else text.append(value.charAt(i));
        }
        return text.append('\'').toString();
    }

    private String single(Wish wish, Option option, String shown) {
        return valued(wish, option.values().get(0), shown);
    }

    private String list(Wish wish, Option option, String shown) {
        StringBuilder all = new StringBuilder();
        boolean good = true;
        int index = 0;
        for (String each : option.values()) {
            if (each.isEmpty()) continue;
            String value = valued(wish, each, shown + "[" + index + "]");
            good &= value != null;
            all.append(index == 0 ? "" : "\\ ").append(value);
            index++;
        }
        return good ? all.toString() : null;
    }
}
