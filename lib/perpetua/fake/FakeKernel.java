// SPDX-License-Identifier: Apache-2.0
package perpetua.fake;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import perpetua.sys.Account;
import perpetua.sys.Capabilities;
import perpetua.sys.Errno;
import perpetua.sys.FileStat;
import perpetua.sys.Kernel;
import perpetua.sys.Limit;
import perpetua.sys.Open;
import perpetua.sys.PollSet;
import perpetua.sys.ProcessStat;
import perpetua.sys.Reaped;
import perpetua.sys.Receiving;
import perpetua.sys.Reboot;
import perpetua.sys.Resource;
import perpetua.sys.Scheduling;
import perpetua.sys.Signal;
import perpetua.sys.Space;
import perpetua.sys.Spawn;
import perpetua.sys.SysException;

/**
 * A kernel in memory, for tests: files, descriptors, locks, other processes, sockets and a clock, which behave as
 * Linux has it and do nothing by themselves. Nothing in it waits. An act that would wait lets time pass up to the next
 * thing that a test has arranged with {@link #after}, and throws {@link Stuck} if there is none. Once the process has
 * become another program, every act throws {@link Gone}.
 *
 * <p>It keeps the same order whatever happens, and no act takes longer the more processes there are, so that millions of
 * random events can be tried and tried again.
 */
public final class FakeKernel implements Kernel {
    /** What the content of a program begins with; anything else but {@code #!} can't be executed. */
    public static final String MAGIC = "\177ELF";

    private static final int LONGEST_SOCKET_PATH = 107;
    private static final int LEAST_PID = 300;
    private static final int MOST_PIDS = 4_194_304;
    private static final int[] NONE = {};
    private static final int LAST_CAPABILITY = 40;
    private static final long ALL = (2L << LAST_CAPABILITY) - 1;

    private final FakeClock clock = new FakeClock();
    private final FakeUser user = new FakeUser();
    private final FakeTree tree = new FakeTree(user, clock);
    private final FakeDescriptors descriptors = new FakeDescriptors();
    private final Map<Resource, Limit> limits = new EnumMap<>(Resource.class);
    private final Map<String, Account> accounts = new LinkedHashMap<>();
    private final Map<String, Integer> groups = new LinkedHashMap<>();
    private final Map<String, List<Integer>> memberships = new HashMap<>();
    private List<String> environment = new ArrayList<>();
    private final FakeFile output;
    private final FakeFile errors;
    private FakeFile self;
    // Half of all, so that what is freed does not take it over the edge.
    private long space = Long.MAX_VALUE / 2;

    private int pid = 200;
    private int parent = 100;
    private int session = 100;
    private int group = 100;
    private int umask = 022;

    private int ignored;
    private int caught;
    private int arrived;
    /** Of which child the SIGCHLD tells that has arrived, or has been taken: of the first that ended. */
    private int arrivedChild;
    private int signalledChild;
    private int blocked;
    private boolean sleeping;
    private boolean alarmed;

    private int[] online = {0, 1, 2, 3};
    private int[] processors = {0, 1, 2, 3};
    private String scheduling = "OTHER 0";
    private int nice;
    private Capabilities capabilities = new Capabilities(ALL, ALL, 0, ALL, 0);
    private int secureBits;
    private boolean noNewPrivileges;

    private String gone;
    private Executed executed;
    private int exitStatus = -1;
    private int killedBy;

    private int mailboxes;
    private final Map<String, FakeMailbox> mailboxesByName = new HashMap<>();
    private final Set<Integer> acceptingPorts = new HashSet<>();

    private int nextPid = LEAST_PID;
    private final Map<Integer, FakeProcess> processes = new HashMap<>();
    private final List<FakeProcess> running = new ArrayList<>();
    private final Map<Integer, FakeListener> ports = new HashMap<>();
    private final Map<Integer, FakeProcess> unreaped = new LinkedHashMap<>();
    private FakeProcess.Reaction reaction = FakeProcess::byDefault;
    private Consumer<FakeProcess> onSpawn = child -> { };

    private Fault fault = (act, subject) -> null;
    private final List<Deque<Errno>> failures = new ArrayList<>();
    private long actsLeft = -1;
    private boolean endsAreTold = true;
    /** Where real ticks would do, since no pid comes back within one; here no time need pass at all. */
    private long serials;
    private final long[] counts = new long[Act.values().length];

    /** As root, in {@code /}, with an empty environment, {@code /dev/null} on descriptor 0, and an empty {@code /tmp}. */
    public FakeKernel() {
        for (int i = 0; i < counts.length; i++) failures.add(null);
        for (Resource resource : Resource.values()) limits.put(resource, new Limit(Limit.INFINITY, Limit.INFINITY));
        limits.put(Resource.NOFILE, new Limit(1024, 1 << 20));
        directory("/tmp").mode(01777);
        FakeFile nothing = tree.put("/dev/null", FakeFile.DEVICE | 0666);
        output = tree.create(FakeFile.DEVICE | 0620, 0, 0);
        errors = tree.create(FakeFile.DEVICE | 0620, 0, 0);
        descriptors.put(0, new OpenFile(nothing, "/dev/null", true, false), true);
        descriptors.put(1, new OpenFile(output, "standard output", false, true), true);
        descriptors.put(2, new OpenFile(errors, "standard error", false, true), true);
    }

    // ---- for tests: what is there -------------------------------------------------------------------------

    /** A directory; those above it are made too, as with everything that is put into the tree here. */
    public FakeFile directory(String path) {
        FakeFile there = find(path);
        return there != null && there.is(FakeFile.DIRECTORY) ? there : tree.put(path, FakeFile.DIRECTORY | 0755);
    }

    /** A regular file; one that is there keeps its identity and gets that content. */
    public FakeFile file(String path, String text) {
        FakeFile there = find(path);
        return (there != null && there.is(FakeFile.REGULAR) ? there : tree.put(path, FakeFile.REGULAR | 0644)).text(text);
    }

    /** A file that can be executed. */
    public FakeFile program(String path) {
        return file(path, MAGIC).mode(0755);
    }

    /** A file that can be executed, and what a child then does. */
    public FakeFile program(String path, Behaviour behaviour) {
        FakeFile file = program(path);
        file.behaviour = behaviour;
        return file;
    }

    /** The program that is running, whose names may be several. */
    public FakeFile self(String... paths) {
        for (String path : paths) {
            if (self == null) {
                self = program(path);
            } else {
                FakeTree.Place place = tree.prepared(path);
                place.directory().enter(place.name(), self, clock.realtime());
            }
        }
        return self;
    }

    public FakeFile fifo(String path) {
        return tree.put(path, FakeFile.FIFO | 0644);
    }

    public FakeFile symlink(String path, String target) {
        FakeFile link = tree.put(path, FakeFile.LINK | 0777);
        link.target = target;
        return link;
    }

    /** Takes a name away, whatever stands there. */
    public void remove(String path) {
        FakeTree.Place place = tree.prepared(path);
        if (place.file() != null) place.directory().remove(place.name(), clock.realtime());
    }

    /** @return null if there is no such file */
    public FakeFile find(String path) {
        // A test sees everything, whoever the process acts for.
        int uid = user.effectiveUid;
        user.effectiveUid = 0;
        try {
            return tree.at(path);
        } catch (SysException e) {
            return null;
        } finally {
            user.effectiveUid = uid;
        }
    }

    /** How much more the files may hold, all together; what is written beyond it fails with ENOSPC. */
    public FakeKernel space(long bytes) {
        space = bytes;
        return this;
    }

    /** What standard input gives. */
    public FakeKernel input(String text) {
        FakeFile file = tree.create(FakeFile.REGULAR | 0600, 0, 0).text(text);
        descriptors.put(0, new OpenFile(file, "standard input", true, false), true);
        return this;
    }

    /** What was written to standard output. */
    public String output() {
        return output.text();
    }

    /** What was written to standard error. */
    public String errors() {
        return errors.text();
    }

    public void forgetOutput() {
        output.text("");
        errors.text("");
    }

