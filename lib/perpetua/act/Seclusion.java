// SPDX-License-Identifier: Apache-2.0
package perpetua.act;

import perpetua.sys.Kernel;
import perpetua.sys.Open;
import perpetua.sys.Signal;
import perpetua.sys.SysException;

/** What a daemon has left of where it was started: standard output and standard error. */
public final class Seclusion {
    private Seclusion() {
    }

    /** Standard input from nowhere; no inherited descriptor reaches a child; a client that left is no signal. */
    public static void begin(Kernel kernel) throws SysException {
        int nothing = kernel.open("/dev/null", Open.READ, 0);
        kernel.duplicate(nothing, 0);
        if (nothing > 2) kernel.close(nothing);
        kernel.closeOnExecFrom(3);
        kernel.ignore(Signal.PIPE);
    }
}
