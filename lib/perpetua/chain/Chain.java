// SPDX-License-Identifier: Apache-2.0
package perpetua.chain;

import java.util.ArrayList;
import java.util.List;
import perpetua.cli.Fatal;
import perpetua.cli.Tool;
import perpetua.cli.Tools;
import perpetua.sys.Errno;
import perpetua.sys.Kernel;
import perpetua.sys.Spawn;
import perpetua.sys.SysException;

/**
 * An exec chain: each tool changes one thing about its process and then becomes the next program. Where that is
 * another tool of this same binary, it runs in this process, which must not be observable but in time. Setting
 * {@code PERPETUA_EXEC=always} in the environment turns that off.
 */
public final class Chain {
    /** Where programs are sought when there is no PATH (spec/perp.md section 1.5). */
    private static final String DEFAULT_PATH = "/bin:/usr/bin";
    /** As many as Linux follows. */
    private static final int MOST_LINKS = 40;

    private final Kernel kernel;
    private final Tools tools;
    private final Environment environment;

    /** PATH as the running link was started with it; known from the moment somebody may change it. */
    private String ownPath;
    private boolean ownPathKnown;

    /** The file of the running link, and whether that is the binary under its own name, which is told the tool's. */
    private String file;
    private boolean byOwnName;

    /** The link that runs after the one now running. */
    private Tool next;
    private List<String> nextWords;

    private Chain(Kernel kernel, Tools tools) {
        this.kernel = kernel;
        this.tools = tools;
        this.environment = new Environment(kernel);
    }

    /**
     * Runs the tool that this process was executed as, and those that follow it in place. A loop, not a recursion: a
     * chain may have as many links as a command line holds.
     *
     * @param executed the path that was executed, empty if unknown; it decides, since argv[0] may be any text
     * @param words from argv[0] on
     * @return the exit status
     */
    public static int start(Kernel kernel, Tools tools, String executed, List<String> words) {
        Chain chain = new Chain(kernel, tools);
        Tool tool = chain.entered(executed, words);
        int status;
        do {
            chain.next = null;
            chain.ownPathKnown = false;
            status = tool.run(words, kernel, chain);
            tool = chain.next;
            words = chain.nextWords;
        } while (tool != null);
        return status;
    }

    private Tool entered(String executed, List<String> words) {
        Tool byPath = tools.find(lastComponent(executed));
        Tool byName = words.isEmpty() ? null : tools.find(lastComponent(words.get(0)));
        file = executed;
        // They differ where argv[0] is an alias, and where a script's first line names a tool: the script's own path
        // was executed then, whatever it is called.
        if (byPath != null && (byName == null || byName == byPath || kernel.isSelf(executed))) return byPath;
        if (byName == null) {
            byPath = linked(executed);
            return byPath == null ? tools.find("perpetua") : byPath;
        }
        file = words.get(0);
        return byName;
    }

    /** The tool that a link of another name leads to. @return null if there is none */
    private Tool linked(String path) {
        Tool tool = null;
        try {
            for (int links = 0; tool == null && links < MOST_LINKS; links++) {
                String target = kernel.readLink(path);
                path = target.startsWith("/") ? target : path.substring(0, path.lastIndexOf('/') + 1) + target;
                tool = tools.find(lastComponent(path));
            }
        } catch (SysException isNone) {
            // Then it is the binary itself, under whatever name.
        }
        return tool;
    }

