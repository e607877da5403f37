// SPDX-License-Identifier: Apache-2.0
package tools.runwait;

import java.util.ArrayList;
import java.util.List;
import perpetua.act.Pause;
import perpetua.chain.Chain;
import perpetua.cli.Args;
import perpetua.cli.Fatal;
import perpetua.cli.Numbers;
import perpetua.cli.Tool;
import perpetua.cli.Usage;
import perpetua.perp.BaseDirectory;
import perpetua.perp.Observer;
import perpetua.sys.Kernel;
import perpetua.sys.PollSet;
import perpetua.sys.SysException;

/** runwait: run a program when services, files, ports or locks are as it needs them. */
public final class Runwait {
    static final Usage USAGE = Usage.of("runwait", "b:c:e:i:l:qs:t:u:",
            "[-hVq] [-b basedir] [-i msecs] [-t secs] [-u secs] [-c address] [-e path] [-l lockfile] [-s sv[:state]] "
            + "program [args ...]").own();
    public static final Tool TOOL = Tool.of(USAGE, Runwait::run);

    private static final long SECOND = 1_000_000_000L;

    static int run(Args args, Kernel kernel, Chain chain) {
        long poll = Math.max(1, number('i', "100", args)) * 1_000_000L;
        long up = number('u', "1", args) * SECOND;
        long limit = args.has('t') ? number('t', null, args) * SECOND : -1;
        String base = BaseDirectory.ofClient(args, chain.environment());
        List<Condition> conditions = new ArrayList<>();
        boolean services = false;
        for (int i = 0; i < args.options(); i++) {
            Condition condition = Condition.of(args.letter(i), args.value(i), base);
            if (condition == null) continue;
            conditions.add(condition);
            services |= condition.isOfService();
        }
        List<String> program = args.program("missing program argument");
        if (conditions.isEmpty()) throw Fatal.usage("nothing to wait for");
        Observer observer = services ? new Observer(kernel, base) : null;
        long until = kernel.monotonicNanos() + limit;
        boolean told = args.has('q');
        boolean toldOld = told;
        for (;;) {
            long now = kernel.monotonicNanos();
            long left = limit < 0 ? Long.MAX_VALUE : Math.max(0, until - now);
            Condition missing = null;
            long again = 0;
            String names = "";
            for (int i = 0; i < conditions.size(); i++) {
                Condition each = conditions.get(i);
                long wait = each.missing(kernel, observer, up, Math.max(poll, SECOND));
                if (wait == 0) continue;
                names += (names.isEmpty() ? "" : ", ") + each.shown();
                if (missing != null) continue;
                missing = each;
                again = wait;
                // The first tells when to look again; the others are looked at only to be named.
                if (told && left > 0) break;
            }
            if (missing == null) break;
            if (left == 0) throw Fatal.of("still waiting for " + names + " after " + args.value('t') + " seconds");
            if (!told) args.tell("waiting for " + names);
            told = true;
            if (!missing.isOfService()) {
                pass(kernel, Math.min(poll, left));
                continue;
            }
            observer.await(Math.min(again < 0 ? Long.MAX_VALUE : again, left));
            if (!toldOld && !observer.tells()) {
                toldOld = true;
                args.tell("this perpd is perp's own: ready is told by uptime, done by being down");
            }
        }
        if (observer != null) observer.close();
        return chain.exec(program);
    }

    private static long number(char letter, String otherwise, Args args) {
        String text = args.value(letter, otherwise);
        long number = Numbers.decimal(text, Pause.MOST_SECONDS);
        if (number == Numbers.NONE) throw Fatal.usage("bad numeric argument for option -" + letter + ": " + text);
        return number;
    }

    private static void pass(Kernel kernel, long nanos) {
        try {
            kernel.poll(new PollSet(), nanos);
        } catch (SysException e) {
            throw Fatal.system("failure waiting", e);
        }
    }
}
