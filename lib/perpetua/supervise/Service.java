// SPDX-License-Identifier: Apache-2.0
package perpetua.supervise;

import java.util.List;
import perpetua.supervise.Runscript.Phase;
import perpetua.sys.Reaped;
import perpetua.sys.Signal;

/**
 * A service, its main process and perhaps its logger: what to do next, for every event. No clock and no kernel; it is
 * told the time and answers with {@link Act acts}. (spec/perp.md sections 2.3 to 2.7 and 4.)
 *
 * <p>Each of the two runscripts goes through this table by itself. "Wanted" means that want-down is not set.
 * <pre>
 * phase      event                          next phase   act
 * ---------  -----------------------------  -----------  --------------------------------------------------
 * DOWN       up, once, restart              STARTED      run start          (WAITING if the governor says so)
 * DOWN       down, pause, signal            DOWN         none
 * WAITING    its time has come              the one due  run what is due
 * WAITING    KILL, a start being due        RESETTING    run reset: it is as if it had been started, and ended by that
 * WAITING    down, another signal           WAITING      none: the same, when its time has come
 * WAITING    pause, continue                WAITING      none
 * WAITING    down, refused a process        DOWN         none
 * STARTED    its process ends               RESETTING    run reset          (once: want-down is set)
 * STARTED    down, restart                  STARTED      TERM, then CONT
 * STARTED    it says that it is ready       STARTED      none
 * STARTED    pause / continue / signal      STARTED      STOP / CONT / that signal
 * RESETTING  its process ends, wanted       STARTED      run start          (WAITING if the governor says so)
 * RESETTING  its process ends, not wanted   DOWN         none
 * RESETTING  CONT, KILL                     RESETTING    that signal, and it is told
 * RESETTING  any other signal               RESETTING    none, and it is told
 * any        a process was refused          WAITING      the same again after a pause
 * any        it can't be executed           as if its process had ended with status 111
 * </pre>
 *
 * <p>The governor: a start is at least a second after the one before it, from exec to exec. Reset never waits. What waits has
 * no process, but is told signals as the process would be that perp has waiting (spec/perp.md section 2.5).
 *
 * <p>Deactivation: both are wanted down; main is terminated; when main is down, the log pipe is closed and the logger
 * terminated; when that is down too, the service is over. It waits for as long as that takes.
 */
public final class Service {
    /** What lies at least between two starts. */
    static final long GOVERNOR_NANOS = 1_000_000_000L;
    /** How long a call waits for which the system had no process. */
    static final long REFUSAL_NANOS = 555_000_000L;
    /** As what a runscript counts that can't be executed (spec/perp.md section 2.4). */
    static final int UNRUNNABLE_STATUS = 111;

    private final Runscript main = new Runscript(false);
    private final Runscript log;
    private final boolean flagDown;
    private final boolean flagOnce;
    private boolean deactivating;
    private boolean reactivating;
    private boolean pipeClosed;
    private boolean tellsReady;
    private StopPlan stop = StopPlan.STANDARD;

    /**
     * @param hasLog whether there is a logger
     * @param flagDown whether main is not to be started at activation
     * @param flagOnce whether main is to be started once at activation; of no effect with {@code flagDown}
     */
    public Service(boolean hasLog, boolean flagDown, boolean flagOnce) {
        this.log = hasLog ? new Runscript(true) : null;
        this.flagDown = flagDown;
        this.flagOnce = flagOnce;
    }

    public Runscript main() {
        return main;
    }

    /** @return null if there is no logger */
    public Runscript log() {
        return log;
    }

    public boolean isFlaggedDown() {
        return flagDown;
    }

    public boolean isFlaggedOnce() {
        return flagOnce;
    }

    public boolean isDeactivating() {
        return deactivating;
    }

    /** Whether it is to be activated anew as soon as it is over. */
    public boolean isReactivating() {
        return reactivating;
    }

    public void setReactivating(boolean wanted) {
        reactivating = wanted;
    }

