// SPDX-License-Identifier: Apache-2.0
package perpetua.act;

import perpetua.cli.Numbers;
import perpetua.sys.Capabilities;

/** Capabilities by name, as one bit each: {@code net_admin,sys_time}. */
public final class CapabilitySet {
    public static final long ALL = -1L >>> 1;

    /** In the order of their numbers: capabilities(7). */
    private static final String[] NAMES = {
        "chown", "dac_override", "dac_read_search", "fowner", "fsetid", "kill", "setgid", "setuid", "setpcap",
        "linux_immutable", "net_bind_service", "net_broadcast", "net_admin", "net_raw", "ipc_lock", "ipc_owner",
        "sys_module", "sys_rawio", "sys_chroot", "sys_ptrace", "sys_pacct", "sys_admin", "sys_boot", "sys_nice",
        "sys_resource", "sys_time", "sys_tty_config", "mknod", "lease", "audit_write", "audit_control", "setfcap",
        "mac_override", "mac_admin", "syslog", "wake_alarm", "block_suspend", "audit_read", "perfmon", "bpf",
        "checkpoint_restore",
    };

    private CapabilitySet() {
    }

    /** @return its name, or its number where it is newer than this program */
    public static String name(int capability) {
        return capability < NAMES.length ? NAMES[capability] : String.valueOf(capability);
    }

    /** @param name in small or large letters, with or without {@code CAP_}, or a number. @return -1 if there is none */
    public static int number(String name) {
        String small = small(name);
        if (small.startsWith("cap_")) small = small.substring(4);
        for (int i = 0; i < NAMES.length; i++) {
            if (NAMES[i].equals(small)) return i;
        }
        return small.isEmpty() ? -1 : (int) Numbers.decimal(small, Capabilities.MOST - 1);
    }

    /** As {@link #of} reads it. */
    public static String text(long set) {
        if (set == ALL) return "all";
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < Capabilities.MOST; i++) {
            if ((set & 1L << i) == 0) continue;
            if (text.length() > 0) text.append(',');
            text.append(name(i));
        }
        return text.toString();
    }

    /** Without the tables of Unicode. */
    public static String small(String text) {
        StringBuilder small = new StringBuilder(text);
        for (int i = 0; i < small.length(); i++) {
            char c = small.charAt(i);
            if (c >= 'A' && c <= 'Z') small.setCharAt(i, (char) (c + 'a' - 'A'));
        }
        return small.toString();
    }

    /** What is no capability. */
    public interface Unknown {
        /** @return what to throw */
        RuntimeException name(String name);
    }

    /** Names with commas between; {@code all} is each that there is. */
    public static long of(String list, Unknown unknown) {
        long bits = 0;
        for (int from = 0; from <= list.length(); ) {
            int to = list.indexOf(',', from);
            if (to < 0) to = list.length();
            String name = list.substring(from, to);
            int number = number(name);
            if (name.equals("all")) bits = ALL;
            else if (number < 0) throw unknown.name(name);
            else bits |= 1L << number;
            from = to + 1;
        }
        return bits;
    }
}
