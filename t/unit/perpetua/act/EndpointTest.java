// SPDX-License-Identifier: Apache-2.0
package perpetua.act;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import perpetua.fake.FakeKernel;

/** Addresses as they are typed, and whether somebody accepts there. */
class EndpointTest {
    @Test
    void aPathIsAUnixSocket() {
        for (String path : new String[] {"/run/x", "./x", "../x:80"}) assertEquals(path, Endpoint.of(path).path());
    }

    @Test
    void aNumberIsAPortOfThisMachine() {
        assertEquals(5432, Endpoint.of("5432").port());
        assertArrayEquals(new byte[] {127, 0, 0, 1}, Endpoint.of("5432").address());
        assertArrayEquals(new byte[] {127, 0, 0, 1}, Endpoint.of("localhost:1").address());
        assertArrayEquals(new byte[] {10, 0, (byte) 200, 1}, Endpoint.of("10.0.200.1:65535").address());
    }

    @Test
    void sixIsReadAsJavaReadsIt() throws Exception {
        for (String text : new String[] {"::1", "::", "fe80::1", "1:2:3:4:5:6:7:8", "2001:db8::a:0:b", "1::", "::2:3"}) {
            assertArrayEquals(InetAddress.getByName(text).getAddress(), Endpoint.of("[" + text + "]:80").address(), text);
        }
    }

    @Test
    void anythingElseIsNone() {
        for (String text : new String[] {"", "0", "65536", "-1", "x", "host:80", "1.2.3:80", "1.2.3.4.5:80", "1.2.3.256:80", "1..2.3:80",
                "[::1]", "[::1:80", "[1:2]:80", "[1::2::3]:80", "[12345::]:80", "[1:2:3:4:5:6:7:8:9]:80", "[:1]:80", "[1:]:80",
                "[1:2:3:4:5:6:7::8]:80", "[:::]:80", "127.0.0.1:"}) {
            assertNull(Endpoint.of(text), text);
        }
    }

    @Test
    void itAcceptsOrDoesNot() {
        FakeKernel kernel = new FakeKernel();
        int before = kernel.openDescriptors();
        assertFalse(Endpoint.of("80").accepts(kernel, 1));
        kernel.port(80, true);
        assertTrue(Endpoint.of("80").accepts(kernel, 1));
        assertFalse(Endpoint.of("/socket").accepts(kernel, 1));
        kernel.server("/socket", client -> { });
        assertTrue(Endpoint.of("/socket").accepts(kernel, 1));
        assertEquals(before, kernel.openDescriptors());
    }
}
