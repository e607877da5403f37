// SPDX-License-Identifier: Apache-2.0
package perpetua.sys;

import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A process of its own that locks a file, says so in one byte, and holds it until it is killed. */
final class LockHolder {
    private LockHolder() {
    }

    public static void main(String[] args) throws Exception {
        try (FileChannel file = FileChannel.open(Path.of(args[0]), StandardOpenOption.WRITE)) {
            file.lock();
            System.out.write('x');
            System.out.flush();
            Thread.sleep(Long.MAX_VALUE);
        }
    }
}
