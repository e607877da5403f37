// SPDX-License-Identifier: Apache-2.0
package tools.uci;

import perpetua.chain.Chain;
import perpetua.cli.Args;
import perpetua.cli.Tool;
import perpetua.cli.Usage;
import perpetua.sys.Errno;
import perpetua.sys.Kernel;
import perpetua.sys.SysException;
import perpetua.uci.ConfigPackage;
import perpetua.uci.ConfigStore;
import perpetua.uci.Option;
import perpetua.uci.Path;
import perpetua.uci.Quoting;
import perpetua.uci.Section;
import perpetua.uci.SyntaxError;

/** uci: show and change configuration files. */
public final class Uci {
    static final Usage USAGE = Usage.of("uci", "c:nqt:X",
            "[-hnqVX] [-c directory] [-t directory] command [args ...]").own();
    public static final Tool TOOL = Tool.of(USAGE, Uci::run);

    // The exit statuses of OpenWrt's program.
    private static final int FAILED = 1;
    private static final int MISUSE = 255;
    /** add tells why. */
    private static final int ADD_NOT_FOUND = 3;
    private static final int ADD_UNREADABLE = 5;

    private static final String NOT_FOUND = "Entry not found";
    private static final String INVALID = "Invalid argument";

    /** What went wrong, in the words of OpenWrt's uci, which scripts and users know; null for none. */
    private static final class Refused extends Exception {
        Refused(String why) {
            super(why, null, false, false);
        }
    }

    private final Args args;
    private final ConfigStore store;

    private Uci(Args args, ConfigStore store) {
        this.args = args;
        this.store = store;
    }

    static int run(Args args, Kernel kernel, Chain chain) {
        String root = chain.environment().get("PERPETUA_ROOT");
        Uci uci = new Uci(args, new ConfigStore(kernel, root == null ? "" : root, args.value('c'), args.value('t')));
        String command = args.operand("missing command");
        try {
            if (!takes(command, args.left())) {
                args.say("usage: " + args.program() + " " + USAGE.line());
                return MISUSE;
            }
            return uci.obey(command);
        } catch (Refused e) {
            return uci.refuse(e.getMessage());
        } catch (SyntaxError e) {
            return uci.refuse(e);
        } catch (SysException e) {
            return uci.refuse(e);
        }
    }

    private int refuse(String why) {
        if (why != null && !args.has('q')) args.tell(why);
        return FAILED;
    }

    private int refuse(SyntaxError e) {
        return refuse("Parse error (" + e.getMessage() + ") at line " + e.line());
    }

    private int refuse(SysException e) {
        return refuse(e.is(Errno.ENOENT) ? NOT_FOUND : e.getMessage());
    }

    /** Whether there is such a command, and it can have so many arguments. */
    private static boolean takes(String command, int count) {
        return switch (command) {
            case "show", "export", "changes", "commit" -> count <= 1;
            case "get", "set", "add_list", "del_list", "delete", "del", "revert" -> count == 1;
            case "add" -> count == 2;
            default -> false;
        };
    }

    private int obey(String command) throws Refused, SysException, SyntaxError {
        switch (command) {
            case "show", "export", "changes", "commit" -> {
                return packages(command);
            }
            case "get" -> get(path(args.operand()));
            case "set" -> set();
            case "add" -> {
                return add();
            }
            case "add_list" -> changeList('|');
            case "del_list" -> changeList('~');
            case "revert" -> revert(path(args.operand()));
            default -> delete();
        }
        return 0;
    }

    /** What is done with the one package that is named, or else with each; one that can't be read does not stop the others. */
    private int packages(String command) throws Refused, SysException, SyntaxError {
        String name = args.operand();
        if (name != null) {
            handle(command, path(name));
            return 0;
        }
        int status = 0;
        for (String each : store.names()) {
            try {
                handle(command, new Path(each, null, null));
            } catch (SyntaxError e) {
                status = refuse(e);
            } catch (SysException e) {
                status = refuse(e);
            }
        }
        // Only what was to be written and was not is a failure.
        return command.equals("commit") ? status : 0;
    }

    private void handle(String command, Path path) throws Refused, SysException, SyntaxError {
        ConfigPackage config = store.load(path.config());
        switch (command) {
            case "show" -> args.print(shown(path, config));
            case "export" -> args.print("package " + path.config() + "\n" + config.text(args.has('n')));
            case "changes" -> {
                for (String change : store.changes(path.config())) args.print(shown(change) + "\n");
            }
            default -> store.commit(path.config());
        }
    }

    private static Path path(String text) throws Refused {
        Path path = Path.of(text);
        if (path == null) throw new Refused("Parse error");
        return path;
    }

    private static Section section(ConfigPackage config, Path path) throws Refused {
        Section section = config.section(path.section());
        if (section == null) throw new Refused(NOT_FOUND);
        return section;
    }

    private static Option option(Section section, Path path) throws Refused {
        Option option = section.option(path.option());
        if (option == null) throw new Refused(NOT_FOUND);
        return option;
    }

    // ---- looking --------------------------------------------------------------------------------------------------

    private String shown(Path path, ConfigPackage config) throws Refused {
        StringBuilder text = new StringBuilder();
        if (path.section() == null) {
            show(text, config);
        } else {
            Section section = section(config, path);
            String prefix = config.name() + "." + section.name();
            if (path.option() == null) show(text, prefix, section);
            else show(text, prefix, option(section, path));
        }
        return text.toString();
    }

    private void show(StringBuilder text, ConfigPackage config) {
        for (Section section : config.sections()) {
            String name = args.has('X') ? section.name() : config.shownName(section);
            show(text, config.name() + "." + name, section);
        }
    }