    private static String lastComponent(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** The names of all tools, sorted. */
    public String[] toolNames() {
        return tools.names();
    }

    /** The path of a tool of this suite: beside the running one, wherever PATH would find it. */
    public String beside(String tool) {
        return file.substring(0, file.lastIndexOf('/') + 1) + tool;
    }

    /** Runs a tool by its name after the one now running. @return whether there is such a tool */
    public boolean runTool(List<String> words) {
        next = tools.find(words.get(0));
        nextWords = words;
        byOwnName = true;
        return next != null;
    }

    /** The environment of the next program, to be read and changed. */
    public Environment environment() {
        path();
        return environment;
    }

    /** Where the running tool seeks programs: PATH as it was started with it, whatever it changes for the next. */
    public String path() {
        if (!ownPathKnown) {
            ownPath = environment.get("PATH");
            ownPathKnown = true;
        }
        return ownPath == null ? DEFAULT_PATH : ownPath;
    }

    /** A tool's last act: becomes that program, which is sought by its first word. */
    public int exec(List<String> program) {
        return exec(program.get(0), program, null, program.get(0));
    }

    /**
     * A tool's last act: becomes that program.
     *
     * @param name a path, or a name to be sought
     * @param argv from argv[0] on
     * @param path where to seek; null for the tool's own PATH
     * @param shown what a failure names
     * @return only for a link that will run in place: hand it back
     * @throws Fatal if it can't be run
     */
    public int exec(String name, List<String> argv, String path, String shown) {
        SysException failure = along(path, name, found -> become(found, argv));
        if (failure != null) throw Fatal.system("unable to run " + shown, failure);
        return 0;
    }

    /** As {@link #exec(List)}, for a tool with words of its own. @return why it can't be run; null: hand back 0 */
    public SysException tryExec(List<String> program) {
        return along(null, program.get(0), found -> become(found, program));
    }

    private SysException become(String found, List<String> argv) {
        Tool tool = tools.find(lastComponent(found));
        if (tool != null && !"always".equals(environment.get("PERPETUA_EXEC")) && kernel.isSelf(found)) {
            file = found;
            byOwnName = false;
            next = tool;
            nextWords = argv;
            return null;
        }
        return kernel.exec(found, argv, environment.changed());
    }

    /**
     * Starts that program as a child, in the environment of the next program. What {@code settings} adds to it is
     * different for the child.
     *
     * @return its pid
     * @throws SysException why it can't be run
     */
    public int spawn(List<String> program, Settings settings) throws SysException {
        return spawn(program.get(0), program, settings);
    }

    /**
     * Starts the running tool once more, as a child that has other words and the environment of the next program. It is
     * found where this one was, whatever PATH says by now.
     *
     * @param words from argv[0] on
     */
    public int respawn(List<String> words, Settings settings) throws SysException {
        List<String> argv = new ArrayList<>();
        if (byOwnName) argv.add(file);
        argv.addAll(words);
        return spawn(file, argv, settings);
    }

    private int spawn(String name, List<String> argv, Settings settings) throws SysException {
        int[] pid = new int[1];
        SysException failure = along(null, name, found -> {
            Spawn child = new Spawn(found, argv).environment(environment.changed());
            settings.addTo(child);
            try {
                pid[0] = kernel.spawn(child);
                return null;
            } catch (SysException e) {
                return e;
            }
        });
        if (failure != null) throw failure;
        return pid[0];
    }

    /**
     * Becomes the file that the running tool was found in, once more: perhaps a newer one by now. Descriptors, pid and children
     * stay.
     *
     * @param words from argv[0] on
     * @param variables the environment
     * @return why it can't be run
     */
    public SysException execAgain(List<String> words, List<String> variables) {
        List<String> argv = new ArrayList<>();
        if (byOwnName) argv.add(file);
        argv.addAll(words);
        return kernel.exec(file, argv, variables);
    }

    /** What is different for a child. */
    public interface Settings {
        void addTo(Spawn child);
    }

    /** An attempt to run one file. */
    private interface Attempt {
        /** @return why it failed, null if it did not */
        SysException at(String found);
    }

    /** The look-up of spec/perp.md section 1.5. @return why nothing was run, null if something was */
    private SysException along(String path, String name, Attempt attempt) {
        if (name.isEmpty()) return new SysException(Errno.ENOENT);
        if (name.indexOf('/') >= 0) return attempt.at(name);
        String directories = path == null ? path() : path;
        if (directories.isEmpty()) return new SysException(0);
        SysException failure = null;
        int from = 0;
        while (from <= directories.length()) {
            int to = directories.indexOf(':', from);
            if (to < 0) to = directories.length();
            String directory = to == from ? "." : directories.substring(from, to);
            SysException why = attempt.at(directory + "/" + name);
            if (why == null) return null;
            if (why.is(Errno.EACCES) || why.is(Errno.EPERM) || why.is(Errno.EISDIR)) failure = why;
            else if (!why.is(Errno.ENOENT)) return why;
            from = to + 1;
        }
        return failure == null ? new SysException(Errno.ENOENT) : failure;
    }
}
