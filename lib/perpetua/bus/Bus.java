// SPDX-License-Identifier: Apache-2.0
package perpetua.bus;

import java.util.ArrayList;
import java.util.List;

/**
 * The bus: answers the messages of its clients, calls the objects that live here, hands events and notifications to
 * those who asked for them. It speaks the protocol of OpenWrt's ubus, so that its clients work here; objects with a name
 * are those of this process alone. No kernel: see {@link BusSocket}.
 */
public final class Bus {
    /** The object that events are sent to, and asked of. */
    static final int EVENTS = 1;
    private static final int FIRST_OBJECT = 0x10000001;
    private static final int FIRST_NAMELESS = 0x20000001;
    private static final int MOST_OF_ONE_CLIENT = 1000;
    /** How much all clients together may ask to be told of. */
    private static final int MOST_WISHES = 1000;

    /** Who wants which events. */
    private record Listener(Session session, int object, String pattern) {
    }

    /** Who wants the notifications of which object. */
    private record Subscriber(Session session, int object, int target) {
    }

    /** What all clients together may have sent in part, or not read yet, in bytes: memory has an end. */
    private static final int MOST_HELD = 16 << 20;

    private final List<BusObject> objects = new ArrayList<>();
    private final List<Listener> listeners = new ArrayList<>();
    private final List<Subscriber> subscribers = new ArrayList<>();
    private int lastSession = 0x30000000;
    private int nextNameless = FIRST_NAMELESS;
    private int events;
    private int held;

    /** In the order of their names. */
    public void add(BusObject object) {
        objects.add(object);
    }

    Session open() {
        return new Session(this, ++lastSession);
    }

    int held() {
        return held;
    }

    /** Counts what is held for clients. @return false where it would be too much, and is not counted */
    boolean holds(int more) {
        if (more > 0 && held + more > MOST_HELD) return false;
        held += more;
        return true;
    }

    /** It is gone, and wants nothing any more. */
    void closed(Session session) {
        holds(-session.held());
        listeners.removeIf(each -> each.session == session);
        subscribers.removeIf(each -> each.session == session);
    }

    /** Tells those who subscribed to the object. */
    public void notify(BusObject object, String type, Table data) {
        if (subscribers.isEmpty()) return;
        int target = FIRST_OBJECT + objects.indexOf(object);
        for (Subscriber each : subscribers) {
            if (each.target == target) call(each.session, each.object, type, data);
        }
    }

    private void call(Session session, int object, String method, Table data) {
        Message message = new Message(Message.INVOKE, ++events & 0xffff, 0);
        message.object = object;
        message.method = method;
        message.data = data;
        message.noReply = true;
        session.send(message);
    }

    void handle(Session from, Message request) {
        switch (request.type) {
            case Message.PING -> from.send(request.status(BusStatus.OK));
            case Message.LOOKUP -> lookUp(from, request);
            case Message.INVOKE -> invoke(from, request);
            case Message.ADD_OBJECT -> addObject(from, request);
            case Message.REMOVE_OBJECT -> {
                boolean known = request.object != null && from.objects.remove(request.object);
                if (known) forget(from, request.object);
                from.send(request.status(known ? BusStatus.OK : BusStatus.NOT_FOUND));
            }
            case Message.SUBSCRIBE, Message.UNSUBSCRIBE -> subscribe(from, request);
            case Message.STATUS, Message.DATA -> {
                // What a client answers to an event.
            }
            default -> from.send(request.status(BusStatus.INVALID_COMMAND));
        }
    }

    private void forget(Session session, int object) {
        listeners.removeIf(each -> each.session == session && each.object == object);
        subscribers.removeIf(each -> each.session == session && each.object == object);
    }

    private void lookUp(Session from, Message request) {
        boolean found = request.path == null;
        for (int i = 0; i < objects.size(); i++) {
            BusObject object = objects.get(i);
            if (request.path != null && !isLike(object.name(), request.path)) continue;
            found = true;
            Message answer = request.answer(Message.DATA);
            answer.path = object.name();
            answer.object = FIRST_OBJECT + i;
            answer.objectType = FIRST_OBJECT + i;
            answer.signature = object.signature();
            from.send(answer);
        }
        from.send(request.status(found ? BusStatus.OK : BusStatus.NOT_FOUND));
    }

    /** A star at the end stands for whatever follows. */
    private static boolean isLike(String name, String pattern) {
        return pattern.endsWith("*") ? name.startsWith(pattern.substring(0, pattern.length() - 1)) : name.equals(pattern);
    }

    private void invoke(Session from, Message request) {
        BusObject.Reply reply = new BusObject.Reply();
        BusStatus status;
        if (request.object == null || request.method == null) {
            status = BusStatus.INVALID_ARGUMENT;
        } else {
            Table arguments = request.data == null ? new Table() : request.data;
            int index = request.object - FIRST_OBJECT;
            if (request.object == EVENTS) status = event(from, request.method, arguments);
            else if (index < 0 || index >= objects.size()) status = BusStatus.NOT_FOUND;
            else status = objects.get(index).call(request.method, arguments, reply);
        }
        if (request.noReply) return;
        if (reply.data() != null && status == BusStatus.OK) {
            Message answer = request.answer(Message.DATA);
            answer.object = request.object;
            answer.data = reply.data();
            // Whoever asks for less gets it.
            if (!from.send(answer)) status = BusStatus.NO_MEMORY;
        }
        from.send(request.status(status));
    }

    private BusStatus event(Session from, String method, Table arguments) {
        switch (method) {
            case "register" -> {
                Integer object = arguments.integer("object");
                String pattern = arguments.text("pattern");
                if (object == null || pattern == null) return BusStatus.INVALID_ARGUMENT;
                if (!from.objects.contains(object)) return BusStatus.NOT_FOUND;
                if (listeners.size() >= MOST_WISHES) return BusStatus.NO_MEMORY;
                listeners.add(new Listener(from, object, pattern));
            }
            case "send" -> {
                String type = arguments.text("id");
                Table data = arguments.table("data");
                if (type == null || data == null) return BusStatus.INVALID_ARGUMENT;
                for (Listener each : listeners) {
                    if (isLike(type, each.pattern)) call(each.session, each.object, type, data);
                }
            }
            default -> {
                return BusStatus.METHOD_NOT_FOUND;
            }
        }
        return BusStatus.OK;
    }

    private void addObject(Session from, Message request) {
        BusStatus status = request.path != null ? BusStatus.NOT_SUPPORTED
                : from.objects.size() >= MOST_OF_ONE_CLIENT ? BusStatus.NO_MEMORY : BusStatus.OK;
        if (status == BusStatus.OK) {
            Integer object = nextNameless++;
            from.objects.add(object);
            Message answer = request.answer(Message.DATA);
            answer.object = object;
            from.send(answer);
        }
        from.send(request.status(status));
    }

    private void subscribe(Session from, Message request) {
        int target = request.target == null ? -1 : request.target - FIRST_OBJECT;
        if (request.object == null || request.target == null) {
            from.send(request.status(BusStatus.INVALID_ARGUMENT));
        } else if (!from.objects.contains(request.object) || target < 0 || target >= objects.size()) {
            from.send(request.status(BusStatus.NOT_FOUND));
        } else if (request.type == Message.SUBSCRIBE && subscribers.size() >= MOST_WISHES) {
            from.send(request.status(BusStatus.NO_MEMORY));
        } else {
            Subscriber wish = new Subscriber(from, request.object, request.target);
            subscribers.remove(wish);
            if (request.type == Message.SUBSCRIBE) subscribers.add(wish);
            from.send(request.status(BusStatus.OK));
        }
    }
}
