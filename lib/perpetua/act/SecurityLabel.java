// SPDX-License-Identifier: Apache-2.0
package perpetua.act;

import perpetua.cli.Fatal;
import perpetua.sys.Kernel;
import perpetua.sys.SysException;

/**
 * The label that a security module gives to the next program: a profile of AppArmor, a context of SELinux.
 *
 * @param module which of them
 * @param label as the module names it
 */
public record SecurityLabel(Module module, String label) {
    public enum Module {
        APPARMOR("AppArmor"), SELINUX("SELinux");

        private final String shown;

        Module(String shown) {
            this.shown = shown;
        }

        /** Whether it decides anything on this system. */
        public boolean isActive(Kernel kernel) {
            try {
                if (this == SELINUX) return kernel.stat("/sys/fs/selinux/enforce").isRegular();
                return SmallFile.read(kernel, "/sys/module/apparmor/parameters/enabled").startsWith("Y");
            } catch (SysException e) {
                return false;
            }
        }
    }

    /**
     * @param wanted null for the one that is active
     * @throws Fatal if it is not active, or none is
     */
    public static SecurityLabel of(Kernel kernel, Module wanted, String label) {
        for (Module each : Module.values()) {
            if ((wanted == null || each == wanted) && each.isActive(kernel)) return new SecurityLabel(each, label);
        }
        String why = wanted == null ? "neither AppArmor nor SELinux is active" : wanted.shown + " is not active";
        throw Fatal.of("unable to use label " + label + ": " + why);
    }

    /** As the SLM configuration writes it: {@code apparmor:} or {@code selinux:} in front picks the module. */
    public static SecurityLabel of(Kernel kernel, String text) {
        for (Module each : Module.values()) {
            String prefix = CapabilitySet.small(each.shown) + ":";
            if (text.startsWith(prefix)) return of(kernel, each, text.substring(prefix.length()));
        }
        return of(kernel, null, text);
    }

    /** What is executed next gets it. @throws Fatal if the module refuses, as for one that it does not know */
    public void assume(Kernel kernel) {
        // Of the thread, since that is who executes.
        String directory = "/proc/thread-self/attr/";
        String path = directory + "exec";
        String text = label;
        if (module == Module.APPARMOR) {
            text = "exec " + label;
            // Where several modules are active, each has a directory of its own.
            if (isThere(kernel, directory + "apparmor/exec")) path = directory + "apparmor/exec";
        }
        try {
            SmallFile.write(kernel, path, text);
        } catch (SysException e) {
            throw Fatal.system("unable to use label " + label + " of " + module.shown, e);
        }
    }

    private static boolean isThere(Kernel kernel, String path) {
        try {
            kernel.stat(path);
            return true;
        } catch (SysException e) {
            return false;
        }
    }
}
