// SPDX-License-Identifier: Apache-2.0
package tools.sissylog;

import perpetua.chain.Chain;
import perpetua.cli.Args;
import perpetua.cli.Fatal;
import perpetua.cli.Tool;
import perpetua.cli.Usage;
import perpetua.log.Lines;
import perpetua.log.Syslog;
import perpetua.sys.Bytes;
import perpetua.sys.Kernel;
import perpetua.sys.Signal;
import perpetua.sys.StandardStreams;
import perpetua.sys.SysException;

/** sissylog: hand the lines of standard input to the system log. */
public final class Sissylog {
    static final Usage USAGE = Usage.of("sissylog", "cl:p", "[-hV] [ ident [ facility ]]");
    public static final Tool TOOL = Tool.of(USAGE, Sissylog::run);

    /** A longer line is handed over in pieces. */
    private static final int LONGEST = 800;

    private static final int ALERT = 1;
    private static final int ERR = 3;
    private static final int WARNING = 4;
    private static final int NOTICE = 5;
    private static final int INFO = 6;
    private static final int DEBUG = 7;

    private final Syslog syslog;
    private final Lines lines = new Lines(LONGEST, null, true);
    private int priority = INFO;

    static int run(Args args, Kernel kernel, Chain chain) {
        String ident = args.operand();
        String facility = args.operand();
        if (ident == null) ident = args.program();
        if (args.has('p')) ident += "[" + kernel.pid() + "]";
        int number = facility == null ? Syslog.DAEMON : Syslog.facility(facility);
        if (number == Syslog.NONE) throw Fatal.usage("unknown facility: " + facility);
        int level = Syslog.level(args.value('l', "LOG_DEBUG"));
        if (level == Syslog.NONE) throw Fatal.usage("unknown priority for option -l: " + args.value('l'));
        try {
            if (!StandardStreams.fill(kernel)) return Fatal.FAILURE;
            kernel.ignore(Signal.PIPE);
        } catch (SysException e) {
            throw Fatal.system("failure setting up standard input", e);
        }
        Syslog syslog = new Syslog(kernel, ident, number);
        syslog.upTo(level);
        if (args.has('c')) syslog.useConsole();
        return new Sissylog(syslog).copy(kernel);
    }

    private Sissylog(Syslog syslog) {
        this.syslog = syslog;
    }

    private int copy(Kernel kernel) {
        syslog.post(INFO, "sissylog: logging from stdin ...");
        byte[] chunk = new byte[8192];
        try {
            for (int count; (count = kernel.read(0, chunk, 0, chunk.length)) > 0; ) {
                lines.read(chunk, count, this::post);
            }
        } catch (SysException e) {
            syslog.post(NOTICE, "notice: sissylog: terminating on i/o error reading stdin");
            return Fatal.FAILURE;
        }
        lines.end(this::post);
        syslog.post(INFO, "sissylog: terminating normally on eof reading stdin");
        return 0;
    }

    private void post(byte[] line, int length) {
        String text = Bytes.text(line, 0, length - 1);
        if (lines.isContinuation()) {
            syslog.post(priority, "+" + text);
        } else {
            priority = priorityOf(text);
            syslog.post(priority, text);
        }
    }

    private static int priorityOf(String line) {
        if (line.startsWith("alert:")) return ALERT;
        if (line.startsWith("error:")) return ERR;
        if (line.startsWith("warning:")) return WARNING;
        if (line.startsWith("notice:")) return NOTICE;
        if (line.startsWith("debug:")) return DEBUG;
        return INFO;
    }
}
