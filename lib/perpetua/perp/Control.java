// SPDX-License-Identifier: Apache-2.0
package perpetua.perp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import perpetua.supervise.Command;
import perpetua.supervise.Listener;
import perpetua.supervise.Loop;
import perpetua.supervise.Timers;
import perpetua.sys.Errno;
import perpetua.sys.Kernel;
import perpetua.sys.PollSet;
import perpetua.sys.SysException;

/** The control socket of perpd: takes clients and answers their packets, one after another (spec/perp.md section 3). */
final class Control implements Listener.Clients {
    /** More than any sane use; beyond it a client is turned away, and descriptors are left for services. */
    private static final int MOST_CLIENTS = 1000;
    /** How long a client may say nothing after its last exchange. */
    private static final long IDLE_NANOS = 8_000_000_000L;

    private final Kernel kernel;
    private final Loop loop;
    private final Journal journal;
    private final Supervisor supervisor;
    private final List<Client> watching = new ArrayList<>();
    private int clients;

    Control(Kernel kernel, Loop loop, Journal journal, int socket, Supervisor supervisor) {
        this.kernel = kernel;
        this.loop = loop;
        this.journal = journal;
        this.supervisor = supervisor;
        new Listener(kernel, loop, socket, this);
    }

    int clients() {
        return clients;
    }

    /** Answers those who wait for a change, if there was one. */
    void changed(long changes) {
        if (watching.isEmpty()) return;
        for (Client client : new ArrayList<>(watching)) {
            if (client.known != changes) client.tell(Packet.watch(changes));
        }
    }

    @Override
    public boolean take(int fd) {
        if (clients == MOST_CLIENTS) {
            journal.warning("too many client connections");
            return false;
        }
        new Client(fd);
        return true;
    }

    @Override
    public void failed(SysException why) {
        journal.warning("failure accept() on control socket", why);
    }

    /**
     * @return the answer; a packet that is not understood is answered with EPROTO; null for a watch that has nothing to be told
     *     yet
     */
    private Packet answer(Packet request) {
        switch (request.type()) {
            case Packet.QUERY -> {
                if (request.length() != Packet.QUERY_LENGTH) return Packet.result(Errno.EPROTO.number());
                Status status = supervisor.status(request.key());
                return status == null ? Packet.result(Errno.ENOTDIR.number()) : status.packet();
            }
            case Packet.FULL_COMMAND -> {
                if (request.length() != Packet.COMMAND_LENGTH) return Packet.result(Errno.EPROTO.number());
                byte[] payload = request.payload();
                FullStatus before = supervisor.fullStatus(request.key());
                int errno = supervisor.command(request.key(), Command.of(payload[16] & 0xff), payload[17]);
                return errno != 0 ? Packet.result(errno) : before.packet();
            }
            case Packet.WATCH -> {
                if (request.length() != Packet.WATCH_LENGTH) return Packet.result(Errno.EPROTO.number());
                long changes = supervisor.changes();
                return Packet.takeLong(request.payload(), 0) == changes ? null : Packet.watch(changes);
            }
            case Packet.COMMAND -> {
                if (request.length() != Packet.COMMAND_LENGTH) return Packet.result(Errno.EPROTO.number());
                byte[] payload = request.payload();
                Command command = Command.of(payload[16] & 0xff);
                // perp's clients, and the bytes that it answers them, know no letters but perp's.
                if (command == Command.RESTART) command = null;
                return Packet.result(supervisor.command(request.key(), command, payload[17]));
            }
            case Packet.RESERVED -> {
                return Packet.result(Errno.EOPNOTSUPP.number());
            }
            default -> {
                return Packet.result(Errno.EPROTO.number());
            }
        }
    }

    /** Whether it is a query of several services, each of which has an answer of its own. */
    private static boolean isFullQuery(Packet request) {
        int length = request.length();
        return request.type() == Packet.FULL_QUERY && length > 0 && length % Packet.QUERY_LENGTH == 0
                && length <= Packet.MOST_SERVICES * Packet.QUERY_LENGTH;
    }

    private byte[] fullStatuses(Packet request) {
        int count = request.length() / Packet.QUERY_LENGTH;
        byte[] all = new byte[count * (Packet.HEADER + FullStatus.LENGTH)];
        int length = 0;
        for (int i = 0; i < count; i++) {
            FullStatus status = supervisor.fullStatus(request.key(i));
            byte[] bytes = (status == null ? Packet.result(Errno.ENOTDIR.number()) : status.packet()).bytes();
            System.arraycopy(bytes, 0, all, length, bytes.length);
            length += bytes.length;
        }
        return Arrays.copyOf(all, length);
    }

    /** One connection: a request, its answer, the next request. Bytes behind a whole packet end it. */
    private final class Client {
        private final int fd;
        private final Loop.Watch watch;
        private final Timers.Timer idle;
        private final byte[] in = new byte[Packet.MOST + 1];
        private int filled;
        private byte[] out;
        private int sent;
        private boolean closed;
        /** The count of changes that its watch named. */
        private long known;

        Client(int fd) {
            this.fd = fd;
            this.watch = loop.watch(fd, PollSet.IN, (set, place) -> ready());
            this.idle = loop.timer(this::close);
            loop.set(idle, loop.now() + IDLE_NANOS);
            clients++;
        }

        private void ready() {
            try {
                if (out == null) receive();
                if (out != null) send();
            } catch (SysException e) {
                if (!e.is(Errno.EAGAIN)) close();
            }
        }

        /** The answer to its watch. */
        private void tell(Packet answer) {
            watching.remove(this);
            reply(answer);
            ready();
        }

        private void receive() throws SysException {
            int count = kernel.read(fd, in, filled, in.length - filled);
            filled += count;
            int whole = filled < Packet.HEADER ? Packet.MOST : Packet.HEADER + (in[2] & 0xff);
            boolean foreign = filled > 0 && in[0] != Packet.PROTOCOL;
            if (count == 0 || filled > whole && !foreign) {
                close();
            } else if (foreign) {
                reply(Packet.result(Errno.EPROTO.number()));
            } else if (filled == whole) {
                byte[] payload = new byte[in[2] & 0xff];
                System.arraycopy(in, Packet.HEADER, payload, 0, payload.length);
                Packet request = new Packet((char) (in[1] & 0xff), payload);
                Packet answer = isFullQuery(request) ? null : answer(request);
                if (answer != null) {
                    reply(answer);
                } else if (isFullQuery(request)) {
                    reply(fullStatuses(request));
                } else {
                    // Its packet stays where it is, so that anything behind it ends the connection here too.
                    known = Packet.takeLong(payload, 0);
                    watching.add(this);
                    loop.cancel(idle);
                }
            }
        }

        private void reply(Packet packet) {
            reply(packet.bytes());
        }

        private void reply(byte[] packets) {
            filled = 0;
            out = packets;
            sent = 0;
        }

        private void send() throws SysException {
            try {
                sent += kernel.write(fd, out, sent, out.length - sent);
            } catch (SysException e) {
                if (!e.is(Errno.EAGAIN)) throw e;
            }
            if (sent < out.length) {
                watch.events(PollSet.OUT);
                return;
            }
            out = null;
            watch.events(PollSet.IN);
            loop.set(idle, loop.now() + IDLE_NANOS);
        }

        private void close() {
            if (closed) return;
            closed = true;
            loop.cancel(idle);
            loop.drop(watch);
            watching.remove(this);
            clients--;
            kernel.closeQuietly(fd);
        }
    }
}
