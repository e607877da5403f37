// SPDX-License-Identifier: Apache-2.0
package tools.catargs;

import perpetua.chain.Chain;
import perpetua.cli.Args;
import perpetua.cli.Tool;
import perpetua.cli.Usage;
import perpetua.sys.Kernel;

/** catargs: print the arguments, argv[0] the first, one a line. */
public final class Catargs {
    static final Usage USAGE = Usage.of("catargs", "", "[args ...]").verbatim();
    public static final Tool TOOL = Tool.of(USAGE, Catargs::run);

    static int run(Args args, Kernel kernel, Chain chain) {
        StringBuilder text = new StringBuilder();
        for (String word : args.rest()) text.append(word).append('\n');
        args.print(text.toString());
        return 0;
    }
}
