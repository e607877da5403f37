// SPDX-License-Identifier: Apache-2.0
package perpetua.perp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import perpetua.fake.FakeFile;
import perpetua.fake.FakeProcess;
import perpetua.fake.FakeSocket;
import perpetua.fake.Gone;
import perpetua.supervise.Command;
import perpetua.supervise.Runscript;
import perpetua.supervise.Runscript.Phase;
import perpetua.sys.Bytes;
import perpetua.sys.Errno;
import perpetua.sys.Signal;
import perpetua.sys.SysException;

/**
 * perpd under a random schedule: exits, signals, commands, clients that behave badly, directories that come, go and
 * change, refused processes, no descriptors, steps of the wall clock. After every event, what must always hold is
 * looked at; now and then everything calms down, and then each service must be as it is wanted.
 *
 * <p>{@code -Dperpetua.seed=N} plays a schedule again; {@code -Dperpetua.events=N} says how many events there are.
 */
class SimulationTest {
    private static final int SERVICES = 24;
    private static final int EVENTS_OF_A_LIFE = 20_000;
    private static final int EVENTS_BETWEEN_CALMS = 2_000;
    /** From how many children on they are known by descriptors. */
    private static final int[] FEW = {0, 5, 32, 1000};
    private static final Signal[] SIGNALS = {Signal.TERM, Signal.KILL, Signal.HUP, Signal.SEGV, Signal.STOP, Signal.CONT};
    private static final Errno[] TRANSIENT = {Errno.EAGAIN, Errno.ENOMEM, Errno.EMFILE, Errno.ENFILE};

    @Test
    void whatMustAlwaysHoldDoes() {
        long seed = Long.getLong("perpetua.seed", System.nanoTime());
        long events = Long.getLong("perpetua.events", 2_000_000L);
        System.out.println("simulation: seed " + seed + ", " + events + " events");
        Random random = new Random(seed);
        long spawned = 0;
        long lives = 0;
        long done = 0;
        Life life = null;
        try {
            while (done < events) {
                life = new Life(random);
                long until = Math.min(events, done + EVENTS_OF_A_LIFE);
                for (; done < until; done++) {
                    life.event();
                    life.check();
                    if (done % EVENTS_BETWEEN_CALMS == EVENTS_BETWEEN_CALMS - 1) life.calm();
                }
                life.end();
                spawned += life.spawned;
                lives += life.lives;
            }
        } catch (RuntimeException | Error e) {
            throw new AssertionError("seed " + seed + ", event " + done + ": " + e + "; the last events:\n"
                    + (life == null ? "" : String.join("\n", life.lastEvents())), e);
        }
        System.out.println("simulation: " + spawned + " processes of " + lives + " perpds");
    }

    /** @param what a sentence that is made only if it is needed, or the test would do little else */
    private static void require(boolean holds, Supplier<String> what) {
        if (!holds) throw new AssertionError(what.get());
    }

    /** One perpd from its start to its end. */
    private static final class Life {
        private final Random random;
        private final Scene scene = new Scene();
        private final String[] names = new String[SERVICES];
        private final List<FakeSocket> clients = new ArrayList<>();
        private final Map<String, FakeProcess> lastOf = new HashMap<>();
        private final Map<String, Started> lastStartOf = new HashMap<>();
        private final String[] recent = new String[60];
        private final int closedDescriptors;
        private int events;
        int lives = 1;
        private double faulty;
        private boolean perpdWorks;
        private String said = "";
        /** It is to be killed, but not yet. */
        private boolean doomed;
        private long actsToLive = -1;
        private boolean calm;
        long spawned;

        private record Started(ServiceDirectory directory, long at) {
        }

        Life(Random random) {
            this.random = random;
            for (int i = 0; i < SERVICES; i++) names[i] = "s" + i;
            scene.fewChildren(FEW[random.nextInt(FEW.length)]).begin(random.nextInt(3) == 0 ? 7 : 0);
            closedDescriptors = scene.kernel.openDescriptors();
            scene.kernel.whenSpawned(this::born);
            scene.kernel.fault((act, subject) -> {
                if (!perpdWorks || faulty == 0 || random.nextDouble() >= faulty) return null;
                return switch (act) {
                    case SPAWN, PIPE, OPEN, ACCEPT, LISTEN -> TRANSIENT[random.nextInt(TRANSIENT.length)];
                    case LIST -> random.nextBoolean() ? Errno.EMFILE : Errno.EIO;
                    case POLL -> Errno.ENOMEM;
                    case OPEN_PROCESS -> random.nextBoolean() ? Errno.EMFILE : Errno.ENOMEM;
                    // A descriptor that is taken out is, whatever else.
                    case EPOLL -> subject.equals("add") || subject.equals("ready") ? Errno.ENOMEM : null;
                    case READ -> Errno.ECONNRESET;
                    case WRITE -> random.nextBoolean() ? Errno.EAGAIN : Errno.EPIPE;
                    case STAT -> random.nextInt(20) == 0 ? Errno.EIO : null;
                    default -> null;
                };
            });
        }

