// SPDX-License-Identifier: Apache-2.0
package perpetua.act;

import perpetua.cli.Fatal;
import perpetua.cli.Numbers;
import perpetua.sys.Kernel;
import perpetua.sys.Signal;
import perpetua.sys.SysException;

/**
 * A wait before the next program runs, which SIGALRM ends early. That program has SIGALRM as the system has it.
 *
 * @param seconds 0 for one without end
 */
public record Pause(long seconds) {
    /** Seconds are 32 bits in perp. */
    public static final long MOST_SECONDS = 0xffffffffL;

    /** @throws Fatal a usage error with that sentence if the text is no number */
    public static Pause of(String text, String sentence) {
        long seconds = Numbers.decimal(text, MOST_SECONDS);
        if (seconds == Numbers.NONE) throw Fatal.usage(sentence);
        return new Pause(seconds);
    }

    public void take(Kernel kernel) {
        try {
            kernel.sleep(seconds == 0 ? -1 : seconds * 1_000_000_000L);
            // Also where it was ignored before.
            kernel.restoreDefault(Signal.ALRM);
        } catch (SysException e) {
            throw Fatal.system("failure waiting for " + seconds + " seconds", e);
        }
    }
}
