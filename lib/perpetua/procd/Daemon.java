// SPDX-License-Identifier: Apache-2.0
package perpetua.procd;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import perpetua.act.Accounts;
import perpetua.act.ProgramFile;
import perpetua.act.WholeFile;
import perpetua.bus.Bus;
import perpetua.bus.BusSocket;
import perpetua.bus.BusStatus;
import perpetua.bus.Table;
import perpetua.cli.Fatal;
import perpetua.cli.Numbers;
import perpetua.supervise.Loop;
import perpetua.supervise.Timers;
import perpetua.sys.Account;
import perpetua.sys.Errno;
import perpetua.sys.Kernel;
import perpetua.sys.Limit;
import perpetua.sys.Open;
import perpetua.sys.Reaped;
import perpetua.sys.Resource;
import perpetua.sys.Signal;
import perpetua.sys.Spawn;
import perpetua.sys.SysException;

/** The daemon: carries out what the registry and its instances decide, and brings them what happens. Nothing in it blocks. */
public final class Daemon implements Registry.Host, TriggerProgram.Host, ServiceObject.Host, Surroundings, Command.Bounds {
    private static final long MILLISECOND = 1_000_000L;
    private static final long SECOND = 1000 * MILLISECOND;
    /** A trigger that runs longer is spoken of: all others wait for it. */
    private static final long LONG_RUN = 60 * SECOND;
    private static final int MOST_HOOKS = 8;
    private static final int LARGEST_FILE = 64 << 20;

    /** Where things are. @param tools the folder of the run tools, with a slash behind it */
    public record Places(String root, String scripts, String tools) {
    }

    private final Kernel kernel;
    private final Loop loop;
    private final Journal journal;
    private final Places places;
    private final List<String> environment;
    private final int nothing;
    private final Registry registry = new Registry(this);
    private final Bus bus = new Bus();
    private final ServiceObject serviceObject = new ServiceObject(registry, this);

    private final Map<Instance, Timers.Timer> timers = new HashMap<>();
    private final Map<Instance, String> pidfiles = new HashMap<>();

    private final CommandQueue commands = new CommandQueue();
    private final Timers.Timer commandsDue;
    private final Timers.Timer commandRunsLong;
    private long delay;

    private final List<String> hooks = new ArrayList<>();
    private int runningHooks;
    private boolean ending;

    /**
     * @param socket of the bus, listening
     * @param nothing a descriptor of /dev/null
     */
    public Daemon(Kernel kernel, int socket, int nothing, Places places, List<String> environment, boolean toOutput,
            int debugLevel) throws SysException {
        this.kernel = kernel;
        this.places = places;
        this.environment = environment;
        this.nothing = nothing;
        this.journal = new Journal(kernel, toOutput, debugLevel);
        this.loop = new Loop(kernel, this::signalled, stranger -> { }, Signal.TERM, Signal.INT, Signal.HUP);
        this.commandsDue = loop.timer(this::runCommands);
        this.commandRunsLong = loop.timer(() -> journal.say(Journal.WARNING, "a trigger runs for more than "
                + LONG_RUN / SECOND + " seconds, others wait: " + (commands.size() - 1)));
        bus.add(serviceObject);
        bus.add(new SystemObject(kernel, places.root, registry));
        new BusSocket(kernel, loop, socket, bus, sentence -> journal.say(Journal.WARNING, sentence));
    }

    public void run() {
        loop.run(() -> { });
    }

    private void signalled(Signal signal) {
        if (signal == Signal.HUP || ending) return;
        journal.say(Journal.INFO, "ending: stopping all services");
        ending = true;
        registry.deleteAll();
        endIfDone();
    }

    private void endIfDone() {
        if (ending && registry.isEmpty()) loop.stop();
    }

    // ---- instances --------------------------------------------------------------------------------------------------

    @Override
    public long now() {
        return loop.now();
    }

    @Override
    public Surroundings surroundings() {
        return this;
    }

    @Override
    public void touched(Instance instance) {
        Timers.Timer timer = timers.get(instance);
        if (instance.deadline() < 0) {
            if (timer != null) loop.cancel(timer);
            return;
        }
        if (timer == null) {
            timer = loop.timer(() -> {
                instance.due(loop.now());
                touched(instance);
            });
            timers.put(instance, timer);
        }
        loop.set(timer, instance.deadline());
    }

