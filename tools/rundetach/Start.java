// SPDX-License-Identifier: Apache-2.0
package tools.rundetach;

import perpetua.cli.Args;
import perpetua.cli.Fatal;
import perpetua.supervise.Loop;
import perpetua.supervise.Timers;
import perpetua.sys.Kernel;
import perpetua.sys.PollSet;
import perpetua.sys.Reaped;
import perpetua.sys.Signal;
import perpetua.sys.Spawn;
import perpetua.sys.SysException;

/**
 * Waits until a program that was detached has started, which is seen from outside: a chain has come to its end when its
 * process runs another program than this one. With a descriptor to tell by, when it has written something there.
 */
final class Start {
    private static final long SECOND = 1_000_000_000L;
    /** How soon it is looked at first; then always twice as long after, up to the longest. */
    private static final long FIRST_LOOK = 500_000;
    private static final long LONGEST_LOOK = 20_000_000;
    private static final int WAITING = -1;

    private final Args args;
    private final Kernel kernel;
    private final String program;
    private final int readyFd;
    private final int[] pipe;
    private final Loop loop;
    private final Timers.Timer look;
    private Loop.Watch watch;
    private long lookNanos = FIRST_LOOK;
    private int pid;
    private Reaped end;
    private int status = WAITING;

    /** @param readyFd the number of the descriptor by which the program tells that it is ready; negative for none */
    Start(Args args, Kernel kernel, String program, int readyFd) throws SysException {
        this.args = args;
        this.kernel = kernel;
        this.program = program;
        this.readyFd = readyFd;
        this.pipe = readyFd < 0 ? null : kernel.pipe();
        // Before there is a child, so that its end is not missed.
        this.loop = new Loop(kernel, signal -> { }, stranger -> { });
        this.look = loop.timer(this::look);
    }

    /** What the child needs for it. */
    void settle(Spawn child) {
        if (pipe != null) child.descriptor(readyFd, pipe[1]);
    }

    /** @return what rundetach is to end with */
    int status(int child, long seconds) throws SysException {
        pid = child;
        loop.await(pid, this::ended);
        loop.set(loop.timer(this::timeIsOver), loop.now() + seconds * SECOND);
        if (pipe == null) {
            look();
        } else {
            kernel.close(pipe[1]);
            watch = loop.watch(pipe[0], PollSet.IN, (set, place) -> told());
        }
        loop.run(() -> { });
        return status;
    }

    private void end(int with) {
        if (status == WAITING) status = with;
        loop.stop();
    }

    private void look() {
        if (status != WAITING) return;
        if (kernel.runsAnother(pid)) {
            end(0);
            return;
        }
        loop.set(look, loop.now() + lookNanos);
        lookNanos = Math.min(2 * lookNanos, LONGEST_LOOK);
    }

    private void told() {
        try {
            if (kernel.read(pipe[0], new byte[1], 0, 1) > 0) {
                end(0);
                return;
            }
        } catch (SysException e) {
            // It can't tell any more.
        }
        loop.drop(watch);
        watch = null;
        if (end != null && status == WAITING) unready();
    }

    private void ended(Reaped how) {
        end = how;
        if (how.signal() > 0) {
            args.complain("fatal", program + " was ended by " + Signal.name(how.signal()));
            end(128 + how.signal());
        } else if (how.status() != 0 || pipe == null) {
            end(how.status());
        } else if (watch == null) {
            unready();
        }
        // Else a process of its own may still tell.
    }

    private void unready() {
        args.complain("fatal", program + " has ended without telling that it is ready");
        end(Fatal.FAILURE);
    }

    private void timeIsOver() {
        if (pipe != null) args.complain("fatal", program + " has not told in time that it is ready, and runs on");
        end(pipe == null ? 0 : Fatal.FAILURE);
    }
}