    /** Whether standard input, output and error are a terminal. */
    public FakeKernel terminal(boolean is) {
        for (int fd = 0; fd < 3; fd++) {
            OpenFile file = descriptors.find(fd);
            if (file != null) file.file.terminal = is;
        }
        return this;
    }

    // ---- for tests: who runs it, and how ------------------------------------------------------------------

    /** Replaces the environment. */
    public FakeKernel variables(String... variables) {
        environment = new ArrayList<>(List.of(variables));
        return this;
    }

    public FakeKernel user(int uid, int gid, int... supplementary) {
        user.uid = uid;
        user.effectiveUid = uid;
        user.gid = gid;
        user.effectiveGid = gid;
        user.groups = supplementary;
        return this;
    }

    public FakeKernel account(Account account) {
        accounts.put(account.name(), account);
        return this;
    }

    public FakeKernel group(String name, int gid, String... members) {
        groups.put(name, gid);
        for (String member : members) memberships.computeIfAbsent(member, key -> new ArrayList<>()).add(gid);
        return this;
    }

    /** As it is found; null for a resource that this kernel does not know. */
    public FakeKernel limited(Resource resource, Limit limit) {
        limits.put(resource, limit);
        return this;
    }

    /** The processors that there are; it may run on each of them. */
    public FakeKernel processors(int... numbers) {
        online = numbers;
        processors = numbers;
        return this;
    }

    public FakeKernel capabilities(Capabilities sets) {
        capabilities = sets;
        return this;
    }

    /** The policy and its priority, then {@code reset} where children do not inherit it. */
    public String scheduling() {
        return scheduling;
    }

    public int nice() {
        return nice;
    }

    /** Whether what it executes gets no new privileges. */
    public boolean hasNoNewPrivileges() {
        return noNewPrivileges;
    }

    /** Makes it the leader of its process group, so that it can't have a new session. */
    public FakeKernel groupLeader() {
        group = pid;
        return this;
    }

    // ---- for tests: what became of it ---------------------------------------------------------------------

    /** The program that it has become, or null. */
    public Executed executed() {
        return executed;
    }

    /** Goes on as the program that was executed: with its environment, without what is close-on-exec. */
    public void proceed() {
        environment = new ArrayList<>(executed.environment());
        for (int fd : descriptors.all()) {
            if (!descriptors.isInherited(fd)) closed(fd);
        }
        caught = 0;
        arrived = 0;
        executed = null;
        gone = null;
    }

    /** Makes it process 1, which no signal kills that it does not catch. */
    public FakeKernel init() {
        pid = 1;
        parent = 0;
        return this;
    }

    public boolean ignores(Signal signal) {
        return (ignored & 1 << signal.number()) != 0;
    }

    public boolean blocks(Signal signal) {
        return (blocked & 1 << signal.number()) != 0;
    }

    /** The status it ended with, -1 if it did not. */
    public int exitStatus() {
        return exitStatus;
    }

    /** The signal that has killed it, or 0. */
    public int killedBy() {
        return killedBy;
    }

    public int openDescriptors() {
        return descriptors.count();
    }

    /** Each open descriptor with what it refers to, to show what has leaked. */
    public List<String> descriptorNames() {
        List<String> names = new ArrayList<>();
        for (int fd : descriptors.all()) names.add(fd + " " + descriptors.find(fd).name);
        return names;
    }

    /** Whether an executed program gets that descriptor. */
    public boolean isInherited(int fd) {
        return descriptors.isInherited(fd);
    }

    /** The absolute path of the working directory. */
    public String directoryPath() {
        return tree.current.path();
    }

    // ---- for tests: what goes wrong -----------------------------------------------------------------------

    /** What goes wrong from now on, decided for each act before it happens. */
    public void fault(Fault decides) {
        fault = decides;
    }

    /** The next act of that kind fails. Several calls, several failures. */
    public void failNext(Act act, Errno with) {
        Deque<Errno> queue = failures.get(act.ordinal());
        if (queue == null) {
            queue = new ArrayDeque<>();
            failures.set(act.ordinal(), queue);
        }
        queue.add(with);
    }

    /** How often that was tried. */
    public long count(Act act) {
        return counts[act.ordinal()];
    }

    private void act(Act act, String subject) throws SysException {
        if (gone != null) throw new Gone(gone);
        if (actsLeft >= 0 && actsLeft-- == 0) {
            die(Signal.KILL);
            throw new Gone(gone);
        }
        counts[act.ordinal()]++;
        Deque<Errno> queue = failures.get(act.ordinal());
        if (queue != null && !queue.isEmpty()) throw new SysException(queue.poll());
        Errno decided = fault.on(act, subject);
        if (decided != null) throw new SysException(decided);
    }

    /** Of a descriptor. @return what it refers to */
    private OpenFile act(Act act, int fd) throws SysException {
        OpenFile file = descriptors.find(fd);
        act(act, file == null ? "" : file.name);
        if (file == null) throw new SysException(Errno.EBADF);
        return file;
    }

    // ---- for tests: time ----------------------------------------------------------------------------------

    /** Lets time pass, and with it happen what was arranged. */
    public void advance(long nanos) {
        clock.advance(nanos);
    }

    /** Sets the wall clock, forward or back; the monotonic clock takes no notice. */
    public void stepRealtime(long nanos) {
        clock.step(nanos);
    }

    /** Something is to happen when that much time has passed. */
    public void after(long nanos, Runnable event) {
        clock.after(nanos, event);
    }

    private void letPass(String waitingFor) {
        if (!clock.toNext(Long.MAX_VALUE)) throw new Stuck(waitingFor);
        if (gone != null) throw new Gone(gone);
    }

    // ---- for tests: signals and other processes -----------------------------------------------------------

    /** A signal comes for this process. What is neither caught nor ignored has its default effect. */
    public void arrive(Signal signal) {
        int bit = 1 << signal.number();
        if (signal == Signal.ALRM && sleeping) alarmed = true;
        else if ((caught & bit) != 0) arrived |= bit;
        else if (((ignored | blocked) & bit) == 0 && pid != 1 && isDeadly(signal)) die(signal);
    }

    private static boolean isDeadly(Signal signal) {
        return switch (signal) {
            case CHLD, CONT, URG, WINCH, STOP, TSTP, TTIN, TTOU -> false;
            default -> true;
        };
    }

    private void die(Signal signal) {
        killedBy = signal.number();
        gone = "killed by SIG" + signal.name();
    }

    /** SIGKILL comes for this process before its next act but so many; a test begins another with {@link #reborn}. */
    public void killAfter(long acts) {
        actsLeft = acts;
    }

    /** @return -1 if it is not to be killed so */
    public long actsLeft() {
        return actsLeft;
    }

    /**
     * This process is no more, and another one takes its part, with another pid and nothing but the standard streams. Its
     * children go on as children of process 1, which collects them.
     */
    public void reborn() {
        for (int fd : descriptors.all()) {
            if (fd > 2) closed(fd);
        }
        for (FakeProcess child : unreaped.values()) processes.remove(child.pid());
        unreaped.clear();
        for (FakeProcess child : running) child.orphaned();
        restart();
        pid = freePid();
        arrived = 0;
        ignored = 0;
    }

    /** This process has executed a program that goes on in its place, with its children and what is not close-on-exec. */
    public void reexecuted() {
        for (int fd : descriptors.all()) {
            if (!descriptors.isInherited(fd)) closed(fd);
        }
        restart();
    }

    private void restart() {
        gone = null;
        killedBy = 0;
        actsLeft = -1;
        caught = 0;
    }

    /** Whether the kernel tells how a process ended that was no child. */
    public void tellsEnds(boolean does) {
        endsAreTold = does;
    }

    /** The children that are running, in no order that means anything; ask for one at random by its index. */
    public List<FakeProcess> running() {
        return Collections.unmodifiableList(running);
    }

    /** The child or stranger of that pid, until it has ended and was collected; else null. */
    public FakeProcess process(int pid) {
        return processes.get(pid);
    }

    /** How many children have ended and were not collected. */
    public int unreaped() {
        return unreaped.size();
    }

