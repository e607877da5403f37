// SPDX-License-Identifier: Apache-2.0
package perpetua.slm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import perpetua.fake.FakeKernel;
import perpetua.sys.Reaped;

/** The rules of the graph, one after another, without a process or a clock. */
class EngineTest {
    private static final long MILLI = 1_000_000L;

    /** Plays the world: notes what is asked for, and has processes that end when a test says so. */
    private static final class Stage implements World {
        final List<String> acts = new ArrayList<>();
        final Map<Node, Long> timers = new HashMap<>();
        final List<String> satisfied = new ArrayList<>();
        final List<String> failing = new ArrayList<>();
        int pids = 100;

        @Override
        public int start(Node node) throws Failed {
            acts.add("start " + node.component.name);
            if (failing.contains(node.component.name)) throw new Failed("unable");
            return node.component.builtin == null ? ++pids : 0;
        }

        @Override
        public boolean isSatisfied(Node node, Wait wait) {
            return satisfied.contains(wait.text());
        }

        @Override
        public void signal(Node node, int signal, boolean children) {
            acts.add((children ? "signal all " : "signal ") + signal + " " + node.component.name);
        }

        @Override
        public void forget(Node node) {
            acts.add("forget " + node.component.name);
        }

        @Override
        public void timer(Node node, long nanos) {
            if (nanos < 0) timers.remove(node);
            else timers.put(node, nanos);
        }

        @Override
        public void say(int level, String sentence) {
            // What is said, the tests of slm read.
        }
    }

    private final Stage stage = new Stage();
    private Configuration configuration;
    private Engine engine;
    private long now;

    private void system(String inside) throws Refusal {
        FakeKernel kernel = new FakeKernel();
        kernel.file("/c.xml", "<SLM:system>" + inside + "</SLM:system>");
        configuration = Configuration.load(kernel, "/c.xml", sentence -> { });
        engine = new Engine(configuration, Settings.of("replace", "2/min", 0, 100, 50000), stage);
    }

    private static String component(String name, String inside) {
        return "<SLM:component name='" + name + "'><SLM:command>x</SLM:command>" + inside + "</SLM:component>";
    }

    private static String on(String name) {
        return "<SLM:depend>" + name + "</SLM:depend>";
    }

    private Node node(String name) {
        return engine.node(configuration.indexOf(name));
    }

    private List<Integer> named(String name) {
        return configuration.named(name);
    }

    private void start(String name) {
        engine.start(named(name), false, now);
    }

    private void exits(String name, int status) {
        engine.ended(node(name), new Reaped(node(name).pid, status, 0), "exited with " + status, now);
    }

    private void dies(String name) {
        engine.ended(node(name), new Reaped(node(name).pid, 0, 9), "killed", now);
    }

    private void acts(String... expected) {
        assertEquals(List.of(expected), stage.acts);
        stage.acts.clear();
    }

    private void states(String expected) {
        StringBuilder states = new StringBuilder();
        for (int i = 0; i < configuration.size(); i++) states.append(i > 0 ? " " : "").append(engine.node(i).state);
        assertEquals(expected, states.toString());
    }

    /** Time passes, and what is due comes about. */
    private void pass(long millis) {
        long until = now + millis * MILLI;
        for (;;) {
            Node next = null;
            for (Node each : stage.timers.keySet()) {
                if (next == null || stage.timers.get(each) < stage.timers.get(next)) next = each;
            }
            if (next == null || stage.timers.get(next) > until) break;
            now = Math.max(now, stage.timers.remove(next));
            engine.due(next, now);
        }
        now = until;
    }

    @BeforeEach
    void chain() throws Refusal {
        system(component("c", on("b")) + component("b", on("a")) + component("a", ""));
        start("all");
    }

    @Test
    @DisplayName("each is started when what it needs is up")
    void order() {
        acts("start a", "start b", "start c");
        states("RUNNING RUNNING RUNNING");
        assertEquals("", engine.startResult(named("all")));
    }

    @Test
    @DisplayName("a stop takes those in a session first, and they stay down")
    void stop() {
        stage.acts.clear();
        engine.stop(named("b").get(0), now);
        acts("signal 15 c");
        states("STOPPING RUNNING RUNNING");
        exits("c", 0);
        acts("signal 15 b");
        dies("b");
        states("INITIALIZED INITIALIZED RUNNING");
        assertTrue(engine.isStopped(named("b").get(0)));
        assertEquals("c: stopped", engine.startResult(named("c")));
        start("c");
        acts("start b", "start c");
    }

