// SPDX-License-Identifier: Apache-2.0
package perpetua.slm;

import perpetua.act.CapabilitySet;

/** What a file may say about itself at its beginning: {@code <?xml version="1.0" encoding="UTF-8" standalone="yes"?>}. */
final class Declaration {
    private final Source source;
    private final String text;
    private int at;

    private Declaration(Source source, int at) {
        this.source = source;
        this.text = source.text();
        this.at = at;
    }

    static boolean isAt(String text, int start) {
        int end = start + "<?xml".length();
        return text.startsWith("<?xml", start) && end < text.length() && text.charAt(end) <= ' ';
    }

    /** Reads the one that begins there. @return behind its end */
    static int end(Source source, int start) throws Refusal {
        Declaration declaration = new Declaration(source, start);
        declaration.read();
        return declaration.at;
    }

    private void read() throws Refusal {
        expect("<?xml");
        String version = value("version");
        boolean good = version != null ? version.startsWith("1.") && version.length() > 2 : source.isFragment();
        for (int i = 2; good && version != null && i < version.length(); i++) {
            good = version.charAt(i) >= '0' && version.charAt(i) <= '9';
        }
        if (!good) throw refusal("the version of XML is not 1.0");
        String encoding = value("encoding");
        // Not equalsIgnoreCase, which wants the tables of Unicode.
        String small = encoding == null ? "utf-8" : CapabilitySet.small(encoding);
        if (!small.equals("utf-8") && !small.equals("us-ascii")) {
            throw refusal("encoding " + encoding + " is not supported, only UTF-8");
        }
        String standalone = value("standalone");
        if (standalone != null && (source.isFragment() || !standalone.equals("yes") && !standalone.equals("no"))) {
            throw refusal("standalone " + standalone + " is neither yes nor no");
        }
        blanks();
        expect("?>");
    }

    /** @return null where there is none of that name */
    private String value(String name) throws Refusal {
        int before = at;
        blanks();
        if (!text.startsWith(name, at)) {
            at = before;
            return null;
        }
        if (at == before) throw refusal("not well-formed: a blank expected");
        at += name.length();
        blanks();
        expect("=");
        blanks();
        char quote = at < text.length() ? text.charAt(at) : ' ';
        int end = quote == '"' || quote == '\'' ? text.indexOf(quote, at + 1) : -1;
        if (end < 0) throw refusal("not well-formed: a value in quotes expected");
        String value = text.substring(at + 1, end);
        at = end + 1;
        return value;
    }

    private void blanks() {
        while (at < text.length() && text.charAt(at) <= ' ') at++;
    }

    private void expect(String what) throws Refusal {
        if (!text.startsWith(what, at)) throw refusal("not well-formed: " + what + " expected");
        at += what.length();
    }

    private Refusal refusal(String sentence) {
        return source.refusal(at, sentence);
    }
}
