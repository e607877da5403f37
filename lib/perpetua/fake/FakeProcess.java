// SPDX-License-Identifier: Apache-2.0
package perpetua.fake;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import perpetua.sys.Bytes;
import perpetua.sys.Signal;
import perpetua.sys.Spawn;

/**
 * A process beside the one under test: a child of it, or a stranger. It does nothing by itself; a test says what it
 * does and when it ends.
 */
public final class FakeProcess {
    /** What a process does about a signal that was sent to it. */
    public interface Reaction {
        void on(FakeProcess process, int signal);
    }

    private static final int CONTINUES = bits(Signal.CONT);
    private static final int STOPS = bits(Signal.STOP, Signal.TSTP, Signal.TTIN, Signal.TTOU);
    private static final int NOTHING = bits(Signal.CHLD, Signal.URG, Signal.WINCH);

    private final FakeKernel kernel;
    private final int pid;
    private final Spawn spawn;
    private final List<String> inheritedEnvironment;
    private final FakeFile directory;
    private final int session;
    private final int group;
    private final long started;
    final FakeDescriptors descriptors = new FakeDescriptors();
    private final List<FakeFile> locked = new ArrayList<>(0);

    /** Its place among the running ones, so that it leaves them without a search. */
    int place;
    /** By which it is known from an earlier one of the same pid. */
    long serial;
    private boolean orphan;
    private boolean running = true;
    private boolean stopped;
    private int ignored;
    private int pending;
    private int[] received = {};
    private int receivedCount;
    int status;
    int endedBy;

    /** @param spawn null for a stranger */
    FakeProcess(FakeKernel kernel, int pid, Spawn spawn, FakeFile directory, int session, int group) {
        this.kernel = kernel;
        this.pid = pid;
        this.spawn = spawn;
        this.inheritedEnvironment = kernel.environment();
        this.directory = directory;
        this.session = session;
        this.group = group;
        this.started = kernel.monotonicNanos();
    }

    private static int bits(Signal... signals) {
        int bits = 0;
        for (Signal signal : signals) bits |= 1 << signal.number();
        return bits;
    }

    public int pid() {
        return pid;
    }

    /** Whether the process under test is its parent, and not a former one. */
    public boolean isChild() {
        return spawn != null && !orphan;
    }

    void orphaned() {
        orphan = true;
    }

    /** As it was asked for. */
    public Spawn spawn() {
        return spawn;
    }

    public List<String> argv() {
        return spawn.argv();
    }

    /** {@code NAME=value} each, in order, its own pid among them where that was asked for. */
    public List<String> environment() {
        List<String> variables = spawn.environment() == null ? inheritedEnvironment : spawn.environment();
        if (spawn.pidVariable() == null) return variables;
        variables = new ArrayList<>(variables);
        variables.add(spawn.pidVariable() + "=" + pid);
        return variables;
    }

    /** @return null if it is not set */
    public String variable(String name) {
        return FakeKernel.variable(environment(), name);
    }

    /** Its working directory. */
    public FakeFile directory() {
        return directory;
    }

    public int session() {
        return session;
    }

    public int group() {
        return group;
    }

    /** On the monotonic clock. */
    public long startedNanos() {
        return started;
    }

    public boolean isRunning() {
        return running;
    }

    public boolean isStopped() {
        return stopped;
    }

    /** The signals sent to it, in order. */
    public List<Integer> signals() {
        List<Integer> signals = new ArrayList<>(receivedCount);
        for (int i = 0; i < receivedCount; i++) signals.add(received[i]);
        return signals;
    }

    /** It survives these from now on. KILL and STOP can't be ignored. */
    public FakeProcess ignore(Signal... signals) {
        ignored |= bits(signals) & ~bits(Signal.KILL, Signal.STOP);
        return this;
    }

    void signal(int signal) {
        if (!running || signal == 0) return;
        if (receivedCount == received.length) received = Arrays.copyOf(received, Math.max(2, 2 * receivedCount));
        received[receivedCount++] = signal;
        kernel.reaction().on(this, signal);
    }

    /** What the kernel does about a signal that a process does not catch. */
    void byDefault(int signal) {
        int bit = 1 << signal;
        if ((bit & CONTINUES) != 0 && stopped) {
            stopped = false;
            int waiting = pending;
            pending = 0;
            for (int next = 1; waiting != 0 && running; next++, waiting >>>= 1) {
                if ((waiting >>> 1 & 1) != 0) byDefault(next);
            }
        }
        if ((bit & (ignored | CONTINUES | NOTHING)) != 0) return;
        if ((bit & STOPS) != 0) stopped = true;
        else if (stopped && signal != Signal.KILL.number()) pending |= bit;
        else kernel.ended(this, 0, signal);
    }

    void ended(int withStatus, int bySignal) {
        running = false;
        stopped = false;
        status = withStatus;
        endedBy = bySignal;
        descriptors.removeAll();
        for (FakeFile file : locked) file.unlock(pid);
    }

    /** Ends it with that status. */
    public void exit(int withStatus) {
        if (running) kernel.ended(this, withStatus, 0);
    }

    /** Takes an exclusive lock, which ends with it. */
    public FakeProcess lock(String path) {
        FakeFile file = kernel.find(path);
        file.lock(pid, true);
        locked.add(file);
        return this;
    }

    /** Whether it has that descriptor. */
    public boolean has(int fd) {
        return descriptors.find(fd) != null;
    }

    /** The path that its descriptor was opened by, or a word such as {@code pipe}; empty if it has none. */
    public String name(int fd) {
        OpenFile file = descriptors.find(fd);
        return file == null ? "" : file.name;
    }

    public void close(int fd) {
        if (has(fd)) descriptors.remove(fd);
    }

    /** Writes, as far as there is room. @return how much */
    public int write(int fd, String text) {
        OpenFile file = descriptors.find(fd);
        byte[] bytes = Bytes.of(text);
        FakePipe pipe = file.sink();
        if (pipe != null) return pipe.readers == 0 ? 0 : pipe.write(bytes, 0, bytes.length);
        long at = file.append || file.file.is(FakeFile.DEVICE) ? file.file.size() : file.offset;
        file.file.write(at, bytes, 0, bytes.length, kernel.realtimeNanos());
        file.offset = at + bytes.length;
        return bytes.length;
    }

    /** Reads all that is there. */
    public String read(int fd) {
        OpenFile file = descriptors.find(fd);
        FakePipe pipe = file.source();
        byte[] bytes = new byte[pipe != null ? pipe.size() : (int) Math.max(0, file.file.size() - file.offset)];
        if (pipe != null) pipe.read(bytes, 0, bytes.length);
        else file.offset += file.file.read(file.offset, bytes, 0, bytes.length);
        return Bytes.text(bytes);
    }

    /** Whether a read would come to the end of a pipe: all that was written is read, and nobody can write more. */
    public boolean isAtEnd(int fd) {
        FakePipe pipe = descriptors.find(fd).source();
        return pipe != null && pipe.size() == 0 && pipe.writers == 0;
    }

    @Override
    public String toString() {
        return pid + (spawn == null ? " (stranger)" : " " + spawn.argv());
    }
}
