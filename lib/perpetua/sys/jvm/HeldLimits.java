// SPDX-License-Identifier: Apache-2.0
package perpetua.sys.jvm;

import java.util.EnumMap;
import java.util.Map;
import perpetua.sys.Errno;
import perpetua.sys.Limit;
import perpetua.sys.Resource;
import perpetua.sys.SysException;

/**
 * Resource limits, of which a JVM could not live under all. A soft limit on what it needs itself (address space, data,
 * descriptors, threads) is held back until the next program is executed, which it is meant for. Whoever asks here
 * is told of it as if it were in force.
 */
final class HeldLimits {
    private final CLibrary c;
    private final Map<Resource, Long> held = new EnumMap<>(Resource.class);
    /** What was in force before {@link #apply}. */
    private final Map<Resource, Limit> displaced = new EnumMap<>(Resource.class);

    HeldLimits(CLibrary c) {
        this.c = c;
    }

    private static boolean isNeeded(Resource resource) {
        return switch (resource) {
            case AS, DATA, NOFILE, NPROC -> true;
            default -> false;
        };
    }

    Limit get(Resource resource) throws SysException {
        Limit limit = real(resource);
        Long soft = held.get(resource);
        return soft == null ? limit : new Limit(soft, limit.hard());
    }

    void set(Resource resource, Limit limit) throws SysException {
        if (limit.exceededBy(limit.soft())) throw new SysException(Errno.EINVAL);
        Limit now = real(resource);
        if (isNeeded(resource) && Long.compareUnsigned(limit.soft(), now.soft()) < 0) {
            setReal(resource, new Limit(now.soft(), limit.hard()).withSoft(now.soft()));
            hold(resource, limit.soft());
        } else {
            setReal(resource, limit);
            held.remove(resource);
        }
    }

    /** The launcher raised this one already. */
    void hold(Resource resource, long soft) {
        held.put(resource, soft);
    }

    boolean isEmpty() {
        return held.isEmpty();
    }

    /** What is held back, in bytes or numbers. */
    Map<Resource, Long> all() {
        return held;
    }

    /** Puts them into force. */
    void apply() {
        for (Map.Entry<Resource, Long> each : held.entrySet()) {
            try {
                Limit limit = real(each.getKey());
                displaced.put(each.getKey(), limit);
                setReal(each.getKey(), limit.withSoft(each.getValue()));
            } catch (SysException impossible) {
                // To lower a soft limit is never refused.
            }
        }
    }

    /** After a program could not be executed: takes them out of force again. */
    void withdraw() {
        displaced.forEach((resource, limit) -> {
            try {
                setReal(resource, limit);
            } catch (SysException impossible) {
                // Up to the hard limit a soft one may be raised.
            }
        });
        displaced.clear();
    }

    private Limit real(Resource resource) throws SysException {
        long[] limit = new long[2];
        c.checked(c.libc.getrlimit(resource.number(), limit));
        return new Limit(limit[0], limit[1]);
    }

    private void setReal(Resource resource, Limit limit) throws SysException {
        c.checked(c.libc.setrlimit(resource.number(), new long[] {limit.soft(), limit.hard()}));
    }
}
