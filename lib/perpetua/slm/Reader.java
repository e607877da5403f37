// SPDX-License-Identifier: Apache-2.0
package perpetua.slm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import perpetua.act.Processors;
import perpetua.act.Schedule;
import perpetua.cli.Numbers;
import perpetua.sys.Open;
import perpetua.sys.Scheduling;
import perpetua.sys.Signal;

/** Turns the element of a component into what it means. Whether this system can do that, {@link Links} asks. */
final class Reader {
    private static final String[] CHILDREN = {
        "SLM:ability", "SLM:args", "SLM:cd", "SLM:command", "SLM:debug", "SLM:depend", "SLM:envar", "SLM:envvar",
        "SLM:groups", "SLM:partition", "SLM:priority", "SLM:repair", "SLM:runmask", "SLM:stderr", "SLM:stdin",
        "SLM:stdout", "SLM:stop", "SLM:tty", "SLM:type", "SLM:user", "SLM:waitfor",
    };
    private static final int LONGEST_NAME = 255;
    private static final int MOST_GROUPS = 31;
    private static final int MOST_VARIABLES = 5000;
    private static final int MOST_SIGNAL = 64;
    /** A month: what is longer is a mistake. */
    private static final long MOST_MILLIS = 31L * 24 * 3600 * 1000;

    private final Element element;
    private final Component component;
    private final Warnings warnings;
    private final List<String> seen = new ArrayList<>();
    private final Abilities abilities = new Abilities();
    /** The names of those that it needs, and whether that is stateless. */
    private final Map<String, Boolean> dependencies = new HashMap<>();

    /** Whoever is told of what is taken although it is odd. */
    interface Warnings {
        void warn(Place place, String sentence);
    }

    private Reader(Element element, String name, Warnings warnings) {
        this.element = element;
        this.component = new Component(name, element.place);
        this.warnings = warnings;
    }

    static Component component(Element element, Warnings warnings) throws Refusal {
        Reader reader = new Reader(element, name(element), warnings);
        if (!element.trimmed().isEmpty()) throw element.refusal("text outside of an element");
        for (Element child : element.children) reader.read(child);
        reader.complete();
        return reader.component;
    }

    static Module module(Element element) throws Refusal {
        Module module = new Module(name(element), element.place);
        if (!element.trimmed().isEmpty()) throw element.refusal("text outside of an element");
        for (Element child : element.children) {
            if (!child.name.equals("SLM:member")) {
                throw child.refusal("unknown element " + child.name + Nearest.any(child.name, "SLM:member"));
            }
            only(child);
            plain(child);
            String member = child.trimmed();
            if (member.isEmpty()) throw child.refusal("a member without a name");
            if (member.length() > LONGEST_NAME) throw child.refusal("a name of more than 255 bytes");
            module.members.add(new Module.Member(member, child.place));
        }
        return module;
    }

    private static String name(Element element) throws Refusal {
        only(element, "name");
        String name = element.attribute("name");
        if (name == null) throw element.refusal(element.name + " without a name");
        if (name.isEmpty()) throw element.refusal("an empty name");
        if (name.length() > LONGEST_NAME) throw element.refusal("a name of more than 255 bytes");
        if (name.equals("all") || name.equals("none") || name.equals("ok")) throw element.refusal("name " + name + " is reserved");
        for (int i = 0; i < name.length(); i++) {
            if (!isNameLetter(name.charAt(i))) throw element.refusal("name " + name + " has signs other than letters, digits and _.@:+-");
        }
        return name;
    }

