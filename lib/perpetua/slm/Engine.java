// SPDX-License-Identifier: Apache-2.0
package perpetua.slm;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import perpetua.sys.Reaped;
import perpetua.sys.Signal;

/**
 * The graph at run time. It is told what has happened and when, and has its {@link World} do what follows; it knows neither
 * clock nor kernel.
 *
 * <pre>
 * INITIALIZED  marked: waits (gated) until all it needs is up and its back-off is over, then STARTING
 * STARTING     spawned: WAITING, its waits one after another; refused: abnormal
 * WAITING      all satisfied: RUNNING, or DONE without a process; timed out: STOPPING, then abnormal
 * RUNNING      ended: abnormal
 * any of these to go down: when no dependent that goes down too is left, STOPPING
 * STOPPING     gone: INITIALIZED, and gated again if it is still wanted; timeout: KILL
 * abnormal     by its repair: INITIALIZED; dependents stopped; gated again; too often: DEAD
 * </pre>
 *
 * Whatever may now go on stands in a queue, so that nothing is deeper than the graph is wide, and the order is the same
 * each time.
 */
final class Engine {
    /** How long a process may take to end that was killed: then somebody has to look at it. */
    private static final long KILL_NANOS = 5_000_000_000L;
    private static final long MILLI = 1_000_000L;

    private final World world;
    private final Settings settings;
    private final Deque<Integer> queue = new ArrayDeque<>();
    private Configuration configuration;
    private Node[] nodes;
    private boolean[] queued;

    Engine(Configuration configuration, Settings settings, World world) {
        this.world = world;
        this.settings = settings;
        this.configuration = configuration;
        this.nodes = new Node[configuration.size()];
        for (int i = 0; i < nodes.length; i++) nodes[i] = new Node(configuration.components.get(i));
        this.queued = new boolean[nodes.length];
    }

    Configuration configuration() {
        return configuration;
    }

    Node node(int index) {
        return nodes[index];
    }

    int indexOf(Node node) {
        int index = configuration.indexOf(node.component.name);
        return index >= 0 && nodes[index] == node ? index : -1;
    }

    // ---- what is asked for ----------------------------------------------------------------------------------------

    /** Marks them and all they need, and starts what can be started. Those that are up stay as they are. */
    void start(List<Integer> targets, boolean debug, long now) {
        start(targets, debug, false, now);
    }

    /** The same at slm's own start, where what they need is debugged with them. */
    void startup(List<Integer> targets, boolean debug, long now) {
        start(targets, debug, debug, now);
    }

    private void start(List<Integer> targets, boolean debug, boolean debugNeeds, long now) {
        boolean[] seen = new boolean[nodes.length];
        for (int target : targets) {
            if (nodes[target].isUp()) continue;
            mark(target, debugNeeds, seen);
            nodes[target].debug = debug;
        }
        settle(now);
    }

    /** One that is up needs no look at what it needs. */
    private void mark(int target, boolean debug, boolean[] seen) {
        Deque<Integer> open = new ArrayDeque<>();
        open.push(target);
        while (!open.isEmpty()) {
            int index = open.pop();
            Node node = nodes[index];
            if (seen[index] || node.isUp()) continue;
            seen[index] = true;
            if (!node.active) {
                node.active = true;
                node.debug = debug;
                node.attempts.clear();
                node.consecutive = 0;
                node.notBefore = Long.MIN_VALUE;
                world.say(World.INFO, "Component '" + node.component.name + "': Mark active");
                if (!node.isAlive()) gate(index);
            }
            int[] needs = configuration.needs[index];
            for (int i = needs.length - 1; i >= 0; i--) open.push(needs[i]);
        }
    }

    /** Stops one component, those in a session with it first. */
    void stop(int target, long now) {
        takeDown(sessions(target), false);
        settle(now);
    }

    /** Stops them, whoever depends on them in whatever way: the end of slm. */
    void stopAll(List<Integer> targets, long now) {
        List<Integer> all = new ArrayList<>();
        boolean[] found = new boolean[nodes.length];
        for (int target : targets) sessions(target, all, found);
        takeDown(all, false);
        settle(now);
    }

