// SPDX-License-Identifier: Apache-2.0
package perpetua.procd;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import perpetua.bus.BusStatus;
import perpetua.bus.Table;

/** The registered services, and what is asked of them: spec/procd.md section 3. In memory only, and without a kernel. */
final class Registry {
    /** Who carries out what is decided here. */
    interface Host extends Instance.Host {
        long now();

        Surroundings surroundings();

        /** Something was done to the instance: its deadline may be another one. */
        void touched(Instance instance);

        /** Tells those who subscribed. */
        void announce(String type, Table data);

        /** Something happened on which triggers may wait. */
        void event(String type, Table data);

        void runHook(String service);

        void log(String sentence);
    }

    private final Host host;
    private final TreeMap<String, RegisteredService> services = new TreeMap<>();
    private boolean upgrading;

    Registry(Host host) {
        this.host = host;
    }

    Iterable<RegisteredService> services() {
        return services.values();
    }

    RegisteredService service(String name) {
        return name == null ? null : services.get(name);
    }

    boolean isEmpty() {
        return services.isEmpty();
    }

    /** From now on nothing is started again. */
    void upgrade() {
        upgrading = true;
    }

    boolean isUpgrading() {
        return upgrading;
    }

    // ---- set, add -------------------------------------------------------------------------------------------------

    /** @param replaces whether instances that are not named are to go */
    BusStatus set(Table arguments, boolean replaces) {
        String name = arguments.text("name");
        if (name == null) return BusStatus.INVALID_ARGUMENT;
        RegisteredService service = services.get(name);
        boolean isNew = service == null;
        if (isNew) service = new RegisteredService(name, this);
        service.isDeleted = false;
        Boolean autostart = arguments.bool("autostart");
        if (autostart != null) service.autostart = autostart;
        List<Object> triggers = arguments.array("triggers");
        if (triggers != null) service.triggers = triggers;
        List<Object> validators = arguments.array("validate");
        if (validators != null) service.validators = RegisteredService.validators(validators);
        if (isNew) services.put(name, service);
        Table instances = arguments.table("instances");
        if (instances != null) setInstances(service, instances, replaces);
        Table data = arguments.table("data");
        if (data != null) setData(service, data);
        if (isNew) host.announce("service.start", new Table().append("service", name));
        if (isNew || instances != null) host.runHook(name);
        return BusStatus.OK;
    }

    void setData(RegisteredService service, Table data) {
        Table before = service.data;
        service.data = data.sorted();
        dataChanged(before, service.data);
    }

    /** Tells of every key that was there or is there now, if anything is different. */
    private void dataChanged(Table before, Table after) {
        if (before.equals(after)) return;
        for (int i = 0; i < before.size(); i++) dataChanged(before.name(i));
        for (int i = 0; i < after.size(); i++) {
            if (!before.has(after.name(i))) dataChanged(after.name(i));
        }
    }

    private void dataChanged(String key) {
        host.event("service.data.update", new Table().append("name", key));
    }

    private void setInstances(RegisteredService service, Table wanted, boolean replaces) {
        for (int i = 0; i < wanted.size(); i++) {
            if (wanted.value(i) instanceof Table fields) setInstance(service, wanted.name(i), fields);
        }
        if (!replaces) return;
        for (Instance instance : new ArrayList<>(service.instances.values())) {
            if (!(wanted.get(instance.name()) instanceof Table)) remove(instance);
        }
    }

    private void setInstance(RegisteredService service, String name, Table fields) {
        Description description = Description.of(fields, host.surroundings());
        Instance instance = service.instances.get(name);
        long now = host.now();
        Table before = new Table();
        boolean changed;
        if (instance == null) {
            instance = new Instance(service, name, description, host);
            service.instances.put(name, instance);
            changed = true;
            complain(instance);
            if (service.autostart) instance.start(now);
        } else {
            before = instance.description().data;
            changed = !instance.description().isLike(description);
            if (changed) complain(description, service.name() + "::" + name);
            instance.update(description, now, service.autostart);
        }
        instance.isNamed = true;
        host.touched(instance);
        if (changed) host.event("instance.update", new Table());
        dataChanged(before, description.data);
    }

    private void complain(Instance instance) {
        complain(instance.description(), instance.service().name() + "::" + instance.name());
    }

    private void complain(Description description, String which) {
        if (description.foreign.isEmpty()) return;
        host.log(which + " asks for what there is not here: " + description.foreign.name(0));
    }

    private void remove(Instance instance) {
        instance.remove(host.now());
        host.touched(instance);
    }

    /** To be called by the host for an instance that is no more. */
    void removed(Instance instance) {
        RegisteredService service = instance.service();
        service.instances.remove(instance.name());
        host.event("instance.update", new Table());
        dataChanged(instance.description().data, new Table());
        forgetIfDone(service);
    }

    private void forgetIfDone(RegisteredService service) {
        if (!service.isDeleted || !service.instances.isEmpty() || services.get(service.name()) != service) return;
        services.remove(service.name());
        host.announce("service.stop", new Table().append("service", service.name()));
    }

    // ---- the other methods ------------------------------------------------------------------------------------------

    BusStatus delete(Table arguments) {
        RegisteredService service = service(arguments.text("name"));
        if (service == null) return BusStatus.NOT_FOUND;
        if (arguments.text("instance") != null) {
            Instance instance = service.instances.get(arguments.text("instance"));
            if (instance == null) return BusStatus.NOT_FOUND;
            remove(instance);
            return BusStatus.OK;
        }
        service.isDeleted = true;
        for (Instance instance : new ArrayList<>(service.instances.values())) remove(instance);
        forgetIfDone(service);
        return BusStatus.OK;
    }

