// SPDX-License-Identifier: Apache-2.0
package tools.runwait;

import perpetua.act.Endpoint;
import perpetua.cli.Fatal;
import perpetua.perp.FullStatus;
import perpetua.perp.Goal;
import perpetua.perp.Observer;
import perpetua.supervise.Runscript;
import perpetua.sys.Kernel;
import perpetua.sys.LockFile;
import perpetua.sys.SysException;

/** One thing that is waited for. */
final class Condition {
    private static final char CONNECTION = 'c';
    private static final char FILE = 'e';
    private static final char LOCK = 'l';
    private static final char DONE = 'd';
    private static final char READY = 'r';
    private static final char UP = 'u';

    private final char kind;
    private final String path;
    private final String shown;
    private Endpoint endpoint;

    private Condition(char kind, String path, String shown) {
        this.kind = kind;
        this.path = path;
        this.shown = shown;
    }

    /**
     * @param letter of the option
     * @param text its argument
     * @param base the base directory, for services
     * @return null for a letter that is not of a condition
     */
    static Condition of(char letter, String text, String base) {
        switch (letter) {
            case FILE:
                return new Condition(FILE, text, text);
            case LOCK:
                return new Condition(LOCK, text, "lock " + text);
            case CONNECTION:
                Condition connection = new Condition(CONNECTION, null, "connection to " + text);
                connection.endpoint = Endpoint.of(text);
                if (connection.endpoint == null) throw Fatal.usage("bad argument for option -c: " + text);
                return connection;
            case 's':
                return service(text, base);
            default:
                return null;
        }
    }

    /** A service, and behind a colon ready, up or done. */
    private static Condition service(String text, String base) {
        int colon = text.lastIndexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        String word = colon < 0 ? "ready" : text.substring(colon + 1);
        if (name.isEmpty() || !word.equals("ready") && !word.equals("up") && !word.equals("done")) {
            throw Fatal.usage("bad argument for option -s: " + text);
        }
        return new Condition(word.charAt(0), name.charAt(0) == '/' ? name : base + "/" + name, name + " (" + word + ")");
    }

    /** How messages name it. */
    String shown() {
        return shown;
    }

    /** Whether perpd tells when to look at it again. */
    boolean isOfService() {
        return kind == READY || kind == UP || kind == DONE;
    }

    /**
     * @param observer may be null if it is not of a service
     * @param upNanos how long a service must be up that does not say when it is ready
     * @param connectNanos how long a connection may take
     * @return 0 if it holds; else after how many nanoseconds to look again; -1 if only a change can make it hold
     */
    long missing(Kernel kernel, Observer observer, long upNanos, long connectNanos) {
        try {
            return switch (kind) {
                case FILE -> {
                    kernel.stat(path);
                    yield 0;
                }
                case LOCK -> LockFile.holder(kernel, path) == 0 ? 0 : -1;
                case CONNECTION -> endpoint.accepts(kernel, connectNanos) ? 0 : -1;
                default -> missing(observer.query(path), kernel.realtimeNanos(), upNanos);
            };
        } catch (SysException e) {
            // Whatever is in the way: it may go.
            return -1;
        }
    }

    /** @param now null if perpd does not know it */
    private long missing(FullStatus now, long wall, long upNanos) {
        if (now == null) return -1;
        FullStatus.More main = now.main();
        boolean wanted = !now.status().main().isWantedDown();
        long since = now.status().main().since();
        if (kind == DONE) {
            // perp's own perpd counts no starts, and does not tell how one ended.
            boolean well = main.end() == FullStatus.End.EXIT && main.number() == 0 || main.starts() == 0 && since >= 0;
            return main.phase() == Runscript.Phase.DOWN && !wanted && well ? 0 : -1;
        }
        if (main.phase() != Runscript.Phase.STARTED || !wanted) return -1;
        if (kind == READY && now.readiness() != FullStatus.Readiness.UNTOLD) {
            return now.readiness() == FullStatus.Readiness.READY ? 0 : -1;
        }
        return Math.max(0, (kind == UP ? Goal.SETTLED_NANOS : upNanos) - Math.abs(wall - since));
    }
}
