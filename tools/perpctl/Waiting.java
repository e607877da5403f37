// SPDX-License-Identifier: Apache-2.0
package tools.perpctl;

import java.util.ArrayList;
import java.util.List;
import perpetua.cli.Args;
import perpetua.perp.FileKey;
import perpetua.perp.FullStatus;
import perpetua.perp.Goal;
import perpetua.perp.Observer;
import perpetua.sys.Kernel;
import perpetua.sys.SysException;

/** What services were told to become, until they have or the time is over. */
final class Waiting {
    private record Service(String name, FileKey key, Goal goal) {
    }

    private final Kernel kernel;
    private final Observer observer;
    private final long seconds;
    private final List<Service> services = new ArrayList<>();

    /** Made before the first command, so that no change is missed; the time begins with {@link #isOver}. */
    Waiting(Kernel kernel, String base, long seconds) {
        this.kernel = kernel;
        this.observer = new Observer(kernel, base);
        this.seconds = seconds;
    }

    void add(String name, FileKey key, Goal goal) {
        services.add(new Service(name, key, goal));
    }

    /** Waits. @return whether all have; those that have not are named */
    boolean isOver(Args args) {
        long until = kernel.monotonicNanos() + seconds * 1_000_000_000L;
        while (!services.isEmpty()) {
            long wait = -1;
            List<Service> left = new ArrayList<>();
            for (Service each : services) {
                try {
                    FullStatus now = observer.query(each.key());
                    long wall = kernel.realtimeNanos();
                    if (each.goal().isReached(now, wall)) continue;
                    wait = Goal.sooner(wait, each.goal().patience(now, wall));
                } catch (SysException e) {
                    // perpd is gone, and nobody knows. Perhaps it comes back.
                }
                left.add(each);
            }
            services.clear();
            services.addAll(left);
            long rest = until - kernel.monotonicNanos();
            if (rest <= 0) break;
            if (!services.isEmpty()) observer.await(Goal.sooner(wait, rest));
        }
        observer.close();
        for (Service each : services) {
            args.say("error: " + each.name() + ": not " + each.goal().word() + " within " + seconds + " seconds");
        }
        return services.isEmpty();
    }
}
