// SPDX-License-Identifier: Apache-2.0
package tools.catuid;

import perpetua.chain.Chain;
import perpetua.cli.Args;
import perpetua.cli.Tool;
import perpetua.cli.Usage;
import perpetua.sys.Kernel;

/** catuid: print, on standard error, who and what the process is. */
public final class Catuid {
    // perp's line says v; the option is V all the same.
    static final Usage USAGE = Usage.of("catuid", "", "[-hv]");
    public static final Tool TOOL = Tool.of(USAGE, Catuid::run);

    static int run(Args args, Kernel kernel, Chain chain) {
        args.say("UID:\t" + Integer.toUnsignedString(kernel.userId())
                + "\nEUID:\t" + Integer.toUnsignedString(kernel.effectiveUserId())
                + "\nGID:\t" + Integer.toUnsignedString(kernel.groupId())
                + "\nEGID:\t" + Integer.toUnsignedString(kernel.effectiveGroupId())
                + "\nPID:\t" + kernel.pid() + "\nPPID:\t" + kernel.parentPid() + "\nPGID:\t" + kernel.processGroup()
                + "\nSID:\t" + kernel.session() + "\numask:\t" + mask(kernel));
        return 0;
    }

    private static String mask(Kernel kernel) {
        // The kernel tells the mask only to who sets it.
        int mask = kernel.umask(0);
        kernel.umask(mask);
        String digits = Integer.toOctalString(mask);
        return "0000".substring(digits.length()) + digits;
    }
}
