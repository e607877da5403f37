// SPDX-License-Identifier: Apache-2.0
package perpetua.slm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import perpetua.sys.Kernel;

/**
 * The components of a configuration, in the order of the file, as a graph without cycles: who needs whom, and in which order
 * they would start. Each component is known by its place in that order.
 */
public final class Configuration {
    private static final int MOST_COMPONENTS = 20_000;
    private static final int MOST_NESTED = 32;
    private static final int MOST_PATTERNS = 1000;
    /** What comparing each letter of a pattern with each of a name comes to: at worst two seconds. */
    private static final long MOST_MATCHING = 200_000_000L;

    final List<Component> components = new ArrayList<>();
    final List<Module> modules = new ArrayList<>();
    private final Map<String, Integer> places = new HashMap<>();
    private final Map<String, Module> modulesByName = new HashMap<>();
    /** Of each component those that it needs, and those that need it. */
    int[][] needs;
    int[][] dependents;
    /** Beside {@link #needs} and {@link #dependents}: whether the dependence is stateless. */
    private boolean[][] stateless;
    private boolean[][] dependentStateless;
    private int[] order;
    private int patterns;
    private long matching;

    private Configuration() {
    }

    /**
     * Reads and checks it.
     *
     * @param warnings told of what is taken although it is odd
     */
    public static Configuration load(Kernel kernel, String file, Warnings warnings) throws Refusal {
        Configuration configuration = new Configuration();
        Elements elements = new Elements(kernel, file);
        for (Element element; (element = elements.next()) != null; ) configuration.add(element, warnings);
        configuration.link();
        configuration.sort();
        for (Module module : configuration.modules) {
            if (configuration.places.containsKey(module.name)) {
                warnings.warn(module.place + ": " + module.name + " is both a module and a component");
            }
            configuration.expand(module, module, new ArrayList<>(), new boolean[configuration.size()]);
        }
        return configuration;
    }

    /** Whoever is told of what is taken although it is odd. */
    public interface Warnings {
        void warn(String sentence);
    }

    private void add(Element element, Warnings warnings) throws Refusal {
        if (element.name.equals("SLM:component")) {
            Component component = Reader.component(element, (place, sentence) -> warnings.warn(place + ": " + sentence));
            Integer there = places.putIfAbsent(component.name, components.size());
            if (there != null) {
                throw element.refusal("component " + component.name + " is there already: " + components.get(there).place);
            }
            components.add(component);
            if (components.size() > MOST_COMPONENTS) throw element.refusal("more than " + MOST_COMPONENTS + " components");
        } else if (element.name.equals("SLM:module")) {
            Module module = Reader.module(element);
            if (modulesByName.put(module.name, module) != null) throw element.refusal("module " + module.name + " is there already");
            modules.add(module);
        } else {
            throw element.refusal("unknown element " + element.name
                    + Nearest.any(element.name, "SLM:component", "SLM:module"));
        }
    }

