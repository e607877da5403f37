// SPDX-License-Identifier: Apache-2.0
package perpetua.procd;

import java.util.ArrayList;
import java.util.List;
import perpetua.bus.Table;

/** A registry whose processes, clock and files are made up; what it asks for is written down. */
final class Scene implements Registry.Host, Surroundings {
    private static final long SECOND = 1_000_000_000L;

    final Registry registry = new Registry(this);
    final List<String> said = new ArrayList<>();
    final List<String> events = new ArrayList<>();
    long now;
    int spawns;
    boolean refuses;

    void set(Table fields) {
        registry.set(new Table().put("name", "s").put("instances", new Table().put("i", fields)), true);
    }

    void delete() {
        registry.delete(new Table().put("name", "s"));
    }

    Instance instance() {
        RegisteredService service = registry.service("s");
        if (service != null && service.instances.get("i") != null) lastSeen = service.instances.get("i");
        return lastSeen;
    }

    private Instance lastSeen;

    boolean runs() {
        return instance().pid() != 0;
    }

    void ends(int code) {
        instance().ended(code, now);
    }

    void pass(int seconds) {
        now += seconds * SECOND;
    }

    void passToDeadline() {
        if (instance().deadline() < 0) return;
        now = instance().deadline();
        instance().due(now);
    }

    long seconds() {
        return now / SECOND;
    }

    long secondsToDeadline() {
        return (instance().deadline() - now) / SECOND;
    }

    String last() {
        return said.get(said.size() - 1);
    }

    @Override
    public long now() {
        return now;
    }

    @Override
    public Surroundings surroundings() {
        return this;
    }

    @Override
    public void touched(Instance instance) {
    }

    @Override
    public void announce(String type, Table data) {
        said.add(type);
    }

    @Override
    public void event(String type, Table data) {
        events.add(type);
    }

    @Override
    public void runHook(String service) {
    }

    @Override
    public void log(String sentence) {
        said.add(sentence);
    }

    @Override
    public int spawn(Instance instance) {
        spawns++;
        lastSeen = instance;
        return refuses ? 0 : 1000 + spawns;
    }

    @Override
    public void kill(Instance instance, int signal) {
        said.add("kill " + signal);
    }

    @Override
    public void removed(Instance instance) {
        lastSeen = instance;
        said.add("removed");
        registry.removed(instance);
        said.remove("service.stop");
    }

    @Override
    public void runHook(Instance instance) {
        said.add("hook");
    }

    @Override
    public void announce(Instance instance, String type) {
        said.add(type);
    }

    @Override
    public void log(Instance instance, String sentence) {
        said.add(sentence);
    }

    @Override
    public void ended(Instance instance, int pid) {
    }

    @Override
    public long digest(String path) {
        return path.hashCode();
    }

    @Override
    public int deviceIndex(String device) {
        return 1;
    }

    @Override
    public String ids(String user, String group) throws Unknown {
        if (user != null && user.startsWith("nobody-")) throw new Unknown("unknown user " + user);
        return user + ":" + group;
    }
}
