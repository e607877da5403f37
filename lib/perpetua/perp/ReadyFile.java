// SPDX-License-Identifier: Apache-2.0
package perpetua.perp;

import perpetua.act.SmallFile;
import perpetua.cli.Numbers;
import perpetua.sys.Errno;
import perpetua.sys.Kernel;
import perpetua.sys.SysException;

/**
 * The file {@code ready} of a service directory: how the service says that it is ready. Its first line that is neither empty
 * nor a comment is {@code fd N}, for a line that it writes on that descriptor, or {@code notify}, for the datagram of
 * sd_notify(3).
 *
 * @param fd the descriptor, {@link #NOTIFY} for a datagram
 */
record ReadyFile(int fd) {
    static final String NAME = "ready";
    static final int NOTIFY = -1;

    /** Below it are the standard streams; beyond it few processes may have one. */
    private static final int LEAST = 3;
    private static final int MOST = 1023;
    /** More than any such file needs, comments included. */
    private static final int ROOM = 4096;

    /**
     * @return null if there is none
     * @throws SysException why it can't be read; EINVAL if it says neither
     */
    static ReadyFile read(Kernel kernel, String path) throws SysException {
        String text;
        try {
            text = SmallFile.beginning(kernel, path, ROOM);
        } catch (SysException e) {
            if (e.is(Errno.ENOENT)) return null;
            throw e;
        }
        ReadyFile file = of(text);
        if (file == null) throw new SysException(Errno.EINVAL);
        return file;
    }

    /** @return null for a text that says neither */
    static ReadyFile of(String text) {
        for (int from = 0; from < text.length(); ) {
            int to = text.indexOf('\n', from);
            if (to < 0) to = text.length();
            String line = text.substring(from, to).trim();
            from = to + 1;
            if (line.isEmpty() || line.charAt(0) == '#') continue;
            if (line.equals("notify")) return new ReadyFile(NOTIFY);
            if (!line.startsWith("fd ") && !line.startsWith("fd\t")) return null;
            String number = line.substring(3).trim();
            long fd = number.isEmpty() ? Numbers.NONE : Numbers.decimal(number, MOST);
            return fd < LEAST ? null : new ReadyFile((int) fd);
        }
        return null;
    }
}