    /** Whether main says when it is ready; without that, nobody knows. */
    public boolean tellsReady() {
        return tellsReady;
    }

    public void setTellsReady(boolean tells) {
        tellsReady = tells;
    }

    /** Whether main runs and has still to say that it is ready. */
    public boolean isGettingReady() {
        return tellsReady && main.phase == Phase.STARTED && main.readyAt < 0;
    }

    /** Main has said that it is ready. It may say so again. */
    public void ready(long now) {
        if (isGettingReady()) main.readyAt = now;
    }

    /** How it is to be stopped, from now on. */
    public void stopBy(StopPlan plan) {
        stop = plan;
    }

    /** When something is due for it, or -1. */
    public long deadline() {
        long mine = deadline(main);
        long its = log == null ? -1 : deadline(log);
        return mine < 0 ? its : its < 0 ? mine : Math.min(mine, its);
    }

    private static long deadline(Runscript which) {
        long waiting = which.phase == Phase.WAITING ? which.deadline : -1;
        if (which.stopStep < 0) return waiting;
        return waiting < 0 ? which.stopAt : Math.min(waiting, which.stopAt);
    }

    /** It begins: the logger first, whatever the flags say; then main, unless it is flagged down. */
    public void activate(long now, List<Act> acts) {
        if (log != null) call(log, Target.START, now, acts);
        if (flagDown) {
            main.wantDown = true;
            return;
        }
        main.once = flagOnce;
        call(main, Target.START, now, acts);
    }

    /** Takes up what another supervisor knew of it; its runscripts are restored one by one. */
    public void restore(boolean wasDeactivating, boolean wasPipeClosed) {
        deactivating = wasDeactivating;
        pipeClosed = wasPipeClosed;
    }

    public boolean isPipeClosed() {
        return pipeClosed;
    }

    /**
     * Goes on with a runscript that was restored: if its process is gone, it ended and nobody knows how; a call that was under
     * way is made, unless it was found to have been.
     *
     * @param alive whether the process that it had is still there
     */
    public void resume(Runscript which, boolean alive, long now, List<Act> acts) {
        if (which.isRunning() && !which.process) {
            acts.add(new Act.Run(which, which.phase == Phase.STARTED ? Target.START : Target.RESET));
        } else if (which.isRunning() && !alive) {
            ended(which, Reaped.unknown(which.pid), now, acts);
        }
    }

    /** After both runscripts are resumed: a deactivation goes on. */
    public void resumed(long now, List<Act> acts) {
        advanceDeactivation(now, acts);
    }

    /** Its directory is gone or not active any more, or the supervisor ends. */
    public void deactivate(long now, List<Act> acts) {
        if (deactivating) return;
        deactivating = true;
        main.wantDown = true;
        if (log != null) log.wantDown = true;
        end(main, now, acts);
        if (log != null) cancelRefused(log);
        advanceDeactivation(now, acts);
    }

    /** A process for the call that an act asked for exists. */
    public void ran(Runscript which, int pid, long now) {
        which.pid = pid;
        which.process = true;
        which.identity = 0;
        which.since = now;
        which.refused = false;
        which.pending = null;
        if (which.phase == Phase.STARTED) {
            which.notBefore = now + GOVERNOR_NANOS;
            which.starts++;
            which.again = false;
        }
    }

    /** The system had no process for the call: the same again, later. */
    public void refused(Runscript which, long now) {
        which.due = which.phase == Phase.RESETTING ? Target.RESET : Target.START;
        which.phase = Phase.WAITING;
        which.deadline = now + REFUSAL_NANOS;
        which.refused = true;
    }

    /** The runscript can't be executed: it counts as a process that ended at once. @param pid what it had, or 0 */
    public void unrunnable(Runscript which, int pid, long now, List<Act> acts) {
        ran(which, pid, now);
        ended(which, new Reaped(pid, UNRUNNABLE_STATUS, 0), now, acts);
    }

