// SPDX-License-Identifier: Apache-2.0
package perpetua.slm;

/** What {@link Engine} has done, by whoever can. */
public interface World {
    /** Why a start failed: its message is the sentence. */
    final class Failed extends Exception {
        Failed(String sentence) {
            super(sentence, null, false, false);
        }
    }

    /** Errors, warnings, what is done, what is marked and spawned, what is waited for: how much of it is said. */
    int ERROR = 1;
    int WARNING = 2;
    int NOTICE = 3;
    int INFO = 4;
    int DETAIL = 5;

    /** Starts its process, or does what its built-in command says. @return the pid, 0 where there is no process */
    int start(Node node) throws Failed;

    /** Whether that has happened. */
    boolean isSatisfied(Node node, Wait wait);

    /** Sends its process a signal and, where it is to be so, before that all that descends from it, the deepest first. */
    void signal(Node node, int signal, boolean children);

    /** Its process is nobody's concern any more. */
    void forget(Node node);

    /** {@link Engine#due} is to be called then; a negative time: not at all. One time for each. */
    void timer(Node node, long nanos);

    void say(int level, String sentence);
}
