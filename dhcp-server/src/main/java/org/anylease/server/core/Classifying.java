package org.anylease.server.core;

import java.util.Optional;
import org.anylease.server.event.PacketKind;
import org.anylease.server.expression.RequestView;
import org.anylease.server.wire.Packet;
import org.anylease.server.wire.RelayInformation;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.alone.JournalRecord;
import org.anylease.store.cell.CellId;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.LeaseClient;
import org.anylease.store.state.LeaseTable;
import org.jspecify.annotations.Nullable;

/** Finds the classes of a packet's client, once for each packet. */
final class Classifying {
    private final CellViews cells;
    private final Promises promises;

    /** What this server promised alone of an address. */
    @FunctionalInterface
    interface Promises {
        Optional<JournalRecord.Promise> of(CellId cell, Ipv4 address);
    }

    Classifying(CellViews cells, Promises promises) {
        this.cells = cells;
        this.promises = promises;
    }

    /** The classes; null when they took more steps than a packet may cost. */
    @Nullable
    Classified classify(Packet packet, PacketKind kind, ServedSubnet subnet, LeaseClient client) {
        ServedCell cell = subnet.network().cell();
        if (cell.classes().isEmpty()) {
            return Classified.NONE;
        }
        return cell.classes().classify(view(packet, kind, subnet, client));
    }

    /** What expressions see of a packet. */
    RequestView view(Packet packet, PacketKind kind, ServedSubnet subnet, LeaseClient client) {
        ServedCell cell = subnet.network().cell();
        LeaseTable table = cells.table(cell.id());
        boolean known = table.plan().map(plan -> plan.classes().isKnown(client)).orElse(false);
        return new RequestView(
                packet,
                relay(packet, client, cell.id(), table),
                word(kind),
                known,
                subnet.prefix(),
                subnet.network().name());
    }

    /** The relay's words, or those of the packet by which the client got what it renews without a relay. */
    private @Nullable RelayInformation relay(Packet packet, LeaseClient client, CellId cell, LeaseTable table) {
        RelayInformation own = packet.relayInformation().orElse(null);
        boolean direct = packet.giaddr().isUnspecified() && !packet.ciaddr().isUnspecified();
        if (own != null || !direct) {
            return own;
        }
        Binding binding = table.binding(packet.ciaddr()).orElse(null);
        LeaseClient before = binding == null ? null : binding.client();
        if (before == null || !before.id().equals(client.id())) {
            JournalRecord.Promise promise = promises.of(cell, packet.ciaddr()).orElse(null);
            before = promise == null ? null : promise.client();
        }
        return before != null && before.id().equals(client.id()) ? read(before.relayInformation()) : null;
    }

    static @Nullable RelayInformation read(Octets kept) {
        if (kept.isEmpty()) {
            return null;
        }
        try {
            return RelayInformation.of(kept.toArray());
        } catch (IllegalArgumentException e) {
            // A record that was imported: whoever wrote it did not check.
            return null;
        }
    }

    private static String word(PacketKind kind) {
        return switch (kind) {
            case DISCOVER -> "discover";
            case REQUEST_SELECTING -> "selecting";
            case REQUEST_INIT_REBOOT -> "init-reboot";
            case REQUEST_RENEWING -> "renewing";
            case REQUEST_REBINDING -> "rebinding";
            case RELEASE -> "release";
            case DECLINE -> "decline";
            case INFORM -> "inform";
            case BOOTP -> "bootp";
            case LEASEQUERY, OTHER -> "other";
        };
    }
}
