// SPDX-License-Identifier: Apache-2.0
package perpetua.act;

import perpetua.cli.Numbers;
import perpetua.sys.Errno;
import perpetua.sys.Kernel;
import perpetua.sys.PollSet;
import perpetua.sys.SysException;

/**
 * Where something listens: a Unix socket by its path, or a TCP port, of this machine or of a numeric address. Names of machines
 * are not looked up: whoever waits for a server does not want to wait for another one first.
 *
 * @param path of a Unix socket, null for TCP
 * @param address 4 bytes of IPv4 or 16 of IPv6
 * @param port 1 to 65535
 */
public record Endpoint(String path, byte[] address, int port) {
    private static final int HIGHEST_PORT = 65535;

    /** @param text {@code /path}, {@code ./path}, {@code port}, {@code a.b.c.d:port} or {@code [x:y::z]:port}. @return null for none of these */
    public static Endpoint of(String text) {
        if (text.startsWith("/") || text.startsWith("./") || text.startsWith("../")) return new Endpoint(text, null, 0);
        int colon = text.lastIndexOf(':');
        String number = text.substring(colon + 1);
        long port = number.isEmpty() ? Numbers.NONE : Numbers.decimal(number, HIGHEST_PORT);
        if (port <= 0) return null;
        String host = colon < 0 ? "127.0.0.1" : text.substring(0, colon);
        byte[] address = host.equals("localhost") ? four("127.0.0.1") : host.startsWith("[") && host.endsWith("]")
                ? six(host.substring(1, host.length() - 1)) : four(host);
        return address == null ? null : new Endpoint(null, address, (int) port);
    }

    /** Whether a connection is accepted, within that time; it is closed at once. */
    public boolean accepts(Kernel kernel, long nanos) {
        try {
            if (path != null) {
                kernel.close(kernel.connect(path, nanos));
                return true;
            }
            int fd = kernel.connectInternet(address, port);
            try {
                return isMade(kernel, fd, nanos);
            } finally {
                kernel.close(fd);
            }
        } catch (SysException e) {
            return false;
        }
    }

    private static boolean isMade(Kernel kernel, int fd, long nanos) throws SysException {
        PollSet set = new PollSet();
        set.add(fd, PollSet.OUT);
        if (kernel.poll(set, nanos) == 0) return false;
        try {
            // What it says, if anything, or its end: that it could be asked is enough.
            kernel.read(fd, new byte[1], 0, 1);
            return true;
        } catch (SysException e) {
            return e.is(Errno.EAGAIN);
        }
    }

    private static byte[] four(String text) {
        byte[] address = new byte[4];
        int from = 0;
        for (int i = 0; i < 4; i++) {
            int to = i == 3 ? text.length() : text.indexOf('.', from);
            if (to <= from) return null;
            long part = Numbers.decimal(text.substring(from, to), 255);
            if (part == Numbers.NONE) return null;
            address[i] = (byte) part;
            from = to + 1;
        }
        return address;
    }

    private static int hexadecimal(char c) {
        if (c >= '0' && c <= '9') return c - '0';
        char small = (char) (c | 0x20);
        return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
    }

    /** Groups of up to four hexadecimal digits; {@code ::} once, for as many zeros as are missing. */
    private static byte[] six(String text) {
        byte[] address = new byte[16];
        int filled = 0;
        int gap = -1;
        int at = 0;
        if (text.startsWith("::")) {
            gap = 0;
            at = 2;
        }
        while (at < text.length()) {
            int group = 0;
            int from = at;
            for (int digit; at < text.length() && (digit = hexadecimal(text.charAt(at))) >= 0; at++) {
                group = group << 4 | digit;
            }
            if (at == from || at > from + 4 || filled == 16) return null;
            address[filled++] = (byte) (group >> 8);
            address[filled++] = (byte) group;
            if (at == text.length()) break;
            if (text.charAt(at++) != ':' || at == text.length()) return null;
            if (text.charAt(at) != ':') continue;
            if (gap >= 0) return null;
            gap = filled;
            at++;
        }
        if (gap < 0) return filled == 16 ? address : null;
        if (filled == 16) return null;
        byte[] whole = new byte[16];
        System.arraycopy(address, 0, whole, 0, gap);
        System.arraycopy(address, gap, whole, 16 - (filled - gap), filled - gap);
        return whole;
    }
}
