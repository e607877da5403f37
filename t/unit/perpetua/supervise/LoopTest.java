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
import perpetua.sys.Limit;
import perpetua.sys.Open;
import perpetua.sys.PollSet;
import perpetua.sys.Resource;
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
    void manyTimersKeepNobodyElseWaiting() throws SysException {
        int[] pipe = kernel.pipe();
        loop.watch(pipe[0], PollSet.IN, (set, place) -> told.add("client"));
        for (int i = 0; i < 100; i++) loop.set(loop.timer(() -> told.add("due")), loop.now());
        loop.step();
        kernel.write(pipe[1], Bytes.of("x"), 0, 1);
        loop.step();
        assertEquals(16, told.indexOf("client"));
        for (int i = 0; i < 5; i++) loop.step();
        assertEquals(100, told.stream().filter("due"::equals).count());
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

    // ---- many children -----------------------------------------------------------------------------------------

    private int[] children(int count) throws SysException {
        int[] pids = new int[count];
        for (int i = 0; i < count; i++) {
            int pid = pids[i] = child();
            loop.await(pid, how -> told.add("end of " + pid + ": " + how.status()));
        }
        return pids;
    }

    private static String end(int pid, int status) {
        return "end of " + pid + ": " + status;
    }

    @Test
    void amongManyChildrenTheOneThatEndsIsTheOnlyOneLookedAt() throws SysException {
        kernel.limited(Resource.NOFILE, new Limit(2000, 2000));
        begin();
        loop.fewChildren(0);
        int[] pids = children(1000);
        assertEquals(1000, loop.watchedChildren());
        int descriptors = kernel.openDescriptors();
        long before = kernel.count(Act.REAP);
        kernel.end(pids[700], 3);
        loop.step();
        assertEquals(List.of(end(pids[700], 3)), told);
        assertEquals(1, kernel.count(Act.REAP) - before);
        assertEquals(descriptors - 1, kernel.openDescriptors());
        assertEquals(999, loop.childCount());
    }

    @Test
    void manyEndsOfWhichOneSignalTellsAreAllSeen() throws SysException {
        loop.fewChildren(20);
        int[] pids = children(600);
        assertEquals(580, loop.watchedChildren());
        for (int pid : pids) kernel.end(pid, 1);
        // No more than so many in a round.
        for (int i = 0; i < 37; i++) loop.step();
        assertEquals(600, told.size());
        assertEquals(0, loop.childCount());
        assertEquals(0, kernel.unreaped());
        assertEquals(List.of("/dev/null", "standard output", "standard error", "signals", "epoll"), kernel.descriptorNames()
                .stream().map(each -> each.substring(each.indexOf(' ') + 1)).toList());
    }

    @Test
    void whoeverElseHasSomethingIsToldBeforeManyThatEnd() throws SysException {
        loop.fewChildren(0);
        int[] pids = children(200);
        int[] pipe = kernel.pipe();
        loop.watch(pipe[0], PollSet.IN, (set, place) -> told.add("client"));
        for (int pid : pids) kernel.end(pid, 1);
        kernel.write(pipe[1], Bytes.of("x"), 0, 1);
        loop.step();
        assertEquals("client", told.get(0));
        assertTrue(told.size() < 20, () -> told.size() + " in a round");
    }

    @Test
    void aFewChildrenNeedNoDescriptors() throws SysException {
        int descriptors = kernel.openDescriptors();
        int[] pids = children(32);
        assertEquals(descriptors, kernel.openDescriptors());
        kernel.end(pids[5], 0);
        loop.step();
        assertEquals(List.of(end(pids[5], 0)), told);
    }

    @Test
    void oneWhoseEndItsTracerHasFirstIsWaitedForWithoutTurningRound() throws SysException {
        loop.fewChildren(0);
        int pid = children(2)[1];
        // The first signal and the descriptor come to nothing, as while strace(1) has it.
        kernel.failNext(Act.REAP, Errno.ECHILD);
        kernel.end(pid, 4);
        loop.step();
        assertEquals(List.of(), told);
        assertEquals(1, loop.watchedChildren());
        assertThrows(Stuck.class, loop::step);
        kernel.arrive(Signal.CHLD);
        loop.step();
        assertEquals(List.of(end(pid, 4)), told);
    }

    @Test
    void whereTheKernelHasNoSuchDescriptorsSignalsDo() throws SysException {
        kernel.fault((act, subject) -> act == Act.OPEN_PROCESS ? Errno.ENOSYS : null);
        int[] pids = children(100);
        assertEquals(0, loop.watchedChildren());
        for (int pid : pids) kernel.end(pid, 1);
        loop.step();
        assertEquals(100, told.size());
    }

    @Test
    void descriptorsOfChildrenGiveWayToThoseThatOthersNeed() throws SysException {
        kernel.limited(Resource.NOFILE, new Limit(100, 100));
        begin();
        loop.fewChildren(0);
        int[] pids = new int[60];
        List<Integer> others = new ArrayList<>();
        for (int i = 0; i < pids.length; i++) {
            // As a service with a logger does.
            if (i % 2 == 0) for (int fd : kernel.pipe()) others.add(fd);
            int pid = pids[i] = child();
            loop.await(pid, how -> told.add(end(pid, how.status())));
        }
        assertTrue(loop.watchedChildren() > 0 && loop.watchedChildren() < 60);
        assertTrue(kernel.openDescriptors() < 95, () -> kernel.openDescriptors() + " descriptors");
        for (int pid : pids) kernel.end(pid, 1);
        loop.step();
        assertEquals(60, told.size());
        assertEquals(others.size() + 6, kernel.openDescriptors());
    }

    @Test
    void oneThatEndedBeforeItsDescriptorGaveWayIsNotForgotten() throws SysException {
        loop.fewChildren(0);
        int[] pids = children(3);
        // Its signal is taken, and is not looked into, since there is the descriptor; but that has to go in the same round.
        int[] pipe = kernel.pipe();
        kernel.fault((act, subject) -> act == Act.EPOLL && subject.equals("ready") ? Errno.ENOMEM : null);
        kernel.end(pids[2], 7);
        loop.step();
        assertEquals(List.of(), told);
        kernel.fault((act, subject) -> act == Act.OPEN_PROCESS ? Errno.EMFILE : null);
        children(1);
        assertEquals(0, loop.watchedChildren());
        loop.step();
        assertEquals(List.of(end(pids[2], 7)), told);
        assertEquals(0, kernel.unreaped());
        kernel.close(pipe[0]);
        kernel.close(pipe[1]);
    }

    @Test
    void orphansOfWhichNoSignalTellsAreCollectedASecondLater() throws SysException {
        kernel.init();
        loop = new Loop(kernel, signal -> { }, how -> told.add("stranger " + how.pid()), Signal.TERM);
        loop.fewChildren(0);
        int pid = children(1)[0];
        int orphan = child();
        kernel.end(pid, 1);
        kernel.end(orphan, 0);
        loop.step();
        assertEquals(List.of(end(pid, 1)), told);
        loop.step();
        assertEquals(List.of(end(pid, 1), "stranger " + orphan), told);
    }

    @Test
    void childrenThatKeepEndingDoNotPutThatOff() throws SysException {
        kernel.init();
        loop = new Loop(kernel, signal -> { }, how -> told.add("stranger " + how.pid()), Signal.TERM);
        loop.fewChildren(0);
        int[] pids = children(10);
        int orphan = child();
        kernel.end(pids[0], 1);
        kernel.end(orphan, 0);
        for (int i = 1; i < pids.length; i++) {
            int pid = pids[i];
            kernel.after(i * SECOND / 4, () -> kernel.end(pid, 1));
        }
        long begun = kernel.monotonicNanos();
        while (!told.contains("stranger " + orphan)) loop.step();
        assertEquals(SECOND, kernel.monotonicNanos() - begun);
    }

    @Test
    void manyOrphansAreCollectedAtOnce() throws SysException {
        loop.fewChildren(0);
        children(1);
        int one = child();
        int two = child();
        kernel.end(one, 0);
        kernel.end(two, 0);
        loop.step();
        assertEquals(List.of("stranger " + one, "stranger " + two), told);
    }

    // ---- descriptors -------------------------------------------------------------------------------------------

    @Test
    void aRegularFileIsReadyAtAnyTime() throws SysException {
        kernel.file("/etc/text", "x");
        int fd = kernel.open("/etc/text", Open.READ, 0);
        Loop.Watch watch = loop.watch(fd, PollSet.IN, (set, place) -> told.add("in"));
        loop.step();
        loop.step();
        assertEquals(List.of("in", "in"), told);
        loop.drop(watch);
        assertThrows(Stuck.class, loop::step);
    }

    @Test
    void oneOfWhichNothingIsWantedDoesNotKeepItAwake() throws SysException {
        int[] pipe = kernel.pipe();
        Loop.Watch watch = loop.watch(pipe[1], 0, (set, place) -> told.add("error"));
        kernel.close(pipe[0]);
        assertThrows(Stuck.class, loop::step);
        watch.events(PollSet.OUT);
        loop.step();
        assertEquals(List.of("error"), told);
    }

    @Test
    void aDescriptorThatComesToBeAnotherInARoundIsNotTakenForTheFormer() throws SysException {
        int[] one = kernel.pipe();
        int[] two = kernel.pipe();
        Loop.Watch[] second = new Loop.Watch[1];
        loop.watch(one[0], PollSet.IN, (set, place) -> {
            try {
                kernel.read(one[0], new byte[1], 0, 1);
                loop.drop(second[0]);
                kernel.close(two[0]);
                int[] three = kernel.pipe();
                assertEquals(two[0], three[0]);
                loop.watch(three[0], PollSet.IN, (again, there) -> told.add("wrong"));
            } catch (SysException e) {
                throw new AssertionError(e);
            }
        });
        second[0] = loop.watch(two[0], PollSet.IN, (set, place) -> told.add("wrong"));
        kernel.write(one[1], Bytes.of("x"), 0, 1);
        kernel.write(two[1], Bytes.of("x"), 0, 1);
        loop.step();
        assertThrows(Stuck.class, loop::step);
        assertEquals(List.of(), told);
    }

    @Test
    void withoutAnEpollAllAreAskedInTurn() throws SysException {
        kernel.fault((act, subject) -> act == Act.EPOLL ? Errno.EMFILE : null);
        aWatchedDescriptorIsToldOfWhatItWaitsFor();
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
