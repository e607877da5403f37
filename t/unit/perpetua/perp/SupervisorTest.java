// SPDX-License-Identifier: Apache-2.0
package perpetua.perp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import perpetua.fake.Act;
import perpetua.fake.FakeProcess;
import perpetua.fake.FakeSocket;
import perpetua.supervise.Runscript;
import perpetua.sys.Bytes;
import perpetua.sys.Errno;
import perpetua.sys.Signal;
import perpetua.sys.SysException;

/** perpd over a kernel in memory: which services there are, what their processes get, and how it ends. */
class SupervisorTest {
    private static final String ONE = "./rc.main start one";
    private static final String ONE_RESET = "./rc.main reset one exit 0";

    private final Scene scene = new Scene();

    @Nested
    @DisplayName("a scan")
    class Scan {
        @Test
        void activatesWhatIsSticky() {
            scene.service("one", false);
            scene.service("off", false).mode(0755);
            scene.service(".hidden", false);
            scene.kernel.file("/base/file", "");
            scene.begin();
            assertEquals(List.of(ONE), scene.running());
            assertEquals("starting on /base ...\nsupervising 0 active services\n"
                    + "monitoring 0 client connections\nactivated new service: one\n"
                    + "supervising 1 active service\n", scene.said());
        }

        @Test
        void isTriggeredBySighup() {
            scene.begin();
            scene.service("one", false);
            scene.pass(100);
            assertEquals(List.of(), scene.running());
            scene.scan();
            assertEquals(List.of(ONE), scene.running());
        }

        @Test
        void isTriggeredByTheTimer() {
            scene.begin(5);
            scene.service("one", false);
            scene.pass(4.9);
            assertEquals(List.of(), scene.running());
            scene.pass(0.2);
            assertEquals(List.of(ONE), scene.running());
        }

        @Test
        void countsFromTheLastScan() {
            scene.begin(5).pass(3);
            scene.scan();
            scene.service("one", false);
            scene.pass(4.9);
            assertEquals(List.of(), scene.running());
            scene.pass(0.2);
            assertEquals(List.of(ONE), scene.running());
        }

        @Test
        void keepsWhatIsKnown() {
            scene.service("one", false);
            scene.begin();
            int pid = scene.process(ONE).pid();
            scene.scan().scan();
            assertEquals(pid, scene.process(ONE).pid());
        }

        @Test
        void takesARenamedDirectoryForTheSameService() throws SysException {
            scene.service("one", false);
            scene.begin();
            int pid = scene.process(ONE).pid();
            scene.kernel.rename("/base/one", "/base/two");
            scene.scan();
            assertEquals(pid, scene.process(ONE).pid());
            scene.pass(2);
            scene.exit(ONE, 0);
            assertEquals(List.of("./rc.main reset two exit 0"), scene.running());
        }

        @Test
        void takesTwoNamesOfOneDirectoryForOneService() {
            scene.kernel.program("/elsewhere/rc.main");
            scene.kernel.directory("/elsewhere").mode(01755);
            scene.kernel.symlink("/base/a", "/elsewhere");
            scene.kernel.symlink("/base/b", "/elsewhere");
            scene.begin();
            assertEquals(1, scene.running().size());
        }

        @Test
        void takesAReplacedDirectoryForAnother() throws SysException {
            scene.service("one", false);
            scene.begin();
            FileKey old = scene.key("one");
            scene.kernel.rename("/base/one", "/elsewhere");
            scene.service("one", false);
            FakeProcess first = scene.process(ONE);
            first.ignore(Signal.TERM);
            scene.scan();
            assertEquals(2, scene.kernel.running().size());
            assertTrue(first.signals().contains(Signal.TERM.number()));
            assertNotEquals(old, scene.key("one"));
            assertEquals("[+ !.. ---]", scene.signs("one"));
        }

        @Test
        void callsResetInADirectoryWhoseNameIsGone() {
            scene.service("one", false);
            scene.begin();
            scene.kernel.remove("/base/one");
            scene.scan();
            assertEquals(List.of("./rc.main reset one signal 15 SIGTERM"), scene.running());
        }

        @Test
        void warnsOfWhatItCannotLookAt() {
            scene.service("one", false);
            scene.kernel.symlink("/base/dangling", "/nowhere");
            scene.begin();
            assertEquals(List.of(ONE), scene.running());
            assertTrue(scene.said().contains("warning: failure stat() on dangling: file does not exist (ENOENT)\n"));
        }

