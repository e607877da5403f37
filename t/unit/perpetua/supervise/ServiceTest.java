// SPDX-License-Identifier: Apache-2.0
package perpetua.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import perpetua.supervise.Runscript.Phase;
import perpetua.sys.Reaped;
import perpetua.sys.Signal;

/** Each row of the table at the head of {@link Service}, and what each command does in each phase. */
class ServiceTest {
    private static final long SECOND = Driver.SECOND;

    private static void assertPhase(Phase phase, Runscript which) {
        assertEquals(phase, which.phase());
    }

    /** Main is down, and that is wanted. */
    private static Driver down() {
        Driver driver = new Driver(false, true, false);
        driver.activate();
        assertPhase(Phase.DOWN, driver.main());
        return driver;
    }

    /** Main's reset target runs, two seconds after its start. */
    private static Driver resetting() {
        Driver driver = Driver.started().pass(2);
        driver.mainExits(0);
        assertPhase(Phase.RESETTING, driver.main());
        return driver;
    }

    /** Main waits for the governor, 0.75 seconds before its time. */
    private static Driver waiting() {
        Driver driver = Driver.started().pass(0.25);
        driver.mainExits(0);
        assertEquals("govern main", driver.mainExits(0));
        assertPhase(Phase.WAITING, driver.main());
        return driver;
    }

    @Nested
    @DisplayName("at activation")
    class Activation {
        @Test
        void mainIsStarted() {
            assertEquals("run main start", new Driver(false, false, false).activate());
        }

        @Test
        void theLoggerIsStartedFirst() {
            assertEquals("run log start, run main start", new Driver(true, false, false).activate());
        }

        @Test
        void flagDownLeavesMainDownButNotTheLogger() {
            Driver driver = new Driver(true, true, false);
            assertEquals("run log start", driver.activate());
            assertPhase(Phase.DOWN, driver.main());
            assertTrue(driver.main().isWantedDown());
            assertFalse(driver.log().isWantedDown());
        }

        @Test
        void flagOnceRunsMainOnce() {
            Driver driver = new Driver(false, false, true);
            assertEquals("run main start", driver.activate());
            assertTrue(driver.main().isOnce());
            driver.pass(5);
            assertEquals("run main reset", driver.mainExits(0));
            assertEquals("", driver.mainExits(0));
            assertPhase(Phase.DOWN, driver.main());
            assertTrue(driver.main().isWantedDown());
        }

        @Test
        void flagDownWinsOverFlagOnce() {
            Driver driver = new Driver(false, true, true);
            assertEquals("", driver.activate());
            assertEquals("run main start", driver.command('u'));
            assertFalse(driver.main().isOnce());
        }

        @Test
        void theFlagsAreTold() {
            Service service = new Service(false, true, true);
            assertTrue(service.isFlaggedDown());
            assertTrue(service.isFlaggedOnce());
        }
    }

    @Nested
    @DisplayName("DOWN")
    class Down {
        @Test
        void upStarts() {
            Driver driver = down();
            assertEquals("run main start", driver.command('u'));
            assertPhase(Phase.STARTED, driver.main());
            assertFalse(driver.main().isWantedDown());
        }

        @Test
        void onceStartsOnce() {
            Driver driver = down();
            assertEquals("run main start", driver.command('o'));
            assertTrue(driver.main().isOnce());
            assertFalse(driver.main().isWantedDown());
        }

        @Test
        void upWaitsForTheGovernor() {
            Driver driver = Driver.started().pass(0.25);
            driver.command('d');
            driver.mainExits(0);
            driver.mainExits(0);
            assertEquals("govern main", driver.command('u'));
            assertPhase(Phase.WAITING, driver.main());
        }

        @Test
        void nothingElseHasAnEffect() {
            Driver driver = down();
            for (char letter : "dpahikqtw12c".toCharArray()) assertEquals("", driver.command(letter));
            assertPhase(Phase.DOWN, driver.main());
            assertFalse(driver.main().isPaused());
            assertEquals(-1, driver.service.deadline());
        }
    }

