// SPDX-License-Identifier: Apache-2.0
package perpetua.slm;

import java.util.ArrayList;
import java.util.List;
import perpetua.act.CapabilitySet;
import perpetua.sys.Capabilities;

/**
 * A specification of what QNX lets a process do, such as {@code root,deny,reboot}, turned into capabilities. What Linux has no
 * capability for is refused by its name, and never passed over.
 */
final class Abilities {
    /** Each ability of QNX that is one capability of Linux. */
    private static final String[] KNOWN = {
        "setuid", "spawn_setuid", "setgid", "spawn_setgid", "chroot", "clockset", "clockperiod", "io", "mem_phys",
        "mem_lock", "priority", "schedule", "signal", "reboot", "rlimit", "rconstraint", "settypeid", "xprocess_debug",
        "xprocess_mem_read", "xprocess_query",
    };
    private static final int[] CAPABILITY = {
        Capabilities.SETUID, Capabilities.SETUID, Capabilities.SETGID, Capabilities.SETGID, Capabilities.SYS_CHROOT,
        Capabilities.SYS_TIME, Capabilities.SYS_TIME, Capabilities.SYS_RAWIO, Capabilities.SYS_RAWIO,
        Capabilities.IPC_LOCK, Capabilities.SYS_NICE, Capabilities.SYS_NICE, Capabilities.KILL, Capabilities.SYS_BOOT,
        Capabilities.SYS_RESOURCE, Capabilities.SYS_RESOURCE, Capabilities.MAC_ADMIN, Capabilities.SYS_PTRACE,
        Capabilities.SYS_PTRACE, Capabilities.SYS_PTRACE,
    };
    /** Every process may do these, and no capability takes them away. */
    private static final String[] FREE = {"fork", "spawn", "prot_exec", "prot_write_and_exec", "map_fixed"};

    private final List<Specification> specifications = new ArrayList<>();
    /** What any of them names: one without a name is for all the others. */
    private long named;

    /** Takes what one element says. */
    void add(Element element) throws Refusal {
        Specification specification = new Specification(element);
        specification.read(element.trimmed());
        specifications.add(specification);
        named |= specification.named;
    }

    /** Tells the component what all of them come to. */
    void give(Component component) {
        for (Specification each : specifications) {
            boolean both = each.root == each.others;
            long which = each.hasName ? each.named : CapabilitySet.ALL & ~named;
            for (int domain = 0; domain < 2; domain++) {
                if (!both && (domain == 0) != each.root) continue;
                if (each.allow) component.allowed[domain] |= which;
                else component.denied[domain] |= which;
                component.locked[domain] |= each.lock;
            }
        }
        component.hasAbilities = !specifications.isEmpty();
    }

    /** What one element says. */
    private static final class Specification {
        private final Element element;
        private long named;
        private Boolean allow;
        private boolean root;
        private boolean others;
        private boolean lock;
        private boolean hasName;
        /** The last that was named of those which can't be denied. */
        private String free;

        Specification(Element element) {
            this.element = element;
        }

        void read(String text) throws Refusal {
            for (int from = 0; from <= text.length(); ) {
                int to = text.indexOf(',', from);
                if (to < 0) to = text.length();
                word(CapabilitySet.small(text.substring(from, to).trim()));
                from = to + 1;
            }
            if (allow == null) throw element.refusal("ability: neither allow nor deny in " + text);
            if (!allow && free != null) throw element.refusal("ability '" + free + "' cannot be denied on this system");
        }

        private void word(String word) throws Refusal {
            switch (word) {
                case "allow" -> decide(true);
                case "deny" -> decide(false);
                case "lock" -> lock = true;
                case "root" -> root = true;
                case "nonroot" -> others = true;
                case "all" -> {
                    root = true;
                    others = true;
                }
                case "inherit" -> { }
                case "noinherit" -> throw element.refusal("ability: noinherit has no equivalent on Linux");
                default -> ability(word);
            }
        }

        private void decide(boolean allows) throws Refusal {
            if (allow != null && allow != allows) throw element.refusal("ability: both allow and deny");
            allow = allows;
        }

        private void ability(String word) throws Refusal {
            int colon = word.indexOf(':');
            String name = colon < 0 ? word : word.substring(0, colon);
            for (int i = 0; i < KNOWN.length; i++) {
                if (!KNOWN[i].equals(name)) continue;
                if (colon >= 0) throw element.refusal("ability '" + name + "' cannot be limited to a range on this system");
                named |= 1L << CAPABILITY[i];
                hasName = true;
                return;
            }
            for (String each : FREE) {
                if (!each.equals(name)) continue;
                free = name;
                hasName = true;
                return;
            }
            if (name.equals("confset")) {
                throw element.refusal("ability 'confset' would be all of CAP_SYS_ADMIN; take a narrower tool, such as hostname(1)");
            }
            throw element.refusal("ability '" + name + "' has no equivalent on Linux" + Nearest.hint(name, KNOWN));
        }
    }
}
