// SPDX-License-Identifier: Apache-2.0
package tools.tinylog;

import perpetua.chain.Chain;
import perpetua.cli.Args;
import perpetua.cli.Fatal;
import perpetua.cli.Numbers;
import perpetua.cli.Tool;
import perpetua.cli.Usage;
import perpetua.cli.Voice;
import perpetua.log.Lines;
import perpetua.log.LogDirectory;
import perpetua.log.UtcStamp;
import perpetua.sys.Errno;
import perpetua.sys.Kernel;
import perpetua.sys.LockFile;
import perpetua.sys.PollSet;
import perpetua.sys.Signal;
import perpetua.sys.StandardStreams;
import perpetua.sys.SysException;

/** tinylog: write the lines of standard input into a directory of log files that stay small. */
public final class Tinylog implements LogDirectory.Watcher {
    // The usage line is perp's to the letter; -c stands on the page.
    static final Usage USAGE = Usage.of("tinylog", "ck:rs:tz", "[-hV] [-k numkeep] [-r] [-s logsize] [-t] [-z] dir")
            .voice(Voice.LOGGER).withoutColon();
    public static final Tool TOOL = Tool.of(USAGE, Tinylog::run).judging(Tinylog::judge);

    private static final long LEAST_SIZE = 2000;
    /** Of a line, with its timestamp, without its newline. */
    private static final int LONGEST = 1000;
    private static final String LOCK = "tinylog.pid";
    private static final String GZIP = "/usr/bin/gzip";

    private final Args args;
    private final Kernel kernel;
    private final String name;
    private final PollSet set = new PollSet();
    private int signals;
    private LogDirectory log;
    private boolean ending;

    private static void judge(char letter, String value) {
        if (letter == 'k' && keep(value) == Numbers.NONE || letter == 's' && Numbers.size(value) == Numbers.NONE) {
            throw Fatal.usage("numeric argument required for option -" + letter);
        }
    }

    private static long keep(String text) {
        return Numbers.decimal(text, 0xffffffffL);
    }

    static int run(Args args, Kernel kernel, Chain chain) {
        String directory = args.operand("missing log directory argument");
        return new Tinylog(args, kernel).log(directory, chain);
    }

    private Tinylog(Args args, Kernel kernel) {
        this.args = args;
        this.kernel = kernel;
        this.name = args.program() + "[" + kernel.pid() + "]: ";
    }

    private int log(String directory, Chain chain) {
        long keep = keep(args.value('k', "5"));
        long bound = Math.max(LEAST_SIZE, Numbers.size(args.value('s', "100000")));
        UtcStamp stamp = args.has('t') ? new UtcStamp() : null;
        String compressor = null;
        if (args.has('z')) {
            compressor = chain.environment().get("TINYLOG_ZIP");
            if (compressor == null || compressor.isEmpty()) compressor = GZIP;
        }
        args.say(name + "starting for logging in " + directory + " ...");
        boolean hasInput;
        try {
            hasInput = StandardStreams.fill(kernel);
        } catch (SysException e) {
            throw Fatal.system("failure open() on /dev/null", e);
        }
        log = new LogDirectory(kernel, this, bound, keep, compressor);
        enter(directory);
        try {
            signals = kernel.signals(Signal.HUP, Signal.TERM, Signal.CHLD);
            // A full disk and a reader of our messages that has gone are no reason to end.
            kernel.ignore(Signal.PIPE);
            kernel.ignore(Signal.XFSZ);
        } catch (SysException e) {
            throw Fatal.system("failure setting up signals", e);
        }
        try {
            log.open(args.has('r'));
        } catch (SysException e) {
            throw Fatal.system("failure open() on current in log directory", e);
        }
        if (!hasInput || !copy(stamp)) return Fatal.FAILURE;
        log.close();
        return 0;
    }

    private void enter(String directory) {
        try {
            kernel.makeDirectory(directory, 0700);
        } catch (SysException e) {
            // It is there, or entering it will tell why not.
        }
        try {
            kernel.changeDirectory(directory);
        } catch (SysException e) {
            throw Fatal.system("failure chdir() to log directory " + directory, e);
        }
        try {
            LockFile.acquirePrivately(kernel, LOCK).write(kernel.pid());
        } catch (SysException e) {
            throw Fatal.system("failure acquiring lock file " + LOCK + " in log directory " + directory, e);
        }
    }

    /** Logs until the end of the input or a TERM. @return false if the input can't be read */
    private boolean copy(UtcStamp stamp) {
        Lines lines = new Lines(LONGEST, stamp, args.has('c'));
        byte[] chunk = new byte[1 << 16];
        while (!ending) {
            set.clear();
            set.add(signals, PollSet.IN);
            set.add(0, PollSet.IN);
            try {
                kernel.poll(set, -1);
                if (set.isReady(0)) takeSignals();
                // Even when told to end: what was written before that is to be logged.
                if (!set.isReady(1)) continue;
                int count = kernel.read(0, chunk, 0, chunk.length);
                if (count == 0) break;
                if (stamp != null) stamp.set(kernel.realtimeNanos());
                lines.read(chunk, count, log);
                log.flush();
            } catch (SysException e) {
                if (e.is(Errno.EAGAIN) || e.is(Errno.ENOMEM)) continue;
                return false;
            }
        }
        if (stamp != null) stamp.set(kernel.realtimeNanos());
        lines.end(log);
        log.flush();
        return true;
    }

    private void takeSignals() throws SysException {
        for (int number; (number = kernel.nextSignal(signals)) > 0; ) {
            if (number == Signal.HUP.number()) log.askRotation();
            if (number == Signal.TERM.number()) ending = true;
        }
    }

    @Override
    public void warn(String sentence) {
        args.say("warning: " + name + sentence);
    }

    @Override
    public void error(String sentence) {
        args.say("error: " + name + sentence);
    }

    @Override
    public void pause(String sentence, long nanos) {
        warn("pausing: " + sentence);
        set.clear();
        set.add(signals, PollSet.IN);
        long until = kernel.monotonicNanos() + nanos;
        try {
            for (long left = nanos; left > 0 && !ending; left = until - kernel.monotonicNanos()) {
                if (kernel.poll(set, left) > 0) takeSignals();
            }
        } catch (SysException e) {
            // Without a wait it tries again at once.
        }
        if (ending) throw Fatal.of("exiting on SIGTERM during retry error: " + sentence);
    }
}