    @Test
    @DisplayName("a restart brings back those that were up, when it is up again")
    void restart() {
        engine.stop(named("c").get(0), now);
        exits("c", 0);
        stage.acts.clear();
        List<Integer> concerned = engine.restart(named("a"), false, now);
        acts("signal 15 b");
        assertNull(engine.startResult(concerned));
        exits("b", 0);
        exits("a", 0);
        acts("signal 15 a", "start a", "start b");
        assertEquals("", engine.startResult(concerned));
        states("INITIALIZED RUNNING RUNNING");
    }

    @Test
    @DisplayName("a death takes those in a session with it; the third within the window is the last")
    void death() {
        stage.acts.clear();
        for (int i = 0; i < 2; i++) {
            dies("a");
            acts("signal 15 c");
            exits("c", 0);
            exits("b", 0);
            acts("signal 15 b", "start a", "start b", "start c");
        }
        dies("a");
        exits("c", 0);
        exits("b", 0);
        acts("signal 15 c", "signal 15 b");
        states("WAITING WAITING DEAD");
        assertEquals("c: needs a: DEAD", engine.startResult(named("c")));
        start("a");
        acts("start a", "start b", "start c");
    }

    @Test
    @DisplayName("the window slides: a minute later a death is the first again")
    void window() throws Refusal {
        system(component("a", ""));
        start("a");
        for (int i = 0; i < 10; i++) {
            dies("a");
            assertEquals(State.RUNNING, node("a").state);
            pass(31_000);
        }
    }

    @Test
    @DisplayName("a process that does not go is killed, then given up")
    void escalation() {
        stage.acts.clear();
        engine.stop(named("c").get(0), now);
        pass(4999);
        acts("signal 15 c");
        pass(1);
        acts("signal 9 c");
        pass(5000);
        acts("forget c");
        states("INITIALIZED RUNNING RUNNING");
    }

    @Test
    @DisplayName("back-off grows by its own length, and a stop ends it")
    void backoff() throws Refusal {
        system(component("a", "<SLM:repair backoff='2'>restart</SLM:repair><SLM:waitfor wait='exits'/>"));
        start("a");
        exits("a", 1);
        acts("start a", "start b", "start c", "start a");
        pass(1999);
        states("STARTING");
        pass(1);
        acts("start a");
        exits("a", 1);
        pass(3999);
        acts();
        pass(1);
        acts("start a");
        exits("a", 0);
        states("DONE");
        engine.stop(0, now);
        states("INITIALIZED");
    }

    @Test
    @DisplayName("waits come one after another, each with its own time")
    void waits() throws Refusal {
        system(component("a", "<SLM:waitfor wait='delay'>300</SLM:waitfor><SLM:waitfor wait='pathname' polltime='50:200'>p</SLM:waitfor>"
                + "<SLM:waitfor wait='blocks' polltime='50:0'/>") + component("b", on("a")));
        stage.acts.clear();
        start("b");
        pass(299);
        assertEquals(0, node("a").wait);
        pass(100);
        assertEquals(1, node("a").wait);
        stage.satisfied.add("p");
        pass(50);
        assertEquals(2, node("a").wait);
        stage.satisfied.add("");
        pass(49);
        states("WAITING WAITING");
        pass(60);
        states("RUNNING RUNNING");
        acts("start a", "start b");
    }

    @Test
    @DisplayName("a wait in vain ends the process, and that counts as a failure")
    void vain() throws Refusal {
        system(component("a", "<SLM:waitfor wait='pathname' polltime='50:200'>p</SLM:waitfor>"));
        stage.acts.clear();
        start("a");
        pass(200);
        acts("start a", "signal 15 a");
        states("STOPPING");
        exits("a", 0);
        acts("start a");
        assertEquals(1, node("a").restarts);
    }

    @Test
    @DisplayName("an expected exit may come before the path that is waited for first")
    void exitBeforePath() throws Refusal {
        system(component("a", "<SLM:waitfor wait='pathname'>p</SLM:waitfor><SLM:waitfor wait='exits'/>"));
        start("a");
        exits("a", 0);
        states("WAITING");
        stage.satisfied.add("p");
        pass(100);
        states("DONE");
    }

