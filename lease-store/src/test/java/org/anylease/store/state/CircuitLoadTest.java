package org.anylease.store.state;

import static org.anylease.store.state.Cells.client;
import static org.anylease.store.state.Cells.network;
import static org.anylease.store.state.Cells.subnet;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.Outcome;
import org.anylease.store.command.RequestKind;
import org.anylease.store.lease.LeaseClient;
import org.anylease.store.state.Cells.Driver;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Leases by circuit; {@link LeaseRulesTest} has the offers. */
class CircuitLoadTest {
    private final Driver cell = new Driver();

    @BeforeEach
    void configure() {
        cell.configure(network("lan", true, subnet("10.0.0.0/16", List.of("10.0.0.10-10.0.20.0"))));
    }

    private static LeaseClient on(int circuit, int number) {
        LeaseClient plain = client(number);
        Octets information = Octets.of((byte) 1, (byte) 1, (byte) circuit);
        return new LeaseClient(plain.id(), plain.hardware(), "", information, Ipv4.parse("10.0.0.1"));
    }

    private Outcome bind(int circuit, int number) {
        Ipv4 address = Ipv4.parse("10.0.0.10").plus(number);
        return cell.run(new LeaseCommand.CommitLease(on(circuit, number), "lan", address, RequestKind.SELECTING, null));
    }

    @Test
    void countsTheSameWhetherItBeganBeforeOrAfterTheLeases() throws Exception {
        cell.table.countCircuits();
        for (int i = 0; i < 6; i++) {
            assertThat(bind(i % 2, i)).isInstanceOf(Outcome.Bound.class);
            assertThat(bind(i % 2, i)).as("renewed").isInstanceOf(Outcome.Bound.class);
        }
        cell.run(new LeaseCommand.ReleaseLease(
                on(0, 0).id(),
                Ipv4.parse("10.0.0.10"),
                cell.table.binding(Ipv4.parse("10.0.0.10")).orElseThrow().index()));
        Cells.Stored stored = new Cells.Stored();
        stored.take(cell.table.takeChanges());
        LeaseTable later = LeaseTable.restore(Cells.CELL, stored.all());
        assertThat(later.leasesBeside(on(1, 9))).as("not counted yet").isZero();
        later.countCircuits();
        later.countCircuits();
        for (LeaseTable table : List.of(cell.table, later)) {
            assertThat(table.leasesBeside(on(0, 9))).isEqualTo(2);
            assertThat(table.leasesBeside(on(1, 9))).isEqualTo(3);
            assertThat(table.leasesBeside(on(2, 9))).isZero();
            assertThat(table.leasesBeside(client(9))).as("no circuit").isZero();
        }
        assertThat(later.digest()).isEqualTo(cell.table.digest());
        cell.pass(Duration.ofDays(30));
        cell.run(new LeaseCommand.ExpireDue(100, LogIndex.NONE));
        assertThat(cell.table.leasesBeside(on(1, 9))).as("all have run out").isZero();
    }

    @Test
    void countingLeasesLosesNoOffer() {
        int most = CircuitLoad.OFFERS_PER_CIRCUIT_MAX;
        for (int i = 0; i < most; i++) {
            cell.run(new LeaseCommand.OfferAddress(on(7, 1000 + i), "lan", null, null));
        }
        cell.table.countCircuits();
        assertThat(cell.run(new LeaseCommand.OfferAddress(on(7, 1), "lan", null, null)))
                .isEqualTo(new Outcome.NoAddress());
        assertThat(cell.run(new LeaseCommand.OfferAddress(on(8, 1), "lan", null, null)))
                .isInstanceOf(Outcome.Offered.class);
    }
}
