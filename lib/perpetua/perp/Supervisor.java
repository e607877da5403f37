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
import perpetua.sys.Open;
import perpetua.sys.PollSet;
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
    /** How soon state that could not be written is tried again. */
    private static final long SAVE_AGAIN_NANOS = 5_000_000_000L;
    /** How often whatever runs is killed when the time for perpd's end is over. */
    private static final long FORCE_AGAIN_NANOS = 1_000_000_000L;
    /** By how much the wall clock must have left the other one to have been set. */
    private static final long STEP_NANOS = 50_000_000L;

    private static final Signal[] DEFAULTS = {Signal.HUP, Signal.INT, Signal.TERM, Signal.CHLD, Signal.PIPE};

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
    private final Timers.Timer saveTimer;
    private final Timers.Timer endTimer;
    private long endNanos = -1;
    private long retryNanos = RETRY_NANOS;
    private long epoch;
    private int scans;
    /** Whether the base directory can't be read, which has been said. */
    private boolean baseLost;
    private boolean ending;
    private int toldServices = -1;
    private int toldClients = -1;
    private String stateParent;
    private boolean inherits;
    private StateDirectory state;
    private Successor successor;
    private Loop.Watch orphans;
    private boolean boots;
    /** Whether rc.boot runs, and everything else has to wait. */
    private boolean booting;
    /** What an earlier perpd knew of services that no scan has found yet; null until it is read. */
    private Map<FileKey, SavedService> saved;
    private Survivors survivors;
    private long changes = 1;

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
        this.saveTimer = loop.timer(this::saveAgain);
        this.endTimer = loop.timer(this::endByForce);
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

    /** How long its own end may take before everything is killed. @param seconds negative: as long as it takes */
    public Supervisor endWithin(long seconds) {
        endNanos = seconds < 0 ? -1 : seconds * 1_000_000_000L;
        return this;
    }

    /**
     * It is what process 1 launches, and launches again: on its first launch since the machine was started it runs rc.boot
     * before any service.
     *
     * @param announcements a pipe on which process 1 tells of orphans; negative for none
     * @param beats a pipe to give signs of life on; negative for none
     * @param every how often, in nanoseconds
     */
    public Supervisor second(int announcements, int beats, long every) {
        boots = true;
        if (announcements >= 0) orphans = loop.watch(announcements, PollSet.IN, (set, place) -> takeAnnouncements(announcements));
        if (beats >= 0) beat(beats, every);
        return this;
    }

    /**
     * Somebody has ended: everything is to be looked after. That is done already: of its children perpd is told by a signal,
     * and of those that it took back by descriptors of theirs. So this is only taken off the pipe.
     */
    private void takeAnnouncements(int fd) {
        try {
            if (kernel.read(fd, new byte[1024], 0, 1024) > 0) return;
        } catch (SysException noneToCome) {
            // Not a pipe to read from after all.
        }
        loop.drop(orphans);
    }

    private void beat(int fd, long every) {
        try {
            kernel.write(fd, new byte[1], 0, 1);
        } catch (SysException full) {
            // Then there are signs enough.
        }
        loop.set(loop.timer(() -> beat(fd, every)), loop.now() + every);
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
        closeState();
        journal.info("termination complete");
    }

    void closeState() {
        if (state != null) state.close();
    }

    void begin() {
        journal.info("starting on " + base + " ...");
        settle();
        if (stateParent != null) state = StateDirectory.open(kernel, stateParent, base, journal);
        if (!boot()) scan();
        // Children that ended while this program was being executed: now they are awaited.
        if (inherits) loop.collectEnded();
        settle();
    }

    /** Runs rc.boot, unless that has been done. @return whether it runs now */
    private boolean boot() {
        String script = base + "/rc.boot";
        if (!boots || state != null && state.isBooted()) return false;
        // Before it runs: rather not to its end than twice.
        if (state != null) state.setBooted();
        int fd = -1;
        try {
            if (!kernel.stat(script).isOwnerExecutable()) return false;
            fd = kernel.open(base, Open.READ | Open.DIRECTORY, 0);
            Spawn child = new Spawn(script, List.of(script)).environment(environment).directory(fd).newSession()
                    .defaults(DEFAULTS);
            loop.await(kernel.spawn(child), this::booted);
            journal.info("running rc.boot ...");
            booting = true;
        } catch (SysException e) {
            if (!e.is(Errno.ENOENT)) journal.warning("failure running rc.boot", e);
        } finally {
            kernel.closeQuietly(fd);
        }
        return booting;
    }

    private void booted(Reaped how) {
        booting = false;
        if (how.signal() > 0) journal.warning("rc.boot was ended by " + Signal.name(how.signal()));
        else if (how.status() > 0) journal.warning("rc.boot ended with status " + how.status());
        if (stateParent != null) {
            // It may have mounted something there.
            state = StateDirectory.open(kernel, stateParent, base, journal);
            if (state != null && !state.isBooted()) state.setBooted();
        }
        scan();
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
        control.changed(changes);
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
        if (signal == Signal.HUP) {
            // Whoever asks gets an answer.
            baseLost = false;
            scan();
        } else if (signal == Signal.USR2) succeed();
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

    /** What services write to: perpd goes on reading it. */
    private void inheritPipes(boolean on) throws SysException {
        for (ServiceDirectory directory : services.values()) {
            if (directory.readySignal != null) directory.readySignal.inherit(on);
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
        if (ending || booting) return;
        if (scanEvery > 0) loop.set(scanTimer, loop.now() + scanEvery);
        loop.cancel(retryTimer);
        if (!knowsSaved()) {
            retryLater();
            return;
        }
        List<String> names;
        try {
            names = kernel.list(base);
        } catch (SysException e) {
            if (!baseLost) journal.warning("failure opendir() for service scan", e);
            baseLost = true;
            retryLater();
            return;
        }
        baseLost = false;
        scans++;
        changes++;
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
        SavedService before = saved == null ? null : saved.get(key);
        if (before != null && !foundSurvivors(before)) return false;
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
        if (saved == null) return;
        for (SavedService before : new ArrayList<>(saved.values())) {
            if (!foundSurvivors(before)) continue;
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

    /** Whether what an earlier perpd left is known: before that, nothing may be started. */
    private boolean knowsSaved() {
        if (saved != null || state == null) return true;
        try {
            saved = state.load();
            return true;
        } catch (SysException e) {
            journal.warning("failure reading state of services", e);
            return false;
        }
    }

    /** Whether it is known what runs, if that matters for the service. */
    private boolean foundSurvivors(SavedService before) {
        if (survivors != null || before.calling() == SavedService.NOBODY) return true;
        try {
            survivors = Survivors.of(kernel);
            return true;
        } catch (SysException e) {
            journal.warning("failure opendir() for processes that survived", e);
            return false;
        }
    }

    /** Goes on with a service where an earlier perpd left off. */
    private void resume(ServiceDirectory directory) {
        saved.remove(directory.key);
        List<Act> acts = new ArrayList<>();
        long now = loop.now();
        Service service = directory.service;
        boolean runs = resume(directory, service.main(), now, acts);
        if (directory.readySignal != null) {
            if (runs && service.isGettingReady()) {
                directory.readySignal.listen(loop, service.main().pid(), () -> ready(directory));
            } else {
                directory.closeReadySignal();
            }
        }
        if (service.log() != null) runs |= resume(directory, service.log(), now, acts);
        journal.info((runs ? "took back running service: " : "took back service: ") + directory.name());
        service.resumed(now, acts);
        perform(directory, acts);
    }

    /** @return whether its process is still there */
    private boolean resume(ServiceDirectory directory, Runscript which, long now, List<Act> acts) {
        boolean alive = false;
        if (directory.calling == calling(which)) {
            // perpd ended while it made this call: perhaps it was made.
            int pid = survivors.child(kernel, directory.key, which, services.values());
            if (pid != 0) {
                directory.service.ran(which, pid, now);
                identify(which, pid);
            }
            directory.calling = SavedService.NOBODY;
        }
        if (which.hasProcess()) alive = awaitAgain(directory, which);

        directory.service.resume(which, alive, now, acts);
        return alive;
    }

    private boolean awaitAgain(ServiceDirectory directory, Runscript which) {
        int pid = which.pid();
        Loop.Ended whom = how -> ended(directory, which, how);
        boolean child = false;
        try {
            ProcessStat stat = kernel.processStat(pid);
            if (which.identity() != 0 && stat.started() != which.identity()) return false;
            child = stat.parent() == kernel.pid();
            // Where all is new here, so is every child: the pid alone has come back.
            if (which.identity() == 0 && child && !inherits) return false;
        } catch (SysException e) {
            if (e.is(Errno.ESRCH) || e.is(Errno.ENOENT)) return false;
            // Not to be known now: then it is watched as if it were there.
            child = inherits;
        }
        try {
            if (child) loop.await(pid, whom);
            else loop.adopt(pid, which.identity(), whom);
            return true;
        } catch (SysException gone) {
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
        boolean done = state.save(directory.key, text);
        directory.lastSaved = done ? text : null;
        if (!done) loop.set(saveTimer, loop.now() + SAVE_AGAIN_NANOS);
    }

    private void saveAgain() {
        for (ServiceDirectory directory : services.values()) {
            if (directory.lastSaved == null) save(directory);
            // One that fails is told of and sets the timer; the others would fail too.
            if (directory.lastSaved == null) return;
        }
    }

    /** For tests: whether a perpd that came after this one would know everything. */
    boolean isAllSaved() {
        for (ServiceDirectory directory : services.values()) {
            if (directory.lastSaved == null) return false;
        }
        return state != null;
    }

    /** For tests: how many descriptors are open for processes. */
    int watchedProcesses() {
        return loop.watchedStrangers() + loop.watchedChildren();
    }

    /** For tests: {@link Loop#fewChildren}. */
    void fewChildren(int most) {
        loop.fewChildren(most);
    }

    private void deactivate(ServiceDirectory directory) {
        List<Act> acts = new ArrayList<>();
        directory.readStopPlan(base, journal);
        directory.service.deactivate(loop.now(), acts);
        perform(directory, acts);
    }

    /** Begins the end: every service is deactivated, all at once. */
    private void end() {
        ending = true;
        journal.info("initiating termination...");
        loop.cancel(scanTimer);
        loop.cancel(retryTimer);
        if (endNanos >= 0) loop.set(endTimer, loop.now() + endNanos);
        for (ServiceDirectory directory : new ArrayList<>(services.values())) {
            directory.service.setReactivating(false);
            deactivate(directory);
        }
        endIfLast();
    }

    /** The end has taken longer than it may: nobody is asked any more. Again each second, since resets run even now. */
    private void endByForce() {
        int running = 0;
        for (ServiceDirectory directory : services.values()) {
            running += killNow(directory.service.main());
            if (directory.service.log() != null) running += killNow(directory.service.log());
        }
        journal.warning("killing " + running + (running == 1 ? " process" : " processes") + " that did not end");
        loop.set(endTimer, loop.now() + FORCE_AGAIN_NANOS);
    }

    private int killNow(Runscript which) {
        if (!which.hasProcess()) return 0;
        try {
            loop.kill(which.pid(), false, Signal.KILL.number());
            return 1;
        } catch (SysException gone) {
            return 0;
        }
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
        changes++;
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
                        + Signal.name(told.signal().number()) + " to resetting service " + who(directory, told.which()));
            }
        }
        long deadline = directory.service.deadline();
        if (deadline >= 0) loop.set(directory.timer, deadline);
        else loop.cancel(directory.timer);
        save(directory);
    }

    private static String who(ServiceDirectory directory, Runscript which) {
        return directory.shownName() + (which.isLog() ? " (log)" : " (main)");
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
        try {
            if (!which.isLog()) openReadySignal(directory, target, child);
            // Before and after: a perpd that ends in between leaves a note that there may be a process.
            directory.calling = calling(which);
            save(directory);
            int pid = kernel.spawn(child);
            service.ran(which, pid, loop.now());
            loop.await(pid, how -> ended(directory, which, how));
            if (directory.readySignal != null && !which.isLog()) {
                directory.readySignal.listen(loop, pid, () -> ready(directory));
            }
            if (state != null) identify(which, pid);
            directory.calling = SavedService.NOBODY;
            save(directory);
        } catch (SysException e) {
            if (!which.isLog()) directory.closeReadySignal();
            directory.calling = SavedService.NOBODY;
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

    private static int calling(Runscript which) {
        return which.isLog() ? SavedService.LOG : SavedService.MAIN;
    }

    private void openReadySignal(ServiceDirectory directory, Target target, Spawn child) throws SysException {
        directory.closeReadySignal();
        if (directory.readyFile == null || target != Target.START) return;
        directory.readySignal = ReadySignal.open(kernel, directory.readyFile, child);
    }

    private void ready(ServiceDirectory directory) {
        directory.readySignal = null;
        directory.service.ready(loop.now());
        save(directory);
        changes++;
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
                .defaults(DEFAULTS);
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
                    + who(directory, kill.which()), e);
        }
    }

    // ---- what clients ask ---------------------------------------------------------------------------------

    /** @return null if there is no such service */
    Status status(FileKey key) {
        ServiceDirectory directory = services.get(key);
        if (directory == null) return null;
        return Status.of(directory.service, directory.activated, kernel.pid(), since, epoch());
    }

    /** @return null if there is no such service */
    FullStatus fullStatus(FileKey key) {
        ServiceDirectory directory = services.get(key);
        if (directory == null) return null;
        return FullStatus.of(status(key), directory.service, epoch());
    }

    /**
     * What the wall clock read when the monotonic one read 0. Not measured anew for each answer, or a time that has not changed would
     * look changed; only after somebody has set the clock.
     */
    private long epoch() {
        long now = kernel.realtimeNanos() - kernel.monotonicNanos();
        if (Math.abs(now - epoch) > STEP_NANOS) epoch = now;
        return epoch;
    }

    /** How often something has changed that clients are told of. */
    long changes() {
        return changes;
    }

    /** @param command null for one that there is not. @return 0, or why it was not accepted */
    int command(FileKey key, Command command, int flags) {
        ServiceDirectory directory = services.get(key);
        if (directory == null) return Errno.ENOENT.number();
        if (directory.service.isDeactivating()) return Errno.EBUSY.number();
        if (command == null) return Errno.EPROTO.number();
        if (command.stops()) directory.readStopPlan(base, journal);
        List<Act> acts = new ArrayList<>();
        directory.service.command(command, (flags & Packet.TO_LOG) != 0, (flags & Packet.TO_GROUP) != 0, loop.now(),
                acts);
        perform(directory, acts);
        return 0;
    }
}
