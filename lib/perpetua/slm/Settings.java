// SPDX-License-Identifier: Apache-2.0
package perpetua.slm;

import perpetua.cli.Numbers;

/**
 * What the command line of slm settles for all components.
 *
 * @param repair what {@code repair default} means; not DEFAULT
 * @param attempts how many recoveries there are in a {@code unitNanos}
 * @param backoffMillis what a component without one of its own has
 * @param pollMillis how often to look for something
 * @param timeoutMillis how long; 0 for ever
 */
public record Settings(Component.Repair repair, int attempts, long unitNanos, long backoffMillis, long pollMillis,
        long timeoutMillis) {
    private static final long SECOND = 1_000_000_000L;

    /** @return null if the word is none of none, stop, replace */
    static Component.Repair repair(String word) {
        return switch (word) {
            case "none" -> Component.Repair.NONE;
            case "stop" -> Component.Repair.STOP;
            case "replace" -> Component.Repair.RESTART;
            default -> null;
        };
    }

    /**
     * @param mode none, stop or replace
     * @param rate a number, a slash, and sec, min or hour
     * @return null if one of these two is neither
     */
    public static Settings of(String mode, String rate, long backoffMillis, long pollMillis, long timeoutMillis) {
        int slash = rate.indexOf('/');
        long attempts = slash < 1 ? Numbers.NONE : Numbers.decimal(rate.substring(0, slash), 1000);
        long unit = switch (slash < 1 ? "" : rate.substring(slash + 1)) {
            case "sec" -> SECOND;
            case "min" -> 60 * SECOND;
            case "hour" -> 3600 * SECOND;
            default -> 0;
        };
        if (repair(mode) == null || attempts < 0 || unit == 0) return null;
        return new Settings(repair(mode), (int) attempts, unit, backoffMillis, pollMillis, timeoutMillis);
    }
}
