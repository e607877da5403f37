// SPDX-License-Identifier: Apache-2.0
package perpetua.supervise;

import perpetua.sys.Errno;
import perpetua.sys.Kernel;
import perpetua.sys.PollSet;
import perpetua.sys.SysException;

/** A listening socket in a loop: hands on each client that connects. How many there may be, and what they may say, others know. */
public final class Listener {
    /** How long accepting pauses where there are no descriptors left. */
    private static final long PAUSE_NANOS = 555_000_000L;

    /** Told of those who connect. */
    public interface Clients {
        /** @param fd of a new client; non-blocking @return false to turn it away: then it is closed */
        boolean take(int fd);

        /** Nobody can be accepted for a moment. */
        void failed(SysException why);
    }

    private final Kernel kernel;
    private final Loop loop;
    private final int socket;
    private final Clients clients;
    private final Loop.Watch watch;
    private final Timers.Timer resume;

    /** @param socket non-blocking; stays open */
    public Listener(Kernel kernel, Loop loop, int socket, Clients clients) {
        this.kernel = kernel;
        this.loop = loop;
        this.socket = socket;
        this.clients = clients;
        this.watch = loop.watch(socket, PollSet.IN, (set, place) -> accept());
        this.resume = loop.timer(() -> this.watch.events(PollSet.IN));
    }

    private void accept() {
        try {
            for (;;) {
                int fd = kernel.accept(socket);
                if (!clients.take(fd)) kernel.closeQuietly(fd);
            }
        } catch (SysException e) {
            if (e.is(Errno.EAGAIN)) return;
            // It stays readable while the client waits: without a pause this would spin.
            clients.failed(e);
            watch.events(0);
            loop.set(resume, loop.now() + PAUSE_NANOS);
        }
    }
}
