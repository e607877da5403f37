// SPDX-License-Identifier: Apache-2.0
package perpetua.bus;

import java.util.ArrayList;
import java.util.List;

/** One client of the bus: what it has said so far, and what it is still to be told. No kernel: bytes in, bytes out. */
final class Session {
    /** A client that does not read is not waited for, and what it is to be told not kept for ever. */
    private static final int MOST_UNREAD = 4 << 20;

    private static final int FIRST_ROOM = 512;

    private final Bus bus;
    final int id;
    /** The objects that it has added: nameless, to be called with events. */
    final List<Integer> objects = new ArrayList<>();
    private byte[] in = new byte[FIRST_ROOM];
    private int filled;
    private final List<byte[]> out = new ArrayList<>();
    private int sent;
    private int unread;
    private boolean isBroken;
    private boolean isReceiving;
    private Runnable waker = () -> { };

    Session(Bus bus, int id) {
        this.bus = bus;
        this.id = id;
        send(new Message(Message.HELLO, 0, id));
    }

    /** Called when there is something to send that is no answer to what it is just being told. */
    void wakes(Runnable sender) {
        waker = sender;
    }

    /** Takes what the client has sent. */
    void receive(byte[] bytes, int count) {
        isReceiving = true;
        take(bytes, count);
        isReceiving = false;
    }

    private void take(byte[] bytes, int count) {
        if (filled + count > in.length) {
            if (!bus.holds(Math.max(in.length, filled + count - in.length))) {
                isBroken = true;
                return;
            }
            byte[] larger = new byte[Math.max(2 * in.length, filled + count)];
            System.arraycopy(in, 0, larger, 0, filled);
            in = larger;
        }
        System.arraycopy(bytes, 0, in, filled, count);
        filled += count;
        while (!isBroken) {
            int length = Message.length(in, filled);
            if (length < 0) isBroken = true;
            if (length <= 0 || length > filled) return;
            try {
                bus.handle(this, Message.of(in, length));
            } catch (Blob.Malformed e) {
                isBroken = true;
                return;
            }
            filled -= length;
            System.arraycopy(in, length, in, 0, filled);
            // Room for a long message is not kept for short ones.
            if (filled == 0 && in.length > 65536) {
                bus.holds(FIRST_ROOM - in.length);
                in = new byte[FIRST_ROOM];
            }
        }
    }

    /** @return false if it is too long for a message, and so was not sent */
    boolean send(Message message) {
        if (isBroken) return true;
        byte[] bytes = message.bytes();
        if (bytes.length > Message.LONGEST) return false;
        if (unread + bytes.length > MOST_UNREAD || !bus.holds(bytes.length)) {
            isBroken = true;
            bus.holds(-unread);
            unread = 0;
            sent = 0;
            out.clear();
        } else {
            unread += bytes.length;
            out.add(bytes);
        }
        if (!isReceiving) waker.run();
        return true;
    }

    /** How much it holds of what all may hold together. */
    int held() {
        return unread + in.length - FIRST_ROOM;
    }

    /** Whether it is to be closed: it does not speak the protocol, or does not listen. */
    boolean isBroken() {
        return isBroken;
    }

    boolean hasToSend() {
        return !out.isEmpty();
    }

    /** What is to be sent next, from {@link #offset} on. */
    byte[] toSend() {
        return out.get(0);
    }

    int offset() {
        return sent;
    }

    void sent(int count) {
        sent += count;
        unread -= count;
        bus.holds(-count);
        if (sent < out.get(0).length) return;
        out.remove(0);
        sent = 0;
    }
}
