// SPDX-License-Identifier: Apache-2.0
package tools.runfd;

import perpetua.act.Redirections;
import perpetua.chain.Chain;
import perpetua.cli.Args;
import perpetua.cli.Fatal;
import perpetua.cli.Numbers;
import perpetua.cli.Tool;
import perpetua.cli.Usage;
import perpetua.sys.Kernel;
import perpetua.sys.SysException;

/** runfd: run a program with other descriptors. */
public final class Runfd {
    static final Usage USAGE = Usage.of("runfd", "c:F:", "[-hV] [-c first[,keep ...]] [-F fdset] program [args ...]").own();
    public static final Tool TOOL = Tool.of(USAGE, Runfd::run);

    private static final int MOST = 0x7ffffffe;

    static int run(Args args, Kernel kernel, Chain chain) {
        if (args.left() == 0) throw Fatal.usage("missing required program argument");
        for (int i = 0; i < args.options(); i++) {
            String value = args.value(i);
            if (args.letter(i) == 'c') close(kernel, value);
            else Redirections.apply(kernel, value, MOST, sentence -> args.complain("warning", sentence));
        }
        return chain.exec(args.rest());
    }

    /** {@code 3,5,200}: from 3 on, but not 5 and 200. */
    private static void close(Kernel kernel, String list) {
        int comma = list.indexOf(',');
        int from = number(list, 0, comma < 0 ? list.length() : comma);
        try {
            // The kernel closes ranges: those between one kept and the next.
            for (;;) {
                int keep = leastKept(list, comma, from);
                if (from < keep) kernel.closeRange(from, keep - 1);
                if (keep > MOST) return;
                from = keep + 1;
            }
        } catch (SysException e) {
            throw Fatal.system("failure closing descriptors from " + from, e);
        }
    }

    /** @return the least of those named behind the comma that is {@code from} or more; otherwise one more than all */
    private static int leastKept(String list, int comma, int from) {
        int least = MOST + 1;
        while (comma >= 0) {
            int next = list.indexOf(',', comma + 1);
            int keep = number(list, comma + 1, next < 0 ? list.length() : next);
            if (keep >= from && keep < least) least = keep;
            comma = next;
        }
        return least;
    }

    private static int number(String list, int from, int to) {
        long number = from == to ? Numbers.NONE : Numbers.decimal(list.substring(from, to), MOST);
        if (number == Numbers.NONE) throw Fatal.usage("bad numeric argument for option -c: " + list);
        return (int) number;
    }
}
