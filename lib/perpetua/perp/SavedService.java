// SPDX-License-Identifier: Apache-2.0
package perpetua.perp;

import perpetua.supervise.Runscript;
import perpetua.supervise.RunscriptState;
import perpetua.supervise.Target;
import perpetua.sys.Reaped;

/**
 * What is kept of a service so that a later perpd can take it back, as text: one fact a line, its name first. A line that is not
 * known is passed over, so that an older perpd reads what a newer one wrote.
 *
 * @param name of its directory at that time
 * @param activated on the monotonic clock
 * @param pipe the inode of its log pipe, 0 if it has none
 * @param readEnd the descriptor of the pipe's end to read, for a program that takes the place of the one that wrote this
 * @param calling whether perpd was about to start a process for one of the two, and for which: MAIN, LOG or NOBODY
 * @param log null if it has no logger
 * @param ready how main says that it is ready, as {@link ReadySignal} knows it; null if it does not
 */
record SavedService(FileKey key, String name, long activated, boolean flagDown, boolean flagOnce, boolean deactivating,
        boolean pipeClosed, long pipe, int readEnd, int writeEnd, int calling, RunscriptState main, RunscriptState log,
        String ready) {
    static final int NOBODY = 0;
    static final int MAIN = 1;
    static final int LOG = 2;

    private static final String HEX = "0123456789abcdef";

    String text() {
        StringBuilder text = new StringBuilder(400);
        text.append("service ").append(key.device()).append(' ').append(key.inode()).append("\nname ");
        escape(name, text);
        text.append("\nactivated ").append(activated).append("\nflags");
        flag("down", flagDown, text);
        flag("once", flagOnce, text);
        flag("deactivating", deactivating, text);
        flag("pipe-closed", pipeClosed, text);
        if (pipe != 0) {
            text.append("\npipe ").append(pipe).append(' ').append(readEnd).append(' ').append(writeEnd);
        }
        if (ready != null) text.append("\nready ").append(ready);
        if (calling != NOBODY) text.append("\ncalling ").append(calling);
        runscript("main", main, text);
        if (log != null) runscript("log", log, text);
        return text.append("\nend\n").toString();
    }

    private static void flag(String word, boolean set, StringBuilder text) {
        if (set) text.append(' ').append(word);
    }

    /** phase, flags, then what is due and the times, then its process, then how the last one ended. */
    private static void runscript(String which, RunscriptState state, StringBuilder text) {
        text.append('\n').append(which).append(' ').append(state.phase().name());
        text.append(' ').append(state.due() == null ? "-" : state.due().word());
        long[] numbers = {state.deadline(), state.notBefore(), bit(state.wantDown()), bit(state.once()), bit(state.paused()),
                bit(state.process()), state.pid(), state.identity(), state.since(), state.lastSeconds(), state.starts(),
                state.readyAt(), state.endedAt(), bit(state.again()), bit(state.stopping()), state.stopStep(), state.stopAt(),
                bit(state.stopGroup())};
        for (long number : numbers) text.append(' ').append(number);
        Reaped last = state.last();
        // A runscript that could not be executed may have had no pid: 0.
        text.append(' ').append(last == null ? -1 : last.pid()).append(' ').append(last == null ? 0 : last.status());
        text.append(' ').append(last == null ? 0 : last.signal());
    }

    private static long bit(boolean set) {
        return set ? 1 : 0;
    }

    /** Blanks, newlines and the like as two hexadecimal digits behind a percent sign. */
    private static void escape(String name, StringBuilder text) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c > ' ' && c < 127 && c != '%') text.append(c);
            else text.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
        }
    }

    private static String unescape(String word) {
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (c == '%') {
                int high = i + 2 < word.length() ? HEX.indexOf(word.charAt(i + 1)) : -1;
                int low = high < 0 ? -1 : HEX.indexOf(word.charAt(i + 2));
                if (low < 0) throw new IllegalArgumentException();
                c = (char) (high << 4 | low);
                i += 2;
            }
            name.append(c);
        }
        return name.toString();
    }

    /** @return null if it is not whole, or not of this kind */
    static SavedService of(String text) {
        FileKey key = null;
        String name = null;
        long activated = 0;
        String flags = " ";
        long[] pipe = {0, -1, -1};
        String ready = null;
        long calling = NOBODY;
        RunscriptState main = null;
        RunscriptState log = null;
        boolean whole = false;
        try {
            for (int at = 0; at < text.length() && !whole; ) {
                int end = text.indexOf('\n', at);
                if (end < 0) return null;
                Fields line = new Fields(text.substring(at, end));
                at = end + 1;
                switch (line.word()) {
                    case "service" -> key = new FileKey(line.number(), line.number());
                    case "name" -> name = unescape(line.word());
                    case "activated" -> activated = line.number();
                    case "flags" -> flags = line.rest();
                    case "pipe" -> pipe = new long[] {line.number(), line.number(), line.number()};
                    case "ready" -> ready = line.rest().trim();
                    case "calling" -> calling = line.number();
                    case "main" -> main = state(line);
                    case "log" -> log = state(line);
                    case "end" -> whole = true;
                    default -> { }
                }
            }
        } catch (IllegalArgumentException e) {
            return null;
        }
        if (!whole || key == null || name == null || name.isEmpty() || main == null) return null;
        return new SavedService(key, name, activated, flags.contains(" down "), flags.contains(" once "),
                flags.contains(" deactivating "), flags.contains(" pipe-closed "), pipe[0], (int) pipe[1], (int) pipe[2],
                (int) calling, main, log, ready);
    }

    private static RunscriptState state(Fields line) {
        Runscript.Phase phase = phase(line.word());
        String due = line.word();
        long deadline = line.number();
        long notBefore = line.number();
        boolean wantDown = line.number() != 0;
        boolean once = line.number() != 0;
        boolean paused = line.number() != 0;
        boolean process = line.number() != 0;
        int pid = (int) line.number();
        long identity = line.number();
        long since = line.number();
        int lastSeconds = (int) line.number();
        int starts = (int) line.number();
        long readyAt = line.number();
        long endedAt = line.number();
        boolean again = line.number() != 0;
        boolean stopping = line.number() != 0;
        int stopStep = (int) line.number();
        long stopAt = line.number();
        boolean stopGroup = line.number() != 0;
        Reaped last = new Reaped((int) line.number(), (int) line.number(), (int) line.number());
        if (phase == Runscript.Phase.RESETTING && last.pid() < 0) throw new IllegalArgumentException();
        return new RunscriptState(phase, due.equals("-") ? null : due.equals("reset") ? Target.RESET : Target.START, deadline,
                notBefore, wantDown, once, paused, pid, process, identity, since, last.pid() < 0 ? null : last, lastSeconds,
                starts, readyAt, endedAt, again, stopping, stopStep, stopAt, stopGroup);
    }

    private static Runscript.Phase phase(String word) {
        for (Runscript.Phase phase : Runscript.Phase.values()) {
            if (phase.name().equals(word)) return phase;
        }
        throw new IllegalArgumentException();
    }

    /** A line's words, one after another. */
    private static final class Fields {
        private final String line;
        private int at;

        Fields(String line) {
            this.line = line;
        }

        String word() {
            if (at >= line.length()) throw new IllegalArgumentException();
            int end = line.indexOf(' ', at);
            if (end < 0) end = line.length();
            String word = line.substring(at, end);
            at = end + 1;
            return word;
        }

        long number() {
            String word = word();
            boolean negative = word.startsWith("-");
            long value = 0;
            for (int i = negative ? 1 : 0; i < word.length(); i++) {
                char digit = word.charAt(i);
                if (digit < '0' || digit > '9' || i > 19) throw new IllegalArgumentException();
                value = value * 10 + digit - '0';
            }
            return negative ? -value : value;
        }

        /** Between blanks, so that a word in it can be sought with them. */
        String rest() {
            return at >= line.length() ? " " : " " + line.substring(at) + " ";
        }
    }
}