        @Test
        void leavesServicesAloneWhenTheBaseDirectoryCannotBeRead() {
            scene.service("one", false);
            scene.begin();
            scene.kernel.failNext(Act.LIST, Errno.EIO);
            scene.scan();
            assertEquals(List.of(ONE), scene.running());
            assertTrue(scene.said().contains("failure opendir() for service scan: input/output error (EIO)"));
            scene.service("two", false);
            scene.pass(1);
            assertEquals(2, scene.running().size());
        }

        @Test
        void saysOnceThatTheBaseDirectoryIsGone() {
            scene.service("one", false);
            scene.begin();
            scene.kernel.fault((act, subject) -> act == Act.LIST ? Errno.ENOENT : null);
            scene.scan().pass(60);
            String said = scene.said();
            assertTrue(said.contains("failure opendir()"), said);
            assertEquals(said.indexOf("failure opendir()"), said.lastIndexOf("failure opendir()"), said);
            assertEquals(List.of(ONE), scene.running());
            // Not so to somebody who asks.
            scene.scan();
            assertTrue(scene.said().contains("failure opendir()"));
        }

        @Test
        void triesAFailedActivationAgainAndServesOthersMeanwhile() {
            scene.service("one", true);
            scene.service("two", false);
            scene.kernel.failNext(Act.PIPE, Errno.EMFILE);
            scene.begin();
            assertEquals(List.of("./rc.main start two"), scene.running());
            assertTrue(scene.said().contains("warning: failure pipe() on logpipe for one"));
            assertNull(scene.status("one"));
            assertEquals(0, scene.command("two", 'a'));
            scene.pass(1);
            assertEquals(2, scene.kernel.running().stream().filter(each -> each.argv().get(2).equals("one")).count());
        }

        @Test
        void refusesANameOfMoreThan240Bytes() {
            scene.service("x".repeat(241), false);
            scene.service("y".repeat(240), false);
            scene.begin();
            assertEquals(List.of("./rc.main start " + "y".repeat(31)), scene.running());
            assertTrue(scene.said().contains("unable to activate new service xxx"));
        }

        @Test
        void ofARunningServiceReadsNoFlags() {
            scene.service("one", false);
            scene.begin();
            scene.kernel.file("/base/one/flag.down", "");
            scene.scan();
            assertEquals("[+ !.. ---]", scene.signs("one"));
            assertEquals(List.of(ONE), scene.running());
        }

        @Test
        void reportsALoggerThatIsNotExecutable() {
            scene.service("one", false);
            scene.kernel.file("/base/one/rc.log", "#!/bin/sh\n");
            scene.begin();
            assertEquals(List.of(ONE), scene.running());
            assertTrue(scene.said().contains("warning: rc.log exists but is not set executable for one\n"));
            assertFalse(scene.status("one").hasLog());
        }
    }

    @Nested
    @DisplayName("a runscript")
    class Script {
        @Test
        void isStartedWithItsArgumentsAndEnvironment() {
            scene.service("one", false);
            scene.begin();
            FakeProcess process = scene.process(ONE);
            assertEquals(List.of("./rc.main", "start", "one"), process.argv());
            assertEquals(List.of("PATH=/bin", "PERP_BASE=/base", "PERP_SVPID=" + process.pid()), process.environment());
            assertEquals(process.pid(), process.session());
            assertEquals(process.pid(), process.group());
            assertEquals("/base/one", process.directory().path());
            assertEquals("/dev/null", process.name(0));
            assertEquals("standard output", process.name(1));
            assertEquals("standard error", process.name(2));
            assertFalse(process.has(3) || process.has(4) || process.has(5));
        }

        @Test
        void isResetWithHowItExited() {
            scene.service("one", false);
            scene.begin().pass(3);
            int pid = scene.process(ONE).pid();
            scene.exit(ONE, 3);
            FakeProcess reset = scene.process("./rc.main reset one exit 3");
            assertEquals(List.of("PATH=/bin", "PERP_BASE=/base", "PERP_SVPID=" + pid, "PERP_SVSECS=3"),
                    reset.environment());
        }

        @Test
        void isResetWithWhatKilledIt() {
            scene.service("one", false);
            scene.begin().pass(2);
            scene.kernel.endBySignal(scene.process(ONE).pid(), Signal.SEGV);
            scene.pass(0);
            assertEquals(List.of("./rc.main reset one signal 11 SIGSEGV"), scene.running());
        }

