// SPDX-License-Identifier: Apache-2.0
package perpetua.sys.jvm;

import java.util.ArrayList;
import java.util.List;
import jnr.ffi.Pointer;
import perpetua.sys.Bytes;
import perpetua.sys.Errno;
import perpetua.sys.Signal;
import perpetua.sys.Spawn;
import perpetua.sys.SysException;

/** One posix_spawn(3): a JVM may not fork. */
final class SpawnCall {
    /** Enough for posix_spawnattr_t (336) and posix_spawn_file_actions_t (80) of glibc. */
    private static final int ROOM = 512;
    private static final String SHELL = "/bin/sh";

    private final CLibrary c;
    private final Descriptors descriptors;
    private final Libc libc;

    /** @param descriptors those that a child is to have, and no others */
    SpawnCall(CLibrary c, Descriptors descriptors) {
        this.c = c;
        this.descriptors = descriptors;
        this.libc = c.libc;
    }

    /**
     * @param environment the child's
     * @param limits what the child is to have and this process could not live with
     */
    int start(Spawn child, List<String> environment, HeldLimits limits) throws SysException {
        try {
            return started(child, environment, limits);
        } catch (SysException e) {
            boolean refused = e.is(Errno.EAGAIN) || e.is(Errno.ENOMEM);
            if (!refused && child.directory() >= 0) child.setPid(standIn());
            throw e;
        }
    }

    /**
     * glibc does not tell the pid of a child that could not execute, and one that was foreseen to fail never was. Another
     * that ends at once has a pid in its place, which is nobody else's.
     */
    private int standIn() {
        int[] pid = new int[1];
        Pointer arguments = c.vector(List.of("sh", "-c", ":"));
        Pointer variables = c.vector(List.of());
        byte[] file = Bytes.terminated(SHELL);
        descriptors.markOthers();
        if (libc.posix_spawn(pid, file, null, null, arguments, variables) != 0) return 0;
        try {
            c.again(() -> libc.waitpid(pid[0], new int[1], 0));
        } catch (SysException reaped) {
            // Where SIGCHLD is ignored it has been collected by the kernel.
        }
        return pid[0];
    }

    private int started(Spawn child, List<String> environment, HeldLimits limits) throws SysException {
        String path = child.path();
        List<String> argv = child.argv();
        String prelude = prelude(child, limits);
        if (!prelude.isEmpty()) {
            foresee(child);
            path = SHELL;
            argv = throughShell(child, environment, prelude);
        }
        Pointer attributes = c.memory(ROOM);
        Pointer actions = c.memory(ROOM);
        succeeded(libc.posix_spawnattr_init(attributes));
        try {
            succeeded(libc.posix_spawn_file_actions_init(actions));
            try {
                describe(child, attributes, actions);
                int[] pid = new int[1];
                Pointer argumentVector = c.vector(argv);
                Pointer environmentVector = c.vector(environment);
                byte[] file = Bytes.terminated(path);
                descriptors.markOthers();
                succeeded(libc.posix_spawn(pid, file, actions, attributes, argumentVector, environmentVector));
                return pid[0];
            } finally {
                libc.posix_spawn_file_actions_destroy(actions);
            }
        } finally {
            libc.posix_spawnattr_destroy(attributes);
        }
    }

    private void describe(Spawn child, Pointer attributes, Pointer actions) throws SysException {
        int flags = Libc.POSIX_SPAWN_SETSIGDEF;
        if (!child.keepsMask()) flags |= Libc.POSIX_SPAWN_SETSIGMASK;
        if (child.isNewSession()) flags |= Libc.POSIX_SPAWN_SETSID;
        else if (child.isNewGroup()) flags |= Libc.POSIX_SPAWN_SETPGROUP;
        // glibc would leave the two signals that it keeps for itself ignored in the child.
        long defaults = CLibrary.bit(32) | CLibrary.bit(33);
        for (Signal signal : child.defaults()) defaults |= CLibrary.bit(signal.number());
        succeeded(libc.posix_spawnattr_setflags(attributes, (short) flags));
        succeeded(libc.posix_spawnattr_setsigmask(attributes, CLibrary.sigset(0)));
        succeeded(libc.posix_spawnattr_setsigdefault(attributes, CLibrary.sigset(defaults)));
        if (child.directory() >= 0) {
            succeeded(libc.posix_spawn_file_actions_addfchdir_np(actions, child.directory()));
        }
        int[] fds = child.descriptors();
        for (int i = 0; i < fds.length; i += 2) {
            succeeded(libc.posix_spawn_file_actions_adddup2(actions, fds[i + 1], fds[i]));
        }
        if (child.hasControllingTerminal()) {
            // The leader of a session without one gets it by opening it.
            succeeded(libc.posix_spawn_file_actions_addopen(actions, 0, Bytes.terminated("/proc/self/fd/0"), Libc.O_RDWR, 0));
        }
    }

