// SPDX-License-Identifier: Apache-2.0
package perpetua.slm;

import java.util.ArrayList;
import java.util.List;
import perpetua.act.Schedule;

/** A component as the configuration defines it; {@link Reader} fills it in, then it stays as it is. */
public final class Component {
    /** What slm does itself where the command is a built-in. */
    enum Builtin { NO_OP, SYMLINK, MKDIR, SYSTEM }

    public enum Repair { DEFAULT, NONE, STOP, RESTART }

    /** Which variables are dropped before others are set. */
    enum Clear { NONE, LOGIN, ALL }

    /** One prerequisite. */
    record Need(String name, boolean stateless, Place place) {
    }

    /** A file for a standard stream, and how it is opened: a sum of the constants of Open. */
    record Stream(String path, int flags) {
    }

    /** A control group and what it is to have; null leaves that as it is. */
    record Partition(String name, String weight, String max) {
        boolean isMade() {
            return weight != null || max != null;
        }
    }

    /** Ids as they were written: either may be null. */
    record User(String user, String group) {
    }

    final String name;
    final Place place;
    String command;
    Builtin builtin;
    boolean session;
    boolean fullPath;
    List<String> args = List.of();
    /** The same, as it was written. */
    String argsText = "";
    /** Null where there are none: then the others serve for debugging too. */
    List<String> debugArgs;
    String directory;
    Clear clear;
    final List<String> variables = new ArrayList<>();
    User user;
    /** Null where they are not named. */
    List<String> groups;
    String terminal;
    Stream input;
    Stream output;
    Stream errors;
    Schedule schedule;
    int[] processors;
    Partition partition;
    /** Sets of CapabilitySet, by the privilege that the component has in the end: 0 as root, 1 as another user. */
    final long[] denied = new long[2];
    final long[] allowed = new long[2];
    final boolean[] locked = new boolean[2];
    boolean hasAbilities;
    String label;
    final List<Need> needs = new ArrayList<>();
    final List<Wait> waits = new ArrayList<>();
    Repair repair = Repair.DEFAULT;
    /** -1 for what slm was told. */
    long backoffMillis = -1;
    boolean stopsBySignal = true;
    int stopSignal = 15;
    boolean stopsChildren;
    long stopMillis = 5000;

    /** The run tools in front of its program, each with its words; {@link Links} makes them. */
    List<List<String>> links = List.of();

    Component(String name, Place place) {
        this.name = name;
        this.place = place;
    }

    /** The exit code that is a success, null where none is. */
    Integer expectedExit() {
        for (Wait wait : waits) {
            if (wait.kind() == Wait.Kind.EXITS) return wait.value();
        }
        return null;
    }

    Refusal refusal(String sentence) {
        return new Refusal(place, sentence);
    }
}