    /** Everything is to end. */
    void deleteAll() {
        for (RegisteredService service : new ArrayList<>(services.values())) {
            service.isDeleted = true;
            for (Instance instance : new ArrayList<>(service.instances.values())) remove(instance);
            forgetIfDone(service);
        }
    }

    Table list(Table arguments) {
        String name = arguments.text("name");
        boolean verbose = Boolean.TRUE.equals(arguments.bool("verbose"));
        Table table = new Table();
        for (RegisteredService service : services.values()) {
            if (name == null || name.equals(service.name())) table.append(service.name(), service.shown(verbose));
        }
        return table;
    }

    BusStatus updateStart(Table arguments) {
        RegisteredService service = service(arguments.text("name"));
        if (service == null) return arguments.text("name") == null ? BusStatus.INVALID_ARGUMENT : BusStatus.NOT_FOUND;
        for (Instance instance : service.instances.values()) instance.isNamed = false;
        return BusStatus.OK;
    }

    BusStatus updateComplete(Table arguments) {
        RegisteredService service = service(arguments.text("name"));
        if (service == null) return arguments.text("name") == null ? BusStatus.INVALID_ARGUMENT : BusStatus.NOT_FOUND;
        for (Instance instance : new ArrayList<>(service.instances.values())) {
            if (!instance.isNamed) remove(instance);
        }
        return BusStatus.OK;
    }

    BusStatus state(Table arguments) {
        Boolean spawn = arguments.bool("spawn");
        if (spawn == null) return BusStatus.INVALID_ARGUMENT;
        RegisteredService service = service(arguments.text("name"));
        if (service == null) return BusStatus.NOT_FOUND;
        for (Instance instance : service.instances.values()) {
            if (spawn) instance.wake(host.now());
            else instance.halt(host.now());
            host.touched(instance);
        }
        return BusStatus.OK;
    }

    /** The process of an instance says that it is alive. @return null if there is no such instance */
    Table alive(Table arguments) {
        RegisteredService service = service(arguments.text("name"));
        String name = arguments.text("instance");
        Instance instance = service == null || name == null ? null : service.instances.get(name);
        if (instance == null) return null;
        instance.alive(arguments.integer("mode"), arguments.integer("timeout"), host.now());
        host.touched(instance);
        Table watchdog = instance.watchdog();
        return new Table().append("name", service.name()).append("instance", name).append("mode", watchdog.get("mode"))
                .append("timeout", watchdog.get("timeout"));
    }

    /** The processes that a signal is for. @return null if there is no such service or instance */
    List<Instance> addressed(Table arguments) {
        RegisteredService service = service(arguments.text("name"));
        if (service == null) return null;
        String name = arguments.text("instance");
        if (name == null) return new ArrayList<>(service.instances.values());
        Instance instance = service.instances.get(name);
        return instance == null ? null : List.of(instance);
    }

    Table rules(Table arguments) {
        String wantedConfig = arguments.text("package");
        String wantedType = arguments.text("type");
        TreeMap<String, Table> all = new TreeMap<>();
        for (RegisteredService service : services.values()) {
            if (service.validators == null) continue;
            for (RegisteredService.Validator each : service.validators) {
                if (wantedConfig != null && !wantedConfig.equals(each.config())) continue;
                if (wantedType != null && !wantedType.equals(each.type())) continue;
                Table types = all.get(each.config());
                if (types == null) all.put(each.config(), types = new Table());
                Table rules = types.table(each.type());
                if (rules == null) types.append(each.type(), rules = new Table());
                for (int i = 0; i < each.rules().size(); i++) rules.put(each.rules().name(i), each.rules().value(i));
            }
        }
        Table table = new Table();
        for (String config : all.keySet()) table.append(config, all.get(config));
        return table;
    }

    Table data(Table arguments) {
        String name = arguments.text("name");
        String instanceName = arguments.text("instance");
        String key = arguments.text("type");
        Table table = new Table();
        for (RegisteredService service : services.values()) {
            if (name != null && !name.equals(service.name())) continue;
            Table of = new Table();
            putData(of, "*", service.data, key);
            for (Instance instance : service.instances.values()) {
                if (instanceName == null || instanceName.equals(instance.name())) {
                    putData(of, instance.name(), instance.description().data, key);
                }
            }
            if (!of.isEmpty()) table.append(service.name(), of);
        }
        return table;
    }

    private static void putData(Table into, String name, Table data, String key) {
        if (key == null) {
            if (!data.isEmpty()) into.append(name, data);
        } else if (data.has(key)) {
            into.append(name, new Table().append(key, data.get(key)));
        }
    }

    BusStatus setData(Table arguments) {
        RegisteredService service = service(arguments.text("name"));
        Table data = arguments.table("data");
        if (data == null) return BusStatus.INVALID_ARGUMENT;
        if (service == null) return BusStatus.NOT_FOUND;
        if (arguments.text("instance") != null) {
            Instance instance = service.instances.get(arguments.text("instance"));
            if (instance == null) return BusStatus.NOT_FOUND;
            instance.setData(data);
            return BusStatus.OK;
        }
        setData(service, data);
        return BusStatus.OK;
    }
}
