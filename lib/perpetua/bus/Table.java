// SPDX-License-Identifier: Apache-2.0
package perpetua.bus;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A JSON object: names and values in the order in which they came. A value is a {@code Table}, a {@code List}, a
 * {@code String} (an OS string: UTF-8, a char each byte), a {@code Long}, a {@link Real}, a {@code Boolean}, or null.
 */
public final class Table {
    private static final int FEW = 12;

    private final List<String> names = new ArrayList<>(4);
    private final List<Object> values = new ArrayList<>(4);
    /** Where each name stands; null while they are few enough to be looked through. */
    private Map<String, Integer> places;

    /** A name that is there already keeps its place and gets the new value. */
    public Table put(String name, Object value) {
        int at = place(name);
        if (at >= 0) values.set(at, value);
        else append(name, value);
        return this;
    }

    private int place(String name) {
        if (names.size() <= FEW) return names.indexOf(name);
        if (places == null) {
            places = new HashMap<>();
            for (int i = 0; i < names.size(); i++) places.put(names.get(i), i);
        }
        Integer place = places.get(name);
        return place == null ? -1 : place;
    }

    /** For a name that can't be there yet. */
    public Table append(String name, Object value) {
        if (places != null) places.put(name, names.size());
        names.add(name);
        values.add(value);
        return this;
    }

    public int size() {
        return names.size();
    }

    public boolean isEmpty() {
        return names.isEmpty();
    }

    public String name(int index) {
        return names.get(index);
    }

    public Object value(int index) {
        return values.get(index);
    }

    public boolean has(String name) {
        return place(name) >= 0;
    }

    /** @return null if there is none of that name, or it is null */
    public Object get(String name) {
        int at = place(name);
        return at < 0 ? null : values.get(at);
    }

    /** @return null if there is none of that name, or it is of another type: such an argument counts as absent */
    public String text(String name) {
        return get(name) instanceof String text ? text : null;
    }

    public Boolean bool(String name) {
        return get(name) instanceof Boolean bool ? bool : null;
    }

    /** @return null too for one that does not fit an int: the bus has integers of 32 bits */
    public Integer integer(String name) {
        return get(name) instanceof Long number && number == (int) (long) number ? Integer.valueOf((int) (long) number) : null;
    }

    public Table table(String name) {
        return get(name) instanceof Table table ? table : null;
    }

    @SuppressWarnings("unchecked")
    public List<Object> array(String name) {
        return get(name) instanceof List<?> list ? (List<Object>) list : null;
    }

    /** The same members in the byte order of their names. */
    public Table sorted() {
        Table sorted = new Table();
        List<String> order = new ArrayList<>(names);
        order.sort(null);
        for (String name : order) sorted.append(name, get(name));
        return sorted;
    }

    /** Equal are the same members, in whatever order. */
    @Override
    public boolean equals(Object other) {
        if (!(other instanceof Table table) || table.size() != size()) return false;
        for (int i = 0; i < size(); i++) {
            int at = table.place(names.get(i));
            if (at < 0) return false;
            Object value = values.get(i);
            Object theirs = table.values.get(at);
            if (value == null ? theirs != null : !value.equals(theirs)) return false;
        }
        return true;
    }

    @Override
    public int hashCode() {
        int hash = 0;
        for (int i = 0; i < size(); i++) {
            Object value = values.get(i);
            hash += names.get(i).hashCode() * 31 + (value == null ? 0 : value.hashCode());
        }
        return hash;
    }
}
