// SPDX-License-Identifier: Apache-2.0
package tools.perpetua;

import java.util.List;
import perpetua.chain.Chain;
import perpetua.cli.Args;
import perpetua.cli.Fatal;
import perpetua.cli.Tool;
import perpetua.cli.Usage;
import perpetua.sys.Kernel;

/** perpetua: the suite's one binary by its own name; run a tool of it, or list them. */
public final class Perpetua {
    static final Usage USAGE = Usage.of("perpetua", "l", "[-hV] -l | tool [args ...]").own();
    public static final Tool TOOL = Tool.of(USAGE, Perpetua::run);

    static int run(Args args, Kernel kernel, Chain chain) {
        if (args.has('l')) {
            for (String name : chain.toolNames()) args.print(name + "\n");
            return 0;
        }
        List<String> words = args.program("missing tool argument; perpetua -l lists them");
        if (!chain.runTool(words)) throw Fatal.usage("no such tool: " + words.get(0));
        return 0;
    }
}
