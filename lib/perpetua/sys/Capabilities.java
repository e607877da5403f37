// SPDX-License-Identifier: Apache-2.0
package perpetua.sys;

/**
 * The sets of capabilities(7) of a thread, one bit for each, the first capability being bit 0.
 *
 * @param effective what it may do now
 * @param permitted what it may have effective
 * @param inheritable what a file may pass on
 * @param bounding what an executed file may give at most
 * @param ambient what an executed file without any of its own keeps
 */
public record Capabilities(long effective, long permitted, long inheritable, long bounding, long ambient) {
    public static final int CHOWN = 0;
    public static final int KILL = 5;
    public static final int SETGID = 6;
    public static final int SETUID = 7;
    public static final int SETPCAP = 8;
    public static final int IPC_LOCK = 14;
    public static final int SYS_RAWIO = 17;
    public static final int SYS_CHROOT = 18;
    public static final int SYS_PTRACE = 19;
    public static final int SYS_BOOT = 22;
    public static final int SYS_NICE = 23;
    public static final int SYS_RESOURCE = 24;
    public static final int SYS_TIME = 25;
    public static final int MAC_ADMIN = 33;

    /** Room for those to come. */
    public static final int MOST = 63;

    /** Securebits: uid 0 gets no capability by executing. */
    public static final int NO_ROOT = 1;
    /** Securebits: a change of user takes and gives no capability. */
    public static final int NO_SETUID_FIXUP = 4;
    /** A securebit and this many places to the left of it its lock. */
    public static final int LOCK_SHIFT = 1;

    public boolean mayUse(int capability) {
        return (effective >> capability & 1) != 0;
    }
}