    /** These functions return the error number itself. */
    private static void succeeded(int error) throws SysException {
        if (error != 0) throw new SysException(error);
    }

    /** What posix_spawn can't do, as shell commands: before the child runs, only the child knows its pid. */
    private static String prelude(Spawn child, HeldLimits limits) {
        StringBuilder script = new StringBuilder();
        if (child.pidVariable() != null) {
            script.append(child.pidVariable()).append("=$$; export ").append(child.pidVariable()).append("; ");
        }
        limits.all().forEach((resource, soft) -> {
            switch (resource) {
                // In kilobytes: a shell has no finer unit.
                case AS -> script.append("ulimit -S -v ").append(Long.divideUnsigned(soft, 1024)).append("; ");
                case DATA -> script.append("ulimit -S -d ").append(Long.divideUnsigned(soft, 1024)).append("; ");
                case NOFILE -> script.append("ulimit -S -n ").append(soft).append("; ");
                // dash calls it p, the others u.
                case NPROC -> script.append("ulimit -S -u ").append(soft).append(" 2>/dev/null || ulimit -S -p ")
                        .append(soft).append("; ");
                default -> throw new IllegalStateException();
            }
        });
        return script.toString();
    }

    /**
     * Once the shell runs, a failure to execute the program can only be seen by its status. So what can be known before
     * is asked before: a race remains, and a missing interpreter.
     */
    private void foresee(Spawn child) throws SysException {
        int directory = child.directory() < 0 ? Libc.AT_FDCWD : child.directory();
        byte[] path = Bytes.terminated(child.path());
        c.checked(libc.faccessat(directory, path, Libc.X_OK, Libc.AT_EACCESS));
        if (!FileStatus.of(c, directory, path, 0).isRegular()) throw new SysException(Errno.EACCES);
        if (!isProgram(directory, path)) throw new SysException(Errno.ENOEXEC);
    }

    /** A shell would run any text as a script; execve wants a program, or a first line that names one. */
    private boolean isProgram(int directory, byte[] path) {
        int fd = libc.openat(directory, path, Libc.O_CLOEXEC, 0);
        if (fd < 0) return true;
        byte[] start = new byte[4];
        libc.read(fd, start, start.length);
        libc.close(fd);
        String magic = Bytes.text(start);
        return magic.startsWith("#!") || magic.equals("\177ELF");
    }

    /**
     * The shell does its part and executes the program. It would add some variables of its own to the environment:
     * those that were not there are taken away. A variable whose name is no identifier it does not pass on, and
     * argv[0] becomes the path.
     */
    private static List<String> throughShell(Spawn child, List<String> environment, String prelude) {
        StringBuilder script = new StringBuilder(prelude);
        for (String own : List.of("PWD", "OLDPWD", "SHLVL", "_")) {
            boolean given = false;
            for (String variable : environment) given |= variable.startsWith(own + "=");
            if (!given) script.append("unset ").append(own).append("; ");
        }
        script.append("exec \"$0\" \"$@\"");
        String path = child.path().indexOf('/') < 0 ? "./" + child.path() : child.path();
        List<String> argv = new ArrayList<>(List.of("sh", "-c", script.toString(), path));
        argv.addAll(child.argv().subList(1, child.argv().size()));
        return argv;
    }
}
