// SPDX-License-Identifier: Apache-2.0
package tools.runshow;

import java.util.List;

/** Where facts are written down, one after another. */
interface Facts {
    void number(String name, long value);

    void text(String name, String value);

    /** Users or groups in one fact; unsigned. */
    void ids(String name, int[] ids);

    /** Several words in one fact. */
    void words(String name, List<String> words);

    /** Several facts of one name. */
    void each(String name, List<String> values);

    /** A fact of two numbers, -1 for no limit. */
    void limit(String name, long soft, long hard);

    /** What follows belongs to that name, up to {@link #close}. */
    void open(String name);

    void close();

    /** All of it. */
    String end();
}
