package org.anylease.store.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.anylease.store.address.Ipv4;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.RuntimeReservation;
import org.anylease.store.lease.ClientId;
import org.anylease.store.lease.LeaseClient;

/** What operators may ask of reservations at run time, by chance. */
final class Wishes {
    private Wishes() {}

    static LeaseCommand reserving(
            Random random, LeaseTable table, Supplier<Ipv4> somewhere, Supplier<LeaseClient> someone) {
        List<RuntimeReservation> wishes = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            LeaseClient client = someone.get();
            wishes.add(new RuntimeReservation(
                    somewhere.get(),
                    random.nextInt(3) == 0 ? new ClientId(ClientId.Kind.HARDWARE, client.hardware()) : client.id(),
                    random.nextBoolean() ? "host" + random.nextInt(3) : null,
                    "operator",
                    table.time()));
        }
        table.config().map(CellConfig::networks).stream()
                .flatMap(List::stream)
                .flatMap(NaivePlan::reservations)
                .filter(_ -> random.nextInt(8) == 0)
                .forEach(known -> wishes.add(new RuntimeReservation(
                        known.address(), known.key(), known.hostname(), "operator", table.time())));
        return new LeaseCommand.ReserveAddresses(wishes, random.nextInt(3) > 0);
    }

    static LeaseCommand unreserving(
            Random random, LeaseTable table, Supplier<Ipv4> somewhere, Supplier<LeaseClient> someone) {
        List<ReservationStatus> kept = table.reservations();
        RuntimeReservation some = kept.isEmpty() || random.nextInt(8) == 0
                ? new RuntimeReservation(somewhere.get(), someone.get().id(), null, "operator", table.time())
                : kept.get(random.nextInt(kept.size())).reservation();
        return new LeaseCommand.UnreserveAddresses(List.of(some));
    }
}
