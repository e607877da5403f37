// SPDX-License-Identifier: Apache-2.0
package tools.ubus;

import java.util.List;
import perpetua.bus.BusClient;
import perpetua.bus.BusObject;
import perpetua.bus.BusStatus;
import perpetua.bus.Json;
import perpetua.bus.Table;
import perpetua.chain.Chain;
import perpetua.cli.Args;
import perpetua.cli.Fatal;
import perpetua.cli.Numbers;
import perpetua.cli.Tool;
import perpetua.cli.Usage;
import perpetua.sys.Errno;
import perpetua.sys.Kernel;
import perpetua.sys.SysException;

/** ubus: call the objects of the bus, and listen to it. */
public final class Ubus {
    static final Usage USAGE = Usage.of("ubus", "s:St:v",
            "[-hSVv] [-s socket] [-t secs] call | list | listen | send | subscribe | wait_for [args ...]").own();
    public static final Tool TOOL = Tool.of(USAGE, Ubus::run);

    // The exit statuses of OpenWrt's program, which scripts know.
    private static final int NO_COMMAND = 1;
    private static final int MISUSE = 254;
    private static final int NO_BUS = 255;

    private static final long SECOND = 1_000_000_000L;
    private static final long PATIENCE = 30;
    /** Between two looks for what is not there yet. */
    private static final long PAUSE = SECOND / 50;

    /** Nobody listens at the socket. */
    private static final class NoBus extends Exception {
        NoBus() {
            super(null, null, false, false);
        }
    }

    /** A subcommand that was not given what it needs. */
    private static final class Misuse extends Exception {
        Misuse() {
            super(null, null, false, false);
        }
    }

    private final Args args;
    private final Kernel kernel;
    private final String socket;
    /** When to give up; negative for never. */
    private long deadline;

    private Ubus(Args args, Kernel kernel, String socket) {
        this.args = args;
        this.kernel = kernel;
        this.socket = socket;
    }

    static int run(Args args, Kernel kernel, Chain chain) {
        String root = chain.environment().get("PERPETUA_ROOT");
        Ubus ubus = new Ubus(args, kernel, args.value('s', BusClient.socket(root == null ? "" : root)));
        String command = args.operand();
        if (command == null) return ubus.misuse(NO_COMMAND);
        boolean listens = command.equals("listen") || command.equals("subscribe");
        long seconds = listens ? -1 : PATIENCE;
        if (args.has('t')) {
            seconds = Numbers.decimal(args.value('t'), 1 << 30);
            if (seconds == Numbers.NONE) throw Fatal.usage("non-numeric argument for option -t: " + args.value('t'));
            if (seconds == 0 && !listens) seconds = -1;
        }
        ubus.deadline = seconds < 0 ? -1 : kernel.monotonicNanos() + seconds * SECOND;
        BusStatus status;
        try {
            switch (command) {
                case "call" -> ubus.call();
                case "list" -> ubus.list();
                case "listen" -> ubus.listen();
                case "send" -> ubus.send();
                case "subscribe" -> {
                    return ubus.subscribe();
                }
                case "wait_for" -> ubus.waitFor();
                default -> throw new Misuse();
            }
            return 0;
        } catch (Misuse e) {
            return ubus.misuse(MISUSE);
        } catch (NoBus e) {
            if (!args.has('S')) args.say("Failed to connect to ubus");
            return NO_BUS;
        } catch (BusClient.Failed e) {
            status = e.status();
            if (listens && status == BusStatus.TIMEOUT) return 0;
        } catch (Json.Malformed e) {
            status = BusStatus.PARSE_ERROR;
        } catch (SysException e) {
            status = e.is(Errno.EPIPE) || e.is(Errno.ECONNRESET) ? BusStatus.CONNECTION_FAILED : BusStatus.SYSTEM_ERROR;
        }
        if (!args.has('S')) args.say("Command failed: " + status.word());
        return status.number();
    }

    private int misuse(int status) {
        args.say("usage: " + args.program() + " " + USAGE.line());
        return status;
    }

    private String operand() throws Misuse {
        if (args.left() == 0) throw new Misuse();
        return args.operand();
    }

    private void noMore() throws Misuse {
        if (args.left() > 0) throw new Misuse();
    }

