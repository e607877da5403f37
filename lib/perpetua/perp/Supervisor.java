// SPDX-License-Identifier: Apache-2.0
package perpetua.perp;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import perpetua.supervise.Act;
import perpetua.supervise.Command;
import perpetua.supervise.Loop;
import perpetua.supervise.Runscript;
import perpetua.supervise.Service;
import perpetua.supervise.Target;
import perpetua.supervise.Timers;
import perpetua.sys.Errno;
import perpetua.sys.FileStat;
import perpetua.sys.Kernel;
import perpetua.sys.ProcessStat;
import perpetua.sys.Reaped;
import perpetua.sys.Signal;
import perpetua.sys.Spawn;
import perpetua.sys.SysException;

/**
 * perpd itself: which services there are, by scanning the base directory, and the acts that each of them decides on,
 * carried out. What is decided, {@link Service} knows; when, {@link Loop}.
 */
public final class Supervisor {
    /** How soon an activation that failed is tried again; doubled each time, up to the most. */
    private static final long RETRY_NANOS = 555_000_000L;
    private static final long RETRY_MOST_NANOS = 64_000_000_000L;

    /** Executes perpd again in this process. */
    public interface Successor {
        /** @return why it can't be executed */
        SysException execute();
    }

    private final Kernel kernel;
    private final String base;
    private final Journal journal;
    private final Loop loop;
    private final Control control;
    private final List<String> environment;
    private final long scanEvery;
    private final long since;
    private final Map<FileKey, ServiceDirectory> services = new HashMap<>();

    private final Timers.Timer scanTimer;
    private final Timers.Timer retryTimer;
    private long retryNanos = RETRY_NANOS;
    private int scans;
    private boolean ending;
    private int toldServices = -1;
    private int toldClients = -1;
    private String stateParent;
    private boolean inherits;
    private StateDirectory state;
    private Successor successor;
    /** What an earlier perpd knew of services that no scan has found yet. */
    private Map<FileKey, SavedService> saved = new HashMap<>();
    private Survivors survivors;

    /**
     * @param base the base directory, absolute
     * @param socket the control socket, listening
     * @param environment what runscripts get besides their own variables
     * @param scanEvery seconds; 0 for never by itself
     * @throws SysException if there are no descriptors left for signals
     */
    public Supervisor(Kernel kernel, String base, String program, int socket, List<String> environment, long scanEvery)
            throws SysException {
        this.kernel = kernel;
        this.base = base;
        this.journal = new Journal(kernel, program);
        this.environment = environment;
        this.scanEvery = scanEvery * 1_000_000_000L;
        this.since = kernel.monotonicNanos();
        this.loop = new Loop(kernel, this::arrived, this::strangerEnded, Signal.HUP, Signal.TERM, Signal.INT, Signal.USR2);
        this.scanTimer = loop.timer(this::scan);
        this.retryTimer = loop.timer(this::scan);
        this.control = new Control(kernel, loop, journal, socket, this);
    }

    /**
     * Where it keeps what a later perpd is to know.
     *
     * @param parent a directory; null for none
     * @param inherits whether this process was perpd before it executed this program, so that children and pipes are its own
     */
    public Supervisor keepState(String parent, boolean inherits) {
        this.stateParent = parent;
        this.inherits = inherits;
        return this;
    }

    /** What SIGUSR2 is for. */
    public Supervisor succeededBy(Successor next) {
        successor = next;
        return this;
    }

    /** Supervises until it is told to end and the last service is gone. */
    public void run() {
        begin();
        loop.run(this::settle);
        if (state != null) state.close();
        journal.info("termination complete");
    }

    void begin() {
        journal.info("starting on " + base + " ...");
        settle();
        if (stateParent != null) state = StateDirectory.open(kernel, stateParent, base, journal);
        if (state != null) saved = state.load();
        scan();
        // Children that ended while this program was being executed: now they are awaited.
        if (inherits) loop.collectEnded();
        settle();
    }

    /** One round, for tests that look at what has come of it. @return whether there is another one */
    boolean step() {
        if (!loop.isStopped()) loop.step();
        settle();
        return !loop.isStopped();
    }

    /** Says what has changed in number. */
    private void settle() {
        if (services.size() != toldServices && !(ending && services.isEmpty())) {
            toldServices = services.size();
            journal.info("supervising " + counted(toldServices, "active service"));
        }
        if (control.clients() != toldClients && !ending) {
            toldClients = control.clients();
            journal.info("monitoring " + counted(toldClients, "client connection"));
        }
    }

