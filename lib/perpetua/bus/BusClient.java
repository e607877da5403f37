// SPDX-License-Identifier: Apache-2.0
package perpetua.bus;

import java.util.ArrayList;
import java.util.List;
import perpetua.sys.Errno;
import perpetua.sys.Kernel;
import perpetua.sys.PollSet;
import perpetua.sys.SysException;

/** A connection to a bus: one request at a time, each waited for until a deadline. */
public final class BusClient {
    /** A request that failed. */
    public static final class Failed extends Exception {
        private final BusStatus status;

        public Failed(BusStatus status) {
            super(null, null, false, false);
            this.status = status;
        }

        public BusStatus status() {
            return status;
        }
    }

    /** An object that was found. */
    public record Found(String name, int id, Table signature) {
    }

    /** What an object has told those who asked for it. */
    public record Event(String type, Table data) {
    }

    private final Kernel kernel;
    private final int fd;
    private final PollSet set = new PollSet();
    private byte[] in = new byte[8192];
    private int filled;
    private int numbers;
    private long deadline;

    private BusClient(Kernel kernel, int fd) {
        this.kernel = kernel;
        this.fd = fd;
    }

    /** Where a bus is, below a root. */
    public static String socket(String root) {
        return root + "/var/run/ubus/ubus.sock";
    }

    /** @param nanos the deadline of all that is asked, on the monotonic clock; negative for none */
    public static BusClient connect(Kernel kernel, String path, long nanos) throws SysException, Failed {
        BusClient client = new BusClient(kernel, kernel.connect(path));
        client.deadline = nanos;
        try {
            kernel.nonBlocking(client.fd, true);
            if (client.receive().type != Message.HELLO) throw new Failed(BusStatus.CONNECTION_FAILED);
            return client;
        } catch (SysException | Failed e) {
            // Whoever waits for a bus tries again and again.
            client.close();
            throw e;
        }
    }

    public void close() {
        kernel.closeQuietly(fd);
    }

    /** @param pattern null for all; a star at the end stands for whatever follows */
    public List<Found> lookUp(String pattern) throws SysException, Failed {
        Message request = request(Message.LOOKUP, 0);
        request.path = pattern;
        List<Found> found = new ArrayList<>();
        exchange(request, answer -> {
            if (answer.path != null && answer.object != null) found.add(new Found(answer.path, answer.object, answer.signature));
        });
        return found;
    }

    /** What is said in answer to a request. */
    private interface Answered {
        void with(Message answer);
    }

    /** @return what the method has said, one table after another */
    public List<Table> call(int object, String method, Table arguments) throws SysException, Failed {
        Message request = request(Message.INVOKE, object);
        request.object = object;
        request.method = method;
        request.data = arguments;
        List<Table> said = new ArrayList<>();
        exchange(request, answer -> {
            if (answer.data != null) said.add(answer.data);
        });
        return said;
    }

    /** Tells all who listen. */
    public void send(String type, Table data) throws SysException, Failed {
        call(Bus.EVENTS, "send", new Table().put("id", type).put("data", data));
    }

    /** Adds an object that events can be sent to. @return its number */
    public int addObject() throws SysException, Failed {
        int[] object = new int[1];
        exchange(request(Message.ADD_OBJECT, 0), answer -> {
            if (answer.object != null) object[0] = answer.object;
        });
        return object[0];
    }

    /** Asks for events. @param pattern a star at the end stands for whatever follows */
    public void listen(int object, String pattern) throws SysException, Failed {
        call(Bus.EVENTS, "register", new Table().put("object", (long) object).put("pattern", pattern));
    }

    /** Asks for the notifications of an object. */
    public void subscribe(int object, int target) throws SysException, Failed {
        Message request = request(Message.SUBSCRIBE, 0);
        request.object = object;
        request.target = target;
        exchange(request, answer -> { });
    }

    /** Waits for what is told. @throws Failed when the deadline is over */
    public Event next() throws SysException, Failed {
        for (;;) {
            Message message = receive();
            if (message.type == Message.INVOKE && message.method != null) {
                return new Event(message.method, message.data == null ? new Table() : message.data);
            }
        }
    }

    private Message request(int type, int peer) {
        return new Message(type, ++numbers & 0xffff, peer);
    }

    private void exchange(Message request, Answered answered) throws SysException, Failed {
        byte[] out = request.bytes();
        if (out.length > Message.LONGEST) throw new Failed(BusStatus.NO_MEMORY);
        for (int sent = 0; sent < out.length; ) {
            await(PollSet.OUT);
            sent += kernel.send(fd, out, sent, out.length - sent);
        }
        for (;;) {
            Message answer = receive();
            if (answer.number != request.number) continue;
            if (answer.type == Message.DATA) {
                answered.with(answer);
            } else if (answer.type == Message.STATUS) {
                BusStatus status = answer.status == null ? BusStatus.UNKNOWN_ERROR : BusStatus.of(answer.status);
                if (status != BusStatus.OK) throw new Failed(status);
                return;
            }
        }
    }

    private Message receive() throws SysException, Failed {
        for (;;) {
            int length = Message.length(in, filled);
            if (length < 0) throw new SysException(Errno.EPROTO);
            if (length > 0 && length <= filled) {
                try {
                    Message message = Message.of(in, length);
                    filled -= length;
                    System.arraycopy(in, length, in, 0, filled);
                    return message;
                } catch (Blob.Malformed e) {
                    throw new SysException(Errno.EPROTO);
                }
            }
            if (Math.max(length, filled + 1) > in.length) {
                byte[] larger = new byte[Math.max(length, 2 * in.length)];
                System.arraycopy(in, 0, larger, 0, filled);
                in = larger;
            }
            await(PollSet.IN);
            int count = kernel.read(fd, in, filled, in.length - filled);
            if (count == 0) throw new Failed(BusStatus.CONNECTION_FAILED);
            filled += count;
        }
    }

    private void await(int event) throws SysException, Failed {
        set.clear();
        set.add(fd, event);
        long wait = deadline < 0 ? -1 : Math.max(0, deadline - kernel.monotonicNanos());
        if (kernel.poll(set, wait) == 0) throw new Failed(BusStatus.TIMEOUT);
    }
}
