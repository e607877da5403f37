// SPDX-License-Identifier: Apache-2.0
package tools.runpause;

import java.util.List;
import perpetua.act.Pause;
import perpetua.chain.Chain;
import perpetua.cli.Args;
import perpetua.cli.Fatal;
import perpetua.cli.Tool;
import perpetua.cli.Usage;
import perpetua.sys.Kernel;

/** runpause: wait, then run a program. */
public final class Runpause {
    static final Usage USAGE = Usage.of("runpause", "L:", "[-hV] [-L label] secs program [args ...]");
    public static final Tool TOOL = Tool.of(USAGE, Runpause::run);

    static int run(Args args, Kernel kernel, Chain chain) {
        if (args.left() < 2) throw Fatal.usage("missing required argument(s)");
        String text = args.operand();
        Pause pause = Pause.of(text, "bad numeric argument for secs: " + text);
        List<String> program = args.rest();
        pause.take(kernel);
        return chain.exec(program);
    }
}