    @Override
    public int spawn(Instance instance) {
        Description description = instance.description();
        List<String> variables = environment(description.env);
        List<String> argv = Command.of(description, places.tools, this);
        String shown = shown(instance);
        // The last link of a chain could only say that it failed, not end with the status for it.
        String path = found(description.command.get(0), variables);
        if (path != null && argv.size() > description.command.size()) path = found(argv.get(0), environment);
        if (path == null) {
            journal.say(Journal.WARNING, shown + ": no such program: " + description.command.get(0));
            return 0;
        }
        int[] ends = {nothing, nothing};
        int pid = 0;
        try {
            String tag = description.command.get(0);
            tag = tag.substring(tag.lastIndexOf('/') + 1);
            int[] self = new int[1];
            if (description.stdout) ends[0] = output(tag, self, description.facility, Journal.INFO);
            if (description.stderr) ends[1] = output(tag, self, description.facility, Journal.ERROR);
            Spawn child = child(path, argv, variables).descriptor(1, ends[0]).descriptor(2, ends[1]);
            pid = kernel.spawn(child);
            self[0] = pid;
            loop.await(pid, how -> ended(instance, how));
            journal.say(Journal.DEBUG, "started " + shown + ", pid " + pid);
        } catch (SysException e) {
            journal.say(Journal.WARNING, "unable to run " + shown + ": " + e.getMessage());
        }
        for (int end : ends) {
            if (end != nothing) kernel.closeQuietly(end);
        }
        if (pid != 0 && description.pidfile != null) writePid(instance, description.pidfile, pid);
        return pid;
    }

    @Override
    public int nice() {
        // Behind the name, which may hold anything, the seventeenth field.
        String text = WholeFile.word(kernel, "/proc/self/stat");
        int at = text.lastIndexOf(')');
        for (int i = 0; i < 17 && at >= 0; i++) at = text.indexOf(' ', at + 1);
        int end = at < 0 ? -1 : text.indexOf(' ', at + 1);
        if (end < 0) return 0;
        boolean below = text.charAt(at + 1) == '-';
        int size = (int) Numbers.decimal(text.substring(at + (below ? 2 : 1), end), 20);
        return below ? -size : size;
    }

    @Override
    public boolean takes(String name, long soft, long hard, boolean keepsHard) {
        for (Resource resource : Resource.values()) {
            if (!resource.name().equals(name)) continue;
            try {
                Limit own = kernel.limit(resource);
                Limit wanted = new Limit(soft, keepsHard ? own.hard() : hard);
                if (wanted.exceededBy(soft)) return false;
                if (!own.exceededBy(wanted.hard())) return true;
                // Whether it may be raised depends on more than on who we are.
                kernel.setLimit(resource, new Limit(own.soft(), wanted.hard()));
                kernel.setLimit(resource, own);
                return true;
            } catch (SysException e) {
                return false;
            }
        }
        return false;
    }

    private int output(String tag, int[] pid, int facility, int priority) throws SysException {
        return Output.open(kernel, loop, line -> journal.pass(facility, priority, tag + "[" + pid[0] + "]", line));
    }

    private Spawn child(String path, List<String> argv, List<String> variables) {
        return new Spawn(path, argv).environment(variables).descriptor(0, nothing)
                .defaults(Signal.HUP, Signal.INT, Signal.TERM, Signal.CHLD, Signal.PIPE);
    }

    /** The daemon's own, and these over it. */
    private List<String> environment(Table over) {
        if (over.isEmpty()) return environment;
        List<String> variables = new ArrayList<>(environment.size() + over.size());
        for (String variable : environment) {
            int equals = variable.indexOf('=');
            if (equals < 0 || !over.has(variable.substring(0, equals))) variables.add(variable);
        }
        for (int i = 0; i < over.size(); i++) variables.add(over.name(i) + "=" + over.text(over.name(i)));
        return variables;
    }

    /** Where a program is. @param variables with the PATH to look along @return null if it is nowhere */
    private String found(String program, List<String> variables) {
        String path = "/usr/sbin:/usr/bin:/sbin:/bin";
        for (String variable : variables) {
            if (variable.startsWith("PATH=")) path = variable.substring(5);
        }
        try {
            return ProgramFile.find(kernel, path, program);
        } catch (SysException e) {
            return null;
        }
    }