    @Nested
    @DisplayName("WAITING")
    class Waiting {
        @Test
        void itsTimeIsOneSecondAfterTheLastStart() {
            Driver driver = Driver.started();
            long first = driver.now;
            driver.pass(0.3);
            driver.mainExits(0);
            driver.pass(0.3);
            assertEquals("govern main", driver.mainExits(0));
            assertEquals(first + SECOND, driver.service.deadline());
            assertEquals("run main start", driver.due());
            assertEquals(first + SECOND, driver.now);
        }

        @Test
        void nothingIsDueBeforeItsTime() {
            Driver driver = waiting();
            driver.now = driver.service.deadline() - 1;
            assertEquals("", driver.tick());
            assertPhase(Phase.WAITING, driver.main());
        }

        @Test
        void exactlyOneSecondLaterItNeedNotWait() {
            Driver driver = Driver.started().pass(1);
            driver.mainExits(0);
            assertEquals("run main start", driver.mainExits(0));
        }

        /** As with perp's child, in which the signal stays pending. */
        @Test
        void downEndsItWhenItsTimeHasCome() {
            Driver driver = waiting();
            int pid = driver.main().pid();
            long due = driver.service.deadline();
            assertEquals("", driver.command('d'));
            assertPhase(Phase.WAITING, driver.main());
            assertTrue(driver.main().isWantedDown());
            assertEquals(due, driver.service.deadline());
            assertEquals("run main reset", driver.due());
            assertEquals(new Reaped(pid, 0, Signal.TERM.number()), driver.main().last());
            assertEquals(1, driver.main().lastSeconds());
            assertEquals("", driver.mainExits(0));
            assertPhase(Phase.DOWN, driver.main());
        }

        @Test
        void downAndUpDoNotOutwitTheGovernor() {
            Driver driver = waiting();
            long due = driver.service.deadline();
            driver.command('d');
            assertEquals("", driver.command('u'));
            assertEquals("run main reset", driver.due());
            assertEquals(due, driver.now);
            assertEquals("govern main", driver.mainExits(0));
            assertEquals(due + SECOND, driver.service.deadline());
            assertEquals("run main start", driver.due());
        }

        @Test
        void killEndsItAtOnce() {
            Driver driver = waiting();
            long due = driver.service.deadline();
            assertEquals("run main reset", driver.command('k'));
            assertEquals(Signal.KILL.number(), driver.main().last().signal());
            assertEquals("govern main", driver.mainExits(0));
            assertEquals(due + SECOND, driver.service.deadline());
        }

        @Test
        void ofSeveralSignalsTheLowestNumberEndsIt() {
            Driver driver = waiting();
            for (char letter : "t2hq".toCharArray()) assertEquals("", driver.command(letter));
            assertEquals("run main reset", driver.due());
            assertEquals(Signal.HUP.number(), driver.main().last().signal());
        }

        @Test
        void anEndOfWhatRunsOnceKeepsItDown() {
            Driver driver = waiting();
            driver.command('o');
            driver.command('t');
            driver.due();
            assertEquals("", driver.mainExits(0));
            assertPhase(Phase.DOWN, driver.main());
        }

        @Test
        void whatEndsOneWaitDoesNotEndTheNext() {
            Driver driver = waiting();
            driver.command('t');
            driver.due();
            driver.mainExits(0);
            assertEquals("run main start", driver.due());
        }

        @Test
        void aRefusedStartThatIsToBeDownIsDown() {
            Driver driver = Driver.started().pass(2);
            driver.mainExits(0);
            driver.refusing(true).mainExits(0);
            assertPhase(Phase.WAITING, driver.main());
            assertEquals("", driver.command('d'));
            assertPhase(Phase.DOWN, driver.main());
        }

        @Test
        void upAndOnceGoOnWaiting() {
            Driver driver = waiting();
            assertEquals("", driver.command('u'));
            assertEquals("", driver.command('o'));
            assertTrue(driver.main().isOnce());
            assertPhase(Phase.WAITING, driver.main());
        }

