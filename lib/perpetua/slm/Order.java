// SPDX-License-Identifier: Apache-2.0
package perpetua.slm;

import java.util.List;

/** A command that takes its time: it is over when all that it concerns is up, or down. */
final class Order {
    private final Engine engine;
    private final Request request;
    /** Components are known by their place in it. */
    private final Configuration configuration;
    private List<Integer> concerned;
    /** For a stop, the place of the one that is being stopped. */
    private int at;

    private Order(Engine engine, Request request) {
        this.engine = engine;
        this.request = request;
        this.configuration = engine.configuration();
    }

    /** Begins it. */
    static Order of(Engine engine, Request request, boolean debug, long now) throws Request.Malformed {
        List<Integer> targets = engine.configuration().named(request.name());
        if (targets == null) throw new Request.Malformed(request.name() + ": no component or module of that name");
        Order order = new Order(engine, request);
        order.concerned = targets;
        switch (request.verb()) {
            case START -> engine.start(targets, debug, now);
            case RESTART -> order.concerned = engine.restart(targets, debug, now);
            default -> order.advance(now);
        }
        return order;
    }

    /** A module is stopped from its first member to its last. */
    private void advance(long now) {
        if (at < concerned.size()) engine.stop(concerned.get(at), now);
    }

    /** @return null while it goes on, empty if it has succeeded, otherwise what to say */
    String result(long now) {
        if (engine.configuration() != configuration) return "another configuration was taken meanwhile";
        if (request.verb() != Request.Verb.STOP) return engine.startResult(concerned);
        while (at < concerned.size() && engine.isStopped(concerned.get(at))) {
            at++;
            advance(now);
        }
        return at == concerned.size() ? "" : null;
    }

    /** What it has come to, where more is to be said. */
    String report() {
        if (!request.verbose() || engine.configuration() != configuration) return "";
        StringBuilder text = new StringBuilder();
        for (int index : concerned) {
            text.append(engine.node(index).component.name).append('\t').append(engine.node(index).state).append('\n');
        }
        return text.toString();
    }
}