    @Test
    @DisplayName("what can't be started is a failure like any other; the repair none leaves its dependents waiting")
    void startFailure() throws Refusal {
        system(component("a", "<SLM:repair>none</SLM:repair>") + component("b", on("a")));
        stage.acts.clear();
        stage.failing.add("a");
        start("b");
        acts("start a");
        states("INITIALIZED WAITING");
        assertEquals("b: needs a: INITIALIZED", engine.startResult(named("b")));
        assertEquals("a: unable", engine.startResult(named("a")));
    }

    @Test
    @DisplayName("stop=none forgets the process; child=true is passed on; a timeout of 0 kills at once")
    void stops() throws Refusal {
        system(component("a", "<SLM:stop stop='none'/>") + component("b", "<SLM:stop child='true'>INT</SLM:stop>")
                + component("c", "<SLM:stop timeout='0'/>"));
        start("all");
        stage.acts.clear();
        for (int i = 0; i < 3; i++) engine.stop(i, now);
        acts("forget a", "signal all 2 b", "signal 15 c", "signal 9 c");
    }

    @Test
    @DisplayName("a restart costs no more than a step for each of its components, however long their chain is")
    void longChain() throws Refusal {
        int length = 10_000;
        StringBuilder text = new StringBuilder(component("c0", ""));
        for (int i = 1; i < length; i++) text.append(component("c" + i, on("c" + (i - 1))));
        system(text.toString());
        start("all");
        assertEquals(State.RUNNING, node("c" + (length - 1)).state);
        List<Integer> concerned = assertTimeout(Duration.ofSeconds(20), () -> engine.restart(named("all"), false, now));
        assertEquals(length, concerned.size());
        assertEquals(State.STOPPING, node("c" + (length - 1)).state);
    }

    @Test
    @DisplayName("another configuration keeps what is in both")
    void replace() throws Refusal {
        Node a = node("a");
        int pid = a.pid;
        FakeKernel kernel = new FakeKernel();
        kernel.file("/c.xml", "<SLM:system>" + component("a", "<SLM:args>new</SLM:args>") + component("d", "") + "</SLM:system>");
        Configuration other = Configuration.load(kernel, "/c.xml", sentence -> { });
        for (String name : List.of("b")) engine.stop(named(name).get(0), now);
        exits("c", 0);
        exits("b", 0);
        engine.replace(other, now);
        configuration = other;
        assertEquals(pid, node("a").pid);
        assertEquals(List.of("new"), node("a").component.args);
        states("RUNNING INITIALIZED");
    }

    @Test
    @DisplayName("random graphs under random events: a component never runs without what it needs, and all goes down in the end")
    void random() throws Refusal {
        long seed = Long.getLong("perpetua.seed", System.nanoTime());
        System.out.println("random graphs: -Dperpetua.seed=" + seed);
        for (int round = 0; round < 300; round++) {
            Random random = new Random(seed + round);
            StringBuilder text = new StringBuilder();
            int count = 2 + random.nextInt(12);
            for (int i = 0; i < count; i++) {
                StringBuilder inside = new StringBuilder();
                for (int j = 0; j < i; j++) {
                    if (random.nextInt(3) == 0) inside.append(random.nextInt(4) == 0 ? "<SLM:depend state='stateless'>n" : "<SLM:depend>n").append(j).append("</SLM:depend>");
                }
                if (random.nextInt(4) == 0) inside.append("<SLM:waitfor wait='exits'/>");
                if (random.nextInt(3) == 0) inside.append("<SLM:repair>").append(random.nextBoolean() ? "stop" : "none").append("</SLM:repair>");
                text.append(component("n" + i, inside.toString()));
            }
            system(text.toString());
            stage.timers.clear();
            start("all");
            for (int step = 0; step < 200; step++) {
                Node node = engine.node(random.nextInt(count));
                int index = engine.indexOf(node);
                switch (random.nextInt(8)) {
                    case 0 -> engine.start(List.of(index), false, now);
                    case 1 -> engine.stop(index, now);
                    case 2 -> engine.restart(List.of(index), false, now);
                    case 3 -> pass(random.nextInt(20_000));
                    default -> {
                        if (node.hasProcess) exits(node.component.name, random.nextInt(2));
                    }
                }
                for (int i = 0; i < count; i++) {
                    Node each = engine.node(i);
                    assertTrue(!each.hasProcess || each.isAlive(), "seed " + (seed + round) + ": a process without a state");
                    if (each.gated) assertTrue(each.active, "seed " + (seed + round) + ": gated and not wanted");
                }
            }
            engine.stopAll(named("all"), now);
            pass(100_000);
            assertTrue(engine.isStopped(named("all")), "seed " + (seed + round) + ": not all went down");
        }
    }
}
