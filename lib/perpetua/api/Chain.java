// SPDX-License-Identifier: Apache-2.0
package perpetua.api;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Starts programs as children of this JVM through an exec chain, which sets limits, user, environment and more of the child
 * alone, before the program runs:
 *
 * <pre>{@code
 * Process server = Chain.of(limit(OPEN_FILES, 100), user("www"), env("PORT", "8080")).start("./server", "-q");
 * }</pre>
 *
 * <p>The links are executed from the first to the last, by one process, whose pid is the program's in the end. The child is
 * made by {@link ProcessBuilder}, hence by posix_spawn: its cost does not grow with this JVM's heap.
 *
 * <p>Immutable, and safe to use from several threads. Texts are given to the child in the JVM's native encoding.
 */
public final class Chain {
    private final Suite suite;
    private final List<Link> links;

    private Chain(Suite suite, List<Link> links) {
        this.suite = suite;
        this.links = List.copyOf(links);
    }

    /** A chain of these links, run by the suite that {@link Suite#find} finds when a program is started. */
    public static Chain of(Link... links) {
        return new Chain(null, Arrays.asList(links));
    }

    /** The same with further links behind. */
    public Chain then(Link... more) {
        List<Link> all = new ArrayList<>(links);
        all.addAll(Arrays.asList(more));
        return new Chain(suite, all);
    }

    /** The same, run by that suite. */
    public Chain by(Suite other) {
        return new Chain(other, links);
    }

    /**
     * Starts the program at the end of the chain. Its standard streams are pipes to this JVM.
     *
     * @param program a path, or a name that is sought along PATH
     * @throws IOException if the first link can't be started; what goes wrong later is told by the exit status: 111 and a
     *     sentence on standard error
     */
    public Process start(String program, String... arguments) throws IOException {
        return prepare(program, arguments).start();
    }

    /**
     * The same, not started yet: to set its directory, and where its streams go.
     *
     * @throws IOException if there are links and no tools to run them
     */
    public ProcessBuilder prepare(String program, String... arguments) throws IOException {
        Suite by = suite == null ? Suite.find() : suite;
        List<String> command = new ArrayList<>();
        for (Link link : links) {
            if (link.words().isEmpty()) continue;
            command.add(by.tool(link.words().get(0)).toString());
            command.addAll(link.words().subList(1, link.words().size()));
        }
        command.add(program);
        command.addAll(Arrays.asList(arguments));
        ProcessBuilder prepared = new ProcessBuilder(command);
        Map<String, String> environment = prepared.environment();
        for (Link link : links) {
            if (link.name() == null) continue;
            if (link.value() == null) environment.remove(link.name());
            else environment.put(link.name(), link.value());
        }
        return prepared;
    }
}
