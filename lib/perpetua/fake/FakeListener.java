// SPDX-License-Identifier: Apache-2.0
package perpetua.fake;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/** A socket that takes connections, by the kernel under test or by a test. */
public final class FakeListener {
    private final int backlog;
    private final Deque<FakeSocket> waiting = new ArrayDeque<>();
    private Consumer<FakeSocket> answer;
    private boolean closed;

    FakeListener(int backlog) {
        this.backlog = backlog;
    }

    /** For a server that a test plays: called for each connection when its client has sent something. */
    FakeListener answer(Consumer<FakeSocket> whenSent) {
        this.answer = whenSent;
        return this;
    }

    boolean isClosed() {
        return closed;
    }

    boolean isFull() {
        return waiting.size() > backlog;
    }

    boolean hasWaiting() {
        return !waiting.isEmpty();
    }

    /** @return the client's end */
    FakeSocket connect() {
        FakeSocket[] ends = FakeSocket.pair();
        ends[1].answer(answer);
        // Nobody accepts from a server that a test plays.
        if (answer == null) waiting.add(ends[1]);
        return ends[0];
    }

    FakeSocket accept() {
        return waiting.poll();
    }

    void close() {
        closed = true;
        while (!waiting.isEmpty()) waiting.poll().close();
    }
}
