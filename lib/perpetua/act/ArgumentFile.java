// SPDX-License-Identifier: Apache-2.0
package perpetua.act;

import java.util.ArrayList;
import java.util.List;

/** Arguments kept in files, one a line, as runargs, runfile and runtool put them together with those typed. */
public final class ArgumentFile {
    private ArgumentFile() {
    }

    /**
     * @param zeroth argv[0]
     * @param lines of the file
     * @param typed on the command line
     * @param typedFirst whether these come before the lines
     * @return the whole argv
     */
    public static List<String> argv(String zeroth, List<LineFile.Line> lines, List<String> typed, boolean typedFirst) {
        List<String> argv = new ArrayList<>(1 + lines.size() + typed.size());
        argv.add(zeroth);
        if (typedFirst) argv.addAll(typed);
        for (LineFile.Line line : lines) argv.add(line.text());
        if (!typedFirst) argv.addAll(typed);
        return argv;
    }
}
