// SPDX-License-Identifier: Apache-2.0
package perpetua.perp;

import perpetua.cli.JsonWriter;
import perpetua.log.UtcStamp;
import perpetua.supervise.Runscript;
import perpetua.sys.Signal;

/**
 * A service as an object of JSON, for perpls and perpstat alike; perpls(8) documents its fields. Each time stands there three
 * times: as RFC 3339, as seconds since 1970, and as seconds from now.
 */
public final class ServiceJson {
    private final JsonWriter out;
    private final long wall;
    private final boolean tellsMore;

    /**
     * @param wall the wall clock, nanoseconds since 1970
     * @param tellsMore whether perpd tells more than perp's; if not, what it does not tell is null
     */
    public ServiceJson(JsonWriter out, long wall, boolean tellsMore) {
        this.out = out;
        this.wall = wall;
        this.tellsMore = tellsMore;
    }

    public void write(Panel panel) {
        out.openObject();
        out.name("name").string(panel.name());
        if (panel.complaint() != null) {
            out.name("state").string("error").name("error").string(panel.complaint());
        } else if (panel.full() == null) {
            out.name("state").string("inactive");
        } else {
            write(panel.full());
        }
        out.closeObject();
    }

    private void write(FullStatus full) {
        Status status = full.status();
        out.name("state").string(status.isReactivating() ? "reactivating" : status.isDeactivating() ? "deactivating" : "active");
        time("activated", status.activated());
        out.name("flag_down").bool(status.isFlaggedDown());
        out.name("flag_once").bool(status.isFlaggedOnce());
        out.name("ready");
        if (full.readiness() == FullStatus.Readiness.UNTOLD) out.literal("null");
        else out.bool(full.readiness() == FullStatus.Readiness.READY);
        time("ready_since", full.readySince());
        out.name("main");
        write(status.main(), full.main());
        out.name("log");
        if (status.hasLog()) write(status.log(), full.log());
        else out.literal("null");
        out.name("perpd").openObject();
        out.name("pid").number(status.perpdPid());
        time("started", status.perpdSince());
        out.closeObject();
    }

    private void write(Status.Process process, FullStatus.More more) {
        boolean runs = more.phase() == Runscript.Phase.STARTED || more.phase() == Runscript.Phase.RESETTING;
        out.openObject();
        out.name("state").string(more.phase() == Runscript.Phase.STARTED ? "up"
                : more.phase() == Runscript.Phase.RESETTING ? "resetting"
                : more.phase() == Runscript.Phase.WAITING ? "waiting" : "down");
        out.name("wanted").string(process.isWantedDown() ? "down" : "up");
        number("pid", process.pid(), runs);
        time("since", process.since());
        out.name("once").bool(process.isOnce());
        out.name("paused").bool(process.isPaused());
        out.name("refused").bool(process.isRefused());
        number("restarts", more.restarts(), tellsMore);
        out.name("last_exit");
        end(more);
        time("next_start", more.due());
        out.closeObject();
    }

    private void end(FullStatus.More more) {
        if (more.end() == FullStatus.End.NONE) {
            out.literal("null");
            return;
        }
        out.openObject();
        boolean killed = more.end() == FullStatus.End.SIGNAL;
        number("status", more.number(), more.end() == FullStatus.End.EXIT);
        number("signal", more.number(), killed);
        out.name("signal_name");
        if (killed) out.string(Signal.name(more.number()));
        else out.literal("null");
        time("ended", more.ended());
        out.closeObject();
    }

    private void number(String name, int number, boolean known) {
        out.name(name).literal(known ? Integer.toString(number) : "null");
    }

    /** @param nanos -1 for never */
    private void time(String name, long nanos) {
        boolean never = nanos < 0;
        out.name(name);
        if (never) out.literal("null");
        else out.string(rfc3339(nanos));
        out.name(name.concat("_unix")).literal(never ? "null" : decimal(nanos, 6));
        out.name(name.concat("_seconds")).literal(never ? "null" : decimal(Math.abs(wall - nanos), 3));
    }

    /** The loggers' stamp, with what RFC 3339 wants between its digits. */
    private static String rfc3339(long nanos) {
        UtcStamp stamp = new UtcStamp();
        stamp.set(nanos);
        return new StringBuilder(stamp.toString()).insert(13, ':').insert(11, ':').insert(6, '-').insert(4, '-').append('Z')
                .toString();
    }

    private static String decimal(long nanos, int places) {
        String fraction = Long.toString(1_000_000_000L + nanos % 1_000_000_000L);
        return nanos / 1_000_000_000L + "." + fraction.substring(1, 1 + places);
    }
}