        @Test
        void isToldTheFirst31BytesOfItsName() {
            String name = "a-name-that-is-longer-than-thirty-one-bytes";
            scene.service(name, false);
            scene.begin();
            assertEquals(List.of("./rc.main start " + name.substring(0, 31)), scene.running());
        }

        @Test
        void ofALoggerReadsThePipeThatMainWrites() {
            scene.service("one", true);
            scene.begin();
            FakeProcess main = scene.process(ONE);
            FakeProcess log = scene.process("./rc.log start one");
            assertTrue(log.pid() < main.pid(), "the logger is started first");
            main.write(1, "a line\n");
            assertEquals("a line\n", log.read(0));
            assertEquals("standard output", log.name(1));
            assertEquals("/dev/null", main.name(0));
        }

        @Test
        void ofALoggersResetReadsNothing() {
            scene.service("one", true);
            scene.begin().pass(2);
            scene.exit("./rc.log start one", 0);
            assertEquals("/dev/null", scene.process("./rc.log reset one exit 0").name(0));
            scene.exit(ONE, 0);
            assertEquals("pipe", scene.process(ONE_RESET).name(1));
        }

        @Test
        void thatCannotBeExecutedIsTriedOnceASecondAndSaid() {
            scene.service("one", false);
            scene.kernel.file("/base/one/rc.main", "no program").mode(0644);
            scene.begin();
            assertEquals(List.of(), scene.running());
            assertTrue(scene.said().contains(
                    "error: fatal: (in child for service one):  failure execve(): access denied (EACCES)\n"));
            long before = scene.kernel.count(Act.SPAWN);
            scene.pass(10.5);
            assertEquals(20, scene.kernel.count(Act.SPAWN) - before);
            assertEquals("[+ !.. ---]", scene.signs("one"));
            scene.kernel.program("/base/one/rc.main");
            scene.pass(1);
            assertEquals(List.of(ONE), scene.running());
        }

        @Test
        void thatWasRefusedAProcessIsTriedAgain() {
            scene.service("one", false);
            scene.kernel.failNext(Act.SPAWN, Errno.EAGAIN);
            scene.kernel.failNext(Act.SPAWN, Errno.ENOMEM);
            scene.begin();
            assertEquals(List.of(), scene.running());
            assertTrue(scene.said().contains("warning: failure fork() for service one: temporary i/o failure (EAGAIN)"));
            assertNotEquals(0, scene.status("one").main().flags() & Status.Process.REFUSED);
            scene.pass(0.6);
            assertEquals(List.of(), scene.running());
            scene.pass(0.6);
            assertEquals(List.of(ONE), scene.running());
            assertEquals(0, scene.status("one").main().flags() & Status.Process.REFUSED);
        }

        @Test
        void startsAtLeastASecondApart() {
            scene.service("one", false);
            List<Long> starts = new ArrayList<>();
            scene.kernel.whenSpawned(child -> {
                if (child.argv().get(1).equals("start")) starts.add(child.startedNanos());
                child.exit(1);
            });
            scene.begin().pass(10);
            assertEquals(11, starts.size());
            for (int i = 1; i < starts.size(); i++) assertEquals(Scene.SECOND, starts.get(i) - starts.get(i - 1), 2);
            assertTrue(scene.said().contains("setting respawn governor on 'start' target of service one for ./rc.main\n"));
        }

        @Test
        void startsAtOnceIfItRanForASecond() {
            scene.service("one", false);
            scene.begin().pass(1);
            scene.exit(ONE, 0).exit(ONE_RESET, 0);
            assertEquals(List.of(ONE), scene.running());
        }

        @Test
        void doesNotMindAStepOfTheWallClock() {
            scene.service("one", false);
            scene.begin().pass(0.5);
            scene.exit(ONE, 0).exit(ONE_RESET, 0);
            scene.kernel.stepRealtime(-3600 * Scene.SECOND);
            scene.pass(0.6);
            assertEquals(List.of(ONE), scene.running());
            assertEquals(0, scene.status("one").main().seconds(scene.kernel.realtimeNanos()));
        }
    }