    /** The child exits. */
    public void end(int pid, int status) {
        processes.get(pid).exit(status);
    }

    /** The child is killed, whatever it ignores. */
    public void endBySignal(int pid, Signal signal) {
        FakeProcess process = processes.get(pid);
        if (process.isRunning()) ended(process, 0, signal.number());
    }

    /** A process that is not a child of this one. */
    public FakeProcess stranger(int pid) {
        FakeProcess stranger = new FakeProcess(this, pid, null, tree.root, pid, pid);
        stranger.serial = ++serials;
        processes.put(pid, stranger);
        return stranger;
    }

    /** The pid of the next child, so that a pid comes back; one that is in use is passed over. */
    public void nextPid(int pid) {
        nextPid = pid;
    }

    /** What every process does about a signal; null for what Linux does by default. */
    public void whenSignalled(FakeProcess.Reaction decides) {
        reaction = decides == null ? FakeProcess::byDefault : decides;
    }

    /** Told of each child when it has started. */
    public void whenSpawned(Consumer<FakeProcess> listener) {
        onSpawn = listener;
    }

    FakeProcess.Reaction reaction() {
        return reaction;
    }

    void ended(FakeProcess process, int status, int signal) {
        process.ended(status, signal);
        if (process.spawn() == null) {
            processes.remove(process.pid());
            return;
        }
        FakeProcess last = running.remove(running.size() - 1);
        if (last != process) {
            running.set(process.place, last);
            last.place = process.place;
        }
        if (!process.isChild()) {
            processes.remove(process.pid());
            return;
        }
        // Where SIGCHLD is ignored, nobody need collect them, and nobody can.
        if ((ignored & 1 << Signal.CHLD.number()) != 0) processes.remove(process.pid());
        else unreaped.put(process.pid(), process);
        if ((arrived & 1 << Signal.CHLD.number()) == 0) arrivedChild = process.pid();
        arrive(Signal.CHLD);
    }

    // ---- for tests: the other end of a socket -------------------------------------------------------------

    /** Connects to a socket that the process listens on. @return the client's end, null if nobody listens there */
    public FakeSocket client(String path) {
        FakeFile file = find(path);
        if (file == null || file.listener == null || file.listener.isClosed()) return null;
        return file.listener.connect();
    }

    /** A server. Its part is called, with its end of the connection, each time a client has sent something. */
    public FakeFile server(String path, Consumer<FakeSocket> whenSent) {
        FakeFile file = tree.put(path, FakeFile.SOCKET | 0700);
        file.listener = new FakeListener(Integer.MAX_VALUE).answer(whenSent);
        return file;
    }

    /** Sends a message to a datagram socket of the process. @return whether anybody takes it */
    public boolean send(String abstractName, String text, int uid) {
        FakeMailbox mailbox = mailboxesByName.get(abstractName);
        if (mailbox == null) return false;
        mailbox.letters.add(new FakeMailbox.Letter(text, uid));
        return true;
    }

    /** From now on connections to that TCP port are accepted, whatever the address, or are not. */
    public void port(int port, boolean accepts) {
        if (accepts) acceptingPorts.add(port);
        else acceptingPorts.remove(port);
    }

    // ---- this process -------------------------------------------------------------------------------------

    @Override
    public int pid() {
        return pid;
    }

    @Override
    public int parentPid() {
        return parent;
    }

    @Override
    public String variable(String name) {
        return variable(environment, name);
    }

    static String variable(List<String> environment, String name) {
        for (String variable : environment) {
            if (variable.length() > name.length() && variable.charAt(name.length()) == '='
                    && variable.startsWith(name)) {
                return variable.substring(name.length() + 1);
            }
        }
        return null;
    }

    @Override
    public List<String> environment() {
        return Collections.unmodifiableList(environment);
    }

    @Override
    public SysException exec(String path, List<String> argv, List<String> variables) {
        try {
            act(Act.EXEC, path);
            tree.program(tree.current, path);
        } catch (SysException e) {
            return e;
        }
        executed = new Executed(path, List.copyOf(argv), List.copyOf(variables == null ? environment : variables),
                descriptors.inherited());
        gone = "has become " + path;
        throw new Gone(gone);
    }

    @Override
    public void exit(int status) {
        if (gone != null) throw new Gone(gone);
        exitStatus = status;
        gone = "has ended with status " + status;
        throw new Gone(gone);
    }

    @Override
    public boolean isSelf(String path) {
        try {
            return self != null && tree.at(path) == self && user.may(self, FakeUser.EXECUTE);
        } catch (SysException e) {
            return false;
        }
    }

    // ---- identity -----------------------------------------------------------------------------------------

    @Override
    public int userId() {
        return user.uid;
    }

    @Override
    public int effectiveUserId() {
        return user.effectiveUid;
    }

    @Override
    public int groupId() {
        return user.gid;
    }

    @Override
    public int effectiveGroupId() {
        return user.effectiveGid;
    }

    @Override
    public int[] groups() {
        return user.groups.clone();
    }

    @Override
    public void setUser(int uid) throws SysException {
        act(Act.SET_USER, "");
        if (!user.isRoot() && uid != user.uid && uid != user.effectiveUid) throw new SysException(Errno.EPERM);
        if (user.isRoot()) user.uid = uid;
        user.effectiveUid = uid;
    }

    @Override
    public void setGroup(int gid) throws SysException {
        act(Act.SET_GROUP, "");
        if (!user.isRoot() && gid != user.gid && gid != user.effectiveGid) throw new SysException(Errno.EPERM);
        if (user.isRoot()) user.gid = gid;
        user.effectiveGid = gid;
    }

    @Override
    public void setGroups(int[] gids) throws SysException {
        act(Act.SET_GROUPS, "");
        if (!user.isRoot()) throw new SysException(Errno.EPERM);
        user.groups = gids.clone();
    }

    @Override
    public Account account(String name) throws SysException {
        act(Act.ACCOUNT, name);
        return accounts.get(name);
    }

    @Override
    public Account account(int uid) throws SysException {
        act(Act.ACCOUNT, "");
        for (Account account : accounts.values()) {
            if (account.uid() == uid) return account;
        }
        return null;
    }

    @Override
    public int group(String name) throws SysException {
        act(Act.GROUP, name);
        return groups.getOrDefault(name, -1);
    }

    @Override
    public boolean hasGroup(int gid) throws SysException {
        act(Act.GROUP, "");
        return groups.containsValue(gid);
    }

    @Override
    public int[] groupsOf(String account, int gid) throws SysException {
        act(Act.GROUP, account);
        List<Integer> gids = new ArrayList<>(List.of(gid));
        for (int each : memberships.getOrDefault(account, List.of())) {
            if (!gids.contains(each)) gids.add(each);
        }
        return gids.stream().mapToInt(Integer::intValue).toArray();
    }

    // ---- what scheduler and checks think of this process ----------------------------------------------------

    @Override
    public int[] processors() throws SysException {
        act(Act.SCHEDULE, "processors");
        return processors.clone();
    }

    @Override
    public void setProcessors(int[] numbers) throws SysException {
        act(Act.SCHEDULE, "processors");
        int[] sorted = numbers.clone();
        Arrays.sort(sorted);
        int count = 0;
        for (int cpu : sorted) {
            // Those that there are not are passed over, as Linux does it, and a number given twice.
            if (Arrays.binarySearch(online, cpu) >= 0 && (count == 0 || sorted[count - 1] != cpu)) {
                sorted[count++] = cpu;
            }
        }
        if (count == 0) throw new SysException(Errno.EINVAL);
        processors = Arrays.copyOf(sorted, count);
    }

    @Override
    public void setScheduling(Scheduling policy, int priority, boolean resetOnFork) throws SysException {
        act(Act.SCHEDULE, policy.name());
        if (policy.isRealTime() ? priority < 1 || priority > 99 : priority != 0) throw new SysException(Errno.EINVAL);
        if (policy.isRealTime() && !capabilities.mayUse(Capabilities.SYS_NICE)) throw new SysException(Errno.EPERM);
        scheduling = policy + " " + priority + (resetOnFork ? " reset" : "");
    }

