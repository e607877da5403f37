// SPDX-License-Identifier: Apache-2.0
package perpetua.log;

import perpetua.sys.Bytes;

/** A moment as the loggers write it: {@code YYYYMMDDThhmmss.uuuuuu}, in UTC. Made anew only in what has changed. */
public final class UtcStamp {
    public static final int LENGTH = 22;

    private static final long DAY = 86400;

    private final byte[] text = Bytes.of("00000000T000000.000000");
    private long day = Long.MIN_VALUE;
    private long second = Long.MIN_VALUE;

    /** @param nanos since 1970 */
    public void set(long nanos) {
        long seconds = Math.floorDiv(nanos, 1_000_000_000L);
        if (seconds != second) {
            second = seconds;
            if (Math.floorDiv(seconds, DAY) != day) setDay(Math.floorDiv(seconds, DAY));
            int ofDay = (int) Math.floorMod(seconds, DAY);
            digits(9, 2, ofDay / 3600);
            digits(11, 2, ofDay / 60 % 60);
            digits(13, 2, ofDay % 60);
        }
        digits(16, 6, (int) (Math.floorMod(nanos, 1_000_000_000L) / 1000));
    }

    /** Its {@link #LENGTH} bytes, to be read only; they change with the next {@link #set}. */
    public byte[] bytes() {
        return text;
    }

    @Override
    public String toString() {
        return Bytes.text(text, 0, LENGTH);
    }

    /** The civil date, counted in eras of 400 years that begin in March, so that the leap day is the last of its year. */
    private void setDay(long days) {
        day = days;
        long shifted = days + 719468;
        long era = Math.floorDiv(shifted, 146097);
        int ofEra = (int) (shifted - era * 146097);
        int yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36524 - ofEra / 146096) / 365;
        int ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int march = (5 * ofYear + 2) / 153;
        int month = march < 10 ? march + 3 : march - 9;
        digits(0, 4, (int) (yearOfEra + era * 400) + (month <= 2 ? 1 : 0));
        digits(4, 2, month);
        digits(6, 2, ofYear - (153 * march + 2) / 5 + 1);
    }

    private void digits(int from, int count, int number) {
        for (int i = from + count; i-- > from; number /= 10) text[i] = (byte) ('0' + number % 10);
    }
}
