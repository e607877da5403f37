// SPDX-License-Identifier: Apache-2.0
package perpetua.perp;

import java.util.List;
import perpetua.cli.Numbers;
import perpetua.supervise.LoggerPipe;
import perpetua.supervise.Loop;
import perpetua.sys.Errno;
import perpetua.sys.FileStat;
import perpetua.sys.Kernel;
import perpetua.sys.PollSet;
import perpetua.sys.Spawn;
import perpetua.sys.SysException;

/**
 * Where one process says that it is ready: open here from its start until it has said so, or has ended. So what is ready costs
 * nothing.
 */
final class ReadySignal {
    private static final String VARIABLE = "NOTIFY_SOCKET=";
    private static final String WORD = "READY=1";
    private static final int ROOM = 4096;

    private final Kernel kernel;
    private final int number;
    private final LoggerPipe pipe;
    private final int fd;
    private Loop loop;
    private Loop.Watch watch;
    private Runnable ready;
    private int pid;
    private boolean closed;
    private String identity;

    private ReadySignal(Kernel kernel, int number, LoggerPipe pipe, int fd) {
        this.kernel = kernel;
        this.number = number;
        this.pipe = pipe;
        this.fd = fd;
    }

    /** Opens it and gives the child its end of it, by descriptor or by name. */
    static ReadySignal open(Kernel kernel, ReadyFile how, Spawn child) throws SysException {
        if (how.fd() == ReadyFile.NOTIFY) {
            ReadySignal signal = new ReadySignal(kernel, ReadyFile.NOTIFY, null, kernel.listenDatagram(null));
            try {
                signal.identity = kernel.abstractName(signal.fd);
                List<String> variables = child.environment();
                // perpd's own is that of whoever has started perpd.
                for (int i = variables.size(); i-- > 0; ) {
                    if (variables.get(i).startsWith(VARIABLE)) variables.remove(i);
                }
                variables.add(VARIABLE + signal.identity);
            } catch (SysException e) {
                signal.close();
                throw e;
            }
            return signal;
        }
        // perpd may be killed before it is said, which must not become the death of the service too.
        LoggerPipe pipe = LoggerPipe.openLasting(kernel);
        ReadySignal signal = new ReadySignal(kernel, how.fd(), pipe, pipe.readEnd());
        try {
            kernel.nonBlocking(pipe.readEnd(), true);
            signal.identity = identity(kernel, pipe.readEnd(), false);
        } catch (SysException e) {
            signal.close();
            throw e;
        }
        child.descriptor(how.fd(), pipe.writeEnd());
        return signal;
    }

    /**
     * What a later perpd needs.
     *
     * @param how as the file said at activation
     * @param fd the descriptor, for a program that takes the place of this one; -1 if none is open
     * @param identity the name of the socket, or the inode of the pipe
     */
    record Saved(ReadyFile how, int fd, String identity) {
        /** @return null for what is not whole */
        static Saved of(String text) {
            int first = text.indexOf(' ');
            int second = text.indexOf(' ', first + 1);
            if (second < 0) return null;
            ReadyFile how = ReadyFile.of(text.substring(0, first).replace('-', ' '));
            int fd = (int) Numbers.decimal(text.substring(first + 1, second), Integer.MAX_VALUE);
            return how == null ? null : new Saved(how, fd, text.substring(second + 1));
        }
    }

    /** @param signal null if none is open */
    static String saved(ReadyFile how, ReadySignal signal) {
        String way = how.fd() == ReadyFile.NOTIFY ? "notify" : "fd-" + how.fd();
        return signal == null || signal.closed ? way + " - -" : way + " " + signal.fd + " " + signal.identity;
    }

    /**
     * Opens it again after an earlier perpd, for the same child.
     *
     * @param inherits whether that was this process, so that it is still open
     * @return null if that is impossible: then it can't say so any more
     */
    static ReadySignal again(Kernel kernel, Saved saved, int pid, boolean inherits) {
        int fd = saved.fd();
        boolean notifies = saved.how().fd() == ReadyFile.NOTIFY;
        try {
            if (fd < 0) return null;
            if (inherits) {
                if (!saved.identity().equals(identity(kernel, fd, notifies))) return null;
                kernel.closeOnExec(fd, true);
            } else if (notifies) {
                fd = kernel.listenDatagram(saved.identity());
            } else {
                int[] ends = kernel.openPipeOf(pid, Numbers.decimal(saved.identity()));
                fd = ends[0];
                kernel.close(ends[1]);
                kernel.nonBlocking(fd, true);
            }
        } catch (SysException gone) {
            return null;
        }
        ReadySignal signal = new ReadySignal(kernel, saved.how().fd(), null, fd);
        signal.identity = saved.identity();
        return signal;
    }

    private static String identity(Kernel kernel, int fd, boolean notifies) throws SysException {
        return notifies ? kernel.abstractName(fd) : Long.toString(kernel.stat(fd).inode());
    }

    /** Whether a program that this process executes is to have it. */
    void inherit(boolean on) throws SysException {
        if (!closed) kernel.closeOnExec(fd, !on);
    }

    /** The child runs: from now on what it says is heard. @param ready called once, when it has said that it is ready */
    void listen(Loop loop, int pid, Runnable ready) {
        this.loop = loop;
        this.pid = pid;
        this.ready = ready;
        if (pipe != null) pipe.closeWriteEnd();
        watch = loop.watch(fd, PollSet.IN, (set, place) -> heard());
    }

    boolean isClosed() {
        return closed;
    }

    void close() {
        if (closed) return;
        closed = true;
        if (watch != null) loop.drop(watch);
        if (pipe != null) {
            pipe.close();
            return;
        }
        kernel.closeQuietly(fd);
    }

    private void heard() {
        byte[] text = new byte[ROOM];
        boolean said = false;
        try {
            if (number == ReadyFile.NOTIFY) {
                int[] sender = new int[1];
                // Each message is taken, whoever sent it: one that is left would wake us again at once.
                int count = kernel.receive(fd, text, sender);
                said = isReady(text, count) && isTrusted(sender[0]);
            } else {
                int count = kernel.read(fd, text, 0, ROOM);
                for (int i = 0; i < count; i++) said |= text[i] == '\n';
                // Nobody has the other end any more.
                if (count == 0) close();
            }
        } catch (SysException e) {
            if (!e.is(Errno.EAGAIN)) close();
        }
        if (!said) return;
        close();
        ready.run();
    }

    /** An abstract name is open to all: so only root, perpd's own user and that of the process itself are believed. */
    private boolean isTrusted(int user) {
        if (user == 0 || user == kernel.effectiveUserId()) return true;
        try {
            FileStat process = kernel.stat("/proc/" + pid);
            return process.uid() == user;
        } catch (SysException gone) {
            return false;
        }
    }

    /** Whether one of its lines says so. */
    private static boolean isReady(byte[] text, int length) {
        for (int from = 0; from < length; from++) {
            int to = from;
            while (to < length && text[to] != '\n') to++;
            boolean same = to - from == WORD.length();
            for (int i = 0; same && i < WORD.length(); i++) same = text[from + i] == WORD.charAt(i);
            if (same) return true;
            from = to;
        }
        return false;
    }
}
