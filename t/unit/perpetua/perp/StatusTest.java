// SPDX-License-Identifier: Apache-2.0
package perpetua.perp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import perpetua.perp.Status.Process;
import perpetua.supervise.Act;
import perpetua.supervise.Command;
import perpetua.supervise.Service;
import perpetua.sys.Reaped;

class StatusTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long EPOCH = 1_000 * SECOND;

    private long now = 50 * SECOND;
    private final List<Act> acts = new ArrayList<>();

    private Status of(Service service) {
        return Status.of(service, 40 * SECOND, 77, 30 * SECOND, EPOCH);
    }

    private Service started(boolean hasLog) {
        Service service = new Service(hasLog, false, false);
        service.activate(now, acts);
        service.ran(service.main(), 100, now);
        if (hasLog) service.ran(service.log(), 101, now);
        return service;
    }

    @Test
    void timesAreOfTheWallClock() {
        Status status = of(started(false));
        assertEquals(77, status.perpdPid());
        assertEquals(EPOCH + 30 * SECOND, status.perpdSince());
        assertEquals(EPOCH + 40 * SECOND, status.activated());
        assertEquals(EPOCH + now, status.main().since());
        assertEquals(3, status.main().seconds(EPOCH + now + 3 * SECOND));
    }

    @Test
    void aServiceWithoutLogger() {
        Status status = of(started(false));
        assertEquals(Status.ACTIVE, status.flags());
        assertFalse(status.hasLog());
        assertEquals(Process.NONE, status.log());
        assertEquals(new Process(100, EPOCH + now, 0), status.main());
        assertTrue(status.main().isUp());
    }

    @Test
    void aLoggerIsMarkedAsOne() {
        Status status = of(started(true));
        assertEquals(Status.ACTIVE | Status.HAS_LOG, status.flags());
        assertEquals(new Process(101, EPOCH + now, Process.LOG), status.log());
    }

    @Test
    void theFlagFilesAreTold() {
        assertEquals(Status.ACTIVE | Status.FLAG_DOWN, of(new Service(false, true, false)).flags());
        assertEquals(Status.ACTIVE | Status.FLAG_ONCE, of(new Service(false, false, true)).flags());
    }

    @Test
    void deactivationAndReactivationAreTold() {
        Service service = started(false);
        service.deactivate(0, acts);
        // As long as no scan has seen it again, it is not active.
        assertEquals(Status.DEACTIVATING, of(service).flags());
        service.setReactivating(true);
        Status status = of(service);
        assertEquals(Status.ACTIVE | Status.DEACTIVATING | Status.REACTIVATING, status.flags());
        assertTrue(status.isDeactivating());
        assertTrue(status.isReactivating());
    }

    @Test
    void eachFlagOfAProcess() {
        Service service = started(false);
        service.command(Command.PAUSE, false, false, now, acts);
        assertEquals(Process.PAUSED, of(service).main().flags());
        service.command(Command.CONTINUE, false, false, now, acts);
        service.command(Command.ONCE, false, false, now, acts);
        assertEquals(Process.ONCE, of(service).main().flags());
        service.command(Command.UP, false, false, now, acts);
        service.command(Command.DOWN, false, false, now, acts);
        assertEquals(Process.WANT_DOWN, of(service).main().flags());
        service.ended(service.main(), new Reaped(100, 0, 0), now, acts);
        service.ran(service.main(), 102, now);
        assertEquals(Process.WANT_DOWN | Process.RESETTING, of(service).main().flags());
        service.ended(service.main(), new Reaped(102, 0, 0), now, acts);
        assertEquals(new Process(0, EPOCH + now, Process.WANT_DOWN | Process.RESETTING), of(service).main());
        service.command(Command.UP, false, false, now + 2 * SECOND, acts);
        service.ran(service.main(), 103, now);
        assertEquals(0, of(service).main().flags());
        service.command(Command.DOWN, false, false, now, acts);
        service.ended(service.main(), new Reaped(103, 0, 0), now, acts);
        service.ran(service.main(), 102, now);
        service.command(Command.UP, false, false, now, acts);
        now += 2 * SECOND;
        service.ended(service.main(), new Reaped(102, 0, 0), now, acts);
        service.refused(service.main(), now);
        assertEquals(Process.REFUSED, of(service).main().flags());
    }

    @Test
    void downHasNoPidButATime() {
        Service service = started(false);
        service.command(Command.DOWN, false, false, now, acts);
        service.ended(service.main(), new Reaped(100, 0, 0), now, acts);
        service.ran(service.main(), 102, now + SECOND);
        service.ended(service.main(), new Reaped(102, 0, 0), now, acts);
        Process main = of(service).main();
        assertFalse(main.isUp());
        assertEquals(EPOCH + now + SECOND, main.since());
    }

    @Test
    void secondsAreTheDistanceRounded() {
        assertEquals(0, Status.seconds(0, 499_999_999L));
        assertEquals(1, Status.seconds(0, 500_000_000L));
        assertEquals(2, Status.seconds(5 * SECOND, 3 * SECOND));
    }
}
