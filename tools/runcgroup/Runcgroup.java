// SPDX-License-Identifier: Apache-2.0
package tools.runcgroup;

import java.util.List;
import perpetua.act.ControlGroup;
import perpetua.chain.Chain;
import perpetua.cli.Args;
import perpetua.cli.Fatal;
import perpetua.cli.Numbers;
import perpetua.cli.Tool;
import perpetua.cli.Usage;
import perpetua.sys.Kernel;

/** runcgroup: run a program in a control group with limits of its own. */
public final class Runcgroup {
    static final Usage USAGE = Usage.of("runcgroup", "b:H:m:p:w:x:",
            "[-hV] [-b base] [-H size] [-m size] [-p pids] [-w weight] [-x quota[/period]] group program [args ...]").own();
    public static final Tool TOOL = Tool.of(USAGE, Runcgroup::run);

    private static final int MOST_WEIGHT = 10000;
    private static final String NO_LIMIT = "max";

    static int run(Args args, Kernel kernel, Chain chain) {
        String base = args.value('b');
        if (base != null && !base.startsWith("/")) throw Fatal.usage("base is not absolute: " + base);
        String high = args.has('H') ? size(args.value('H')) : null;
        String most = args.has('m') ? size(args.value('m')) : null;
        String pids = args.has('p') ? count(args.value('p'), "not a number of processes: ") : null;
        String weight = args.has('w') ? weight(args.value('w')) : null;
        String quota = args.has('x') ? quota(args.value('x')) : null;
        String name = args.operand("missing group argument");
        if (!isName(name)) throw Fatal.usage("not the name of a control group: " + name);
        List<String> program = args.program("missing program argument");
        ControlGroup group = ControlGroup.of(kernel, base, name);
        group.make();
        set(group, "memory.high", high);
        set(group, "memory.max", most);
        set(group, "pids.max", pids);
        set(group, "cpu.weight", weight);
        set(group, "cpu.max", quota);
        group.enter();
        return chain.exec(program);
    }

    private static void set(ControlGroup group, String file, String value) {
        if (value != null) group.set(file, value);
    }

    /** No way up, and no part that is empty. */
    private static boolean isName(String name) {
        int from = name.startsWith("/") ? 1 : 0;
        while (from <= name.length()) {
            int to = name.indexOf('/', from);
            if (to < 0) to = name.length();
            String part = name.substring(from, to);
            if (part.isEmpty() || part.equals(".") || part.equals("..")) return false;
            from = to + 1;
        }
        return true;
    }

    private static String size(String text) {
        long size = text.isEmpty() ? Numbers.NONE : Numbers.size(text);
        if (text.equals(NO_LIMIT)) return text;
        if (size == Numbers.NONE) throw Fatal.usage("not a size: " + text);
        return String.valueOf(size);
    }

    private static String count(String text, String sentence) {
        if (text.equals(NO_LIMIT)) return text;
        if (text.isEmpty() || Numbers.decimal(text) < 1) throw Fatal.usage(sentence + text);
        return String.valueOf(Numbers.decimal(text));
    }

    private static String weight(String text) {
        long weight = text.isEmpty() ? Numbers.NONE : Numbers.decimal(text, MOST_WEIGHT);
        if (weight < 1) throw Fatal.usage("not a weight from 1 to 10000: " + text);
        return String.valueOf(weight);
    }

    /** {@code 20000/100000}, in microseconds. */
    private static String quota(String text) {
        String sentence = "not a quota of processor time: ";
        int slash = text.indexOf('/');
        if (slash < 0) return count(text, sentence);
        if (text.substring(slash + 1).equals(NO_LIMIT)) throw Fatal.usage(sentence + text);
        return count(text.substring(0, slash), sentence) + " " + count(text.substring(slash + 1), sentence);
    }
}
