// SPDX-License-Identifier: Apache-2.0
package tools.runsig;

import java.util.List;
import perpetua.chain.Chain;
import perpetua.cli.Args;
import perpetua.cli.Fatal;
import perpetua.cli.Tool;
import perpetua.cli.Usage;
import perpetua.sys.Kernel;
import perpetua.sys.Signal;
import perpetua.sys.SysException;

/** runsig: run a program with signals ignored, reset or blocked. */
public final class Runsig {
    static final Usage USAGE = Usage.of("runsig", "b:d:i:",
            "[-hV] [-b signals] [-d signals] [-i signals] program [args ...]").own();
    public static final Tool TOOL = Tool.of(USAGE, Runsig::run).judging(Runsig::judge);

    static int run(Args args, Kernel kernel, Chain chain) {
        List<String> program = args.program("missing required program argument");
        for (int i = 0; i < args.options(); i++) {
            for (String name : names(args.value(i))) dispose(kernel, args.letter(i), Signal.of(name));
        }
        return chain.exec(program);
    }

    private static void judge(char letter, String list) {
        for (String name : names(list)) {
            Signal signal = Signal.of(name);
            if (signal == null) throw Fatal.usage("unknown signal in argument for option -" + letter + ": " + name);
            if (signal == Signal.KILL || signal == Signal.STOP) {
                throw Fatal.usage("nobody can ignore, reset or block SIG" + signal.name());
            }
        }
    }

    /** Those between commas. */
    private static String[] names(String list) {
        int count = 1;
        for (int i = 0; i < list.length(); i++) {
            if (list.charAt(i) == ',') count++;
        }
        String[] names = new String[count];
        int from = 0;
        for (int i = 0; i < count; i++) {
            int to = list.indexOf(',', from);
            if (to < 0) to = list.length();
            names[i] = list.substring(from, to);
            from = to + 1;
        }
        return names;
    }

    private static void dispose(Kernel kernel, char letter, Signal signal) {
        try {
            switch (letter) {
                case 'i' -> kernel.ignore(signal);
                case 'd' -> kernel.restoreDefault(signal);
                default -> kernel.block(signal);
            }
        } catch (SysException e) {
            String act = letter == 'i' ? "ignore" : letter == 'd' ? "reset" : "block";
            throw Fatal.system("unable to " + act + " SIG" + signal.name(), e);
        }
    }
}
