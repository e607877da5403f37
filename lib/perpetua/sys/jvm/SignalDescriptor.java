// SPDX-License-Identifier: Apache-2.0
package perpetua.sys.jvm;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import perpetua.sys.Errno;
import perpetua.sys.Signal;
import perpetua.sys.SysException;

/** Signals by signalfd(2), as in the native edition. Only where every other thread has them blocked. */
final class SignalDescriptor implements SignalSource {
    /** struct signalfd_siginfo, which begins with the number; then the code, positive from the system itself, and the pid. */
    private static final int INFO = 128;
    private static final int INFO_CODE = 8;
    private static final int INFO_PID = 12;

    private final CLibrary c;
    private final int fd;
    private int child;

    private SignalDescriptor(CLibrary c, int fd) {
        this.c = c;
        this.fd = fd;
    }

    static SignalSource open(CLibrary c, long signals) throws SysException {
        byte[] set = CLibrary.sigset(signals);
        c.libc.pthread_sigmask(Libc.SIG_BLOCK, set, null);
        return new SignalDescriptor(c, c.checked(c.libc.signalfd(-1, set, Libc.O_CLOEXEC | Libc.O_NONBLOCK)));
    }

    /** Whether these are blocked in every thread but this one. A single other thread would be hit by them. */
    static boolean isPossible(long signals) {
        File[] threads = new File("/proc/self/task").listFiles();
        int open = 0;
        try {
            for (File thread : threads) {
                String status = Files.readString(thread.toPath().resolve("status"), StandardCharsets.ISO_8859_1);
                int from = status.indexOf("\nSigBlk:\t") + 9;
                long blocked = Long.parseUnsignedLong(status.substring(from, from + 16), 16);
                if ((blocked & signals) != signals) open++;
            }
        } catch (IOException | RuntimeException noProc) {
            return false;
        }
        return open <= 1;
    }

    @Override
    public int fd() {
        return fd;
    }

    @Override
    public int next() throws SysException {
        byte[] info = new byte[INFO];
        try {
            c.again(() -> c.libc.read(fd, info, INFO));
        } catch (SysException e) {
            if (e.is(Errno.EAGAIN)) return 0;
            throw e;
        }
        ByteBuffer told = ByteBuffer.wrap(info).order(ByteOrder.nativeOrder());
        int signal = told.getInt(0);
        if (signal == Signal.CHLD.number()) child = told.getInt(INFO_CODE) > 0 ? told.getInt(INFO_PID) : 0;
        return signal;
    }

    @Override
    public int child() {
        return child;
    }
}
