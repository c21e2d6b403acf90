package org.anylease.server.core;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.anylease.server.action.LeaseActions;
import org.anylease.server.action.LeaseEvent;
import org.anylease.server.expression.Evaluation;
import org.anylease.server.expression.ReplyView;
import org.anylease.server.expression.RequestView;
import org.anylease.server.leasequery.Wanted;
import org.anylease.server.wire.BootpOp;
import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.Options;
import org.anylease.server.wire.OptionsBuilder;
import org.anylease.server.wire.Packet;
import org.anylease.server.wire.RelayInformation;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.ClientId;
import org.anylease.store.lease.LeaseClient;
import org.jspecify.annotations.Nullable;

/**
 * Does what an operator wants done when something happens to a lease, once and at one server: at the one that tells a
 * client of its lease, at the one that a client gives it back to, and, when it runs out, at the one whose command made it
 * run out, which is the cell's leader. Nothing is done twice; what a server does not come to any more is not done.
 */
final class Acting {
    /** So many entries are remembered until their proposal is heard of, or the other way round. */
    private static final int REMEMBERED_MAX = 64;

    private final Replies.Views views;
    private final Replies.PlanView plans;
    private LeaseActions actions = LeaseActions.NONE;

    /** Leases that ran out by an entry of which it is not known yet whose it is. */
    private final Bounded<List<Binding>> ranOut = new Bounded<>();

    /** Entries of this server's own that are not applied here yet. */
    private final Bounded<Boolean> own = new Bounded<>();

    private record Place(CellId cell, LogIndex index) {}

    /** The newest few. */
    private static final class Bounded<V> {
        private final SequencedMap<Place, V> values = new LinkedHashMap<>();

        void put(Place place, V value) {
            values.putLast(place, value);
            if (values.size() > REMEMBERED_MAX) {
                values.pollFirstEntry();
            }
        }

        @Nullable
        V take(Place place) {
            return values.remove(place);
        }
    }

    /** A lease, seen by an expression. */
    private record Lease(@Nullable Ipv4 address, long seconds) implements ReplyView {
        @Override
        public byte @Nullable [] configured(int code, Evaluation evaluation) {
            return null;
        }
    }

    Acting(Replies.Views views, Replies.PlanView plans) {
        this.views = views;
        this.plans = plans;
    }

    /** Does these from now on. */
    void by(LeaseActions others) {
        actions = others;
    }

    /** A client is told that it has a lease. */
    void committed(Inquiry inquiry, Ipv4 address, long seconds, Turn turn) {
        if (actions.concern(LeaseEvent.COMMIT)) {
            act(LeaseEvent.COMMIT, views.of(inquiry), new Lease(address, seconds), turn);
        }
    }

    /** A client has given back the lease that its packet names. */
    void released(Inquiry inquiry, Turn turn) {
        if (actions.concern(LeaseEvent.RELEASE)) {
            act(
                    LeaseEvent.RELEASE,
                    views.of(inquiry),
                    new Lease(inquiry.packet().ciaddr(), 0),
                    turn);
        }
    }

    /** Whether {@link #ranOut} is to be told of leases that run out. */
    boolean followsExpiry() {
        return actions.concern(LeaseEvent.EXPIRY);
    }

    /** An entry was applied by which leases ran out. */
    void ranOut(CellId cell, LogIndex index, List<Binding> bindings, Turn turn) {
        Place place = new Place(cell, index);
        if (own.take(place) != null) {
            expired(bindings, turn);
        } else {
            ranOut.put(place, bindings);
        }
    }

    /** A command of this server's own, by which leases ran out, is an entry. */
    void proposed(CellId cell, LogIndex index, Turn turn) {
        if (!followsExpiry()) {
            return;
        }
        Place place = new Place(cell, index);
        List<Binding> bindings = ranOut.take(place);
        if (bindings == null) {
            own.put(place, true);
        } else {
            expired(bindings, turn);
        }
    }

    private void expired(List<Binding> bindings, Turn turn) {
        for (Binding binding : bindings) {
            ServedSubnet subnet = plans.plan().subnetOf(binding.address());
            LeaseClient client = binding.client();
            if (subnet != null && client != null) {
                act(LeaseEvent.EXPIRY, view(client, subnet), new Lease(binding.address(), 0), turn);
            }
        }
    }

    /** What is kept of a client, as though it were in a packet. */
    private static RequestView view(LeaseClient client, ServedSubnet subnet) {
        OptionsBuilder options = Options.builder();
        if (client.id().kind() == ClientId.Kind.CLIENT_IDENTIFIER) {
            options.octets(OptionCode.CLIENT_ID, client.id().value());
        }
        if (!client.hostname().isEmpty()) {
            options.octets(OptionCode.HOSTNAME, Texts.octets(client.hostname()));
        }
        Octets kept = client.relayInformation();
        RelayInformation relay = Classifying.read(kept);
        Packet packet = Packet.builder()
                .op(BootpOp.REQUEST)
                .hardware(Wanted.hardware(client))
                .giaddr(client.relay())
                .options(options.build())
                .build();
        return new RequestView(
                packet,
                relay,
                LeaseEvent.EXPIRY.word(),
                false,
                subnet.prefix(),
                subnet.network().name());
    }

    private void act(LeaseEvent event, RequestView request, Lease lease, Turn turn) {
        actions.at(event, request, lease).forEach(each -> turn.emit(new Effect.Do(each)));
    }
}