    private BusClient connect() throws BusClient.Failed, NoBus {
        try {
            return BusClient.connect(kernel, socket, deadline);
        } catch (SysException e) {
            throw new NoBus();
        }
    }

    private static int only(BusClient bus, String object) throws SysException, BusClient.Failed {
        List<BusClient.Found> found = bus.lookUp(object);
        if (found.isEmpty()) throw new BusClient.Failed(BusStatus.NOT_FOUND);
        return found.get(0).id();
    }

    private Table json(String text) throws Json.Malformed {
        return text == null ? new Table() : Json.parse(text);
    }

    private void call() throws Misuse, Json.Malformed, SysException, BusClient.Failed, NoBus {
        String object = operand();
        String method = operand();
        String text = args.operand();
        noMore();
        Table arguments = json(text);
        BusClient bus = connect();
        for (Table said : bus.call(only(bus, object), method, arguments)) {
            args.print((args.has('S') ? Json.compact(said) : Json.indented(said)) + "\n");
        }
    }

    private void list() throws Misuse, SysException, BusClient.Failed, NoBus {
        String pattern = args.operand();
        noMore();
        for (BusClient.Found object : connect().lookUp(pattern)) {
            if (!args.has('v')) {
                args.print(object.name() + "\n");
                continue;
            }
            StringBuilder text = new StringBuilder("'" + object.name() + "' @" + hexadecimal(object.id()) + "\n");
            Table methods = object.signature() == null ? new Table() : object.signature();
            for (int i = 0; i < methods.size(); i++) {
                Table types = new Table();
                if (methods.value(i) instanceof Table arguments) {
                    for (int k = 0; k < arguments.size(); k++) types.append(arguments.name(k), BusObject.typeName(arguments.value(k)));
                }
                text.append("\t\"").append(methods.name(i)).append("\":").append(Json.compact(types)).append('\n');
            }
            args.print(text.toString());
        }
    }

    private static String hexadecimal(int number) {
        return Long.toHexString(0x100000000L + (number & 0xffffffffL)).substring(1);
    }

    private void send() throws Misuse, Json.Malformed, SysException, BusClient.Failed, NoBus {
        String type = operand();
        String text = args.operand();
        noMore();
        Table data = json(text);
        connect().send(type, data);
    }

    private void listen() throws SysException, BusClient.Failed, NoBus {
        BusClient bus = connect();
        int object = bus.addObject();
        if (args.left() == 0) bus.listen(object, "*");
        while (args.left() > 0) bus.listen(object, args.operand());
        printEvents(bus);
    }

    /** @return an exit status */
    private int subscribe() throws Misuse, SysException, BusClient.Failed, NoBus {
        if (args.left() == 0) throw new Misuse();
        BusClient bus = connect();
        int object = bus.addObject();
        while (args.left() > 0) {
            String wanted = args.operand();
            try {
                bus.subscribe(object, only(bus, wanted));
            } catch (BusClient.Failed e) {
                if (e.status() == BusStatus.TIMEOUT) throw e;
                if (!args.has('S')) args.say("Error while registering for event '" + wanted + "': " + e.status().word());
                return NO_BUS;
            }
        }
        printEvents(bus);
        return 0;
    }

    private void printEvents(BusClient bus) throws SysException, BusClient.Failed, NoBus {
        for (;;) {
            BusClient.Event event = bus.next();
            args.print("{ " + Json.compact(event.type()) + ": " + Json.compact(event.data()) + " }\n");
        }
    }

    /** Until all are there. While there is no bus, none is. */
    private void waitFor() throws Misuse, SysException, BusClient.Failed, NoBus {
        if (args.left() == 0) throw new Misuse();
        List<String> wanted = args.rest();
        for (;;) {
            try {
                BusClient bus = BusClient.connect(kernel, socket, deadline);
                try {
                    for (String object : wanted) only(bus, object);
                    return;
                } finally {
                    bus.close();
                }
            } catch (BusClient.Failed e) {
                if (e.status() == BusStatus.TIMEOUT) throw e;
            } catch (SysException e) {
                // It is not there yet, or just ended.
            }
            if (deadline >= 0 && kernel.monotonicNanos() + PAUSE > deadline) throw new BusClient.Failed(BusStatus.TIMEOUT);
            kernel.sleep(PAUSE);
        }
    }
}
