// SPDX-License-Identifier: Apache-2.0
package perpetua.slm;

import java.util.ArrayList;
import java.util.List;

/** An element as it stands in a configuration: its attributes, and text or other elements. */
final class Element {
    final String name;
    final Place place;
    final List<Element> children = new ArrayList<>();
    final StringBuilder text = new StringBuilder();
    private final List<String> attributes = new ArrayList<>();

    Element(String name, Place place) {
        this.name = name;
        this.place = place;
    }

    void add(String attribute, String value) {
        attributes.add(attribute);
        attributes.add(value);
    }

    /** @return null where it is absent */
    String attribute(String attribute) {
        for (int i = 0; i < attributes.size(); i += 2) {
            if (attributes.get(i).equals(attribute)) return attributes.get(i + 1);
        }
        return null;
    }

    /** Pairs of name and value. */
    List<String> attributes() {
        return attributes;
    }

    /** The text without the blanks around it. */
    String trimmed() {
        return text.toString().trim();
    }

    Refusal refusal(String sentence) {
        return new Refusal(place, sentence);
    }
}
