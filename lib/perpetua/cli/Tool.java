// SPDX-License-Identifier: Apache-2.0
package perpetua.cli;

import java.util.List;
import perpetua.chain.Chain;
import perpetua.sys.Kernel;

/** A command of the suite: what it accepts and what it does. */
public final class Tool {
    /** The body of a tool. */
    public interface Body {
        /** @return the exit status; most tools end with {@code return chain.exec(...)} and so never come back */
        int run(Args args, Kernel kernel, Chain chain);
    }

    /** What is wrong with an option's argument, where that is to be said before the next word is read. */
    public interface OptionCheck {
        /** @throws Fatal if it is wrong */
        void judge(char letter, String value);
    }

    private final Usage usage;
    private final Body body;
    private final OptionCheck check;

    private Tool(Usage usage, Body body, OptionCheck check) {
        this.usage = usage;
        this.body = body;
        this.check = check;
    }

    public static Tool of(Usage usage, Body body) {
        return new Tool(usage, body, (letter, value) -> { });
    }

    /** The same, with arguments of options judged as they are read: before a later {@code -h} or unknown option. */
    public Tool judging(OptionCheck other) {
        return new Tool(usage, body, other);
    }

    public Usage usage() {
        return usage;
    }

    /**
     * Runs it and turns whatever happens into a status and at most one sentence: the one place where a {@link Fatal} is
     * caught, and where anything else is kept from becoming a stack trace.
     *
     * @param words from argv[0] on
     */
    public int run(List<String> words, Kernel kernel, Chain chain) {
        Args args = Args.of(usage, kernel, words);
        try {
            return args.parse(check) ? body.run(args, kernel, chain) : 0;
        } catch (Fatal fatal) {
            args.complain(fatal);
            return fatal.status();
        } catch (Throwable defect) {
            // One line, whatever its message holds: a logger must not take the rest for messages of their own.
            args.complain("fatal", "defect in this program: " + defect.toString().replace('\n', ' '));
            return Fatal.FAILURE;
        }
    }
}
