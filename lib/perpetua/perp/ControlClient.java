// SPDX-License-Identifier: Apache-2.0
package perpetua.perp;

import perpetua.cli.Fatal;
import perpetua.sys.Errno;
import perpetua.sys.Kernel;
import perpetua.sys.PollSet;
import perpetua.sys.SysException;

/** A connection to a perpd: one request at a time, each waited for, but not for ever. */
public final class ControlClient {
    /** A perpd that has not answered by then never will. */
    private static final long PATIENCE_NANOS = 30_000_000_000L;

    /** An answer that says no. */
    public static final class Refused extends Exception {
        private final int errno;

        Refused(int errno) {
            super(null, null, false, false);
            this.errno = errno;
        }

        public int errno() {
            return errno;
        }
    }

    private final Kernel kernel;
    private final int fd;
    private final PollSet set = new PollSet();

    private ControlClient(Kernel kernel, int fd) {
        this.kernel = kernel;
        this.fd = fd;
    }

    /**
     * Connects to the perpd of a base directory which was entered before. As with perp, the socket's path begins with the
     * base directory as it was given, so a relative one other than {@code .} is not found.
     *
     * @throws Fatal if that is impossible, in perp's words
     */
    public static ControlClient connect(Kernel kernel, String base) {
        String path = base + "/" + BaseDirectory.CONTROL + "/" + BaseDirectory.SOCKET;
        try {
            int fd = kernel.connect(path);
            kernel.nonBlocking(fd, true);
            return new ControlClient(kernel, fd);
        } catch (SysException e) {
            if (e.is(Errno.ECONNREFUSED)) throw Fatal.system("perpd not running on control socket " + path, e);
            throw Fatal.system("failure connecting to perpd control socket " + path, e);
        }
    }

    /** @throws Refused ENOTDIR for a service that perpd does not know */
    public Status query(FileKey service) throws SysException, Refused {
        Packet answer = exchange(Packet.query(service));
        if (answer.type() != Packet.STATUS || answer.length() != Status.LENGTH) throw new SysException(Errno.EPROTO);
        return Status.of(answer);
    }

    /** @throws Refused ENOENT for a service that perpd does not know, EBUSY for one that is being deactivated */
    public void command(FileKey service, char letter, boolean toLog, boolean toGroup) throws SysException, Refused {
        int flags = (toLog ? Packet.TO_LOG : 0) | (toGroup ? Packet.TO_GROUP : 0);
        exchange(Packet.command(service, letter, flags));
    }

    private Packet exchange(Packet request) throws SysException, Refused {
        byte[] out = request.bytes();
        for (int sent = 0; sent < out.length; ) {
            await(PollSet.OUT);
            sent += kernel.write(fd, out, sent, out.length - sent);
        }
        byte[] header = receive(Packet.HEADER);
        if (header[0] != Packet.PROTOCOL) throw new SysException(Errno.EPROTO);
        Packet answer = new Packet((char) (header[1] & 0xff), receive(header[2] & 0xff));
        if (answer.type() == Packet.RESULT && answer.length() == Packet.RESULT_LENGTH) {
            int errno = Packet.takeInt(answer.payload(), 0);
            if (errno != 0) throw new Refused(errno);
        }
        return answer;
    }

    private byte[] receive(int length) throws SysException {
        byte[] bytes = new byte[length];
        for (int filled = 0; filled < length; ) {
            await(PollSet.IN);
            int count = kernel.read(fd, bytes, filled, length - filled);
            if (count == 0) throw new SysException(Errno.EPROTO);
            filled += count;
        }
        return bytes;
    }

    private void await(int event) throws SysException {
        set.clear();
        set.add(fd, event);
        if (kernel.poll(set, PATIENCE_NANOS) == 0) throw new SysException(Errno.ETIMEDOUT);
    }
}