        @Test
        void pauseContinueAndWindowHaveNoEffect() {
            Driver driver = waiting();
            for (char letter : "pcw".toCharArray()) assertEquals("", driver.command(letter));
            assertPhase(Phase.WAITING, driver.main());
            assertFalse(driver.main().isPaused());
            assertEquals("run main start", driver.due());
        }

        @Test
        void clientsAreShownAWaitThatBeginsNow() {
            Driver driver = waiting();
            assertEquals(driver.now, driver.main().since());
        }

        @Test
        void aRefusedResetStaysDueWhateverIsWanted() {
            Driver driver = Driver.started().pass(2).refusing(true);
            assertEquals("run main reset", driver.mainExits(3));
            assertPhase(Phase.WAITING, driver.main());
            assertEquals("", driver.command('d'));
            driver.refusing(false);
            assertEquals("run main reset", driver.due());
            assertPhase(Phase.RESETTING, driver.main());
        }
    }

    @Nested
    @DisplayName("STARTED")
    class Started {
        @Test
        void itsEndRunsReset() {
            Driver driver = Driver.started().pass(2.6);
            int pid = driver.main().pid();
            assertEquals("run main reset", driver.mainExits(3));
            assertPhase(Phase.RESETTING, driver.main());
            assertEquals(new Reaped(pid, 3, 0), driver.main().last());
            assertEquals(3, driver.main().lastSeconds());
            assertFalse(driver.main().isWantedDown());
        }

        @Test
        void itsEndByASignalRunsReset() {
            Driver driver = Driver.started().pass(0.4);
            assertEquals("run main reset", driver.mainKilled(Signal.SEGV));
            assertEquals(Signal.SEGV.number(), driver.main().last().signal());
            assertEquals(0, driver.main().lastSeconds());
        }

        @Test
        void itsEndRunsResetEvenIfItIsWantedDown() {
            Driver driver = Driver.started();
            driver.command('d');
            assertEquals("run main reset", driver.mainKilled(Signal.TERM));
        }

        @Test
        void onceSetsWantDownAtItsEnd() {
            Driver driver = Driver.started().pass(2);
            assertEquals("", driver.command('o'));
            assertFalse(driver.main().isWantedDown());
            driver.mainExits(0);
            assertTrue(driver.main().isWantedDown());
        }

        @Test
        void downTerminatesThenContinues() {
            Driver driver = Driver.started();
            driver.command('p');
            assertEquals("TERM main, CONT main", driver.command('d'));
            assertTrue(driver.main().isWantedDown());
            assertFalse(driver.main().isPaused());
        }

        @Test
        void upClearsOnceAndWantDownAndStartsNothing() {
            Driver driver = Driver.started();
            driver.command('o');
            driver.command('d');
            assertEquals("", driver.command('u'));
            assertFalse(driver.main().isOnce());
            assertFalse(driver.main().isWantedDown());
        }

        @Test
        void pauseStopsAndContinueContinues() {
            Driver driver = Driver.started();
            assertEquals("STOP main", driver.command('p'));
            assertTrue(driver.main().isPaused());
            assertEquals("CONT main", driver.command('c'));
            assertFalse(driver.main().isPaused());
        }

        @Test
        void pausedEndsWithTheProcess() {
            Driver driver = Driver.started().pass(2);
            driver.command('p');
            driver.mainKilled(Signal.KILL);
            assertFalse(driver.main().isPaused());
        }

        @Test
        void aLetterOfASignalSendsItAndChangesNoFlag() {
            Driver driver = Driver.started();
            String letters = "ahikqtw12";
            String[] names = {"ALRM", "HUP", "INT", "KILL", "QUIT", "TERM", "WINCH", "USR1", "USR2"};
            for (int i = 0; i < names.length; i++) {
                assertEquals(names[i] + " main", driver.command(letters.charAt(i)));
                assertFalse(driver.main().isWantedDown());
                assertFalse(driver.main().isOnce());
            }
        }

        @Test
        void aSignalCanBeForTheGroup() {
            Driver driver = Driver.started();
            assertEquals("HUP group of main", driver.group('h'));
            assertEquals("TERM group of main, CONT group of main", driver.group('d'));
            assertEquals("STOP group of main", driver.group('p'));
            assertEquals("CONT group of main", driver.group('c'));
        }
    }

