// SPDX-License-Identifier: Apache-2.0
package tools.runshow;

import java.util.List;
import perpetua.cli.JsonWriter;
import perpetua.sys.Limit;

/** The facts as one JSON object, in one line. */
final class Json implements Facts {
    private final JsonWriter out = new JsonWriter().openObject();

    @Override
    public void number(String name, long value) {
        out.name(name).number(value);
    }

    @Override
    public void text(String name, String value) {
        out.name(name).string(value);
    }

    @Override
    public void ids(String name, int[] ids) {
        out.name(name).openArray();
        for (int id : ids) out.number(Integer.toUnsignedLong(id));
        out.closeArray();
    }

    @Override
    public void words(String name, List<String> words) {
        out.name(name).openArray();
        for (String word : words) out.string(word);
        out.closeArray();
    }

    @Override
    public void each(String name, List<String> values) {
        words(name, values);
    }

    @Override
    public void limit(String name, long soft, long hard) {
        open(name);
        bound("soft", soft);
        bound("hard", hard);
        close();
    }

    private void bound(String name, long limit) {
        if (limit == Limit.INFINITY) text(name, "unlimited");
        else out.name(name).literal(Long.toUnsignedString(limit));
    }

    @Override
    public void open(String name) {
        out.name(name).openObject();
    }

    @Override
    public void close() {
        out.closeObject();
    }

    @Override
    public String end() {
        return out.closeObject() + "\n";
    }
}
