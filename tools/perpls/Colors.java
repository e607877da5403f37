// SPDX-License-Identifier: Apache-2.0
package tools.perpls;

import perpetua.chain.Environment;
import perpetua.cli.Args;
import perpetua.perp.Panel;
import perpetua.sys.Kernel;

/** The colours in which perpls shows names: a table such as {@code df=00:an=01:er=01;31}. */
final class Colors {
    private static final String STANDARD =
            "df=00:na=00:an=01:ar=01;33:ap=01;33:ad=01;34:wu=01;33:wd=01;33:er=01;31:ex=01;31";
    /** perp's bound on one attribute. */
    private static final int LONGEST = 15;

    private final String table;

    private Colors(String table) {
        this.table = table;
    }

    /** @return null if there are to be none: the options decide, else the environment and where it goes */
    static Colors of(Args args, Kernel kernel, Environment environment) {
        String table = environment.get("PERPLS_COLORS");
        boolean given = table != null && !table.isEmpty();
        boolean wanted = given && kernel.isTerminal(1);
        for (int i = 0; i < args.options(); i++) {
            if (args.letter(i) == 'G') wanted = true;
            if (args.letter(i) == 'g') wanted = false;
        }
        return wanted ? new Colors(given ? table : STANDARD) : null;
    }

    String painted(String text, Panel panel) {
        return "\033[00m\033[" + attribute(panel.colorKey()) + "m" + text + "\033[00m";
    }

    private String attribute(String key) {
        String attribute = find(key);
        if (attribute == null) attribute = find("df");
        return attribute == null ? "0" : attribute;
    }

    private String find(String key) {
        int from = 0;
        for (;;) {
            int equals = table.indexOf('=', from);
            if (equals < 0) return null;
            int to = table.indexOf(':', equals);
            if (to < 0) to = table.length();
            // As with perp, a colon before the sign belongs to the key, and the first entry counts even if it is too long.
            if (table.substring(from, equals).equals(key)) {
                return to - equals - 1 < LONGEST ? table.substring(equals + 1, to) : null;
            }
            from = Math.min(to + 1, table.length());
        }
    }

    @Override
    public String toString() {
        return table;
    }
}