        // ---- what happens ---------------------------------------------------------------------------------

        void event() {
            switch (random.nextInt(25)) {
                case 0, 1, 2, 3, 4 -> endOne();
                case 5, 6 -> signalOne();
                case 7, 8, 9, 10, 11 -> request();
                case 12 -> changeClient();
                case 13, 14 -> changeDirectory();
                case 15 -> changeFiles();
                case 16, 17 -> {
                    note("SIGHUP");
                    scene.kernel.arrive(Signal.HUP);
                }
                case 18 -> {
                    note("faults");
                    faulty = !doomed && random.nextInt(3) == 0 ? random.nextDouble() * 0.5 : 0;
                }
                case 19 -> {
                    note("wall clock");
                    scene.kernel.stepRealtime((random.nextInt(7200) - 5400) * Scene.SECOND);
                }
                case 20 -> {
                    // So that pids come back.
                    note("pids again");
                    scene.kernel.nextPid(300);
                }
                case 21 -> {
                    if (random.nextInt(4) == 0) kill();
                }
                default -> note("time");
            }
            pass(switch (random.nextInt(4)) {
                case 0 -> 0;
                case 1 -> random.nextDouble() * 0.01;
                case 2 -> random.nextDouble() * 0.3;
                default -> random.nextInt(10) == 0 ? random.nextDouble() * 10 : random.nextDouble();
            });
        }

        private void note(String event) {
            recent[events++ % recent.length] = event;
        }

        List<String> lastEvents() {
            List<String> last = new ArrayList<>();
            String told = said + scene.kernel.errors();
            last.add("perpd said: " + told.substring(Math.max(0, told.length() - 9000)));
            for (int i = Math.max(0, events - recent.length); i < events; i++) last.add(recent[i % recent.length]);
            return last;
        }

        /**
         * perpd is killed before one of its next acts, or executes itself again. No faults meanwhile: what perpd could not write it
         * can't be asked to know.
         */
        private void kill() {
            if (!scene.supervisor.isAllSaved() || scene.hasEnded()) return;
            faulty = 0;
            clients.clear();
            lastStartOf.clear();
            if (random.nextInt(3) == 0) {
                note("SIGUSR2");
                scene.kernel.arrive(Signal.USR2);
            } else {
                int acts = random.nextInt(200);
                note("SIGKILL after " + acts + " acts");
                actsToLive = acts;
                doomed = true;
            }
        }

        private void pass(double seconds) {
            perpdWorks = true;
            // Only its own acts are counted, not those of this test.
            scene.kernel.killAfter(actsToLive);
            try {
                scene.pass(seconds);
            } catch (Gone gone) {
                takeOver();
            }
            actsToLive = scene.kernel.actsLeft();
            doomed = actsToLive >= 0;
            scene.kernel.killAfter(-1);
            perpdWorks = false;
            require(!scene.kernel.errors().contains("failure kill()"), () -> "a signal went to nobody");
            require(!scene.kernel.errors().contains("defect"), () -> "a defect was told");
            said = scene.kernel.errors();
            scene.kernel.forgetOutput();
        }

        /** Another perpd takes the place of the one that is gone, and may be killed as early as that one. */
        private void takeOver() {
            for (boolean done = false; !done; ) {
                lives++;
                doomed = false;
                // Some die while nobody is there.
                while (random.nextInt(3) == 0 && !scene.kernel.running().isEmpty()) endOne();
                try {
                    if (scene.kernel.killedBy() == 0) scene.succeeded();
                    else {
                        doomed = random.nextInt(3) == 0;
                        scene.reborn(doomed ? random.nextInt(300) : -1);
                    }
                    done = true;
                } catch (Gone again) {
                    note("and again");
                }
            }
        }

