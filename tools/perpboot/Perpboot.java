// SPDX-License-Identifier: Apache-2.0
package tools.perpboot;

import java.util.List;
import perpetua.chain.Chain;
import perpetua.cli.Args;
import perpetua.cli.Fatal;
import perpetua.cli.Tool;
import perpetua.cli.Usage;
import perpetua.cli.Voice;
import perpetua.perp.BaseDirectory;
import perpetua.supervise.KeptProgram;
import perpetua.supervise.LoggerPipe;
import perpetua.supervise.Pair;
import perpetua.sys.Bytes;
import perpetua.sys.Kernel;
import perpetua.sys.Open;
import perpetua.sys.PollSet;
import perpetua.sys.Signal;
import perpetua.sys.Spawn;
import perpetua.sys.SysException;

/** perpboot: start and watch perpd and its logger. */
public final class Perpboot {
    static final Usage USAGE = Usage.of("perpboot", "dx", "[-hV] [-d] [-x] [dir]").voice(Voice.CLIENT);
    public static final Tool TOOL = Tool.of(USAGE, Perpboot::run);

    private static final String LOG = "./rc.log";
    private static final String PERP = "./rc.perp";

    static int run(Args args, Kernel kernel, Chain chain) {
        String operand = args.operand();
        boolean given = operand != null && !operand.isEmpty();
        String base = BaseDirectory.of(given ? operand : null, chain.environment(), BaseDirectory.STANDARD);
        if (args.has('d')) return detach(args, chain, base);
        BaseDirectory.enter(kernel, base, "failure chdir() to");
        String boot = ".boot";
        try {
            kernel.changeDirectory(boot);
        } catch (SysException e) {
            throw Fatal.system("failure chdir() to " + base + "/" + boot, e);
        }
        chain.environment().set("PERP_BASE", base);
        try {
            int nothing = openNothing(kernel);
            kernel.closeOnExecFrom(3);
            LoggerPipe pipe = LoggerPipe.open(kernel);
            KeptProgram.Program log = new Script(LOG, args, kernel, chain, pipe, pipe.readEnd(), nothing);
            if (args.has('x')) return become(kernel, chain, pipe, nothing, log);
            new Pair(kernel, pipe, new Script(PERP, args, kernel, chain, pipe, nothing, pipe.writeEnd()), log,
                    Signal.INT).run();
        } catch (SysException e) {
            throw Fatal.system("failure setting up the log pipe", e);
        }
        return 0;
    }

    /** @return a descriptor of /dev/null that is none of the standard streams, which are then open too */
    private static int openNothing(Kernel kernel) throws SysException {
        int fd;
        do {
            fd = kernel.open("/dev/null", Open.READ_WRITE, 0);
        } while (fd <= 2);
        return fd;
    }

    /** The same in a new session, in the background. Words of its own: it must not detach again. */
    private static int detach(Args args, Chain chain, String base) {
        List<String> words = args.has('x') ? List.of(args.program(), "-x", "--", base)
                : List.of(args.program(), "--", base);
        try {
            chain.respawn(words, Spawn::newSession);
        } catch (SysException e) {
            throw Fatal.system("failure to detach", e);
        }
        return 0;
    }

    /** perpd takes this process; its logger is its child, which nobody supervises. */
    private static int become(Kernel kernel, Chain chain, LoggerPipe pipe, int nothing, KeptProgram.Program log)
            throws SysException {
        try {
            log.start();
        } catch (SysException e) {
            log.refused(e);
        }
        kernel.duplicate(nothing, 0);
        kernel.duplicate(pipe.writeEnd(), 1);
        kernel.duplicate(pipe.writeEnd(), 2);
        // The next link may run in this process, where close-on-exec closes nothing.
        kernel.close(nothing);
        pipe.close();
        SysException failure = chain.tryExec(List.of(PERP));
        if (failure == null) return 0;
        // Where the logger can't be run either, nobody reads the pipe that this goes to.
        kernel.ignore(Signal.PIPE);
        throw Fatal.system("failure on exec of " + PERP, failure);
    }

    /** One of the two scripts in .boot, run without arguments. */
    private static final class Script implements KeptProgram.Program {
        private final String file;
        private final Args args;
        private final Kernel kernel;
        private final Chain chain;
        private final LoggerPipe pipe;
        private final int input;
        private final int output;

        Script(String file, Args args, Kernel kernel, Chain chain, LoggerPipe pipe, int input, int output) {
            this.file = file;
            this.args = args;
            this.kernel = kernel;
            this.chain = chain;
            this.pipe = pipe;
            this.input = input;
            this.output = output;
        }

        @Override
        public int start() throws SysException {
            return chain.spawn(List.of(file), child -> child.descriptor(0, input).descriptor(1, output)
                    .descriptor(2, output).defaults(Signal.TERM, Signal.INT, Signal.ALRM, Signal.CONT, Signal.HUP,
                            Signal.QUIT, Signal.TSTP, Signal.USR1, Signal.USR2, Signal.PIPE, Signal.CHLD));
        }

        /** Said where the script itself would have: perpd's goes into the pipe, the logger's goes nowhere. */
        @Override
        public void refused(SysException why) {
            if (output != pipe.writeEnd()) return;
            byte[] line = Bytes.of(args.program() + " fatal: failure on exec of " + file + ": " + why.getMessage()
                    + "\n");
            PollSet set = new PollSet();
            set.add(output, PollSet.OUT);
            try {
                // A logger that does not read must not hold this up.
                if (kernel.poll(set, 0) > 0) kernel.write(output, line, 0, line.length);
            } catch (SysException nobodyListens) {
                // It will be said again.
            }
        }

        @Override
        public void pausing() {
            args.tell("warning: pausing for restart of " + file + " ...");
        }
    }
}
