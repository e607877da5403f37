// SPDX-License-Identifier: Apache-2.0
package perpetua.supervise;

import perpetua.sys.Reaped;
import perpetua.sys.Signal;

/**
 * One runscript of a service, rc.main or rc.log, and the process that it is at the moment: the data on which
 * {@link Service} decides. Times are of the monotonic clock, in nanoseconds.
 */
public final class Runscript {
    /** Where in its life it is. */
    public enum Phase {
        /** Nothing runs and nothing is due. */
        DOWN,
        /** A call is due at {@link #deadline}: the governor holds a start back, or a process was refused. */
        WAITING,
        /** Its start target runs. */
        STARTED,
        /** Its reset target runs. */
        RESETTING
    }

    private final boolean isLog;

    Phase phase = Phase.DOWN;
    Target due;
    long deadline;
    long notBefore = Long.MIN_VALUE;
    boolean wantDown;
    boolean once;
    boolean paused;
    boolean refused;
    /** What ends it when its start is due; null if nothing does. */
    Signal pending;
    int pid;
    boolean process;
    long identity;
    long since = -1;
    Reaped last;
    int lastSeconds;
    /** Which signal of the {@link StopPlan} comes next, at {@link #stopAt}; -1 if none does. */
    int stopStep = -1;
    long stopAt;
    boolean stopGroup;
    boolean stopping;
    long endedAt = -1;
    int starts;
    boolean again;
    long readyAt = -1;

    Runscript(boolean isLog) {
        this.isLog = isLog;
    }

    public boolean isLog() {
        return isLog;
    }

    /** The file's name, as it is executed in the service directory. */
    public String file() {
        return isLog ? "./rc.log" : "./rc.main";
    }

    public Phase phase() {
        return phase;
    }

    /** Whether a process of it exists. */
    public boolean isRunning() {
        return phase == Phase.STARTED || phase == Phase.RESETTING;
    }

    /**
     * Whether {@link #pid} is that of a process that was not collected yet, so that it may be sent a signal. A call that was
     * refused, or could not be executed, has a phase but no process.
     */
    public boolean hasProcess() {
        return process;
    }

    /** The pid of its process; while it waits for its start, of the last one; 0 if it is down. */
    public int pid() {
        return phase == Phase.DOWN ? 0 : pid;
    }

    /** When its process was started, or its wait for a start began; -1 if it never was. */
    public long since() {
        return since;
    }

    public boolean isWantedDown() {
        return wantDown;
    }

    public boolean isOnce() {
        return once;
    }

    public boolean isPaused() {
        return paused;
    }

    /** Whether the system refused a process for it at the last try. */
    public boolean isRefused() {
        return refused;
    }

    /** How its last start ended, null if none has. */
    public Reaped last() {
        return last;
    }

    /** How long the process that ended last had run: seconds, rounded (spec/perp.md section 1.9). */
    public int lastSeconds() {
        return lastSeconds;
    }

    /** When that was, -1 if none has ended. */
    public long endedAt() {
        return endedAt;
    }

    /** How often its start target was run since activation. */
    public int starts() {
        return starts;
    }

    /** Whether it was told to restart: flagged once or not, it is started again when it has ended. */
    public boolean isAgain() {
        return again;
    }

    /** When its process said that it is ready, -1 if it has not, or need not. */
    public long readyAt() {
        return readyAt;
    }

    /** When something is due for it, while it is {@link Phase#WAITING}. */
    public long deadline() {
        return deadline;
    }

    /** It is not being stopped any more. */
    void leaveAlone() {
        stopping = false;
        stopStep = -1;
    }

    public RunscriptState state() {
        return new RunscriptState(phase, due, deadline, notBefore, wantDown, once, paused, pid, process, identity, since, last,
                lastSeconds, starts, readyAt, endedAt, again, stopping, stopStep, stopAt, stopGroup);
    }

    /** Goes on where another supervisor left off. */
    public void restore(RunscriptState state) {
        phase = state.phase();
        due = state.due();
        deadline = state.deadline();
        notBefore = state.notBefore();
        wantDown = state.wantDown();
        once = state.once();
        paused = state.paused();
        pid = state.pid();
        process = state.process();
        identity = state.identity();
        since = state.since();
        last = state.last();
        lastSeconds = state.lastSeconds();
        starts = state.starts();
        readyAt = state.readyAt();
        endedAt = state.endedAt();
        again = state.again();
        stopping = state.stopping();
        stopStep = state.stopStep();
        stopAt = state.stopAt();
        stopGroup = state.stopGroup();
    }

    /** When its process started, as the kernel tells; 0 if it is not known. */
    public long identity() {
        return identity;
    }

    /** @param started of its process, in whatever unit the kernel has: it is only compared */
    public void identify(long started) {
        identity = started;
    }
}
