// SPDX-License-Identifier: Apache-2.0
package perpetua.uci;

/** Single quotes, as shells and configuration files take them. */
public final class Quoting {
    private Quoting() {
    }

    public static String quoted(String value) {
        StringBuilder text = new StringBuilder(value.length() + 2).append('\'');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\'') text.append("'\\''");
            else text.append(c);
        }
        return text.append('\'').toString();
    }
}
