// SPDX-License-Identifier: Apache-2.0
package perpetua.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import perpetua.fake.Act;
import perpetua.fake.FakeKernel;
import perpetua.fake.FakeSocket;
import perpetua.sys.Bytes;
import perpetua.sys.Errno;
import perpetua.sys.SysException;

class ListenerTest {
    private static final String SOCKET = "/run/socket";

    private final FakeKernel kernel = new FakeKernel();
    private final List<Integer> taken = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private int room = 2;
    private Loop loop;

    @BeforeEach
    void begin() throws SysException {
        kernel.makeDirectory("/run", 0755);
        loop = new Loop(kernel, signal -> { }, how -> { });
        new Listener(kernel, loop, kernel.listen(SOCKET, 5), new Listener.Clients() {
            @Override
            public boolean take(int fd) {
                return taken.size() < room && taken.add(fd);
            }

            @Override
            public void failed(SysException why) {
                failures.add(why.getMessage());
            }
        });
    }

    private void write(int fd, String text) throws SysException {
        kernel.write(fd, Bytes.of(text), 0, text.length());
    }

    @Test
    @DisplayName("all who have connected are handed on in one round")
    void takesAll() throws SysException {
        FakeSocket first = kernel.client(SOCKET);
        FakeSocket second = kernel.client(SOCKET);
        loop.step();
        assertEquals(2, taken.size());
        write(taken.get(0), "a");
        write(taken.get(1), "b");
        assertEquals("a", first.receive());
        assertEquals("b", second.receive());
        assertEquals(List.of(), failures);
    }

    @Test
    @DisplayName("who is not taken is closed, and who comes later may be taken")
    void turnsAway() throws SysException {
        room = 0;
        FakeSocket away = kernel.client(SOCKET);
        loop.step();
        assertEquals(0, away.send("anybody there?"));
        room = 1;
        kernel.client(SOCKET);
        loop.step();
        assertEquals(1, taken.size());
        assertEquals(List.of(), failures);
    }

    @Test
    @DisplayName("where there are no descriptors left it pauses for 0.555 seconds, once, and does not spin; nobody is lost")
    void pauses() throws SysException {
        kernel.failNext(Act.ACCEPT, Errno.EMFILE);
        FakeSocket client = kernel.client(SOCKET);
        long begun = kernel.monotonicNanos();
        loop.step();
        assertEquals(List.of("process cannot open more files (EMFILE)"), failures);
        // The next thing that happens is the end of the pause.
        loop.step();
        assertEquals(555_000_000L, kernel.monotonicNanos() - begun);
        assertEquals(List.of(), taken);
        loop.step();
        write(taken.get(0), "here");
        assertEquals("here", client.receive());
        assertEquals(1, failures.size());
    }
}
