// SPDX-License-Identifier: Apache-2.0
package tools.rundetach;

import java.util.ArrayList;
import java.util.List;
import perpetua.act.Pause;
import perpetua.chain.Chain;
import perpetua.cli.Args;
import perpetua.cli.Fatal;
import perpetua.cli.Numbers;
import perpetua.cli.Tool;
import perpetua.cli.Usage;
import perpetua.sys.Errno;
import perpetua.sys.Kernel;
import perpetua.sys.Reaped;
import perpetua.sys.Spawn;
import perpetua.sys.SysException;

/** rundetach: run a program in the background, in a session of its own. */
public final class Rundetach {
    static final Usage USAGE = Usage.of("rundetach", "2n:sw:", "[-hV] program [args ...]");
    public static final Tool TOOL = Tool.of(USAGE, Rundetach::run);

    private static final int LEAST_FD = 3;
    private static final int MOST_FD = 0x7fffffff;

    static int run(Args args, Kernel kernel, Chain chain) {
        long seconds = number(args, 'w', 0, Pause.MOST_SECONDS);
        long readyFd = number(args, 'n', LEAST_FD, MOST_FD);
        if (args.has('n') && !args.has('w')) throw Fatal.usage("option -n needs option -w");
        List<String> program = args.program("missing required program argument");
        try {
            if (args.has('2')) return twice(args, kernel, chain, program);
            if (args.has('w')) {
                Start start = new Start(args, kernel, program.get(0), (int) readyFd);
                return start.status(chain.spawn(program, child -> start.settle(session(args, child))), seconds);
            }
            chain.spawn(program, child -> session(args, child).keepMask());
        } catch (SysException e) {
            if (isOutOfRoom(e)) throw Fatal.system("failure to detach", e);
            // Who does not wait does not learn how it went: perp's child says this too, and its parent ends with 0.
            args.complain("fatal", "unable to run " + program.get(0) + ": " + e.getMessage());
            if (args.has('w')) return Fatal.FAILURE;
        }
        return 0;
    }

    /** @return -1 if the option was not given */
    private static long number(Args args, char letter, long least, long most) {
        String text = args.value(letter);
        if (text == null) return -1;
        long number = text.isEmpty() ? Numbers.NONE : Numbers.decimal(text, most);
        if (number < least) throw Fatal.usage("bad numeric argument for option -" + letter + ": " + text);
        return number;
    }

    private static Spawn session(Args args, Spawn child) {
        return args.has('s') ? child : child.newSession();
    }

    /** By a process between, which leads the session and ends: so the program can never have a terminal again. */
    private static int twice(Args args, Kernel kernel, Chain chain, List<String> program) throws SysException {
        List<String> words = new ArrayList<>(List.of(args.path(), "-s"));
        for (char letter : new char[] {'w', 'n'}) {
            if (args.has(letter)) words.addAll(List.of("-" + letter, args.value(letter)));
        }
        words.add("--");
        words.addAll(program);
        Reaped how = kernel.await(chain.respawn(words, child -> child.newSession().keepMask()));
        return how.signal() > 0 ? Fatal.FAILURE : how.status();
    }

    /** Then there was no child at all; other failures are those of the program. */
    private static boolean isOutOfRoom(SysException e) {
        return e.is(Errno.EAGAIN) || e.is(Errno.ENOMEM) || e.is(Errno.EMFILE) || e.is(Errno.ENFILE);
    }
}
