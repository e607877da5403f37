// SPDX-License-Identifier: Apache-2.0
package perpetua.slm;

import java.util.ArrayList;
import java.util.List;
import perpetua.act.ProgramFile;
import perpetua.sys.Errno;
import perpetua.sys.Kernel;
import perpetua.sys.Open;
import perpetua.sys.Signal;
import perpetua.sys.Spawn;
import perpetua.sys.SysException;

/** Starts components: finds the program, opens its files, and spawns it behind its links; or does what a built-in does. */
public final class Launcher {
    /** What {@code clear="login"} leaves. */
    private static final String[] LOGIN = {
        "BAUD", "DISPLAY", "HZ", "PHOTON", "SYSNAME", "TERM", "TZ", "HOME", "LOGNAME", "PATH", "SHELL", "USERNAME",
    };

    /** Where a tool of this suite is. */
    public interface Tools {
        String path(String name);
    }

    private final Kernel kernel;
    private final Tools tools;
    private final String path;
    private final List<String> environment;
    private final boolean alwaysDebug;

    /** @param path where programs are sought */
    Launcher(Kernel kernel, Tools tools, String path, List<String> environment, boolean alwaysDebug) {
        this.kernel = kernel;
        this.tools = tools;
        this.path = path;
        this.environment = environment;
        this.alwaysDebug = alwaysDebug;
    }

    /** @return the pid, 0 for a built-in that is done already */
    int start(Node node) throws World.Failed {
        Component component = node.component;
        if (component.builtin == null) return spawn(component, program(component), words(node));
        return switch (component.builtin) {
            case NO_OP -> 0;
            case MKDIR -> makeDirectories(component);
            case SYMLINK -> makeLinks(component);
            case SYSTEM -> spawn(component, "/bin/sh", List.of("sh", "-c", component.argsText));
        };
    }

    /** From argv[0] on. */
    List<String> words(Node node) {
        Component component = node.component;
        List<String> words = new ArrayList<>();
        String command = component.command;
        words.add(component.fullPath ? command : command.substring(command.lastIndexOf('/') + 1));
        boolean debug = (node.debug || alwaysDebug) && component.debugArgs != null;
        words.addAll(debug ? component.debugArgs : component.args);
        return words;
    }

    /** The file, as the child will find it in its directory. */
    String program(Component component) throws World.Failed {
        String command = component.command;
        boolean inside = command.indexOf('/') > 0 && component.directory != null;
        try {
            if (!inside) return ProgramFile.find(kernel, path, command);
            ProgramFile.checked(kernel, component.directory + "/" + command);
            return command;
        } catch (SysException e) {
            throw new World.Failed("unable to run " + command + ": " + e.getMessage());
        }
    }

    private int spawn(Component component, String program, List<String> words) throws World.Failed {
        List<Integer> open = new ArrayList<>();
        String act = "";
        try {
            Spawn child = child(component, program, words);
            child.environment(variables(component));
            child.defaults(Signal.HUP, Signal.INT, Signal.TERM, Signal.CHLD, Signal.PIPE);
            if (component.session) child.newSession();
            else child.newGroup();
            if (component.directory != null) {
                act = "enter " + component.directory;
                int fd = kernel.open(component.directory, Open.READ | Open.DIRECTORY, 0);
                open.add(fd);
                child.directory(fd);
            }
            if (component.terminal != null) {
                act = "use tty " + component.terminal;
                terminal(component, child, open);
            } else {
                streams(component, child, open);
            }
            act = "run " + component.command;
            return kernel.spawn(child);
        } catch (SysException e) {
            throw new World.Failed("unable to " + act + ": " + e.getMessage());
        } finally {
            for (int fd : open) kernel.closeQuietly(fd);
        }
    }

    /** The chain: each link finds the next by its path, whatever the component's PATH is. */
    private Spawn child(Component component, String program, List<String> words) {
        if (component.links.isEmpty()) return new Spawn(program, words);
        List<String> argv = new ArrayList<>();
        for (List<String> link : component.links) {
            argv.add(tools.path(link.get(0)));
            argv.addAll(link.subList(1, link.size()));
        }
        if (!words.get(0).equals(program)) {
            argv.add(tools.path("runargv0"));
            argv.add(program);
        }
        argv.addAll(words);
        return new Spawn(argv.get(0), argv);
    }

    private List<String> variables(Component component) {
        List<String> variables = new ArrayList<>();
        if (component.clear != Component.Clear.ALL) {
            for (String variable : environment) {
                if (component.clear != Component.Clear.LOGIN || isLogin(variable)) variables.add(variable);
            }
        }
        for (String variable : component.variables) {
            String name = variable.substring(0, variable.indexOf('=') + 1);
            variables.removeIf(each -> each.startsWith(name));
            variables.add(variable);
        }
        return variables;
    }