    @Nested
    @DisplayName("the log pipe")
    class Pipe {
        @Test
        void outlivesTheLogger() {
            scene.service("one", true);
            scene.begin().pass(2);
            FakeProcess main = scene.process(ONE);
            main.write(1, "before\n");
            scene.kernel.endBySignal(scene.process("./rc.log start one").pid(), Signal.KILL);
            scene.pass(0);
            main.write(1, "between\n");
            scene.exit("./rc.log reset one signal 9 SIGKILL", 0);
            main.write(1, "after\n");
            assertEquals("before\nbetween\nafter\n", scene.process("./rc.log start one").read(0));
        }

        @Test
        void survivesDownAndUpOfBothWithALoggerThatDrains() {
            scene.service("one", true);
            scene.begin().pass(2);
            FakeProcess log = scene.process("./rc.log start one").ignore(Signal.TERM);
            scene.command("one", 'D');
            scene.exit("./rc.main reset one signal 15 SIGTERM", 0);
            assertFalse(log.isAtEnd(0));
            scene.command("one", 'U');
            scene.process(ONE).write(1, "again\n");
            assertEquals("again\n", log.read(0));
        }

        @Test
        void isClosedWhenMainIsResetForTheLastTime() {
            scene.service("one", true).mode(01755);
            scene.begin();
            FakeProcess log = scene.process("./rc.log start one").ignore(Signal.TERM);
            scene.kernel.directory("/base/one").mode(0755);
            scene.scan();
            assertFalse(log.isAtEnd(0));
            scene.exit("./rc.main reset one signal 15 SIGTERM", 0);
            assertTrue(log.isAtEnd(0));
            assertTrue(log.signals().contains(Signal.TERM.number()));
            log.exit(0);
            scene.pass(0).exit("./rc.log reset one exit 0", 0);
            assertEquals(0, scene.descriptors());
        }

        @Test
        void isClosedOfALoggerThatWasDown() {
            scene.service("one", true);
            scene.begin().pass(2);
            scene.command("one", 'D');
            scene.exit("./rc.main reset one signal 15 SIGTERM", 0);
            scene.exit("./rc.log reset one signal 15 SIGTERM", 0);
            assertEquals(3, scene.descriptors());
            scene.kernel.directory("/base/one").mode(0755);
            scene.scan();
            assertEquals(0, scene.descriptors());
        }
    }

    @Nested
    @DisplayName("deactivation")
    class Deactivation {
        @Test
        void terminatesResetsAndForgets() {
            scene.service("one", false);
            scene.begin();
            scene.kernel.directory("/base/one").mode(0755);
            scene.scan();
            assertEquals("[! !+r ---]", scene.signs("one"));
            assertEquals(Errno.EBUSY.number(), scene.command("one", 'u'));
            scene.said();
            scene.exit("./rc.main reset one signal 15 SIGTERM", 0);
            assertEquals("deactivating service one\nsupervising 0 active services\n", scene.said());
            assertNull(scene.status("one"));
            assertEquals(Errno.ENOENT.number(), scene.command("one", 'u'));
        }

        @Test
        void waitsForAStubbornProcess() {
            scene.service("one", false);
            scene.begin();
            scene.process(ONE).ignore(Signal.TERM);
            scene.kernel.directory("/base/one").mode(0755);
            scene.scan().pass(1000);
            assertEquals("[! !++ ---]", scene.signs("one"));
        }

        @Test
        void isFollowedByReactivationIfTheStickyBitIsBack() {
            scene.service("one", false);
            scene.begin();
            FileKey key = scene.key("one");
            scene.kernel.directory("/base/one").mode(0755);
            scene.scan();
            scene.kernel.directory("/base/one").mode(01755);
            scene.scan();
            assertEquals("[R !+r ---]", scene.signs("one"));
            scene.exit("./rc.main reset one signal 15 SIGTERM", 0);
            assertEquals(List.of(ONE), scene.running());
            assertEquals(key, scene.key("one"));
        }

        @Test
        void losesTheMarkWithTheStickyBit() {
            scene.service("one", false);
            scene.begin();
            scene.kernel.directory("/base/one").mode(0755);
            scene.scan();
            scene.kernel.directory("/base/one").mode(01755);
            scene.scan();
            scene.kernel.directory("/base/one").mode(0755);
            scene.scan();
            assertEquals("[! !+r ---]", scene.signs("one"));
            scene.exit("./rc.main reset one signal 15 SIGTERM", 0);
            assertEquals(List.of(), scene.running());
        }
    }

