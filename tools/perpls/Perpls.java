// SPDX-License-Identifier: Apache-2.0
package tools.perpls;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import perpetua.chain.Chain;
import perpetua.cli.Args;
import perpetua.cli.Fatal;
import perpetua.cli.Tool;
import perpetua.cli.Usage;
import perpetua.cli.Voice;
import perpetua.perp.BaseDirectory;
import perpetua.perp.ControlClient;
import perpetua.perp.Panel;
import perpetua.sys.Kernel;
import perpetua.sys.SysException;

/** perpls: show what perpd's services are doing, a line each. */
public final class Perpls {
    static final Usage USAGE = Usage.of("perpls", "b:cGgrtK", "[-hV] [-b basedir] [-cGgrt] [sv ...]")
            .voice(Voice.CLIENT).withoutColon();
    public static final Tool TOOL = Tool.of(USAGE, Perpls::run);

    static int run(Args args, Kernel kernel, Chain chain) {
        String base = null;
        for (int i = 0; i < args.options(); i++) {
            if (args.letter(i) == 'b') base = args.value(i);
            if (args.letter(i) == 'c') base = ".";
        }
        if (base == null) base = BaseDirectory.fromEnvironment(chain.environment(), ".");
        Colors colors = Colors.of(args, kernel, chain.environment());
        if (colors != null && args.has('K')) {
            args.tell("color capabilities: " + colors);
            return 0;
        }
        BaseDirectory.enter(kernel, base, "unable to chdir() to");
        ControlClient perpd = ControlClient.connect(kernel, base);
        List<String> names = args.left() > 0 ? args.rest() : all(base, kernel);
        long wall = kernel.realtimeNanos();
        List<Panel> panels = new ArrayList<>();
        for (String name : names) {
            Panel panel = Panel.of(name, kernel, perpd, wall);
            if (args.left() > 0 || panel != null && panel.isDirectory()) panels.add(panel);
        }
        if (args.has('t')) panels.sort(Comparator.comparingLong(Panel::age).thenComparing(Panel::name));
        if (args.has('r')) Collections.reverse(panels);
        int width = 0;
        for (Panel panel : panels) width = Math.max(width, panel.name().length());
        StringBuilder text = new StringBuilder();
        for (Panel panel : panels) {
            String name = panel.name() + " ".repeat(width - panel.name().length());
            if (colors != null) name = colors.painted(name, panel);
            text.append(panel.signs()).append("  ").append(name).append("  ").append(panel.rest()).append('\n');
        }
        args.print(text.toString());
        return 0;
    }

    /** Every name in the base directory that does not begin with a dot, sorted bytewise. */
    private static List<String> all(String base, Kernel kernel) {
        List<String> names;
        try {
            names = kernel.list(".");
        } catch (SysException e) {
            throw Fatal.system("failure opendir() on base directory " + base, e);
        }
        names.removeIf(name -> name.charAt(0) == '.');
        Collections.sort(names);
        return names;
    }
}
