// SPDX-License-Identifier: Apache-2.0
package perpetua.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Whatever comes over the socket or as JSON: an answer, or a closed connection. -Dperpetua.seed=N plays the same again,
 * -Dperpetua.runs=N so many.
 */
class BusFuzzTest {
    private static final int RUNS = Integer.getInteger("perpetua.runs", 250_000);
    private static final long SEED = Long.getLong("perpetua.seed", System.nanoTime());

    private static final String[] PIECES = {
        "{", "}", "[", "]", ":", ",", "\"", "'", "\\", "\\u", "\\u00", "\\ud83d", "null", "true", "false", "0", "-", "1.5", "1e9", "e",
        "name", "\"name\"", "'a'", "{\"a\":1}", "[[[[", "\n", "\0", "\351", "\303\274", " ", "99999999999999999999", "{\"a\":{\"b\":[",
    };

    private final Random random = new Random(SEED);

    /** Before the test, which may not come to an end. */
    @BeforeAll
    static void announce() {
        System.out.println("BusFuzzTest: -Dperpetua.seed=" + SEED);
    }

    /** An object that takes everything, and notes what changes it. */
    private static final class Target implements BusObject {
        int changes;

        @Override
        public String name() {
            return "target";
        }

        @Override
        public Table signature() {
            return new Table().append("change", new Table().append("name", STRING)).append("list", new Table());
        }

        @Override
        public BusStatus call(String method, Table arguments, Reply reply) {
            if (method.equals("list")) reply.send(arguments);
            else if (!method.equals("change")) return BusStatus.METHOD_NOT_FOUND;
            else if (arguments.text("name") == null) return BusStatus.INVALID_ARGUMENT;
            else changes++;
            return BusStatus.OK;
        }
    }

    private static List<byte[]> said(Session session) {
        List<byte[]> all = new ArrayList<>();
        while (session.hasToSend()) {
            all.add(session.toSend());
            session.sent(session.toSend().length);
        }
        return all;
    }

    private Table table(int depth) {
        Table table = new Table();
        for (int i = random.nextInt(4); i > 0; i--) table.put(PIECES[random.nextInt(PIECES.length)].replace("\0", ""), value(depth));
        return table;
    }

    private Object value(int depth) {
        return switch (random.nextInt(depth > 3 ? 5 : 7)) {
            case 0 -> PIECES[random.nextInt(PIECES.length)].replace("\0", "x");
            case 1 -> random.nextBoolean();
            case 2 -> (long) random.nextInt();
            case 3 -> new Real(random.nextInt() / 8.0);
            case 4 -> null;
            case 5 -> table(depth + 1);
            default -> {
                List<Object> list = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) list.add(value(depth + 1));
                yield list;
            }
        };
    }

    private Message message() {
        Message message = new Message(random.nextInt(12), random.nextInt(65536), random.nextInt(3));
        if (random.nextInt(3) > 0) message.object = random.nextBoolean() ? 0x10000001 : random.nextInt(4);
        if (random.nextInt(3) > 0) message.method = random.nextBoolean() ? "list" : random.nextBoolean() ? "register" : "nothing";
        if (random.nextInt(3) > 0) message.data = table(0);
        if (random.nextInt(6) == 0) message.path = "target";
        if (random.nextInt(6) == 0) message.target = 0x10000001;
        if (random.nextInt(8) == 0) message.noReply = true;
        return message;
    }

    @Test
    @DisplayName("random and mutated frames are answered or close the connection, and change nothing")
    void frames() throws Blob.Malformed {
        Bus bus = new Bus();
        Target target = new Target();
        bus.add(target);
        Session session = bus.open();
        int broken = 0;
        int answers = 0;
        for (int run = 0; run < RUNS; run++) {
            byte[] bytes = message().bytes();
            if (random.nextInt(4) > 0) {
                for (int i = 1 + random.nextInt(4); i > 0; i--) bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            int length = random.nextInt(8) == 0 ? random.nextInt(bytes.length) : bytes.length;
            session.receive(bytes, length);
            for (byte[] answer : said(session)) {
                // What is said is a message itself.
                assertEquals(answer.length, Message.length(answer, answer.length));
                Message.of(answer, answer.length);
                answers++;
            }
            if (session.isBroken() || random.nextInt(50) == 0) {
                broken++;
                bus.closed(session);
                session = bus.open();
            }
        }
        assertEquals(0, target.changes);
        assertTrue(broken > RUNS / 100 && answers > RUNS / 10, broken + " closed, " + answers + " answers");
        bus.closed(session);
        assertEquals(0, bus.held());
        // Nobody is left who would be told.
        bus.notify(target, "x", new Table());
    }

    @Test
    @DisplayName("random JSON is read or refused; what was read is written and read the same")
    void json() throws Json.Malformed {
        int good = 0;
        for (int run = 0; run < RUNS; run++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? Json.compact(table(0)) : "{");
            if (random.nextInt(3) > 0) {
                for (int i = random.nextInt(6); i > 0; i--) {
                    text.insert(random.nextInt(text.length() + 1), PIECES[random.nextInt(PIECES.length)]);
                }
            }
            Table table;
            try {
                table = Json.parse(text.toString());
            } catch (Json.Malformed e) {
                continue;
            }
            good++;
            // What is no UTF-8 is written as characters; from then on it stays the same.
            String once = Json.compact(Json.parse(Json.compact(table)));
            assertEquals(once, Json.compact(Json.parse(once)), text::toString);
        }
        assertTrue(good > RUNS / 10, good + " of " + RUNS);
    }

    @Test
    @DisplayName("values pass the bus unchanged")
    void values() throws Blob.Malformed {
        for (int run = 0; run < 20_000; run++) {
            Table table = table(0);
            Message message = new Message(Message.INVOKE, 1, 2);
            message.data = table;
            byte[] bytes = message.bytes();
            assertEquals(bytes.length, Message.length(bytes, bytes.length));
            assertEquals(table, Message.of(bytes, bytes.length).data);
        }
    }
}
