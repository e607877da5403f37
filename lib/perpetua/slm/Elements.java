// SPDX-License-Identifier: Apache-2.0
package perpetua.slm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.kxml2.io.KXmlParser;
import org.xmlpull.v1.XmlPullParser;
import perpetua.cli.Numbers;
import perpetua.sys.Bytes;
import perpetua.sys.FileStat;
import perpetua.sys.Kernel;
import perpetua.sys.Open;
import perpetua.sys.SysException;
import perpetua.text.Utf8;

/**
 * Reads the elements below the root of a configuration one after another, those of included files in their place. Names are
 * matched as they are written, prefix included: the prefix need not be declared. Depth and size are bounded before
 * anything grows with them.
 */
final class Elements {
    /** A configuration of 2,000 components is a tenth of it. */
    private static final int MOST_BYTES = 4 << 20;
    private static final int MOST_INCLUDED = 8;
    private static final int MOST_INCLUSIONS = 1000;
    /** A root, a component, a child: nothing in a configuration is deeper. */
    private static final int MOST_DEPTH = 3;
    /** As many as there may be components to depend on. */
    private static final int MOST_CHILDREN = 20_000;
    private static final String ROOT = "SLM:system";

    private final Kernel kernel;
    private final List<Source> open = new ArrayList<>();
    private Map<String, String> entities = new HashMap<>();
    private int bytes;
    private int inclusions;
    private boolean rooted;

    Elements(Kernel kernel, String file) throws Refusal {
        this.kernel = kernel;
        open.add(new Source(file, null, content(file, new Place(file, 0, 0))));
    }

    /** @return null behind the last one */
    Element next() throws Refusal {
        for (;;) {
            Source source = open.get(open.size() - 1);
            int token = source.next();
            int depth = source.depth();
            switch (token) {
                case XmlPullParser.START_TAG -> {
                    if (depth == 1) root(source);
                    else return element(source);
                }
                case XmlPullParser.END_TAG, XmlPullParser.COMMENT, XmlPullParser.IGNORABLE_WHITESPACE -> { }
                case XmlPullParser.TEXT, XmlPullParser.CDSECT -> {
                    if (!source.parser().getText().trim().isEmpty()) throw source.refusal("text outside of an element");
                }
                case XmlPullParser.ENTITY_REF -> include(source);
                case XmlPullParser.DOCDECL -> {
                    if (rooted || source.isFragment()) throw source.refusal("a document type in the wrong place");
                    entities = Entities.of(source);
                }
                case XmlPullParser.END_DOCUMENT -> {
                    if (depth > 0) throw source.refusal("unexpected end of file");
                    if (!source.isFragment()) {
                        if (!rooted) throw source.refusal("no element " + ROOT);
                        return null;
                    }
                    open.remove(open.size() - 1);
                }
                case XmlPullParser.PROCESSING_INSTRUCTION -> throw source.refusal("processing instructions are not supported");
                default -> throw source.refusal("not well-formed");
            }
        }
    }

    private void root(Source source) throws Refusal {
        KXmlParser parser = source.parser();
        if (source.isFragment()) {
            if (source.start() > 0) throw source.refusal("not well-formed: an end that was not opened");
            return;
        }
        if (rooted) throw source.refusal("more than one element at the top");
        if (!parser.getName().equals(ROOT)) {
            throw source.refusal("the element at the top is " + parser.getName() + " instead of " + ROOT);
        }
        for (int i = 0; i < parser.getAttributeCount(); i++) {
            String name = parser.getAttributeName(i);
            if (!name.equals("xmlns") && !name.startsWith("xmlns:")) {
                throw source.refusal("unknown attribute " + name + " of " + ROOT);
            }
        }
        rooted = true;
    }

    /** The element that has just begun, up to its end. */
    private Element element(Source source) throws Refusal {
        KXmlParser parser = source.parser();
        Element element = begun(source);
        if (source.depth() > MOST_DEPTH) throw source.refusal("element " + element.name + " is too deep");
        for (;;) {
            switch (source.next()) {
                case XmlPullParser.START_TAG -> {
                    element.children.add(element(source));
                    if (element.children.size() > MOST_CHILDREN) throw element.refusal("more than " + MOST_CHILDREN + " elements in it");
                }
                case XmlPullParser.END_TAG -> {
                    if (!element.children.isEmpty() && !element.trimmed().isEmpty()) {
                        throw element.refusal("text beside the elements of " + element.name);
                    }
                    return element;
                }
                case XmlPullParser.TEXT, XmlPullParser.CDSECT, XmlPullParser.IGNORABLE_WHITESPACE ->
                        element.text.append(parser.getText());
                case XmlPullParser.ENTITY_REF -> reference(source, element);
                case XmlPullParser.COMMENT -> { }
                case XmlPullParser.END_DOCUMENT -> throw source.refusal("unexpected end of file in " + element.name);
                case XmlPullParser.PROCESSING_INSTRUCTION -> throw source.refusal("processing instructions are not supported");
                default -> throw source.refusal("not well-formed");
            }
        }
    }

