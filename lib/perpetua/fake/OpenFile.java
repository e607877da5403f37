// SPDX-License-Identifier: Apache-2.0
package perpetua.fake;

import java.util.Map;

/** What one or more descriptors refer to: an open file description. */
final class OpenFile {
    final FakeFile file;
    /** For messages and faults. */
    final String name;
    final boolean readable;
    final boolean writable;
    boolean append;
    boolean nonBlocking;
    boolean isSignals;
    /** Of an epoll: what stands there, by its descriptor. */
    Map<Integer, Standing> epoll;
    /** Of a descriptor of a process. */
    FakeProcess process;
    FakeSocket socket;
    FakeListener listener;
    FakeMailbox mailbox;
    long offset;
    private int references;

    /** What stands in an epoll: as long as it is open somewhere, by whatever descriptor. */
    record Standing(OpenFile file, int events) {
    }

    OpenFile(FakeFile file, String name, boolean readable, boolean writable) {
        this.file = file;
        this.name = name;
        this.readable = readable;
        this.writable = writable;
        file.descriptors++;
        if (file.pipe != null) {
            if (readable) file.pipe.readers++;
            if (writable) file.pipe.writers++;
        }
    }

    void retain() {
        references++;
    }

    boolean isOpen() {
        return references > 0;
    }

    /** @return whether that was the last */
    boolean release() {
        if (--references > 0) return false;
        file.descriptors--;
        if (file.pipe != null) {
            if (readable) file.pipe.readers--;
            if (writable) file.pipe.writers--;
        }
        if (socket != null) socket.close();
        if (listener != null) listener.close();
        if (mailbox != null) mailbox.close();
        return true;
    }

    /** Where its bytes come from, null if it is no pipe and no connection. */
    FakePipe source() {
        return socket != null ? socket.incoming : file.pipe;
    }

    FakePipe sink() {
        return socket != null ? socket.outgoing : file.pipe;
    }
}
