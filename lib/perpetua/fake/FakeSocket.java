// SPDX-License-Identifier: Apache-2.0
package perpetua.fake;

import java.util.function.Consumer;
import perpetua.sys.Bytes;

/** One end of a stream connection. A test holds the other end of what the kernel under test holds. */
public final class FakeSocket {
    /** What Linux lets wait in a Unix stream socket, roughly. */
    private static final int CAPACITY = 212992;

    final FakePipe incoming;
    final FakePipe outgoing;
    private Consumer<FakeSocket> answer;
    private FakeSocket peer;
    private boolean closed;

    private FakeSocket(FakePipe incoming, FakePipe outgoing) {
        this.incoming = incoming;
        this.outgoing = outgoing;
        incoming.readers++;
        outgoing.writers++;
    }

    /** Both ends of a new connection. */
    static FakeSocket[] pair() {
        FakePipe there = new FakePipe(CAPACITY);
        FakePipe back = new FakePipe(CAPACITY);
        FakeSocket[] ends = {new FakeSocket(back, there), new FakeSocket(there, back)};
        ends[0].peer = ends[1];
        ends[1].peer = ends[0];
        return ends;
    }

    /** Called each time the peer has sent something. */
    public FakeSocket answer(Consumer<FakeSocket> whenSent) {
        this.answer = whenSent;
        return this;
    }

    void sent() {
        if (peer.answer != null && !peer.closed) peer.answer.accept(peer);
    }

    /** @return how many bytes found room */
    public int send(String text) {
        byte[] bytes = Bytes.of(text);
        return outgoing.readers == 0 ? 0 : outgoing.write(bytes, 0, bytes.length);
    }

    /** All that has come. */
    public String receive() {
        return receive(incoming.size());
    }

    public String receive(int most) {
        byte[] bytes = new byte[Math.min(most, incoming.size())];
        incoming.read(bytes, 0, bytes.length);
        return Bytes.text(bytes);
    }

    /** Whether the peer has closed and all that it sent was received. */
    public boolean isAtEnd() {
        return incoming.size() == 0 && incoming.writers == 0;
    }

    public void close() {
        if (closed) return;
        closed = true;
        if (incoming.size() > 0) outgoing.reset = true;
        incoming.readers--;
        outgoing.writers--;
    }

    public boolean isClosed() {
        return closed;
    }
}
