// SPDX-License-Identifier: Apache-2.0
package examples.echod;

import java.util.Arrays;
import perpetua.chain.Chain;
import perpetua.cli.Args;
import perpetua.cli.Fatal;
import perpetua.cli.Numbers;
import perpetua.cli.Tool;
import perpetua.cli.Usage;
import perpetua.log.Syslog;
import perpetua.sys.Bytes;
import perpetua.sys.Kernel;
import perpetua.sys.Open;
import perpetua.sys.PollSet;
import perpetua.sys.Signal;
import perpetua.sys.SysException;

/**
 * echod: a daemon that answers each line with itself, one request at a time, on TCP port 30333.
 *
 * <p>What makes it a daemon stands in the exec chain before it: see the script echod. Here is only what no other program
 * can do for it. TERM ends it at once; USR1 when the request in hand is answered; HUP lets it read its configuration again then.
 */
public final class Echod {
    static final Usage USAGE = Usage.of("echod", "c:n:p:x:", "[-hV] [-c config] [-n readyfd] [-p port] [-x pidfile]").own();
    static final Tool TOOL = Tool.of(USAGE, Echod::run);

    private static final int LINE = 1024;
    private static final int NOTICE = 5;
    private static final int ERROR = 3;
    /** What is asked of it, and then what ends it as an accident would, but with a word in the log. */
    private static final Signal[] CAUGHT = {
        Signal.TERM, Signal.USR1, Signal.HUP, Signal.QUIT, Signal.PWR, Signal.ILL, Signal.TRAP, Signal.ABRT, Signal.BUS,
        Signal.FPE, Signal.SEGV, Signal.SYS,
    };
    /** How many of them a JVM does not have for itself. */
    private static final int FREE = 5;

    private final Kernel kernel;
    private final Args args;
    private final Syslog log;
    private final byte[] line = new byte[LINE];
    private final int signals;
    private final int listener;
    private String greeting = "";
    private int length;
    private int client = -1;
    private boolean graceful;
    private boolean hup;
    private int status = -1;

    static int run(Args args, Kernel kernel, Chain chain) {
        Syslog log = new Syslog(kernel, "echod[" + kernel.pid() + "]", Syslog.facility("LOG_LOCAL0"));
        try {
            Echod echod = new Echod(args, kernel, log);
            while (echod.status < 0) echod.step();
            return echod.status;
        } catch (SysException e) {
            log.post(ERROR, "unable to serve: " + e.getMessage());
            throw Fatal.system("unable to serve", e);
        } finally {
            remove(kernel, args.value('x'));
        }
    }

    private Echod(Args args, Kernel kernel, Syslog log) throws SysException {
        this.args = args;
        this.kernel = kernel;
        this.log = log;
        long port = Numbers.decimal(args.value('p', "30333"), 65535);
        if (port < 1) throw Fatal.usage("bad numeric argument for option -p: " + args.value('p'));
        signals = signals(kernel);
        configure();
        listener = kernel.listenInternet((int) port, 128);
        // All that can fail has been done. Now nobody is at the terminal any more.
        if (args.has('n')) {
            int ready = (int) Numbers.decimal(args.value('n'), 9999);
            kernel.write(ready, Bytes.of("\n"), 0, 1);
            kernel.close(ready);
            kernel.duplicate(1, 2);
        }
        log.post(NOTICE, "serving on port " + port);
    }

    private static int signals(Kernel kernel) throws SysException {
        try {
            return kernel.signals(CAUGHT);
        } catch (SysException e) {
            return kernel.signals(Arrays.copyOf(CAUGHT, FREE));
        }
    }

    /** The first line of the configuration is said before each answer. */
    private void configure() throws SysException {
        if (!args.has('c')) return;
        int fd = kernel.open(args.value('c'), Open.READ, 0);
        byte[] bytes = new byte[LINE];
        String text = Bytes.text(bytes, 0, kernel.read(fd, bytes, 0, LINE));
        kernel.close(fd);
        greeting = text.substring(0, Math.max(0, text.indexOf('\n')));
    }

    /** Waits for a signal, and for a client or for what it sends. */
    private void step() throws SysException {
        PollSet set = new PollSet();
        set.add(signals, PollSet.IN);
        set.add(client < 0 ? listener : client, PollSet.IN);
        kernel.poll(set, -1);
        for (int number; status < 0 && (number = kernel.nextSignal(signals)) > 0; ) caught(number);
        // Before the next client: it asked after the signal was sent.
        settle();
        if (status < 0 && set.isReady(1)) {
            try {
                if (client < 0) client = kernel.accept(listener);
                else read();
            } catch (SysException e) {
                // A client that went away is no reason to end.
                hangUp();
            }
        }
        settle();
    }

    /** What was asked for is done between two requests. */
    private void settle() throws SysException {
        if (client >= 0 || !graceful || status >= 0) return;
        if (hup) configure();
        else status = 0;
        graceful = hup = false;
    }

    private void caught(int number) {
        boolean accident = false;
        if (number == Signal.TERM.number()) status = 0;
        else if (number == Signal.USR1.number() || number == Signal.HUP.number()) graceful = true;
        else accident = true;
        hup |= number == Signal.HUP.number();
        log.post(NOTICE, "caught signal " + Signal.name(number) + (graceful && !accident && status < 0 ? "" : " - exiting"));
        if (accident) status = 128 + number;
    }

    private void read() throws SysException {
        int count = kernel.read(client, line, length, LINE - length);
        length += Math.max(0, count);
        if (count > 0 && line[length - 1] != '\n' && length < LINE) return;
        if (count > 0) answer(Bytes.of(greeting), greeting.length());
        if (count > 0) answer(line, length);
        hangUp();
    }

    private void answer(byte[] bytes, int size) throws SysException {
        for (int done = 0; done < size; ) done += kernel.write(client, bytes, done, size - done);
    }

    private void hangUp() throws SysException {
        if (client >= 0) kernel.close(client);
        client = -1;
        length = 0;
    }

    private static void remove(Kernel kernel, String pidFile) {
        try {
            if (pidFile != null) kernel.unlink(pidFile);
        } catch (SysException gone) {
            // Somebody else has tidied up.
        }
    }
}
