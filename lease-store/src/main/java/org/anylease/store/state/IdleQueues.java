package org.anylease.store.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.anylease.store.address.Ipv4;
import org.anylease.store.allocation.IdleQueue;
import org.anylease.store.allocation.IdleRecords;
import org.anylease.store.allocation.NetworkPlan;
import org.anylease.store.lease.LeaseClient;
import org.jspecify.annotations.Nullable;

/** The idle addresses of all networks: a queue for each group of pools that the same clients may use. */
final class IdleQueues {
    private final IdleRecords records;
    private TreeMap<String, List<IdleQueue>> byNetwork = new TreeMap<>();

    IdleQueues(IdleRecords records) {
        this.records = records;
    }

    /** Turns to other networks: begins without any, and forgets those that {@link #keep} and {@link #fresh} do not name. */
    Map<String, List<IdleQueue>> restart() {
        Map<String, List<IdleQueue>> before = byNetwork;
        byNetwork = new TreeMap<>();
        return before;
    }

    /** Goes on with the queues of a network whose pools are as they were; false when they are not. */
    boolean keep(NetworkPlan network, @Nullable List<IdleQueue> before) {
        List<IdleQueue> kept = new ArrayList<>();
        for (IdleQueue queue : before == null ? List.<IdleQueue>of() : before) {
            IdleQueue same = queue.under(network);
            if (same == null) {
                return false;
            }
            kept.add(same);
        }
        if (!kept.isEmpty()) {
            byNetwork.put(network.network().name(), kept);
        }
        return !kept.isEmpty();
    }

    /** Begins with a network's unused addresses. */
    void fresh(NetworkPlan network) {
        List<IdleQueue> queues = new ArrayList<>();
        for (int group = 0; group < network.groupCount(); group++) {
            queues.add(new IdleQueue(network, group, records));
        }
        byNetwork.put(network.network().name(), queues);
    }

    /** A dynamic address has become idle. */
    void add(NetworkPlan network, Ipv4 address, long idleSequence) {
        of(network).get(network.groupOf(address)).add(address.bits(), idleSequence);
    }

    /** The next address for a client: the one idle longest in the first group that it may use and that has one. */
    @Nullable
    Ipv4 next(NetworkPlan network, LeaseClient client, Predicate<Ipv4> taken) {
        List<IdleQueue> queues = of(network);
        for (int group = 0; group < queues.size(); group++) {
            Ipv4 idle = network.permits(group, client) ? queues.get(group).next(taken) : null;
            if (idle != null) {
                return idle;
            }
        }
        return null;
    }

    /** The one idle longest in a group. */
    @Nullable
    Ipv4 next(NetworkPlan network, int group) {
        return of(network).get(group).next(_ -> false);
    }

    private List<IdleQueue> of(NetworkPlan network) {
        List<IdleQueue> queues = byNetwork.get(network.network().name());
        if (queues == null) {
            throw new IllegalStateException("no network " + network.network().name() + " is configured");
        }
        return queues;
    }
}