    @Override
    public void setNice(int wanted) throws SysException {
        act(Act.SCHEDULE, "nice");
        int nearest = Math.max(-20, Math.min(19, wanted));
        if (nearest < nice && !capabilities.mayUse(Capabilities.SYS_NICE)) throw new SysException(Errno.EACCES);
        nice = nearest;
    }

    @Override
    public Capabilities capabilities() throws SysException {
        act(Act.CAPABILITY, "");
        return capabilities;
    }

    @Override
    public void setCapabilities(long effective, long permitted, long inheritable) throws SysException {
        act(Act.CAPABILITY, "set");
        Capabilities now = capabilities;
        boolean grows = (permitted & ~now.permitted()) != 0 || (effective & ~permitted) != 0;
        boolean passesOn = (inheritable & ~(now.inheritable() | now.permitted() | now.bounding())) != 0;
        if (grows || passesOn) throw new SysException(Errno.EPERM);
        capabilities = new Capabilities(effective, permitted, inheritable, now.bounding(),
                now.ambient() & permitted & inheritable);
    }

    @Override
    public void dropBounding(int capability) throws SysException {
        act(Act.CAPABILITY, "bounding");
        if (capability < 0 || capability > LAST_CAPABILITY) throw new SysException(Errno.EINVAL);
        if (!capabilities.mayUse(Capabilities.SETPCAP)) throw new SysException(Errno.EPERM);
        Capabilities now = capabilities;
        capabilities = new Capabilities(now.effective(), now.permitted(), now.inheritable(),
                now.bounding() & ~(1L << capability), now.ambient());
    }

    @Override
    public void raiseAmbient(int capability) throws SysException {
        act(Act.CAPABILITY, "ambient");
        if (capability < 0 || capability > LAST_CAPABILITY) throw new SysException(Errno.EINVAL);
        Capabilities now = capabilities;
        long bit = 1L << capability;
        if ((now.permitted() & now.inheritable() & bit) == 0) throw new SysException(Errno.EPERM);
        capabilities = new Capabilities(now.effective(), now.permitted(), now.inheritable(), now.bounding(),
                now.ambient() | bit);
    }

    @Override
    public int secureBits() throws SysException {
        act(Act.CAPABILITY, "securebits");
        return secureBits;
    }

    @Override
    public void setSecureBits(int bits) throws SysException {
        act(Act.CAPABILITY, "securebits");
        if (!capabilities.mayUse(Capabilities.SETPCAP)) throw new SysException(Errno.EPERM);
        secureBits = bits;
    }

    @Override
    public void noNewPrivileges() throws SysException {
        act(Act.CAPABILITY, "privileges");
        noNewPrivileges = true;
    }

    // ---- limits, session, surroundings --------------------------------------------------------------------

    @Override
    public Limit limit(Resource resource) throws SysException {
        if (gone == null) act(Act.LIMIT, resource.name());
        Limit limit = limits.get(resource);
        if (limit == null) throw new SysException(Errno.EINVAL);
        return limit;
    }

    @Override
    public void setLimit(Resource resource, Limit limit) throws SysException {
        act(Act.SET_LIMIT, resource.name());
        Limit now = limits.get(resource);
        if (now == null || Long.compareUnsigned(limit.soft(), limit.hard()) > 0) throw new SysException(Errno.EINVAL);
        if (!user.isRoot() && now.exceededBy(limit.hard())) throw new SysException(Errno.EPERM);
        limits.put(resource, limit);
    }

    @Override
    public void newSession() throws SysException {
        act(Act.NEW_SESSION, "");
        if (group == pid) throw new SysException(Errno.EPERM);
        session = pid;
        group = pid;
    }

    @Override
    public void newGroup() throws SysException {
        act(Act.NEW_GROUP, "");
        if (session == pid) throw new SysException(Errno.EPERM);
        group = pid;
    }

    @Override
    public int session() {
        return session;
    }

    @Override
    public int processGroup() {
        return group;
    }

    @Override
    public void changeDirectory(String path) throws SysException {
        act(Act.CHANGE_DIRECTORY, path);
        changeDirectory(tree.at(path));
    }

    @Override
    public void changeDirectory(int fd) throws SysException {
        changeDirectory(act(Act.CHANGE_DIRECTORY, fd).file);
    }

    private void changeDirectory(FakeFile directory) throws SysException {
        if (!directory.is(FakeFile.DIRECTORY)) throw new SysException(Errno.ENOTDIR);
        if (!user.may(directory, FakeUser.EXECUTE)) throw new SysException(Errno.EACCES);
        tree.current = directory;
    }

    @Override
    public void changeRoot(String path) throws SysException {
        act(Act.CHANGE_ROOT, path);
        FakeFile directory = tree.at(path);
        if (!directory.is(FakeFile.DIRECTORY)) throw new SysException(Errno.ENOTDIR);
        if (!user.isRoot()) throw new SysException(Errno.EPERM);
        tree.root = directory;
    }

    @Override
    public int umask(int mask) {
        int former = umask;
        umask = mask & 0777;
        return former;
    }

    // ---- files --------------------------------------------------------------------------------------------

    private long openLimit() {
        Limit limit = limits.get(Resource.NOFILE);
        return limit == null || limit.soft() < 0 ? Integer.MAX_VALUE : limit.soft();
    }

    @Override
    public int open(String path, int flags, int mode) throws SysException {
        act(Act.OPEN, path);
        int fd = descriptors.free(0, openLimit());
        boolean creates = (flags & Open.CREATE) != 0;
        boolean alone = creates && (flags & Open.EXCLUSIVE) != 0;
        FakeTree.Place place = tree.place(path, (flags & Open.NO_FOLLOW) == 0 && !alone);
        FakeFile file = place.file();
        int access = flags & 3;
        boolean readable = access != Open.WRITE;
        boolean writable = access != Open.READ;
        if (file == null) {
            if (!creates) throw new SysException(Errno.ENOENT);
            if (place.mustBeDirectory()) throw new SysException(Errno.EISDIR);
            file = enter(place, FakeFile.REGULAR | mode & 07777 & ~umask);
        } else {
            if (alone) throw new SysException(Errno.EEXIST);
            if (file.is(FakeFile.LINK)) throw new SysException(Errno.ELOOP);
            if (file.is(FakeFile.DIRECTORY)) {
                if (creates || writable) throw new SysException(Errno.EISDIR);
            } else if ((flags & Open.DIRECTORY) != 0) {
                throw new SysException(Errno.ENOTDIR);
            }
            if (!user.may(file, (readable ? FakeUser.READ : 0) | (writable ? FakeUser.WRITE : 0))) {
                throw new SysException(Errno.EACCES);
            }
            if (file.is(FakeFile.SOCKET)) throw new SysException(Errno.ENXIO);
            if ((flags & Open.TRUNCATE) != 0 && file.is(FakeFile.REGULAR)) resize(file, 0);
        }
        OpenFile opened = new OpenFile(file, path, readable, writable);
        opened.append = (flags & Open.APPEND) != 0;
        opened.nonBlocking = (flags & Open.NON_BLOCKING) != 0;
        if (file.is(FakeFile.FIFO)) meet(opened, path);
        descriptors.put(fd, opened, (flags & Open.INHERIT) != 0);
        return fd;
    }

    /** The opening of a FIFO waits for the other side; a writer that does not wait is refused. */
    private void meet(OpenFile opened, String path) throws SysException {
        FakePipe pipe = opened.file.pipe;
        if (opened.nonBlocking && !opened.readable && pipe.readers == 0) {
            opened.retain();
            opened.release();
            throw new SysException(Errno.ENXIO);
        }
        while (!opened.nonBlocking && (pipe.readers == 0 || pipe.writers == 0)) letPass("the other side of " + path);
    }

    private FakeFile enter(FakeTree.Place place, int mode) throws SysException {
        tree.mayEnter(place.directory());
        FakeFile file = tree.create(mode, user.effectiveUid, user.effectiveGid);
        place.directory().enter(place.name(), file, clock.realtime());
        return file;
    }

