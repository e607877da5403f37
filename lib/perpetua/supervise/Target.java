// SPDX-License-Identifier: Apache-2.0
package perpetua.supervise;

/** What a runscript is called for (spec/perp.md section 2.4). */
public enum Target {
    START, RESET;

    /** As its first argument. */
    public String word() {
        return this == START ? "start" : "reset";
    }
}
