// SPDX-License-Identifier: Apache-2.0
package tools.perpls;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import perpetua.chain.Chain;
import perpetua.cli.Args;
import perpetua.cli.Fatal;
import perpetua.cli.JsonWriter;
import perpetua.cli.Tool;
import perpetua.cli.Usage;
import perpetua.cli.Voice;
import perpetua.perp.BaseDirectory;
import perpetua.perp.ControlClient;
import perpetua.perp.Goal;
import perpetua.perp.Observer;
import perpetua.perp.Panel;
import perpetua.perp.ServiceJson;
import perpetua.perp.ServiceNames;
import perpetua.sys.Kernel;
import perpetua.sys.SysException;

/** perpls: show what perpd's services are doing, a line each. */
public final class Perpls {
    static final Usage USAGE = Usage.of("perpls", "b:cGgjrtwK", "[-hV] [-b basedir] [-cGgrt] [sv ...]")
            .voice(Voice.CLIENT).withoutColon().word("--json", 'j');
    public static final Tool TOOL = Tool.of(USAGE, Perpls::run);

    /** To the upper left corner; then each line takes the place of an old one, and nothing is left below. */
    private static final String HOME = "\033[H";
    private static final String END_OF_LINE = "\033[K\n";
    private static final String REST_OF_SCREEN = "\033[J";

    static int run(Args args, Kernel kernel, Chain chain) {
        String base = null;
        for (int i = 0; i < args.options(); i++) {
            if (args.letter(i) == 'b') base = args.value(i);
            if (args.letter(i) == 'c') base = ".";
        }
        base = BaseDirectory.of(base, chain.environment(), ".");
        Colors colors = Colors.of(args, kernel, chain.environment());
        if (colors != null && args.has('K')) {
            args.tell("color capabilities: " + colors);
            return 0;
        }
        BaseDirectory.enter(kernel, base, "unable to chdir() to");
        ControlClient perpd = ControlClient.connect(kernel, base);
        if (args.has('w')) {
            perpd.close();
            watch(base, args, kernel, colors);
        }
        List<Panel> panels = panels(base, args, kernel, perpd);
        args.print(text(panels, args, kernel, colors, perpd.tellsMore()));
        if (args.has('j') && !perpd.tellsMore()) tellOfOld(args);
        return 0;
    }

    /** Shows them again whenever something has changed, until it is ended. */
    private static void watch(String base, Args args, Kernel kernel, Colors colors) {
        Observer observer = new Observer(kernel, base);
        boolean screen = kernel.isTerminal(1) && !args.has('j');
        String shown = null;
        boolean lost = false;
        boolean told = false;
        for (;;) {
            long settles = -1;
            try {
                ControlClient perpd = observer.connection();
                List<Panel> panels = panels(base, args, kernel, perpd);
                StringBuilder face = new StringBuilder();
                for (Panel panel : panels) {
                    face.append(panel.face()).append('\n');
                    settles = Goal.sooner(settles, panel.settles(kernel.realtimeNanos()));
                }
                boolean same = face.toString().equals(shown);
                // Its end shows in each line; that it is gone is said once, and what it did last stays to be seen.
                if (!same && !perpd.isBroken()) {
                    String text = text(panels, args, kernel, colors, perpd.tellsMore());
                    if (screen) text = HOME + text.replace("\n", END_OF_LINE) + REST_OF_SCREEN;
                    else if (shown != null && !args.has('j')) text = "\n" + text;
                    args.print(text);
                    shown = face.toString();
                }
                lost = false;
            } catch (SysException e) {
                if (!lost) args.tell("perpd is gone; waiting for it");
                lost = true;
            }
            observer.await(settles);
            if (!observer.tells() && !told) tellOfOld(args);
            told = !observer.tells();
        }
    }

    private static void tellOfOld(Args args) {
        args.tell("this perpd is perp's own: it tells neither of changes nor of ends, restarts and readiness");
    }

    private static List<Panel> panels(String base, Args args, Kernel kernel, ControlClient perpd) {
        List<String> names = args.left() > 0 ? ServiceNames.of(kernel, args.rest(), false) : all(base, kernel);
        List<Panel> panels = Panel.of(names, kernel, perpd, kernel.realtimeNanos());
        if (args.left() == 0) panels.removeIf(panel -> !panel.isDirectory());
        if (args.has('t')) panels.sort(Comparator.comparingLong(Panel::age).thenComparing(Panel::name));
        if (args.has('r')) Collections.reverse(panels);
        return panels;
    }

    private static String text(List<Panel> panels, Args args, Kernel kernel, Colors colors, boolean tellsMore) {
        if (args.has('j')) {
            JsonWriter out = new JsonWriter().openArray();
            ServiceJson json = new ServiceJson(out, kernel.realtimeNanos(), tellsMore);
            for (Panel panel : panels) json.write(panel);
            return out.closeArray() + "\n";
        }
        int width = 0;
        for (Panel panel : panels) width = Math.max(width, panel.name().length());
        StringBuilder text = new StringBuilder();
        for (Panel panel : panels) {
            String name = panel.name() + " ".repeat(width - panel.name().length());
            if (colors != null) name = colors.painted(name, panel);
            text.append(panel.signs()).append("  ").append(name).append("  ").append(panel.rest()).append('\n');
        }
        return text.toString();
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