    /** @return all that it concerns: those asked for, then their dependents that come back with them */
    List<Integer> restart(List<Integer> targets, boolean debug, long now) {
        List<Integer> concerned = new ArrayList<>(targets);
        boolean[] isConcerned = new boolean[nodes.length];
        for (int target : targets) isConcerned[target] = true;
        List<Integer> down = new ArrayList<>();
        boolean[] isDown = new boolean[nodes.length];
        boolean[] seen = new boolean[nodes.length];
        for (int target : targets) {
            Node node = nodes[target];
            if (node.isAlive()) {
                int known = down.size();
                sessions(target, down, isDown);
                for (int index : down.subList(known, down.size())) {
                    if (!nodes[index].active || isConcerned[index]) continue;
                    isConcerned[index] = true;
                    concerned.add(index);
                }
                for (int need : configuration.needs[target]) mark(need, false, seen);
                node.active = true;
                node.attempts.clear();
                node.consecutive = 0;
            } else {
                mark(target, false, seen);
            }
            node.debug = debug;
        }
        takeDown(down, true);
        settle(now);
        return concerned;
    }

    /** The component and all that are in a session with it, directly or not, and want to be or are up. */
    private List<Integer> sessions(int target) {
        List<Integer> found = new ArrayList<>();
        sessions(target, found, new boolean[nodes.length]);
        return found;
    }

    /** Adds them to those that were found already. @param seen which those are */
    private void sessions(int target, List<Integer> found, boolean[] seen) {
        Deque<Integer> open = new ArrayDeque<>();
        open.push(target);
        while (!open.isEmpty()) {
            int index = open.pop();
            if (seen[index]) continue;
            seen[index] = true;
            found.add(index);
            int[] dependents = configuration.dependents[index];
            for (int i = 0; i < dependents.length; i++) {
                Node node = nodes[dependents[i]];
                if (configuration.isDependentStateless(index, i) || !node.active && !node.isAlive()) continue;
                open.push(dependents[i]);
            }
        }
    }

    private void takeDown(List<Integer> indexes, boolean keepActive) {
        for (int index : indexes) {
            Node node = nodes[index];
            if (!keepActive) {
                node.active = false;
                node.reason = "stopped";
            }
            if (node.isAlive()) {
                node.downing = true;
                enqueue(index);
            } else if (!node.active && node.state != State.DEAD) {
                node.gated = false;
                node.state = State.INITIALIZED;
                world.timer(node, -1);
            }
        }
    }

    // ---- what has happened ----------------------------------------------------------------------------------------

    /** The process of a component has ended; null: it is gone, and nobody knows how. */
    void ended(Node node, Reaped how, String cause, long now) {
        int index = indexOf(node);
        if (index < 0) return;
        node.hasProcess = false;
        node.last = how;
        world.timer(node, -1);
        boolean exited = how != null && how.signal() == 0;
        Integer expected = node.component.expectedExit();
        if (node.failing) {
            node.failing = false;
            abnormal(index, node.reason, now);
        } else if (node.state == State.STOPPING || node.downing) {
            down(index);
        } else if (node.state == State.STARTING && exited && how.status() == (expected == null ? 0 : expected)) {
            beginWaits(index, now);
        } else if (node.state == State.WAITING && expected != null && exited && how.status() == expected) {
            node.ended = true;
            advance(index, now);
        } else {
            abnormal(index, cause, now);
        }
        settle(now);
    }

    /** The time of a timer has come. */
    void due(Node node, long now) {
        int index = indexOf(node);
        if (index < 0) return;
        if (node.state == State.STOPPING) {
            if (!node.killed) {
                node.killed = true;
                world.say(World.WARNING, "Component '" + node.component.name + "': did not stop in "
                        + node.component.stopMillis + " ms, killing it");
                world.signal(node, Signal.KILL.number(), false);
                world.timer(node, now + KILL_NANOS);
            } else {
                world.say(World.ERROR, "Component '" + node.component.name + "': process " + node.pid
                        + " can't be killed");
                world.forget(node);
                ended(node, null, "can't be killed", now);
            }
        } else if (node.state == State.WAITING && !node.gated) {
            advance(index, now);
        } else {
            enqueue(index);
        }
        settle(now);
    }

    // ---- what follows -----------------------------------------------------------------------------------------------

    private void enqueue(int index) {
        if (queued[index]) return;
        queued[index] = true;
        queue.add(index);
    }

    private void settle(long now) {
        for (Integer next; (next = queue.poll()) != null; ) {
            queued[next] = false;
            Node node = nodes[next];
            if (node.downing) considerStop(next, now);
            else if (node.active && node.gated) considerStart(next, now);
        }
    }

    private void gate(int index) {
        Node node = nodes[index];
        node.gated = true;
        node.state = State.WAITING;
        enqueue(index);
    }