    @Nested
    @DisplayName("RESETTING")
    class Resetting {
        @Test
        void itsEndStartsWhatIsWanted() {
            Driver driver = resetting();
            assertEquals("run main start", driver.mainExits(9));
            assertEquals(2, driver.main().starts());
        }

        @Test
        void itsEndLeavesDownWhatIsNotWanted() {
            Driver driver = resetting();
            driver.command('d');
            assertEquals("", driver.mainExits(0));
            assertPhase(Phase.DOWN, driver.main());
            assertEquals(0, driver.main().pid());
        }

        @Test
        void resetNeverWaitsForTheGovernor() {
            Driver driver = Driver.started();
            assertEquals("run main reset", driver.mainExits(0));
        }

        @Test
        void theEndOfResetIsNotTheEndThatIsRemembered() {
            Driver driver = resetting();
            Reaped last = driver.main().last();
            driver.mainExits(77);
            assertEquals(last, driver.main().last());
        }

        @Test
        void onceSetWhileResettingSetsWantDown() {
            Driver driver = resetting();
            assertEquals("", driver.command('o'));
            assertEquals("", driver.mainExits(0));
            assertTrue(driver.main().isWantedDown());
        }

        @Test
        void contAndKillAreSentAndTold() {
            Driver driver = resetting();
            assertEquals("tell CONT, CONT main", driver.command('c'));
            assertEquals("tell KILL, KILL main", driver.command('k'));
        }

        @Test
        void otherSignalsAreDroppedAndTold() {
            Driver driver = resetting();
            String letters = "ahiqtw12";
            String[] names = {"ALRM", "HUP", "INT", "QUIT", "TERM", "WINCH", "USR1", "USR2"};
            for (int i = 0; i < names.length; i++) {
                assertEquals("drop " + names[i], driver.command(letters.charAt(i)));
            }
        }

        @Test
        void downSetsItsFlagThoughTermIsDropped() {
            Driver driver = resetting();
            assertEquals("drop TERM, tell CONT, CONT main", driver.command('d'));
            assertTrue(driver.main().isWantedDown());
        }

        @Test
        void pauseHasNoEffect() {
            Driver driver = resetting();
            assertEquals("", driver.command('p'));
            assertFalse(driver.main().isPaused());
        }

        @Test
        void aKilledResetIsFollowedByTheStart() {
            Driver driver = resetting();
            driver.command('k');
            assertEquals("run main start", driver.mainKilled(Signal.KILL));
        }
    }

    @Nested
    @DisplayName("a refused process")
    class Refused {
        @Test
        void aStartIsTriedAgainLater() {
            Driver driver = new Driver(false, false, false).refusing(true);
            assertEquals("run main start", driver.activate());
            assertPhase(Phase.WAITING, driver.main());
            assertTrue(driver.main().isRefused());
            assertEquals(0, driver.main().pid());
            assertEquals(driver.now + Service.REFUSAL_NANOS, driver.service.deadline());
            assertEquals("run main start", driver.due());
            driver.refusing(false);
            assertEquals("run main start", driver.due());
            assertPhase(Phase.STARTED, driver.main());
            assertFalse(driver.main().isRefused());
        }

        @Test
        void aResetIsTriedAgainLater() {
            Driver driver = Driver.started().pass(2).refusing(true);
            assertEquals("run main reset", driver.mainExits(1));
            driver.refusing(false);
            assertEquals("run main reset", driver.due());
            assertPhase(Phase.RESETTING, driver.main());
            assertEquals(1, driver.main().last().status());
        }

        @Test
        void noSignalIsSentToAProcessThatIsNone() {
            Driver driver = Driver.started().pass(2).refusing(true);
            driver.mainExits(1);
            for (char letter : "cpkt".toCharArray()) assertEquals("", driver.command(letter));
            assertFalse(driver.main().hasProcess());
        }

