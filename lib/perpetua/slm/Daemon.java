// SPDX-License-Identifier: Apache-2.0
package perpetua.slm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import perpetua.act.ControlGroup;
import perpetua.cli.Fatal;
import perpetua.supervise.Loop;
import perpetua.supervise.Timers;
import perpetua.sys.Errno;
import perpetua.sys.Kernel;
import perpetua.sys.Reaped;
import perpetua.sys.Signal;
import perpetua.sys.SysException;

/** slm itself: carries out what {@link Engine} decides, tells it what happens, and answers commands. */
public final class Daemon implements World, Server.Commands {
    private static final long MILLI = 1_000_000L;

    private final Kernel kernel;
    private final Options options;
    private final Settings settings;
    private final Loop loop;
    private final Journal journal;
    private final Launcher launcher;
    private final Processes processes;
    private final Engine engine;
    private final Server server;
    private final Map<Node, Timers.Timer> timers = new HashMap<>();
    /** Processes that are not our children, with the moment of their start: nobody tells us of their end. */
    private final Map<Node, Long> adopted = new HashMap<>();
    private final Timers.Timer adoptedTimer;
    /** How often the kernel had killed in a component's control group before its start. */
    private final Map<Node, Long> outOfMemory = new HashMap<>();
    private boolean ending;
    /** A configuration that waits until those that it has no more are down. */
    private Configuration next;
    private List<Integer> leaving = List.of();
    private List<String> wanted = List.of();

    /** @throws SysException if there are no descriptors left for signals */
    public Daemon(Kernel kernel, Launcher.Tools tools, Configuration configuration, Options options, Settings settings,
            int socket) throws SysException {
        this.kernel = kernel;
        this.options = options;
        this.settings = settings;
        this.journal = new Journal(kernel, options.console(), options.system());
        this.launcher = new Launcher(kernel, tools, options.path(), options.environment(), options.debugAlways());
        this.processes = new Processes(kernel);
        this.engine = new Engine(configuration, settings, this);
        this.loop = new Loop(kernel, this::arrived, how -> { }, Signal.HUP, Signal.TERM, Signal.INT);
        this.adoptedTimer = loop.timer(this::lookAtAdopted);
        this.server = new Server(kernel, loop, socket, this, kernel.effectiveUserId());
    }

    /** Starts what is to be started, and comes back when it was told to end and all of that is done. */
    public void run() {
        List<Integer> startup = new ArrayList<>();
        for (String name : options.startup()) {
            say(NOTICE, "[COMMAND] startup '" + name + "'");
            startup.addAll(engine.configuration().named(name));
        }
        engine.startup(startup, options.debugStartup(), loop.now());
        // The end is seen behind a round: what is there to wait for is then known.
        settle();
        while (!loop.isStopped()) {
            loop.step();
            settle();
        }
    }

    private void settle() {
        if (next != null && engine.isStopped(leaving)) replace();
        server.settle();
        if (ending && engine.isStopped(leaving)) loop.stop();
    }

    private void arrived(Signal signal) {
        if (ending) return;
        if (signal == Signal.HUP) {
            String why = reload();
            if (why != null) say(ERROR, "configuration not taken: " + why);
            return;
        }
        say(NOTICE, "ending on SIG" + signal);
        ending = true;
        leaving = new ArrayList<>();
        for (String name : options.ending()) {
            List<Integer> named = engine.configuration().named(name);
            if (named != null) leaving.addAll(named);
        }
        engine.stopAll(leaving, loop.now());
    }

    // ---- another configuration --------------------------------------------------------------------------------------

    /** Begins to use the file as it is now. @return why it is not used; null if it is */
    private String reload() {
        if (next != null) return "another one is just being taken";
        Configuration configuration;
        try {
            configuration = Configuration.load(kernel, options.file(), sentence -> say(WARNING, sentence));
            Links.make(kernel, configuration);
        } catch (Refusal e) {
            return e.getMessage();
        }
        next = configuration;
        leaving = new ArrayList<>();
        wanted = new ArrayList<>();
        Configuration former = engine.configuration();
        for (int i = 0; i < former.size(); i++) {
            String name = former.components.get(i).name;
            if (configuration.indexOf(name) < 0) leaving.add(i);
            else if (engine.node(i).active) wanted.add(name);
        }
        engine.stopAll(leaving, loop.now());
        return null;
    }

    /** Those that were wanted come back, and those that are new are started if they belong to the startup. */
    private void replace() {
        Configuration former = engine.configuration();
        Configuration configuration = next;
        next = null;
        leaving = List.of();
        for (Node gone : engine.replace(configuration, loop.now())) {
            timers.remove(gone);
            outOfMemory.remove(gone);
        }
        List<Integer> start = new ArrayList<>();
        for (String name : wanted) start.add(configuration.indexOf(name));
        for (String name : options.startup()) {
            List<Integer> named = configuration.named(name);
            if (named == null) continue;
            for (int index : named) {
                if (former.indexOf(configuration.components.get(index).name) < 0) start.add(index);
            }
        }
        say(NOTICE, "configuration " + options.file() + " taken: " + configuration.size() + " components");
        engine.start(start, false, loop.now());
    }

