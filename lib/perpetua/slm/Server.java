// SPDX-License-Identifier: Apache-2.0
package perpetua.slm;

import java.util.ArrayList;
import java.util.List;
import perpetua.supervise.Listener;
import perpetua.supervise.Loop;
import perpetua.sys.Bytes;
import perpetua.sys.Errno;
import perpetua.sys.Kernel;
import perpetua.sys.PollSet;
import perpetua.sys.SysException;

/**
 * The access point: a client sends a command, one line, and is answered with lines, the last of which is {@code ok} or
 * {@code error: } and why. Then it may send the next.
 */
public final class Server implements Listener.Clients {
    private static final int MOST_CLIENTS = 100;
    private static final int LONGEST_LINE = 4096;

    /** Does what a client asks for. */
    public interface Commands {
        /** @return null if it is not over yet: then {@link #resume} is asked */
        String answer(String line, Client client);

        /** @return null while it goes on */
        String resume(Client client);

        /** Told why somebody can't be a client. */
        void unheard(String sentence);
    }

    private final Kernel kernel;
    private final Loop loop;
    private final Commands commands;
    private final int owner;
    private final List<Client> clients = new ArrayList<>();

    /** @param owner beside root the only user who is listened to */
    Server(Kernel kernel, Loop loop, int socket, Commands commands, int owner) {
        this.kernel = kernel;
        this.loop = loop;
        this.commands = commands;
        this.owner = owner;
        new Listener(kernel, loop, socket, this);
    }

    @Override
    public boolean take(int fd) {
        if (clients.size() == MOST_CLIENTS) {
            commands.unheard("too many clients");
            return false;
        }
        new Client(fd);
        return true;
    }

    @Override
    public void failed(SysException why) {
        commands.unheard("unable to accept a client: " + why.getMessage());
    }

    /** Asks for those commands that were not over. */
    void settle() {
        for (int i = clients.size() - 1; i >= 0; i--) {
            Client client = clients.get(i);
            if (client.isWaiting) client.proceed();
        }
    }

    /** One connection. */
    public final class Client {
        private final int fd;
        private final Loop.Watch watch;
        private final byte[] buffer = new byte[LONGEST_LINE];
        private final StringBuilder in = new StringBuilder();
        private byte[] out;
        private int sent;
        private boolean isWaiting;
        private boolean isClosed;
        private boolean isLast;
        /** What it waits for. */
        Order order;

        Client(int fd) {
            this.fd = fd;
            this.watch = loop.watch(fd, PollSet.IN, (set, place) -> ready());
            clients.add(this);
            int user;
            try {
                user = kernel.peerUser(fd);
            } catch (SysException e) {
                close();
                return;
            }
            isLast = user != 0 && user != owner;
        }

        private void ready() {
            try {
                if (out != null) send();
                else receive();
            } catch (SysException e) {
                if (!e.is(Errno.EAGAIN)) close();
            }
            next();
        }

        private void receive() throws SysException {
            int count = kernel.read(fd, buffer, 0, buffer.length);
            in.append(Bytes.text(buffer, 0, count));
            // A client that has left hears no answer; what it asked for goes on all the same.
            if (count == 0 || in.length() > LONGEST_LINE) close();
        }

        /** Takes whole lines, as long as each is answered at once. */
        private void next() {
            for (int end; out == null && !isWaiting && !isClosed && (end = in.indexOf("\n")) >= 0; ) {
                String line = in.substring(0, end);
                in.delete(0, end + 1);
                // A stranger hears why, once.
                String answer = isLast ? "error: only root may do that\n" : commands.answer(line, this);
                isWaiting = answer == null;
                if (answer != null) reply(answer);
            }
        }

        private void proceed() {
            String answer = commands.resume(this);
            if (answer == null) return;
            isWaiting = false;
            reply(answer);
            next();
        }

        private void reply(String text) {
            out = Bytes.of(text);
            sent = 0;
            try {
                send();
            } catch (SysException e) {
                if (e.is(Errno.EAGAIN)) watch.events(PollSet.OUT);
                else close();
            }
        }

        private void send() throws SysException {
            while (sent < out.length) sent += kernel.write(fd, out, sent, out.length - sent);
            out = null;
            watch.events(PollSet.IN);
            if (isLast) close();
        }

        private void close() {
            if (isClosed) return;
            isClosed = true;
            clients.remove(this);
            loop.drop(watch);
            kernel.closeQuietly(fd);
        }
    }
}
