// SPDX-License-Identifier: Apache-2.0
package perpetua.slm;

import perpetua.act.Schedule;
import perpetua.cli.Numbers;
import perpetua.sys.Scheduling;

/**
 * A priority of QNX: a number, 10 being usual and larger being more urgent, and a letter for the policy. For f and r the
 * number is the priority of real time; for o, or no letter, the nice value is as far below 0 as the number is above 10.
 */
public final class Priority {
    private static final int USUAL = 10;
    private static final int MOST = 99;
    private static final int MOST_OF_QNX = 255;

    private Priority() {
    }

    /** @return null if the text is none */
    public static Schedule of(String text) {
        char last = text.isEmpty() ? ' ' : text.charAt(text.length() - 1);
        boolean letter = last < '0' || last > '9';
        String digits = letter && !text.isEmpty() ? text.substring(0, text.length() - 1) : text;
        long number = digits.isEmpty() ? Numbers.NONE : Numbers.decimal(digits, MOST_OF_QNX);
        if (number < 1 || number > MOST) return null;
        return switch (letter ? last : 'o') {
            case 'f' -> new Schedule(Scheduling.FIFO, (int) number, null);
            case 'r' -> new Schedule(Scheduling.ROUND_ROBIN, (int) number, null);
            case 'o' -> new Schedule(Scheduling.OTHER, 0, (int) Math.max(-20, Math.min(19, USUAL - number)));
            default -> null;
        };
    }

    static Schedule of(String text, Place place) throws Refusal {
        Schedule schedule = of(text);
        if (schedule == null) {
            throw new Refusal(place, "QNX priority " + text + " has no Linux equivalent; use 1..99 and f, r or o");
        }
        return schedule;
    }
}
