// SPDX-License-Identifier: Apache-2.0
package perpetua.perp;

import java.util.List;
import perpetua.cli.Fatal;
import perpetua.supervise.Command;
import perpetua.supervise.Runscript;
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
    private boolean tellsMore = true;
    private boolean watching;
    private boolean broken;
    private final byte[] in = new byte[Packet.MOST_SERVICES * (Packet.HEADER + FullStatus.LENGTH)];
    /** How much is in there, and how much of that has been looked at. */
    private int arrived;
    private int taken;
    /** How many answers are to come to what was asked in advance. */
    private int ahead;

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
        String path = path(base);
        try {
            return open(kernel, base);
        } catch (SysException e) {
            if (e.is(Errno.ECONNREFUSED)) throw Fatal.system("perpd not running on control socket " + path, e);
            throw Fatal.system("failure connecting to perpd control socket " + path, e);
        }
    }

    /** The same, for who can wait for a perpd that does not run. */
    public static ControlClient open(Kernel kernel, String base) throws SysException {
        int fd = kernel.connect(path(base));
        kernel.nonBlocking(fd, true);
        return new ControlClient(kernel, fd);
    }

    private static String path(String base) {
        return base + "/" + BaseDirectory.CONTROL + "/" + BaseDirectory.SOCKET;
    }

    public void close() {
        kernel.closeQuietly(fd);
    }

    /** Whether this perpd tells more than perp's, as far as that has shown. */
    public boolean tellsMore() {
        return tellsMore;
    }

    /**
     * Asks for several services in one request, if this perpd takes that. {@link #fullQuery} of each of them is to follow, in the same
     * order and before anything else.
     *
     * @param from the place of the first; there must be one
     * @return for how many, which may be one alone
     */
    public int ask(List<FileKey> services, int from) {
        int count = Math.min(tellsMore ? Packet.MOST_SERVICES : 1, services.size() - from);
        if (count < 2 || broken) return count;
        try {
            send(Packet.fullQuery(services, from, count));
            ahead = count;
        } catch (SysException e) {
            // Then each is asked for itself, and has its own failure.
        }
        return count;
    }

    /**
     * More than {@link #query} tells, where this perpd knows more.
     *
     * @throws Refused ENOTDIR for a service that perpd does not know
     */
    public FullStatus fullQuery(FileKey service) throws SysException, Refused {
        if (tellsMore) {
            try {
                return full(ahead > 0 ? take() : exchange(Packet.query(Packet.FULL_QUERY, service)));
            } catch (Refused e) {
                noMore(e);
            }
        }
        return FullStatus.plain(query(service));
    }

    /**
     * A command, and what the service was doing just before it.
     *
     * @throws Refused EPROTO for a restart where this is perp's own perpd; else as {@link #command}
     */
    public FullStatus fullCommand(FileKey service, Command command, boolean toLog, boolean toGroup)
            throws SysException, Refused {
        int flags = (toLog ? Packet.TO_LOG : 0) | (toGroup ? Packet.TO_GROUP : 0);
        if (tellsMore) {
            try {
                return full(exchange(Packet.command(Packet.FULL_COMMAND, service, command.letter(), flags)));
            } catch (Refused e) {
                noMore(e);
            }
        }
        FullStatus before = FullStatus.plain(query(service));
        if (command != Command.RESTART) {
            command(service, command.letter(), toLog, toGroup);
            return before;
        }
        // What comes nearest: it is to be up, and what runs is ended.
        boolean runs = (toLog ? before.log() : before.main()).phase() == Runscript.Phase.STARTED;
        command(service, Command.UP.letter(), toLog, toGroup);
        if (runs) {
            command(service, Command.TERMINATE.letter(), toLog, toGroup);
            command(service, Command.CONTINUE.letter(), toLog, toGroup);
        }
        return before;
    }

    private static FullStatus full(Packet answer) throws SysException {
        if (answer.type() != Packet.FULL_STATUS || answer.length() < FullStatus.LENGTH) {
            throw new SysException(Errno.EPROTO);
        }
        return FullStatus.of(answer);
    }

    /** perp's answer to a type of packet that it does not know. */
    private void noMore(Refused e) throws Refused {
        if (e.errno() != Errno.EPROTO.number()) throw e;
        tellsMore = false;
        ahead = 0;
    }

    /**
     * Waits until perpd tells of a change, or that long. An answer that has not come by then is still to come, so nothing else
     * may be asked on this connection.
     *
     * @param changes the count of changes that is known
     * @param nanos negative: without end
     * @return the count of now; -1 if the time is over
     * @throws Refused EPROTO where this is perp's own perpd
     */
    long awaitChange(long changes, long nanos) throws SysException, Refused {
        if (!watching) {
            send(Packet.watch(changes));
            watching = true;
        }
        set.clear();
        set.add(fd, PollSet.IN);
        if (kernel.poll(set, nanos) == 0) return -1;
        watching = false;
        Packet answer = checked(answer());
        if (answer.type() != Packet.WATCH || answer.length() != Packet.WATCH_LENGTH) {
            throw new SysException(Errno.EPROTO);
        }
        return Packet.takeLong(answer.payload(), 0);
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

    /** Whether an answer did not come: then none will. */
    public boolean isBroken() {
        return broken;
    }

    private Packet exchange(Packet request) throws SysException, Refused {
        if (broken) throw new SysException(Errno.ENOTCONN);
        broken = true;
        send(request);
        return take();
    }

    private Packet take() throws SysException, Refused {
        broken = true;
        int left = ahead - 1;
        ahead = 0;
        Packet answer = answer();
        ahead = Math.max(0, left);
        broken = false;
        return checked(answer);
    }

    private static Packet checked(Packet answer) throws Refused {
        if (answer.type() == Packet.RESULT && answer.length() == Packet.RESULT_LENGTH) {
            int errno = Packet.takeInt(answer.payload(), 0);
            if (errno != 0) throw new Refused(errno);
        }
        return answer;
    }

    private void send(Packet request) throws SysException {
        byte[] out = request.bytes();
        for (int sent = 0; sent < out.length; ) {
            await(PollSet.OUT);
            sent += kernel.send(fd, out, sent, out.length - sent);
        }
    }

    private Packet answer() throws SysException {
        byte[] header = receive(Packet.HEADER);
        if (header[0] != Packet.PROTOCOL) throw new SysException(Errno.EPROTO);
        return new Packet((char) (header[1] & 0xff), receive(header[2] & 0xff));
    }

    private byte[] receive(int length) throws SysException {
        byte[] bytes = new byte[length];
        for (int filled = 0; filled < length; ) {
            if (taken == arrived) read();
            int count = Math.min(length - filled, arrived - taken);
            System.arraycopy(in, taken, bytes, filled, count);
            taken += count;
            filled += count;
        }
        return bytes;
    }

    /** Takes what has arrived, or will within the time. */
    private void read() throws SysException {
        taken = 0;
        arrived = 0;
        for (;;) {
            try {
                arrived = kernel.read(fd, in, 0, in.length);
                if (arrived == 0) throw new SysException(Errno.EPROTO);
                return;
            } catch (SysException e) {
                if (!e.is(Errno.EAGAIN)) throw e;
                await(PollSet.IN);
            }
        }
    }

    private void await(int event) throws SysException {
        set.clear();
        set.add(fd, event);
        if (kernel.poll(set, PATIENCE_NANOS) == 0) throw new SysException(Errno.ETIMEDOUT);
    }
}
