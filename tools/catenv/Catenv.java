// SPDX-License-Identifier: Apache-2.0
package tools.catenv;

import perpetua.chain.Chain;
import perpetua.cli.Args;
import perpetua.cli.Tool;
import perpetua.cli.Usage;
import perpetua.sys.Kernel;

/** catenv: print the environment, a variable a line, in its own order. */
public final class Catenv {
    static final Usage USAGE = Usage.of("catenv", "", "[-hV]");
    public static final Tool TOOL = Tool.of(USAGE, Catenv::run);

    static int run(Args args, Kernel kernel, Chain chain) {
        StringBuilder text = new StringBuilder();
        for (String variable : chain.environment().list()) text.append(variable).append('\n');
        args.print(text.toString());
        return 0;
    }
}
