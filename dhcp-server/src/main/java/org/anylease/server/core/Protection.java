package org.anylease.server.core;

import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.anylease.server.event.ServerEvent;
import org.anylease.server.wire.MessageType;
import org.anylease.server.wire.RelayInformation;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.state.LeaseTable;
import org.jspecify.annotations.Nullable;

/**
 * Counts what clients, circuits and subnets ask for within a minute, and says when it is too much. One server's memory:
 * a client that reaches several sites has its share at each. Who has a lease is served however much others ask for.
 */
final class Protection {
    private static final Duration WINDOW = Duration.ofMinutes(1);

    /** So many clients, and so many circuits, are counted in a window; the ones after these are not held up. */
    private static final int COUNTED_MAX = 100_000;

    private static final long MIX = 0x9e37_79b9_7f4a_7c15L;

    private final Limits limits;
    private final CellViews cells;
    private final Long2IntOpenHashMap clients = new Long2IntOpenHashMap();
    private final Long2IntOpenHashMap circuits = new Long2IntOpenHashMap();
    private final Long2IntOpenHashMap subnets = new Long2IntOpenHashMap();
    private Instant windowEnd = Instant.MIN;

    Protection(Limits limits, CellViews cells) {
        this.limits = limits;
        this.cells = cells;
    }

    Limits limits() {
        return limits;
    }

    /** A copy of a cell is new, or has changed: it has to count what the limits are about. */
    void prepare(LeaseTable table) {
        if (limits.circuitLeases() > 0) {
            table.countCircuits();
        }
    }

    /** Counts a packet of a client; what speaks against serving it, or null. */
    @Nullable
    ServerEvent against(Inquiry inquiry, @Nullable MessageType type, Instant now) {
        if (!now.isBefore(windowEnd)) {
            windowEnd = now.plus(WINDOW);
            clients.clear();
            circuits.clear();
            subnets.clear();
        }
        if (limits.clientPackets() > 0
                && count(
                                clients,
                                hash(
                                        inquiry.client().id().hashCode(),
                                        inquiry.client().id().value().toArray()))
                        > limits.clientPackets()) {
            return ServerEvent.LIMITED_CLIENT;
        }
        boolean discover = type == MessageType.DISCOVER || inquiry.isBootp();
        boolean asks = discover || type == MessageType.REQUEST;
        boolean counted = limits.circuitClients() > 0 || limits.subnetClients() > 0 || limits.circuitLeases() > 0;
        if (!asks || !counted || hasLease(inquiry)) {
            return null;
        }
        if (limits.circuitLeases() > 0 && table(inquiry).leasesBeside(inquiry.client()) >= limits.circuitLeases()) {
            return ServerEvent.LIMITED_CIRCUIT_LEASES;
        }
        return discover ? againstNew(inquiry) : null;
    }

    private @Nullable ServerEvent againstNew(Inquiry inquiry) {
        byte[] circuit = circuit(inquiry);
        if (limits.circuitClients() > 0
                && circuit != null
                && count(circuits, hash(inquiry.packet().giaddr().bits(), circuit)) > limits.circuitClients()) {
            return ServerEvent.LIMITED_CIRCUIT;
        }
        long subnet = inquiry.subnet().prefix().network().unsigned();
        return limits.subnetClients() > 0 && count(subnets, subnet) > limits.subnetClients()
                ? ServerEvent.LIMITED_SUBNET
                : null;
    }

    private static int count(Long2IntOpenHashMap counts, long key) {
        if (counts.size() >= COUNTED_MAX && !counts.containsKey(key)) {
            return 0;
        }
        return counts.addTo(key, 1) + 1;
    }

    private static byte @Nullable [] circuit(Inquiry inquiry) {
        return inquiry.packet()
                .relayInformation()
                .flatMap(RelayInformation::circuitId)
                .orElse(null);
    }

    private LeaseTable table(Inquiry inquiry) {
        return cells.table(inquiry.network().cell().id());
    }

    private boolean hasLease(Inquiry inquiry) {
        List<Binding> own = table(inquiry).bindingsOf(inquiry.client().id());
        for (Binding binding : own) {
            if (binding.state() == BindingState.ACTIVE
                    && binding.isOf(inquiry.client().id())) {
                return true;
            }
        }
        return false;
    }

    private static long hash(long seed, byte[] octets) {
        return (seed * MIX) ^ (Arrays.hashCode(octets) * MIX) ^ ((long) octets.length << 32);
    }
}
