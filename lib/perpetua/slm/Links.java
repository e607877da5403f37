// SPDX-License-Identifier: Apache-2.0
package perpetua.slm;

import java.util.ArrayList;
import java.util.List;
import perpetua.act.Accounts;
import perpetua.act.CapabilitySet;
import perpetua.act.ControlGroup;
import perpetua.act.Processors;
import perpetua.act.Schedule;
import perpetua.act.SecurityLabel;
import perpetua.act.SmallFile;
import perpetua.cli.Fatal;
import perpetua.cli.Numbers;
import perpetua.sys.Account;
import perpetua.sys.Capabilities;
import perpetua.sys.Kernel;
import perpetua.sys.Resource;
import perpetua.sys.Scheduling;
import perpetua.sys.SysException;

/**
 * The run tools through which a component's program is executed: one for each thing that is to be different for it. Making
 * them asks this system whether it can do what they will do, so that what it can't is refused before anything starts.
 */
public final class Links {
    private final Kernel kernel;
    private final Component component;
    private final List<List<String>> links = new ArrayList<>();
    private int uid;

    private Links(Kernel kernel, Component component) {
        this.kernel = kernel;
        this.component = component;
        this.uid = kernel.effectiveUserId();
    }

    /** Makes those of every component. */
    public static void make(Kernel kernel, Configuration configuration) throws Refusal {
        for (Component component : configuration.components) {
            try {
                component.links = new Links(kernel, component).all();
            } catch (Fatal e) {
                throw component.refusal("component " + component.name + ": " + e.getMessage());
            }
        }
    }

    private List<List<String>> all() throws Refusal {
        partition();
        if (component.processors != null) {
            Processors.check(kernel, component.processors);
            links.add(List.of("runcpu", Processors.shown(component.processors)));
        }
        schedule();
        int before = links.size();
        identity();
        abilities(before);
        if (component.label != null) {
            SecurityLabel label = SecurityLabel.of(kernel, component.label);
            String letter = label.module() == SecurityLabel.Module.APPARMOR ? "-a" : "-s";
            links.add(List.of("runlabel", letter, label.label()));
        }
        return links;
    }

    private void partition() throws Refusal {
        Component.Partition partition = component.partition;
        if (partition == null) return;
        String named = "partition '" + partition.name() + "': ";
        ControlGroup group;
        try {
            group = ControlGroup.of(kernel, null, partition.name());
        } catch (Fatal e) {
            throw component.refusal(named + "no cgroup v2 hierarchy available");
        }
        List<String> words = new ArrayList<>(List.of("runcgroup"));
        if (partition.isMade()) {
            if (!hasController(group.directory(), "cpu")) throw component.refusal(named + "controller cpu is not available");
            if (partition.weight() != null) words.addAll(List.of("-w", partition.weight()));
            if (partition.max() != null) words.addAll(List.of("-x", partition.max()));
        } else if (!group.exists()) {
            throw component.refusal(named + "there is no control group " + group.directory());
        }
        words.add(partition.name());
        links.add(words);
    }

    private boolean hasController(String directory, String controller) {
        String parent = directory.substring(0, directory.lastIndexOf('/'));
        try {
            String available = SmallFile.read(kernel, parent + "/cgroup.controllers").trim();
            return (" " + available + " ").contains(" " + controller + " ");
        } catch (SysException e) {
            return false;
        }
    }

    private void schedule() throws Refusal {
        Schedule schedule = component.schedule;
        if (schedule == null) return;
        try {
            boolean may = kernel.capabilities().mayUse(Capabilities.SYS_NICE);
            if (schedule.policy().isRealTime()) {
                long most = kernel.limit(Resource.RTPRIO).soft();
                if (!may && most >= 0 && most < schedule.priority()) {
                    throw component.refusal("priority: real time with priority " + schedule.priority() + " is not permitted here");
                }
            } else if (schedule.nice() < 0) {
                long most = kernel.limit(Resource.NICE).soft();
                if (!may && most >= 0 && 20 - most > schedule.nice()) {
                    throw component.refusal("priority: a nice value of " + schedule.nice() + " is not permitted here");
                }
            }
        } catch (SysException e) {
            throw component.refusal("priority: unable to ask what is permitted: " + e.getMessage());
        }
        String priority = String.valueOf(schedule.priority());
        links.add(schedule.policy() == Scheduling.FIFO ? List.of("runsched", "-f", priority)
                : schedule.policy() == Scheduling.ROUND_ROBIN ? List.of("runsched", "-r", priority)
                : List.of("runsched", "-o", "-n", String.valueOf(schedule.nice())));
    }

    private void identity() throws Refusal {
        Component.User user = component.user;
        if (user == null && component.groups == null) return;
        int gid = kernel.effectiveGroupId();
        Account account = null;
        String named = user == null ? null : user.user();
        if (named != null) {
            account = Accounts.find(kernel, named);
            long number = account == null ? Numbers.decimal(named, 0xfffffffeL) : account.uid();
            if (number == Numbers.NONE) throw component.refusal("unknown user " + named);
            uid = (int) number;
            if (account != null) gid = account.gid();
        }
        if (user != null && user.group() != null) gid = group(user.group());
        List<String> list = new ArrayList<>();
        if (component.groups != null) {
            for (String name : component.groups) list.add(String.valueOf(group(name)));
        }
        if (kernel.effectiveUserId() != 0) {
            boolean own = uid == kernel.effectiveUserId() && gid == kernel.effectiveGroupId() && list.isEmpty();
            if (!own) throw component.refusal("only root can start component " + component.name + " with other ids");
            return;
        }
        List<String> words = new ArrayList<>(List.of("runuid"));
        words.addAll(List.of("-g", Integer.toUnsignedString(gid)));
        if (!list.isEmpty()) words.addAll(List.of("-S", String.join(":", list)));
        else if (component.groups == null && account != null) words.add("-s");
        words.add(account != null ? account.name() : Integer.toUnsignedString(uid));
        links.add(words);
    }

    private int group(String name) throws Refusal {
        int gid = Accounts.groupNamed(kernel, name);
        if (gid == -1 || name.isEmpty()) throw component.refusal("unknown group " + name);
        return gid;
    }

    /**
     * As root, capabilities are dropped last. Another user has none of them; those that it is to have are made ambient in front
     * of the change, and what could come back by a file is dropped behind it, for which setpcap goes along up to there.
     *
     * @param before where the link stands that changes the user
     */
    private void abilities(int before) throws Refusal {
        if (!component.hasAbilities) return;
        int domain = uid == 0 ? 0 : 1;
        long denied = component.denied[domain];
        long allowed = component.allowed[domain] & ~denied;
        boolean locked = component.locked[domain];
        if (kernel.effectiveUserId() != 0) {
            throw component.refusal("ability: only root can change what component " + component.name + " may do");
        }
        List<String> words = new ArrayList<>(List.of("runcap"));
        if (locked) words.add("-n");
        if (domain == 0) {
            if (locked) words.add("-l");
        } else {
            long setpcap = 1L << Capabilities.SETPCAP;
            if ((denied | allowed) != 0) links.add(before, List.of("runcap", "-a", CapabilitySet.text(allowed | setpcap)));
            if ((denied | allowed) != 0 && (allowed & setpcap) == 0) denied |= setpcap;
        }
        if (denied != 0) words.addAll(List.of("-d", CapabilitySet.text(denied)));
        if (words.size() > 1) links.add(words);
    }
}
