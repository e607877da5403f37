// SPDX-License-Identifier: Apache-2.0
package perpetua.fake;

import java.util.ArrayDeque;
import java.util.Deque;

/** A datagram socket under an abstract name, and the messages that wait there. */
final class FakeMailbox {
    /** A message and the user id of who sent it. */
    record Letter(String text, int sender) {
    }

    final String name;
    final Deque<Letter> letters = new ArrayDeque<>();
    private final Runnable whenClosed;

    FakeMailbox(String name, Runnable whenClosed) {
        this.name = name;
        this.whenClosed = whenClosed;
    }

    void close() {
        whenClosed.run();
    }
}
