// SPDX-License-Identifier: Apache-2.0
package perpetua.act;

import java.util.Arrays;
import perpetua.cli.Fatal;
import perpetua.cli.Numbers;
import perpetua.sys.Kernel;
import perpetua.sys.SysException;

/** Which processors a process may run on: their numbers, rising. */
public final class Processors {
    private static final int MOST = 1023;

    private Processors() {
    }

    /** A list such as {@code 0,2-3}. @return null if the text is none */
    public static int[] list(String text) {
        boolean[] wanted = new boolean[MOST + 1];
        for (int from = 0; from <= text.length(); ) {
            int to = text.indexOf(',', from);
            if (to < 0) to = text.length();
            String part = text.substring(from, to);
            int dash = part.indexOf('-');
            long first = number(dash < 0 ? part : part.substring(0, dash));
            long last = dash < 0 ? first : number(part.substring(dash + 1));
            if (first == Numbers.NONE || last < first) return null;
            for (long i = first; i <= last; i++) wanted[(int) i] = true;
            from = to + 1;
        }
        return numbers(wanted);
    }

    private static long number(String text) {
        return text.isEmpty() ? Numbers.NONE : Numbers.decimal(text, MOST);
    }

    /**
     * A mask as strtol(3) reads it with base 0: {@code 5}, {@code 0x5} and {@code 05} are the processors 0 and 2. Up to 32 bits.
     *
     * @return null if the text is none; empty for 0
     */
    public static int[] mask(String text) {
        long bits = Numbers.anyBase(text);
        if (bits == Numbers.NONE || bits > 0xffffffffL) return null;
        boolean[] wanted = new boolean[32];
        for (int i = 0; i < wanted.length; i++) wanted[i] = (bits >> i & 1) != 0;
        return numbers(wanted);
    }

    private static int[] numbers(boolean[] wanted) {
        int[] numbers = new int[wanted.length];
        int count = 0;
        for (int i = 0; i < wanted.length; i++) {
            if (wanted[i]) numbers[count++] = i;
        }
        return Arrays.copyOf(numbers, count);
    }

    /** As {@link #list} reads it. */
    public static String shown(int[] numbers) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < numbers.length; ) {
            int last = i;
            while (last + 1 < numbers.length && numbers[last + 1] == numbers[last] + 1) last++;
            if (i > 0) text.append(',');
            text.append(numbers[i]);
            if (last > i) text.append('-').append(numbers[last]);
            i = last + 1;
        }
        return text.toString();
    }

    /** The kernel would pass over those that this process may not use. @throws Fatal if there is one, by its number */
    public static void check(Kernel kernel, int[] wanted) {
        int[] allowed = allowed(kernel);
        for (int each : wanted) {
            if (Arrays.binarySearch(allowed, each) >= 0) continue;
            throw Fatal.of("unable to use processor " + each + ": this process may use " + shown(allowed));
        }
    }

    private static int[] allowed(Kernel kernel) {
        try {
            return kernel.processors();
        } catch (SysException e) {
            throw Fatal.system("unable to ask for the processors of this process", e);
        }
    }

    /** @throws Fatal if one of them may not be used */
    public static void assume(Kernel kernel, int[] wanted) {
        check(kernel, wanted);
        try {
            kernel.setProcessors(wanted);
        } catch (SysException e) {
            throw Fatal.system("unable to use processors " + shown(wanted), e);
        }
    }
}
