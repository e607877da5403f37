// SPDX-License-Identifier: Apache-2.0
package perpetua.sys;

/** How a machine ends, or the pid namespace that stands for one: {@link Kernel#reboot}. */
public enum Reboot {
    RESTART, HALT, POWER_OFF
}
