// SPDX-License-Identifier: Apache-2.0
package perpetua.uci;

import java.util.ArrayList;
import java.util.List;

/** An option of a section: one value, or a list of them. */
public final class Option {
    private final String name;
    private boolean isList;
    private final List<String> values = new ArrayList<>(1);

    Option(String name) {
        this.name = name;
    }

    public String name() {
        return name;
    }

    public boolean isList() {
        return isList;
    }

    /** One, or of a list that was emptied none. */
    public List<String> values() {
        return values;
    }

    /** A list's elements, with blanks between. */
    public String joined() {
        if (values.size() == 1) return values.get(0);
        StringBuilder text = new StringBuilder();
        for (String value : values) text.append(text.length() == 0 ? "" : " ").append(value);
        return text.toString();
    }

    void set(String value) {
        isList = false;
        values.clear();
        values.add(value);
    }

    void append(String value) {
        isList = true;
        values.add(value);
    }
}