    private static void show(StringBuilder text, String prefix, Section section) {
        text.append(prefix).append('=').append(section.type()).append('\n');
        for (Option option : section.options()) show(text, prefix, option);
    }

    private static void show(StringBuilder text, String prefix, Option option) {
        text.append(prefix).append('.').append(option.name()).append('=');
        for (int i = 0; i < option.values().size(); i++) {
            text.append(i == 0 ? "" : " ").append(Quoting.quoted(option.values().get(i)));
        }
        text.append('\n');
    }

    private void get(Path path) throws Refused, SysException, SyntaxError {
        ConfigPackage config = store.load(path.config());
        if (path.section() == null) return;
        Section section = section(config, path);
        if (path.option() == null) {
            args.print(section.type() + "\n");
            return;
        }
        Option option = option(section, path);
        StringBuilder text = new StringBuilder();
        for (String value : option.values()) {
            boolean quotes = option.isList() && (value.indexOf(' ') >= 0 || value.indexOf('\t') >= 0 || value.indexOf('\n') >= 0);
            text.append(text.length() == 0 ? "" : " ").append(quotes ? Quoting.quoted(value) : value);
        }
        args.print(text.append('\n').toString());
    }

    private static String shown(String change) {
        char kind = change.charAt(0);
        int equals = change.indexOf('=');
        if (kind == '-' || equals < 0) return equals < 0 ? change : change.substring(0, equals);
        String sign = kind == '|' ? "+=" : kind == '~' ? "-=" : "=";
        int from = "|~+".indexOf(kind) < 0 ? 0 : 1;
        return change.substring(from, equals) + sign + Quoting.quoted(change.substring(equals + 1));
    }

    // ---- changing -------------------------------------------------------------------------------------------------

    /** An assignment, with a section by its own name: an index may mean another one tomorrow. */
    private record Assignment(Path path, Section section, String value) {
        String name() {
            return path.config() + "." + (section == null ? path.section() : section.name())
                    + (path.option() == null ? "" : "." + path.option());
        }
    }

    private Assignment assignment() throws Refused, SysException, SyntaxError {
        String text = args.operand();
        int equals = text.indexOf('=');
        Path path = path(equals < 0 ? text : text.substring(0, equals));
        String value = equals < 0 ? null : text.substring(equals + 1);
        if (value != null && !ConfigPackage.isText(value)) throw new Refused("Parse error");
        ConfigPackage config = store.load(path.config());
        if (path.section() == null) throw new Refused(INVALID);
        return new Assignment(path, config.section(path.section()), value);
    }

    private void note(char kind, Assignment wish, String value) throws SysException {
        store.note(wish.path.config(), (kind == 0 ? "" : String.valueOf(kind)) + wish.name() + (value == null ? "" : "=" + value));
    }

    private void set() throws Refused, SysException, SyntaxError {
        Assignment wish = assignment();
        boolean aSection = wish.path.option() == null;
        if (wish.value == null || wish.section == null && (!aSection || wish.path.section().startsWith("@"))) throw new Refused(INVALID);
        Option option = aSection ? null : wish.section.option(wish.path.option());
        if (wish.value.isEmpty()) {
            // Nothing is what is not there.
            if (aSection ? wish.section != null : option != null) note('-', wish, null);
            return;
        }
        if (aSection && !ConfigPackage.isType(wish.value)) throw new Refused(INVALID);
        boolean same = aSection ? wish.section != null && wish.section.type().equals(wish.value)
                : option != null && !option.isList() && option.values().get(0).equals(wish.value);
        if (!same) note((char) 0, wish, wish.value);
    }

    private int add() throws Refused {
        String name = args.operand();
        String type = args.operand();
        if (!ConfigPackage.isType(type)) throw new Refused(INVALID);
        try {
            String section = store.load(name).freeName(type);
            store.note(name, "+" + name + "." + section + "=" + type);
            args.print(section + "\n");
            return 0;
        } catch (SyntaxError e) {
            refuse(e);
            return ADD_UNREADABLE;
        } catch (SysException e) {
            refuse(e);
            return e.is(Errno.ENOENT) ? ADD_NOT_FOUND : FAILED;
        }
    }

    private void changeList(char kind) throws Refused, SysException, SyntaxError {
        Assignment wish = assignment();
        if (wish.path.option() == null || wish.section == null || wish.value == null) throw new Refused(INVALID);
        Option option = wish.section.option(wish.path.option());
        // Out of what is no list nothing is taken.
        if (kind == '|' || option != null && option.isList()) note(kind, wish, wish.value);
    }

    /** A section, an option, or of a list the element at an index. */
    private void delete() throws Refused, SysException, SyntaxError {
        Assignment wish = assignment();
        boolean indexed = wish.value != null && !wish.value.isEmpty();
        if (indexed && ConfigStore.index(wish.value) == null) throw new Refused(null);
        if (wish.section == null) throw new Refused(NOT_FOUND);
        Option option = wish.path.option() == null ? null : option(wish.section, wish.path);
        if (!indexed || option == null || !option.isList()) {
            note('-', wish, null);
            return;
        }
        int index = ConfigStore.index(wish.value);
        if (index >= 0 && index < option.values().size()) note('-', wish, wish.value);
    }

    private void revert(Path path) throws SysException, SyntaxError {
        ConfigPackage config = store.load(path.config());
        Section section = path.section() == null ? null : config.section(path.section());
        store.revert(path.config(), section == null ? path.section() : section.name(), path.option());
    }
}
