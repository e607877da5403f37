// SPDX-License-Identifier: Apache-2.0
package tools.runsched;

import java.util.List;
import perpetua.act.Schedule;
import perpetua.chain.Chain;
import perpetua.cli.Args;
import perpetua.cli.Fatal;
import perpetua.cli.Numbers;
import perpetua.cli.Tool;
import perpetua.cli.Usage;
import perpetua.sys.Kernel;
import perpetua.sys.Scheduling;

/** runsched: run a program with another scheduling policy, priority or nice value. */
public final class Runsched {
    static final Usage USAGE = Usage.of("runsched", "bf:in:or:",
            "[-hV] [-b | -f prio | -i | -o | -r prio] [-n nice] program [args ...]").own();
    public static final Tool TOOL = Tool.of(USAGE, Runsched::run);

    private static final int MOST_PRIORITY = 99;
    private static final int LEAST_NICE = -20;
    private static final int MOST_NICE = 19;

    static int run(Args args, Kernel kernel, Chain chain) {
        Scheduling policy = null;
        int priority = 0;
        for (int i = 0; i < args.options(); i++) {
            Scheduling chosen = switch (args.letter(i)) {
                case 'b' -> Scheduling.BATCH;
                case 'f' -> Scheduling.FIFO;
                case 'i' -> Scheduling.IDLE;
                case 'o' -> Scheduling.OTHER;
                case 'r' -> Scheduling.ROUND_ROBIN;
                default -> null;
            };
            if (chosen == null) continue;
            if (policy != null && policy != chosen) throw Fatal.usage("more than one scheduling policy");
            policy = chosen;
            if (chosen.isRealTime()) priority = priority(args.value(i));
        }
        Integer nice = args.has('n') ? nice(args.value('n')) : null;
        List<String> program = args.program("missing program argument");
        if (policy == null && nice == null) throw Fatal.usage("nothing to set: no policy and no nice value");
        if (nice != null && policy != null && policy.isRealTime()) {
            throw Fatal.usage("option -n is of no use with -f and -r");
        }
        new Schedule(policy, priority, nice).assume(kernel, false);
        return chain.exec(program);
    }

    private static int priority(String text) {
        long priority = text.isEmpty() ? 0 : Numbers.decimal(text, MOST_PRIORITY);
        if (priority < 1) throw Fatal.usage("not a priority from 1 to 99: " + text);
        return (int) priority;
    }

    private static int nice(String text) {
        boolean negative = text.startsWith("-");
        String digits = negative ? text.substring(1) : text;
        long size = digits.isEmpty() ? Numbers.NONE : Numbers.decimal(digits, negative ? -LEAST_NICE : MOST_NICE);
        if (size == Numbers.NONE) throw Fatal.usage("not a nice value from -20 to 19: " + text);
        return (int) (negative ? -size : size);
    }
}
