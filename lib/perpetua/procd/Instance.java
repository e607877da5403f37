// SPDX-License-Identifier: Apache-2.0
package perpetua.procd;

import perpetua.bus.Table;

/**
 * One instance of a service: at most one process, and the rules of its life (spec/procd.md section 3.6). It decides, and
 * {@link Host} acts; no clock and no kernel.
 *
 * <p>IDLE: nothing runs and nothing is due. RUNNING. STOPPING: told to end, then removed. RESTARTING: told to end, then started
 * from the description as it is by then. HALTING: told to end, then idle. WAITING: to be started again at the deadline. In
 * the three that are told to end, the deadline is when patience ends: SIGKILL.
 */
final class Instance {
    /** Where in its life it is. */
    enum State {
        IDLE, RUNNING, STOPPING, RESTARTING, HALTING, WAITING;

        boolean hasProcess() {
            return this != IDLE && this != WAITING;
        }

        boolean isEnding() {
            return this == STOPPING || this == RESTARTING || this == HALTING;
        }
    }

    /** Who carries out what is decided here. */
    interface Host {
        /** Starts a process, whose end is not told from within this call. @return its pid, 0 if there is none */
        int spawn(Instance instance);

        void kill(Instance instance, int signal);

        /** It is no more: nothing of it runs. */
        void removed(Instance instance);

        /** The script's own action for what has just been started again. */
        void runHook(Instance instance);

        /** Tells those who subscribed. */
        void announce(Instance instance, String type);

        /** One line in the log. */
        void log(Instance instance, String sentence);

        /** Its process is gone. @param pid what it was */
        void ended(Instance instance, int pid);
    }

    private static final long SECOND = 1_000_000_000L;
    private static final int TERM = 15;
    private static final int KILL = 9;
    /** What a program that can't be executed ends with. */
    static final int NOT_EXECUTED = 127;

    private final RegisteredService service;
    private final String name;
    private final Host host;

    private Description description;
    private Description.Respawn respawn;
    private State state = State.IDLE;
    private int pid;
    private int exitCode;
    private long started;
    private long deadline = -1;
    private int failures;
    private long lastRunSeconds;
    private int watchMode;
    private int watchSeconds;
    /** Once the program itself has set its watchdog, a description no longer does. */
    private boolean watchesItself;
    /** Set by the service between two updates: whether it was named. */
    boolean isNamed = true;

    Instance(RegisteredService service, String name, Description description, Host host) {
        this.service = service;
        this.name = name;
        this.host = host;
        take(description);
    }

    RegisteredService service() {
        return service;
    }

    String name() {
        return name;
    }

    Description description() {
        return description;
    }

    State state() {
        return state;
    }

    /** 0 if there is no process. */
    int pid() {
        return pid;
    }

    int exitCode() {
        return exitCode;
    }

    int failures() {
        return failures;
    }

    long lastRunSeconds() {
        return lastRunSeconds;
    }

    /** When {@link #due} is to be called; -1 for never. */
    long deadline() {
        return deadline;
    }

    private void take(Description other) {
        description = other;
        respawn = other.respawn;
        if (watchesItself) return;
        watchMode = other.watchMode;
        watchSeconds = other.watchSeconds;
    }

    /** Whether it is to be restarted, as {@code other} says something else. */
    private boolean isChangedBy(Description other) {
        return !description.isLike(other)
                || !watchesItself && (watchMode != other.watchMode || watchSeconds != other.watchSeconds);
    }

    // ---- what is wanted -------------------------------------------------------------------------------------------

    /** Starts it, if nothing runs. */
    void start(long now) {
        if (state.hasProcess()) return;
        deadline = -1;
        state = State.IDLE;
        if (!description.isRunnable()) {
            host.log(this, "not started: " + description.hindrance());
            return;
        }
        started = now;
        pid = host.spawn(this);
        if (pid == 0) {
            exitCode = NOT_EXECUTED;
            // As a process that ended at once, but later: otherwise one that may be started for ever would be, in here.
            state = State.RUNNING;
            deadline = now;
            return;
        }
        state = State.RUNNING;
        watch(now);
        host.announce(this, "instance.start");
    }

    /** Its process has shown that it is alive. @param mode null for as it was, as {@code seconds} */
    void alive(Integer mode, Integer seconds, long now) {
        if (mode != null) watchMode = mode;
        if (seconds != null) watchSeconds = seconds;
        watchesItself |= mode != null || seconds != null;
        if (state == State.RUNNING && pid != 0) watch(now);
    }

    private void watch(long now) {
        deadline = watchMode == 0 ? -1 : now + Math.max(0, watchSeconds) * SECOND;
    }

    /** As its program or its description has it. */
    Table watchdog() {
        return new Table().append("mode", (long) watchMode).append("timeout", (long) watchSeconds);
    }