    private static String counted(int count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    /** For tests, as the next two: what must agree with the kernel at any time. */
    Collection<ServiceDirectory> directories() {
        return services.values();
    }

    int clients() {
        return control.clients();
    }

    int children() {
        return loop.childCount();
    }

    private void arrived(Signal signal) {
        if (ending) return;
        if (signal == Signal.HUP) scan();
        else if (signal == Signal.USR2) succeed();
        else end();
    }

    /** Executes perpd again, perhaps a newer one, with children, pipes, lock and socket as they are. */
    private void succeed() {
        if (successor == null || state == null) {
            journal.warning("not executed again: no state is kept");
            return;
        }
        journal.info("executing perpd again ...");
        SysException failure;
        try {
            inheritPipes(true);
            failure = successor.execute();
            inheritPipes(false);
        } catch (SysException e) {
            failure = e;
        }
        journal.warning("failure execve() of perpd", failure);
    }

    private void inheritPipes(boolean on) throws SysException {
        for (ServiceDirectory directory : services.values()) {
            if (directory.pipe == null || directory.pipe.isClosed()) continue;
            kernel.closeOnExec(directory.pipe.readEnd(), !on);
            kernel.closeOnExec(directory.pipe.writeEnd(), !on);
        }
    }

    private void strangerEnded(Reaped how) {
        // A child that this program had before it was perpd, or an orphan given to it: collected, and that is all.
    }

    // ---- which services there are -------------------------------------------------------------------------

    /** One scan (spec/perp.md section 2.2): one stat a name. */
    private void scan() {
        if (ending) return;
        if (scanEvery > 0) loop.set(scanTimer, loop.now() + scanEvery);
        loop.cancel(retryTimer);
        List<String> names;
        try {
            names = kernel.list(base);
        } catch (SysException e) {
            journal.warning("failure opendir() for service scan", e);
            retryLater();
            return;
        }
        scans++;
        boolean failed = false;
        for (String name : names) {
            if (name.charAt(0) != '.') failed |= !consider(name);
        }
        List<ServiceDirectory> unseen = new ArrayList<>();
        for (ServiceDirectory directory : services.values()) {
            if (directory.seen != scans) unseen.add(directory);
        }
        for (ServiceDirectory directory : unseen) {
            directory.service.setReactivating(false);
            deactivate(directory);
        }
        if (!failed) takeBackUnseen();
        if (failed) {
            journal.warning("pausing on service activation failure...");
            retryLater();
        } else {
            retryNanos = RETRY_NANOS;
        }
    }

    private void retryLater() {
        loop.set(retryTimer, loop.now() + retryNanos);
        retryNanos = Math.min(2 * retryNanos, RETRY_MOST_NANOS);
    }

    /** @return whether it needs no second look */
    private boolean consider(String name) {
        FileStat stat;
        try {
            stat = kernel.stat(base + "/" + name);
        } catch (SysException e) {
            journal.warning("failure stat() on " + name, e);
            return true;
        }
        if (!stat.isDirectory() || !stat.isSticky()) return true;
        FileKey key = FileKey.of(stat);
        ServiceDirectory known = services.get(key);
        if (known != null) {
            known.seen = scans;
            known.rename(name);
            if (known.service.isDeactivating()) known.service.setReactivating(true);
            return true;
        }
        SavedService before = saved.get(key);
        ServiceDirectory directory = before == null ? ServiceDirectory.open(kernel, base, name, key, journal)
                : ServiceDirectory.takeBack(kernel, base, name, before, inherits, journal);
        if (directory == null) {
            journal.warning("unable to activate new service " + name);
            return false;
        }
        enter(directory);
        if (before != null) {
            directory.service.setReactivating(before.deactivating());
            resume(directory);
            return true;
        }
        journal.info("activated new service: " + name);
        List<Act> acts = new ArrayList<>();
        directory.service.activate(loop.now(), acts);
        perform(directory, acts);
        return true;
    }

    private void enter(ServiceDirectory directory) {
        directory.seen = scans;
        directory.timer = loop.timer(() -> due(directory));
        services.put(directory.key, directory);
    }

    // ---- what an earlier perpd has left ------------------------------------------------------------------------

    /** Services whose directories are not there any more, or not active: ended, if anything of them runs. */
    private void takeBackUnseen() {
        for (SavedService before : new ArrayList<>(saved.values())) {
            saved.remove(before.key());
            ServiceDirectory directory = ServiceDirectory.takeBack(kernel, base, before.name(), before, inherits, journal);
            if (directory == null) {
                journal.warning("unable to take back service " + before.name());
                continue;
            }
            enter(directory);
            resume(directory);
            // It may be over with that.
            if (services.get(directory.key) == directory) deactivate(directory);
        }
    }

    /** Goes on with a service where an earlier perpd left off. */
    private void resume(ServiceDirectory directory) {
        saved.remove(directory.key);
        List<Act> acts = new ArrayList<>();
        long now = loop.now();
        Service service = directory.service;
        boolean runs = resume(directory, service.main(), now, acts);
        if (service.log() != null) runs |= resume(directory, service.log(), now, acts);
        journal.info((runs ? "took back running service: " : "took back service: ") + directory.name());
        service.resumed(acts);
        perform(directory, acts);
    }

    /** @return whether its process is still there */
    private boolean resume(ServiceDirectory directory, Runscript which, long now, List<Act> acts) {
        boolean alive = false;
        if (which.isRunning() && !which.hasProcess()) {
            // perpd ended while it made this call: perhaps it was made.
            if (survivors == null) survivors = Survivors.of(kernel);
            int pid = survivors.child(kernel, directory.key, which, services.values());
            if (pid != 0) {
                directory.service.ran(which, pid, now);
                identify(which, pid);
            }
        }
        if (which.hasProcess()) alive = awaitAgain(directory, which);
        directory.service.resume(which, alive, now, acts);
        return alive;
    }

    private boolean awaitAgain(ServiceDirectory directory, Runscript which) {
        int pid = which.pid();
        try {
            ProcessStat stat = kernel.processStat(pid);
            if (which.identity() != 0 && stat.started() != which.identity()) return false;
            Loop.Ended whom = how -> ended(directory, which, how);
            if (stat.parent() == kernel.pid()) loop.await(pid, whom);
            else loop.adopt(pid, whom);
            return true;
        } catch (SysException e) {
            if (!e.is(Errno.ESRCH) && !e.is(Errno.ENOENT)) {
                journal.warning("failure pidfd_open() for service " + directory.shownName(), e);
            }
            return false;
        }
    }

    /** Notes by what else than its pid a process is to be known. */
    private void identify(Runscript which, int pid) {
        try {
            which.identify(kernel.processStat(pid).started());
        } catch (SysException gone) {
            // It has ended already, or there is no /proc: then the pid alone must do.
        }
    }

    private void save(ServiceDirectory directory) {
        if (state == null) return;
        String text = directory.saved().text();
        if (text.equals(directory.lastSaved)) return;
        state.save(directory.key, text);
        directory.lastSaved = text;
    }

    private void deactivate(ServiceDirectory directory) {
        List<Act> acts = new ArrayList<>();
        directory.service.deactivate(acts);
        perform(directory, acts);
    }

    /** Begins the end: every service is deactivated, all at once. */
    private void end() {
        ending = true;
        journal.info("initiating termination...");
        loop.cancel(scanTimer);
        loop.cancel(retryTimer);
        for (ServiceDirectory directory : new ArrayList<>(services.values())) {
            directory.service.setReactivating(false);
            deactivate(directory);
        }
        endIfLast();
    }

    private void endIfLast() {
        if (ending && services.isEmpty()) loop.stop();
    }

    // ---- what they decide ---------------------------------------------------------------------------------

    private void due(ServiceDirectory directory) {
        List<Act> acts = new ArrayList<>();
        directory.service.due(loop.now(), acts);
        perform(directory, acts);
    }

    private void ended(ServiceDirectory directory, Runscript which, Reaped how) {
        List<Act> acts = new ArrayList<>();
        directory.service.ended(which, how, loop.now(), acts);
        perform(directory, acts);
    }

    /** Carries out acts, and those that come of them, and sets the timer for what is due next. */
    private void perform(ServiceDirectory directory, List<Act> acts) {
        for (int i = 0; i < acts.size(); i++) {
            Act act = acts.get(i);
            if (act instanceof Act.Run run) {
                run(directory, run.which(), run.target(), acts);
            } else if (act instanceof Act.Kill kill) {
                kill(directory, kill);
            } else if (act instanceof Act.ClosePipe) {
                directory.pipe.close();
            } else if (act instanceof Act.Forget) {
                forget(directory);
                return;
            } else if (act instanceof Act.TellGoverned governed) {
                journal.warning("setting respawn governor on 'start' target of service " + directory.shownName()
                        + " for " + governed.which().file());
            } else if (act instanceof Act.TellResetting told) {
                journal.warning((told.dropped() ? "dropping signal " : "sending signal ")
                        + Signal.name(told.signal().number()) + " to resetting service " + directory.name());
            }
        }
        long deadline = directory.service.deadline();
        if (deadline >= 0) loop.set(directory.timer, deadline);
        else loop.cancel(directory.timer);
        save(directory);
    }

    private void forget(ServiceDirectory directory) {
        journal.info("deactivating service " + directory.shownName());
        loop.cancel(directory.timer);
        services.remove(directory.key);
        if (state != null) state.remove(directory.key);
        directory.close();
        if (directory.service.isReactivating()) scan();
        endIfLast();
    }

    private void run(ServiceDirectory directory, Runscript which, Target target, List<Act> acts) {
        Service service = directory.service;
        Spawn child = child(directory, which, target);
        // Before and after: a perpd that ends in between leaves a note that there may be a process.
        save(directory);
        try {
            int pid = kernel.spawn(child);
            service.ran(which, pid, loop.now());
            loop.await(pid, how -> ended(directory, which, how));
            if (state != null) identify(which, pid);
            save(directory);
        } catch (SysException e) {
            if (e.is(Errno.EAGAIN) || e.is(Errno.ENOMEM) || e.is(Errno.EMFILE) || e.is(Errno.ENFILE)) {
                journal.warning("failure fork() for service " + directory.shownName(), e);
                service.refused(which, loop.now());
            } else {
                journal.error("fatal: (in child for service " + directory.shownName() + "):  failure execve(): "
                        + e.getMessage());
                service.unrunnable(which, child.pid(), loop.now(), acts);
            }
        }
    }

    /** The process that a runscript is called in: spec/perp.md section 2.4. */
    private Spawn child(ServiceDirectory directory, Runscript which, Target target) {
        List<String> argv = new ArrayList<>();
        argv.add(which.file());
        argv.add(target.word());
        argv.add(directory.shownName());
        List<String> variables = new ArrayList<>(environment);
        Reaped last = which.last();
        if (target == Target.RESET) {
            if (!last.isKnown()) {
                argv.add("unknown");
            } else if (last.signal() == 0) {
                argv.add("exit");
                argv.add(Integer.toString(last.status()));
            } else {
                argv.add("signal");
                argv.add(Integer.toString(last.signal()));
                argv.add(Signal.name(last.signal()));
            }
            variables.add("PERP_SVPID=" + last.pid());
            variables.add("PERP_SVSECS=" + which.lastSeconds());
        }
        Spawn child = new Spawn(which.file(), argv).environment(variables).directory(directory.fd()).newSession()
                .defaults(Signal.HUP, Signal.INT, Signal.TERM, Signal.CHLD, Signal.PIPE);
        if (target == Target.START) child.pidVariable("PERP_SVPID");
        if (directory.pipe != null && !directory.pipe.isClosed()) {
            if (!which.isLog()) child.descriptor(1, directory.pipe.writeEnd());
            else if (target == Target.START) child.descriptor(0, directory.pipe.readEnd());
        }
        return child;
    }

    private void kill(ServiceDirectory directory, Act.Kill kill) {
        // Decided together with a call that then got no process: the pid may be a stranger's by now.
        if (!kill.which().hasProcess()) return;
        int pid = kill.which().pid();
        try {
            loop.kill(pid, kill.group(), kill.signal().number());
        } catch (SysException e) {
            journal.warning("failure kill() on " + Signal.name(kill.signal().number()) + " to service "
                    + directory.shownName(), e);
        }
    }

    // ---- what clients ask ---------------------------------------------------------------------------------

    /** @return null if there is no such service */
    Status status(FileKey key) {
        ServiceDirectory directory = services.get(key);
        if (directory == null) return null;
        long epoch = kernel.realtimeNanos() - loop.now();
        return Status.of(directory.service, directory.activated, kernel.pid(), since, epoch);
    }

    /** @return 0, or why it was not accepted */
    int command(FileKey key, int letter, int flags) {
        Command command = Command.of(letter);
        if (command == null) return Errno.EPROTO.number();
        ServiceDirectory directory = services.get(key);
        if (directory == null) return Errno.ENOENT.number();
        if (directory.service.isDeactivating()) return Errno.EBUSY.number();
        List<Act> acts = new ArrayList<>();
        directory.service.command(command, (flags & Packet.TO_LOG) != 0, (flags & Packet.TO_GROUP) != 0, loop.now(),
                acts);
        perform(directory, acts);
        return 0;
    }
}
