// SPDX-License-Identifier: Apache-2.0
package perpetua.act;

import perpetua.cli.Fatal;
import perpetua.sys.Kernel;
import perpetua.sys.SysException;

/**
 * Whom a process is to act for from now on.
 *
 * @param uid real, effective and saved user
 * @param gid real, effective and saved group
 * @param groups the supplementary groups, complete
 * @param groupsAct what a failure to set these is called
 */
public record Identity(int uid, int gid, int[] groups, String groupsAct) {

    /** The account's own group alone. */
    public static Identity of(int uid, int gid) {
        return new Identity(uid, gid, new int[] {gid}, "setgroups()");
    }

    /** Takes it on, for good: groups first, then the group, then the user. @throws Fatal with nothing to go back to */
    public void assume(Kernel kernel) {
        String act = groupsAct;
        try {
            kernel.setGroups(groups);
            act = "setgid()";
            kernel.setGroup(gid);
            act = "setuid()";
            kernel.setUser(uid);
        } catch (SysException e) {
            throw Fatal.system("failure " + act, e);
        }
    }
}
