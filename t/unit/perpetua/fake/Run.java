// SPDX-License-Identifier: Apache-2.0
package perpetua.fake;

import java.util.List;
import perpetua.chain.Chain;
import perpetua.cli.Tools;
import tools.Index;

/**
 * A run of the suite's binary over a kernel in memory.
 *
 * @param status what it ended with; {@link #BECAME} where it has become another program
 * @param output what it wrote to standard output
 * @param errors what it wrote to standard error
 * @param executed the program it has become, or null
 */
public record Run(int status, String output, String errors, Executed executed) {
    public static final int BECAME = -1;

    /** The kernel with every tool in {@code /sbin}, found along PATH. */
    public static FakeKernel kernel() {
        return installed(new FakeKernel().variables("PATH=/sbin:/bin"), new Index());
    }

    private static FakeKernel installed(FakeKernel kernel, Tools tools) {
        for (String name : tools.names()) kernel.self("/sbin/" + name);
        return kernel;
    }

    /** Runs one of the suite's tools. */
    public static Run of(FakeKernel kernel, String... words) {
        return of(kernel, new Index(), "/sbin/" + words[0], List.of(words));
    }

    public static Run of(FakeKernel kernel, Tools tools, String path, List<String> words) {
        int status;
        try {
            status = Chain.start(kernel, tools, path, words);
        } catch (Gone gone) {
            status = kernel.exitStatus();
        }
        Run run = new Run(status, kernel.output(), kernel.errors(), kernel.executed());
        kernel.forgetOutput();
        return run;
    }

    /** What it has become, in one line. */
    public String became() {
        return executed == null ? "nothing" : String.join(" ", executed.argv());
    }
}