    @Override
    public void close(int fd) throws SysException {
        OpenFile file = descriptors.find(fd);
        if (gone != null) throw new Gone(gone);
        // Linux closes the descriptor even where close(2) reports a failure.
        if (file != null) closed(fd);
        act(Act.CLOSE, file == null ? "" : file.name);
        if (file == null) throw new SysException(Errno.EBADF);
    }

    private void closed(int fd) {
        descriptors.remove(fd).file.unlock(pid);
    }

    @Override
    public int read(int fd, byte[] into, int from, int length) throws SysException {
        OpenFile file = act(Act.READ, fd);
        if (!file.readable) throw new SysException(Errno.EBADF);
        if (file.isSignals || file.listener != null) throw new SysException(Errno.EINVAL);
        FakePipe pipe = file.source();
        if (pipe != null) {
            while (!pipe.isReadable()) {
                if (file.nonBlocking) throw new SysException(Errno.EAGAIN);
                letPass("bytes from " + file.name);
            }
            if (pipe.size() == 0 && pipe.reset) {
                pipe.reset = false;
                throw new SysException(Errno.ECONNRESET);
            }
            return pipe.read(into, from, length);
        }
        if (file.file.is(FakeFile.DIRECTORY)) throw new SysException(Errno.EISDIR);
        if (file.file.is(FakeFile.DEVICE)) return 0;
        int count = file.file.read(file.offset, into, from, length);
        file.offset += count;
        return count;
    }

    @Override
    public int write(int fd, byte[] data, int from, int length) throws SysException {
        OpenFile file = act(Act.WRITE, fd);
        if (!file.writable) throw new SysException(Errno.EBADF);
        if (file.isSignals || file.listener != null) throw new SysException(Errno.EINVAL);
        FakePipe pipe = file.sink();
        if (pipe != null) return send(file, pipe, data, from, length);
        if (file.file.is(FakeFile.DEVICE)) {
            // A terminal, or the standard streams, which a test reads; what goes to /dev/null is gone.
            if (file.file.names == 0) file.file.write(file.file.size(), data, from, length, clock.realtime());
            return length;
        }
        if (file.append) file.offset = file.file.size();
        int count = (int) Math.min(length, Math.max(0, file.file.size() - file.offset) + space);
        if (count == 0 && length > 0) throw new SysException(Errno.ENOSPC);
        space -= Math.max(0, file.offset + count - file.file.size());
        file.file.write(file.offset, data, from, count, clock.realtime());
        file.offset += count;
        return count;
    }

    private int send(OpenFile file, FakePipe pipe, byte[] data, int from, int length) throws SysException {
        int done = 0;
        for (;;) {
            if (pipe.readers == 0) {
                arrive(Signal.PIPE);
                if (gone != null) throw new Gone(gone);
                throw new SysException(Errno.EPIPE);
            }
            int left = length - done;
            // A small write to a pipe happens whole or not at all; a socket takes what it has room for.
            if (file.socket != null || left > FakePipe.ATOMIC || pipe.room() >= left) {
                done += pipe.write(data, from + done, left);
            }
            if (file.socket != null && done > 0) file.socket.sent();
            if (done == length || done > 0 && file.nonBlocking) return done;
            if (file.nonBlocking) throw new SysException(Errno.EAGAIN);
            letPass("room in " + file.name);
        }
    }

    @Override
    public FileStat stat(String path) throws SysException {
        act(Act.STAT, path);
        return tree.at(path).stat();
    }

    @Override
    public FileStat linkStat(String path) throws SysException {
        act(Act.STAT, path);
        return tree.at(tree.current, path, false).stat();
    }

    @Override
    public FileStat stat(int fd) throws SysException {
        return act(Act.STAT, fd).file.stat();
    }

    @Override
    public List<String> list(String path) throws SysException {
        act(Act.LIST, path);
        FakeFile directory = tree.at(path);
        if (!directory.is(FakeFile.DIRECTORY)) throw new SysException(Errno.ENOTDIR);
        if (!user.may(directory, FakeUser.READ)) throw new SysException(Errno.EACCES);
        descriptors.free(0, openLimit());
        return new ArrayList<>(directory.entries.keySet());
    }

    @Override
    public String readLink(String path) throws SysException {
        act(Act.READ_LINK, path);
        FakeFile file = tree.at(tree.current, path, false);
        if (!file.is(FakeFile.LINK)) throw new SysException(Errno.EINVAL);
        return file.target;
    }

    @Override
    public void unlink(String path) throws SysException {
        act(Act.UNLINK, path);
        FakeFile file = tree.place(path, false).file();
        tree.unlink(path);
        freed(file);
    }

    private void freed(FakeFile file) {
        if (file != null && file.names == 0 && file.is(FakeFile.REGULAR)) space += file.size();
    }

    @Override
    public void removeDirectory(String path) throws SysException {
        act(Act.REMOVE_DIRECTORY, path);
        tree.removeDirectory(path);
    }

    @Override
    public void exchange(String one, String other) throws SysException {
        act(Act.RENAME, one);
        tree.exchange(one, other);
    }

    @Override
    public void rename(String from, String to) throws SysException {
        act(Act.RENAME, from);
        FakeFile replaced = tree.place(to, false).file();
        tree.rename(from, to);
        freed(replaced);
    }

    @Override
    public void link(String from, String to) throws SysException {
        act(Act.LINK, from);
        tree.link(from, to);
    }

    @Override
    public void symbolicLink(String target, String path) throws SysException {
        act(Act.SYMBOLIC_LINK, path);
        FakeTree.Place place = tree.vacant(path);
        if (target.isEmpty() || place.mustBeDirectory()) throw new SysException(Errno.ENOENT);
        enter(place, FakeFile.LINK | 0777).target = target;
    }

    @Override
    public void makeDirectory(String path, int mode) throws SysException {
        act(Act.MAKE_DIRECTORY, path);
        tree.makeDirectory(path, mode & 01777 & ~umask, user.effectiveUid, user.effectiveGid);
    }

    @Override
    public void changeMode(String path, int mode) throws SysException {
        act(Act.CHANGE_MODE, path);
        changeMode(tree.at(path), mode);
    }

    @Override
    public void changeMode(int fd, int mode) throws SysException {
        changeMode(act(Act.CHANGE_MODE, fd).file, mode);
    }

    private void changeMode(FakeFile file, int mode) throws SysException {
        if (!user.owns(file)) throw new SysException(Errno.EPERM);
        file.mode(mode);
    }

    @Override
    public void changeOwner(String path, int uid, int gid) throws SysException {
        act(Act.CHANGE_OWNER, path);
        FakeFile file = tree.at(path);
        boolean same = (uid == -1 || uid == file.uid()) && (gid == -1 || gid == file.gid());
        if (!user.isRoot() && !(same && user.owns(file))) throw new SysException(Errno.EPERM);
        file.owner(uid == -1 ? file.uid() : uid, gid == -1 ? file.gid() : gid);
    }

    @Override
    public void truncate(int fd, long size) throws SysException {
        OpenFile file = act(Act.TRUNCATE, fd);
        if (!file.writable || !file.file.is(FakeFile.REGULAR) || size < 0) throw new SysException(Errno.EINVAL);
        resize(file.file, (int) size);
    }

    private void resize(FakeFile file, int size) {
        // A hole takes no room.
        if (size < file.size()) space += file.size() - size;
        file.truncate(size, clock.realtime());
    }

    @Override
    public Space space(String path) throws SysException {
        stat(path);
        return new Space(1 << 30, 1 << 29, 1 << 28);
    }

    @Override
    public int zoneOffset(long seconds) {
        return 0;
    }

    @Override
    public void sync(int fd) throws SysException {
        OpenFile file = act(Act.SYNC, fd);
        if (!file.file.is(FakeFile.REGULAR) && !file.file.is(FakeFile.DIRECTORY)) throw new SysException(Errno.EINVAL);
    }

    // ---- descriptors --------------------------------------------------------------------------------------

    @Override
    public int[] pipe() throws SysException {
        act(Act.PIPE, "");
        return ends(tree.create(FakeFile.FIFO | 0600, user.effectiveUid, user.effectiveGid));
    }

