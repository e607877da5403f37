// SPDX-License-Identifier: Apache-2.0
package examples.echod;

import perpetua.cli.Tool;
import perpetua.cli.Tools;

/** A program of one tool, whatever it is called. */
final class Only implements Tools {
    @Override
    public Tool find(String name) {
        return Echod.TOOL;
    }

    @Override
    public String[] names() {
        return new String[] {"echod"};
    }
}