    private void ended(Instance instance, Reaped how) {
        int code = how.signal() == 0 ? how.status() : 128 + how.signal();
        instance.ended(code, loop.now());
        touched(instance);
    }

    @Override
    public void ended(Instance instance, int pid) {
        journal.say(Journal.DEBUG, "ended " + shown(instance) + ", pid " + pid + ", code " + instance.exitCode());
        String pidfile = pidfiles.remove(instance);
        if (pidfile == null || !WholeFile.word(kernel, pidfile).equals(Integer.toString(pid))) return;
        try {
            kernel.unlink(pidfile);
        } catch (SysException e) {
            // Somebody else has removed it, or nobody may.
        }
    }

    private void writePid(Instance instance, String path, int pid) {
        pidfiles.put(instance, path);
        try {
            WholeFile.write(kernel, path, Open.TRUNCATE | Open.NON_BLOCKING, 0644, pid + "\n");
        } catch (SysException e) {
            journal.say(Journal.WARNING, "unable to write the pid of " + shown(instance) + " to " + path + ": " + e.getMessage());
        }
    }

    @Override
    public void kill(Instance instance, int signal) {
        try {
            kernel.kill(instance.pid(), signal);
        } catch (SysException e) {
            journal.say(Journal.WARNING, "unable to send signal " + signal + " to " + shown(instance) + ": " + e.getMessage());
        }
    }

    @Override
    public BusStatus signal(int pid, int signal) {
        try {
            kernel.kill(pid, signal);
            return BusStatus.OK;
        } catch (SysException e) {
            if (e.is(Errno.EPERM)) return BusStatus.PERMISSION_DENIED;
            return e.is(Errno.EINVAL) ? BusStatus.INVALID_ARGUMENT : BusStatus.NOT_FOUND;
        }
    }

    @Override
    public void removed(Instance instance) {
        Timers.Timer timer = timers.remove(instance);
        if (timer != null) loop.cancel(timer);
        registry.removed(instance);
        endIfDone();
    }

    @Override
    public void runHook(Instance instance) {
        runHook(instance.service().name());
    }

    @Override
    public void announce(Instance instance, String type) {
        Table told = instance.told();
        if (type.equals("instance.respawn") || type.equals("instance.fail")) {
            told.append("pid", 0L).append("exit_code", (long) instance.exitCode())
                    .append("respawn_count", (long) instance.failures()).append("command", instance.description().command);
        }
        announce(type, told);
    }

    @Override
    public void announce(String type, Table data) {
        bus.notify(serviceObject, type, data);
    }

    @Override
    public void log(Instance instance, String sentence) {
        journal.say(Journal.WARNING, shown(instance) + ": " + sentence);
    }

    @Override
    public void log(String sentence) {
        journal.say(Journal.WARNING, sentence);
    }

    private static String shown(Instance instance) {
        return instance.service().name() + "::" + instance.name();
    }

    // ---- what descriptions depend on --------------------------------------------------------------------------------

    @Override
    public long digest(String path) {
        // FNV-1a, 64 bits: nobody gains anything by a collision, and by chance there is none.
        long hash = 0xcbf29ce484222325L;
        int fd;
        try {
            fd = kernel.open(path, Open.READ | Open.NON_BLOCKING, 0);
        } catch (SysException e) {
            return 0;
        }
        try {
            if (!kernel.stat(fd).isRegular()) return 0;
            byte[] buffer = new byte[8192];
            long size = 0;
            for (int count; size < LARGEST_FILE && (count = kernel.read(fd, buffer, 0, buffer.length)) > 0; size += count) {
                for (int i = 0; i < count; i++) hash = (hash ^ buffer[i] & 0xff) * 0x100000001b3L;
            }
            return hash == 0 ? 1 : hash;
        } catch (SysException e) {
            return 0;
        } finally {
            kernel.closeQuietly(fd);
        }
    }

    @Override
    public int deviceIndex(String device) {
        if (device.indexOf('/') >= 0 || device.startsWith(".")) return 0;
        String index = WholeFile.word(kernel, "/sys/class/net/" + device + "/ifindex");
        int number = 0;
        for (int i = 0; i < index.length(); i++) number = number * 10 + index.charAt(i) - '0';
        return number;
    }

