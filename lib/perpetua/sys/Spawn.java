// SPDX-License-Identifier: Apache-2.0
package perpetua.sys;

import java.util.ArrayList;
import java.util.List;

/**
 * A child to be started: the program and what is different for it. Everything not named is inherited, except that its
 * signal mask is empty unless it {@link #keepsMask}.
 */
public final class Spawn {
    private final String path;
    private final List<String> argv;
    private List<String> environment;
    private String pidVariable;
    private int directory = -1;
    private boolean newSession;
    private boolean newGroup;
    private boolean controllingTerminal;
    private final List<Signal> defaults = new ArrayList<>();
    private boolean keepsMask;
    private int[] descriptors = {};
    private int pid;

    /**
     * @param path the file, taken as it is, from the child's own directory
     * @param argv from argv[0] on
     */
    public Spawn(String path, List<String> argv) {
        this.path = path;
        this.argv = argv;
    }

    /** The whole environment, {@code NAME=value} each; null for that of this process. */
    public Spawn environment(List<String> variables) {
        this.environment = variables;
        return this;
    }

    /**
     * A variable that is to hold the child's own pid: PERP_SVPID (spec/perp.md section 2.4). Only the
     * child itself can know it in time. Needs an {@link #environment} without that name.
     */
    public Spawn pidVariable(String name) {
        this.pidVariable = name;
        return this;
    }

    /** Its working directory, as an open descriptor, so that it is right even if the name is gone. */
    public Spawn directory(int fd) {
        this.directory = fd;
        return this;
    }

    /** Its own session and process group: setsid(2). */
    public Spawn newSession() {
        this.newSession = true;
        return this;
    }

    /** Its own process group in the session of this process: setpgid(2). */
    public Spawn newGroup() {
        this.newGroup = true;
        return this;
    }

    /** Its own session, and its standard input, which must be a terminal, as that session's controlling one. */
    public Spawn controllingTerminal() {
        this.newSession = true;
        this.controllingTerminal = true;
        return this;
    }

    /** These signals have their default effect in it. Those that are caught here have it anyway. */
    public Spawn defaults(Signal... signals) {
        for (Signal signal : signals) defaults.add(signal);
        return this;
    }

    /** The signals that are blocked here are blocked in it. */
    public Spawn keepMask() {
        this.keepsMask = true;
        return this;
    }

    /**
     * Gives it {@code source} as its descriptor {@code target}. In the order of the calls, so a source must not be an
     * earlier call's target.
     */
    public Spawn descriptor(int target, int source) {
        int[] more = new int[descriptors.length + 2];
        System.arraycopy(descriptors, 0, more, 0, descriptors.length);
        more[descriptors.length] = target;
        more[descriptors.length + 1] = source;
        descriptors = more;
        return this;
    }

    /**
     * Told by the kernel that spawned it where the child could not execute; 0 if there was none. Without a
     * {@link #directory} it may be 0 as well: then it is often one try of several along a path, and nobody asks.
     */
    public void setPid(int pid) {
        this.pid = pid;
    }

    public int pid() {
        return pid;
    }

    public String path() {
        return path;
    }

    public List<String> argv() {
        return argv;
    }

    public List<String> environment() {
        return environment;
    }

    public String pidVariable() {
        return pidVariable;
    }

    public int directory() {
        return directory;
    }

    public boolean isNewSession() {
        return newSession;
    }

    public boolean isNewGroup() {
        return newGroup;
    }

    public boolean hasControllingTerminal() {
        return controllingTerminal;
    }

    public List<Signal> defaults() {
        return defaults;
    }

    public boolean keepsMask() {
        return keepsMask;
    }

    /** Pairs of target and source. */
    public int[] descriptors() {
        return descriptors;
    }
}
