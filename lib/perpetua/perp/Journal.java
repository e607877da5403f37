// SPDX-License-Identifier: Apache-2.0
package perpetua.perp;

import perpetua.sys.Bytes;
import perpetua.sys.Kernel;
import perpetua.sys.PollSet;
import perpetua.sys.SysException;

/**
 * What perpd says of itself, on standard error: a line for each event, in one write, with its priority first, so that
 * a logger can classify it (spec/perp.md section 1.3).
 */
final class Journal {
    private final Kernel kernel;
    private final String name;
    private final PollSet set = new PollSet();
    private int lost;

    Journal(Kernel kernel, String program) {
        this.kernel = kernel;
        this.name = program + "[" + kernel.pid() + "]: ";
    }

    void info(String sentence) {
        line(name + sentence);
    }

    void warning(String sentence) {
        line("warning: " + name + sentence);
    }

    void warning(String sentence, SysException why) {
        warning(sentence + ": " + why.getMessage());
    }

    void error(String sentence) {
        line("error: " + name + sentence);
    }

    private void line(String text) {
        byte[] bytes = Bytes.of(text + "\n");
        // A service may be called anything; what it is called must not look like a line of its own.
        for (int i = 0; i < bytes.length - 1; i++) {
            if (bytes[i] >= 0 && bytes[i] < ' ' && bytes[i] != '\t') bytes[i] = '?';
        }
        try {
            // Whoever reads it may have stopped reading, and a supervisor must not wait for that.
            set.clear();
            set.add(2, PollSet.OUT);
            if (kernel.poll(set, 0) == 0) {
                lost++;
                return;
            }
            if (lost > 0) {
                byte[] gap = Bytes.of("warning: " + name + "lines lost here: " + lost + "\n");
                lost = 0;
                kernel.write(2, gap, 0, gap.length);
            }
            kernel.write(2, bytes, 0, bytes.length);
        } catch (SysException nobodyListens) {
            // perpd goes on without its log, as without anything else.
        }
    }
}
