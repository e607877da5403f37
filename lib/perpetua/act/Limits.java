// SPDX-License-Identifier: Apache-2.0
package perpetua.act;

import perpetua.cli.Args;
import perpetua.cli.Fatal;
import perpetua.cli.Numbers;
import perpetua.sys.Errno;
import perpetua.sys.Kernel;
import perpetua.sys.Limit;
import perpetua.sys.Resource;
import perpetua.sys.SysException;

/**
 * The limits, soft ones as a rule, that the next program is to have: gathered from options, files and the environment, applied at the
 * end and all together, so that a mistake in the last of them changes nothing.
 */
public final class Limits {
    /** What {@code -m} bounds, all at once. */
    public static final Kind[] MEMORY = {Kind.AS, Kind.DATA, Kind.MEMLOCK, Kind.STACK};

    /**
     * What can be limited, in the order in which the limits are applied (spec/perp.md section 6, runlimit). The letters
     * are runlimit's options.
     */
    public enum Kind {
        AS(Resource.AS, 'a'),
        // The BSD name of the same thing; applied later, so it wins where both are given.
        VMEM(Resource.AS, '-'),
        CORE(Resource.CORE, 'c'),
        DATA(Resource.DATA, 'd'),
        FSIZE(Resource.FSIZE, 'f'),
        MEMLOCK(Resource.MEMLOCK, 'l'),
        NOFILE(Resource.NOFILE, 'o'),
        NPROC(Resource.NPROC, 'p'),
        RSS(Resource.RSS, 'r'),
        STACK(Resource.STACK, 's'),
        CPU(Resource.CPU, 't'),
        // Newer than perp, so without a letter.
        NICE(Resource.NICE, '-'),
        RTPRIO(Resource.RTPRIO, '-'),
        RTTIME(Resource.RTTIME, '-'),
        SIGPENDING(Resource.SIGPENDING, '-'),
        MSGQUEUE(Resource.MSGQUEUE, '-');

        private final Resource resource;
        /** A dash, which is no option, for those that have none. */
        private final char letter;

        Kind(Resource resource, char letter) {
            this.resource = resource;
            this.letter = letter;
        }

        /** As in files and the environment: {@code RLIMIT_CORE}. */
        public String title() {
            return "RLIMIT_" + name();
        }

        /** @return null for a letter that stands for none */
        public static Kind of(char letter) {
            for (Kind kind : values()) {
                if (kind.letter == letter && letter != '-') return kind;
            }
            return null;
        }

        /** @return null for a title that is none */
        public static Kind of(String title) {
            for (Kind kind : values()) {
                if (kind.title().equals(title)) return kind;
            }
            return null;
        }
    }

    private final Args args;
    private final Kernel kernel;
    private boolean warns;
    private final boolean hardToo;
    private final Limit[] wishes = new Limit[Kind.values().length];

    /** @param hardToo whether a wish is for the hard limit as well, which it may then exceed */
    public Limits(Args args, Kernel kernel, boolean hardToo) {
        this.args = args;
        this.kernel = kernel;
        this.hardToo = hardToo;
    }

    /** From now on it is said where a wish is cut down to the hard limit. */
    public void warn() {
        warns = true;
    }

    public boolean has(Kind kind) {
        return wishes[kind.ordinal()] != null;
    }

    /**
     * Notes a wish from the command line; a later one replaces it.
     *
     * @param prefix names the option in messages: {@code option -o: }
     * @throws Fatal a usage error if the text is no number
     */
    public void option(Kind kind, String text, String prefix) {
        note(kind, text, prefix, "");
    }

    /**
     * Notes a wish from a file or the environment, unless there is one already, which then stands unread.
     *
     * @param origin names the source in messages: {@code lim}, {@code environment}
     * @throws Fatal a usage error if the text is empty or no number
     */
    public void otherwise(Kind kind, String text, String origin) {
        if (has(kind)) return;
        if (text.isEmpty()) {
            throw Fatal.usage("NULL or empty argument for resource " + kind.title() + " found in " + origin);
        }
        note(kind, text, "", " from " + origin);
    }

