// SPDX-License-Identifier: Apache-2.0
package perpetua.perp;

import java.util.Collection;
import perpetua.supervise.Runscript;
import perpetua.sys.Errno;
import perpetua.sys.FileStat;
import perpetua.sys.Kernel;
import perpetua.sys.ProcessStat;
import perpetua.sys.SysException;

/**
 * The processes that lead a session of their own: among them is the child that a perpd started in the moment in which it was
 * killed, and of which it could note no more than that it was about to start it.
 */
final class Survivors {
    private final ProcessStat[] leaders;

    private Survivors(ProcessStat[] leaders) {
        this.leaders = leaders;
    }

    /** @throws SysException where they can't be listed now; without a /proc there are none */
    static Survivors of(Kernel kernel) throws SysException {
        int[] pids = {};
        try {
            pids = kernel.processes();
        } catch (SysException e) {
            if (!e.is(Errno.ENOENT)) throw e;
        }
        ProcessStat[] found = new ProcessStat[pids.length];
        for (int i = 0; i < pids.length; i++) found[i] = leader(kernel, pids[i]);
        return new Survivors(found);
    }

    /** @return null if it leads none, or is gone */
    private static ProcessStat leader(Kernel kernel, int pid) {
        try {
            ProcessStat stat = kernel.processStat(pid);
            return stat.session() == pid && !stat.ended() ? stat : null;
        } catch (SysException gone) {
            return null;
        }
    }

    /**
     * The process of a call that was about to be made: in the service's directory, with the variables of such a call, and not
     * known as the process of any service.
     *
     * @param which being called
     * @param known the services whose processes are known
     * @return its pid, 0 if there is none
     */
    int child(Kernel kernel, FileKey directory, Runscript which, Collection<ServiceDirectory> known) {
        for (int i = 0; i < leaders.length; i++) {
            if (leaders[i] == null) continue;
            int pid = leaders[i].pid();
            int told = which.phase() == Runscript.Phase.STARTED ? pid : which.last().pid();
            try {
                FileStat cwd = kernel.directoryOf(pid);
                if (!directory.equals(FileKey.of(cwd)) || isKnown(pid, known)) continue;
                if (!Integer.toString(told).equals(kernel.variableOf(pid, "PERP_SVPID"))) continue;
                leaders[i] = null;
                return pid;
            } catch (SysException goneOrNotOurs) {
                // Not it, then.
            }
        }
        return 0;
    }

    private static boolean isKnown(int pid, Collection<ServiceDirectory> known) {
        for (ServiceDirectory each : known) {
            if (isOf(pid, each.service.main()) || each.service.log() != null && isOf(pid, each.service.log())) return true;
        }
        return false;
    }

    private static boolean isOf(int pid, Runscript which) {
        return which.hasProcess() && which.pid() == pid;
    }
}
