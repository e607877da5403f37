// SPDX-License-Identifier: Apache-2.0
package perpetua.cli;

/** The one place where this suite's version is written; the build reads it from here. */
public final class Version {
    public static final String NUMBER = "0.1.0";

    private Version() {
    }
}