        private FakeProcess anyProcess() {
            List<FakeProcess> running = scene.kernel.running();
            return running.isEmpty() ? null : running.get(random.nextInt(running.size()));
        }

        private void endOne() {
            FakeProcess process = anyProcess();
            if (process == null) return;
            note("exit of " + process);
            process.exit(random.nextInt(256));
        }

        private void signalOne() {
            FakeProcess process = anyProcess();
            if (process == null) return;
            Signal signal = SIGNALS[random.nextInt(SIGNALS.length)];
            note(signal + " to " + process);
            try {
                scene.kernel.kill(process.pid(), signal.number());
            } catch (SysException e) {
                throw new AssertionError(e);
            }
        }

        private FileKey anyKey() {
            FakeFile directory = scene.kernel.find(path(random.nextInt(SERVICES)));
            if (directory == null || random.nextInt(50) == 0) return new FileKey(random.nextInt(5), random.nextInt(50));
            return scene.key(name(directory));
        }

        private static String name(FakeFile directory) {
            return directory.path().substring(Scene.BASE.length() + 1);
        }

        private void request() {
            if (clients.isEmpty() || random.nextInt(10) == 0) connect();
            if (clients.isEmpty()) return;
            FakeSocket client = clients.get(random.nextInt(clients.size()));
            if (random.nextInt(3) > 0) client.receive();
            Packet packet = Packet.query(anyKey());
            if (random.nextInt(4) > 0) {
                Command[] all = Command.values();
                Command command = all[random.nextInt(all.length)];
                packet = Packet.command(random.nextBoolean() ? Packet.COMMAND : Packet.FULL_COMMAND, anyKey(), command.letter(),
                        random.nextInt(4));
                note(command + " to " + packet.key() + " " + packet.payload()[17]);
            } else if (random.nextInt(4) == 0) {
                packet = Packet.watch(random.nextBoolean() ? scene.supervisor.changes() : random.nextInt(100));
                note("watch");
            } else {
                if (random.nextBoolean()) packet = Packet.query(Packet.FULL_QUERY, packet.key());
                note("query of " + packet.key());
            }
            String bytes = Bytes.text(packet.bytes());
            if (random.nextInt(20) == 0) bytes = bytes.substring(0, random.nextInt(bytes.length()));
            if (random.nextInt(40) == 0) bytes += "x".repeat(random.nextInt(300));
            client.send(bytes);
        }

        private void connect() {
            if (clients.size() > 20) clients.remove(0).close();
            clients.add(scene.client());
            note("client");
        }

        private void changeClient() {
            if (random.nextBoolean() || clients.isEmpty()) {
                connect();
            } else {
                note("client leaves");
                clients.remove(random.nextInt(clients.size())).close();
            }
        }

        private String path(int index) {
            return Scene.BASE + "/" + names[index];
        }

        private void changeDirectory() {
            int index = random.nextInt(SERVICES);
            String path = path(index);
            FakeFile directory = scene.kernel.find(path);
            if (directory == null) {
                note("new " + path);
                scene.service(names[index], random.nextBoolean());
                if (random.nextInt(4) == 0) scene.kernel.file(path + "/flag.down", "");
                if (random.nextInt(4) == 0) scene.kernel.file(path + "/flag.once", "");
                if (random.nextInt(4) == 0) scene.kernel.file(path + "/stop", "TERM 1 INT 1 KILL\n");
                if (random.nextInt(3) == 0) scene.kernel.file(path + "/ready", random.nextBoolean() ? "fd 5\n" : "notify\n");
                return;
            }
            switch (random.nextInt(6)) {
                case 0 -> {
                    note("removed " + path);
                    scene.kernel.remove(path);
                }
                case 1 -> {
                    String renamed = (random.nextBoolean() ? "r" : "s") + index;
                    note("renamed " + path + " " + renamed);
                    scene.kernel.remove(Scene.BASE + "/" + renamed);
                    if (renamed.equals(names[index])) return;
                    try {
                        scene.kernel.rename(path, Scene.BASE + "/" + renamed);
                    } catch (SysException e) {
                        throw new AssertionError(e);
                    }
                    names[index] = renamed;
                }
                case 2 -> {
                    note("replaced " + path);
                    scene.kernel.remove(path);
                    scene.service(names[index], random.nextBoolean());
                }
                case 3 -> {
                    note("link to " + path);
                    scene.kernel.remove(Scene.BASE + "/l" + index);
                    scene.kernel.symlink(Scene.BASE + "/l" + index, path);
                }
                default -> {
                    note("sticky bit of " + path);
                    directory.mode(directory.mode() ^ 01000);
                }
            }
        }

