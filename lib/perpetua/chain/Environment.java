// SPDX-License-Identifier: Apache-2.0
package perpetua.chain;

import java.util.ArrayList;
import java.util.List;
import perpetua.sys.Kernel;

/**
 * The environment of the next program. It is read from the kernel only when somebody changes it: a link that leaves it
 * alone passes the process's own on without a look.
 */
public final class Environment {
    private final Kernel kernel;

    /** {@code NAME=value} each, in order; null where one was unset. */
    private List<String> variables;
    private int unset;

    /**
     * Where in the list a name stands, counted from 1: a hash table with free places (0) between. Of a name that is
     * there twice, the first is found first, as getenv(3) does.
     */
    private int[] places;

    Environment(Kernel kernel) {
        this.kernel = kernel;
    }

    /** @return null if it is not set */
    public String get(String name) {
        if (variables == null) return kernel.variable(name);
        int at = indexOf(name);
        return at < 0 ? null : variables.get(at).substring(name.length() + 1);
    }

    /** Replaces it where it stands, or appends it. */
    public void set(String name, String value) {
        int at = indexOf(name);
        if (at >= 0) {
            unset(name);
            variables.set(at, name + "=" + value);
            unset--;
        } else {
            variables.add(name + "=" + value);
            if (variables.size() > places.length / 2) index();
            else enter(variables.size() - 1);
        }
    }

    public void unset(String name) {
        // A name may stand twice in what a process was given: then a program could still find the other one.
        for (int at; (at = indexOf(name)) >= 0; ) {
            variables.set(at, null);
            unset++;
        }
    }

    /** Drops every variable. */
    public void clear() {
        variables = new ArrayList<>();
        unset = 0;
        places = null;
    }

    /** {@code NAME=value} each, in order; null while it is the process's own, unchanged. */
    public List<String> changed() {
        if (unset > 0) {
            List<String> left = new ArrayList<>(variables.size() - unset);
            for (String variable : variables) {
                if (variable != null) left.add(variable);
            }
            variables = left;
            unset = 0;
            places = null;
        }
        return variables;
    }

    /** {@code NAME=value} each, in order. */
    public List<String> list() {
        return variables == null ? kernel.environment() : changed();
    }

    private int indexOf(String name) {
        if (variables == null) variables = new ArrayList<>(kernel.environment());
        if (places == null) index();
        for (int place = placeOf(name, name.length()); places[place] != 0; place = nextPlace(place)) {
            String variable = variables.get(places[place] - 1);
            if (variable != null && variable.length() > name.length() && variable.charAt(name.length()) == '='
                    && variable.startsWith(name)) {
                return places[place] - 1;
            }
        }
        return -1;
    }

    /** Makes the table anew, with room for as many variables again. */
    private void index() {
        int size = 64;
        while (size < 4 * variables.size()) size *= 2;
        places = new int[size];
        for (int at = 0; at < variables.size(); at++) enter(at);
    }

    private void enter(int at) {
        String variable = variables.get(at);
        int equals = variable == null ? -1 : variable.indexOf('=');
        if (equals < 0) return;
        // A directory's file may be named A=B: then the name that is asked for holds the sign as well.
        int place = placeOf(variable, equals);
        while (places[place] != 0) place = nextPlace(place);
        places[place] = at + 1;
    }

    private int placeOf(String text, int length) {
        int hash = 0;
        for (int i = 0; i < length && text.charAt(i) != '='; i++) hash = 31 * hash + text.charAt(i);
        return (hash ^ hash >>> 16) & places.length - 1;
    }

    private int nextPlace(int place) {
        return place + 1 & places.length - 1;
    }
}