    @Override
    public String ids(String user, String group) throws Unknown {
        Account account = null;
        int gid = -1;
        try {
            if (user != null) {
                account = Accounts.find(kernel, user);
                if (account == null) throw new Unknown("unknown user " + user);
                gid = account.gid();
            }
            if (group != null) {
                gid = Accounts.findGroup(kernel, group);
                if (gid == -1) throw new Unknown("unknown group " + group);
            }
        } catch (Fatal e) {
            throw new Unknown(e.getMessage());
        }
        if (kernel.effectiveUserId() != 0) throw new Unknown("only root can run it as another user");
        return (account == null ? "" : Integer.toString(account.uid())) + ":" + gid;
    }

    // ---- triggers ---------------------------------------------------------------------------------------------------

    @Override
    public void event(String type, Table data) {
        if (ending) return;
        for (RegisteredService service : registry.services()) {
            if (service.triggers != null) pull(service.triggers, type, data);
            for (Instance instance : service.instances.values()) {
                if (instance.description().triggers != null) pull(instance.description().triggers, type, data);
            }
        }
        long deadline = commands.deadline();
        if (deadline >= 0) loop.set(commandsDue, deadline);
    }

    private void pull(List<Object> triggers, String type, Table data) {
        for (Object each : triggers) {
            if (!(each instanceof List<?> trigger) || trigger.size() < 2) continue;
            if (!(trigger.get(0) instanceof String pattern) || !(trigger.get(1) instanceof List<?> program)) continue;
            if (!TriggerProgram.matches(pattern, type)) continue;
            delay = trigger.size() > 2 && trigger.get(2) instanceof Long milliseconds
                    ? Math.max(0, Math.min(milliseconds, Integer.MAX_VALUE)) * MILLISECOND : 0;
            TriggerProgram.run(program, data, this);
        }
    }

    @Override
    public void run(List<String> command) {
        if (commands.add(command, loop.now(), delay)) return;
        journal.say(Journal.WARNING, "too many triggers wait: " + command.get(0) + " is dropped");
    }

    @Override
    public boolean isDirectory(String path) {
        try {
            return kernel.stat(path).isDirectory();
        } catch (SysException e) {
            return false;
        }
    }

    private void runCommands() {
        for (List<String> command; !ending && (command = commands.next(loop.now())) != null; ) {
            try {
                String path = found(command.get(0), environment);
                if (path == null) throw new SysException(Errno.ENOENT);
                int pid = kernel.spawn(child(path, command, environment).descriptor(1, nothing).descriptor(2, nothing));
                loop.await(pid, how -> commandEnded());
                loop.set(commandRunsLong, loop.now() + LONG_RUN);
            } catch (SysException e) {
                journal.say(Journal.DEBUG, "unable to run trigger " + command.get(0) + ": " + e.getMessage());
                commands.ended();
            }
        }
        long deadline = commands.deadline();
        if (deadline >= 0) loop.set(commandsDue, deadline);
    }

    private void commandEnded() {
        loop.cancel(commandRunsLong);
        commands.ended();
        runCommands();
    }

    // ---- the running action of scripts ------------------------------------------------------------------------------

    @Override
    public void runHook(String service) {
        if (ending || service.indexOf('/') >= 0 || service.startsWith(".") || hooks.contains(service)) return;
        if (found(places.scripts + "/" + service, environment) == null) return;
        hooks.add(service);
        runHooks();
    }

    private void runHooks() {
        while (runningHooks < MOST_HOOKS && !hooks.isEmpty()) {
            String service = hooks.remove(0);
            String script = places.scripts + "/" + service;
            int end = -1;
            try {
                end = Output.open(kernel, loop, line -> journal.pass(Journal.facility(null), Journal.INFO, service, line));
                Spawn child = child(script, List.of(script, "running"), environment);
                int pid = kernel.spawn(child.descriptor(1, end).descriptor(2, end));
                runningHooks++;
                loop.await(pid, how -> {
                    runningHooks--;
                    runHooks();
                });
            } catch (SysException e) {
                journal.say(Journal.DEBUG, "unable to run " + script + ": " + e.getMessage());
            }
            kernel.closeQuietly(end);
        }
    }
}
