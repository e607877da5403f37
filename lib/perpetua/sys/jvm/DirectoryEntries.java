// SPDX-License-Identifier: Apache-2.0
package perpetua.sys.jvm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import perpetua.sys.Bytes;
import perpetua.sys.SysException;

/** getdents64(2): the names in an open directory. Unlike readdir(3), its result tells an error from the end. */
final class DirectoryEntries {
    private static final int ROOM = 32768;
    private static final int RECORD_LENGTH = 16;
    private static final int NAME = 19;

    private DirectoryEntries() {
    }

    static List<String> names(CLibrary c, int fd) throws SysException {
        List<String> names = new ArrayList<>();
        byte[] entries = new byte[ROOM];
        ByteBuffer structs = ByteBuffer.wrap(entries).order(ByteOrder.nativeOrder());
        for (int end; (end = (int) c.again(() -> c.libc.getdents64(fd, entries, ROOM))) > 0; ) {
            for (int at = 0; at < end; at += structs.getShort(at + RECORD_LENGTH)) {
                int from = at + NAME;
                int to = from;
                while (entries[to] != 0) to++;
                String name = Bytes.text(entries, from, to);
                if (!name.equals(".") && !name.equals("..")) names.add(name);
            }
        }
        return names;
    }
}
