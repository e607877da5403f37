// SPDX-License-Identifier: Apache-2.0
package perpetua.bus;

import java.util.ArrayList;
import java.util.List;
import perpetua.sys.Bytes;

/**
 * The binary form of values on the bus, that of OpenWrt's libubox: attributes one behind another, each with four bytes of
 * type and length (its own, most significant byte first, without the padding to four), then the payload. A value is an attribute
 * that also carries its name.
 */
final class Blob {
    static final int ARRAY = 1;
    static final int TABLE = 2;
    static final int STRING = 3;
    static final int INT64 = 4;
    static final int INT32 = 5;
    static final int INT16 = 6;
    static final int BOOL = 7;
    static final int DOUBLE = 8;
    private static final int NULL = 0;

    private static final int NAMED = 0x80000000;
    private static final int LENGTH = 0xffffff;
    private static final int TYPES = 0x7f;
    static final int HEADER = 4;

    /** What is no blob. */
    static final class Malformed extends Exception {
        Malformed() {
            super(null, null, false, false);
        }
    }

    private byte[] bytes = new byte[256];
    private int size;

    // ---- writing ----------------------------------------------------------------------------------------------------

    private void room(int more) {
        if (size + more <= bytes.length) return;
        byte[] larger = new byte[Math.max(2 * bytes.length, size + more)];
        System.arraycopy(bytes, 0, larger, 0, size);
        bytes = larger;
    }

    Blob int8(int value) {
        room(1);
        bytes[size++] = (byte) value;
        return this;
    }

    Blob int16(int value) {
        return int8(value >> 8).int8(value);
    }

    Blob int32(int value) {
        room(4);
        put(size, value);
        size += 4;
        return this;
    }

    private void put(int at, int value) {
        bytes[at] = (byte) (value >> 24);
        bytes[at + 1] = (byte) (value >> 16);
        bytes[at + 2] = (byte) (value >> 8);
        bytes[at + 3] = (byte) value;
    }

    /** Begins an attribute. @return its place, for {@link #close} */
    int open(int type) {
        int place = size;
        int32(type << 24);
        return place;
    }

    /** Now its length is known. */
    void close(int place) {
        put(place, get(bytes, place) | size - place);
        while ((size & 3) != 0) int8(0);
    }

    Blob attribute(int type, int value) {
        int place = open(type);
        int32(value);
        close(place);
        return this;
    }

    Blob attribute(int type, boolean value) {
        int place = open(type);
        int8(value ? 1 : 0);
        close(place);
        return this;
    }

    Blob attribute(int type, String value) {
        int place = open(type);
        terminated(value);
        close(place);
        return this;
    }

    Blob attribute(int type, Table value) {
        int place = open(type);
        members(value);
        close(place);
        return this;
    }

    private void terminated(String text) {
        room(text.length() + 1);
        for (int i = 0; i < text.length(); i++) bytes[size++] = (byte) text.charAt(i);
        bytes[size++] = 0;
    }

    private void members(Table table) {
        for (int i = 0; i < table.size(); i++) value(table.name(i), table.value(i));
    }

    private int openNamed(int type, String name) {
        int place = open(type);
        put(place, get(bytes, place) | NAMED);
        int16(name.length());
        terminated(name);
        while ((size & 3) != 0) int8(0);
        return place;
    }

    private void value(String name, Object value) {
        int place;
        if (value instanceof Table table) {
            place = openNamed(TABLE, name);
            members(table);
        } else if (value instanceof List<?> list) {
            place = openNamed(ARRAY, name);
            for (Object element : list) value("", element);
        } else if (value instanceof String text) {
            place = openNamed(STRING, name);
            terminated(text);
        } else if (value instanceof Boolean bool) {
            place = openNamed(BOOL, name);
            int8(bool ? 1 : 0);
        } else if (value instanceof Long number) {
            boolean small = number == (int) (long) number;
            place = openNamed(small ? INT32 : INT64, name);
            if (!small) int32((int) (number >> 32));
            int32((int) (long) number);
        } else if (value instanceof Real number) {
            place = openNamed(DOUBLE, name);
            long bits = Double.doubleToLongBits(number.value());
            int32((int) (bits >> 32));
            int32((int) bits);
        } else {
            place = openNamed(NULL, name);
        }
        close(place);
    }

