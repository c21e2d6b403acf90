package org.anylease.chaos.sim;

import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.anylease.chaos.invariant.Fact;
import org.anylease.store.cell.ServerId;

/** What all simulated parts share: time, dice, weather, the paths between servers, their clocks, and who watches. */
final class World {
    private final Dice dice;
    private final Trace trace;
    private final EventQueue queue;
    private final Conditions conditions;
    private final Tampering tampering;
    private final Links links;
    private final Consumer<Fact> facts;
    private final Clocks clocks;
    private final TreeMap<String, Long> counts = new TreeMap<>();

    World(Dice dice, Trace trace, Conditions conditions, Tampering tampering, Watch watch) {
        this.dice = dice;
        this.trace = trace;
        this.conditions = conditions;
        this.tampering = tampering;
        queue = new EventQueue(trace);
        clocks = new Clocks(queue);
        links = new Links(dice.fork("links"), conditions);
        facts = fact -> watch.hears(fact, queue.instant());
    }

    Dice dice() {
        return dice;
    }

    Trace trace() {
        return trace;
    }

    EventQueue queue() {
        return queue;
    }

    Conditions conditions() {
        return conditions;
    }

    Tampering tampering() {
        return tampering;
    }

    Links links() {
        return links;
    }

    Consumer<Fact> facts() {
        return facts;
    }

    /** A server's clock. */
    Instant clock(ServerId server) {
        return clocks.of(server);
    }

    Clocks clocks() {
        return clocks;
    }

    void copyAt(ServerId server, Replica replica) {
        facts.accept(new Fact.CopyAt(
                server,
                replica.table().cell(),
                replica.applied(),
                replica.table().digest()));
    }

    void count(String what) {
        counts.merge(what, 1L, Long::sum);
    }

    SortedMap<String, Long> counts() {
        return counts;
    }
}