    private int[] ends(FakeFile pipe) throws SysException {
        int reader = descriptors.free(0, openLimit());
        int writer = descriptors.free(reader + 1, openLimit());
        descriptors.put(reader, new OpenFile(pipe, "pipe", true, false), false);
        descriptors.put(writer, new OpenFile(pipe, "pipe", false, true), false);
        return new int[] {reader, writer};
    }

    @Override
    public void duplicate(int from, int to) throws SysException {
        OpenFile file = act(Act.DUPLICATE, from);
        if (to < 0 || to >= openLimit()) throw new SysException(Errno.EBADF);
        if (from == to) {
            descriptors.inherit(to, true);
            return;
        }
        if (descriptors.find(to) != null) closed(to);
        descriptors.put(to, file, true);
    }

    @Override
    public int duplicateFrom(int fd, int least) throws SysException {
        OpenFile file = act(Act.DUPLICATE, fd);
        if (least < 0 || least >= openLimit()) throw new SysException(Errno.EINVAL);
        int copy = descriptors.free(least, openLimit());
        descriptors.put(copy, file, false);
        return copy;
    }

    @Override
    public void closeOnExec(int fd, boolean on) throws SysException {
        act(Act.DESCRIPTOR_FLAGS, fd);
        descriptors.inherit(fd, !on);
    }

    @Override
    public void closeOnExecFrom(int least) throws SysException {
        act(Act.DESCRIPTOR_FLAGS, "");
        descriptors.inheritNoneFrom(least);
    }

    @Override
    public void nonBlocking(int fd, boolean on) throws SysException {
        act(Act.DESCRIPTOR_FLAGS, fd).nonBlocking = on;
    }

    @Override
    public boolean isLittleEndian() {
        return true;
    }

    @Override
    public void closeRange(int first, int last) throws SysException {
        act(Act.CLOSE, "");
        for (int fd : descriptors.all()) {
            if (fd >= first && fd <= last) closed(fd);
        }
    }

    @Override
    public boolean isTerminal(int fd) {
        OpenFile file = descriptors.find(fd);
        return file != null && file.file.terminal;
    }

    // ---- locks --------------------------------------------------------------------------------------------

    @Override
    public void lock(int fd, boolean wait, boolean shared) throws SysException {
        OpenFile file = act(Act.LOCK, fd);
        if (shared ? !file.readable : !file.writable) throw new SysException(Errno.EBADF);
        while (file.file.isLockedAgainst(pid, !shared)) {
            if (!wait) throw new SysException(Errno.EAGAIN);
            letPass("the lock on " + file.name);
        }
        file.file.lock(pid, !shared);
    }

    @Override
    public int lockHolder(int fd) throws SysException {
        return act(Act.LOCK, fd).file.exclusiveHolder(pid);
    }

    // ---- other processes ----------------------------------------------------------------------------------

    @Override
    public int spawn(Spawn spawn) throws SysException {
        act(Act.SPAWN, spawn.path());
        FakeFile directory = spawn.directory() < 0 ? tree.current : descriptors.get(spawn.directory()).file;
        if (!directory.is(FakeFile.DIRECTORY)) throw new SysException(Errno.ENOTDIR);
        int[] pairs = spawn.descriptors();
        for (int i = 1; i < pairs.length; i += 2) descriptors.get(pairs[i]);
        int childPid = freePid();
        spawn.setPid(childPid);
        FakeFile program = tree.program(directory, spawn.path());
        boolean alone = spawn.isNewSession();
        FakeProcess child = new FakeProcess(this, childPid, spawn, directory, alone ? childPid : session,
                alone || spawn.isNewGroup() ? childPid : group);
        child.serial = ++serials;
        descriptors.bequeath(child.descriptors);
        for (int i = 0; i < pairs.length; i += 2) give(child.descriptors, pairs, i);
        processes.put(childPid, child);
        child.place = running.size();
        running.add(child);
        if (program.behaviour != null) program.behaviour.run(child);
        onSpawn.accept(child);
        return childPid;
    }

    /** In the order asked for, as dup2(2) does it: what an earlier pair has put there counts. */
    private void give(FakeDescriptors child, int[] pairs, int at) {
        OpenFile source = null;
        for (int earlier = 0; earlier < at; earlier += 2) {
            if (pairs[earlier] == pairs[at + 1]) source = child.find(pairs[earlier]);
        }
        child.put(pairs[at], source == null ? descriptors.find(pairs[at + 1]) : source, true);
    }

    private int freePid() {
        while (processes.containsKey(nextPid) || nextPid == pid) nextPid = nextPid % MOST_PIDS + 1;
        int free = nextPid++;
        if (nextPid > MOST_PIDS) nextPid = LEAST_PID;
        return free;
    }

    @Override
    public Reaped reap() throws SysException {
        act(Act.REAP, "");
        return unreaped.isEmpty() ? null : collect(unreaped.values().iterator().next());
    }

    private Reaped collect(FakeProcess child) {
        unreaped.remove(child.pid());
        processes.remove(child.pid());
        return new Reaped(child.pid(), child.status, child.endedBy);
    }

    @Override
    public Reaped reap(int childPid) throws SysException {
        act(Act.REAP, "");
        FakeProcess child = unreaped.get(childPid);
        return child == null ? null : collect(child);
    }

    @Override
    public Reaped await(int childPid) throws SysException {
        act(Act.AWAIT, "");
        FakeProcess child = processes.get(childPid);
        if (child == null || !child.isChild()) throw new SysException(Errno.ECHILD);
        while (child.isRunning()) letPass("the end of " + child);
        if (!unreaped.containsKey(childPid)) throw new SysException(Errno.ECHILD);
        return collect(child);
    }

    @Override
    public void kill(int target, int signal) throws SysException {
        act(Act.KILL, "");
        if (signal < 0 || signal > 64) throw new SysException(Errno.EINVAL);
        boolean found = false;
        if (target == -1) {
            // Everybody but this process itself.
            for (FakeProcess process : new ArrayList<>(processes.values())) {
                process.signal(signal);
                found |= process.isRunning() || unreaped.containsKey(process.pid());
            }
        } else if (target > 0) {
            FakeProcess process = processes.get(target);
            if (process != null) process.signal(signal);
            found = process != null;
        } else {
            for (FakeProcess process : members(target == 0 ? group : -target)) {
                process.signal(signal);
                found = true;
            }
        }
        if (target == pid || target == 0 || target == -group) {
            found = true;
            for (Signal each : Signal.values()) {
                if (each.number() == signal) arrive(each);
            }
            if (gone != null) throw new Gone(gone);
        }
        if (!found) throw new SysException(Errno.ESRCH);
    }

    private FakeProcess known(int ofPid) throws SysException {
        FakeProcess process = processes.get(ofPid);
        if (process == null) throw new SysException(Errno.ESRCH);
        return process;
    }

    @Override
    public ProcessStat processStat(int ofPid) throws SysException {
        act(Act.STAT, "");
        FakeProcess process = known(ofPid);
        return new ProcessStat(ofPid, !process.isRunning(), process.isChild() ? pid : 1, process.session(),
                process.serial);
    }

    @Override
    public int[] processes() throws SysException {
        act(Act.LIST, "/proc");
        return processes.keySet().stream().mapToInt(Integer::intValue).sorted().toArray();
    }

    @Override
    public String variableOf(int ofPid, String name) throws SysException {
        act(Act.READ, "");
        return known(ofPid).variable(name);
    }

    @Override
    public FileStat directoryOf(int ofPid) throws SysException {
        act(Act.STAT, "");
        return known(ofPid).directory().stat();
    }

    @Override
    public int openDirectoryOf(int ofPid) throws SysException {
        act(Act.OPEN, "");
        int fd = descriptors.free(0, openLimit());
        descriptors.put(fd, new OpenFile(known(ofPid).directory(), "directory", true, false), false);
        return fd;
    }

    @Override
    public int[] openPipeOf(int ofPid, long inode) throws SysException {
        act(Act.OPEN, "");
        FakeFile pipe = known(ofPid).descriptors.pipe(inode);
        if (pipe == null) throw new SysException(Errno.ENOENT);
        return ends(pipe);
    }

