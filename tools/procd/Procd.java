// SPDX-License-Identifier: Apache-2.0
package tools.procd;

import perpetua.act.Accounts;
import perpetua.act.ListeningSocket;
import perpetua.act.Seclusion;
import perpetua.bus.BusClient;
import perpetua.chain.Chain;
import perpetua.cli.Args;
import perpetua.cli.Fatal;
import perpetua.cli.Numbers;
import perpetua.cli.Tool;
import perpetua.cli.Usage;
import perpetua.procd.Daemon;
import perpetua.sys.Errno;
import perpetua.sys.Kernel;
import perpetua.sys.LockFile;
import perpetua.sys.Open;
import perpetua.sys.SysException;

/** procd: run the processes that init scripts register. */
public final class Procd {
    static final Usage USAGE = Usage.of("procd", "d:g:I:R:s:S",
            "[-hSV] [-d level] [-g group] [-I initdir] [-R rcdir] [-s socket]").own();
    public static final Tool TOOL = Tool.of(USAGE, Procd::run);

    private static final int BACKLOG = 128;

    static int run(Args args, Kernel kernel, Chain chain) {
        if (args.left() > 0) throw Fatal.usage("unexpected argument: " + args.operand());
        String level = args.value('d', "0");
        if (Numbers.decimal(level) == Numbers.NONE) throw Fatal.usage("non-numeric argument found for option -d: " + level);
        int gid = -1;
        if (args.has('g')) {
            gid = Accounts.groupNamed(kernel, args.value('g'));
            if (gid == -1) throw Fatal.usage("no group found for option -g: " + args.value('g'));
        }
        String root = chain.environment().get("PERPETUA_ROOT");
        if (root == null) root = "";
        String path = args.value('s', BusClient.socket(root));
        int nothing = nothing(kernel);
        int socket = listen(kernel, path, gid);
        try {
            Daemon.Places places = new Daemon.Places(root, args.value('I', root + "/etc/init.d"), chain.beside(""));
            new Daemon(kernel, socket, nothing, places, chain.environment().list(), args.has('S'), (int) Numbers.decimal(level, 9)).run();
        } catch (SysException e) {
            throw Fatal.system("unable to wait for signals", e);
        }
        try {
            kernel.unlink(path);
        } catch (SysException e) {
            throw Fatal.system("unable to remove " + path, e);
        }
        return 0;
    }

    /** Cuts it off from where it was started. @return a descriptor of /dev/null, above those of the standard streams */
    private static int nothing(Kernel kernel) {
        try {
            Seclusion.begin(kernel);
            int nothing = kernel.open("/dev/null", Open.READ_WRITE, 0);
            return nothing < 3 ? kernel.duplicateFrom(nothing, 3) : nothing;
        } catch (SysException e) {
            throw Fatal.system("unable to open /dev/null", e);
        }
    }

    /** The socket of the bus. Who may not write to it may not connect, and so ask nothing. */
    private static int listen(Kernel kernel, String path, int gid) {
        makeDirectories(kernel, path);
        try {
            // Held until the end: a second daemon must not take the socket away.
            LockFile.acquirePrivately(kernel, path + ".lock").write(kernel.pid());
        } catch (SysException e) {
            throw Fatal.system("unable to acquire lock on " + path + ".lock", e);
        }
        try {
            return ListeningSocket.reopen(kernel, path, BACKLOG, 0600, gid);
        } catch (SysException e) {
            throw Fatal.system("unable to listen on " + path, e);
        }
    }

    private static void makeDirectories(Kernel kernel, String path) {
        for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
            try {
                kernel.makeDirectory(path.substring(0, slash), 0755);
            } catch (SysException e) {
                // It is there already, or what is put into it will fail and say why.
                if (e.is(Errno.ENOSPC)) throw Fatal.system("unable to make " + path.substring(0, slash), e);
            }
        }
    }
}