    @Nested
    @DisplayName("a command")
    class Commands {
        @Test
        void toAnUnknownServiceIsRefused() {
            scene.begin();
            assertEquals(Errno.ENOENT.number(), scene.command(new FileKey(1, 2), 'u', 0));
        }

        @Test
        void thatIsNoneIsAProtocolError() {
            scene.service("one", false);
            scene.begin();
            assertEquals(Errno.EPROTO.number(), scene.command("one", 'z'));
        }

        @Test
        void takesDownAndUp() {
            scene.service("one", false);
            scene.begin().pass(2);
            assertEquals(0, scene.command("one", 'd'));
            scene.exit("./rc.main reset one signal 15 SIGTERM", 0);
            assertEquals("[+ ... ---]", scene.signs("one"));
            assertEquals(0, scene.command("one", 'u'));
            assertEquals(List.of(ONE), scene.running());
        }

        @Test
        void isNotSentToAPidThatHasNoProcess() {
            scene.service("one", true);
            scene.kernel.file("/base/one/flag.down", "");
            scene.begin().pass(2);
            FakeProcess log = scene.process("./rc.log start one");
            scene.kernel.fault((act, subject) -> act == Act.SPAWN ? Errno.EAGAIN : null);
            log.exit(0);
            scene.pass(0);
            long kills = scene.kernel.count(Act.KILL);
            scene.kernel.directory("/base/one").mode(0755);
            scene.scan().pass(5);
            scene.command(scene.key("one"), 'k', Packet.TO_LOG);
            assertEquals(kills, scene.kernel.count(Act.KILL));
        }
    }

    @Nested
    @DisplayName("a client")
    class Client {
        private static final String UNKNOWN = "\2C\22" + "\1\0\0\0\0\0\0\0" + "\2\0\0\0\0\0\0\0" + "u\0";
        private static final String NONE = "\2E\4\2\0\0\0";
        private static final String PROTOCOL = "\2E\4\107\0\0\0";

        @Test
        void maySplitItsPacket() {
            scene.begin();
            FakeSocket client = scene.client();
            for (char each : UNKNOWN.toCharArray()) {
                assertEquals("", client.receive());
                client.send(String.valueOf(each));
                scene.pass(0);
            }
            assertEquals(NONE, client.receive());
        }

        @Test
        void maySendOneRequestAfterAnother() {
            scene.begin();
            FakeSocket client = scene.client();
            for (int i = 0; i < 3; i++) {
                client.send(UNKNOWN);
                scene.pass(0);
                assertEquals(NONE, client.receive());
            }
        }

        @Test
        void mayNotPipeline() {
            scene.begin();
            FakeSocket client = scene.client();
            client.send(UNKNOWN + UNKNOWN);
            scene.pass(0);
            assertEquals("", client.receive());
            assertTrue(client.isAtEnd());
        }

        @Test
        void isToldWhatIsNotUnderstood() {
            scene.begin();
            assertEquals(PROTOCOL, scene.exchange("\2Z\0"));
            assertEquals(PROTOCOL, scene.exchange("\2Q\1x"));
            assertEquals(PROTOCOL, scene.exchange("\2C\1x"));
            assertEquals(PROTOCOL, scene.exchange("\3Q\0"));
            assertEquals("\2E\4\137\0\0\0", scene.exchange("\2Y\3abc"));
        }

        @Test
        void thatAsksForAnUnknownServiceIsToldEnotdir() {
            scene.begin();
            assertEquals("\2E\4\24\0\0\0", scene.exchange("\2Q\20" + "\1\0\0\0\0\0\0\0" + "\2\0\0\0\0\0\0\0"));
        }

        @Test
        void thatSaysNothingIsSentAwayAfterEightSeconds() {
            scene.begin();
            FakeSocket client = scene.client();
            scene.pass(7.9);
            assertFalse(client.isAtEnd());
            scene.pass(0.2);
            assertTrue(client.isAtEnd());
            assertEquals(0, scene.descriptors());
        }

        @Test
        void thatNeverReadsHoldsNobodyUp() {
            scene.service("one", false);
            scene.begin();
            FakeSocket client = scene.client();
            String query = Bytes.text(Packet.query(scene.key("one")).bytes());
            for (int i = 0; i < 5000; i++) {
                client.send(query);
                scene.pass(0);
            }
            assertEquals(0, scene.command("one", 'a'));
            scene.pass(9);
            assertEquals(0, scene.descriptors() - 1);
        }