    /** A copy of what was written. */
    byte[] bytes() {
        byte[] copy = new byte[size];
        System.arraycopy(bytes, 0, copy, 0, size);
        return copy;
    }

    // ---- reading ----------------------------------------------------------------------------------------------------

    static int get(byte[] bytes, int at) {
        return bytes[at] << 24 | (bytes[at + 1] & 0xff) << 16 | (bytes[at + 2] & 0xff) << 8 | bytes[at + 3] & 0xff;
    }

    static int type(int header) {
        return header >> 24 & TYPES;
    }

    /** With its header, without padding. */
    static int length(int header) {
        return header & LENGTH;
    }

    /** The end of the attribute that begins there. */
    static int end(byte[] bytes, int at, int limit) throws Malformed {
        if (limit - at < HEADER) throw new Malformed();
        int length = length(get(bytes, at));
        if (length < HEADER || length > limit - at) throw new Malformed();
        return at + length;
    }

    /** Where the next one begins: padding may be missing behind the last. */
    static int next(int end, int limit) {
        return Math.min(limit, end + 3 & ~3);
    }

    /** A text with its NUL. */
    static String string(byte[] bytes, int from, int to) throws Malformed {
        if (to <= from || bytes[to - 1] != 0) throw new Malformed();
        for (int i = from; i < to - 1; i++) {
            if (bytes[i] == 0) throw new Malformed();
        }
        return Bytes.text(bytes, from, to - 1);
    }

    static Table table(byte[] bytes, int from, int to) throws Malformed {
        return table(bytes, from, to, 1);
    }

    private static Table table(byte[] bytes, int from, int to, int depth) throws Malformed {
        Table table = new Table();
        while (from < to) {
            int end = end(bytes, from, to);
            table.put(name(bytes, from, end), value(bytes, from, end, depth));
            from = next(end, to);
        }
        return table;
    }

    private static List<Object> array(byte[] bytes, int from, int to, int depth) throws Malformed {
        List<Object> list = new ArrayList<>();
        while (from < to) {
            int end = end(bytes, from, to);
            name(bytes, from, end);
            list.add(value(bytes, from, end, depth));
            from = next(end, to);
        }
        return list;
    }

    private static String name(byte[] bytes, int from, int end) throws Malformed {
        if ((get(bytes, from) & NAMED) == 0 || end - from < HEADER + 3) throw new Malformed();
        int length = (bytes[from + HEADER] & 0xff) << 8 | bytes[from + HEADER + 1] & 0xff;
        if (payload(bytes, from) > end) throw new Malformed();
        return string(bytes, from + HEADER + 2, from + HEADER + 2 + length + 1);
    }

    private static int payload(byte[] bytes, int from) {
        int length = (bytes[from + HEADER] & 0xff) << 8 | bytes[from + HEADER + 1] & 0xff;
        return from + HEADER + (2 + length + 1 + 3 & ~3);
    }

    private static Object value(byte[] bytes, int attribute, int end, int depth) throws Malformed {
        if (depth > Json.DEEPEST + 2) throw new Malformed();
        int from = payload(bytes, attribute);
        int type = type(get(bytes, attribute));
        int size = end - from;
        switch (type) {
            case TABLE -> {
                return table(bytes, from, end, depth + 1);
            }
            case ARRAY -> {
                return array(bytes, from, end, depth + 1);
            }
            case STRING -> {
                return string(bytes, from, end);
            }
            case BOOL -> {
                if (size < 1) throw new Malformed();
                return bytes[from] != 0;
            }
            case INT16 -> {
                if (size < 2) throw new Malformed();
                return (long) (short) (bytes[from] << 8 | bytes[from + 1] & 0xff);
            }
            case INT32 -> {
                if (size < 4) throw new Malformed();
                return (long) get(bytes, from);
            }
            case INT64, DOUBLE -> {
                if (size < 8) throw new Malformed();
                long bits = (long) get(bytes, from) << 32 | get(bytes, from + 4) & 0xffffffffL;
                return type == INT64 ? (Object) bits : (Object) new Real(Double.longBitsToDouble(bits));
            }
            case NULL -> {
                return null;
            }
            default -> throw new Malformed();
        }
    }
}
