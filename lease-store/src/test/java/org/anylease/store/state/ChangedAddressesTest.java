package org.anylease.store.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.RequestKind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The table names the addresses that an entry changed, whatever changed them: those who watch hear of all. */
class ChangedAddressesTest {
    private static final Ipv4 TEN = Ipv4.parse("10.0.0.10");

    private final Cells.Driver cell = new Cells.Driver();

    @BeforeEach
    void configure() {
        cell.configure(Cells.network("lan", true, Cells.subnet("10.0.0.0/24", List.of("10.0.0.10-10.0.0.13"))));
    }

    private List<Ipv4> changedBy(LeaseCommand command) {
        cell.run(command);
        return cell.table.changedByLastEntry();
    }

    private static LeaseCommand offer(int client) {
        return new LeaseCommand.OfferAddress(Cells.client(client), "lan", null, null);
    }

    private static LeaseCommand commit(int client) {
        return new LeaseCommand.CommitLease(Cells.client(client), "lan", TEN, RequestKind.SELECTING, null);
    }

    @Test
    void namesWhatIsOfferedCancelledBoundReleasedAndDeclined() {
        assertThat(changedBy(offer(1))).containsExactly(TEN);
        assertThat(changedBy(new LeaseCommand.CancelOffer(Cells.client(1).id())))
                .containsExactly(TEN);
        assertThat(changedBy(new LeaseCommand.CancelOffer(Cells.client(1).id())))
                .isEmpty();
        assertThat(changedBy(commit(1))).containsExactly(TEN);
        var bound = cell.table.binding(TEN).orElseThrow().index();
        assertThat(changedBy(new LeaseCommand.ReleaseLease(Cells.client(1).id(), TEN, bound)))
                .containsExactly(TEN);
        assertThat(changedBy(new LeaseCommand.ReleaseLease(Cells.client(1).id(), TEN, bound)))
                .isEmpty();
        changedBy(commit(1));
        var again = cell.table.binding(TEN).orElseThrow().index();
        assertThat(changedBy(new LeaseCommand.DeclineAddress(Cells.client(1).id(), TEN, again)))
                .containsExactly(TEN);
    }

    @Test
    void namesWhatRunsOutAndWhatAConfigurationReserves() {
        cell.run(commit(1));
        cell.pass(Duration.ofDays(2));
        assertThat(changedBy(new LeaseCommand.ExpireDue(10, LogIndex.NONE))).containsExactly(TEN);
        cell.configure(Cells.network(
                "lan",
                true,
                Cells.subnet(
                        "10.0.0.0/24",
                        List.of("10.0.0.10-10.0.0.13"),
                        Cells.reservation("10.0.0.12", Cells.client(7)))));
        assertThat(cell.table.changedByLastEntry()).containsExactly(Ipv4.parse("10.0.0.12"));
    }
}
