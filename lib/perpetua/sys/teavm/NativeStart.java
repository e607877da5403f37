// SPDX-License-Identifier: Apache-2.0
package perpetua.sys.teavm;

import perpetua.chain.Chain;
import perpetua.cli.Tools;

/** Where the native edition enters Java: one binary, reached by the names of its tools. */
public final class NativeStart {
    private NativeStart() {
    }

    public static void run(Tools tools) {
        TeavmKernel kernel = new TeavmKernel();
        kernel.exit(Chain.start(kernel, tools, TeavmKernel.executed(), TeavmKernel.arguments()));
    }
}
