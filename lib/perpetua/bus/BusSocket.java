// SPDX-License-Identifier: Apache-2.0
package perpetua.bus;

import perpetua.supervise.Listener;
import perpetua.supervise.Loop;
import perpetua.sys.Errno;
import perpetua.sys.Kernel;
import perpetua.sys.PollSet;
import perpetua.sys.SysException;

/** The Unix socket of a bus: takes clients, carries their bytes. Who may connect, the socket's permissions say. */
public final class BusSocket implements Listener.Clients {
    /** Beyond it a client is turned away, and descriptors are left for services. */
    private static final int MOST_CLIENTS = 500;

    /** Told in a sentence of what went wrong. */
    public interface Complaint {
        void say(String sentence);
    }

    private final Kernel kernel;
    private final Loop loop;
    private final Bus bus;
    private final Complaint complaint;
    private final byte[] buffer = new byte[8192];
    private int clients;

    public BusSocket(Kernel kernel, Loop loop, int socket, Bus bus, Complaint complaint) {
        this.kernel = kernel;
        this.loop = loop;
        this.bus = bus;
        this.complaint = complaint;
        new Listener(kernel, loop, socket, this);
    }

    @Override
    public boolean take(int fd) {
        if (clients == MOST_CLIENTS) {
            complaint.say("too many clients of the bus");
            return false;
        }
        new Client(fd);
        return true;
    }

    @Override
    public void failed(SysException why) {
        complaint.say("failure accept() on the bus: " + why.getMessage());
    }

    private final class Client {
        private final int fd;
        private final Session session;
        private final Loop.Watch watch;
        private boolean closed;

        Client(int fd) {
            this.fd = fd;
            this.session = bus.open();
            this.watch = loop.watch(fd, PollSet.IN, (set, place) -> ready(set.isReady(place, PollSet.IN)));
            clients++;
            // Not at once: it may be one of many that are being told, and a failure would close it in their midst.
            session.wakes(() -> this.watch.events(PollSet.IN | PollSet.OUT));
            send();
        }

        private void ready(boolean readable) {
            if (readable) receive();
            send();
        }

        private void receive() {
            try {
                int count = kernel.read(fd, buffer, 0, buffer.length);
                if (count == 0) close();
                else session.receive(buffer, count);
            } catch (SysException e) {
                if (!e.is(Errno.EAGAIN)) close();
            }
        }

        private void send() {
            if (closed) return;
            try {
                while (session.hasToSend()) {
                    byte[] bytes = session.toSend();
                    session.sent(kernel.write(fd, bytes, session.offset(), bytes.length - session.offset()));
                }
            } catch (SysException e) {
                if (!e.is(Errno.EAGAIN)) close();
            }
            if (session.isBroken()) close();
            if (!closed) watch.events(session.hasToSend() ? PollSet.IN | PollSet.OUT : PollSet.IN);
        }

        private void close() {
            if (closed) return;
            closed = true;
            bus.closed(session);
            loop.drop(watch);
            clients--;
            kernel.closeQuietly(fd);
        }
    }
}