        @Test
        void deactivationGoesOnWhenTheResetIsOver() {
            Driver driver = Driver.started().pass(2).refusing(true);
            driver.mainExits(1);
            assertEquals("", driver.deactivate());
            driver.refusing(false);
            assertEquals("run main reset", driver.due());
            assertEquals("forget", driver.mainExits(0));
        }
    }

    @Nested
    @DisplayName("an unrunnable runscript")
    class Unrunnable {
        @Test
        void countsAsOneThatEndedWithStatus111() {
            Driver driver = new Driver(false, false, false).unrunnable(true);
            assertEquals("run main start, run main reset, govern main", driver.activate());
            assertEquals(Service.UNRUNNABLE_STATUS, driver.main().last().status());
            assertPhase(Phase.WAITING, driver.main());
            assertFalse(driver.main().isWantedDown());
        }

        @Test
        void isTriedOnceASecond() {
            Driver driver = new Driver(false, false, false).unrunnable(true);
            driver.activate();
            long last = driver.now;
            for (int i = 0; i < 5; i++) {
                assertEquals("run main start, run main reset, govern main", driver.due());
                assertEquals(SECOND, driver.now - last);
                last = driver.now;
            }
        }

        @Test
        void ofAServiceThatEndsIsForgotten() {
            Driver driver = Driver.started().pass(2);
            driver.deactivate();
            driver.unrunnable(true);
            assertEquals("run main reset, forget", driver.mainExits(0));
        }
    }

    @Nested
    @DisplayName("the logger")
    class Logger {
        @Test
        void takesCommandsOfItsOwn() {
            Driver driver = Driver.pair();
            assertEquals("TERM log, CONT log", driver.log('d'));
            assertTrue(driver.log().isWantedDown());
            assertFalse(driver.main().isWantedDown());
            assertEquals("HUP log", driver.log('h'));
            assertEquals("STOP log", driver.log('p'));
            assertFalse(driver.main().isPaused());
        }

        @Test
        void hasResetAndGovernorOfItsOwn() {
            Driver driver = Driver.pair().pass(0.5);
            assertEquals("run log reset", driver.logExits(0));
            assertEquals("govern log", driver.logExits(0));
            assertPhase(Phase.STARTED, driver.main());
            driver.pass(0.25);
            driver.mainExits(0);
            assertEquals("govern main", driver.mainExits(0));
            assertEquals("run main start, run log start", driver.due());
        }

        @Test
        void thatIsAbsentAcceptsEveryCommand() {
            Driver driver = Driver.started();
            for (Command command : Command.values()) assertEquals("", driver.log(command.letter()));
            assertPhase(Phase.STARTED, driver.main());
            assertFalse(driver.main().isWantedDown());
        }

        @Test
        void downBothTakesMainThenTheLoggerAtOnce() {
            Driver driver = Driver.pair();
            assertEquals("TERM main, CONT main, TERM log, CONT log", driver.command('D'));
            assertTrue(driver.main().isWantedDown());
            assertTrue(driver.log().isWantedDown());
        }

        @Test
        void upBothTakesTheLoggerThenMain() {
            Driver driver = Driver.pair().pass(2);
            driver.command('D');
            driver.mainExits(0);
            driver.mainExits(0);
            driver.logExits(0);
            driver.logExits(0);
            assertEquals("run log start, run main start", driver.command('U'));
            assertFalse(driver.main().isWantedDown());
            assertFalse(driver.log().isWantedDown());
        }

        @Test
        void upAndDownBothWorkWithoutOne() {
            Driver driver = Driver.started();
            assertEquals("TERM main, CONT main", driver.command('D'));
            assertEquals("", driver.command('U'));
            assertFalse(driver.main().isWantedDown());
        }

        @Test
        void upAndDownBothWithTheLoggerFlagHaveNoEffect() {
            Driver driver = Driver.pair();
            assertEquals("", driver.log('D'));
            assertEquals("", driver.log('U'));
            assertFalse(driver.main().isWantedDown());
            assertFalse(driver.log().isWantedDown());
        }

