// SPDX-License-Identifier: Apache-2.0
package perpetua.sys;

/**
 * A soft and a hard resource limit, as getrlimit(2) gives them: unsigned 64-bit values.
 *
 * @param soft what the kernel enforces
 * @param hard how far the soft one may be raised
 */
public record Limit(long soft, long hard) {
    /** No limit. As an unsigned number it is the largest, so that comparison needs no special case. */
    public static final long INFINITY = -1;

    /** @return this with another soft limit; a wish above the hard limit is cut down to it */
    public Limit withSoft(long wish) {
        return new Limit(exceededBy(wish) ? hard : wish, hard);
    }

    /** Whether a soft limit of that size would be above the hard one. */
    public boolean exceededBy(long wish) {
        return Long.compareUnsigned(wish, hard) > 0;
    }
}
