// SPDX-License-Identifier: Apache-2.0
package perpetua.supervise;

import java.util.ArrayList;
import java.util.List;
import perpetua.sys.Signal;

/**
 * How a service is stopped: signals, and how long each is given before the next one. It is the one line of the file {@code stop} of a
 * service directory, such as {@code TERM 10 INT 5 KILL}: signals by their names, and the seconds to wait after each but the
 * last. Without such a file there is one signal, TERM, and no end to the wait, as in perp.
 */
public final class StopPlan {
    /** The longest wait: a day. */
    public static final int MOST_SECONDS = 86_400;
    /** As in perp. */
    public static final StopPlan STANDARD = new StopPlan(List.of(Signal.TERM), List.of());

    private final List<Signal> signals;
    private final List<Integer> seconds;

    private StopPlan(List<Signal> signals, List<Integer> seconds) {
        this.signals = signals;
        this.seconds = seconds;
    }

    /** @return null for a text that is no such line */
    public static StopPlan of(String text) {
        int end = text.indexOf('\n');
        String line = end < 0 ? text : text.substring(0, end);
        List<Signal> signals = new ArrayList<>();
        List<Integer> seconds = new ArrayList<>();
        for (int at = 0; at < line.length(); ) {
            if (isBlank(line.charAt(at))) {
                at++;
                continue;
            }
            int from = at;
            while (at < line.length() && !isBlank(line.charAt(at))) at++;
            String word = line.substring(from, at);
            if (signals.size() == seconds.size()) {
                Signal signal = signal(word);
                if (signal == null) return null;
                signals.add(signal);
            } else {
                int wait = seconds(word);
                if (wait < 0) return null;
                seconds.add(wait);
            }
        }
        return signals.isEmpty() ? null : new StopPlan(signals, seconds);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\r';
    }

    private static Signal signal(String word) {
        String name = word.startsWith("SIG") ? word.substring(3) : word;
        for (Signal signal : Signal.values()) {
            if (signal.name().equals(name)) return signal;
        }
        return null;
    }

    private static int seconds(String word) {
        int value = 0;
        for (int i = 0; i < word.length(); i++) {
            char digit = word.charAt(i);
            if (digit < '0' || digit > '9') return -1;
            value = value * 10 + digit - '0';
            if (value > MOST_SECONDS) return -1;
        }
        return value;
    }

    /** How many signals there are. */
    public int size() {
        return signals.size();
    }

    public Signal signal(int step) {
        return signals.get(step);
    }

    /** @return how long to wait after that signal, in nanoseconds; negative if nothing follows it */
    long nanosAfter(int step) {
        return step + 1 < signals.size() ? seconds.get(step) * 1_000_000_000L : -1;
    }
}
