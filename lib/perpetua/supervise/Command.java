// SPDX-License-Identifier: Apache-2.0
package perpetua.supervise;

import perpetua.sys.Signal;

/**
 * What a supervisor can be told to do with a service: perpctl's letters, which are the bytes on the wire. {@link #RESTART} is
 * not perp's.
 */
public enum Command {
    UP('u'), DOWN('d'), ONCE('o'), PAUSE('p'), CONTINUE('c'), UP_BOTH('U'), DOWN_BOTH('D'),
    RESTART('r'),
    ALARM('a', Signal.ALRM), HANGUP('h', Signal.HUP), INTERRUPT('i', Signal.INT), KILL('k', Signal.KILL),
    QUIT('q', Signal.QUIT), TERMINATE('t', Signal.TERM), WINDOW('w', Signal.WINCH), USER1('1', Signal.USR1),
    USER2('2', Signal.USR2);

    private final char letter;
    private final Signal signal;

    Command(char letter) {
        this(letter, null);
    }

    Command(char letter, Signal signal) {
        this.letter = letter;
        this.signal = signal;
    }

    public char letter() {
        return letter;
    }

    /** The signal that it sends and nothing else; null if it means more. */
    public Signal signal() {
        return signal;
    }

    /** Whether it ends what runs, and so by the {@link StopPlan}. */
    public boolean stops() {
        return this == DOWN || this == DOWN_BOTH || this == RESTART;
    }

    /** @return null for a letter that is none */
    public static Command of(int letter) {
        for (Command command : values()) {
            if (command.letter == letter) return command;
        }
        return null;
    }
}
