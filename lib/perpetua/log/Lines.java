// SPDX-License-Identifier: Apache-2.0
package perpetua.log;

/**
 * Makes the lines that are kept out of the bytes that are read (spec/perp.md section 5): empty lines are dropped,
 * control characters other than tab become question marks, every line has a newline and no more bytes before it than
 * allowed. Holds one line and no more, however long what is read may be.
 *
 * <p>Bytes from 128 on pass: they are text in UTF-8 and control characters in no file that people read.
 */
public final class Lines {
    /** Who takes the lines. */
    public interface Taker {
        /** @param length with the newline; the array is filled anew afterwards */
        void line(byte[] line, int length);
    }

    private final boolean continued;
    private final UtcStamp stamp;
    private final int start;
    private final int longest;
    private final byte[] line;
    private int at;
    private boolean continuation;

    /**
     * @param longest with the timestamp, without the newline
     * @param stamp what each line begins with, null for nothing
     * @param continued whether what does not fit goes on in a line of its own; otherwise it is discarded
     */
    public Lines(int longest, UtcStamp stamp, boolean continued) {
        this.longest = longest;
        this.line = new byte[longest + 1];
        this.stamp = stamp;
        this.continued = continued;
        this.start = stamp == null ? 0 : UtcStamp.LENGTH + 2;
        this.at = start;
    }

    /** Takes apart what was read. */
    public void read(byte[] bytes, int count, Taker taker) {
        byte[] into = line;
        int most = longest;
        int place = at;
        for (int i = 0; i < count; i++) {
            byte b = bytes[i];
            if (b == '\n') {
                if (place > start) end(place, taker);
                place = start;
                continuation = false;
                continue;
            }
            if (place == most) {
                if (!continued) continue;
                end(place, taker);
                place = start;
                continuation = true;
            }
            into[place++] = b >= ' ' || b < 0 || b == '\t' ? b : (byte) '?';
        }
        at = place;
    }

    /** There is nothing more: a last line without newline gets one. */
    public void end(Taker taker) {
        if (at > start) end(at, taker);
        at = start;
    }

    /** Whether the line that is being handed out goes on where the one before it was full. */
    public boolean isContinuation() {
        return continuation;
    }

    private void end(int length, Taker taker) {
        if (stamp != null) {
            System.arraycopy(stamp.bytes(), 0, line, 0, UtcStamp.LENGTH);
            line[UtcStamp.LENGTH] = ':';
            line[UtcStamp.LENGTH + 1] = ' ';
        }
        line[length] = '\n';
        taker.line(line, length + 1);
    }
}
