// SPDX-License-Identifier: Apache-2.0
package perpetua.act;

import perpetua.cli.Fatal;
import perpetua.sys.Kernel;
import perpetua.sys.Scheduling;
import perpetua.sys.SysException;

/**
 * How the kernel is to schedule a process and, since they inherit it, its children.
 *
 * @param policy null to leave it as it is
 * @param priority 1 to 99 for a policy of real time
 * @param nice null to leave it as it is; -20, the most urgent, to 19
 */
public record Schedule(Scheduling policy, int priority, Integer nice) {

    /** @throws Fatal if the kernel refuses */
    public void assume(Kernel kernel, boolean resetOnFork) {
        try {
            if (policy != null) kernel.setScheduling(policy, priority, resetOnFork);
        } catch (SysException e) {
            String with = policy.isRealTime() ? " with priority " + priority : "";
            throw Fatal.system("unable to set scheduling policy " + word() + with, e);
        }
        try {
            if (nice != null) kernel.setNice(nice);
        } catch (SysException e) {
            throw Fatal.system("unable to set nice value " + nice, e);
        }
    }

    private String word() {
        return switch (policy) {
            case OTHER -> "other";
            case FIFO -> "fifo";
            case ROUND_ROBIN -> "round robin";
            case BATCH -> "batch";
            case IDLE -> "idle";
        };
    }
}