    private static Element begun(Source source) {
        KXmlParser parser = source.parser();
        Element element = new Element(parser.getName(), source.place());
        for (int i = 0; i < parser.getAttributeCount(); i++) {
            element.add(parser.getAttributeName(i), parser.getAttributeValue(i));
        }
        return element;
    }

    /** A character, by its number or by one of the five names; a file can't be in the middle of a text. */
    private void reference(Source source, Element element) throws Refusal {
        String name = source.parser().getName();
        if (name.startsWith("#")) {
            long point = name.length() < 2 ? Numbers.NONE
                    : Numbers.anyBase(name.startsWith("#x") ? "0x" + name.substring(2) : withoutZeros(name.substring(1)));
            boolean isCharacter = point >= ' ' && point <= 0x10ffff && (point < 0xd800 || point >= 0xe000) && point != 0xfffe && point != 0xffff
                    || point == '\t' || point == '\n' || point == '\r';
            if (!isCharacter) throw source.refusal("no character: &" + name + ";");
            Utf8.append(element.text, (int) point);
            return;
        }
        String text = source.parser().getText();
        if (text == null || text.isEmpty()) {
            throw source.refusal(entities.containsKey(name)
                    ? "entity " + name + " can't be included in " + element.name : "entity " + name + " is not declared");
        }
        element.text.append(text);
    }

    private static String withoutZeros(String digits) {
        int from = 0;
        while (from < digits.length() - 1 && digits.charAt(from) == '0') from++;
        return digits.substring(from);
    }

    private void include(Source source) throws Refusal {
        String name = source.parser().getName();
        String file = entities.get(name);
        if (file == null) throw source.refusal("entity " + name + " is not declared");
        if (!rooted) throw source.refusal("entity " + name + " outside of " + ROOT);
        StringBuilder path = new StringBuilder();
        for (Source each : open) {
            if (each.entity != null) path.append(each.entity).append(" -> ");
        }
        for (Source each : open) {
            if (name.equals(each.entity)) throw source.refusal("entity " + name + " includes itself: " + path + name);
        }
        if (open.size() > MOST_INCLUDED) throw source.refusal("entities are included too deep: " + path + name);
        if (++inclusions > MOST_INCLUSIONS) throw source.refusal("too many entities are included");
        String including = beside(source.file, file);
        // Or relative to the file that declares it, which is the first one: so XML has it.
        if (!exists(including)) {
            String declaring = beside(open.get(0).file, file);
            if (exists(declaring)) including = declaring;
        }
        open.add(new Source(including, name, content(including, source.place())));
    }

    private static String beside(String file, String name) {
        return name.startsWith("/") ? name : file.substring(0, file.lastIndexOf('/') + 1) + name;
    }

    private boolean exists(String file) {
        try {
            kernel.stat(file);
            return true;
        } catch (SysException e) {
            return false;
        }
    }

    private String content(String file, Place place) throws Refusal {
        try {
            // A FIFO that nobody writes to must not hold us up.
            int fd = kernel.open(file, Open.READ | Open.NON_BLOCKING, 0);
            try {
                FileStat stat = kernel.stat(fd);
                if (!stat.isRegular()) throw new Refusal(place, "unable to read " + file + ": no regular file");
                if (stat.size() > MOST_BYTES - bytes) throw tooMuch(file, place);
                return content(file, fd, place);
            } finally {
                kernel.close(fd);
            }
        } catch (SysException e) {
            throw new Refusal(place, "unable to read " + file + ": " + e.getMessage());
        }
    }

    private static Refusal tooMuch(String file, Place place) {
        return new Refusal(place, "more than 4 MB to read, with " + file);
    }

    private String content(String file, int fd, Place place) throws SysException, Refusal {
        StringBuilder text = new StringBuilder();
        byte[] buffer = new byte[16384];
        for (int count; (count = kernel.read(fd, buffer, 0, buffer.length)) > 0; ) {
            bytes += count;
            if (bytes > MOST_BYTES) throw tooMuch(file, place);
            text.append(Bytes.text(buffer, 0, count));
        }
        return text.toString();
    }
}