    private void considerStart(int index, long now) {
        Node node = nodes[index];
        node.state = State.WAITING;
        for (int need : configuration.needs[index]) {
            if (!nodes[need].isUp()) return;
        }
        for (int dependent : configuration.dependents[index]) {
            if (nodes[dependent].downing) return;
        }
        node.state = State.STARTING;
        if (now < node.notBefore) {
            world.timer(node, node.notBefore);
            return;
        }
        node.gated = false;
        node.ended = false;
        node.failing = false;
        node.hasProcess = false;
        node.pid = 0;
        node.spawned = now;
        node.since = now;
        world.say(World.NOTICE, "[START] Component '" + node.component.name + "'");
        try {
            node.pid = world.start(node);
        } catch (World.Failed e) {
            abnormal(index, e.getMessage(), now);
            return;
        }
        node.hasProcess = node.pid > 0;
        if (node.hasProcess) {
            world.say(World.INFO, "Component '" + node.component.name + "': Spawned process with pid " + node.pid);
        }
        // A command for the shell is a step on the way to being up, and not what is then up.
        if (node.hasProcess && node.component.builtin != null) return;
        beginWaits(index, now);
    }

    private void beginWaits(int index, long now) {
        Node node = nodes[index];
        node.state = State.WAITING;
        node.wait = 0;
        node.seen = 0;
        node.waitSince = now;
        advance(index, now);
    }

    /** Goes on to the first wait that is not satisfied, or up. */
    private void advance(int index, long now) {
        Node node = nodes[index];
        for (Wait wait; (wait = node.currentWait()) != null; ) {
            if (!isOver(node, wait, now)) {
                long timeout = timeout(wait);
                if (timeout > 0 && now - node.waitSince >= timeout * MILLI) {
                    fail(index, "waited " + timeout + " ms in vain for " + wait, now);
                } else {
                    world.timer(node, nextLook(node, wait, timeout, now));
                }
                return;
            }
            node.wait++;
            node.seen = 0;
            node.waitSince = now;
        }
        up(index);
    }

    private boolean isOver(Node node, Wait wait, long now) {
        return switch (wait.kind()) {
            case NONE -> true;
            case DELAY -> now >= node.spawned + wait.value() * MILLI;
            case EXITS -> node.ended || node.component.builtin != null;
            case PATHNAME, LISTENS -> world.isSatisfied(node, wait);
            // At a single look it may be on its way from one message to the next.
            case BLOCKS -> (node.seen = world.isSatisfied(node, wait) ? node.seen + 1 : 0) >= 2;
        };
    }

    /** Only what is looked for again and again has a limit by itself. */
    private long timeout(Wait wait) {
        if (wait.timeoutMillis() >= 0) return wait.kind() == Wait.Kind.DELAY ? 0 : wait.timeoutMillis();
        return wait.isPolled() ? settings.timeoutMillis() : 0;
    }

    private long nextLook(Node node, Wait wait, long timeout, long now) {
        long limit = timeout > 0 ? node.waitSince + timeout * MILLI : Long.MAX_VALUE;
        if (wait.kind() == Wait.Kind.DELAY) return node.spawned + wait.value() * MILLI;
        if (!wait.isPolled()) return timeout > 0 ? limit : -1;
        long poll = wait.pollMillis() > 0 ? wait.pollMillis() : settings.pollMillis();
        return Math.min(limit, now + poll * MILLI);
    }

    private void up(int index) {
        Node node = nodes[index];
        node.state = node.hasProcess ? State.RUNNING : State.DONE;
        node.consecutive = 0;
        world.timer(node, -1);
        world.say(World.INFO, "Component '" + node.component.name + "': " + node.state);
        for (int dependent : configuration.dependents[index]) enqueue(dependent);
    }

    /** Its start has failed, though a process may be there. */
    private void fail(int index, String reason, long now) {
        Node node = nodes[index];
        if (!node.hasProcess) {
            abnormal(index, reason, now);
            return;
        }
        node.failing = true;
        node.reason = reason;
        stopProcess(node, now);
    }

    private void abnormal(int index, String reason, long now) {
        Node node = nodes[index];
        String name = "Component '" + node.component.name + "': ";
        node.reason = reason;
        world.timer(node, -1);
        if (node.downing) {
            down(index);
            return;
        }
        Component.Repair repair = node.component.repair == Component.Repair.DEFAULT ? settings.repair() : node.component.repair;
        List<Integer> sessions = sessions(index);
        sessions.remove(0);
        node.gated = false;
        if (repair != Component.Repair.RESTART) {
            world.say(World.ERROR, name + "failed: " + reason + "; left down");
            node.active = false;
            node.state = State.INITIALIZED;
            if (repair == Component.Repair.STOP) takeDown(sessions, false);
            return;
        }
        node.attempts.removeIf(time -> now - time >= settings.unitNanos());
        if (node.attempts.size() >= settings.attempts()) {
            world.say(World.ERROR, name + "failed: " + reason + "; given up after " + node.attempts.size() + " attempts");
            node.active = false;
            node.state = State.DEAD;
        } else {
            node.attempts.add(now);
            node.consecutive++;
            node.restarts++;
            world.say(World.WARNING, name + "failed: " + reason + "; attempt " + node.attempts.size() + " of "
                    + settings.attempts());
            long backoff = node.component.backoffMillis >= 0 ? node.component.backoffMillis : settings.backoffMillis();
            node.notBefore = now + backoff * node.consecutive * MILLI;
            gate(index);
        }
        takeDown(sessions, true);
    }