        @Test
        void keepsItsPipeThroughDownAndUpOfBoth() {
            // A logger that drains until the end of file outlives main: the pipe must survive that too.
            Driver driver = Driver.pair().pass(2);
            driver.command('D');
            assertEquals("run main reset", driver.mainExits(0));
            assertEquals("", driver.mainExits(0));
            assertPhase(Phase.STARTED, driver.log());
            assertEquals("run main start", driver.command('U'));
            assertPhase(Phase.STARTED, driver.log());
        }
    }

    @Nested
    @DisplayName("deactivation")
    class Deactivation {
        @Test
        void terminatesMainResetsItAndForgets() {
            Driver driver = Driver.started();
            assertEquals("TERM main, CONT main", driver.deactivate());
            assertTrue(driver.service.isDeactivating());
            assertEquals("run main reset", driver.mainKilled(Signal.TERM));
            assertEquals("forget", driver.mainExits(0));
        }

        @Test
        void happensOnce() {
            Driver driver = Driver.started();
            driver.deactivate();
            assertEquals("", driver.deactivate());
        }

        @Test
        void letsTheLoggerRunUntilMainIsReset() {
            Driver driver = Driver.pair();
            assertEquals("TERM main, CONT main", driver.deactivate());
            assertTrue(driver.log().isWantedDown());
            assertEquals("run main reset", driver.mainExits(0));
            assertEquals("close pipe, TERM log, CONT log", driver.mainExits(0));
            assertEquals("run log reset", driver.logExits(0));
            assertEquals("forget", driver.logExits(0));
        }

        @Test
        void endsTheLoggerAtOnceIfMainIsDown() {
            Driver driver = new Driver(true, true, false);
            driver.activate();
            assertEquals("close pipe, TERM log, CONT log", driver.deactivate());
        }

        @Test
        void forgetsAtOnceWhatIsDown() {
            assertEquals("forget", down().deactivate());
        }

        @Test
        void closesThePipeEvenIfTheLoggerIsDown() {
            Driver driver = Driver.pair().pass(2);
            driver.command('D');
            driver.logExits(0);
            driver.logExits(0);
            driver.mainExits(0);
            driver.mainExits(0);
            assertEquals("close pipe, forget", driver.deactivate());
        }

        @Test
        void aLoggerThatEndsEarlyIsNotStartedAgain() {
            Driver driver = Driver.pair().pass(2);
            driver.deactivate();
            assertEquals("run log reset", driver.logExits(0));
            assertEquals("", driver.logExits(0));
            assertEquals("run main reset", driver.mainExits(0));
            assertEquals("close pipe, forget", driver.mainExits(0));
        }

        @Test
        void doesNotTerminateAReset() {
            Driver driver = resetting();
            assertEquals("CONT main", driver.deactivate());
            assertEquals("forget", driver.mainExits(0));
        }

        @Test
        void doesNotTerminateTheLoggersReset() {
            Driver driver = new Driver(true, true, false);
            driver.activate();
            driver.logExits(0);
            assertEquals("close pipe, CONT log", driver.deactivate());
            assertEquals("forget", driver.logExits(0));
        }

        @Test
        void whileMainWaitsForTheGovernor() {
            Driver driver = waiting();
            assertEquals("", driver.deactivate());
            assertEquals("run main reset", driver.due());
            assertEquals("forget", driver.mainExits(0));
        }

        @Test
        void whileTheLoggerWaitsForTheGovernor() {
            Driver driver = Driver.pair().pass(0.5);
            driver.logExits(0);
            driver.logExits(0);
            assertEquals("TERM main, CONT main", driver.deactivate());
            driver.mainExits(0);
            assertEquals("close pipe", driver.mainExits(0));
            assertEquals("run log reset", driver.due());
            assertEquals("forget", driver.logExits(0));
        }

        @Test
        void aLoggerThatWaitsIsStartedForWhatMainSaysAtItsEnd() {
            Driver driver = Driver.pair().pass(0.5);
            driver.logExits(0);
            driver.logExits(0);
            driver.deactivate();
            assertEquals("run log start", driver.due());
            driver.mainExits(0);
            assertEquals("close pipe, TERM log, CONT log", driver.mainExits(0));
        }

