// SPDX-License-Identifier: Apache-2.0
package perpetua.slm;

import java.util.ArrayList;
import java.util.List;
import perpetua.cli.Numbers;

/**
 * A command as it is typed: {@code start -d net}. The client reads it to see whether it is one, slm to do it.
 *
 * @param verb what is to be done
 * @param name of a component or module, null where there is none
 * @param debug start with the arguments for debugging
 * @param verbose say more
 * @param json answer in JSON
 * @param pid only the component of that process; 0 for all
 */
public record Request(Verb verb, String name, boolean debug, boolean verbose, boolean json, int pid) {
    public enum Verb {
        START("start", "dv"), STOP("stop", "v"), RESTART("restart", "dv"),
        ACTIVE("active", "vp"), INACTIVE("inactive", "v"), INITIALIZED("initialized", "v"), STARTING("starting", "v"),
        WAITING("waiting", "v"), STOPPING("stopping", "v"), DEAD("dead", "v"), LISTALL("listall", "v"),
        NEEDS("needs", "v"), USEDBY("usedby", "v"), RELOAD("reload", "");

        private final String word;
        private final String letters;

        Verb(String word, String letters) {
            this.word = word;
            this.letters = letters;
        }

        boolean isControl() {
            return this == START || this == STOP || this == RESTART || this == RELOAD;
        }

        boolean takesName() {
            return this == START || this == STOP || this == RESTART || this == NEEDS || this == USEDBY;
        }
    }

    /** Why a line is no command. */
    public static final class Malformed extends Exception {
        Malformed(String sentence) {
            super(sentence, null, false, false);
        }
    }

    public static Request of(String line) throws Malformed {
        List<String> words = words(line);
        if (words.isEmpty()) throw new Malformed("an empty command");
        Verb verb = verb(words.get(0));
        String letters = "";
        String name = null;
        int pid = 0;
        for (int i = 1; i < words.size(); i++) {
            String word = words.get(i);
            if (word.length() > 1 && word.charAt(0) == '-') {
                for (int at = 1; at < word.length(); at++) {
                    char letter = word.charAt(at);
                    if (letter == 's' && (verb == Verb.STOP || verb == Verb.RESTART)) {
                        throw new Malformed("option -s of " + verb.word + " is not supported");
                    }
                    if (verb.letters.indexOf(letter) < 0 && !(letter == 'j' && !verb.isControl())) {
                        throw new Malformed("unknown option -" + letter + " of " + verb.word);
                    }
                    letters += letter;
                    if (letter != 'p') continue;
                    String text = at + 1 < word.length() ? word.substring(at + 1) : ++i < words.size() ? words.get(i) : "";
                    pid = text.isEmpty() ? -1 : (int) Numbers.decimal(text, Integer.MAX_VALUE);
                    if (pid < 1) throw new Malformed("not a pid: " + text);
                    break;
                }
            } else if (name != null || !verb.takesName()) {
                throw new Malformed("too many words: " + word);
            } else {
                name = word;
            }
        }
        if (verb.takesName() && name == null) throw new Malformed("the name of a component or module is missing");
        return new Request(verb, name, letters.indexOf('d') >= 0, letters.indexOf('v') >= 0, letters.indexOf('j') >= 0, pid);
    }

    /** Whether it changes nothing. */
    public boolean isQuery() {
        return !verb.isControl();
    }

    private static Verb verb(String word) throws Malformed {
        String[] known = new String[Verb.values().length];
        for (Verb each : Verb.values()) {
            if (each.word.equals(word)) return each;
            known[each.ordinal()] = each.word;
        }
        throw new Malformed("unknown command " + word + Nearest.hint(word, known));
    }

    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        for (int at = 0; at < line.length(); ) {
            while (at < line.length() && line.charAt(at) <= ' ') at++;
            int from = at;
            while (at < line.length() && line.charAt(at) > ' ') at++;
            if (at > from) words.add(line.substring(from, at));
        }
        return words;
    }
}