    @Override
    public int openBothEnds(int end) throws SysException {
        act(Act.OPEN, "");
        FakeFile pipe = descriptors.get(end).file;
        int fd = descriptors.free(0, openLimit());
        descriptors.put(fd, new OpenFile(pipe, "pipe", true, true), false);
        return fd;
    }

    @Override
    public int openProcess(int ofPid) throws SysException {
        act(Act.OPEN_PROCESS, "");
        FakeProcess process = known(ofPid);
        int fd = descriptors.free(0, openLimit());
        OpenFile file = new OpenFile(tree.create(0600, user.effectiveUid, user.effectiveGid), "process", true, false);
        file.process = process;
        descriptors.put(fd, file, false);
        return fd;
    }

    @Override
    public void signalProcess(int fd, int signal) throws SysException {
        FakeProcess process = act(Act.KILL, fd).process;
        if (process == null) throw new SysException(Errno.EBADF);
        if (!process.isRunning()) throw new SysException(Errno.ESRCH);
        process.signal(signal);
    }

    @Override
    public Reaped endOf(int fd, int ofPid) {
        FakeProcess process = descriptors.find(fd).process;
        if (!endsAreTold || process.isRunning() || processes.get(ofPid) == process) return null;
        return new Reaped(ofPid, process.status, process.endedBy);
    }

    private List<FakeProcess> members(int ofGroup) {
        // The usual case, a child that leads its own group, needs no search.
        FakeProcess leader = processes.get(ofGroup);
        if (leader != null && leader.group() == ofGroup) return List.of(leader);
        List<FakeProcess> members = new ArrayList<>();
        for (FakeProcess process : processes.values()) {
            if (process.group() == ofGroup) members.add(process);
        }
        return members;
    }

    /** The numbers of the generic table, by which only aarch64 and RISC-V go; a test arranges what proc shows by them. */
    @Override
    public Receiving receiving(long number) {
        return number == 202 || number == 22 || number == 73 || number == 207 ? Receiving.YES
                : number == 63 ? Receiving.READS : Receiving.NO;
    }

    @Override
    public boolean runsAnother(int other) {
        FakeProcess process = processes.get(other);
        return process != null && process.isRunning() && (process.spawn() == null || !isSelf(process.spawn().path()));
    }

    @Override
    public boolean mayBeInit() {
        return true;
    }

    /** A test ends the child: with an error number where the call is to be refused. Its argv is {@code reboot HOW}. */
    @Override
    public int reboot(Reboot how) throws SysException {
        act(Act.REBOOT, how.name());
        int childPid = freePid();
        FakeProcess child = new FakeProcess(this, childPid, new Spawn("reboot", List.of("reboot", how.name())), tree.current,
                session, group);
        processes.put(childPid, child);
        child.place = running.size();
        running.add(child);
        onSpawn.accept(child);
        return childPid;
    }

    // ---- waiting ------------------------------------------------------------------------------------------

    @Override
    public long monotonicNanos() {
        return clock.monotonic();
    }

    @Override
    public long realtimeNanos() {
        return clock.realtime();
    }

    @Override
    public int signals(Signal... which) throws SysException {
        act(Act.SIGNALS, "");
        int fd = descriptors.free(0, openLimit());
        for (Signal signal : which) {
            caught |= 1 << signal.number();
            ignored &= ~(1 << signal.number());
        }
        OpenFile file = new OpenFile(tree.create(0600, user.effectiveUid, user.effectiveGid), "signals", true, false);
        file.isSignals = true;
        file.nonBlocking = true;
        descriptors.put(fd, file, false);
        return fd;
    }

    @Override
    public int nextSignal(int fd) throws SysException {
        if (!act(Act.NEXT_SIGNAL, fd).isSignals) throw new SysException(Errno.EINVAL);
        if (arrived == 0) return 0;
        int signal = Integer.numberOfTrailingZeros(arrived);
        arrived &= ~(1 << signal);
        if (signal == Signal.CHLD.number()) {
            signalledChild = arrivedChild;
            arrivedChild = 0;
        }
        return signal;
    }

    @Override
    public int signalledChild() {
        return signalledChild;
    }

    @Override
    public void ignore(Signal signal) throws SysException {
        act(Act.IGNORE, signal.name());
        if (signal == Signal.KILL || signal == Signal.STOP) throw new SysException(Errno.EINVAL);
        ignored |= 1 << signal.number();
    }

    @Override
    public void restoreDefault(Signal signal) throws SysException {
        act(Act.IGNORE, signal.name());
        if (signal == Signal.KILL || signal == Signal.STOP) throw new SysException(Errno.EINVAL);
        ignored &= ~(1 << signal.number());
    }

    @Override
    public void block(Signal signal) throws SysException {
        act(Act.BLOCK, signal.name());
        if (signal != Signal.KILL && signal != Signal.STOP) blocked |= 1 << signal.number();
    }

    @Override
    public void sleep(long nanos) throws SysException {
        act(Act.SLEEP, "");
        long until = nanos < 0 ? Long.MAX_VALUE : until(nanos);
        sleeping = true;
        alarmed = false;
        try {
            while (!alarmed) {
                if (nanos < 0) {
                    letPass("SIGALRM");
                } else if (!clock.toNext(until)) {
                    clock.advance(until - clock.monotonic());
                    return;
                }
                if (gone != null) throw new Gone(gone);
            }
        } finally {
            sleeping = false;
        }
    }

    private long until(long nanos) {
        long until = clock.monotonic() + nanos;
        return until < 0 ? Long.MAX_VALUE : until;
    }

    @Override
    public int poll(PollSet set, long nanos) throws SysException {
        act(Act.POLL, "");
        long until = nanos < 0 ? Long.MAX_VALUE : until(nanos);
        for (;;) {
            int count = ready(set);
            if (count > 0) return count;
            if (nanos < 0) {
                letPass("one of " + set.size() + " descriptors");
            } else if (!clock.toNext(until)) {
                clock.advance(until - clock.monotonic());
                return 0;
            }
            if (gone != null) throw new Gone(gone);
        }
    }

    private int ready(PollSet set) {
        int count = 0;
        for (int i = 0; i < set.size(); i++) {
            int ready = set.fd(i) < 0 ? 0 : ready(descriptors.find(set.fd(i)), set.events(i));
            set.setReady(i, ready);
            if (ready != 0) count++;
        }
        return count;
    }

    private int ready(OpenFile file, int wanted) {
        // Not open: an error, which is told as everything that was asked for.
        if (file == null) return wanted;
        if (file.process != null) return file.process.isRunning() ? 0 : wanted & PollSet.IN;
        if (file.epoll != null) return standing(file.epoll, null) > 0 ? wanted & PollSet.IN : 0;
        if (file.isSignals) return arrived != 0 ? wanted & PollSet.IN : 0;
        if (file.listener != null) return file.listener.hasWaiting() ? wanted & PollSet.IN : 0;
        if (file.mailbox != null) return file.mailbox.letters.isEmpty() ? 0 : wanted & PollSet.IN;
        FakePipe source = file.source();
        FakePipe sink = file.sink();
        if (source == null) return wanted;
        boolean hungUp = file.socket != null ? source.writers == 0 && sink.readers == 0
                : file.readable ? source.writers == 0 : sink.readers == 0;
        if (hungUp) return wanted;
        return (file.readable && source.isReadable() ? wanted & PollSet.IN : 0)
                | (file.writable && sink.isWritable() ? wanted & PollSet.OUT : 0);
    }

    @Override
    public int epoll() throws SysException {
        act(Act.EPOLL, "");
        int fd = descriptors.free(0, openLimit());
        OpenFile file = new OpenFile(tree.create(0600, user.effectiveUid, user.effectiveGid), "epoll", true, false);
        file.epoll = new LinkedHashMap<>();
        descriptors.put(fd, file, false);
        return fd;
    }

