package org.anylease.server.admin;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.anylease.store.address.Octets;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.Incarnation;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.Batch;
import org.anylease.store.command.Entry;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.Outcome;
import org.anylease.store.config.CellConfig;
import org.anylease.store.lease.Binding;
import org.anylease.store.state.LeaseTable;
import org.anylease.store.state.ReservationStatus;
import org.jspecify.annotations.Nullable;

/** The reservations of a cell in memory, by the rules of a real one that is made for each question. */
final class MemoryReservations {
    private final CellId cell;
    private List<ReservationStatus> reservations = List.of();

    MemoryReservations(CellId cell) {
        this.cell = cell;
    }

    List<ReservationStatus> all() {
        return reservations;
    }

    Outcome apply(@Nullable CellConfig config, Collection<Binding> bindings, LeaseCommand command) {
        LeaseTable table = table(config, bindings);
        Entry entry = new Entry(MemoryCluster.NOW, List.of(batch(2, List.of(command))));
        Outcome outcome = table.apply(new LogIndex(2), entry)
                .batches()
                .getFirst()
                .outcomes()
                .getFirst();
        reservations = table.reservations();
        return outcome;
    }

    List<Outcome.NotReserved> obstacles(
            @Nullable CellConfig config, Collection<Binding> bindings, LeaseCommand.ReserveAddresses command) {
        return table(config, bindings).obstacles(command);
    }

    private LeaseTable table(@Nullable CellConfig config, Collection<Binding> bindings) {
        LeaseTable table = new LeaseTable(cell);
        List<LeaseCommand> commands = new ArrayList<>();
        if (config != null) {
            commands.add(new LeaseCommand.ApplyConfig(config, 0, "test", Octets.EMPTY));
        }
        commands.add(new LeaseCommand.RestoreBindings(List.copyOf(bindings)));
        commands.add(new LeaseCommand.ReserveAddresses(
                reservations.stream().map(ReservationStatus::reservation).toList(), true));
        table.apply(new LogIndex(1), new Entry(MemoryCluster.NOW, List.of(batch(1, commands))));
        return table;
    }

    private static Batch batch(long sequence, List<LeaseCommand> commands) {
        return new Batch(new Incarnation(new ServerId("test"), 1), sequence, commands);
    }
}
