// SPDX-License-Identifier: Apache-2.0
package tools.perpok;

import java.util.List;
import perpetua.chain.Chain;
import perpetua.cli.Args;
import perpetua.cli.Fatal;
import perpetua.cli.Numbers;
import perpetua.cli.Tool;
import perpetua.cli.Usage;
import perpetua.cli.Voice;
import perpetua.perp.BaseDirectory;
import perpetua.perp.ControlClient;
import perpetua.perp.FileKey;
import perpetua.perp.FullStatus;
import perpetua.perp.ServiceNames;
import perpetua.perp.Status;
import perpetua.supervise.Runscript;
import perpetua.sys.Errno;
import perpetua.sys.FileStat;
import perpetua.sys.Kernel;
import perpetua.sys.SysException;

/** perpok: check whether a service is active, and up for some time. */
public final class Perpok {
    static final Usage USAGE = Usage.of("perpok", "b:ru:v", "[-hV] [-b basedir] [-u secs] [-v] sv")
            .voice(Voice.CLIENT).withoutColon();
    public static final Tool TOOL = Tool.of(USAGE, Perpok::run);

    private static final int NOT_OK = 1;

    static int run(Args args, Kernel kernel, Chain chain) {
        String seconds = args.value('u', "0");
        long atLeast = Numbers.decimal(seconds);
        if (atLeast == Numbers.NONE) throw Fatal.usage("non-numeric argument found for option -u " + seconds);
        String name = args.operand("missing argument");
        String base = BaseDirectory.ofClient(args, chain.environment());
        BaseDirectory.enter(kernel, base, "failure chdir() to");
        int worst = 0;
        for (String each : ServiceNames.of(kernel, List.of(name), false)) {
            worst = Math.max(worst, check(each, base, atLeast, args, kernel));
        }
        return worst;
    }

    private static int check(String name, String base, long atLeast, Args args, Kernel kernel) {
        FileStat stat;
        try {
            stat = kernel.stat(name);
        } catch (SysException e) {
            throw Fatal.system("failure stat() on service directory " + name, e);
        }
        if (!stat.isDirectory()) throw Fatal.usage("argument not a directory: " + name);
        if (!stat.isSticky()) return answer(name, false, "service directory " + name + " not activated", args);
        ControlClient perpd = ControlClient.connect(kernel, base);
        FullStatus full = status(FileKey.of(stat), perpd);
        perpd.close();
        boolean ready = args.has('r');
        if (ready && !perpd.tellsMore()) args.tell("this perpd is perp's own and does not tell of readiness: uptime counts");
        Status status = full.status();
        if (atLeast == 0 && !ready) return answer(name, true, "service is activated/ok", args);
        Status.Process main = status.main();
        if (!main.isUp()) return answer(name, false, "service not running (pid is 0)", args);
        if (main.isResetting()) return answer(name, false, "service is resetting", args);
        if (main.isWantedDown()) return answer(name, false, "service wants down", args);
        if (ready && full.main().phase() != Runscript.Phase.STARTED) {
            return answer(name, false, "service waits for its start", args);
        }
        if (ready && full.readiness() != FullStatus.Readiness.UNTOLD) {
            boolean is = full.readiness() == FullStatus.Readiness.READY;
            return answer(name, is, is ? "service is ready" : "service is not ready", args);
        }
        if (main.seconds(kernel.realtimeNanos()) < atLeast) {
            return answer(name, false, "service uptime not met", args);
        }
        return answer(name, true, "service uptime ok", args);
    }

    private static FullStatus status(FileKey service, ControlClient perpd) {
        try {
            return perpd.fullQuery(service);
        } catch (ControlClient.Refused e) {
            throw Fatal.of("error reported in reply from perpd control socket: " + Errno.describe(e.errno()));
        } catch (SysException e) {
            throw Fatal.system("failure reading reply from perpd control socket", e);
        }
    }

    private static int answer(String name, boolean ok, String reason, Args args) {
        if (args.has('v')) args.tell(name + (ok ? ": ok: " : ": fail: ") + reason);
        return ok ? 0 : NOT_OK;
    }
}
