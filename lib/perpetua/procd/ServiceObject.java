// SPDX-License-Identifier: Apache-2.0
package perpetua.procd;

import java.util.List;
import perpetua.bus.BusObject;
import perpetua.bus.BusStatus;
import perpetua.bus.Table;

/** The object {@code service} of the bus: spec/procd.md section 3. */
final class ServiceObject implements BusObject {
    private static final int MOST_SIGNAL = 64;

    /** What the registry can't do itself. */
    interface Host {
        void event(String type, Table data);

        /** Tells those who subscribed to this object. */
        void announce(String type, Table data);

        BusStatus signal(int pid, int signal);
    }

    private final Registry registry;
    private final Host host;

    ServiceObject(Registry registry, Host host) {
        this.registry = registry;
        this.host = host;
    }

    @Override
    public String name() {
        return "service";
    }

    @Override
    public Table signature() {
        Table description = new Table().append("name", STRING).append("script", STRING).append("instances", TABLE)
                .append("triggers", ARRAY).append("validate", ARRAY).append("autostart", BOOLEAN).append("data", TABLE);
        Table named = new Table().append("name", STRING);
        return new Table().append("set", description).append("add", description)
                .append("list", new Table().append("name", STRING).append("verbose", BOOLEAN))
                .append("delete", new Table().append("name", STRING).append("instance", STRING))
                .append("signal", new Table().append("name", STRING).append("instance", STRING).append("signal", INTEGER))
                .append("update_start", named).append("update_complete", named)
                .append("event", new Table().append("type", STRING).append("data", TABLE))
                .append("validate", new Table().append("package", STRING).append("type", STRING).append("service", STRING))
                .append("get_data", new Table().append("name", STRING).append("instance", STRING).append("type", STRING))
                .append("set_data", new Table().append("name", STRING).append("instance", STRING).append("data", TABLE))
                .append("state", new Table().append("spawn", BOOLEAN).append("name", STRING))
                .append("watchdog", new Table().append("mode", INTEGER).append("timeout", INTEGER).append("name", STRING)
                        .append("instance", STRING));
    }

    @Override
    public BusStatus call(String method, Table arguments, Reply reply) {
        switch (method) {
            case "set" -> {
                return registry.set(arguments, true);
            }
            case "add" -> {
                return registry.set(arguments, false);
            }
            case "list" -> reply.send(registry.list(arguments));
            case "delete" -> {
                return registry.delete(arguments);
            }
            case "signal" -> {
                return signal(arguments);
            }
            case "update_start" -> {
                return registry.updateStart(arguments);
            }
            case "update_complete" -> {
                return registry.updateComplete(arguments);
            }
            case "event" -> {
                return event(arguments);
            }
            case "validate" -> {
                if (arguments.text("service") == null) reply.send(registry.rules(arguments));
            }
            case "get_data" -> reply.send(registry.data(arguments));
            case "set_data" -> {
                return registry.setData(arguments);
            }
            case "state" -> {
                return registry.state(arguments);
            }
            case "watchdog" -> {
                Table watchdog = registry.alive(arguments);
                if (watchdog == null) return BusStatus.NOT_FOUND;
                reply.send(watchdog);
            }
            default -> {
                return BusStatus.METHOD_NOT_FOUND;
            }
        }
        return BusStatus.OK;
    }

    private BusStatus signal(Table arguments) {
        Integer number = arguments.integer("signal");
        int signal = number == null ? 1 : number;
        List<Instance> instances = registry.addressed(arguments);
        if (instances == null) return BusStatus.NOT_FOUND;
        // 0 only asks whether there is a process.
        if (signal < 0 || signal > MOST_SIGNAL) return BusStatus.INVALID_ARGUMENT;
        BusStatus status = instances.isEmpty() ? BusStatus.NOT_FOUND : BusStatus.OK;
        for (Instance instance : instances) {
            status = instance.pid() == 0 ? BusStatus.NOT_FOUND : host.signal(instance.pid(), signal);
        }
        return status;
    }

    private BusStatus event(Table arguments) {
        String type = arguments.text("type");
        Table data = arguments.table("data");
        if (type == null || data == null) return BusStatus.INVALID_ARGUMENT;
        host.announce("event.trigger", new Table().append("type", type).append("data", data));
        if (type.equals("config.change") && data.text("package") != null) {
            host.announce("config.change", new Table().append("config", data.text("package")));
        }
        host.event(type, data);
        return BusStatus.OK;
    }
}