        @Test
        void continuesWhatIsPaused() {
            Driver driver = Driver.started();
            driver.command('p');
            assertEquals("TERM main, CONT main", driver.deactivate());
            assertFalse(driver.main().isPaused());
        }

        @Test
        void carriesTheReactivationMark() {
            Driver driver = Driver.started();
            assertFalse(driver.service.isReactivating());
            driver.deactivate();
            driver.service.setReactivating(true);
            assertTrue(driver.service.isReactivating());
            driver.service.setReactivating(false);
            assertFalse(driver.service.isReactivating());
        }
    }

    @Test
    void beforeItsFirstStartAProcessHasNeverBeen() {
        Driver driver = down();
        assertEquals(-1, driver.main().since());
        assertNull(driver.main().last());
        assertEquals(0, driver.main().starts());
        assertNull(driver.log());
    }

    @Test
    void secondsAreRounded() {
        assertEquals(0, Service.seconds(499_999_999L));
        assertEquals(1, Service.seconds(500_000_000L));
        assertEquals(3, Service.seconds(3_499_999_999L));
    }

    @Nested
    @DisplayName("told to restart")
    class Restarting {
        @Test
        void whatIsDownIsStarted() {
            assertEquals("run main start", down().command('r'));
        }

        @Test
        void whatRunsIsEndedAndStartedAgain() {
            Driver driver = Driver.started().pass(2);
            assertEquals("TERM main, CONT main", driver.command('r'));
            assertEquals("run main reset", driver.mainExits(0));
            assertEquals("run main start", driver.mainExits(0));
            assertEquals(2, driver.main().starts());
            assertFalse(driver.main().isAgain());
        }

        @Test
        void whatRunsOnceRunsOnceMore() {
            Driver driver = new Driver(false, false, true);
            driver.activate();
            driver.pass(2).command('r');
            driver.mainExits(0);
            assertEquals("run main start", driver.mainExits(0));
            assertTrue(driver.main().isOnce());
            driver.pass(2).mainExits(0);
            driver.mainExits(0);
            assertPhase(Phase.DOWN, driver.main());
        }

        @Test
        void whatResetsIsStartedAfterwards() {
            Driver driver = resetting();
            driver.command('d');
            assertEquals("", driver.command('r'));
            assertEquals("run main start", driver.mainExits(0));
        }

        @Test
        void whatWaitsGoesOnWaiting() {
            Driver driver = waiting();
            assertEquals("", driver.command('r'));
            assertPhase(Phase.WAITING, driver.main());
        }

        @Test
        void whatIsThenToldToBeDownIsDown() {
            Driver driver = Driver.started().pass(2);
            driver.command('r');
            driver.command('d');
            driver.mainExits(0);
            driver.mainExits(0);
            assertPhase(Phase.DOWN, driver.main());
        }

        @Test
        void aLoggerIsRestartedByItself() {
            assertEquals("TERM log, CONT log", Driver.pair().log('r'));
        }
    }

    @Nested
    @DisplayName("readiness")
    class Readiness {
        @Test
        void isOfAServiceThatTellsItAndRuns() {
            Driver driver = Driver.started();
            driver.service.ready(driver.now);
            assertEquals(-1, driver.main().readyAt());
            driver.service.setTellsReady(true);
            driver.service.ready(driver.now);
            driver.service.ready(driver.now + SECOND);
            assertEquals(driver.now, driver.main().readyAt());
            driver.pass(2).mainExits(0);
            assertEquals(-1, driver.main().readyAt());
            driver.service.ready(driver.now);
            assertEquals(-1, driver.main().readyAt());
        }
    }

    @Test
    void eachCommandHasItsLetter() {
        StringBuilder letters = new StringBuilder();
        for (Command command : Command.values()) {
            letters.append(command.letter());
            assertEquals(command, Command.of(command.letter()));
        }
        assertEquals("udopcUDrahikqtw12", letters.toString());
        assertNull(Command.of('A'));
        assertNull(Command.of(0));
        assertNull(Command.of('x'));
    }
}
