// SPDX-License-Identifier: Apache-2.0
package tools.runshow;

import java.util.List;
import perpetua.sys.Limit;

/** One fact a line: {@code name: value}. Control characters and the backslash are escaped, so that it stays one. */
final class Lines implements Facts {
    private final StringBuilder text = new StringBuilder();
    private String prefix = "";

    @Override
    public void number(String name, long value) {
        text(name, String.valueOf(value));
    }

    @Override
    public void text(String name, String value) {
        text.append(prefix).append(name).append(": ");
        for (int i = 0; i < value.length(); i++) append(value.charAt(i));
        text.append('\n');
    }

    private void append(char c) {
        int known = "\n\t\\".indexOf(c);
        if (known >= 0) {
            text.append('\\').append("nt\\".charAt(known));
        } else if (c < ' ' || c == 127) {
            text.append("\\x").append(Integer.toHexString(0x100 + c), 1, 3);
        } else {
            text.append(c);
        }
    }

    @Override
    public void words(String name, List<String> words) {
        StringBuilder shown = new StringBuilder();
        for (String word : words) shown.append(shown.length() == 0 ? "" : " ").append(word);
        text(name, words.isEmpty() ? "none" : shown.toString());
    }

    @Override
    public void ids(String name, int[] ids) {
        StringBuilder shown = new StringBuilder();
        for (int id : ids) shown.append(shown.length() == 0 ? "" : " ").append(Integer.toUnsignedString(id));
        text(name, ids.length == 0 ? "none" : shown.toString());
    }

    @Override
    public void each(String name, List<String> values) {
        for (String value : values) text(name, value);
    }

    @Override
    public void limit(String name, long soft, long hard) {
        text(name, shown(soft) + "/" + shown(hard));
    }

    private static String shown(long limit) {
        return limit == Limit.INFINITY ? "unlimited" : Long.toUnsignedString(limit);
    }

    @Override
    public void open(String name) {
        prefix = name + " ";
    }

    @Override
    public void close() {
        prefix = "";
    }

    @Override
    public String end() {
        return text.toString();
    }
}
