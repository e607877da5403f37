// SPDX-License-Identifier: Apache-2.0
package perpetua.uci;

/** A configuration file that can't be understood. */
public final class SyntaxError extends Exception {
    private final int line;

    SyntaxError(String why, int line) {
        super(why, null, false, false);
        this.line = line;
    }

    /** Where, counted from 1. */
    public int line() {
        return line;
    }
}
