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
        switch (full.readiness()) {
            case UNTOLD -> out.name("ready").literal("null");
            case NOT_YET -> out.name("ready").bool(false);
            case READY -> out.name("ready").bool(true);
        }
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
        out.name("state").string(switch (more.phase()) {
            case DOWN -> "down";
            case WAITING -> "waiting";
            case STARTED -> "up";
            case RESETTING -> "resetting";
        });
        out.name("wanted").string(process.isWantedDown() ? "down" : "up");
        out.name("pid");
        if (runs) out.number(process.pid());
        else out.literal("null");
        time("since", process.since());
        out.name("once").bool(process.isOnce());
        out.name("paused").bool(process.isPaused());
        out.name("refused").bool(process.isRefused());
        out.name("restarts");
        if (tellsMore) out.number(more.restarts());
        else out.literal("null");
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
        out.name("status");
        if (more.end() == FullStatus.End.EXIT) out.number(more.number());
        else out.literal("null");
        out.name("signal");
        if (more.end() == FullStatus.End.SIGNAL) out.number(more.number()).name("signal_name").string(Signal.name(more.number()));
        else out.literal("null").name("signal_name").literal("null");
        time("ended", more.ended());
        out.closeObject();
    }

    /** @param nanos -1 for never */
    private void time(String name, long nanos) {
        out.name(name);
        if (nanos < 0) {
            out.literal("null").name(name + "_unix").literal("null").name(name + "_seconds").literal("null");
            return;
        }
        UtcStamp stamp = new UtcStamp();
        stamp.set(nanos);
        String text = stamp.toString();
        out.string(text.substring(0, 4) + "-" + text.substring(4, 6) + "-" + text.substring(6, 11) + ":"
                + text.substring(11, 13) + ":" + text.substring(13) + "Z");
        out.name(name + "_unix").literal(decimal(nanos, 6));
        out.name(name + "_seconds").literal(decimal(Math.abs(wall - nanos), 3));
    }

    private static String decimal(long nanos, int places) {
        String fraction = Long.toString(1_000_000_000L + nanos % 1_000_000_000L);
        return nanos / 1_000_000_000L + "." + fraction.substring(1, 1 + places);
    }
}
