// SPDX-License-Identifier: Apache-2.0
package tools.rundeux;

import java.util.ArrayList;
import java.util.List;
import perpetua.act.Respawned;
import perpetua.chain.Chain;
import perpetua.cli.Args;
import perpetua.cli.Fatal;
import perpetua.cli.Tool;
import perpetua.cli.Usage;
import perpetua.supervise.KeptProgram;
import perpetua.supervise.LoggerPipe;
import perpetua.supervise.Pair;
import perpetua.sys.Kernel;
import perpetua.sys.Signal;
import perpetua.sys.Spawn;
import perpetua.sys.SysException;

/** rundeux: run a program and its logger, joined by a pipe, and restart either. */
public final class Rundeux {
    static final Usage USAGE = Usage.of("rundeux", "dL:S:x",
            "[-hV] [-d] [-L label] [-S sep] [-x] program <\"::\"|\"sep\"> logger");
    public static final Tool TOOL = Tool.of(USAGE, Rundeux::run);

    static int run(Args args, Kernel kernel, Chain chain) {
        if (args.left() < 3) throw Fatal.usage("missing required arguments");
        List<String> both = args.rest();
        String separator = args.value('S', "::");
        int at = both.indexOf(separator);
        if (at < 0) throw Fatal.usage("missing separator argument: " + separator);
        if (at == 0) throw Fatal.usage("missing program argument");
        if (at == both.size() - 1) throw Fatal.usage("missing logger argument");
        if (args.has('d')) return detach(args, chain, separator, both);

        List<String> program = new ArrayList<>(both.subList(0, at));
        List<String> logger = new ArrayList<>(both.subList(at + 1, both.size()));
        LoggerPipe pipe;
        try {
            pipe = LoggerPipe.open(kernel);
        } catch (SysException e) {
            throw Fatal.system("failure creating logpipe", e);
        }
        try {
            KeptProgram.Program second = new Respawned(args, chain, logger, child -> child.descriptor(0, pipe.readEnd()));
            if (args.has('x')) return become(args, kernel, chain, pipe, program, second);
            KeptProgram.Program first = new Respawned(args, chain, program, child -> child.descriptor(1, pipe.writeEnd()));
            new Pair(kernel, pipe, first, second, Signal.TERM).run();
        } catch (SysException e) {
            throw Fatal.system("failure setting up selfpipe", e);
        }
        return 0;
    }

    /** A supervisor of its own in a new session. Words of its own: it must not detach again. */
    private static int detach(Args args, Chain chain, String separator, List<String> both) {
        List<String> words = new ArrayList<>();
        words.add(args.program());
        String label = args.value('L');
        if (label != null) words.add("-L" + label);
        words.add("-S");
        words.add(separator);
        if (args.has('x')) words.add("-x");
        words.add("--");
        words.addAll(both);
        try {
            chain.respawn(words, Spawn::newSession);
        } catch (SysException e) {
            throw Fatal.system("unable to detach", e);
        }
        return 0;
    }

    /** The logger becomes a child of the program, which nobody supervises. */
    private static int become(Args args, Kernel kernel, Chain chain, LoggerPipe pipe, List<String> program,
            KeptProgram.Program logger) throws SysException {
        try {
            logger.start();
        } catch (SysException e) {
            // As in perp, whose child says this after a fork that worked: the program runs all the same.
            logger.refused(e);
        }
        kernel.duplicate(pipe.writeEnd(), 1);
        // The next link may run in this process, where close-on-exec closes nothing.
        pipe.close();
        SysException failure = chain.tryExec(program);
        if (failure != null) throw Fatal.system("failure on exec of " + program.get(0), failure);
        return 0;
    }
}