        private void changeFiles() {
            int index = random.nextInt(SERVICES);
            if (scene.kernel.find(path(index)) == null) return;
            String file = path(index) + (random.nextBoolean() ? "/rc.main" : "/rc.log");
            FakeFile script = scene.kernel.find(file);
            note("changed " + file);
            if (script == null) scene.kernel.program(file);
            else if (random.nextInt(3) == 0) scene.kernel.remove(file);
            else script.mode(script.mode() ^ 0111);
        }

        /** A process was started: what it will do, and whether it may be. */
        private void born(FakeProcess process) {
            spawned++;
            boolean start = process.argv().get(1).equals("start");
            String which = process.directory().inode() + process.argv().get(0);
            FakeProcess former = lastOf.put(which, process);
            require(former == null || !former.isRunning(), () -> "twice: " + former + " and " + process);
            if (start) {
                ServiceDirectory directory = directoryOf(process);
                long now = scene.kernel.monotonicNanos();
                Started last = lastStartOf.put(which, new Started(directory, now));
                require(last == null || last.directory() != directory || now - last.at() >= Scene.SECOND,
                        () -> "too soon: " + process);
            }
            if (calm) {
                if (!start) process.exit(0);
                return;
            }
            if (random.nextInt(6) == 0) process.ignore(Signal.TERM);
            if (start && random.nextBoolean()) scene.kernel.after(random.nextInt(1_000_000_000), () -> sayReady(process));
            switch (random.nextInt(start ? 8 : 4)) {
                case 0 -> process.exit(random.nextInt(256));
                case 1 -> scene.kernel.after(random.nextInt(50_000_000), () -> process.exit(0));
                case 2 -> scene.kernel.after(random.nextInt(2_000_000_000), () -> process.exit(0));
                default -> { }
            }
        }

        private void sayReady(FakeProcess process) {
            String mailbox = process.variable("NOTIFY_SOCKET");
            if (mailbox != null) scene.kernel.send(mailbox, "STATUS=here\nREADY=1\n", random.nextInt(4) == 0 ? 1000 : 0);
            else if (process.isRunning() && process.has(5)) process.write(5, "\n");
        }

        private ServiceDirectory directoryOf(FakeProcess process) {
            for (ServiceDirectory each : scene.supervisor.directories()) {
                if (each.key.inode() == process.directory().inode()) return each;
            }
            throw new AssertionError("nobody's process: " + process);
        }

        // ---- what must hold -------------------------------------------------------------------------------

        void check() {
            int descriptors = closedDescriptors + scene.supervisor.clients() + scene.supervisor.watchedProcesses();
            int processes = 0;
            for (ServiceDirectory each : scene.supervisor.directories()) {
                descriptors += 1 + (each.pipe == null || each.pipe.isClosed() ? 0 : 2);
                processes += check(each, each.service.main());
                if (each.service.log() != null) processes += check(each, each.service.log());
                if (each.readySignal != null && !each.readySignal.isClosed()) descriptors++;
                Runscript main = each.service.main();
                require(main.readyAt() < 0 || main.phase() == Phase.STARTED && each.readyFile != null,
                        () -> "ready, and " + main.phase() + ": " + each.name());
                require(each.pipe == null == (each.service.log() == null) || each.service.isPipeClosed(),
                        () -> "a pipe without a logger: " + each.name());
            }
            require(descriptors == scene.kernel.openDescriptors(),
                    () -> "descriptors leak, or are missing: " + scene.kernel.descriptorNames());
            require(processes == scene.kernel.running().size(), () -> "children that nobody has: " + scene.kernel.running());
            require(scene.kernel.unreaped() == 0, () -> "children that were not collected");
            require(scene.supervisor.children() == processes, () -> "children that are awaited and are none");
        }

