// SPDX-License-Identifier: Apache-2.0
package perpetua.sys.jvm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.Inflater;
import perpetua.sys.Signal;
import perpetua.sys.SysException;

/**
 * What signals do to this process. The launcher starts the JVM with {@code -Xrs} and with all signals blocked, so that
 * every thread that the JVM makes for itself has them blocked. The one that runs a tool then decides alone, as in a
 * program with a single thread: it dies of them while it waits, or reads them from a signalfd.
 */
final class Dispositions {
    /** The size of glibc's struct sigaction: handler, mask, flags, restorer. */
    private static final int SIGACTION = 152;
    private static final int LAST_SIGNAL = 64;
    /** Two signals that glibc keeps for its threads; its sigaction refuses them. */
    private static final int SIGCANCEL = 32;
    private static final int SIGSETXID = 33;
    /** The size of the kernel's own struct sigaction, the handler first on every machine. */
    private static final int KERNEL_SIGACTION = 32;
    private static final int SIGSET = 8;

    private final CLibrary c;
    private final Launch launch;
    /** What the JVM had in place of what is restored now. */
    private final Map<Integer, byte[]> replaced = new TreeMap<>();
    /** What these are to be for the next program. */
    private final Map<Integer, Long> wanted = new TreeMap<>();

    Dispositions(CLibrary c, Launch launch) {
        this.c = c;
        this.launch = launch;
    }

    /** Makes the calling thread the one that gets the signals. */
    void enter() {
        // HotSpot swallows these two even with -Xrs: a tool would not end by writing to a closed pipe.
        for (Signal signal : new Signal[] {Signal.PIPE, Signal.XFSZ}) {
            set(signal.number(), wasIgnored(signal.number()) ? Libc.SIG_IGN : Libc.SIG_DFL);
        }
        // The JDK starts a thread of its own at the first use of a cleaner: let it be now, while that inherits the
        // blocked signals.
        new Inflater().end();
        c.libc.pthread_sigmask(Libc.SIG_SETMASK, CLibrary.sigset(launch.blocked()), null);
    }

    void ignore(Signal signal) throws SysException {
        dispose(signal, Libc.SIG_IGN);
    }

    void restoreDefault(Signal signal) throws SysException {
        dispose(signal, Libc.SIG_DFL);
    }

    /** A JVM makes some of its own mistakes into exceptions by these signals: until the exec it must have them. */
    private void dispose(Signal signal, long handler) throws SysException {
        switch (signal) {
            case SEGV, BUS, FPE, ILL, TRAP -> wanted.put(signal.number(), handler);
            default -> c.checked(set(signal.number(), handler));
        }
    }

    /** A signal that is ignored is not queued, not even for a signalfd. */
    void stopIgnoring(Signal signal) {
        if (handler(get(signal.number())) == Libc.SIG_IGN) set(signal.number(), Libc.SIG_DFL);
    }

    /**
     * Before an exec: what was ignored when this process began and is caught by the JVM now is ignored again. What else
     * is caught becomes default by itself.
     */
    void restore() {
        for (int signal = 1; signal <= LAST_SIGNAL; signal++) {
            long handler = wanted.getOrDefault(signal, wasIgnored(signal) ? Libc.SIG_IGN : Libc.SIG_DFL);
            if (handler == Libc.SIG_DFL) continue;
            byte[] now = get(signal);
            if (handler(now) == Libc.SIG_DFL || handler(now) == Libc.SIG_IGN) continue;
            if (set(signal, Libc.SIG_IGN) == 0) replaced.put(signal, now);
        }
    }

    /** After a program could not be executed: the JVM can't do without its own. */
    void withdraw() {
        replaced.forEach((signal, action) -> act(signal, action, null));
        replaced.clear();
    }

    private boolean wasIgnored(int signal) {
        return (launch.ignored() & CLibrary.bit(signal)) != 0;
    }

    private byte[] get(int signal) {
        byte[] action = new byte[isKept(signal) ? KERNEL_SIGACTION : SIGACTION];
        act(signal, null, action);
        return action;
    }

    private int set(int signal, long handler) {
        int size = isKept(signal) ? KERNEL_SIGACTION : SIGACTION;
        return act(signal, CLibrary.struct(size).putLong(0, handler).array(), null);
    }

    private int act(int signal, byte[] action, byte[] before) {
        if (isKept(signal)) return (int) c.libc.syscall(Libc.SYS_RT_SIGACTION, signal, action, before, SIGSET);
        return c.libc.sigaction(signal, action, before);
    }

    private static boolean isKept(int signal) {
        return signal == SIGCANCEL || signal == SIGSETXID;
    }

    private static long handler(byte[] action) {
        return ByteBuffer.wrap(action).order(ByteOrder.nativeOrder()).getLong(0);
    }
}
