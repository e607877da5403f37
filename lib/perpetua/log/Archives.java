// SPDX-License-Identifier: Apache-2.0
package perpetua.log;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The archives of a log directory: which names they have, and which of them are too many. */
public final class Archives {
    /** Closed because it was time to. */
    public static final char CLOSED = 's';
    /** Found without the mark of a clean end. */
    public static final char UNCLEAN = 'u';

    private static final int SHORTEST = 23;
    private static final int PLACE_OF_T = 9;

    private Archives() {
    }

    /** @param moment when it was closed */
    public static String name(UtcStamp moment, char kind) {
        return "_" + moment + "." + kind;
    }

    /** Whether a file of that name counts as an archive, as perp has it: others in the directory are left alone. */
    public static boolean isArchive(String name) {
        return name.length() >= SHORTEST && name.charAt(0) == '_' && name.charAt(PLACE_OF_T) == 'T';
    }

    /** The archives that must go so that {@code keep} stay: those with the bytewise smallest names, which are the oldest. */
    public static List<String> surplus(List<String> names, long keep) {
        List<String> archives = new ArrayList<>();
        for (String name : names) {
            if (isArchive(name)) archives.add(name);
        }
        Collections.sort(archives);
        int many = (int) Math.max(0, archives.size() - keep);
        return archives.subList(0, many);
    }
}
