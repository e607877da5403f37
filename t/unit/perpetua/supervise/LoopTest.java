// SPDX-License-Identifier: Apache-2.0
package perpetua.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import perpetua.fake.Act;
import perpetua.fake.FakeKernel;
import perpetua.fake.Stuck;
import perpetua.sys.Bytes;
import perpetua.sys.Errno;
import perpetua.sys.PollSet;
import perpetua.sys.Signal;
import perpetua.sys.Spawn;
import perpetua.sys.SysException;

class LoopTest {
    private static final long SECOND = 1_000_000_000L;

    private final FakeKernel kernel = new FakeKernel();
    private final List<String> told = new ArrayList<>();
    private Loop loop;

    @BeforeEach
    void begin() throws SysException {
        kernel.program("/bin/child");
        loop = new Loop(kernel, signal -> told.add(signal.name()), how -> told.add("stranger " + how.pid()),
                Signal.HUP, Signal.TERM);
    }

    private int child() throws SysException {
        return kernel.spawn(new Spawn("/bin/child", List.of("child")));
    }

    @Test
    void aSignalIsHandedOn() {
        kernel.arrive(Signal.HUP);
        kernel.arrive(Signal.TERM);
        loop.step();
        assertEquals(List.of("HUP", "TERM"), told);
    }

    @Test
    void anAwaitedChildIsHandedToWhoAwaitsIt() throws SysException {
        int first = child();
        int second = child();
        loop.await(first, how -> told.add("first " + how.status()));
        loop.await(second, how -> told.add("second " + how.signal()));
        assertEquals(2, loop.childCount());
        kernel.endBySignal(second, Signal.KILL);
        kernel.end(first, 3);
        loop.step();
        assertEquals(List.of("second 9", "first 3"), told);
        assertEquals(0, loop.childCount());
        assertEquals(0, kernel.unreaped());
    }

    @Test
    void aChildThatNobodyAwaitsIsCollectedAllTheSame() throws SysException {
        int pid = child();
        kernel.end(pid, 0);
        loop.step();
        assertEquals(List.of("stranger " + pid), told);
        assertEquals(0, kernel.unreaped());
    }

    @Test
    void aTimerEndsTheWait() {
        long begun = kernel.monotonicNanos();
        loop.set(loop.timer(() -> told.add("due")), loop.now() + 3 * SECOND);
        loop.step();
        assertEquals(List.of("due"), told);
        assertEquals(3 * SECOND, kernel.monotonicNanos() - begun);
    }

    @Test
    void aTimerInThePastIsDoneAtOnce() {
        long begun = kernel.monotonicNanos();
        loop.set(loop.timer(() -> told.add("due")), loop.now() - SECOND);
        loop.step();
        assertEquals(List.of("due"), told);
        assertEquals(begun, kernel.monotonicNanos());
    }

    @Test
    void withoutAnythingToDoItWaitsWithoutEnd() {
        assertThrows(Stuck.class, loop::step);
        assertEquals(1, kernel.count(Act.POLL));
    }

    @Test
    void aWatchedDescriptorIsToldOfWhatItWaitsFor() throws SysException {
        int[] pipe = kernel.pipe();
        Loop.Watch watch = loop.watch(pipe[0], PollSet.IN, (set, place) -> told.add("in"));
        kernel.write(pipe[1], Bytes.of("x"), 0, 1);
        loop.step();
        assertEquals(List.of("in"), told);
        watch.events(0);
        assertThrows(Stuck.class, loop::step);
        watch.events(PollSet.IN);
        loop.drop(watch);
        assertThrows(Stuck.class, loop::step);
        assertEquals(1, told.size());
    }

    @Test
    void oneThatIsDroppedInARoundIsNotToldInIt() throws SysException {
        int[] one = kernel.pipe();
        int[] two = kernel.pipe();
        Loop.Watch[] second = new Loop.Watch[1];
        loop.watch(one[0], PollSet.IN, (set, place) -> loop.drop(second[0]));
        second[0] = loop.watch(two[0], PollSet.IN, (set, place) -> told.add("wrong"));
        kernel.write(one[1], Bytes.of("x"), 0, 1);
        kernel.write(two[1], Bytes.of("x"), 0, 1);
        loop.step();
        assertEquals(List.of(), told);
    }

    @Test
    void oneThatIsAddedInARoundWaitsForTheNext() throws SysException {
        int[] pipe = kernel.pipe();
        kernel.write(pipe[1], Bytes.of("x"), 0, 1);
        loop.set(loop.timer(() -> loop.watch(pipe[0], PollSet.IN, (set, place) -> told.add("in"))), loop.now());
        loop.step();
        assertEquals(List.of(), told);
        loop.step();
        assertEquals(List.of("in"), told);
    }

    @Test
    void aPollThatFailsMissesNoTimer() {
        kernel.failNext(Act.POLL, Errno.ENOMEM);
        loop.set(loop.timer(() -> told.add("due")), loop.now());
        loop.step();
        assertEquals(List.of("due"), told);
    }

    @Test
    void childrenAreCollectedEvenIfSignalsCannotBeRead() throws SysException {
        int pid = child();
        loop.await(pid, how -> told.add("ended"));
        kernel.end(pid, 0);
        kernel.failNext(Act.NEXT_SIGNAL, Errno.EIO);
        loop.step();
        assertEquals(List.of("ended"), told);
    }

    @Test
    void itRunsUntilItIsStoppedAndSettlesEachRound() {
        int[] settled = {0};
        loop.set(loop.timer(() -> told.add("one")), loop.now() + 1);
        loop.set(loop.timer(loop::stop), loop.now() + 2);
        assertFalse(loop.isStopped());
        loop.run(() -> settled[0]++);
        assertTrue(loop.isStopped());
        assertEquals(List.of("one"), told);
        assertEquals(3, settled[0]);
    }
}