        @Test
        void isOneOfManyAtOnce() {
            scene.begin();
            List<FakeSocket> clients = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                clients.add(scene.client());
                if (i % 100 == 99) scene.pass(0);
            }
            for (FakeSocket client : clients) client.send(UNKNOWN);
            scene.pass(0);
            for (FakeSocket client : clients) {
                assertEquals(NONE, client.receive());
                client.close();
            }
            scene.pass(0);
            assertEquals(0, scene.descriptors());
            assertTrue(scene.said().endsWith("monitoring 200 client connections\nmonitoring 0 client connections\n"));
        }

        @Test
        void waitsWhereThereAreNoDescriptors() {
            scene.begin();
            scene.kernel.failNext(Act.ACCEPT, Errno.EMFILE);
            FakeSocket client = scene.client();
            client.send(UNKNOWN);
            scene.pass(0);
            assertEquals("", client.receive());
            scene.pass(1);
            assertEquals(NONE, client.receive());
        }
    }

    @Nested
    @DisplayName("what is told beyond perp")
    class Beyond {
        private FullStatus full(String name) {
            String answer = scene.exchange(Bytes.text(Packet.query(Packet.FULL_QUERY, scene.key(name)).bytes()));
            assertEquals('s', answer.charAt(1));
            assertEquals(FullStatus.LENGTH, answer.charAt(2));
            return FullStatus.of(new Packet('s', Bytes.of(answer.substring(Packet.HEADER))));
        }

        @Test
        void beginsWithWhatPerpTells() {
            scene.service("one", true);
            scene.begin();
            assertEquals(scene.status("one"), full("one").status());
            assertEquals(FullStatus.End.NONE, full("one").main().end());
            assertEquals(1, full("one").log().starts());
            assertEquals(FullStatus.Readiness.UNTOLD, full("one").readiness());
        }

        @Test
        void isToldOfManyServicesInOneAnswer() {
            List<FileKey> keys = new ArrayList<>();
            for (int i = 0; i < Packet.MOST_SERVICES; i++) scene.service("s" + i, i % 2 == 0);
            scene.begin();
            for (int i = 0; i < Packet.MOST_SERVICES; i++) keys.add(i == 7 ? new FileKey(1, 2) : scene.key("s" + i));
            String answer = scene.exchange(Bytes.text(Packet.fullQuery(keys, 0, keys.size()).bytes()));
            for (int i = 0; i < Packet.MOST_SERVICES; i++) {
                int length = Packet.HEADER + answer.charAt(2);
                if (i == 7) assertEquals(Bytes.text(Packet.result(Errno.ENOTDIR.number()).bytes()), answer.substring(0, length));
                else assertEquals(Bytes.text(full("s" + i).packet().bytes()), answer.substring(0, length));
                answer = answer.substring(length);
            }
            assertEquals("", answer);
        }

        @Test
        void isNotAskedForByAPacketOfAnotherLength() {
            scene.begin();
            for (int length : new int[] {0, 1, 15, 17, 31, 255}) {
                String bytes = Bytes.text(new Packet(Packet.FULL_QUERY, new byte[length]).bytes());
                assertEquals(Bytes.text(Packet.result(Errno.EPROTO.number()).bytes()), scene.exchange(bytes), length + " bytes");
            }
        }

        @Test
        void howItEndedHowOftenItWasStartedAndWhenItWillBe() {
            scene.service("one", false);
            scene.begin().pass(0.25);
            scene.exit(ONE, 3);
            FullStatus.More main = full("one").main();
            assertEquals(FullStatus.End.EXIT, main.end());
            assertEquals(3, main.number());
            assertEquals(Runscript.Phase.RESETTING, main.phase());
            assertEquals(0, main.restarts());
            assertEquals(-1, main.due());
            scene.exit("./rc.main reset one exit 3", 0);
            main = full("one").main();
            assertEquals(Runscript.Phase.WAITING, main.phase());
            assertEquals(0.75, (main.due() - main.ended()) / 1e9, 0.01);
            scene.pass(1);
            assertEquals(1, full("one").main().restarts());
            scene.kernel.endBySignal(scene.process(ONE).pid(), Signal.KILL);
            scene.pass(0);
            main = full("one").main();
            assertEquals(FullStatus.End.SIGNAL, main.end());
            assertEquals(9, main.number());
        }

        @Test
        void ofAnUnknownServiceAsPerpDoes() {
            scene.begin();
            assertEquals("\2E\4\24\0\0\0", scene.exchange("\2q\20" + "\1\0\0\0\0\0\0\0" + "\2\0\0\0\0\0\0\0"));
            assertEquals("\2E\4\2\0\0\0", scene.exchange("\2c\22" + "\1\0\0\0\0\0\0\0" + "\2\0\0\0\0\0\0\0" + "u\0"));
            assertEquals("\2E\4\107\0\0\0", scene.exchange("\2q\1x"));
            assertEquals("\2E\4\107\0\0\0", scene.exchange("\2w\1x"));
        }

        @Test
        void aCommandIsAnsweredWithWhatWasBefore() {
            scene.service("one", false);
            scene.begin().pass(2);
            String answer = scene.exchange(Bytes.text(Packet.command('c', scene.key("one"), 'r', 0).bytes()));
            FullStatus before = FullStatus.of(new Packet('s', Bytes.of(answer.substring(Packet.HEADER))));
            assertEquals(Runscript.Phase.STARTED, before.main().phase());
            assertEquals(1, before.main().starts());
            scene.exit("./rc.main reset one signal 15 SIGTERM", 0);
            assertEquals(2, full("one").main().starts());
        }

        @Test
        void perpsPacketKnowsNoRestart() {
            scene.service("one", false);
            scene.begin();
            assertEquals(Errno.EPROTO.number(), scene.command("one", 'r'));
        }

        @Test
        void aWatchIsAnsweredWhenSomethingHasChanged() {
            scene.service("one", false);
            scene.begin();
            FakeSocket client = scene.client();
            client.send(Bytes.text(Packet.watch(0).bytes()));
            scene.pass(0);
            String now = client.receive();
            assertEquals(11, now.length());
            assertEquals("\2w\10", now.substring(0, 3));
            client.send(now);
            // Longer than a client may say nothing.
            scene.pass(60);
            assertEquals("", client.receive());
            assertFalse(client.isAtEnd());
            scene.exit(ONE, 0);
            String then = client.receive();
            assertEquals(11, then.length());
            assertNotEquals(now, then);
            client.send(then);
            scene.pass(0);
            client.send("x");
            scene.pass(0);
            assertTrue(client.isAtEnd());
            assertEquals(1, scene.descriptors());
        }

        @Test
        void nobodyIsWokenWhileAllRestsButForTheTimers() {
            scene.service("one", false);
            scene.service("two", false);
            scene.kernel.file("/base/two/ready", "notify\n");
            scene.begin().pass(1);
            long polls = scene.kernel.count(Act.POLL);
            scene.pass(1000);
            assertTrue(scene.kernel.count(Act.POLL) - polls <= 1);
        }
    }

    @Nested
    @DisplayName("readiness")
    class Ready {
        private boolean isReady() {
            return scene.supervisor.directories().iterator().next().service.main().readyAt() >= 0;
        }

        private void begin(String file) {
            scene.service("one", true);
            scene.kernel.file("/base/one/ready", file);
            scene.begin();
        }

        @Test
        void isALineOnTheDescriptor() {
            begin("# here\n\n  fd 7 \n");
            assertEquals(4, scene.descriptors());
            scene.process(ONE).write(7, "not");
            scene.pass(0);
            assertFalse(isReady());
            scene.process(ONE).write(7, " yet\n");
            scene.pass(0);
            assertTrue(isReady());
            assertEquals(3, scene.descriptors());
            assertFalse(scene.process("./rc.log start one").has(7));
        }

        @Test
        void isNotTheEndOfTheDescriptor() {
            begin("fd 7");
            scene.process(ONE).close(7);
            scene.pass(1);
            assertFalse(isReady());
            assertEquals(3, scene.descriptors());
        }

        @Test
        void isADatagramOfWhoMay() {
            begin("notify");
            String name = scene.process(ONE).variable("NOTIFY_SOCKET");
            assertTrue(scene.kernel.send(name, "READY=1\n", 1000));
            scene.pass(0);
            assertFalse(isReady());
            scene.kernel.send(name, "STATUS=READY=1\nREADY=12", 0);
            scene.pass(0);
            assertFalse(isReady());
            scene.kernel.send(name, "STATUS=well\nREADY=1", 0);
            scene.pass(0);
            assertTrue(isReady());
            assertFalse(scene.kernel.send(name, "STATUS=still", 0));
            assertEquals(3, scene.descriptors());
        }

        @Test
        void beginsAnewWithEachStart() {
            begin("fd 3");
            scene.process(ONE).write(3, "\n");
            scene.pass(2);
            assertTrue(isReady());
            scene.exit(ONE, 0);
            assertFalse(isReady());
            scene.exit(ONE_RESET, 0);
            assertFalse(isReady());
            scene.process(ONE).write(3, "\n");
            scene.pass(0);
            assertTrue(isReady());
        }

        @Test
        void holdsNothingOpenWhereNoProcessRuns() {
            begin("notify");
            scene.process(ONE).ignore(Signal.TERM);
            scene.command("one", 'd');
            scene.exit(ONE, 0).exit(ONE_RESET, 0);
            assertEquals(3, scene.descriptors());
        }

        @Test
        void needsAFileThatSaysHow() {
            for (String text : new String[] {"fd", "fd 2", "fd 1024", "fd x", "fd -1", "Notify", "notify me", "", "\n#\n"}) {
                assertNull(ReadyFile.of(text), text);
            }
            assertEquals(1023, ReadyFile.of("fd\t1023").fd());
            assertEquals(ReadyFile.NOTIFY, ReadyFile.of("\n#x\n notify").fd());
            begin("nonsense");
            assertTrue(scene.said().contains("warning: unable to use file ready of one: invalid argument (EINVAL)\n"));
            assertEquals(List.of("./rc.log start one", ONE), scene.running());
            assertEquals(3, scene.descriptors());
        }

        @Test
        void waitsForDescriptorsAsAProcessDoes() {
            scene.service("one", false);
            scene.kernel.file("/base/one/ready", "fd 3");
            scene.kernel.failNext(Act.PIPE, Errno.EMFILE);
            scene.begin();
            assertEquals(List.of(), scene.running());
            scene.pass(1);
            assertEquals(List.of(ONE), scene.running());
        }
    }

    @Nested
    @DisplayName("its end")
    class End {
        @Test
        void isAtOnceWithoutServices() {
            scene.begin();
            scene.said();
            scene.terminate();
            assertTrue(scene.hasEnded());
            assertEquals("initiating termination...\n", scene.said());
        }

        @Test
        void deactivatesAllServicesTogether() {
            scene.service("one", true);
            scene.service("two", false);
            scene.begin();
            scene.kernel.arrive(Signal.INT);
            scene.pass(0);
            assertEquals(List.of("./rc.log start one", "./rc.main reset one signal 15 SIGTERM",
                    "./rc.main reset two signal 15 SIGTERM"), scene.running());
            scene.exit("./rc.main reset two signal 15 SIGTERM", 0);
            scene.exit("./rc.main reset one signal 15 SIGTERM", 0);
            assertFalse(scene.hasEnded());
            scene.exit("./rc.log reset one signal 15 SIGTERM", 0);
            assertTrue(scene.hasEnded());
            assertEquals(0, scene.descriptors());
        }

        @Test
        void waitsForAStubbornProcessAndIgnoresSignals() {
            scene.service("one", false);
            scene.begin();
            FakeProcess one = scene.process(ONE).ignore(Signal.TERM);
            scene.terminate().terminate().scan().pass(1000);
            assertFalse(scene.hasEnded());
            assertEquals(List.of(15, 18), one.signals());
            one.exit(0);
            scene.pass(0).exit(ONE_RESET, 0);
            assertTrue(scene.hasEnded());
        }

        @Test
        void scansNoMore() {
            scene.service("one", false);
            scene.begin(1);
            scene.process(ONE).ignore(Signal.TERM);
            scene.terminate();
            scene.service("two", false);
            scene.pass(10);
            assertEquals(List.of(ONE), scene.running());
        }

        @Test
        void goesOnWhereProcessesAreRefused() {
            scene.service("one", false);
            scene.begin();
            scene.kernel.failNext(Act.SPAWN, Errno.EAGAIN);
            scene.terminate();
            assertFalse(scene.hasEnded());
            scene.pass(1).exit("./rc.main reset one signal 15 SIGTERM", 0);
            assertTrue(scene.hasEnded());
        }
    }
}
