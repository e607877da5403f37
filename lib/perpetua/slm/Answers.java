// SPDX-License-Identifier: Apache-2.0
package perpetua.slm;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import perpetua.cli.JsonWriter;
import perpetua.sys.Signal;

/** What queries are answered, in lines with tabs between the fields, or as one line of JSON. */
final class Answers {
    private final Engine engine;
    private final Configuration configuration;
    private final Request request;
    private final long now;

    private Answers(Engine engine, Request request, long now) {
        this.engine = engine;
        this.configuration = engine.configuration();
        this.request = request;
        this.now = now;
    }

    /** @return lines, each with its newline */
    static String of(Engine engine, Request request, long now) throws Request.Malformed {
        Answers answers = new Answers(engine, request, now);
        return switch (request.verb()) {
            case NEEDS, USEDBY -> answers.relatives();
            default -> answers.components();
        };
    }

    private boolean isAsked(Node node) {
        return switch (request.verb()) {
            case ACTIVE -> node.active && (request.pid() == 0 || node.hasProcess && node.pid == request.pid());
            case INACTIVE -> !node.active;
            case INITIALIZED -> node.state == State.INITIALIZED;
            case STARTING -> node.state == State.STARTING;
            case WAITING -> node.state == State.WAITING;
            case STOPPING -> node.state == State.STOPPING;
            case DEAD -> node.state == State.DEAD;
            default -> true;
        };
    }

    private String components() {
        StringBuilder text = new StringBuilder();
        JsonWriter json = new JsonWriter().openArray();
        for (int i = 0; i < configuration.size(); i++) {
            Node node = engine.node(i);
            if (!isAsked(node)) continue;
            if (request.json()) describe(json, i);
            else text.append(line(i)).append('\n');
        }
        return request.json() ? json.closeArray() + "\n" : text.toString();
    }

    private String line(int index) {
        Node node = engine.node(index);
        String name = node.component.name;
        if (!request.verbose()) return request.verb() == Request.Verb.LISTALL ? name + "\t" + node.state : name;
        if (request.verb() == Request.Verb.WAITING) return name + "\t" + node.state + "\t" + waitsFor(index);
        return name + "\t" + node.state + "\t" + (node.active ? "active" : "inactive") + "\t"
                + (node.hasProcess ? String.valueOf(node.pid) : "-") + "\t" + seconds(node) + "\t" + node.restarts + "\t" + last(node);
    }

    private long seconds(Node node) {
        return node.since < 0 || node.state == State.INITIALIZED || node.state == State.DEAD ? 0 : (now - node.since) / 1_000_000_000L;
    }

    private static String last(Node node) {
        if (node.last == null) return "-";
        return node.last.signal() == 0 ? "exit " + node.last.status() : Signal.name(node.last.signal());
    }

    /** What it is waiting for. */
    private String waitsFor(int index) {
        Node node = engine.node(index);
        if (!node.gated) return node.currentWait() == null ? "nothing" : node.currentWait().toString();
        String blocked = engine.blockedBy(index);
        if (blocked != null) return blocked;
        for (int need : configuration.needs[index]) {
            if (!engine.node(need).isUp()) return "needs " + engine.node(need).component.name + ": " + engine.node(need).state;
        }
        return "nothing";
    }

    private void describe(JsonWriter json, int index) {
        Node node = engine.node(index);
        json.openObject().name("name").string(node.component.name).name("state").string(node.state.name())
                .name("active").bool(node.active).name("pid");
        if (node.hasProcess) json.number(node.pid);
        else json.literal("null");
        json.name("seconds").number(seconds(node)).name("restarts").number(node.restarts).name("last");
        if (node.last == null) json.literal("null");
        else json.string(last(node));
        if (node.state == State.WAITING) json.name("waitsfor").string(waitsFor(index));
        json.closeObject();
    }

    /** Those that it needs, or those that need it: itself only, or the whole tree below it, each part of that once. */
    private String relatives() throws Request.Malformed {
        String prefix = "component:";
        String of = request.name();
        int first = configuration.indexOf(of.startsWith(prefix) ? of.substring(prefix.length()) : of);
        if (first < 0) throw new Request.Malformed(request.name() + ": no component of that name");
        StringBuilder text = new StringBuilder();
        JsonWriter json = new JsonWriter().openArray();
        boolean[] seen = new boolean[configuration.size()];
        // Triples of component, depth, and whether it is stateless.
        Deque<int[]> open = new ArrayDeque<>();
        push(open, first, 0);
        while (!open.isEmpty()) {
            int[] next = open.pop();
            String name = configuration.components.get(next[0]).name;
            String kind = next[2] != 0 ? "stateless" : "session";
            if (request.json()) {
                json.openObject().name("name").string(name).name("depend").string(kind).name("depth").number(next[1]).closeObject();
            } else {
                text.append("  ".repeat(next[1] - 1)).append(name).append('\t').append(kind).append('\n');
            }
            if (!request.verbose() || seen[next[0]]) continue;
            seen[next[0]] = true;
            push(open, next[0], next[1]);
        }
        return request.json() ? json.closeArray() + "\n" : text.toString();
    }

    private void push(Deque<int[]> open, int index, int depth) {
        boolean needs = request.verb() == Request.Verb.NEEDS;
        int[] relatives = needs ? configuration.needs[index] : configuration.dependents[index];
        List<int[]> entries = new ArrayList<>();
        for (int i = 0; i < relatives.length; i++) {
            boolean stateless = needs ? configuration.isNeedStateless(index, i) : configuration.isDependentStateless(index, i);
            entries.add(new int[] {relatives[i], depth + 1, stateless ? 1 : 0});
        }
        for (int i = entries.size() - 1; i >= 0; i--) open.push(entries.get(i));
    }
}
