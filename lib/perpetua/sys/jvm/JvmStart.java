// SPDX-License-Identifier: Apache-2.0
package perpetua.sys.jvm;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.List;
import perpetua.chain.Chain;
import perpetua.cli.Fatal;
import perpetua.cli.Tools;
import perpetua.sys.SysException;

/** Where the JVM edition enters Java, started by the launcher with argv[0] as the first argument. */
public final class JvmStart {
    private JvmStart() {
    }

    /** @param args as the JVM decoded them, so only their number is of use */
    public static void run(Tools tools, String[] args) {
        try {
            Launch launch = new Launch();
            List<String> words = launch.arguments(args.length);
            // The launcher is a script: the kernel put the path of what it executed in the place of argv[0].
            JvmKernel kernel = JvmKernel.launched(launch, words.get(0));
            if (Boolean.getBoolean("perpetua.rehearsal")) rehearse(tools, kernel);
            else kernel.exit(Chain.start(kernel, tools, words.get(0), words));
        } catch (Throwable broken) {
            // A library that can't be loaded, above all. The JVM would show a stack trace.
            say("perpetua: fatal: unable to start on this JVM: " + broken + "\n");
            Runtime.getRuntime().halt(Fatal.FAILURE);
        }
    }

    /**
     * The build lets this run once, to learn from it which classes the archive must hold. It ends as Java programs end,
     * since what it has learnt is written then.
     */
    private static void rehearse(Tools tools, JvmKernel kernel) {
        for (String name : tools.names()) Chain.start(kernel, tools, name, List.of(name, "-h"));
        Chain.start(kernel, tools, "runenv", List.of("runenv", "/dev/null", "/dev/null"));
        Chain.start(kernel, tools, "runenv", List.of("runenv", "/usr", "rehearsal"));
        Chain.start(kernel, tools, "runlimit", List.of("runlimit", "-o", "50", "/dev/null"));
        Chain.start(kernel, tools, "runlock", List.of("runlock", "/", "/dev/null"));
        Chain.start(kernel, tools, "runuid", List.of("runuid", "rehearsal", "/dev/null"));
        try {
            kernel.account(0);
            kernel.hasGroup(0);
            kernel.sleep(1);
        } catch (SysException e) {
            // Then without these classes.
        }
    }

    private static void say(String line) {
        try (FileOutputStream out = new FileOutputStream(FileDescriptor.err)) {
            out.write(line.getBytes());
        } catch (IOException nowhereToSaySo) {
            // The status says it too.
        }
    }
}
