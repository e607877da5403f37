// SPDX-License-Identifier: Apache-2.0
package tools.runcpu;

import java.util.List;
import perpetua.act.Processors;
import perpetua.chain.Chain;
import perpetua.cli.Args;
import perpetua.cli.Fatal;
import perpetua.cli.Tool;
import perpetua.cli.Usage;
import perpetua.sys.Kernel;

/** runcpu: run a program on some of the processors only. */
public final class Runcpu {
    static final Usage USAGE = Usage.of("runcpu", "m", "[-hV] [-m] cpus program [args ...]").own();
    public static final Tool TOOL = Tool.of(USAGE, Runcpu::run);

    static int run(Args args, Kernel kernel, Chain chain) {
        String cpus = args.operand("missing cpus argument");
        List<String> program = args.program("missing program argument");
        int[] wanted = args.has('m') ? Processors.mask(cpus) : Processors.list(cpus);
        if (wanted == null) {
            throw Fatal.usage((args.has('m') ? "not a mask of processors: " : "not a list of processors: ") + cpus);
        }
        // A mask without a bit is all of them, as SLM has it.
        if (wanted.length > 0) Processors.assume(kernel, wanted);
        return chain.exec(program);
    }
}