    /** Its process ended. */
    public void ended(Runscript which, Reaped how, long now, List<Act> acts) {
        which.process = false;
        which.paused = false;
        which.readyAt = -1;
        if (which.once && !which.again) which.wantDown = true;
        if (which.phase == Phase.STARTED) {
            which.last = how;
            which.endedAt = now;
            which.lastSeconds = seconds(now - which.since);
            call(which, Target.RESET, now, acts);
            // The plan begins anew for it.
            if (which.stopping && which.wantDown) goOn(which, 0, false, now);
            else which.leaveAlone();
        } else if (which.phase == Phase.RESETTING) {
            which.leaveAlone();
            which.phase = Phase.DOWN;
            if (!which.wantDown) call(which, Target.START, now, acts);
            advanceDeactivation(now, acts);
        }
    }

    /** The time has come for whatever is due. */
    public void due(long now, List<Act> acts) {
        due(main, now, acts);
        if (log != null) due(log, now, acts);
        advanceDeactivation(now, acts);
    }

    private void due(Runscript which, long now, List<Act> acts) {
        insist(which, now, acts);
        if (which.phase != Phase.WAITING || which.deadline > now) return;
        if (which.pending != null) {
            endWaiting(which, which.pending, now, acts);
            return;
        }
        // A logger that was not told to end has still to read what main says at its end.
        boolean reads = which.isLog() && deactivating && isGoverned(which);
        which.phase = Phase.DOWN;
        if (which.due == Target.RESET || !which.wantDown || reads) call(which, which.due, now, acts);
    }

    /** Whoever may has commanded it. A service that is being deactivated takes none: ask {@link #isDeactivating}. */
    public void command(Command command, boolean toLog, boolean group, long now, List<Act> acts) {
        Runscript which = toLog ? log : main;
        if (which == null) return;
        switch (command) {
            case UP -> up(which, now, acts);
            case DOWN -> down(which, group, now, acts);
            case ONCE -> {
                which.leaveAlone();
                which.once = true;
                which.wantDown = false;
                if (which.phase == Phase.DOWN) call(which, Target.START, now, acts);
            }
            case PAUSE -> {
                if (which.phase == Phase.STARTED) {
                    which.paused = true;
                    signal(which, Signal.STOP, group, now, acts);
                }
            }
            case CONTINUE -> {
                which.paused = false;
                signal(which, Signal.CONT, group, now, acts);
            }
            case RESTART -> {
                which.wantDown = false;
                if (which.phase == Phase.DOWN) {
                    call(which, Target.START, now, acts);
                    return;
                }
                which.again = true;
                if (which.phase == Phase.STARTED) stop(which, group, now, acts);
            }
            case UP_BOTH -> {
                if (toLog) return;
                if (log != null) up(log, now, acts);
                up(main, now, acts);
            }
            case DOWN_BOTH -> {
                if (toLog) return;
                down(main, group, now, acts);
                if (log != null) down(log, group, now, acts);
            }
            case ALARM, HANGUP, INTERRUPT, KILL, QUIT, TERMINATE, WINDOW, USER1, USER2 ->
                    signal(which, command.signal(), group, now, acts);
        }
    }

    /** Nanoseconds as perp shows times: whole seconds, rounded (spec/perp.md section 1.9). */
    public static int seconds(long nanos) {
        return (int) ((nanos + 500_000_000L) / 1_000_000_000L);
    }

    private void up(Runscript which, long now, List<Act> acts) {
        which.leaveAlone();
        which.once = false;
        which.wantDown = false;
        if (which.phase == Phase.DOWN) call(which, Target.START, now, acts);
    }

    private void down(Runscript which, boolean group, long now, List<Act> acts) {
        which.wantDown = true;
        which.again = false;
        cancelRefused(which);
        stop(which, group, now, acts);
    }

    /** Whether it waits for its start because of the one before it, and not because the system refused a process. */
    private static boolean isGoverned(Runscript which) {
        return which.phase == Phase.WAITING && which.due == Target.START && !which.refused;
    }

    private static void cancelRefused(Runscript which) {
        if (which.phase == Phase.WAITING && which.due == Target.START && which.refused) which.phase = Phase.DOWN;
    }

