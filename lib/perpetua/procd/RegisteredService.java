// SPDX-License-Identifier: Apache-2.0
package perpetua.procd;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import perpetua.bus.Table;

/** An entry of the registry: a name, and what was said under it. */
final class RegisteredService {
    /** Values are checked elsewhere; here it is only said what they should be. */
    record Validator(String config, String type, Table rules) {
    }

    private final String name;
    private final Registry registry;
    final TreeMap<String, Instance> instances = new TreeMap<>();
    boolean autostart = true;
    Table data = new Table();
    /** As received; null if none ever were. */
    List<Object> triggers;
    List<Validator> validators;
    /** To be forgotten with its last instance. */
    boolean isDeleted;

    RegisteredService(String name, Registry registry) {
        this.name = name;
        this.registry = registry;
    }

    String name() {
        return name;
    }

    /** Whether what ends may be started again at all. */
    boolean respawns() {
        return !registry.isUpgrading();
    }

    static List<Validator> validators(List<Object> array) {
        List<Validator> validators = new ArrayList<>();
        for (Object each : array) {
            if (!(each instanceof Table table)) continue;
            String config = table.text("package");
            String type = table.text("type");
            Table rules = table.table("data");
            if (config != null && type != null && rules != null) validators.add(new Validator(config, type, rules.sorted()));
        }
        return validators;
    }

    Table shown(boolean verbose) {
        Table table = new Table();
        if (!autostart) table.append("autostart", false);
        if (!data.isEmpty()) table.append("data", data);
        if (!instances.isEmpty()) {
            Table all = new Table();
            for (Instance instance : instances.values()) all.append(instance.name(), instance.shown(verbose));
            table.append("instances", all);
        }
        if (!verbose) return table;
        if (triggers != null) table.append("triggers", triggers);
        if (validators != null && !validators.isEmpty()) {
            List<Object> all = new ArrayList<>();
            // The last one first, as OpenWrt lists them.
            for (int i = validators.size() - 1; i >= 0; i--) {
                Validator each = validators.get(i);
                all.add(new Table().append("package", each.config).append("type", each.type).append("rules", each.rules));
            }
            table.append("validate", all);
        }
        return table;
    }
}
