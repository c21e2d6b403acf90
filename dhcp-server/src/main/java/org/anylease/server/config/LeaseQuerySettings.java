package org.anylease.server.config;

import java.time.Duration;
import java.util.List;
import org.anylease.store.address.Prefix;
import org.jspecify.annotations.Nullable;

/**
 * Whether and how a server answers lease queries.
 *
 * @param from who may ask; nobody when empty
 * @param port where bulk queries are heard, or null for the DHCP server's port
 * @param connections how many may ask in bulk at a time; 0 for none
 * @param queries how many queries of a connection may wait
 * @param timeout how long a connection may stand still
 */
public record LeaseQuerySettings(
        List<Prefix> from, @Nullable Integer port, int connections, int queries, Duration timeout) {
    /** No queries are answered. */
    public static final LeaseQuerySettings OFF = new LeaseQuerySettings(List.of(), null, 10, 16, Duration.ofMinutes(5));

    /** Copies the list. */
    public LeaseQuerySettings {
        from = List.copyOf(from);
    }

    static LeaseQuerySettings read(Cursor cursor) {
        Section section = new Section(cursor, Concept.LEASEQUERY);
        List<Prefix> from = section.readAll("from", Prefix::parse);
        Integer port = section.read("port", Notation::port);
        Long connections = section.read("connections", Notation.number(0, 1000));
        Long queries = section.read("queries", Notation.number(1, 1000));
        Duration timeout = section.read("timeout", Notation.between(Duration.ofSeconds(1), Duration.ofHours(1)));
        section.done();
        return new LeaseQuerySettings(
                from,
                port,
                connections != null ? connections.intValue() : OFF.connections,
                queries != null ? queries.intValue() : OFF.queries,
                timeout != null ? timeout : OFF.timeout);
    }
}
