// SPDX-License-Identifier: Apache-2.0
package perpetua.perp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import perpetua.fake.FakeKernel;
import perpetua.fake.FakeSocket;
import perpetua.sys.Bytes;
import perpetua.sys.Errno;
import perpetua.sys.SysException;

class ObserverTest {
    private static final FileKey SERVICE = new FileKey(1, 2);

    private final FakeKernel kernel = new FakeKernel();
    private final List<FakeSocket> asked = new ArrayList<>();

    @Test
    @DisplayName("it asks again after a long time without a change, though perpd has hung up meanwhile")
    void silent() throws SysException {
        kernel.makeDirectory("/base", 0755);
        kernel.makeDirectory("/base/.control", 0755);
        kernel.server("/base/.control/perpd.sock", client -> {
            String request = client.receive();
            // Of changes there are none to tell; and the service is not known.
            if (request.charAt(1) == Packet.WATCH) return;
            if (!asked.contains(client)) asked.add(client);
            client.send(Bytes.text(Packet.result(Errno.ENOTDIR.number()).bytes()));
        });
        Observer observer = new Observer(kernel, "/base");
        assertNull(observer.query(SERVICE));
        assertNull(observer.query(SERVICE));
        assertEquals(1, asked.size());
        kernel.sleep(9_000_000_000L);
        asked.get(0).close();
        assertNull(observer.query(SERVICE));
        assertEquals(2, asked.size());
        observer.close();
        assertEquals(3, kernel.openDescriptors());
    }
}