        /** @return how many processes it has */
        private int check(ServiceDirectory directory, Runscript which) {
            require(which.isRunning() == which.hasProcess(), () -> "no process, and " + which.phase());
            require(which.phase() != Phase.WAITING || which.deadline() > scene.kernel.monotonicNanos() - 2
                    || directory.timer.isSet(), () -> "waits for ever: " + directory.name());
            require(which.phase() != Phase.WAITING || directory.timer.isSet(), () -> "waits without a timer");
            require(which.phase() != Phase.DOWN || which.isWantedDown(), () -> "down, but wanted: " + directory.name());
            if (!which.hasProcess()) return 0;
            FakeProcess process = scene.kernel.process(which.pid());
            require(process != null && process.isRunning(), () -> "has no process " + which.pid());
            require(process.argv().get(0).equals(which.file()), () -> "another script: " + process);
            require(process.argv().get(1).equals(which.phase() == Phase.STARTED ? "start" : "reset"),
                    () -> "another target: " + process);
            require(process.directory().inode() == directory.key.inode(), () -> "another directory: " + process);
            require(!which.isPaused() || which.phase() == Phase.STARTED, () -> "paused, and " + which.phase());
            return 1;
        }

        /** No more faults: then everything is as it is wanted, before long. */
        void calm() {
            note("calm");
            faulty = 0;
            calm = true;
            for (String name : scene.kernel.find(Scene.BASE).names()) {
                FakeFile directory = scene.kernel.find(Scene.BASE + "/" + name);
                if (directory == null) continue;
                scene.kernel.program(directory.path() + "/rc.main").mode(0755);
                FakeFile log = scene.kernel.find(directory.path() + "/rc.log");
                if (log != null) log.mode(0755);
                // A service that began with a logger has it, whatever became of the file.
                for (ServiceDirectory each : scene.supervisor.directories()) {
                    if (each.key.inode() == directory.inode() && each.service.log() != null) {
                        scene.kernel.program(directory.path() + "/rc.log").mode(0755);
                    }
                }
            }
            scene.kernel.arrive(Signal.HUP);
            for (int round = 0; round < 6; round++) {
                pass(2);
                for (FakeProcess process : List.copyOf(scene.kernel.running())) {
                    ServiceDirectory directory = directoryOf(process);
                    Runscript which = process.argv().get(0).equals("./rc.log") ? directory.service.log()
                            : directory.service.main();
                    // The stubborn are killed, as whoever runs the machine would do.
                    if (which.isWantedDown() || which.phase() == Phase.RESETTING) {
                        scene.kernel.endBySignal(process.pid(), Signal.KILL);
                    }
                }
            }
            pass(70);
            check();
            Set<FileKey> wanted = new HashSet<>();
            for (String name : scene.kernel.find(Scene.BASE).names()) {
                FakeFile directory = scene.kernel.find(Scene.BASE + "/" + name);
                if (directory != null && (directory.mode() & 01000) != 0) wanted.add(scene.key(name));
            }
            Set<FileKey> there = new HashSet<>();
            for (ServiceDirectory each : scene.supervisor.directories()) {
                there.add(each.key);
                require(!each.service.isDeactivating(), () -> "never ends: " + each.name());
                settled(each, each.service.main());
                if (each.service.log() != null) settled(each, each.service.log());
            }
            require(wanted.equals(there), () -> "services should be " + wanted + " but are " + there);
            calm = false;
        }

        private void settled(ServiceDirectory directory, Runscript which) {
            boolean removed = scene.kernel.find(Scene.BASE + "/" + directory.name()) == null;
            require(removed || which.phase() == (which.isWantedDown() ? Phase.DOWN : Phase.STARTED),
                    () -> directory.name() + " " + which.file() + " is " + which.phase() + ", due in "
                            + (which.deadline() - scene.kernel.monotonicNanos()));
        }

        /** It is told to end, and does when all processes have. */
        void end() {
            note("SIGTERM");
            actsToLive = -1;
            doomed = false;
            faulty = random.nextBoolean() ? 0.1 : 0;
            scene.kernel.arrive(random.nextBoolean() ? Signal.TERM : Signal.INT);
            pass(0);
            for (int round = 0; round < 1000 && !scene.hasEnded(); round++) {
                check();
                FakeProcess process = anyProcess();
                if (process != null) scene.kernel.endBySignal(process.pid(), Signal.KILL);
                pass(random.nextDouble());
            }
            require(scene.hasEnded(), () -> "does not end: " + scene.kernel.running());
            require(scene.kernel.running().isEmpty(), () -> "leaves children behind");
            require(scene.kernel.openDescriptors() == closedDescriptors + scene.supervisor.clients(),
                    () -> "descriptors: " + scene.kernel.descriptorNames());
        }
    }
}
