// SPDX-License-Identifier: Apache-2.0
package tools.slmctl;

import java.util.List;
import perpetua.chain.Chain;
import perpetua.cli.Args;
import perpetua.cli.Fatal;
import perpetua.cli.Tool;
import perpetua.cli.Usage;
import perpetua.slm.AccessPoint;
import perpetua.slm.Request;
import perpetua.sys.Bytes;
import perpetua.sys.Kernel;
import perpetua.sys.SysException;

/** slmctl: control slm, and ask it what its components are doing. */
public final class Slmctl {
    static final Usage USAGE = Usage.of("slmctl", "n:", "[-hV] [--json] [-n path] [command ...]").own().word("--json", 'j');
    public static final Tool TOOL = Tool.of(USAGE, Slmctl::run);

    private static final int LONGEST_LINE = 4096;

    static int run(Args args, Kernel kernel, Chain chain) {
        String path = args.value('n', AccessPoint.STANDARD);
        boolean interactive = args.left() == 0;
        List<String> commands = args.rest();
        for (String command : commands) check(command);
        AccessPoint slm = AccessPoint.connect(kernel, path);
        if (interactive) return interact(args, kernel, slm);
        int status = 0;
        for (String command : commands) {
            if (!ask(args, slm, command)) status = 1;
        }
        return status;
    }

    private static Request check(String command) {
        try {
            return Request.of(command);
        } catch (Request.Malformed e) {
            throw Fatal.usage(e.getMessage());
        }
    }

    /** @return whether it succeeded */
    private static boolean ask(Args args, AccessPoint slm, String command) {
        boolean json = args.has('j') && check(command).isQuery();
        String why = slm.ask(json ? command + " -j" : command, args::print);
        if (why != null) args.tell(why);
        return why == null;
    }

    /** Commands from standard input, one a line; one that is none ends nothing. */
    private static int interact(Args args, Kernel kernel, AccessPoint slm) {
        int status = 0;
        StringBuilder in = new StringBuilder();
        byte[] buffer = new byte[LONGEST_LINE];
        for (boolean more = true; more; ) {
            try {
                int count = kernel.read(0, buffer, 0, buffer.length);
                in.append(count == 0 ? "\n" : Bytes.text(buffer, 0, count));
                more = count > 0;
            } catch (SysException e) {
                throw Fatal.system("unable to read standard input", e);
            }
            for (int end; (end = in.indexOf("\n")) >= 0; ) {
                String line = in.substring(0, end).trim();
                in.delete(0, end + 1);
                if (!line.isEmpty() && !tried(args, slm, line)) status = 1;
            }
            if (in.length() > LONGEST_LINE) throw Fatal.of("a line of more than " + LONGEST_LINE + " bytes");
        }
        return status;
    }

    private static boolean tried(Args args, AccessPoint slm, String line) {
        try {
            Request.of(line);
        } catch (Request.Malformed e) {
            args.tell(e.getMessage());
            return false;
        }
        return ask(args, slm, line);
    }
}
