// SPDX-License-Identifier: Apache-2.0
package perpetua.perp;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import perpetua.sys.FileStat;
import perpetua.sys.Kernel;
import perpetua.sys.SysException;

/** The services that are meant on a command line, where each may be a pattern. The base directory was entered before. */
public final class ServiceNames {
    private ServiceNames() {
    }

    /**
     * Each word as it is, but a pattern becomes the directories of the base directory that it matches, sorted. One that matches
     * none, or is itself the name of something, stays.
     *
     * @param activeOnly whether only those with a sticky bit are meant
     */
    public static List<String> of(Kernel kernel, List<String> words, boolean activeOnly) {
        List<String> names = new ArrayList<>();
        for (String word : words) {
            List<String> found = NamePattern.isOne(word) && stat(kernel, word) == null
                    ? matching(kernel, word, activeOnly) : List.of();
            if (found.isEmpty()) names.add(word);
            else names.addAll(found);
        }
        return names;
    }

    private static List<String> matching(Kernel kernel, String word, boolean activeOnly) {
        List<String> found = new ArrayList<>();
        NamePattern pattern = NamePattern.of(word);
        try {
            for (String name : kernel.list(".")) {
                if (!pattern.matches(name)) continue;
                FileStat stat = stat(kernel, name);
                if (stat != null && stat.isDirectory() && (stat.isSticky() || !activeOnly)) found.add(name);
            }
        } catch (SysException e) {
            // Then it names nothing, and that is said of the word itself.
        }
        Collections.sort(found);
        return found;
    }

    private static FileStat stat(Kernel kernel, String name) {
        try {
            return kernel.stat(name);
        } catch (SysException absent) {
            return null;
        }
    }
}
