// SPDX-License-Identifier: Apache-2.0
package tools.runcap;

import java.util.List;
import perpetua.act.CapabilitySet;
import perpetua.act.Privileges;
import perpetua.chain.Chain;
import perpetua.cli.Args;
import perpetua.cli.Fatal;
import perpetua.cli.Tool;
import perpetua.cli.Usage;
import perpetua.sys.Kernel;

/** runcap: run a program with fewer of root's capabilities, or with some of them as another user. */
public final class Runcap {
    static final Usage USAGE = Usage.of("runcap", "a:d:k:ln",
            "[-hV] [-ln] [-a caps] [-d caps] [-k caps] program [args ...]").own();
    public static final Tool TOOL = Tool.of(USAGE, Runcap::run);

    static int run(Args args, Kernel kernel, Chain chain) {
        long ambient = set(args, 'a');
        long dropped = set(args, 'd');
        if (args.has('k')) dropped |= CapabilitySet.ALL & ~set(args, 'k');
        List<String> program = args.program("missing program argument");
        if (args.options() == 0) throw Fatal.usage("nothing to change: no option");
        new Privileges(dropped, ambient, args.has('l'), args.has('n')).assume(kernel);
        return chain.exec(program);
    }

    /** What all options of that letter name together. */
    private static long set(Args args, char letter) {
        long set = 0;
        for (int i = 0; i < args.options(); i++) {
            if (args.letter(i) != letter || args.value(i).isEmpty()) continue;
            set |= CapabilitySet.of(args.value(i), name -> Fatal.usage("no capability of that name: " + name));
        }
        return set;
    }
}