    /** Whatever begins so means the hard limit; perp documents two of the three signs. */
    private static boolean meansHard(String text) {
        return !text.isEmpty() && "=^_".indexOf(text.charAt(0)) >= 0;
    }

    /**
     * What a text asks for.
     *
     * @return for a sign that means the hard limit, any number
     * @throws Fatal a usage error if it is no number
     */
    public static long value(Kind kind, String text, String prefix, String suffix) {
        long value = meansHard(text) ? 0 : Numbers.size(text);
        if (value == Numbers.NONE) {
            throw Fatal.usage(prefix + "non-numeric argument for resource " + kind.title() + suffix + ": " + text);
        }
        return value;
    }

    private void note(Kind kind, String text, String prefix, String suffix) {
        boolean toTheHard = meansHard(text);
        note(kind, value(kind, text, prefix, suffix), toTheHard, prefix, suffix);
    }

    /** Notes a wish from the command line; a later one replaces it. */
    public void wish(Kind kind, long value) {
        note(kind, value, false, "", "");
    }

    /** Notes the wish to be let up to the hard limit. */
    public void wishHard(Kind kind) {
        note(kind, 0, true, "", "");
    }

    /**
     * Notes a wish for both limits, from the command line: {@code nofile=64}, soft; {@code nofile=64:128}, soft and hard.
     *
     * @throws Fatal a usage error if the text is none
     */
    public void named(String text, String prefix) {
        int equals = text.indexOf('=');
        int colon = text.indexOf(':', equals + 1);
        StringBuilder title = new StringBuilder("RLIMIT_");
        for (int i = 0; i < equals; i++) {
            char c = text.charAt(i);
            title.append(c >= 'a' && c <= 'z' ? (char) (c - 32) : c);
        }
        Kind kind = Kind.of(title.toString());
        long soft = named(text.substring(equals + 1, colon < 0 ? text.length() : colon));
        long hard = colon < 0 ? soft : named(text.substring(colon + 1));
        if (kind == null || soft == NO_NUMBER || hard == NO_NUMBER) throw Fatal.usage(prefix + "no limit: " + text);
        note(kind, soft, false, prefix, "");
        if (has(kind) && colon >= 0) wishes[kind.ordinal()] = new Limit(soft, hard);
    }

    /** What is no number, so that no limit, which is -1 as {@link Numbers#NONE} is, can be told from it. */
    private static final long NO_NUMBER = Long.MIN_VALUE;

    private static long named(String text) {
        if (text.equals("unlimited")) return Limit.INFINITY;
        long number = text.isEmpty() ? Numbers.NONE : Numbers.size(text);
        return number == Numbers.NONE ? NO_NUMBER : number;
    }

    private void note(Kind kind, long value, boolean toTheHard, String prefix, String suffix) {
        Limit limit;
        try {
            limit = kernel.limit(kind.resource);
        } catch (SysException e) {
            if (e.is(Errno.EINVAL)) {
                if (warns) {
                    args.say(args.program() + " warning: " + prefix + kind.title() + suffix
                            + " is not provided on this platform");
                }
                return;
            }
            throw Fatal.system(prefix + "failure getrlimit() for resource " + kind.title() + suffix, e);
        }
        long wish = toTheHard ? limit.hard() : value;
        // perp says it for a wish that equals the hard limit too, unless it was asked for by a sign.
        if (warns && !hardToo && !toTheHard && (wish == limit.hard() || limit.exceededBy(wish))) {
            args.say(args.program() + " warning: " + prefix + "truncating runlimit request for " + kind.title() + suffix
                    + " to hard limit: " + Long.toUnsignedString(limit.hard()));
        }
        wishes[kind.ordinal()] = hardToo ? new Limit(wish, wish) : limit.withSoft(wish);
    }

    /** Sets them, in the order of {@link Kind}. @throws Fatal if the kernel refuses one */
    public void apply() {
        for (Kind kind : Kind.values()) {
            Limit wish = wishes[kind.ordinal()];
            if (wish == null) continue;
            try {
                kernel.setLimit(kind.resource, wish);
            } catch (SysException e) {
                throw Fatal.system("failure setrlimit() for resource " + kind.title(), e);
            }
        }
    }
}