    /** Other data for the same description. */
    void setData(Table data) {
        description.data = data.sorted();
    }

    /** A description arrives, for one that is known: section 3.6.5. @param startsIdle whether one at rest is to be started */
    void update(Description other, long now, boolean startsIdle) {
        Description before = description;
        // It could not be executed, and that is still to be told.
        if (state == State.RUNNING && pid == 0) state = State.WAITING;
        switch (state) {
            case IDLE -> {
                take(other);
                failures = 0;
                if (startsIdle) start(now);
            }
            case WAITING -> {
                take(other);
                start(now);
            }
            case RUNNING -> {
                boolean changed = isChangedBy(other);
                take(other);
                if (!changed) return;
                if (before.reloadSignal != 0 && other.isRunnable()) host.kill(this, before.reloadSignal);
                else end(State.RESTARTING, before.termSeconds, now);
            }
            case STOPPING, HALTING -> {
                take(other);
                state = State.RESTARTING;
            }
            case RESTARTING -> take(other);
        }
    }

    /** Ends its process, and then it is removed; without one, at once. */
    void remove(long now) {
        if (pid == 0) {
            deadline = -1;
            state = State.IDLE;
            host.removed(this);
        } else if (state.isEnding()) {
            state = State.STOPPING;
        } else {
            end(State.STOPPING, description.termSeconds, now);
        }
    }

    /** Ends its process and keeps it: the next start is somebody's wish. */
    void halt(long now) {
        if (pid == 0) {
            deadline = -1;
            state = State.IDLE;
        } else if (state == State.RESTARTING) {
            state = State.HALTING;
        } else if (state == State.RUNNING) {
            end(State.HALTING, description.termSeconds, now);
        }
    }

    /** After {@link #halt}, before the process is gone, or of one at rest. */
    void wake(long now) {
        if (state == State.HALTING) {
            state = State.RESTARTING;
        } else {
            respawn = description.respawn;
            start(now);
        }
    }

    private void end(State how, int termSeconds, long now) {
        state = how;
        deadline = now + Math.max(0, termSeconds) * SECOND;
        host.kill(this, TERM);
    }

    // ---- what happens -----------------------------------------------------------------------------------------------

    /** The deadline is over. */
    void due(long now) {
        deadline = -1;
        if (state == State.WAITING) {
            start(now);
            host.runHook(this);
        } else if (state == State.RUNNING && pid == 0) {
            ended(exitCode, now);
        } else if (state == State.RUNNING) {
            host.log(this, "has not shown that it is alive for " + watchSeconds + " seconds");
            end(respawn == null ? State.STOPPING : State.RESTARTING, description.termSeconds, now);
        } else if (state.isEnding()) {
            host.log(this, "pid " + pid + " did not end on SIGTERM, sending SIGKILL");
            host.kill(this, KILL);
        }
    }

    /** @param code its exit status, or 128 and the number of the signal */
    void ended(int code, long now) {
        int was = pid;
        State before = state;
        pid = 0;
        exitCode = code;
        deadline = -1;
        state = State.IDLE;
        lastRunSeconds = (now - started) / SECOND;
        if (was != 0) {
            host.ended(this, was);
            host.announce(this, "instance.stop");
        }
        switch (before) {
            case STOPPING -> host.removed(this);
            case RESTARTING -> {
                start(now);
                host.runHook(this);
            }
            case RUNNING -> {
                if (respawn != null && service.respawns()) respawn(now);
            }
            case HALTING, IDLE, WAITING -> {
                // It stays, and is listed with its exit code.
            }
        }
    }

    private void respawn(long now) {
        if (now - started < respawn.threshold() * SECOND) failures++;
        else failures = 0;
        if (respawn.retry() > 0 && failures > respawn.retry()) {
            host.log(this, "in a crash loop: " + failures + " crashes, the last after " + lastRunSeconds + " seconds");
            host.announce(this, "instance.fail");
            respawn = null;
            return;
        }
        host.announce(this, "instance.respawn");
        state = State.WAITING;
        deadline = now + Math.max(0, respawn.pause()) * SECOND;
    }

    // ---- what is shown ----------------------------------------------------------------------------------------------

    Table shown(boolean verbose) {
        Table table = new Table();
        table.append("running", pid != 0);
        if (pid != 0) table.append("pid", (long) pid);
        if (description.command != null) table.append("command", description.command);
        table.append("term_timeout", (long) description.termSeconds);
        if (pid == 0) table.append("exit_code", (long) exitCode);
        description.show(table, respawn, verbose);
        if (watchMode != 0) table.append("watchdog", watchdog());
        return table;
    }

    /** What is told of a failure. */
    Table told() {
        return new Table().append("service", service.name()).append("instance", name);
    }
}
