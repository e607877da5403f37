// SPDX-License-Identifier: Apache-2.0
package tools.perphup;

import perpetua.chain.Chain;
import perpetua.cli.Args;
import perpetua.cli.Tool;
import perpetua.cli.Usage;
import perpetua.cli.Voice;
import perpetua.perp.BaseDirectory;
import perpetua.perp.PerpdLock;
import perpetua.sys.Kernel;
import perpetua.sys.Signal;

/** perphup: have perpd look at its base directory, or end. */
public final class Perphup {
    static final Usage USAGE = Usage.of("perphup", "qt", "[-hV] [-q] [-t] [basedir]").voice(Voice.CLIENT)
            .withoutColon();
    public static final Tool TOOL = Tool.of(USAGE, Perphup::run);

    static int run(Args args, Kernel kernel, Chain chain) {
        String base = BaseDirectory.of(args.operand(), chain.environment(), BaseDirectory.STANDARD);
        BaseDirectory.enter(kernel, base, "failure chdir() to");
        boolean end = args.has('t');
        PerpdLock.signal(kernel, base, end ? Signal.TERM : Signal.HUP);
        if (!args.has('q')) args.tell((end ? "SIGTERM for perpd on " : "perpd rescan triggered on ") + base);
        return 0;
    }
}
