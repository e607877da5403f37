// SPDX-License-Identifier: Apache-2.0
package perpetua.supervise;

import perpetua.sys.Reaped;

/**
 * All that {@link Runscript} knows, at one moment: what a supervisor keeps so that a later one can go on. Times are of the
 * monotonic clock, which all processes of one boot share.
 *
 * @param due what is due, null unless it is waiting
 * @param process whether it had a process; without one, in a phase that has one, a call of it was under way
 * @param identity when the process started, as the kernel tells; with the pid it is that process and no other
 * @param last how its last start ended, null if none has
 */
public record RunscriptState(Runscript.Phase phase, Target due, long deadline, long notBefore, boolean wantDown, boolean once,
        boolean paused, int pid, boolean process, long identity, long since, Reaped last, int lastSeconds, int starts, long readyAt,
        long endedAt, boolean again, boolean stopping, int stopStep, long stopAt, boolean stopGroup) {
}
