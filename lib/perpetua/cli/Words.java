// SPDX-License-Identifier: Apache-2.0
package perpetua.cli;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/**
 * The words of a command line from some place on. What is left of what is left is a view of the whole again: by
 * {@code subList} each link of a chain would put one more view over those before it, which in the native edition makes
 * ten thousand links slow and a hundred thousand a segmentation fault.
 */
final class Words extends AbstractList<String> implements RandomAccess {
    private final List<String> whole;
    private final int from;

    private Words(List<String> whole, int from) {
        this.whole = whole;
        this.from = from;
    }

    static List<String> from(List<String> words, int place) {
        return words instanceof Words view ? new Words(view.whole, view.from + place) : new Words(words, place);
    }

    @Override
    public String get(int index) {
        return whole.get(from + index);
    }

    @Override
    public int size() {
        return whole.size() - from;
    }
}
