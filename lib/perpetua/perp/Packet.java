// SPDX-License-Identifier: Apache-2.0
package perpetua.perp;

import java.util.List;

/**
 * perp's packets, protocol version 2 (spec/perp.md section 3): one byte protocol, one byte type, one byte length, then
 * the payload. Integers are little-endian; this is where their bytes are put and taken.
 */
public final class Packet {
    static final int PROTOCOL = 2;
    static final int HEADER = 3;
    /** The largest packet there can be. */
    static final int MOST = HEADER + 255;

    static final char QUERY = 'Q';
    static final char COMMAND = 'C';
    static final char RESERVED = 'Y';
    static final char STATUS = 'S';
    static final char RESULT = 'E';

    /**
     * What perp does not have: a query of up to fifteen services, which is answered with a {@link FullStatus} for each in that
     * order, or a result for one that is not known; a command that is answered with the one from
     * before it; a watch, which is answered when something has changed since the count of changes that it names, with the count
     * of now. perp answers them with EPROTO.
     */
    static final char FULL_QUERY = 'q';
    static final char FULL_COMMAND = 'c';
    static final char WATCH = 'w';
    static final char FULL_STATUS = 's';

    static final int WATCH_LENGTH = 8;
    static final int QUERY_LENGTH = 16;
    /** How many services one query may name. */
    static final int MOST_SERVICES = 15;
    static final int COMMAND_LENGTH = 18;
    static final int RESULT_LENGTH = 4;

    /** The flag byte of a command. */
    static final int TO_LOG = 1;
    static final int TO_GROUP = 2;

    private final char type;
    private final byte[] payload;

    Packet(char type, byte[] payload) {
        this.type = type;
        this.payload = payload;
    }

    static Packet query(FileKey service) {
        return query(QUERY, service);
    }

    /** @param type {@link #QUERY} or {@link #FULL_QUERY} */
    static Packet query(char type, FileKey service) {
        byte[] payload = new byte[QUERY_LENGTH];
        putKey(payload, 0, service);
        return new Packet(type, payload);
    }

    /** @param count one to {@link #MOST_SERVICES} */
    static Packet fullQuery(List<FileKey> services, int from, int count) {
        byte[] payload = new byte[QUERY_LENGTH * count];
        for (int i = 0; i < count; i++) putKey(payload, QUERY_LENGTH * i, services.get(from + i));
        return new Packet(FULL_QUERY, payload);
    }

    /** A watch, or the answer to one. */
    static Packet watch(long changes) {
        byte[] payload = new byte[WATCH_LENGTH];
        putLong(payload, 0, changes);
        return new Packet(WATCH, payload);
    }

    static Packet command(FileKey service, char letter, int flags) {
        return command(COMMAND, service, letter, flags);
    }

    /** @param type {@link #COMMAND} or {@link #FULL_COMMAND} */
    static Packet command(char type, FileKey service, char letter, int flags) {
        byte[] payload = new byte[COMMAND_LENGTH];
        putKey(payload, 0, service);
        payload[16] = (byte) letter;
        payload[17] = (byte) flags;
        return new Packet(type, payload);
    }

    /** @param errno 0 for success */
    static Packet result(int errno) {
        byte[] payload = new byte[RESULT_LENGTH];
        putInt(payload, 0, errno);
        return new Packet(RESULT, payload);
    }

    char type() {
        return type;
    }

    byte[] payload() {
        return payload;
    }

    int length() {
        return payload.length;
    }

    /** The whole of it as it travels. */
    byte[] bytes() {
        byte[] bytes = new byte[HEADER + payload.length];
        bytes[0] = PROTOCOL;
        bytes[1] = (byte) type;
        bytes[2] = (byte) payload.length;
        System.arraycopy(payload, 0, bytes, HEADER, payload.length);
        return bytes;
    }

    /** The service that a query or a command names. */
    FileKey key() {
        return key(0);
    }

    /** @param place of one of those that a query names */
    FileKey key(int place) {
        return new FileKey(takeLong(payload, QUERY_LENGTH * place), takeLong(payload, QUERY_LENGTH * place + 8));
    }

    private static void putKey(byte[] payload, int at, FileKey key) {
        putLong(payload, at, key.device());
        putLong(payload, at + 8, key.inode());
    }

    static void putInt(byte[] to, int at, int value) {
        for (int i = 0; i < 4; i++) to[at + i] = (byte) (value >>> 8 * i);
    }

    static void putLong(byte[] to, int at, long value) {
        for (int i = 0; i < 8; i++) to[at + i] = (byte) (value >>> 8 * i);
    }

    static int takeInt(byte[] from, int at) {
        int value = 0;
        for (int i = 3; i >= 0; i--) value = value << 8 | from[at + i] & 0xff;
        return value;
    }

    static long takeLong(byte[] from, int at) {
        return takeInt(from, at) & 0xffffffffL | (long) takeInt(from, at + 4) << 32;
    }
}
