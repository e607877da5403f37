// SPDX-License-Identifier: Apache-2.0
package perpetua.sys.jvm;

import perpetua.sys.Errno;
import perpetua.sys.Signal;
import perpetua.sys.SysException;

/**
 * Signals by the JVM's own handlers, which write into a pipe: for a Java program that uses the kernel as a library, and
 * whose other threads have no signals blocked. QUIT is the JVM's own there and can't be had.
 */
final class SignalPipe implements SignalSource {
    private final CLibrary c;
    private final int[] ends = new int[2];

    private SignalPipe(CLibrary c) throws SysException {
        this.c = c;
        c.checked(c.libc.pipe2(ends, Libc.O_CLOEXEC | Libc.O_NONBLOCK));
    }

    static SignalSource open(CLibrary c, Signal... which) throws SysException {
        SignalPipe pipe = new SignalPipe(c);
        for (Signal signal : which) {
            try {
                sun.misc.Signal.handle(new sun.misc.Signal(signal.name()), arrived -> pipe.put(arrived.getNumber()));
            } catch (IllegalArgumentException refused) {
                throw new SysException(Errno.EINVAL);
            }
        }
        return pipe;
    }

    /** On a thread of the JVM. Where the pipe is full, enough have arrived to be woken up by. */
    private void put(int signal) {
        c.libc.write(ends[1], new byte[] {(byte) signal}, 1);
    }

    @Override
    public int fd() {
        return ends[0];
    }

    @Override
    public int next() throws SysException {
        byte[] signal = new byte[1];
        try {
            return c.again(() -> c.libc.read(ends[0], signal, 1)) == 0 ? 0 : signal[0];
        } catch (SysException e) {
            if (e.is(Errno.EAGAIN)) return 0;
            throw e;
        }
    }
}
