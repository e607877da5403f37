// SPDX-License-Identifier: Apache-2.0
package perpetua.slm;

import java.util.HashMap;
import java.util.Map;
import perpetua.act.CapabilitySet;

/** What the document type declares: names of files that may be included. Everything else that XML can declare is refused. */
final class Entities {
    private final Map<String, String> files = new HashMap<>();
    private final Source source;
    private final String text;
    private int at;

    private Entities(Source source) {
        this.source = source;
        this.text = source.text();
        this.at = source.start();
    }

    /** Reads the declaration at which the source stands: {@code <!DOCTYPE SLM_system [ <!ENTITY name SYSTEM "file"> ]>}. */
    static Map<String, String> of(Source source) throws Refusal {
        Entities entities = new Entities(source);
        entities.read();
        return entities.files;
    }

    private void read() throws Refusal {
        expect("<!DOCTYPE");
        blank();
        String type = word();
        if (!type.equals("SLM_system")) throw refusal("the document type is " + type + " instead of SLM_system");
        blanks();
        if (text.startsWith("SYSTEM", at) || text.startsWith("PUBLIC", at)) {
            throw refusal("a document type of another file is not supported");
        }
        if (text.startsWith("[", at)) {
            at++;
            subset();
        }
        blanks();
        expect(">");
    }

    private void subset() throws Refusal {
        for (;;) {
            blanks();
            if (text.startsWith("]", at)) {
                at++;
                return;
            }
            if (text.startsWith("<!--", at)) {
                int end = text.indexOf("-->", at + 4);
                if (end < 0) throw refusal("a comment without an end");
                source.checkComment(at, text.substring(at + 4, end));
                at = end + 3;
            } else if (text.startsWith("%", at)) {
                throw refusal("parameter entities are not supported");
            } else {
                entity();
            }
        }
    }

    private void entity() throws Refusal {
        if (!text.startsWith("<!ENTITY", at)) throw refusal("only entities can be declared here");
        expect("<!ENTITY");
        blank();
        if (text.startsWith("%", at)) throw refusal("parameter entities are not supported");
        String name = word();
        blank();
        if (!text.startsWith("SYSTEM", at)) {
            throw refusal("entity " + name + " is not the name of a file: only SYSTEM is supported");
        }
        expect("SYSTEM");
        blank();
        String file = quoted();
        blanks();
        expect(">");
        String local = local(file);
        if (local == null) throw refusal("entity " + name + " is not in a local file: " + file);
        // The first declaration of a name is the one that holds.
        files.putIfAbsent(name, local);
    }

    /** @return null if a URI names something else */
    private static String local(String file) {
        int colon = file.indexOf(':');
        if (!isScheme(file, colon)) return file;
        String path = file.substring(colon + 1);
        if (!CapabilitySet.small(file.substring(0, colon)).equals("file")) return null;
        if (path.startsWith("//localhost/")) return path.substring("//localhost".length());
        if (path.startsWith("///")) return path.substring(2);
        return path.startsWith("//") ? null : path;
    }

    /** Two letters at least, as URIs have it. */
    private static boolean isScheme(String file, int colon) {
        String small = CapabilitySet.small(file);
        for (int i = 0; i < colon; i++) {
            char c = small.charAt(i);
            boolean letter = c >= 'a' && c <= 'z';
            if (!letter && (i == 0 || (c < '0' || c > '9') && "+-.".indexOf(c) < 0)) return false;
        }
        return colon > 1;
    }

    /** At least one. */
    private void blank() throws Refusal {
        int before = at;
        blanks();
        if (at == before) throw refusal("not well-formed: a blank expected");
    }

    private void blanks() {
        while (at < text.length() && text.charAt(at) <= ' ') at++;
    }

    private void expect(String what) throws Refusal {
        if (!text.startsWith(what, at)) throw refusal("not well-formed: " + what + " expected");
        at += what.length();
    }

    private String word() throws Refusal {
        blanks();
        int from = at;
        while (at < text.length() && text.charAt(at) > ' ' && "[]<>\"'%&;".indexOf(text.charAt(at)) < 0) at++;
        if (at == from) throw refusal("not well-formed: a name expected");
        return text.substring(from, at);
    }

    private String quoted() throws Refusal {
        blanks();
        char quote = at < text.length() ? text.charAt(at) : ' ';
        int end = quote == '"' || quote == '\'' ? text.indexOf(quote, at + 1) : -1;
        if (end <= at + 1) throw refusal("not well-formed: the name of a file in quotes expected");
        String file = text.substring(at + 1, end);
        at = end + 1;
        return file;
    }

    private Refusal refusal(String sentence) {
        return source.refusal(Math.min(at, text.length()), sentence);
    }
}