    /** What waits for its start ends by a signal before that. */
    private void endWaiting(Runscript which, Signal by, long now, List<Act> acts) {
        which.pending = null;
        which.phase = Phase.STARTED;
        which.notBefore = which.deadline + GOVERNOR_NANOS;
        ended(which, new Reaped(which.pid, 0, by.number()), now, acts);
    }

    /** The first signal of the plan; CONT, so that it arrives; and a time for the next one. */
    private void stop(Runscript which, boolean group, long now, List<Act> acts) {
        signal(which, stop.signal(0), group, now, acts);
        which.paused = false;
        signal(which, Signal.CONT, group, now, acts);
        goOn(which, 0, group, now);
    }

    /** After a signal of the plan. */
    private void goOn(Runscript which, int step, boolean group, long now) {
        long wait = which.isRunning() && step < stop.size() ? stop.nanosAfter(step) : -1;
        which.stopping = which.isRunning();
        which.stopStep = wait < 0 ? -1 : step + 1;
        which.stopGroup = group;
        which.stopAt = now + wait;
    }

    /** Its time is over: the next signal. One that is resetting is spared all but KILL. */
    private void insist(Runscript which, long now, List<Act> acts) {
        if (which.stopStep < 0 || which.stopAt > now) return;
        int step = which.stopStep;
        // The plan may have become a shorter one.
        if (which.isRunning() && step < stop.size()) {
            Signal next = stop.signal(step);
            if (which.phase == Phase.STARTED || next == Signal.KILL) {
                acts.add(new Act.Kill(which, next, which.stopGroup && which.phase == Phase.STARTED));
            }
        }
        goOn(which, step, which.stopGroup, now);
    }

    /** Terminates it for good; one that is resetting is let end. */
    private void end(Runscript which, long now, List<Act> acts) {
        cancelRefused(which);
        if (isGoverned(which)) signal(which, stop.signal(0), false, now, acts);
        if (!which.isRunning()) return;
        if (which.phase == Phase.STARTED) acts.add(new Act.Kill(which, stop.signal(0), false));
        which.paused = false;
        acts.add(new Act.Kill(which, Signal.CONT, false));
        goOn(which, 0, false, now);
    }

    private void advanceDeactivation(long now, List<Act> acts) {
        if (!deactivating || main.phase != Phase.DOWN) return;
        if (log == null) {
            acts.add(new Act.Forget());
            return;
        }
        if (!pipeClosed) {
            pipeClosed = true;
            acts.add(new Act.ClosePipe());
            end(log, now, acts);
        }
        if (log.phase == Phase.DOWN) acts.add(new Act.Forget());
    }

    private void signal(Runscript which, Signal signal, boolean group, long now, List<Act> acts) {
        if (isGoverned(which)) {
            if (signal == Signal.KILL) endWaiting(which, signal, now, acts);
            // Of several, the kernel delivers the one with the lowest number first. These two end nothing.
            else if (signal != Signal.CONT && signal != Signal.WINCH
                    && (which.pending == null || signal.number() < which.pending.number())) which.pending = signal;
            return;
        }
        if (!which.isRunning()) return;
        if (which.phase == Phase.RESETTING) {
            boolean dropped = signal != Signal.CONT && signal != Signal.KILL;
            acts.add(new Act.TellResetting(which, signal, dropped));
            if (dropped) return;
        }
        acts.add(new Act.Kill(which, signal, group));
    }

    private void call(Runscript which, Target target, long now, List<Act> acts) {
        if (target == Target.START && now < which.notBefore) {
            which.phase = Phase.WAITING;
            which.due = Target.START;
            which.deadline = which.notBefore;
            // perp's child exists while it waits, so its clients are shown a process that began to wait now.
            which.since = now;
            acts.add(new Act.TellGoverned(which));
            return;
        }
        which.phase = target == Target.START ? Phase.STARTED : Phase.RESETTING;
        acts.add(new Act.Run(which, target));
    }
}
