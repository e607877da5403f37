// SPDX-License-Identifier: Apache-2.0
package perpetua.bus;

/**
 * A message of the bus, as OpenWrt's ubus has them: eight bytes of version, type, number and peer, then a blob of attributes.
 * An attribute that the message does not have is null here.
 */
final class Message {
    static final int HELLO = 0;
    static final int STATUS = 1;
    static final int DATA = 2;
    static final int PING = 3;
    static final int LOOKUP = 4;
    static final int INVOKE = 5;
    static final int ADD_OBJECT = 6;
    static final int REMOVE_OBJECT = 7;
    static final int SUBSCRIBE = 8;
    static final int UNSUBSCRIBE = 9;

    /** Before the blob. */
    static final int HEADER = 8;
    /** The longest, header and all. */
    static final int LONGEST = Json.LONGEST;

    private static final int A_STATUS = 1;
    private static final int A_PATH = 2;
    private static final int A_OBJECT = 3;
    private static final int A_METHOD = 4;
    private static final int A_TYPE = 5;
    private static final int A_SIGNATURE = 6;
    private static final int A_DATA = 7;
    private static final int A_TARGET = 8;
    private static final int A_NO_REPLY = 10;

    final int type;
    final int number;
    final int peer;
    Integer status;
    String path;
    Integer object;
    String method;
    Integer objectType;
    Table signature;
    Table data;
    Integer target;
    boolean noReply;

    Message(int type, int number, int peer) {
        this.type = type;
        this.number = number;
        this.peer = peer;
    }

    /** One that answers this one. */
    Message answer(int answerType) {
        return new Message(answerType, number, peer);
    }

    Message status(BusStatus how) {
        Message answer = answer(STATUS);
        answer.status = how.number();
        answer.object = object;
        return answer;
    }

    /**
     * How long the message is that begins there.
     *
     * @return 0 if that can't be told yet, -1 if it is none
     */
    static int length(byte[] bytes, int filled) {
        if (filled > 0 && bytes[0] != 0) return -1;
        if (filled < HEADER + Blob.HEADER) return 0;
        int blob = Blob.length(Blob.get(bytes, HEADER));
        if (blob < Blob.HEADER || HEADER + blob > LONGEST) return -1;
        return HEADER + (blob + 3 & ~3);
    }

    /** @param length that of the message, as {@link #length} told it */
    static Message of(byte[] bytes, int length) throws Blob.Malformed {
        Message message = new Message(bytes[1] & 0xff, (bytes[2] & 0xff) << 8 | bytes[3] & 0xff, Blob.get(bytes, 4));
        int limit = Blob.end(bytes, HEADER, length);
        for (int at = HEADER + Blob.HEADER; at < limit; ) {
            int end = Blob.end(bytes, at, limit);
            message.take(Blob.type(Blob.get(bytes, at)), bytes, at + Blob.HEADER, end);
            at = Blob.next(end, limit);
        }
        return message;
    }

    private void take(int attribute, byte[] bytes, int from, int to) throws Blob.Malformed {
        switch (attribute) {
            case A_STATUS -> status = integer(bytes, from, to);
            case A_PATH -> path = Blob.string(bytes, from, to);
            case A_OBJECT -> object = integer(bytes, from, to);
            case A_METHOD -> method = Blob.string(bytes, from, to);
            case A_TYPE -> objectType = integer(bytes, from, to);
            case A_SIGNATURE -> signature = Blob.table(bytes, from, to);
            case A_DATA -> data = Blob.table(bytes, from, to);
            case A_TARGET -> target = integer(bytes, from, to);
            case A_NO_REPLY -> noReply = to > from && bytes[from] != 0;
            default -> {
                // Of a newer bus, or of no use here.
            }
        }
    }

    private static Integer integer(byte[] bytes, int from, int to) throws Blob.Malformed {
        if (to - from < 4) throw new Blob.Malformed();
        return Blob.get(bytes, from);
    }

    byte[] bytes() {
        Blob blob = new Blob();
        blob.int8(0).int8(type).int16(number).int32(peer);
        int place = blob.open(0);
        if (status != null) blob.attribute(A_STATUS, status);
        if (path != null) blob.attribute(A_PATH, path);
        if (object != null) blob.attribute(A_OBJECT, object);
        if (method != null) blob.attribute(A_METHOD, method);
        if (objectType != null) blob.attribute(A_TYPE, objectType);
        if (signature != null) blob.attribute(A_SIGNATURE, signature);
        if (data != null) blob.attribute(A_DATA, data);
        if (target != null) blob.attribute(A_TARGET, target);
        if (noReply) blob.attribute(A_NO_REPLY, true);
        blob.close(place);
        return blob.bytes();
    }
}
