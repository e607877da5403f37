// SPDX-License-Identifier: Apache-2.0
package perpetua.cli;

import perpetua.sys.SysException;

/**
 * The end of a tool, with its sentence and status. Unchecked, and caught in one place: {@link Tool}. It carries no
 * stack trace, since none is ever shown.
 */
public final class Fatal extends RuntimeException {
    /** The status for a mistake of the caller. */
    public static final int MISTAKE = 100;
    /** The status for a failure of the system, a resource or a configuration. */
    public static final int FAILURE = 111;

    private final String kind;
    private final int status;
    private final boolean withUsage;

    private Fatal(String kind, String sentence, int status, boolean withUsage) {
        super(sentence, null, false, false);
        this.kind = kind;
        this.status = status;
        this.withUsage = withUsage;
    }

    /** A mistake on the command line: the sentence, the usage line, status 100. */
    public static Fatal usage(String sentence) {
        return new Fatal("usage error", sentence, MISTAKE, true);
    }

    /** A mistake in what an argument means: the sentence alone, status 100. */
    public static Fatal mistake(String sentence) {
        return new Fatal("fatal", sentence, MISTAKE, false);
    }

    /** A failed system call: the sentence, why, and the symbol; status 111. */
    public static Fatal system(String sentence, SysException why) {
        return of(sentence + ": " + why.getMessage());
    }

    /** Any other failure: the sentence, status 111. */
    public static Fatal of(String sentence) {
        return new Fatal("fatal", sentence, FAILURE, false);
    }

    public int status() {
        return status;
    }

    String kind() {
        return kind;
    }

    boolean withUsage() {
        return withUsage;
    }
}
