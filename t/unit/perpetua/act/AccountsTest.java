// SPDX-License-Identifier: Apache-2.0
package perpetua.act;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import perpetua.cli.Fatal;
import perpetua.fake.Act;
import perpetua.fake.FakeKernel;
import perpetua.sys.Account;
import perpetua.sys.Errno;
import perpetua.sys.Signal;
import perpetua.sys.SysException;

/** Accounts of /etc/passwd, and those that only getent knows. */
class AccountsTest {
    private final FakeKernel kernel = new FakeKernel()
            .account(new Account("here", 5, 6, "/home/here", "/bin/sh")).group("crowd", 7);

    private void getent(int status, String output) {
        kernel.program("/usr/bin/getent", child -> {
            child.write(1, output);
            child.exit(status);
        });
    }

    private void leavesNothing() {
        assertEquals(3, kernel.openDescriptors(), () -> kernel.descriptorNames().toString());
        assertEquals(0, kernel.unreaped());
    }

    @Test
    @DisplayName("what the C library knows is not asked of getent")
    void local() {
        getent(0, "here:x:1:1::/:/\n");
        assertEquals(5, Accounts.find(kernel, "here").uid());
        assertEquals(7, Accounts.findGroup(kernel, "crowd"));
        assertEquals(0, kernel.count(Act.SPAWN));
    }

    @Test
    @DisplayName("where there is no getent, a name that is not here is unknown")
    void noGetent() {
        assertNull(Accounts.find(kernel, "away"));
        assertEquals(-1, Accounts.findGroup(kernel, "away"));
        leavesNothing();
    }

    @Test
    @DisplayName("getent answers with a line, of which the numbers, home and shell are taken")
    void getentAnswers() {
        getent(0, "away:x:1001:1002:A. Way,,,:/home/away:/bin/bash\n");
        assertEquals(new Account("away", 1001, 1002, "/home/away", "/bin/bash"), Accounts.find(kernel, "away"));
        getent(0, "herd:x:2001:a,b\n");
        assertEquals(2001, Accounts.findGroup(kernel, "herd"));
        leavesNothing();
    }

    @Test
    @DisplayName("numbers above 2^31 pass, as those of some directories are")
    void largeNumbers() {
        getent(0, "away:x:4294967294:3000000000::/:/bin/sh");
        Account account = Accounts.find(kernel, "away");
        assertEquals("4294967294", Integer.toUnsignedString(account.uid()));
        assertEquals("3000000000", Integer.toUnsignedString(account.gid()));
    }

    @ParameterizedTest(name = "\"{0}\"")
    @ValueSource(strings = {"", "\n", "other:x:1:1::/:/\n", "away\n", "away:x\n", "away:x:y:1::/:/\n",
        "away:x:1:4294967296::/:/\n", "away2:x:1:1::/:/\n", "\000\377"})
    @DisplayName("an answer that is none makes the name unknown")
    void badAnswers(String answer) {
        getent(0, answer);
        assertNull(Accounts.find(kernel, "away"));
        leavesNothing();
    }

    @ParameterizedTest(name = "\"{0}\"")
    @ValueSource(strings = {"", "0", "1001", "-s", "--help"})
    @DisplayName("names only: an empty name, a number or an option is not asked of getent")
    void notNames(String name) {
        getent(0, name + ":x:0:0::/:/bin/sh\n");
        assertNull(Accounts.find(kernel, name));
        assertEquals(-1, Accounts.findGroup(kernel, name));
        assertEquals(0, kernel.count(Act.SPAWN));
    }

    @Test
    @DisplayName("a getent that fails, or is killed, knows nothing")
    void getentFails() {
        getent(2, "away:x:1:1::/:/\n");
        assertNull(Accounts.find(kernel, "away"));
        kernel.program("/usr/bin/getent", child -> {
            child.write(1, "away:x:1:1::/:/\n");
            kernel.endBySignal(child.pid(), Signal.KILL);
        });
        assertNull(Accounts.find(kernel, "away"));
        leavesNothing();
    }

    @Test
    @DisplayName("no room to ask it leaves the name unknown, and nothing behind")
    void noRoom() {
        getent(0, "away:x:1:1::/:/\n");
        for (Act act : new Act[] {Act.PIPE, Act.SPAWN, Act.READ}) {
            kernel.failNext(act, Errno.EMFILE);
            assertNull(Accounts.find(kernel, "away"), act.name());
            leavesNothing();
        }
    }

    @Test
    @DisplayName("its answer counts where SIGCHLD is ignored, though its status is then unknown")
    void childIgnored() throws SysException {
        getent(0, "away:x:1001:1002::/:/bin/sh\n");
        kernel.ignore(Signal.CHLD);
        assertEquals(1001, Accounts.find(kernel, "away").uid());
        leavesNothing();
    }

    @Test
    @DisplayName("a failing account data base is told, not taken for an unknown name")
    void failing() {
        kernel.failNext(Act.ACCOUNT, Errno.EMFILE);
        Fatal fatal = assertThrows(Fatal.class, () -> Accounts.find(kernel, "away"));
        assertEquals("failure looking up account away: process cannot open more files (EMFILE)", fatal.getMessage());
        kernel.failNext(Act.GROUP, Errno.EIO);
        fatal = assertThrows(Fatal.class, () -> Accounts.findGroup(kernel, "away"));
        assertEquals("failure looking up group away: input/output error (EIO)", fatal.getMessage());
    }
}
