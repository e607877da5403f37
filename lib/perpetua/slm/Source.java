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

    final String file;
    /** The entity by which it was included, null for the first file. */
    final String entity;
    private final String text;
    private final int[] lines;
    private final int shift;
    private final KXmlParser parser = new KXmlParser();
    private int start;

    Source(String file, String entity, String content) throws Refusal {
        this.file = file;
        this.entity = entity;
        String read = content.startsWith("\357\273\277") ? "   " + content.substring(3) : content;
        boolean fragment = entity != null;
        if (fragment && read.trim().startsWith("<?xml")) {
            // The declaration of a fragment says nothing that we need, and is none behind a root.
            int from = read.indexOf("<?xml");
            int end = read.indexOf("?>");
            if (end > 0) read = read.substring(0, from) + " ".repeat(end + 2 - from) + read.substring(end + 2);
        }
        if (!fragment) read = read.substring(leadingBlanks(content, read));
        this.text = fragment ? ROOT + read + "</_>" : read;
        this.shift = fragment ? ROOT.length() : 0;
        this.lines = lineStarts(text);
        checkBytes();
        try {
            parser.setInput(new StringReader(text));
        } catch (XmlPullParserException e) {
            throw refusal(0, "unable to read it as XML");
        }
    }

    /** A byte order mark is no part of the text; other blanks stay where they are, and the parser says so. */
    private static int leadingBlanks(String content, String read) {
        return content == read ? 0 : 3;
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

    /** No control characters: XML has none, and no OS string could hold NUL. No carriage return without a newline. */
    private void checkBytes() throws Refusal {
        for (int i = 0; i < text.length(); ) {
            char c = text.charAt(i);
            boolean blank = c == '\n' || c == '\t' || c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n';
            if (c < ' ' && !blank) throw refusal(i, "a control character");
            int length = c < 0x80 ? 1 : Utf8.sequence(text, i);
            if (length == 0) throw refusal(i, "not UTF-8");
            i += length;
        }
    }

    /** The next token: one of the numbers of {@link XmlPullParser}. */
    int next() throws Refusal {
        start = offset();
        try {
            int token = parser.nextToken();
            // The declaration in front of it is no token of its own.
            if (text.startsWith("<?xml ", start)) start = Math.max(start, text.indexOf('<', start + 1));
            if (token == XmlPullParser.START_TAG) checkTag();
            return token;
        } catch (XmlPullParserException e) {
            throw refusal(offset(), "not well-formed: " + reason(e.getMessage()));
        } catch (IOException | IndexOutOfBoundsException | IllegalArgumentException e) {
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
            for (int j = 0; j < i; j++) {
                if (parser.getAttributeName(i).equals(parser.getAttributeName(j))) {
                    throw refusal(start, "attribute " + parser.getAttributeName(i) + " is given twice");
                }
            }
        }
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