    private static boolean isLogin(String variable) {
        int equals = variable.indexOf('=');
        for (String name : LOGIN) {
            if (equals == name.length() && variable.startsWith(name)) return true;
        }
        return false;
    }

    /** It is opened here first: what is no terminal is to be said here, and not by the child. */
    private void terminal(Component component, Spawn child, List<Integer> open) throws SysException {
        int fd = kernel.open(component.terminal, Open.READ_WRITE | Open.NO_TERMINAL | Open.NON_BLOCKING, 0);
        open.add(fd);
        if (component.session) {
            if (!kernel.isTerminal(fd)) throw new SysException(Errno.ENOTTY);
            child.controllingTerminal();
        }
        kernel.nonBlocking(fd, false);
        for (int target = 0; target < 3; target++) child.descriptor(target, fd);
    }

    private void streams(Component component, Spawn child, List<Integer> open) throws World.Failed {
        Component.Stream output = component.output;
        Component.Stream errors = component.errors;
        if (component.input != null) child.descriptor(0, open(component.input.path(), component.input.flags(), open));
        boolean shared = output != null && errors != null && output.path().equals(errors.path());
        if (shared) {
            int both = errors.flags() & Open.READ_WRITE;
            int fd = open(output.path(), both == 0 ? output.flags() : output.flags() & ~Open.WRITE | both, open);
            child.descriptor(1, fd).descriptor(2, fd);
        } else {
            if (output != null) child.descriptor(1, open(output.path(), output.flags(), open));
            if (errors != null) child.descriptor(2, open(errors.path(), errors.flags(), open));
        }
    }

    /** A FIFO is not waited for: nothing here may wait. */
    private int open(String file, int flags, List<Integer> open) throws World.Failed {
        try {
            int fd = kernel.open(file, flags | Open.NON_BLOCKING, 0644);
            open.add(fd);
            kernel.nonBlocking(fd, false);
            return fd;
        } catch (SysException e) {
            throw new World.Failed("unable to open " + file + ": " + e.getMessage());
        }
    }

    // ---- built-in commands ------------------------------------------------------------------------------------------

    /** The words between semicolons. */
    private static List<List<String>> parts(Component component) {
        List<List<String>> parts = new ArrayList<>();
        List<String> part = new ArrayList<>();
        for (String word : component.args) {
            boolean last = word.endsWith(";");
            String bare = last ? word.substring(0, word.length() - 1) : word;
            if (!bare.isEmpty()) part.add(bare);
            if (!last) continue;
            if (!part.isEmpty()) parts.add(part);
            part = new ArrayList<>();
        }
        if (!part.isEmpty()) parts.add(part);
        return parts;
    }

    private int makeDirectories(Component component) throws World.Failed {
        for (List<String> part : parts(component)) {
            for (String directory : part) makeDirectory(directory);
        }
        return 0;
    }

    /** And those above it. */
    private void makeDirectory(String directory) throws World.Failed {
        for (int end = 1; end <= directory.length(); end++) {
            if (end < directory.length() && directory.charAt(end) != '/') continue;
            String part = directory.substring(0, end);
            try {
                kernel.makeDirectory(part, 0777);
            } catch (SysException e) {
                if (!isDirectory(part)) throw new World.Failed("unable to make directory " + part + ": " + e.getMessage());
            }
        }
    }

    private boolean isDirectory(String file) {
        try {
            return kernel.stat(file).isDirectory();
        } catch (SysException e) {
            return false;
        }
    }

    private int makeLinks(Component component) throws World.Failed {
        for (List<String> part : parts(component)) {
            if (part.size() != 2) throw new World.Failed("a symbolic link needs a target and a name: " + String.join(" ", part));
            makeLink(part.get(0), part.get(1));
        }
        return 0;
    }

    private void makeLink(String target, String link) throws World.Failed {
        try {
            if (isLinkTo(target, link)) return;
            kernel.symbolicLink(target, link);
        } catch (SysException e) {
            throw new World.Failed("unable to make symbolic link " + link + ": " + e.getMessage());
        }
    }

    /** One that points elsewhere is taken away; anything else is somebody's, and stays. */
    private boolean isLinkTo(String target, String link) throws SysException {
        String there;
        try {
            there = kernel.readLink(link);
        } catch (SysException none) {
            return false;
        }
        if (there.equals(target)) return true;
        kernel.unlink(link);
        return false;
    }
}
