// SPDX-License-Identifier: Apache-2.0
package perpetua.sys;

import java.util.List;

/** The file system /proc, read by the acts of a kernel: proc(5). What {@link Kernel} tells of other processes. */
final class Proc {
    private static final int LONGEST = 1 << 20;

    private Proc() {
    }

    static ProcessStat stat(Kernel kernel, int pid) throws SysException {
        ProcessStat stat = ProcessStat.of(pid, content(kernel, "/proc/" + pid + "/stat"));
        if (stat == null) throw new SysException(Errno.ESRCH);
        return stat;
    }

    static int[] pids(Kernel kernel) throws SysException {
        List<String> names = kernel.list("/proc");
        int[] pids = new int[names.size()];
        int count = 0;
        for (String name : names) {
            int pid = 0;
            for (int i = 0; i < name.length() && pid >= 0; i++) {
                char digit = name.charAt(i);
                pid = digit >= '0' && digit <= '9' ? pid * 10 + digit - '0' : -1;
            }
            if (pid > 0) pids[count++] = pid;
        }
        int[] found = new int[count];
        System.arraycopy(pids, 0, found, 0, count);
        return found;
    }

    static String variable(Kernel kernel, int pid, String name) throws SysException {
        String block = content(kernel, "/proc/" + pid + "/environ");
        String start = name + "=";
        for (int at = 0; at < block.length(); ) {
            int end = block.indexOf('\0', at);
            if (end < 0) end = block.length();
            if (block.startsWith(start, at)) return block.substring(at + start.length(), end);
            at = end + 1;
        }
        return null;
    }

    /** Both ends anew. The kernel opens a pipe by such a name as it opens a FIFO. */
    static int[] pipe(Kernel kernel, int pid, long inode) throws SysException {
        String directory = "/proc/" + pid + "/fd";
        for (String name : kernel.list(directory)) {
            String path = directory + "/" + name;
            try {
                FileStat stat = kernel.stat(path);
                if (!stat.isFifo() || stat.inode() != inode) continue;
            } catch (SysException closed) {
                continue;
            }
            // First to read, which never waits, and so that there is a reader for the other end.
            int reader = kernel.open(path, Open.READ | Open.NON_BLOCKING, 0);
            try {
                int writer = kernel.open(path, Open.WRITE | Open.NON_BLOCKING, 0);
                kernel.nonBlocking(reader, false);
                kernel.nonBlocking(writer, false);
                return new int[] {reader, writer};
            } catch (SysException e) {
                kernel.close(reader);
                throw e;
            }
        }
        throw new SysException(Errno.ENOENT);
    }

    private static String content(Kernel kernel, String path) throws SysException {
        int fd = kernel.open(path, Open.READ, 0);
        try {
            StringBuilder text = new StringBuilder();
            byte[] part = new byte[4096];
            for (int count; text.length() < LONGEST && (count = kernel.read(fd, part, 0, part.length)) > 0; ) {
                text.append(Bytes.text(part, 0, count));
            }
            return text.toString();
        } finally {
            kernel.close(fd);
        }
    }
}
