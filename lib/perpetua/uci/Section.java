// SPDX-License-Identifier: Apache-2.0
package perpetua.uci;

import java.util.ArrayList;
import java.util.List;

/** A section of a configuration file. */
public final class Section {
    private String type;
    private final String name;
    private final boolean isAnonymous;
    private final List<Option> options = new ArrayList<>();

    Section(String type, String name, boolean isAnonymous) {
        this.type = type;
        this.name = name;
        this.isAnonymous = isAnonymous;
    }

    public String type() {
        return type;
    }

    /** For one that the file does not name, one that is made up. */
    public String name() {
        return name;
    }

    public boolean isAnonymous() {
        return isAnonymous;
    }

    public List<Option> options() {
        return options;
    }

    /** @return null if there is none of that name */
    public Option option(String wanted) {
        for (Option option : options) {
            if (option.name().equals(wanted)) return option;
        }
        return null;
    }

    void setType(String other) {
        type = other;
    }

    Option make(String wanted) {
        Option option = option(wanted);
        if (option != null) return option;
        option = new Option(wanted);
        options.add(option);
        return option;
    }
}
