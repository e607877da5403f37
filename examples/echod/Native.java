// SPDX-License-Identifier: Apache-2.0
package examples.echod;

import perpetua.sys.teavm.NativeStart;

/** Where the native edition of echod begins. */
public final class Native {
    public static void main(String[] args) {
        NativeStart.run(new Only());
    }
}
