// SPDX-License-Identifier: Apache-2.0
package tools.slm;

import java.util.ArrayList;
import java.util.List;
import perpetua.act.Schedule;
import perpetua.act.Seclusion;
import perpetua.chain.Chain;
import perpetua.cli.Args;
import perpetua.cli.Fatal;
import perpetua.cli.Numbers;
import perpetua.cli.Tool;
import perpetua.cli.Usage;
import perpetua.slm.AccessPoint;
import perpetua.slm.Configuration;
import perpetua.slm.Daemon;
import perpetua.slm.Links;
import perpetua.slm.Options;
import perpetua.slm.Priority;
import perpetua.slm.Refusal;
import perpetua.slm.Settings;
import perpetua.slm.World;
import perpetua.sys.Kernel;
import perpetua.sys.SysException;

/** slm: start, watch, repair and stop a graph of processes. */
public final class Slm {
    static final Usage USAGE = Usage.of("slm", "ab:cD:n:p:P:r:R:s:t:T:vVx:",
            "[-hacvV] [--graph] [-b s] [-D mode] [-n path] [-p prio] [-P path] [-r mode] [-R n/unit] [-s name] [-t ms] "
            + "[-T ms] [-x name] config").own().word("--graph", 'G');
    public static final Tool TOOL = Tool.of(USAGE, Slm::run);

    private static final int BACKLOG = 16;
    private static final long MOST_SECONDS = 31L * 24 * 3600;

    static int run(Args args, Kernel kernel, Chain chain) {
        Settings settings = settings(args);
        Options options = options(args, chain);
        Schedule own = args.has('p') ? Priority.of(args.value('p')) : null;
        if (args.has('p') && own == null) throw Fatal.usage("not a priority from 1 to 99: " + args.value('p'));
        Configuration configuration = configuration(args, kernel, options);
        if (args.has('G') || args.has('c')) {
            args.print(args.has('G') ? configuration.graph() : configuration.startOrder());
            return 0;
        }
        prepare(kernel);
        int socket = AccessPoint.listen(kernel, options.socket(), BACKLOG);
        if (own != null) own.assume(kernel, true);
        try {
            new Daemon(kernel, chain::beside, configuration, options, settings, socket).run();
        } catch (SysException e) {
            throw Fatal.system("unable to wait for signals", e);
        }
        try {
            kernel.unlink(options.socket());
        } catch (SysException e) {
            throw Fatal.system("unable to remove access point " + options.socket(), e);
        }
        return 0;
    }

    private static Settings settings(Args args) {
        String mode = args.value('r', "replace");
        String rate = args.value('R', "2/min");
        long backoff = number(args, 'b', "0", 0, MOST_SECONDS);
        long poll = number(args, 't', "100", 1, 1000 * MOST_SECONDS);
        long timeout = number(args, 'T', "50000", 0, 1000 * MOST_SECONDS);
        Settings settings = Settings.of(mode, rate, 1000 * backoff, poll, timeout);
        if (settings != null) return settings;
        throw Fatal.usage(Settings.of("none", rate, 0, 1, 0) == null ? "not a rate, such as 2/min: " + rate
                : "not a recovery mode: " + mode);
    }

    private static long number(Args args, char letter, String otherwise, long least, long most) {
        String text = args.value(letter, otherwise);
        long number = text.isEmpty() ? Numbers.NONE : Numbers.decimal(text, most);
        if (number < least) throw Fatal.usage("bad numeric argument for -" + letter + ": " + text);
        return number;
    }

    private static Options options(Args args, Chain chain) {
        int console = World.ERROR;
        int system = World.WARNING;
        List<String> startup = new ArrayList<>();
        List<String> ending = new ArrayList<>();
        for (int i = 0; i < args.options(); i++) {
            switch (args.letter(i)) {
                case 'V' -> console++;
                case 'v' -> system++;
                case 's' -> startup.add(args.value(i));
                case 'x' -> ending.add(args.value(i));
                default -> { }
            }
        }
        if (startup.isEmpty()) startup.add("all");
        if (ending.isEmpty()) ending.add("all");
        String debug = args.value('D', "cmd");
        if (!debug.equals("cmd") && !debug.equals("startup") && !debug.equals("always")) {
            throw Fatal.usage("not a debug mode: " + debug);
        }
        String file = args.operand("missing config argument");
        if (args.left() > 0) throw Fatal.usage("too many arguments: " + args.operand());
        return new Options(file, args.value('n', AccessPoint.STANDARD), startup, ending, args.has('a'),
                debug.equals("startup"), debug.equals("always"), console, system, args.value('P', chain.path()),
                chain.environment().list());
    }

    private static Configuration configuration(Args args, Kernel kernel, Options options) {
        try {
            Configuration configuration = Configuration.load(kernel, options.file(), sentence -> args.complain("warning", sentence));
            for (String name : options.startup()) known(configuration, name, 's');
            for (String name : options.ending()) known(configuration, name, 'x');
            if (!args.has('G')) Links.make(kernel, configuration);
            return configuration;
        } catch (Refusal e) {
            throw Fatal.mistake(e.getMessage());
        }
    }

    private static void known(Configuration configuration, String name, char letter) {
        if (!configuration.knows(name)) throw Fatal.mistake("no component or module for -" + letter + ": " + name);
    }

    private static void prepare(Kernel kernel) {
        try {
            Seclusion.begin(kernel);
        } catch (SysException e) {
            throw Fatal.system("unable to open /dev/null", e);
        }
    }
}
