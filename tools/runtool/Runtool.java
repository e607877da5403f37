// SPDX-License-Identifier: Apache-2.0
package tools.runtool;

import java.util.ArrayList;
import java.util.List;
import perpetua.act.Accounts;
import perpetua.act.ArgumentFile;
import perpetua.act.EnvironmentFile;
import perpetua.act.EnvironmentFile.Sentences;
import perpetua.act.Identity;
import perpetua.act.LimitList;
import perpetua.act.LineFile;
import perpetua.act.Pause;
import perpetua.act.Redirections;
import perpetua.act.Subject;
import perpetua.chain.Chain;
import perpetua.chain.Environment;
import perpetua.cli.Args;
import perpetua.cli.Fatal;
import perpetua.cli.Numbers;
import perpetua.cli.Tool;
import perpetua.cli.Usage;
import perpetua.sys.Account;
import perpetua.sys.Kernel;
import perpetua.sys.LockFile;
import perpetua.sys.Spawn;
import perpetua.sys.SysException;

/**
 * runtool: several run tools in one. Whatever the order of the options, what they ask for is done in one order, which
 * is that of {@link #run}; and each is looked at when its turn comes.
 */
public final class Runtool {
    static final Usage USAGE = Usage.of("runtool", "0:a:A:c:C:de:E:F:L:P:m:R:sS:u:U:z:W",
            "[-hV] [-0 argv0] [<-a | -A> argfile] [-c chdir] [-C chroot] [-d] [<-e | -E> envfile] [-F fdset] "
            + "[-L [:]lockfile | -P [:]pidlock] [-m umask] [-R <a|c|d|f|m|o|p|r|s|t>=<num|!>[:...]] [-s] "
            + "[-S altpath] [-u user] [-U user] [-z secs] [-W] program [args ...]");
    public static final Tool TOOL = Tool.of(USAGE, Runtool::run);

    /** The options whose work is done before it detaches. */
    private static final String BEFORE = "0aAdeEsSU";

    private static final long MOST_BITS = 0xffffffffL;

    private final Args args;
    private final Kernel kernel;
    private final Chain chain;
    private final String program;
    private final List<String> argv;

    private Runtool(Args args, Kernel kernel, Chain chain, String program, List<String> argv) {
        this.args = args;
        this.kernel = kernel;
        this.chain = chain;
        this.program = program;
        this.argv = argv;
    }

    static int run(Args args, Kernel kernel, Chain chain) {
        String program = args.operand("missing required program argument");
        if (args.has('L') && args.has('P')) {
            throw Fatal.usage("options -L (setlock) and -P (pidlock) are mutually exclusive");
        }
        Runtool run = new Runtool(args, kernel, chain, program, argv(args, kernel, program));
        run.changeEnvironment();
        if (args.has('d')) return run.detach();
        if (args.has('s')) run.newSession();
        run.lock();
        if (args.has('m')) run.maskModes(args.value('m'));
        if (args.has('F')) Redirections.apply(kernel, args.value('F'), run::warn);
        if (args.has('R')) LimitList.apply(args, kernel, args.value('R'));
        if (args.has('c')) run.changeDirectory(args.value('c'));
        if (args.has('C')) run.changeRoot(args.value('C'));
        if (args.has('u')) run.assume(args.value('u'));
        if (args.has('z')) {
            String seconds = args.value('z');
            Pause.of(seconds, "bad numeric argument for sleep option -z: " + seconds).take(kernel);
        }
        return chain.exec(program, run.argv, args.value('S'), run.argv.get(0));
    }

    private void warn(String sentence) {
        if (args.has('W')) args.complain("warning", sentence);
    }

    /** Of two letters that exclude each other the one that was given last; 0 for none. */
    private static char last(Args args, char one, char other) {
        for (int i = args.options() - 1; i >= 0; i--) {
            if (args.letter(i) == one || args.letter(i) == other) return args.letter(i);
        }
        return 0;
    }

