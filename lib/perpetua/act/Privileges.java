// SPDX-License-Identifier: Apache-2.0
package perpetua.act;

import perpetua.cli.Fatal;
import perpetua.sys.Capabilities;
import perpetua.sys.Errno;
import perpetua.sys.Kernel;
import perpetua.sys.SysException;

/**
 * What a process may do of what only root may do. All sets are of {@link CapabilitySet}.
 *
 * @param dropped gone for this process and for all that it executes
 * @param ambient kept by what it executes, whoever its user is by then
 * @param rootIsNobody uid 0 gives no capability any more: what is executed has those that are permitted now, and no others
 * @param noNewPrivileges nothing that is executed gains rights from its file
 */
public record Privileges(long dropped, long ambient, boolean rootIsNobody, boolean noNewPrivileges) {

    /** @throws Fatal at the first step that is refused */
    public void assume(Kernel kernel) {
        String act = "ask for the capabilities of this process";
        try {
            Capabilities now = kernel.capabilities();
            for (int i = 0; i < Capabilities.MOST; i++) {
                if ((dropped & now.bounding() & 1L << i) == 0) continue;
                act = "drop capability " + CapabilitySet.name(i) + " for good";
                kernel.dropBounding(i);
            }
            long permitted = now.permitted() & ~dropped;
            for (int i = 0; i < Capabilities.MOST; i++) {
                if ((ambient & ~permitted & 1L << i) == 0 || ambient == CapabilitySet.ALL) continue;
                act = "keep capability " + CapabilitySet.name(i) + ", which this process does not have";
                throw new SysException(Errno.EPERM);
            }
            long kept = rootIsNobody ? permitted : ambient & permitted;
            setSecureBits(kernel, now, kept);
            act = "set the capabilities of this process";
            kernel.setCapabilities(now.effective() & permitted, permitted,
                    now.inheritable() & ~dropped | kept);
            for (int i = 0; i < Capabilities.MOST; i++) {
                if ((kept & 1L << i) == 0) continue;
                act = "keep capability " + CapabilitySet.name(i);
                kernel.raiseAmbient(i);
            }
            act = "forbid new privileges";
            if (noNewPrivileges) kernel.noNewPrivileges();
        } catch (SysException e) {
            throw Fatal.system("unable to " + act, e);
        }
    }

    private void setSecureBits(Kernel kernel, Capabilities now, long kept) {
        int fixup = Capabilities.NO_SETUID_FIXUP;
        int bits = rootIsNobody ? Capabilities.NO_ROOT | fixup : 0;
        bits |= bits << Capabilities.LOCK_SHIFT;
        // The ambient set does not survive a change from root to another user, unless such a change is none to the kernel.
        if (kept != 0 && now.mayUse(Capabilities.SETPCAP)) bits |= fixup;
        if (bits == 0) return;
        try {
            kernel.setSecureBits(kernel.secureBits() | bits);
        } catch (SysException e) {
            throw Fatal.system("unable to set the securebits of this process", e);
        }
    }
}
