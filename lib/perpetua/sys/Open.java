// SPDX-License-Identifier: Apache-2.0
package perpetua.sys;

/** How {@link Kernel#open} opens. The numbers are our own: those of open(2) differ from machine to machine. */
public final class Open {
    public static final int READ = 0;
    public static final int WRITE = 1;
    public static final int READ_WRITE = 2;
    public static final int CREATE = 4;
    public static final int EXCLUSIVE = 8;
    public static final int TRUNCATE = 16;
    public static final int APPEND = 32;
    public static final int NON_BLOCKING = 64;
    public static final int DIRECTORY = 128;
    /** Not close-on-exec: the next program of the chain is to have it. */
    public static final int INHERIT = 256;
    public static final int NO_FOLLOW = 512;
    /** A terminal that is opened does not become the controlling one of a session that has none. */
    public static final int NO_TERMINAL = 1024;

    private Open() {
    }
}
