// SPDX-License-Identifier: Apache-2.0
package perpetua.supervise;

import perpetua.sys.Kernel;
import perpetua.sys.Reaped;
import perpetua.sys.Signal;
import perpetua.sys.SysException;

/**
 * A program that is run again whenever it ends, by those tools that stay resident: rundeux, runtrap, perpboot. One that
 * ends within a second of its start waits a whole second; as a timer, so that signals are taken meanwhile.
 */
public final class KeptProgram {
    private static final long SECOND = 1_000_000_000L;

    /** What is run, and what is said of it. */
    public interface Program {
        /** Starts its process. @return its pid */
        int start() throws SysException;

        /** It could not be run; this counts as a process that ended at once. */
        void refused(SysException why);

        /** It ended so soon that the next start has to wait. */
        void pausing();
    }

    private final Kernel kernel;
    private final Loop loop;
    private final Program program;
    private final Runnable ended;
    private final Timers.Timer pause;
    private int pid;
    private long started;

    /** @param ended told that its process has ended; it decides whether to call {@link #startAgain} */
    public KeptProgram(Kernel kernel, Loop loop, Program program, Runnable ended) {
        this.kernel = kernel;
        this.loop = loop;
        this.program = program;
        this.ended = ended;
        this.pause = loop.timer(this::start);
    }

    public boolean isRunning() {
        return pid > 0;
    }

    /** Whether it waits for its next start. */
    public boolean isPausing() {
        return pause.isSet();
    }

    /** The pid of its process, 0 if there is none. */
    public int pid() {
        return pid;
    }

    public void start() {
        started = loop.now();
        try {
            pid = program.start();
        } catch (SysException e) {
            program.refused(e);
            ended.run();
            return;
        }
        loop.await(pid, this::ended);
    }

    private void ended(Reaped how) {
        pid = 0;
        ended.run();
    }

    /** Starts it at once if its last start is a second ago, otherwise in a second. */
    public void startAgain() {
        long now = loop.now();
        if (now - started >= SECOND) {
            start();
        } else {
            program.pausing();
            loop.set(pause, now + SECOND);
        }
    }

    /** It is not started after its pause. */
    public void stay() {
        loop.cancel(pause);
    }

    /** Sends a signal to its process; without one, to nobody. */
    public void kill(Signal signal) {
        if (pid == 0) return;
        try {
            kernel.kill(pid, signal.number());
        } catch (SysException e) {
            // It has another user's rights now: whoever may signal it must do it directly.
        }
    }
}
