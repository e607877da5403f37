// SPDX-License-Identifier: Apache-2.0
package tools.runlabel;

import java.util.List;
import perpetua.act.SecurityLabel;
import perpetua.chain.Chain;
import perpetua.cli.Args;
import perpetua.cli.Fatal;
import perpetua.cli.Tool;
import perpetua.cli.Usage;
import perpetua.sys.Kernel;

/** runlabel: run a program with a label of AppArmor or SELinux. */
public final class Runlabel {
    static final Usage USAGE = Usage.of("runlabel", "as", "[-hV] [-a | -s] label program [args ...]").own();
    public static final Tool TOOL = Tool.of(USAGE, Runlabel::run);

    static int run(Args args, Kernel kernel, Chain chain) {
        if (args.has('a') && args.has('s')) throw Fatal.usage("options -a and -s are mutually exclusive");
        SecurityLabel.Module module = args.has('a') ? SecurityLabel.Module.APPARMOR
                : args.has('s') ? SecurityLabel.Module.SELINUX : null;
        String label = args.operand("missing label argument");
        if (label.isEmpty() || label.indexOf('\n') >= 0) throw Fatal.usage("not a label: " + label);
        List<String> program = args.program("missing program argument");
        SecurityLabel.of(kernel, module, label).assume(kernel);
        return chain.exec(program);
    }
}
