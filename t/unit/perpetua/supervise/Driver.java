// SPDX-License-Identifier: Apache-2.0
package perpetua.supervise;

import java.util.ArrayList;
import java.util.List;
import perpetua.sys.Reaped;
import perpetua.sys.Signal;

/** Carries a {@link Service} through a test: tells it what happens, and shows what it decides as one line of words. */
final class Driver {
    static final long SECOND = 1_000_000_000L;

    final Service service;
    long now = 5_000 * SECOND;
    private int nextPid = 100;
    private boolean refusing;
    private boolean unrunnable;

    Driver(boolean hasLog, boolean flagDown, boolean flagOnce) {
        service = new Service(hasLog, flagDown, flagOnce);
    }

    /** A service without a logger, activated: its main runs. */
    static Driver started() {
        Driver driver = new Driver(false, false, false);
        driver.activate();
        return driver;
    }

    /** A service with a logger, both running. */
    static Driver pair() {
        Driver driver = new Driver(true, false, false);
        driver.activate();
        return driver;
    }

    /** From now on the system has no process for it. */
    Driver refusing(boolean on) {
        refusing = on;
        return this;
    }

    /** From now on its runscripts can't be executed. */
    Driver unrunnable(boolean on) {
        unrunnable = on;
        return this;
    }

    Driver pass(double seconds) {
        now += Math.round(seconds * SECOND);
        return this;
    }

    String activate() {
        List<Act> acts = new ArrayList<>();
        service.activate(now, acts);
        return carriedOut(acts);
    }

    String deactivate() {
        List<Act> acts = new ArrayList<>();
        service.deactivate(now, acts);
        return carriedOut(acts);
    }

    String command(char letter) {
        return command(letter, false, false);
    }

    String log(char letter) {
        return command(letter, true, false);
    }

    String group(char letter) {
        return command(letter, false, true);
    }

    private String command(char letter, boolean toLog, boolean group) {
        List<Act> acts = new ArrayList<>();
        service.command(Command.of(letter), toLog, group, now, acts);
        return carriedOut(acts);
    }

    /** Main's process exits. */
    String mainExits(int status) {
        return ended(service.main(), status, 0);
    }

    String mainKilled(Signal by) {
        return ended(service.main(), 0, by.number());
    }

    String logExits(int status) {
        return ended(service.log(), status, 0);
    }

    private String ended(Runscript which, int status, int signal) {
        List<Act> acts = new ArrayList<>();
        service.ended(which, new Reaped(which.pid(), status, signal), now, acts);
        return carriedOut(acts);
    }

    /** Time goes on to when something is due. */
    String due() {
        now = Math.max(now, service.deadline());
        return tick();
    }

    /** What is due now. */
    String tick() {
        List<Act> acts = new ArrayList<>();
        service.due(now, acts);
        return carriedOut(acts);
    }

    Runscript main() {
        return service.main();
    }

    Runscript log() {
        return service.log();
    }

    /** Answers calls as the supervisor does, those too that come of them. @return all of it in words */
    private String carriedOut(List<Act> acts) {
        StringBuilder words = new StringBuilder();
        for (int i = 0; i < acts.size(); i++) {
            Act act = acts.get(i);
            if (i > 0) words.append(", ");
            if (act instanceof Act.Run run) {
                words.append("run ").append(name(run.which())).append(' ').append(run.target().word());
                if (refusing) service.refused(run.which(), now);
                else if (unrunnable) service.unrunnable(run.which(), nextPid++, now, acts);
                else service.ran(run.which(), nextPid++, now);
            } else if (act instanceof Act.Kill kill) {
                words.append(kill.signal()).append(' ').append(kill.group() ? "group of " : "")
                        .append(name(kill.which()));
            } else if (act instanceof Act.ClosePipe) {
                words.append("close pipe");
            } else if (act instanceof Act.Forget) {
                words.append("forget");
            } else if (act instanceof Act.TellGoverned told) {
                words.append("govern ").append(name(told.which()));
            } else if (act instanceof Act.TellResetting told) {
                words.append(told.dropped() ? "drop " : "tell ").append(told.signal());
            }
        }
        return words.toString();
    }

    private static String name(Runscript which) {
        return which.isLog() ? "log" : "main";
    }
}
