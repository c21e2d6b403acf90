package org.anylease.chaos.sim;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.anylease.chaos.invariant.Fact;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.RuntimeReservation;
import org.anylease.store.lease.ClientId;
import org.anylease.store.state.ReservationStatus;
import org.jspecify.annotations.Nullable;

/** Who configures a simulated cluster, and vouches for servers that are off. Insists until it is done. */
public final class Operator {
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final SimulatedCluster cluster;
    private final NavigableSet<CellId> cells;
    private int wish;

    Operator(SimulatedCluster cluster, Iterable<CellId> cells) {
        this.cluster = cluster;
        this.cells = new TreeSet<>();
        cells.forEach(this.cells::add);
    }

    /** Proposes the terrain's configuration, again and again until it is in force, or the terrain is another. */
    public void configure() {
        wish++;
        for (CellId cell : cells) {
            configure(cell, wish);
        }
    }

    private void configure(CellId cell, int wished) {
        long version = version(cell);
        CellConfig now = cluster.truth(cell).file().orElse(null);
        if (wished != wish || cluster.terrain().config(cell, version).equals(now)) {
            return;
        }
        propose(
                cell,
                new LeaseCommand.ApplyConfig(
                        cluster.terrain().config(cell, version + 1), version, "operator", Octets.EMPTY));
        cluster.queue().after(RETRY, () -> configure(cell, wished));
    }

    private long version(CellId cell) {
        return cluster.truth(cell).config().map(CellConfig::version).orElse(0L);
    }

    /**
     * An operator vouches, in every cell, that a server is off and stays off. Again and again, until it is on record or
     * the server runs.
     *
     * @param server the server
     */
    public void declareDown(ServerId server) {
        for (CellId cell : cells) {
            insist(
                    cell,
                    new LeaseCommand.DeclareDown(server, "operator"),
                    () -> !cluster.server(server).isUp()
                            && !cluster.truth(cell).declaredDown().containsKey(server));
        }
    }

    /**
     * An operator vouches, in every cell, that a server is off, which is not so.
     *
     * @param server the server
     */
    public void declareDownFalsely(ServerId server) {
        cluster.world().facts().accept(new Fact.VouchedFalsely(server));
        for (CellId cell : cells) {
            insist(
                    cell,
                    new LeaseCommand.DeclareDown(server, "operator"),
                    () -> !cluster.truth(cell).declaredDown().containsKey(server));
        }
    }

    /**
     * Asks a cell once to keep an address for a client, whoever has it now, or to keep it no longer for whomever it is
     * kept.
     *
     * @param cell the cell
     * @param address the address
     * @param client the client, or null to keep it no longer
     */
    void reserve(CellId cell, Ipv4 address, @Nullable ClientId client) {
        if (client != null) {
            propose(cell, new LeaseCommand.ReserveAddresses(List.of(wish(address, client)), true));
            return;
        }
        for (ReservationStatus kept : cluster.truth(cell).reservations()) {
            if (kept.reservation().address().equals(address)) {
                propose(cell, new LeaseCommand.UnreserveAddresses(List.of(kept.reservation())));
            }
        }
    }

    private static RuntimeReservation wish(Ipv4 address, ClientId client) {
        return new RuntimeReservation(address, client, null, "operator", Instant.EPOCH);
    }

    /** Whether every cell has it on record that a server is off. */
    boolean isDeclaredDown(ServerId server) {
        return cells.stream()
                .allMatch(cell -> cluster.truth(cell).declaredDown().containsKey(server));
    }

    private void insist(CellId cell, LeaseCommand command, BooleanSupplier wanted) {
        if (wanted.getAsBoolean()) {
            propose(cell, command);
            cluster.queue().after(RETRY, () -> insist(cell, command, wanted));
        }
    }

    private void propose(CellId cell, LeaseCommand command) {
        for (SimulatedServer server : cluster.servers().values()) {
            if (server.isUp() && server.log().quorum(cell).reachable()) {
                server.log().propose(cell, command, _ -> {});
                break;
            }
        }
    }
}