    private void considerStop(int index, long now) {
        Node node = nodes[index];
        if (node.state == State.STOPPING) return;
        for (int dependent : configuration.dependents[index]) {
            if (nodes[dependent].downing && nodes[dependent].isAlive()) return;
        }
        world.timer(node, -1);
        if (!node.hasProcess) {
            down(index);
        } else if (!node.component.stopsBySignal) {
            world.say(World.NOTICE, "[STOP] Component '" + node.component.name + "': process " + node.pid + " is left alone");
            world.forget(node);
            node.hasProcess = false;
            down(index);
        } else {
            world.say(World.NOTICE, "[STOP] Component '" + node.component.name + "'");
            stopProcess(node, now);
        }
    }

    private void stopProcess(Node node, long now) {
        node.state = State.STOPPING;
        node.killed = false;
        boolean atOnce = node.component.stopMillis == 0;
        world.signal(node, node.component.stopSignal, node.component.stopsChildren);
        if (atOnce) {
            node.killed = true;
            world.signal(node, Signal.KILL.number(), false);
        }
        world.timer(node, now + (atOnce ? KILL_NANOS : node.component.stopMillis * MILLI));
    }

    private void down(int index) {
        Node node = nodes[index];
        node.downing = false;
        node.failing = false;
        node.pid = 0;
        node.state = State.INITIALIZED;
        world.say(World.INFO, "Component '" + node.component.name + "': stopped");
        if (node.active) gate(index);
        for (int need : configuration.needs[index]) enqueue(need);
    }

    // ---- what has come of it ---------------------------------------------------------------------------------------

    /** @return null while it is not decided, empty if all of them are up, otherwise which one is not, and why */
    String startResult(List<Integer> targets) {
        boolean pending = false;
        for (int target : targets) {
            Node node = nodes[target];
            if (node.isUp()) continue;
            String name = node.component.name + ": ";
            if (!node.active) return name + (node.state == State.DEAD ? "dead: " : "") + node.reason;
            String blocked = node.gated ? blockedBy(target) : null;
            if (blocked != null) return name + blocked;
            pending = true;
        }
        return pending ? null : "";
    }

    /** @return what it needs that will not come up by itself, null if there is nothing of that kind */
    String blockedBy(int target) {
        boolean[] seen = new boolean[nodes.length];
        Deque<Integer> open = new ArrayDeque<>();
        open.push(target);
        while (!open.isEmpty()) {
            int index = open.pop();
            for (int need : configuration.needs[index]) {
                Node node = nodes[need];
                if (seen[need] || node.isUp()) continue;
                seen[need] = true;
                if (!node.active) return "needs " + node.component.name + ": " + node.state;
                open.push(need);
            }
        }
        return null;
    }

    boolean isStopped(int target) {
        return !nodes[target].isAlive() && !nodes[target].downing;
    }

    boolean isStopped(List<Integer> targets) {
        for (int target : targets) {
            if (!isStopped(target)) return false;
        }
        return true;
    }

    // ---- another configuration -------------------------------------------------------------------------------------

    /**
     * Takes another configuration. What is in both keeps its process and gets its new definition, in force from its next start
     * on. Those that are in it no more must be down.
     *
     * @return those
     */
    List<Node> replace(Configuration other, long now) {
        Node[] before = nodes;
        Configuration former = configuration;
        nodes = new Node[other.size()];
        queued = new boolean[other.size()];
        queue.clear();
        for (int i = 0; i < nodes.length; i++) {
            Component component = other.components.get(i);
            int known = former.indexOf(component.name);
            nodes[i] = known >= 0 ? before[known] : new Node(component);
            nodes[i].component = component;
        }
        configuration = other;
        List<Node> gone = new ArrayList<>();
        for (Node node : before) {
            if (indexOf(node) < 0) gone.add(node);
        }
        for (int i = 0; i < nodes.length; i++) {
            Node node = nodes[i];
            // A wait of the former definition may be none of this one: it begins anew.
            if (node.state == State.WAITING && !node.gated) beginWaits(i, now);
            enqueue(i);
        }
        settle(now);
        return gone;
    }
}
