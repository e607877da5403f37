// SPDX-License-Identifier: Apache-2.0
package perpetua.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import perpetua.fake.FakeKernel;
import perpetua.sys.PollSet;
import perpetua.sys.SysException;

/** What process 1 tells, however full the pipe is. */
class AnnouncementsTest {
    private final FakeKernel kernel = new FakeKernel();

    private List<Integer> read(Announcements announcements, int most) throws SysException {
        byte[] bytes = new byte[Announcements.RECORD * most];
        PollSet set = new PollSet();
        set.add(announcements.reader(), PollSet.IN);
        int count = kernel.poll(set, 0) == 0 ? 0 : kernel.read(announcements.reader(), bytes, 0, bytes.length);
        List<Integer> pids = new ArrayList<>();
        for (int i = 0; i < count; i += Announcements.RECORD) {
            pids.add(bytes[i] & 0xff | (bytes[i + 1] & 0xff) << 8 | (bytes[i + 2] & 0xff) << 16 | bytes[i + 3] << 24);
        }
        return pids;
    }

    @Test
    @DisplayName("each pid is a record of four bytes, in order")
    void records() throws SysException {
        Announcements announcements = new Announcements(kernel, new Loop(kernel, signal -> { }, stranger -> { }));
        for (int pid : new int[] {2, 300, 70_000, 4_194_303}) announcements.announce(pid);
        assertEquals(List.of(2, 300, 70_000, 4_194_303), read(announcements, 9));
    }

    @Test
    @DisplayName("what did not fit in is told as one 0, by the next announcement or as soon as there is room")
    void lost() throws SysException {
        Loop loop = new Loop(kernel, signal -> { }, stranger -> { });
        Announcements announcements = new Announcements(kernel, loop);
        int room = 0;
        for (int pid = 1; pid <= 100_000; pid++) announcements.announce(pid);
        for (List<Integer> some; !(some = read(announcements, 1000)).isEmpty(); room += some.size()) {
            assertEquals(room + 1, some.get(0));
        }
        announcements.announce(5);
        announcements.announce(6);
        assertEquals(List.of(0, 5, 6), read(announcements, 9));
        for (int pid = 1; pid <= room + 1; pid++) announcements.announce(pid);
        for (int left = room; left > 0; ) left -= read(announcements, 1000).size();
        loop.step();
        assertEquals(List.of(0), read(announcements, 9));
        announcements.announce(7);
        assertEquals(List.of(7), read(announcements, 9));
    }
}
