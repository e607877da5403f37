// SPDX-License-Identifier: Apache-2.0
package tools.uci;

import java.util.List;
import perpetua.chain.Chain;
import perpetua.cli.Args;
import perpetua.cli.Fatal;
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

    /** What went wrong, in the words of OpenWrt's uci, which scripts and users know. */
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
            uci.obey(command);
            return 0;
        } catch (Refused e) {
            return uci.refuse(e.getMessage());
        } catch (SyntaxError e) {
            return uci.refuse("Parse error (" + e.getMessage() + ") at line " + e.line());
        } catch (SysException e) {
            return uci.refuse(e.is(Errno.ENOENT) ? "Entry not found" : e.getMessage());
        }
    }

    private int refuse(String why) {
        if (!args.has('q')) args.tell(why);
        return 1;
    }

    private void obey(String command) throws Refused, SysException, SyntaxError {
        switch (command) {
            case "show" -> show();
            case "export" -> export();
            case "get" -> get(path(operand()));
            case "set" -> set();
            case "add" -> add();
            case "add_list" -> changeList('|');
            case "del_list" -> changeList('~');
            case "delete", "del" -> delete();
            case "changes" -> changes();
            case "commit" -> {
                for (String name : named(store.changed())) store.commit(name);
            }
            case "revert" -> {
                for (String name : named(store.changed())) store.revert(name);
            }
            default -> throw Fatal.usage("unknown command: " + command);
        }
        if (args.left() > 0) throw Fatal.usage("too many arguments");
    }

    private String operand() {
        return args.operand("missing argument");
    }

    private static Path path(String text) throws Refused {
        Path path = Path.of(text);
        if (path == null) throw new Refused("Invalid argument");
        return path;
    }

    /** The one package that is named, or else all of these. */
    private List<String> named(List<String> all) throws Refused {
        String name = args.operand();
        return name == null ? all : List.of(path(name).config());
    }

    private static Section section(ConfigPackage config, Path path) throws Refused {
        Section section = config.section(path.section());
        if (section == null) throw new Refused("Entry not found");
        return section;
    }

    private static Option option(Section section, Path path) throws Refused {
        Option option = section.option(path.option());
        if (option == null) throw new Refused("Entry not found");
        return option;
    }

    // ---- looking --------------------------------------------------------------------------------------------------

    private void show() throws Refused, SysException, SyntaxError {
        String name = args.operand();
        StringBuilder text = new StringBuilder();
        if (name == null) {
            for (String each : store.names()) show(text, store.load(each));
        } else {
            Path path = path(name);
            ConfigPackage config = store.load(path.config());
            if (path.section() == null) {
                show(text, config);
            } else {
                Section section = section(config, path);
                String prefix = config.name() + "." + section.name();
                if (path.option() == null) show(text, prefix, section);
                else show(text, prefix, option(section, path));
            }
        }
        args.print(text.toString());
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

    private void export() throws Refused, SysException, SyntaxError {
        for (String name : named(store.names())) args.print("package " + name + "\n" + store.load(name).text(args.has('n')));
    }

    private void get(Path path) throws Refused, SysException, SyntaxError {
        if (path.section() == null) throw new Refused("Invalid argument");
        Section section = section(store.load(path.config()), path);
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

    private void changes() throws Refused, SysException, SyntaxError {
        for (String name : named(store.changed())) {
            for (String change : store.changes(name)) args.print(shown(change) + "\n");
        }
    }

    private static String shown(String change) {
        char kind = change.charAt(0);
        int equals = change.indexOf('=');
        if (equals < 0) return change;
        String sign = kind == '|' ? "+=" : kind == '~' ? "-=" : "=";
        int from = kind == '|' || kind == '~' ? 1 : 0;
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

    private Assignment assignment(boolean valueNeeded) throws Refused, SysException, SyntaxError {
        String text = operand();
        int equals = text.indexOf('=');
        if (equals < 0 && valueNeeded) throw new Refused("Invalid argument");
        Path path = path(equals < 0 ? text : text.substring(0, equals));
        if (path.section() == null) throw new Refused("Invalid argument");
        Section section = store.load(path.config()).section(path.section());
        return new Assignment(path, section, equals < 0 ? null : text.substring(equals + 1));
    }

    private void set() throws Refused, SysException, SyntaxError {
        Assignment wish = assignment(true);
        boolean aSection = wish.path.option() == null;
        if (wish.section == null && (!aSection || wish.path.section().startsWith("@"))) throw new Refused("Entry not found");
        if (aSection && wish.value.isEmpty()) throw new Refused("Invalid argument");
        if (wish.value.isEmpty()) {
            if (wish.section.option(wish.path.option()) != null) store.note(wish.path.config(), "-" + wish.name());
        } else {
            store.note(wish.path.config(), wish.name() + "=" + wish.value);
        }
    }

    private void add() throws Refused, SysException, SyntaxError {
        String name = path(operand()).config();
        String type = operand();
        ConfigPackage config = store.load(name);
        String section = config.freeName(type);
        store.note(name, "+" + name + "." + section + "=" + type);
        args.print(section + "\n");
    }

    private void changeList(char kind) throws Refused, SysException, SyntaxError {
        Assignment wish = assignment(true);
        if (wish.path.option() == null) throw new Refused("Invalid argument");
        if (wish.section == null) throw new Refused("Entry not found");
        store.note(wish.path.config(), kind + wish.name() + "=" + wish.value);
    }

    private void delete() throws Refused, SysException, SyntaxError {
        Assignment wish = assignment(false);
        if (wish.section == null) throw new Refused("Entry not found");
        if (wish.path.option() != null) option(wish.section, wish.path);
        store.note(wish.path.config(), "-" + wish.name() + (wish.value == null ? "" : "=" + wish.value));
    }
}
