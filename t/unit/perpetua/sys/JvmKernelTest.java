// SPDX-License-Identifier: Apache-2.0
package perpetua.sys;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import perpetua.sys.jvm.JvmKernel;

/** The kernel of the JVM edition, as a Java program has it that uses the library: without a launcher. */
@DisplayName("JvmKernel")
class JvmKernelTest extends KernelContract {
    private static final String SHELL = "/bin/sh";

    private final Kernel kernel = new JvmKernel();

    @TempDir
    Path scratch;

    @Override
    protected Kernel kernel() {
        return kernel;
    }

    @Override
    protected String scratch() {
        try {
            return scratch.toRealPath().toString();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Spawn shell(String script, String... operands) {
        List<String> argv = new ArrayList<>(List.of(SHELL, "-c", script, SHELL));
        argv.addAll(List.of(operands));
        return new Spawn(SHELL, argv);
    }

    @Override
    protected Spawn exits(int status) {
        return shell("exit " + status);
    }

    @Override
    protected Spawn waits() {
        return new Spawn("/bin/sleep", List.of("sleep", "1000"));
    }

    @Override
    protected Spawn prints(String text) {
        return shell("printf %s \"$1\"", text);
    }

    @Override
    protected Spawn printsVariable(String name) {
        return shell("printf %s \"$" + name + "\"");
    }

    @Override
    protected Spawn printsDirectory() {
        return new Spawn("/bin/sh", List.of("sh", "-c", "cd -P . && printf %s \"$PWD\""));
    }

    @Override
    protected Spawn copies() {
        return new Spawn("/bin/cat", List.of("cat"));
    }

    /** Another JVM, since the locks of Java are those of fcntl(2), and those of flock(1) are not. */
    @Override
    protected int lockElsewhere(String path) throws Exception {
        String java = System.getProperty("java.home") + File.separator + "bin/java";
        int[] pipe = kernel.pipe();
        int pid = kernel.spawn(new Spawn(java, List.of(java, "-cp", classes(), LockHolder.class.getName(), path))
                .descriptor(1, pipe[1]));
        kernel.close(pipe[1]);
        kernel.read(pipe[0], new byte[1], 0, 1);
        kernel.close(pipe[0]);
        return pid;
    }

    private static String classes() throws Exception {
        return Path.of(LockHolder.class.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    }
}
