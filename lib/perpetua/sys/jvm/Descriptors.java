// SPDX-License-Identifier: Apache-2.0
package perpetua.sys.jvm;

import java.util.BitSet;

/**
 * Which descriptors the next program is to have. A JVM opens files without close-on-exec and with any number, so what is
 * not known here as somebody's is marked before a program is executed.
 *
 * <p>That holds as long as no other thread opens one between the marks and the exec: the launcher starts the JVM so that
 * none does (see the file flags). A table of its own for the thread that executes is no way out: the locks of fcntl(2)
 * belong to the table that all share, and would end with it. A Java program that uses the library answers for its own
 * threads.
 */
final class Descriptors {
    /** The same number on every machine. Since Linux 5.9; the flag since 5.11. */
    private static final int SYS_CLOSE_RANGE = 436;
    private static final int CLOSE_RANGE_CLOEXEC = 4;
    private static final long LAST = 0xffffffffL;

    private final CLibrary c;
    private final BitSet inherited = new BitSet();

    Descriptors(CLibrary c, int[] open) {
        this.c = c;
        for (int fd : open) inherited.set(fd);
    }

    void inherit(int fd, boolean on) {
        inherited.set(fd, on);
    }

    /** @return the first from there on that the next program is to have, or -1 */
    int nextInherited(int from) {
        return inherited.nextSetBit(from);
    }

    void inheritNoneFrom(int least) {
        inherited.clear(least, Math.max(least, inherited.length()));
    }

    /** Marks every other one as close-on-exec. */
    void markOthers() {
        for (int from = inherited.nextClearBit(0); ; from = inherited.nextClearBit(from)) {
            int next = inherited.nextSetBit(from);
            markRange(from, next < 0 ? LAST : next - 1);
            if (next < 0) return;
            from = next;
        }
    }

    void markRange(int from, long last) {
        if (c.libc.syscall(SYS_CLOSE_RANGE, from, last, CLOSE_RANGE_CLOEXEC) == 0) return;
        // An older kernel. Without /proc too, the first 1,024 must do, as in perp.
        String[] open = new java.io.File("/proc/self/fd").list();
        if (open == null) {
            for (int fd = from; fd <= last && fd < 1024; fd++) c.libc.fcntl(fd, Libc.F_SETFD, Libc.FD_CLOEXEC);
            return;
        }
        for (String name : open) {
            int fd = Integer.parseInt(name);
            if (fd >= from && fd <= last) c.libc.fcntl(fd, Libc.F_SETFD, Libc.FD_CLOEXEC);
        }
    }
}