    private static boolean isNameLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "_.@:+-".indexOf(c) >= 0;
    }

    /** No attributes but these. */
    private static void only(Element element, String... known) throws Refusal {
        List<String> attributes = element.attributes();
        for (int i = 0; i < attributes.size(); i += 2) {
            boolean found = false;
            for (String each : known) found |= each.equals(attributes.get(i));
            if (found) continue;
            throw element.refusal("unknown attribute " + attributes.get(i) + " of " + element.name
                    + Nearest.any(attributes.get(i), known));
        }
    }

    private static void plain(Element element) throws Refusal {
        if (element.children.isEmpty()) return;
        Element child = element.children.get(0);
        throw child.refusal("element " + child.name + " inside of " + element.name);
    }

    private void once(Element child) throws Refusal {
        if (seen.contains(child.name)) throw child.refusal("more than one " + child.name + " in " + component.name);
        seen.add(child.name);
    }

    private void read(Element child) throws Refusal {
        plain(child);
        String text = child.trimmed();
        switch (child.name) {
            case "SLM:ability", "SLM:depend", "SLM:envar", "SLM:envvar", "SLM:groups", "SLM:waitfor" -> { }
            default -> once(child);
        }
        switch (child.name) {
            case "SLM:command" -> command(child, text);
            case "SLM:depend" -> depend(child, text);
            case "SLM:waitfor" -> waitfor(child, text);
            case "SLM:envar", "SLM:envvar" -> environment(child);
            case "SLM:repair" -> repair(child, text);
            case "SLM:stop" -> stop(child, text);
            case "SLM:stdin" -> component.input = stream(child, text, "r");
            case "SLM:stdout" -> component.output = stream(child, text, "w");
            case "SLM:stderr" -> component.errors = stream(child, text, "w+");
            case "SLM:partition" -> partition(child, text);
            default -> simple(child, text);
        }
    }

    /** Those without attributes. */
    private void simple(Element child, String text) throws Refusal {
        boolean known = false;
        for (String each : CHILDREN) known |= each.equals(child.name);
        if (!known) throw child.refusal("unknown element " + child.name + Nearest.any(child.name, CHILDREN));
        only(child);
        switch (child.name) {
            case "SLM:args" -> {
                component.args = words(child);
                component.argsText = text;
            }
            case "SLM:debug" -> component.debugArgs = text.isEmpty() ? null : words(child);
            case "SLM:ability" -> {
                if (!text.isEmpty()) abilities.add(child);
            }
            default -> {
                if (text.isEmpty()) break;
                set(child, text);
            }
        }
    }

    private void set(Element child, String text) throws Refusal {
        switch (child.name) {
            case "SLM:cd" -> {
                if (!text.startsWith("/")) throw child.refusal("directory " + text + " is not absolute");
                component.directory = text;
            }
            case "SLM:groups" -> groups(child, text);
            case "SLM:priority" -> component.schedule = Priority.of(text, child.place);
            case "SLM:runmask" -> {
                int[] processors = Processors.mask(text);
                if (processors == null) throw child.refusal("runmask " + text + " is not a number of 32 bits");
                component.processors = processors.length == 0 ? null : processors;
            }
            case "SLM:tty" -> component.terminal = text;
            case "SLM:type" -> component.label = text;
            default -> {
                int colon = text.indexOf(':');
                String user = colon < 0 ? text : text.substring(0, colon);
                String group = colon < 0 ? "" : text.substring(colon + 1);
                if (colon >= 0 && group.isEmpty() || group.indexOf(':') >= 0) throw child.refusal("user " + text + " is no uid:gid");
                component.user = new Component.User(user.isEmpty() ? null : user, group.isEmpty() ? null : group);
            }
        }
    }

    private List<String> words(Element child) throws Refusal {
        List<String> words = Split.words(child.text.toString());
        if (words == null) throw child.refusal("a quote that is not closed in " + child.name);
        return words;
    }

    private void command(Element child, String text) throws Refusal {
        only(child, "launch");
        if (text.isEmpty()) throw child.refusal("an empty command");
        component.command = text;
        String launch = child.attribute("launch");
        boolean builtin = false;
        for (String option : split(launch == null ? "" : launch)) {
            switch (option) {
                case "builtin" -> builtin = true;
                case "session" -> component.session = true;
                case "pathname" -> component.fullPath = true;
                case "critical" -> throw child.refusal("launch option critical has no equivalent on Linux");
                default -> throw child.refusal("unknown launch option " + option
                        + Nearest.hint(option, "builtin", "session", "pathname"));
            }
        }
        if (!builtin) return;
        component.builtin = switch (text) {
            case "no_op" -> Component.Builtin.NO_OP;
            case "pathmgr_symlink" -> Component.Builtin.SYMLINK;
            case "mkdir" -> Component.Builtin.MKDIR;
            case "system" -> Component.Builtin.SYSTEM;
            default -> throw child.refusal("unknown built-in command " + text
                    + Nearest.hint(text, "no_op", "pathmgr_symlink", "mkdir", "system"));
        };
    }

    /** Words with commas or blanks between. */
    private static List<String> split(String text) {
        List<String> words = new ArrayList<>();
        int from = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i < text.length() && text.charAt(i) != ',' && text.charAt(i) > ' ') continue;
            if (i > from) words.add(text.substring(from, i));
            from = i + 1;
        }
        return words;
    }

    private void groups(Element child, String text) throws Refusal {
        if (component.groups == null) component.groups = new ArrayList<>();
        component.groups.addAll(split(text));
        if (component.groups.size() > MOST_GROUPS) throw child.refusal("more than " + MOST_GROUPS + " groups");
    }

    private void depend(Element child, String text) throws Refusal {
        only(child, "state");
        String state = child.attribute("state");
        if (state != null && !state.equals("session") && !state.equals("stateless")) {
            throw child.refusal("unknown state " + state + Nearest.hint(state, "session", "stateless"));
        }
        if (text.isEmpty()) return;
        boolean stateless = "stateless".equals(state);
        if (text.equals(component.name)) throw child.refusal("component " + text + " depends on itself");
        Boolean before = dependencies.put(text, stateless);
        if (before == null) component.needs.add(new Component.Need(text, stateless, child.place));
        else if (before != stateless) throw child.refusal("dependency on " + text + " is both session and stateless");
    }

    private void waitfor(Element child, String text) throws Refusal {
        only(child, "wait", "polltime");
        String word = child.attribute("wait");
        String[] known = {"none", "delay", "pathname", "exits", "blocks", "listens"};
        Wait.Kind kind = switch (word == null ? "none" : word) {
            case "none" -> Wait.Kind.NONE;
            case "delay" -> Wait.Kind.DELAY;
            case "pathname" -> Wait.Kind.PATHNAME;
            case "exits", "exit" -> Wait.Kind.EXITS;
            case "exists" -> {
                warnings.warn(child.place, "wait exists is taken as exits");
                yield Wait.Kind.EXITS;
            }
            case "blocks" -> Wait.Kind.BLOCKS;
            case "listens" -> Wait.Kind.LISTENS;
            default -> throw child.refusal("unknown wait " + word + Nearest.hint(word, known));
        };
        long poll = -1;
        long timeout = -1;
        String times = child.attribute("polltime");
        if (times != null) {
            int colon = times.indexOf(':');
            poll = millis(child, "polltime", colon < 0 ? times : times.substring(0, colon));
            if (colon >= 0) timeout = millis(child, "polltime", times.substring(colon + 1));
            if (poll == 0) throw child.refusal("polltime " + times + " polls without a pause");
            if (timeout > 0 && timeout < poll) throw child.refusal("polltime " + times + " ends before its first poll");
        }
        int value = 0;
        switch (kind) {
            case NONE -> {
                if (!text.isEmpty()) throw child.refusal("a wait for nothing has no text");
                return;
            }
            case DELAY -> value = (int) Math.min(Integer.MAX_VALUE, millis(child, "delay", text));
            case PATHNAME, LISTENS -> {
                if (text.isEmpty()) throw child.refusal("a wait without a " + (kind == Wait.Kind.PATHNAME ? "path" : "path or port"));
            }
            case EXITS -> {
                value = text.isEmpty() ? 0 : (int) Numbers.decimal(text, 255);
                if (value < 0) throw child.refusal("exit code " + text + " is not from 0 to 255");
                if (component.expectedExit() != null) throw child.refusal("more than one wait for an exit");
            }
            case BLOCKS -> {
                value = text.isEmpty() ? 1 : (int) Numbers.decimal(text, 1_000_000);
                if (value < 1) throw child.refusal("thread " + text + " is not a number from 1 on");
            }
        }
        component.waits.add(new Wait(kind, text, value, poll, timeout));
    }

    private static long millis(Element child, String what, String text) throws Refusal {
        long millis = text.isEmpty() ? Numbers.NONE : Numbers.decimal(text, MOST_MILLIS);
        if (millis == Numbers.NONE) throw child.refusal(what + " " + text + " is no number of milliseconds");
        return millis;
    }

    private void environment(Element child) throws Refusal {
        only(child, "clear");
        String clear = child.attribute("clear");
        Component.Clear wanted = switch (clear == null ? "" : clear) {
            case "" -> null;
            case "none" -> Component.Clear.NONE;
            case "login" -> Component.Clear.LOGIN;
            case "all" -> Component.Clear.ALL;
            default -> throw child.refusal("unknown clear " + clear + Nearest.hint(clear, "none", "login", "all"));
        };
        if (wanted != null && component.clear != null && component.clear != wanted) {
            throw child.refusal("clear is given twice, and differs");
        }
        if (wanted != null) component.clear = wanted;
        for (String word : words(child)) {
            if (word.indexOf('=') <= 0) throw child.refusal("variable " + word + " is no NAME=VALUE");
            component.variables.add(word);
            if (component.variables.size() > MOST_VARIABLES) throw child.refusal("more than " + MOST_VARIABLES + " variables");
        }
    }

    private void repair(Element child, String text) throws Refusal {
        only(child, "backoff");
        component.repair = switch (text) {
            case "", "default" -> Component.Repair.DEFAULT;
            case "none" -> Component.Repair.NONE;
            case "stop" -> Component.Repair.STOP;
            case "restart" -> Component.Repair.RESTART;
            default -> throw child.refusal("unknown repair " + text + Nearest.hint(text, "default", "none", "stop", "restart"));
        };
        String backoff = child.attribute("backoff");
        if (backoff == null) return;
        long seconds = backoff.isEmpty() ? Numbers.NONE : Numbers.decimal(backoff, MOST_MILLIS / 1000);
        if (seconds == Numbers.NONE) throw child.refusal("backoff " + backoff + " is no number of seconds");
        component.backoffMillis = 1000 * seconds;
    }

    private void stop(Element child, String text) throws Refusal {
        only(child, "stop", "child", "timeout");
        String how = child.attribute("stop");
        String children = child.attribute("child");
        String timeout = child.attribute("timeout");
        if (how != null && !how.equals("none") && !how.equals("signal")) {
            throw child.refusal("unknown stop " + how + Nearest.hint(how, "none", "signal"));
        }
        if (children != null && !children.equals("true") && !children.equals("false")) {
            throw child.refusal("child " + children + " is neither true nor false");
        }
        component.stopsBySignal = !"none".equals(how);
        component.stopsChildren = "true".equals(children);
        if (timeout != null) {
            component.stopMillis = millis(child, "timeout", timeout);
            if (!component.stopsBySignal) throw child.refusal("a timeout where nothing is done");
        }
        if (!text.isEmpty()) {
            component.stopSignal = signal(text);
            if (component.stopSignal < 0) throw child.refusal("unknown signal " + text);
        }
    }

    /** @return -1 if there is none of that name or number */
    private static int signal(String text) {
        for (Signal each : Signal.values()) {
            if (text.equals(each.name()) || text.equals("SIG" + each.name())) return each.number();
        }
        long number = Numbers.decimal(text, MOST_SIGNAL);
        return number < 1 ? -1 : (int) number;
    }

    private static Component.Stream stream(Element child, String text, String usual) throws Refusal {
        only(child, "iomode");
        if (text.isEmpty()) return null;
        String mode = child.attribute("iomode");
        if (mode == null) mode = usual;
        boolean input = usual.equals("r");
        boolean errors = usual.equals("w+");
        int create = Open.CREATE | Open.NO_TERMINAL;
        int flags = switch (mode) {
            case "r" -> input ? Open.READ | Open.NO_TERMINAL : -1;
            case "r+" -> input ? Open.READ_WRITE | Open.NO_TERMINAL : -1;
            case "w" -> input ? -1 : Open.WRITE | create | Open.TRUNCATE;
            case "a" -> input ? -1 : Open.WRITE | create | Open.APPEND;
            case "w+" -> errors ? Open.READ_WRITE | create | Open.TRUNCATE : -1;
            case "a+" -> errors ? Open.READ_WRITE | create | Open.APPEND : -1;
            default -> -1;
        };
        if (flags < 0) throw child.refusal("mode " + mode + " is none of " + child.name);
        return new Component.Stream(text, flags);
    }

    private void partition(Element child, String text) throws Refusal {
        only(child, "weight", "max");
        if (text.isEmpty()) return;
        if (text.indexOf('/') >= 0 || text.equals(".") || text.equals("..")) {
            throw child.refusal("partition '" + text + "': not a name");
        }
        String weight = child.attribute("weight");
        if (weight != null && (weight.isEmpty() || Numbers.decimal(weight, 10000) < 1)) {
            throw child.refusal("partition '" + text + "': weight " + weight + " is not from 1 to 10000");
        }
        String max = child.attribute("max");
        if (max != null) {
            List<String> parts = split(max);
            boolean good = parts.size() == 2 && Numbers.decimal(parts.get(1)) > 0
                    && (parts.get(0).equals("max") || Numbers.decimal(parts.get(0)) > 0);
            if (!good) throw child.refusal("partition '" + text + "': max " + max + " is no quota and period");
            max = parts.get(0) + "/" + parts.get(1);
        }
        component.partition = new Component.Partition(text, weight, max);
    }

    private void complete() throws Refusal {
        abilities.give(component);
        if (component.command == null) throw element.refusal("component " + component.name + " without a command");
        boolean streams = component.input != null || component.output != null || component.errors != null;
        if (component.terminal != null && streams) throw element.refusal("both a tty and files for the standard streams");
        if (component.builtin == null) return;
        if (component.session || component.fullPath) throw element.refusal("a built-in command has no other launch options");
        boolean process = component.builtin == Component.Builtin.SYSTEM;
        for (Wait wait : component.waits) {
            boolean needsProcess = wait.kind() == Wait.Kind.EXITS || wait.kind() == Wait.Kind.BLOCKS
                    || wait.kind() == Wait.Kind.LISTENS;
            if (needsProcess && !(process && wait.kind() == Wait.Kind.EXITS)) {
                throw element.refusal("a built-in command has no process to wait for");
            }
        }
    }
}
