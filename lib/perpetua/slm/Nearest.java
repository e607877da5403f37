// SPDX-License-Identifier: Apache-2.0
package perpetua.slm;

/** The known word that somebody may have meant. */
final class Nearest {
    private Nearest() {
    }

    /** @return {@code "; did you mean X?"} for the one that is at most two letters away, otherwise nothing */
    static String hint(String word, String... known) {
        return hint(word, 3, known);
    }

    /** The same for the nearest of them, however far that is. */
    static String any(String word, String... known) {
        return hint(word, Integer.MAX_VALUE, known);
    }

    private static String hint(String word, int limit, String[] known) {
        String best = null;
        int least = limit;
        for (String each : known) {
            int distance = word.length() > 64 ? least : distance(word, each);
            if (distance < least) {
                least = distance;
                best = each;
            }
        }
        return best == null ? "" : "; did you mean " + best + "?";
    }

    /** How many letters must be put in, taken out or exchanged. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) row[j] = j;
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                int exchange = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(exchange, Math.min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[b.length()];
    }
}
