// SPDX-License-Identifier: Apache-2.0
package perpetua.uci;

import java.util.ArrayList;
import java.util.List;
import perpetua.act.WholeFile;
import perpetua.sys.Errno;
import perpetua.sys.Kernel;
import perpetua.sys.Open;
import perpetua.sys.SysException;

/**
 * Configuration files in their directory, and beside them, in another directory, the changes that were not committed: each a
 * line of one word. {@code pkg.sect.opt=value} sets, {@code -pkg.sect} deletes, {@code +pkg.sect=type} adds a section
 * without a name, {@code |pkg.sect.opt=value} appends to a list, {@code ~pkg.sect.opt=value} takes out of it.
 */
public final class ConfigStore {
    /** Where configuration lies, below the root. */
    public static final String DIRECTORY = "/etc/config";
    private static final String CHANGES = "/var/run/uci";
    private static final int LARGEST = 8 << 20;

    private final Kernel kernel;
    private final String directory;
    private final String changes;

    /** @param root what every path is below; empty for none @param directory null for the one below the root */
    public ConfigStore(Kernel kernel, String root, String directory, String changes) {
        this.kernel = kernel;
        this.directory = directory == null ? root + DIRECTORY : directory;
        this.changes = changes == null ? root + CHANGES : changes;
    }

    /** The names of all configuration files, sorted. */
    public List<String> names() throws SysException {
        List<String> names = new ArrayList<>();
        for (String name : kernel.list(directory)) {
            if (isPackageName(name) && kernel.stat(directory + "/" + name).isRegular()) names.add(name);
        }
        names.sort(null);
        return names;
    }

    /** Whether it can be the name of a file: no path, nothing hidden. */
    public static boolean isPackageName(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (!ConfigReader.isNameChar(name.charAt(i)) && name.charAt(i) != '-') return false;
        }
        return !name.isEmpty();
    }

    /** The file, with the changes that wait. */
    public ConfigPackage load(String name) throws SysException, SyntaxError {
        if (!isPackageName(name)) throw new SysException(Errno.EINVAL);
        ConfigPackage config = new ConfigPackage(name);
        ConfigReader.read(WholeFile.read(kernel, directory + "/" + name, LARGEST), config);
        for (String change : changes(name)) apply(change, config);
        return config;
    }

    /** The changes of a package that wait, as they were noted. */
    public List<String> changes(String name) throws SysException, SyntaxError {
        List<String> all = new ArrayList<>();
        String text;
        try {
            text = WholeFile.read(kernel, changes + "/" + name, LARGEST);
        } catch (SysException e) {
            if (e.is(Errno.ENOENT)) return all;
            throw e;
        }
        for (List<String> words : ConfigReader.statements(text)) all.add(words.get(0));
        return all;
    }

    /** Carries out a change as it is noted; one that no longer fits does nothing. */
    static void apply(String change, ConfigPackage config) {
        char kind = change.isEmpty() ? 0 : change.charAt(0);
        boolean signed = "-+|~".indexOf(kind) >= 0;
        String rest = signed ? change.substring(1) : change;
        int equals = rest.indexOf('=');
        Path path = Path.of(equals < 0 ? rest : rest.substring(0, equals));
        if (path == null || path.section() == null) return;
        String value = equals < 0 ? "" : rest.substring(equals + 1);
        Section section = config.section(path.section());
        if (kind == '+') {
            if (section == null) config.sections().add(new Section(value, path.section(), true));
        } else if (path.option() == null) {
            if (kind == '-') config.sections().remove(section);
            else if (!signed) config.make(value, path.section());
        } else if (section != null) {
            change(kind, section, path.option(), value, equals >= 0);
        }
    }

    private static void change(char kind, Section section, String name, String value, boolean hasValue) {
        Option option = section.option(name);
        switch (kind) {
            case '|' -> section.make(name).append(value);
            case '~' -> {
                if (option != null && option.isList()) option.values().removeIf(value::equals);
            }
            case '-' -> {
                if (option == null) return;
                Integer index = hasValue && option.isList() ? index(value) : null;
                if (index == null) section.options().remove(option);
                else if (index >= 0 && index < option.values().size()) option.values().remove((int) index);
            }
            default -> section.make(name).set(value);
        }
    }

    /** The number that a text begins with; null if it begins with none. Too large a one is beyond every list. */
    public static Integer index(String text) {
        int at = 0;
        while (at < text.length() && text.charAt(at) <= ' ') at++;
        int sign = text.startsWith("-", at) ? -1 : 1;
        if (text.startsWith("-", at) || text.startsWith("+", at)) at++;
        int from = at;
        int number = 0;
        for (; at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9'; at++) {
            number = Math.min(LARGEST, 10 * number + text.charAt(at) - '0');
        }
        return at == from ? null : Integer.valueOf(sign * number);
    }

    /** Notes a change. */
    public void note(String packageName, String change) throws SysException {
        makeDirectories(changes);
        WholeFile.write(kernel, changes + "/" + packageName, Open.APPEND, 0600, line(change));
    }

    private static String line(String change) {
        int equals = change.indexOf('=');
        return (equals < 0 ? change : change.substring(0, equals + 1) + Quoting.quoted(change.substring(equals + 1))) + "\n";
    }

    private void makeDirectories(String path) throws SysException {
        for (int slash = path.indexOf('/', 1); ; slash = path.indexOf('/', slash + 1)) {
            String part = slash < 0 ? path : path.substring(0, slash);
            try {
                kernel.makeDirectory(part, slash < 0 ? 0700 : 0755);
            } catch (SysException e) {
                if (!e.is(Errno.EEXIST) && slash < 0) throw e;
            }
            if (slash < 0) return;
        }
    }

    /** Drops the changes of a package: all, those of a section, or those of an option. */
    public void revert(String name, String section, String option) throws SysException, SyntaxError {
        StringBuilder kept = new StringBuilder();
        if (section != null) {
            for (String change : changes(name)) {
                if (!isOf(change, section, option)) kept.append(line(change));
            }
        }
        if (kept.length() == 0) drop(name);
        else WholeFile.write(kernel, changes + "/" + name, Open.TRUNCATE, 0600, kept.toString());
    }

    private static boolean isOf(String change, String section, String option) {
        int equals = change.indexOf('=');
        String named = change.substring(!change.isEmpty() && "-+|~".indexOf(change.charAt(0)) >= 0 ? 1 : 0,
                equals < 0 ? change.length() : equals);
        Path path = Path.of(named);
        return path != null && section.equals(path.section()) && (option == null || option.equals(path.option()));
    }

    private void drop(String name) throws SysException {
        try {
            kernel.unlink(changes + "/" + name);
        } catch (SysException e) {
            if (!e.is(Errno.ENOENT)) throw e;
        }
    }

    /** Writes the file anew with its changes, all of it or nothing. Without changes it is left alone. */
    public void commit(String name) throws SysException, SyntaxError {
        if (changes(name).isEmpty()) return;
        ConfigPackage config = load(name);
        String path = directory + "/" + name;
        int mode = kernel.stat(path).mode() & 0777;
        // A name that is no package's, so that nobody reads it meanwhile.
        String fresh = directory + "/." + name + ".uci-" + kernel.pid();
        try {
            WholeFile.write(kernel, fresh, Open.EXCLUSIVE, mode, config.text(false));
            kernel.rename(fresh, path);
        } catch (SysException e) {
            try {
                kernel.unlink(fresh);
            } catch (SysException gone) {
                // It was never made, or can't be removed: the first failure is what matters.
            }
            throw e;
        }
        drop(name);
    }
}
