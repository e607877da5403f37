// SPDX-License-Identifier: Apache-2.0
package perpetua.slm;

import java.util.ArrayList;
import java.util.List;
import perpetua.sys.Reaped;

/** A component at run time: the data on which {@link Engine} decides. Times are of the monotonic clock, in nanoseconds. */
public final class Node {
    /** The definition that is in force from its next start on. */
    Component component;
    State state = State.INITIALIZED;
    /** Whether it is wanted up. */
    boolean active;
    /** Whether it must go down now, to stay down or to come back. */
    boolean downing;
    /** It is to be started as soon as it may. */
    boolean gated;
    /** It is being stopped because its start has failed. */
    boolean failing;
    boolean killed;
    boolean debug;
    /** Its process has ended as it should, though other waits are left. */
    boolean ended;
    boolean hasProcess;
    int pid;
    int wait;
    long waitSince;
    int seen;
    long spawned;
    long since = -1;
    long notBefore = Long.MIN_VALUE;
    /** When recoveries were tried, as far back as the rate looks. */
    final List<Long> attempts = new ArrayList<>(0);
    int consecutive;
    int restarts;
    /** How its last process ended; null if none has, or nobody knows. */
    Reaped last;
    /** Why it went down at last, for whoever waits for it. */
    String reason = "stopped";

    Node(Component component) {
        this.component = component;
    }

    /** Whether those that depend on it may be. */
    boolean isUp() {
        return !downing && (state == State.RUNNING || state == State.DONE);
    }

    /** Whether there is something to be stopped, be it only a mark. */
    boolean isAlive() {
        return !gated && state != State.INITIALIZED && state != State.DEAD;
    }

    Wait currentWait() {
        return wait < component.waits.size() ? component.waits.get(wait) : null;
    }
}