    @Override
    public void epollAdd(int epoll, int fd, int events) throws SysException {
        act(Act.EPOLL, "add");
        OpenFile file = descriptors.get(fd);
        if (file.file.is(FakeFile.REGULAR)) throw new SysException(Errno.EPERM);
        OpenFile.Standing there = standing(epoll).get(fd);
        if (there != null && there.file() == file) throw new SysException(Errno.EEXIST);
        standing(epoll).put(fd, new OpenFile.Standing(file, events));
    }

    @Override
    public void epollChange(int epoll, int fd, int events) throws SysException {
        act(Act.EPOLL, "change");
        OpenFile file = standsAs(epoll, fd);
        standing(epoll).put(fd, new OpenFile.Standing(file, events));
    }

    @Override
    public void epollRemove(int epoll, int fd) throws SysException {
        act(Act.EPOLL, "remove");
        standsAs(epoll, fd);
        standing(epoll).remove(fd);
    }

    @Override
    public int epollReady(int epoll, PollSet ready) throws SysException {
        act(Act.EPOLL, "ready");
        ready.clear();
        return standing(standing(epoll), ready);
    }

    private Map<Integer, OpenFile.Standing> standing(int epoll) throws SysException {
        Map<Integer, OpenFile.Standing> all = descriptors.get(epoll).epoll;
        if (all == null) throw new SysException(Errno.EINVAL);
        return all;
    }

    private OpenFile standsAs(int epoll, int fd) throws SysException {
        OpenFile file = descriptors.get(fd);
        OpenFile.Standing there = standing(epoll).get(fd);
        if (there == null || there.file() != file) throw new SysException(Errno.ENOENT);
        return file;
    }

    /** @param into what is ready, as far as there is room; null to know only whether anything is. @return how many */
    private int standing(Map<Integer, OpenFile.Standing> all, PollSet into) {
        int count = 0;
        all.values().removeIf(each -> !each.file().isOpen());
        for (Map.Entry<Integer, OpenFile.Standing> each : all.entrySet()) {
            int got = ready(each.getValue().file(), each.getValue().events());
            if (got == 0) continue;
            if (into == null) return 1;
            if (count == into.room()) break;
            into.setReady(into.add(each.getKey(), 0), got);
            count++;
        }
        return count;
    }

    // ---- Unix stream sockets ------------------------------------------------------------------------------

    @Override
    public int listen(String path, int backlog) throws SysException {
        act(Act.LISTEN, path);
        if (path.length() > LONGEST_SOCKET_PATH) throw new SysException(Errno.ENAMETOOLONG);
        int fd = descriptors.free(0, openLimit());
        FakeTree.Place place = tree.place(path, false);
        if (place.file() != null) throw new SysException(Errno.EADDRINUSE);
        FakeFile named = enter(place, FakeFile.SOCKET | 0777 & ~umask);
        named.listener = new FakeListener(backlog);
        OpenFile file = new OpenFile(socketFile(), path, true, true);
        file.listener = named.listener;
        file.nonBlocking = true;
        descriptors.put(fd, file, false);
        return fd;
    }

    @Override
    public int listenInternet(int port, int backlog) throws SysException {
        act(Act.LISTEN, "port " + port);
        FakeListener there = ports.get(port);
        if (there != null && !there.isClosed()) throw new SysException(Errno.EADDRINUSE);
        int fd = descriptors.free(0, openLimit());
        OpenFile file = new OpenFile(socketFile(), "port " + port, true, true);
        file.listener = new FakeListener(backlog);
        file.nonBlocking = true;
        ports.put(port, file.listener);
        descriptors.put(fd, file, false);
        return fd;
    }

    /** A socket has an inode of its own, which is not that of its name. */
    private FakeFile socketFile() {
        return tree.create(FakeFile.SOCKET | 0777, user.effectiveUid, user.effectiveGid);
    }

    @Override
    public int accept(int fd) throws SysException {
        OpenFile file = act(Act.ACCEPT, fd);
        if (file.listener == null) throw new SysException(file.socket == null ? Errno.ENOTSOCK : Errno.EINVAL);
        while (!file.listener.hasWaiting()) {
            if (file.nonBlocking) throw new SysException(Errno.EAGAIN);
            letPass("a connection to " + file.name);
        }
        // Without a free descriptor the connection goes on waiting.
        int connection = descriptors.free(0, openLimit());
        connected(connection, file.listener.accept(), file.name).nonBlocking = true;
        return connection;
    }

    private OpenFile connected(int fd, FakeSocket socket, String name) {
        OpenFile file = new OpenFile(socketFile(), name, true, true);
        file.socket = socket;
        descriptors.put(fd, file, false);
        return file;
    }

    /** The other end is always this user's. */
    @Override
    public int peerUser(int fd) throws SysException {
        if (act(Act.ACCEPT, fd).socket == null) throw new SysException(Errno.ENOTSOCK);
        return user.effectiveUid;
    }

    @Override
    public int connect(String path, long nanos) throws SysException {
        act(Act.CONNECT, path);
        if (path.length() > LONGEST_SOCKET_PATH) throw new SysException(Errno.ENAMETOOLONG);
        int fd = descriptors.free(0, openLimit());
        FakeFile file = tree.at(path);
        if (!user.may(file, FakeUser.WRITE)) throw new SysException(Errno.EACCES);
        if (file.listener == null || file.listener.isClosed()) throw new SysException(Errno.ECONNREFUSED);
        long until = clock.monotonic() + nanos;
        while (file.listener.isFull()) {
            if (!clock.toNext(until)) {
                clock.advance(until - clock.monotonic());
                throw new SysException(Errno.EAGAIN);
            }
            if (gone != null) throw new Gone(gone);
        }
        connected(fd, file.listener.connect(), path);
        return fd;
    }

    /** A server that a test plays is told of datagrams as of what comes over a connection. */
    @Override
    public int connectDatagram(String path) throws SysException {
        return connect(path);
    }

    @Override
    public int send(int fd, byte[] data, int from, int length) throws SysException {
        OpenFile file = act(Act.WRITE, fd);
        if (file.socket == null) throw new SysException(Errno.ENOTSOCK);
        if (file.sink().readers == 0) throw new SysException(Errno.EPIPE);
        return send(file, file.sink(), data, from, length);
    }

    @Override
    public int listenDatagram(String abstractName) throws SysException {
        act(Act.LISTEN, "datagrams");
        int fd = descriptors.free(0, openLimit());
        if (mailboxesByName.containsKey(abstractName)) throw new SysException(Errno.EADDRINUSE);
        String name = abstractName != null ? abstractName : "@" + Integer.toHexString(0x100000 + mailboxes++).substring(1);
        FakeMailbox mailbox = new FakeMailbox(name, () -> mailboxesByName.remove(name));
        OpenFile file = new OpenFile(socketFile(), mailbox.name, true, false);
        file.mailbox = mailbox;
        file.nonBlocking = true;
        descriptors.put(fd, file, false);
        mailboxesByName.put(name, mailbox);
        return fd;
    }

    @Override
    public String abstractName(int fd) throws SysException {
        OpenFile file = act(Act.DESCRIPTOR_FLAGS, fd);
        if (file.mailbox == null) throw new SysException(Errno.ENOTSOCK);
        return file.mailbox.name;
    }

    @Override
    public int receive(int fd, byte[] into, int[] sender) throws SysException {
        OpenFile file = act(Act.READ, fd);
        if (file.mailbox == null) throw new SysException(Errno.ENOTSOCK);
        FakeMailbox.Letter letter = file.mailbox.letters.poll();
        if (letter == null) throw new SysException(Errno.EAGAIN);
        sender[0] = letter.sender();
        int length = Math.min(into.length, letter.text().length());
        for (int i = 0; i < length; i++) into[i] = (byte) letter.text().charAt(i);
        return length;
    }

    @Override
    public int connectInternet(byte[] address, int port) throws SysException {
        act(Act.CONNECT, "port " + port);
        int fd = descriptors.free(0, openLimit());
        if (!acceptingPorts.contains(port)) throw new SysException(Errno.ECONNREFUSED);
        connected(fd, FakeSocket.pair()[0], "port " + port).nonBlocking = true;
        return fd;
    }
}
