// SPDX-License-Identifier: Apache-2.0
package perpetua.slm;

import perpetua.act.ListeningSocket;
import perpetua.cli.Fatal;
import perpetua.sys.Bytes;
import perpetua.sys.Errno;
import perpetua.sys.Kernel;
import perpetua.sys.SysException;

/** The socket at which slm takes commands, and a client's connection to it. */
public final class AccessPoint {
    public static final String STANDARD = "/run/slm/control";

    private final Kernel kernel;
    private final int fd;
    private final byte[] buffer = new byte[4096];
    private final StringBuilder in = new StringBuilder();

    private AccessPoint(Kernel kernel, int fd) {
        this.kernel = kernel;
        this.fd = fd;
    }

    /** Makes it, and the directory that it is in; its owner alone may use it. @throws Fatal if there is another slm */
    public static int listen(Kernel kernel, String path, int backlog) {
        boolean isLeft = false;
        try {
            kernel.close(kernel.connect(path));
            throw Fatal.of("unable to use access point " + path + ": another slm listens there");
        } catch (SysException nobodyThere) {
            // What answers in another way, such as a socket of another kind, is not ours to remove.
            isLeft = nobodyThere.is(Errno.ECONNREFUSED) && isSocket(kernel, path);
        }
        int slash = path.lastIndexOf('/');
        if (slash > 0) makeDirectory(kernel, path.substring(0, slash));
        try {
            if (isLeft) kernel.unlink(path);
            return ListeningSocket.open(kernel, path, backlog, 0600, -1);
        } catch (SysException e) {
            throw Fatal.system("unable to make access point " + path, e);
        }
    }

    private static boolean isSocket(Kernel kernel, String path) {
        try {
            return kernel.linkStat(path).isSocket();
        } catch (SysException none) {
            return false;
        }
    }

    private static void makeDirectory(Kernel kernel, String directory) {
        try {
            kernel.makeDirectory(directory, 0755);
        } catch (SysException e) {
            if (!e.is(Errno.EEXIST)) throw Fatal.system("unable to make directory " + directory, e);
        }
    }

    /** @throws Fatal if nobody listens there */
    public static AccessPoint connect(Kernel kernel, String path) {
        try {
            return new AccessPoint(kernel, kernel.connect(path));
        } catch (SysException e) {
            throw Fatal.system("unable to reach slm on " + path, e);
        }
    }

    /** Whoever is told the lines of an answer. */
    public interface Lines {
        /** @param line with its newline */
        void line(String line);
    }

    /** Sends a command and waits for the end of its answer. @return null if it has succeeded, otherwise why not */
    public String ask(String command, Lines lines) {
        try {
            byte[] line = Bytes.of(command + "\n");
            for (int done = 0; done < line.length; ) done += kernel.send(fd, line, done, line.length - done);
            for (;;) {
                int end = in.indexOf("\n");
                if (end < 0) {
                    int count = kernel.read(fd, buffer, 0, buffer.length);
                    if (count == 0) throw Fatal.of("unable to read the answer of slm: it has ended");
                    in.append(Bytes.text(buffer, 0, count));
                    continue;
                }
                String answer = in.substring(0, end);
                in.delete(0, end + 1);
                if (answer.equals("ok")) return null;
                if (answer.startsWith("error: ")) return answer.substring("error: ".length());
                lines.line(answer + "\n");
            }
        } catch (SysException e) {
            throw Fatal.system("unable to talk to slm", e);
        }
    }
}
