// SPDX-License-Identifier: Apache-2.0
package perpetua.slm;

import java.io.IOException;
import java.io.StringReader;
import org.kxml2.io.KXmlParser;
import org.xmlpull.v1.XmlPullParser;
import org.xmlpull.v1.XmlPullParserException;
import perpetua.text.Utf8;

/**
 * One file of a configuration while it is read. The bytes of its text stay bytes, one a char, since an OS string is made of
 * them; UTF-8 passes through so, and is all that is taken.
 */
final class Source {
    /** A fragment has no root of its own, so it gets one: it is as long as that. */
    private static final String ROOT = "<_>";
    private static final int LONGEST_TAG = 1 << 16;
    /** Of a text or a comment. No program could be given more. */
    private static final int LONGEST_TEXT = 1 << 20;
    /** No element has a tenth of it. */
    private static final int MOST_ATTRIBUTES = 100;

    final String file;
    /** The entity by which it was included, null for the first file. */
    final String entity;
    private final String text;
    /** The same, without its declaration. */
    private final String parsed;
    private final int[] lines;
    private final int shift;
    private final KXmlParser parser = new KXmlParser();
    private int start;
    private boolean tooLong;

    Source(String file, String entity, String content) throws Refusal {
        this.file = file;
        this.entity = entity;
        String read = content.startsWith("\357\273\277") ? content.substring(3) : content;
        boolean fragment = entity != null;
        this.text = withNewlines(fragment ? ROOT + read + "</_>" : read);
        this.shift = fragment ? ROOT.length() : 0;
        this.lines = lineStarts(text);
        checkBytes();
        // It says nothing to the parser that is still to be known, and in a fragment it would stand behind the root.
        int declared = Declaration.isAt(text, shift) ? Declaration.end(this, shift) : shift;
        parsed = declared == shift ? text
                : text.substring(0, shift) + blank(text.substring(shift, declared)) + text.substring(declared);
        try {
            parser.setInput(new Limited());
        } catch (XmlPullParserException e) {
            throw refusal(0, "unable to read it as XML");
        }
    }

    /** A carriage return alone ends a line too; the parser counts it as one. */
    private static String withNewlines(String text) {
        StringBuilder changed = null;
        for (int at = -1; (at = text.indexOf('\r', at + 1)) >= 0; ) {
            if (at + 1 < text.length() && text.charAt(at + 1) == '\n') continue;
            if (changed == null) changed = new StringBuilder(text);
            changed.setCharAt(at, '\n');
        }
        return changed == null ? text : changed.toString();
    }

    private static String blank(String declaration) {
        StringBuilder blank = new StringBuilder(declaration);
        for (int i = 0; i < blank.length(); i++) {
            if (blank.charAt(i) != '\n') blank.setCharAt(i, ' ');
        }
        return blank.toString();
    }

    /** What the parser reads. A tag would cost it the square of its length, and a text several times that: so they end here. */
    private final class Limited extends StringReader {
        private int given;

        Limited() {
            super(parsed);
        }

        @Override
        public int read(char[] to, int at, int count) throws IOException {
            boolean tag = start + 1 < parsed.length() && parsed.charAt(start) == '<' && "!?".indexOf(parsed.charAt(start + 1)) < 0;
            if (given > start + (tag ? LONGEST_TAG : LONGEST_TEXT)) {
                tooLong = true;
                throw new IOException();
            }
            int read = super.read(to, at, count);
            given += Math.max(0, read);
            return read;
        }
    }

    private static int[] lineStarts(String text) {
        int count = 1;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\n') count++;
        }
        int[] starts = new int[count];
        int line = 1;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\n') starts[line++] = i + 1;
        }
        return starts;
    }

    /** No control characters: XML has none, and no OS string could hold NUL. */
    private void checkBytes() throws Refusal {
        for (int i = 0; i < text.length(); ) {
            char c = text.charAt(i);
            if (c < ' ' && c != '\n' && c != '\t' && c != '\r') throw refusal(i, "a control character");
            int length = c < 0x80 ? 1 : Utf8.sequence(text, i);
            if (length == 0) throw refusal(i, "not UTF-8");
            if (length == 3 && Utf8.point(text, i, length) >= 0xfffe) throw refusal(i, "no character of XML");
            i += length;
        }
    }

    /** The next token: one of the numbers of {@link XmlPullParser}. */
    int next() throws Refusal {
        start = offset();
        try {
            int token = parser.nextToken();
            if (token == XmlPullParser.START_TAG) checkTag();
            else if (token == XmlPullParser.COMMENT) checkComment(start, parser.getText());
            return token;
        } catch (XmlPullParserException e) {
            throw refusal(offset(), "not well-formed: " + reason(e.getMessage()));
        } catch (IOException | IndexOutOfBoundsException | IllegalArgumentException e) {
            if (tooLong) throw refusal(start, "more than 64 KB for a tag, or 1 MB for a text");
            // What the parser itself stumbles over, such as a reference without a name.
            throw refusal(offset(), "not well-formed");
        }
    }

    /** The parser adds its own idea of the place to what it says. */
    private static String reason(String message) {
        if (message == null) return "unexpected text";
        int end = message.indexOf(" (position:");
        return end < 0 ? message : message.substring(0, end);
    }

    /**
     * What the parser lets pass in a tag: references in attributes, which it would drop, and the same attribute twice.
     */
    private void checkTag() throws Refusal {
        int end = Math.min(offset(), text.length());
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            if (c == '&') throw refusal(i, "a reference in an attribute");
            if (c == '<' && i > start) throw refusal(i, "not well-formed: < in a tag");
        }
        for (int i = 0; i < parser.getAttributeCount(); i++) {
            if (i == MOST_ATTRIBUTES) throw refusal(start, "more than " + MOST_ATTRIBUTES + " attributes");
            for (int j = 0; j < i; j++) {
                if (parser.getAttributeName(i).equals(parser.getAttributeName(j))) {
                    throw refusal(start, "attribute " + parser.getAttributeName(i) + " is given twice");
                }
            }
        }
    }

    void checkComment(int offset, String comment) throws Refusal {
        if (comment.endsWith("-") || comment.contains("--")) throw refusal(offset, "not well-formed: -- in a comment");
    }

    /** How far the parser has read. */
    private int offset() {
        int line = parser.getLineNumber();
        int column = parser.getColumnNumber();
        // The parser counts the columns of the first line from 0 on, and those of the others from 1.
        int within = line <= 1 ? column : column - 1;
        return Math.min(text.length(), lines[Math.min(Math.max(1, line), lines.length) - 1] + Math.max(0, within));
    }

    /** Where the last token begins. */
    Place place() {
        return place(start);
    }

    Place place(int offset) {
        int line = 0;
        int after = lines.length;
        while (after - line > 1) {
            int middle = (line + after) / 2;
            if (lines[middle] <= offset) line = middle;
            else after = middle;
        }
        int column = offset - lines[line] + 1;
        return new Place(file, line + 1, Math.max(1, line == 0 ? column - shift : column));
    }

    Refusal refusal(int offset, String sentence) {
        return new Refusal(place(offset), sentence);
    }

    Refusal refusal(String sentence) {
        return new Refusal(place(), sentence);
    }

    int start() {
        return start;
    }

    String text() {
        return text;
    }

    /** How deep the current element is; the root of a fragment does not count, as if it stood in the file that includes it. */
    int depth() {
        return parser.getDepth();
    }

    boolean isFragment() {
        return entity != null;
    }

    KXmlParser parser() {
        return parser;
    }
}
