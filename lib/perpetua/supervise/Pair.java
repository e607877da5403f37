// SPDX-License-Identifier: Apache-2.0
package perpetua.supervise;

import perpetua.sys.Kernel;
import perpetua.sys.Reaped;
import perpetua.sys.Signal;
import perpetua.sys.SysException;

/**
 * A program and its logger, joined by a pipe that lasts longer than either: both are run again when they end, and
 * signals are for the program (spec/perp.md section 6, rundeux, and section 4, perpboot).
 *
 * <p>TERM and INT end the pair: the program is told, and awaited without limit; then the pipe is closed, and the logger,
 * which reads the end of file, is awaited. A logger that ends while the program still works is run again even then, and
 * one that was pausing is run a last time, for what is left in the pipe.
 */
public final class Pair {
    private final LoggerPipe pipe;
    private final Signal interrupt;
    private final Loop loop;
    private final KeptProgram program;
    private final KeptProgram logger;
    private boolean ending;

    /**
     * @param program writes into the pipe
     * @param logger reads from it
     * @param interrupt what the program gets for an INT
     * @throws SysException if there are no descriptors left for signals
     */
    public Pair(Kernel kernel, LoggerPipe pipe, KeptProgram.Program program, KeptProgram.Program logger,
            Signal interrupt) throws SysException {
        this.pipe = pipe;
        this.interrupt = interrupt;
        // A program that ends must not take with it whoever writes to its pipe.
        kernel.ignore(Signal.PIPE);
        this.loop = new Loop(kernel, this::arrived, Pair::strangerEnded, Signal.TERM, Signal.INT, Signal.ALRM,
                Signal.CONT, Signal.HUP, Signal.QUIT, Signal.TSTP, Signal.USR1, Signal.USR2);
        this.program = new KeptProgram(kernel, loop, program, this::programEnded);
        this.logger = new KeptProgram(kernel, loop, logger, this::loggerEnded);
    }

    /** Runs both until a signal has ended them. */
    public void run() {
        logger.start();
        program.start();
        loop.run(() -> { });
    }

    private static void strangerEnded(Reaped how) {
        // A child from before the exec: collected, and that is all.
    }

    private void arrived(Signal signal) {
        if (ending) {
            program.kill(Signal.TERM);
        } else if (signal == Signal.TERM || signal == Signal.INT) {
            ending = true;
            program.kill(signal == Signal.INT ? interrupt : signal);
            program.kill(Signal.CONT);
            program.stay();
            if (!program.isRunning()) programEnded();
        } else {
            program.kill(signal);
        }
    }

    private void programEnded() {
        if (!ending) {
            program.startAgain();
            return;
        }
        pipe.closeWriteEnd();
        logger.kill(Signal.CONT);
    }

    private void loggerEnded() {
        if (ending && !program.isRunning()) loop.stop();
        else logger.startAgain();
    }
}
