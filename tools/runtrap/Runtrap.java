// SPDX-License-Identifier: Apache-2.0
package tools.runtrap;

import java.util.List;
import perpetua.act.Respawned;
import perpetua.chain.Chain;
import perpetua.cli.Args;
import perpetua.cli.Fatal;
import perpetua.cli.Tool;
import perpetua.cli.Usage;
import perpetua.supervise.KeptProgram;
import perpetua.supervise.Loop;
import perpetua.sys.Kernel;
import perpetua.sys.Reaped;
import perpetua.sys.Signal;
import perpetua.sys.SysException;

/**
 * runtrap: run and restart a program, and run another one for each signal instead of passing it on.
 *
 * <p>One trapper at a time. What arrives while one runs, or while the program waits for its next start, is kept, once
 * each; after a pause the highest number comes first, as in perp, so that TERM goes before what it makes pointless.
 */
public final class Runtrap {
    static final Usage USAGE = Usage.of("runtrap", "", "[-hV] id trapper child [args ...]");
    public static final Tool TOOL = Tool.of(USAGE, Runtrap::run);

    private final Args args;
    private final Kernel kernel;
    private final Chain chain;
    private final Loop loop;
    private final String id;
    private final String trapper;
    private final KeptProgram program;

    /** The signals that have arrived and were not handled yet, a bit each. */
    private int pending;
    private boolean terminating;

    static int run(Args args, Kernel kernel, Chain chain) {
        if (args.left() < 3) throw Fatal.usage("missing required arguments");
        try {
            new Runtrap(args, kernel, chain).run();
        } catch (SysException e) {
            throw Fatal.system("failure setting up selfpipe", e);
        }
        return 0;
    }

    private Runtrap(Args args, Kernel kernel, Chain chain) throws SysException {
        this.args = args;
        this.kernel = kernel;
        this.chain = chain;
        this.id = args.operand();
        this.trapper = args.operand();
        kernel.ignore(Signal.PIPE);
        this.loop = new Loop(kernel, this::arrived, Runtrap::strangerEnded, Signal.TERM,
                Signal.INT, Signal.ALRM, Signal.CONT, Signal.HUP, Signal.QUIT, Signal.TSTP, Signal.USR1, Signal.USR2);
        List<String> words = args.rest();
        this.program = new KeptProgram(kernel, loop, new Respawned(args, chain, words, child -> { }) {
            @Override
            public void refused(SysException why) {
                super.refused(why);
                discard();
            }
        }, this::programEnded);
    }

    private void run() {
        program.start();
        loop.run(this::trap);
    }

    private static void strangerEnded(Reaped how) {
        // A child from before the exec: collected, and that is all.
    }

    private void arrived(Signal signal) {
        if (terminating) return;
        pending |= 1 << signal.number();
        trap();
    }

    /**
     * Runs the trapper and waits for it, if there is a signal for it and a program that the signal is meant for. Waits
     * here and not in the loop, so that the program is not collected meanwhile: the pid that the trapper was told
     * stays the program's, even if it ends.
     */
    private void trap() {
        while (pending != 0 && program.isRunning() && !terminating) {
            int number = 31 - Integer.numberOfLeadingZeros(pending);
            pending &= ~(1 << number);
            String name = Signal.name(number);
            args.complain("warning", "do_trap() on signal " + name);
            terminating = number == Signal.TERM.number();
            List<String> words = List.of(trapper, "trap", id, String.valueOf(program.pid()), String.valueOf(number), name);
            try {
                kernel.await(chain.spawn(words, child -> child.defaults(Signal.PIPE)));
            } catch (SysException e) {
                args.complain("fatal", "failure on exec of trap " + trapper + ": " + e.getMessage());
            }
            args.complain("warning", "trapper completion");
        }
    }

    private void programEnded() {
        if (terminating) loop.stop();
        else program.startAgain();
    }

    /** The program can't be run: there is nobody whom what was kept could concern. */
    private void discard() {
        terminating |= (pending & 1 << Signal.TERM.number()) != 0;
        for (int number = 31; number > 0; number--) {
            if ((pending & 1 << number) == 0) continue;
            args.complain("warning", "child not running, discarding signal " + Signal.name(number));
        }
        pending = 0;
    }
}
