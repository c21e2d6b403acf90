package org.anylease.chaos.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.anylease.chaos.client.SimulatedClient;
import org.anylease.store.address.Ipv4;
import org.anylease.store.lease.ClientId;
import org.jspecify.annotations.Nullable;

/**
 * Reservations that an operator makes and takes back while a run goes on, in one run of three. They have dice of their
 * own, so that the runs without them stay what they were.
 */
final class ReservationPlan {
    private static final int CHANGES_MAX = 8;
    private static final Duration FIRST = Duration.ofSeconds(20);

    private final SimulatedCluster cluster;
    private final RandomGenerator random;

    ReservationPlan(SimulatedCluster cluster, RandomGenerator random) {
        this.cluster = cluster;
        this.random = random;
    }

    /** Puts them into the queue. */
    void schedule(Duration span) {
        if (random.nextInt(3) != 0) {
            return;
        }
        List<Ipv4> chosen = new ArrayList<>();
        for (int i = 1 + random.nextInt(CHANGES_MAX); i > 0; i--) {
            Duration at = Dice.between(random, FIRST, span);
            boolean back = !chosen.isEmpty() && random.nextInt(3) == 0;
            Ipv4 address = back ? chosen.get(random.nextInt(chosen.size())) : somewhere();
            chosen.add(address);
            SimulatedClient client =
                    cluster.clients().get(random.nextInt(cluster.clients().size()));
            cluster.queue().after(at, () -> change(address, back ? null : client.id()));
        }
    }

    private Ipv4 somewhere() {
        Ipv4 first = random.nextInt(4) == 0 ? Ipv4.parse("10.2.0.9") : Ipv4.parse("10.1.0.8");
        return first.plus(random.nextInt(12));
    }

    private void change(Ipv4 address, @Nullable ClientId client) {
        cluster.world().trace().line("operator", address + " is kept for " + (client == null ? "nobody" : client));
        cluster.operator().reserve(Terrain.CELL, address, client);
    }
}
