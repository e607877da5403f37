// SPDX-License-Identifier: Apache-2.0
package perpetua.act;

import perpetua.act.Limits.Kind;
import perpetua.cli.Args;
import perpetua.cli.Fatal;
import perpetua.cli.Numbers;
import perpetua.sys.Kernel;

/** Soft limits in one word, as runtool -R takes them: {@code o=50:c=0:s=!} (spec/perp.md section 6, runtool). */
public final class LimitList {
    /** Those of runlimit's letters that perp has here. */
    private static final String LETTERS = "acdfmoprst";
    /** perp writes past its buffer where a value is longer. */
    private static final int LONGEST_VALUE = 39;

    private LimitList() {
    }

    /** Sets them all, or none. @throws Fatal a usage error for a part that is wrong */
    public static void apply(Args args, Kernel kernel, String list) {
        Limits limits = new Limits(args, kernel, false);
        for (int from = 0; from < list.length(); ) {
            if (from + 1 == list.length() || list.charAt(from + 1) != '=') throw badFormat(list);
            char letter = list.charAt(from);
            int to = list.indexOf(':', from + 2);
            if (to < 0) to = list.length();
            if (to > from + 2) note(limits, letter, list.substring(from + 2, to), list);
            from = to + 1;
        }
        limits.apply();
    }

    private static void note(Limits limits, char letter, String value, String list) {
        if (LETTERS.indexOf(letter) < 0 || value.length() > LONGEST_VALUE) throw badFormat(list);
        boolean toTheHard = value.charAt(0) == '!';
        long number = toTheHard ? 0 : Numbers.size(value);
        if (number == Numbers.NONE) throw Fatal.usage("bad numeric argument for runlimit option -R :" + value);
        for (Kind kind : letter == 'm' ? Limits.MEMORY : new Kind[] {Kind.of(letter)}) {
            if (toTheHard) limits.wishHard(kind);
            else limits.wish(kind, number);
        }
    }

    private static Fatal badFormat(String list) {
        return Fatal.usage("bad format in runlimit argument " + list);
    }
}