    private static List<String> argv(Args args, Kernel kernel, String program) {
        List<LineFile.Line> lines = List.of();
        char letter = last(args, 'a', 'A');
        if (letter != 0) {
            String file = "file for option -" + letter + " " + args.value(letter);
            lines = LineFile.read(kernel, args.value(letter), "unable to open " + file, "error reading " + file);
        }
        return ArgumentFile.argv(args.value('0', program), lines, args.rest(), letter == 'A');
    }

    private void changeEnvironment() {
        char letter = last(args, 'e', 'E');
        if (letter != 0) {
            String path = args.value(letter);
            String option = " for option -" + letter + ": " + path;
            String in = " (option -" + letter + " " + path + ")";
            Environment environment = chain.environment();
            if (letter == 'E') environment.clear();
            EnvironmentFile.apply(kernel, path, environment, new Sentences("failure stat() on path argument" + option,
                    "argument is neither file nor directory" + option, "failure opening file" + option,
                    "unable to chdir" + in, "unable to open directory" + in, in));
        }
        String name = args.value('U');
        if (name == null) return;
        Account account = Accounts.find(kernel, name);
        if (account == null) throw Fatal.usage("no user account found for envuid option -U: " + name);
        Accounts.export(account, chain.environment());
    }

    /**
     * Goes on as a child in a session of its own. There is no fork here (a JVM could not go on after one), and what is
     * still to be done must be done by the process that will be the program: a lock belongs to its pid, and all else
     * is its own. So runtool is started once more as that child, with the options that are left; the environment and the
     * arguments it is given ready, and the path, since the new environment may hold another.
     */
    private int detach() {
        List<String> words = new ArrayList<>();
        words.add(args.path());
        words.add("-0");
        words.add(argv.get(0));
        words.add("-S");
        words.add(args.value('S', chain.path()));
        for (int i = 0; i < args.options(); i++) {
            if (BEFORE.indexOf(args.letter(i)) >= 0) continue;
            words.add("-" + args.letter(i));
            if (args.value(i) != null) words.add(args.value(i));
        }
        words.add("--");
        words.add(program);
        for (int i = 1; i < argv.size(); i++) words.add(argv.get(i));
        try {
            chain.respawn(words, child -> child.newSession().keepMask());
        } catch (SysException e) {
            throw Fatal.system("failure to detach", e);
        }
        return 0;
    }

    private void newSession() {
        try {
            kernel.newSession();
        } catch (SysException e) {
            warn("failure setsid() for option -s: " + e.getMessage());
        }
    }

    private void lock() {
        char letter = last(args, 'L', 'P');
        if (letter == 0) return;
        String file = args.value(letter);
        boolean wait = file.startsWith(":");
        if (wait) file = file.substring(1);
        if (wait && file.isEmpty()) throw Fatal.usage("empty lockfile argument with option -" + letter);
        try {
            LockFile lock = LockFile.acquire(kernel, file, wait);
            if (letter == 'P') lock.write(kernel.pid());
        } catch (SysException e) {
            // Without a blank, as perp says it.
            throw Fatal.system("unable to acquire lock on" + file, e);
        }
    }

    private void maskModes(String text) {
        long mask = Numbers.octal(text);
        if (mask == Numbers.NONE || mask > MOST_BITS) {
            throw Fatal.usage("bad octal numeric argument for option -m: " + text);
        }
        kernel.umask((int) mask);
    }

    private void changeDirectory(String directory) {
        try {
            kernel.changeDirectory(directory);
        } catch (SysException e) {
            throw Fatal.system("failure on chdir to " + directory, e);
        }
    }

    private void changeRoot(String directory) {
        if (kernel.effectiveUserId() != 0) throw Fatal.usage("must have root privilege to chroot");
        try {
            kernel.changeRoot(directory);
        } catch (SysException e) {
            throw Fatal.system("failure on chroot to " + directory, e);
        }
    }

    private void assume(String user) {
        if (kernel.effectiveUserId() != 0) throw Fatal.usage("must have root privilege to setuid");
        Subject subject = Subject.of(kernel, user);
        if (subject == null) throw Fatal.usage("no user account found for setuid option -u: " + user);
        Identity.of(subject.account().uid(), subject.gid()).assume(kernel);
    }
}
