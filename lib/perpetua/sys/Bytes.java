// SPDX-License-Identifier: Apache-2.0
package perpetua.sys;

/**
 * Between OS strings and bytes. An OS string (argument, variable, path, log line) is a Java String whose chars are
 * bytes, 0 to 255, so that every byte passes through exactly. The charset classes are not used: in the
 * native edition their tables would weigh more than a tool.
 */
public final class Bytes {
    private Bytes() {
    }

    public static byte[] of(String text) {
        byte[] bytes = new byte[text.length()];
        for (int i = 0; i < bytes.length; i++) bytes[i] = (byte) text.charAt(i);
        return bytes;
    }

    /** As C wants it: with a NUL behind. */
    public static byte[] terminated(String text) {
        byte[] bytes = new byte[text.length() + 1];
        for (int i = 0; i < bytes.length - 1; i++) bytes[i] = (byte) text.charAt(i);
        return bytes;
    }

    public static String text(byte[] bytes, int from, int to) {
        char[] chars = new char[to - from];
        for (int i = 0; i < chars.length; i++) chars[i] = (char) (bytes[from + i] & 0xff);
        return new String(chars);
    }

    public static String text(byte[] bytes) {
        return text(bytes, 0, bytes.length);
    }
}
