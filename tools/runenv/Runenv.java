// SPDX-License-Identifier: Apache-2.0
package tools.runenv;

import java.util.List;
import perpetua.act.Accounts;
import perpetua.act.EnvironmentFile;
import perpetua.act.EnvironmentFile.Sentences;
import perpetua.act.LineFile;
import perpetua.chain.Chain;
import perpetua.chain.Environment;
import perpetua.cli.Args;
import perpetua.cli.Fatal;
import perpetua.cli.Tool;
import perpetua.cli.Usage;
import perpetua.sys.Account;
import perpetua.sys.Kernel;

/** runenv: run a program in an environment that a file or a directory describes. */
public final class Runenv {
    static final Usage USAGE = Usage.of("runenv", "iU:", "[-hV] [-i] [-U account] newenv program [args ...]");
    public static final Tool TOOL = Tool.of(USAGE, Runenv::run);

    static int run(Args args, Kernel kernel, Chain chain) {
        if (args.left() < 2) throw Fatal.usage("missing required argument(s)");
        String source = args.operand();
        List<String> program = args.rest();
        Environment environment = chain.environment();
        if (args.has('i')) environment.clear();
        if (source.equals("-")) {
            EnvironmentFile.applyLines(LineFile.readStandardInput(kernel), environment);
        } else {
            EnvironmentFile.apply(kernel, source, environment, new Sentences("unable to stat " + source,
                    "argument is not a file or directory: " + source, "unable to open " + source,
                    "unable to chdir to " + source, "unable to open directory " + source, ""));
        }
        String name = args.value('U');
        if (name != null) {
            Account account = Accounts.find(kernel, name);
            if (account == null) throw Fatal.of("no account for user " + name);
            Accounts.export(account, environment);
        }
        return chain.exec(program);
    }
}