    // ---- what the engine has done -----------------------------------------------------------------------------------

    @Override
    public int start(Node node) throws Failed {
        if (node.component.partition != null) outOfMemory.put(node, outOfMemoryKills(node));
        if (options.adopts() && node.component.builtin == null) {
            int pid = processes.find(launcher.program(node.component), launcher.words(node), pids());
            if (pid > 0) {
                say(INFO, "Component '" + node.component.name + "': adopted process " + pid);
                adopted.put(node, processes.started(pid));
                if (!adoptedTimer.isSet()) loop.set(adoptedTimer, loop.now() + settings.pollMillis() * MILLI);
                return pid;
            }
        }
        int pid = launcher.start(node);
        if (pid > 0) loop.await(pid, how -> ended(node, how));
        return pid;
    }

    private List<Integer> pids() {
        List<Integer> pids = new ArrayList<>();
        for (int i = 0; i < engine.configuration().size(); i++) {
            if (engine.node(i).hasProcess) pids.add(engine.node(i).pid);
        }
        return pids;
    }

    private long outOfMemoryKills(Node node) {
        try {
            return ControlGroup.of(kernel, null, node.component.partition.name()).outOfMemoryKills();
        } catch (Fatal e) {
            return 0;
        }
    }

    /** A process that was given up may end later, when another one is the component's: that is not told. */
    private void ended(Node node, Reaped how) {
        if (!node.hasProcess || node.pid != how.pid()) return;
        String cause = how.signal() == 0 ? "exited with " + how.status() : "killed by " + Signal.name(how.signal());
        boolean killed = how.signal() == Signal.KILL.number() && node.component.partition != null;
        if (killed && outOfMemoryKills(node) > outOfMemory.getOrDefault(node, 0L)) cause += " for want of memory";
        say(DETAIL, "Component '" + node.component.name + "': process " + how.pid() + " " + cause);
        engine.ended(node, how, cause, loop.now());
    }

    private void lookAtAdopted() {
        for (Node node : new ArrayList<>(adopted.keySet())) {
            Long began = adopted.get(node);
            // The end of another one may have been the end of this one's adoption.
            if (began == null || processes.started(node.pid) == began && began >= 0) continue;
            adopted.remove(node);
            engine.ended(node, null, "its adopted process has ended", loop.now());
        }
        if (!adopted.isEmpty()) loop.set(adoptedTimer, loop.now() + settings.pollMillis() * MILLI);
    }

    @Override
    public boolean isSatisfied(Node node, Wait wait) {
        return switch (wait.kind()) {
            case PATHNAME -> exists(wait.text());
            case BLOCKS -> node.hasProcess && processes.receives(node.pid, wait.value());
            case LISTENS -> node.hasProcess && processes.listens(node.pid, wait.text());
            default -> true;
        };
    }

    private boolean exists(String path) {
        try {
            return kernel.stat(path).isDirectory() || !path.endsWith("/");
        } catch (SysException e) {
            return false;
        }
    }

    @Override
    public void signal(Node node, int signal, boolean children) {
        if (children) {
            for (int pid : processes.descendants(node.pid)) kill(node, pid, signal);
        }
        kill(node, node.pid, signal);
    }

    private void kill(Node node, int pid, int signal) {
        try {
            kernel.kill(pid, signal);
        } catch (SysException e) {
            if (!e.is(Errno.ESRCH)) {
                say(WARNING, "Component '" + node.component.name + "': unable to signal process " + pid + ": " + e.getMessage());
            }
        }
    }

    @Override
    public void forget(Node node) {
        adopted.remove(node);
    }

    @Override
    public void timer(Node node, long nanos) {
        Timers.Timer timer = timers.get(node);
        if (nanos < 0) {
            if (timer != null) loop.cancel(timer);
            return;
        }
        if (timer == null) {
            timer = loop.timer(() -> engine.due(node, loop.now()));
            timers.put(node, timer);
        }
        loop.set(timer, nanos);
    }

    @Override
    public void say(int level, String sentence) {
        journal.say(level, sentence);
    }

    // ---- what clients ask for -----------------------------------------------------------------------------------------

    @Override
    public String answer(String line, Server.Client client) {
        try {
            Request request = Request.of(line);
            if (!request.verb().isControl()) return Answers.of(engine, request, loop.now()) + "ok\n";
            if (ending) return "error: slm is ending\n";
            say(NOTICE, "[COMMAND] " + line.trim());
            if (request.verb() == Request.Verb.RELOAD) {
                String why = reload();
                return why == null ? "ok\n" : "error: " + why + "\n";
            }
            if (next != null) return "error: another configuration is just being taken\n";
            client.order = Order.of(engine, request, request.debug(), loop.now());
            return resume(client);
        } catch (Request.Malformed e) {
            return "error: " + e.getMessage() + "\n";
        }
    }

    @Override
    public String resume(Server.Client client) {
        if (ending) return "error: slm is ending\n";
        String result = client.order.result(loop.now());
        if (result == null) return null;
        return client.order.report() + (result.isEmpty() ? "ok\n" : "error: " + result + "\n");
    }

    @Override
    public void unheard(String sentence) {
        say(WARNING, sentence);
    }
}
