// SPDX-License-Identifier: Apache-2.0
package examples.echod;

import perpetua.sys.jvm.JvmStart;

/** Where the JVM edition of echod begins. */
public final class Jvm {
    public static void main(String[] args) {
        JvmStart.run(new Only(), args);
    }
}
