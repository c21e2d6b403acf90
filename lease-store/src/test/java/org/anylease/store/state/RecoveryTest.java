package org.anylease.store.state;

import static org.anylease.store.state.Cells.DC1;
import static org.anylease.store.state.Cells.DC1_B;
import static org.anylease.store.state.Cells.DC2;
import static org.anylease.store.state.Cells.client;
import static org.anylease.store.state.Cells.network;
import static org.anylease.store.state.Cells.subnet;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.Outcome;
import org.anylease.store.command.RequestKind;
import org.anylease.store.state.Cells.Driver;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** After a recovery what the lost servers promised last is not known. */
class RecoveryTest {
    private static final Ipv4 TEN = Ipv4.parse("10.0.0.10");
    private final Driver cell = new Driver();

    @BeforeEach
    void configure() {
        cell.configure(network("lan", true, subnet("10.0.0.0/24", List.of("10.0.0.10-10.0.0.33"))));
    }

    private Outcome offer(int client, @Nullable Ipv4 wanted) {
        return cell.run(new LeaseCommand.OfferAddress(client(client), "lan", wanted, null));
    }

    private Outcome bind(int client, Ipv4 address) {
        return cell.run(new LeaseCommand.CommitLease(client(client), "lan", address, RequestKind.SELECTING, null));
    }

    private Outcome recover() {
        return cell.run(new LeaseCommand.RecoverCell(DC1.server(), "operator"));
    }

    private Duration outlived() {
        return Cells.TIMERS.longestLease().plus(Cells.TIMERS.skew().multipliedBy(2));
    }

    @Test
    void freeAddressesGoOnlyToClientsThatClaimThemUntilWhatTheLostPromisedHasRunOut() {
        bind(1, TEN);
        assertThat(recover()).isEqualTo(new Outcome.Done(2));
        assertThat(cell.table.declaredDown()).containsOnlyKeys(DC1_B.server(), DC2.server());
        assertThat(cell.table.recovery()).hasValueSatisfying(recovery -> {
            assertThat(recovery.author()).isEqualTo("operator");
            assertThat(recovery.until()).isEqualTo(cell.table.time().plus(outlived()));
        });
        assertThat(offer(2, null)).isEqualTo(new Outcome.NoAddress());
        Ipv4 claimed = Ipv4.parse("10.0.0.20");
        assertThat(offer(2, claimed))
                .isInstanceOfSatisfying(
                        Outcome.Offered.class,
                        offered -> assertThat(offered.address()).isEqualTo(claimed));
        assertThat(bind(3, Ipv4.parse("10.0.0.21"))).isInstanceOf(Outcome.Bound.class);
        assertThat(offer(1, null))
                .isInstanceOfSatisfying(
                        Outcome.Offered.class,
                        offered -> assertThat(offered.address()).isEqualTo(TEN));

        cell.now = cell.now.plus(outlived());
        assertThat(offer(4, null)).isEqualTo(new Outcome.NoAddress());
        cell.now = cell.now.plusMillis(1);
        assertThat(offer(4, null)).isInstanceOf(Outcome.Offered.class);
        assertThat(cell.table.recovery()).isEmpty();
    }

    @Test
    void itsLastClientClaimsAFreeAddressLikeAnyOther() {
        bind(1, TEN);
        cell.now = cell.now.plus(Duration.ofDays(30));
        cell.run(new LeaseCommand.ExpireDue(100, new LogIndex(Long.MAX_VALUE)));
        cell.run(new LeaseCommand.ExpireDue(100, new LogIndex(Long.MAX_VALUE)));
        recover();
        assertThat(offer(1, null)).isEqualTo(new Outcome.NoAddress());
        assertThat(offer(1, TEN)).isInstanceOf(Outcome.Offered.class);
    }

    @Test
    void escrowGoesOnAndNoMoreIsSetAside() {
        cell.run(new LeaseCommand.GrantEscrow(DC1.server(), "lan", 2));
        assertThat(cell.table.escrowOf(DC1.server(), "lan")).hasSize(2);
        recover();
        cell.run(new LeaseCommand.GrantEscrow(DC1.server(), "lan", 4));
        assertThat(cell.table.escrowOf(DC1.server(), "lan")).hasSize(2);
    }
}
