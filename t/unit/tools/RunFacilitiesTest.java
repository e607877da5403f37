// SPDX-License-Identifier: Apache-2.0
package tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import perpetua.act.CapabilitySet;
import perpetua.act.ControlGroup;
import perpetua.act.Processors;
import perpetua.fake.Act;
import perpetua.fake.FakeKernel;
import perpetua.fake.Run;
import perpetua.sys.Capabilities;
import perpetua.sys.Errno;

/** The run tools that use what not every kernel has, over one in memory that has it. */
class RunFacilitiesTest {
    private FakeKernel kernel;

    @BeforeEach
    void anew() {
        kernel = Run.kernel();
        kernel.program("/bin/prog");
    }

    private void refuses(String message, String... words) {
        Run run = Run.of(kernel, words);
        assertEquals(message + "\n", run.errors());
        assertEquals(111, run.status());
        assertNull(run.executed(), "the program did not run");
    }

    private void runs(String... words) {
        Run run = Run.of(kernel, words);
        assertEquals("", run.errors());
        assertEquals("prog", run.became());
        kernel.proceed();
    }

    @Test
    @DisplayName("a list and a mask of processors are read alike, and shown as a list")
    void processors() {
        assertArrayEquals(new int[] {0, 2, 3, 4}, Processors.list("2-4,0,3"));
        assertArrayEquals(new int[] {0, 2}, Processors.mask("5"));
        assertArrayEquals(new int[] {31}, Processors.mask("0x80000000"));
        assertArrayEquals(new int[0], Processors.mask("0"));
        assertNull(Processors.mask("-1"));
        assertEquals("0,2-4,7", Processors.shown(new int[] {0, 2, 3, 4, 7}));
        kernel.processors(0, 2, 3);
        runs("runcpu", "-m", "5", "prog");
        refuses("runcpu: fatal: unable to use processor 3: this process may use 0,2", "runcpu", "2-3", "prog");
    }

    @Test
    @DisplayName("runsched sets policy, priority and nice value")
    void scheduling() {
        runs("runsched", "-r", "12", "prog");
        assertEquals("ROUND_ROBIN 12", kernel.scheduling());
        runs("runsched", "-b", "-n", "-3", "prog");
        assertEquals("BATCH 0", kernel.scheduling());
        assertEquals(-3, kernel.nice());
    }

    @Test
    @DisplayName("runcap: after any failed step the program is never run")
    void capabilitySteps() {
        kernel.failNext(Act.CAPABILITY, Errno.ENOSYS);
        refuses("runcap: fatal: unable to ask for the capabilities of this process: system call not available (ENOSYS)",
                "runcap", "-n", "prog");
        kernel.fault((act, subject) -> act == Act.CAPABILITY && subject.equals("privileges") ? Errno.EINVAL : null);
        refuses("runcap: fatal: unable to forbid new privileges: invalid argument (EINVAL)", "runcap", "-n", "prog");
        kernel.fault((act, subject) -> act == Act.CAPABILITY && subject.equals("securebits") ? Errno.EPERM : null);
        refuses("runcap: fatal: unable to set the securebits of this process: permission denied (EPERM)",
                "runcap", "-l", "prog");
    }

    @Test
    @DisplayName("runcap drops from every set, and keeps what is to be ambient")
    void capabilities() throws Exception {
        runs("runcap", "-d", "kill,sys_time", "-a", "setuid", "-n", "prog");
        Capabilities sets = kernel.capabilities();
        long gone = 1L << Capabilities.KILL | 1L << Capabilities.SYS_TIME;
        assertEquals(0, (sets.bounding() | sets.permitted() | sets.effective() | sets.inheritable()) & gone);
        assertEquals(1L << Capabilities.SETUID, sets.ambient());
        assertEquals(Capabilities.NO_SETUID_FIXUP, kernel.secureBits());
        assertTrue(kernel.hasNoNewPrivileges());
        refuses("runcap: fatal: unable to keep capability kill, which this process does not have: permission denied (EPERM)",
                "runcap", "-a", "kill", "prog");
    }

    @Test
    @DisplayName("a capability has a name, with or without its prefix, and a number")
    void names() {
        assertEquals(0, CapabilitySet.number("CAP_CHOWN"));
        assertEquals(40, CapabilitySet.number("checkpoint_restore"));
        assertEquals(41, CapabilitySet.number("41"));
        assertEquals(-1, CapabilitySet.number("cap_"));
        assertEquals("mac_admin", CapabilitySet.name(Capabilities.MAC_ADMIN));
        assertEquals("sys_boot", CapabilitySet.name(Capabilities.SYS_BOOT));
    }

    @Test
    @DisplayName("a control group is found where the hierarchy is mounted, below the group of the process")
    void controlGroup() {
        kernel.file("/proc/self/mountinfo", "1 2 0:1 / /sys rw - sysfs sysfs rw\n3 2 0:2 / /sys/fs/cg rw - cgroup2 none rw\n");
        kernel.file("/proc/self/cgroup", "4:cpu:/x\n0::/system/slm\n");
        assertEquals("/sys/fs/cg/system/slm/net", ControlGroup.of(kernel, null, "net").directory());
        assertEquals("/sys/fs/cg/net", ControlGroup.of(kernel, null, "/net").directory());
        kernel.file("/sys/fs/cg/net/memory.events", "low 0\noom 3\noom_kill 2\noom_group_kill 0\n");
        assertEquals(2, ControlGroup.of(kernel, null, "/net").outOfMemoryKills());
        kernel.file("/sys/fs/cg/net/cgroup.procs", "");
        runs("runcgroup", "/net", "prog");
        assertEquals("0", kernel.find("/sys/fs/cg/net/cgroup.procs").text());
        kernel.file("/proc/self/mountinfo", "");
        refuses("runcgroup: fatal: unable to use control group net: no cgroup v2 hierarchy available",
                "runcgroup", "net", "prog");
    }

    @Test
    @DisplayName("runlabel writes what the active module wants to read")
    void labels() {
        kernel.file("/proc/thread-self/attr/exec", "");
        refuses("runlabel: fatal: unable to use label web: neither AppArmor nor SELinux is active", "runlabel", "web", "prog");
        kernel.file("/sys/module/apparmor/parameters/enabled", "Y\n");
        runs("runlabel", "web", "prog");
        assertEquals("exec web", kernel.find("/proc/thread-self/attr/exec").text());
        kernel.file("/proc/thread-self/attr/apparmor/exec", "");
        runs("runlabel", "-a", "web", "prog");
        assertEquals("exec web", kernel.find("/proc/thread-self/attr/apparmor/exec").text());
        refuses("runlabel: fatal: unable to use label web: SELinux is not active", "runlabel", "-s", "web", "prog");
        kernel.remove("/sys/module/apparmor/parameters/enabled");
        kernel.file("/sys/fs/selinux/enforce", "1");
        kernel.file("/proc/thread-self/attr/exec", "");
        runs("runlabel", "u:r:t:s0", "prog");
        assertEquals("u:r:t:s0", kernel.find("/proc/thread-self/attr/exec").text());
        kernel.failNext(Act.WRITE, Errno.EINVAL);
        refuses("runlabel: fatal: unable to use label bad of SELinux: invalid argument (EINVAL)", "runlabel", "bad", "prog");
    }
}
