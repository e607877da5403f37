// SPDX-License-Identifier: Apache-2.0
package perpetua.act;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import perpetua.cli.Fatal;
import perpetua.fake.Act;
import perpetua.fake.FakeKernel;
import perpetua.sys.Errno;

class IdentityTest {
    private final FakeKernel kernel = new FakeKernel().user(0, 0, 0, 1, 2);

    @Test
    @DisplayName("groups first, then the group, then the user: later it would not be allowed to")
    void order() {
        List<Act> acts = new ArrayList<>();
        kernel.fault((act, subject) -> {
            acts.add(act);
            return null;
        });
        Identity.of(1000, 100).assume(kernel);
        assertEquals(List.of(Act.SET_GROUPS, Act.SET_GROUP, Act.SET_USER), acts);
        assertEquals(1000, kernel.userId());
        assertEquals(1000, kernel.effectiveUserId());
        assertEquals(100, kernel.groupId());
        assertEquals(100, kernel.effectiveGroupId());
        assertArrayEquals(new int[] {100}, kernel.groups());
    }

    @Test
    @DisplayName("each step that fails is named, and none comes after it")
    void failures() {
        fails(Act.SET_GROUPS, "failure initgroups(): permission denied (EPERM)");
        fails(Act.SET_GROUP, "failure setgid(): permission denied (EPERM)");
        fails(Act.SET_USER, "failure setuid(): permission denied (EPERM)");
        assertEquals(0, kernel.userId());
    }

    private void fails(Act act, String message) {
        kernel.failNext(act, Errno.EPERM);
        Fatal fatal = assertThrows(Fatal.class,
                () -> new Identity(1000, 100, new int[] {100, 7}, "initgroups()").assume(kernel));
        assertEquals(message, fatal.getMessage());
        assertEquals(111, fatal.status());
    }
}