    private void link() throws Refusal {
        int count = components.size();
        needs = new int[count][];
        stateless = new boolean[count][];
        int[] dependentCount = new int[count];
        for (int i = 0; i < count; i++) {
            List<Component.Need> list = components.get(i).needs;
            needs[i] = new int[list.size()];
            stateless[i] = new boolean[list.size()];
            for (int j = 0; j < list.size(); j++) {
                Component.Need need = list.get(j);
                Integer place = places.get(need.name());
                if (place == null) throw unknown(need.place(), need.name());
                needs[i][j] = place;
                stateless[i][j] = need.stateless();
                dependentCount[place]++;
            }
        }
        dependents = new int[count][];
        dependentStateless = new boolean[count][];
        for (int i = 0; i < count; i++) {
            dependents[i] = new int[dependentCount[i]];
            dependentStateless[i] = new boolean[dependentCount[i]];
        }
        int[] filled = new int[count];
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < needs[i].length; j++) {
                int need = needs[i][j];
                dependents[need][filled[need]] = i;
                dependentStateless[need][filled[need]++] = stateless[i][j];
            }
        }
    }

    private Refusal unknown(Place place, String name) {
        String[] names = new String[components.size()];
        for (int i = 0; i < names.length; i++) names[i] = components.get(i).name;
        return new Refusal(place, "unknown component " + name + Nearest.hint(name, names));
    }

    /** Of all that could start, what stands first in the file does. */
    private void sort() throws Refusal {
        int count = components.size();
        int[] unmet = new int[count];
        boolean[] done = new boolean[count];
        order = new int[count];
        for (int i = 0; i < count; i++) unmet[i] = needs[i].length;
        int sorted = 0;
        int at = 0;
        while (at < count) {
            if (done[at] || unmet[at] > 0) {
                at++;
                continue;
            }
            done[at] = true;
            order[sorted++] = at;
            int next = at + 1;
            for (int dependent : dependents[at]) {
                if (--unmet[dependent] == 0) next = Math.min(next, dependent);
            }
            at = next;
        }
        if (sorted < count) throw cycle(done);
    }

    /** From one that could not start along those that could not either, until one comes again. */
    private Refusal cycle(boolean[] done) {
        int at = 0;
        while (done[at]) at++;
        boolean[] seen = new boolean[done.length];
        while (!seen[at]) {
            seen[at] = true;
            at = unmet(at, done);
        }
        StringBuilder path = new StringBuilder(components.get(at).name);
        int first = at;
        do {
            at = unmet(at, done);
            path.append(" -> ").append(components.get(at).name);
        } while (at != first);
        return components.get(first).refusal("dependency cycle: " + path);
    }

    private int unmet(int index, boolean[] done) {
        for (int need : needs[index]) {
            if (!done[need]) return need;
        }
        return index;
    }

    /** Each nested module once: then neither depth nor width can grow beyond the number of modules. */
    private void expand(Module into, Module module, List<Module> visited, boolean[] included) throws Refusal {
        if (visited.size() > MOST_NESTED) throw new Refusal(into.place, "module " + into.name + " holds too many modules");
        visited.add(module);
        for (Module.Member member : module.members) {
            Integer place = places.get(member.name());
            Module nested = place == null ? modulesByName.get(member.name()) : null;
            if (place != null) {
                include(into, place, included);
            } else if (nested != null) {
                if (nested == into) throw new Refusal(member.place(), "module " + into.name + " is a member of itself");
                if (!visited.contains(nested)) expand(into, nested, visited, included);
            } else if (member.isPattern()) {
                if (++patterns > MOST_PATTERNS) throw new Refusal(member.place(), "more than " + MOST_PATTERNS + " patterns");
                for (int i = 0; i < components.size(); i++) {
                    matching += (long) member.name().length() * components.get(i).name.length();
                    if (matching > MOST_MATCHING) throw new Refusal(member.place(), "too many patterns for so many components");
                    if (Glob.matches(member.name(), components.get(i).name)) include(into, i, included);
                }
            } else {
                throw unknown(member.place(), member.name());
            }
        }
    }

    private static void include(Module module, int component, boolean[] included) {
        if (included[component]) return;
        included[component] = true;
        module.components.add(component);
    }

    int size() {
        return components.size();
    }

    boolean isDependentStateless(int index, int which) {
        return dependentStateless[index][which];
    }

    boolean isNeedStateless(int index, int which) {
        return stateless[index][which];
    }

    /** @return -1 if there is none of that name */
    int indexOf(String name) {
        Integer place = places.get(name);
        return place == null ? -1 : place;
    }

    /**
     * The components that a name stands for: itself, the members of a module, or all. A component comes before a module of the
     * same name, unless {@code module:} stands in front.
     *
     * @return null if there is nothing of that name
     */
    List<Integer> named(String name) {
        List<Integer> found = new ArrayList<>();
        if (name.equals("none")) return found;
        if (name.equals("all")) {
            for (int i = 0; i < components.size(); i++) found.add(i);
            return found;
        }
        boolean isModule = name.startsWith("module:");
        int component = isModule ? -1 : indexOf(name.startsWith("component:") ? name.substring("component:".length()) : name);
        if (component >= 0) {
            found.add(component);
            return found;
        }
        Module module = name.startsWith("component:") ? null
                : modulesByName.get(isModule ? name.substring("module:".length()) : name);
        return module == null ? null : module.components;
    }

    /** Whether such a name stands for something. */
    public boolean knows(String name) {
        return named(name) != null;
    }

    /** The names in the order in which they would start, one a line. */
    public String startOrder() {
        StringBuilder text = new StringBuilder();
        for (int index : order) text.append(components.get(index).name).append('\n');
        return text.toString();
    }

    /** The graph as Graphviz reads it: from what needs to what is needed, dashed where the dependence is stateless. */
    public String graph() {
        StringBuilder text = new StringBuilder("digraph slm {\n");
        for (int index : order) text.append("  \"").append(components.get(index).name).append("\";\n");
        for (int index : order) {
            for (int j = 0; j < needs[index].length; j++) {
                text.append("  \"").append(components.get(index).name).append("\" -> \"")
                        .append(components.get(needs[index][j]).name).append(stateless[index][j]
                                ? "\" [style=dashed, label=\"stateless\"];\n" : "\" [label=\"session\"];\n");
            }
        }
        return text.append("}\n").toString();
    }
}
