package org.anylease.server.isc.leases;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.anylease.server.isc.convert.Finding;
import org.anylease.server.isc.convert.Verdict;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.allocation.NetworkPlan;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.config.NetworkPolicy;
import org.anylease.store.config.Reservation;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.ClientId;
import org.anylease.store.lease.LeaseClient;
import org.jspecify.annotations.Nullable;

/**
 * The binding that a lease entry becomes, and what is told of it.
 *
 * @param binding null when there is nothing to keep
 * @param finding what became of the entry
 */
record LeaseBinding(@Nullable Binding binding, Finding finding) {
    /** A client identifier has a type, and one octet at least of that type (RFC 2132 §9.14); the server asks the same. */
    private static final int IDENTIFIER_MIN = 2;

    static LeaseBinding of(LeaseEntry entry, NetworkPlan network, Instant now) {
        LeaseClient client = client(entry, network.network().policy().identity());
        Instant ends = entry.ends() == null ? Instant.EPOCH : entry.ends();
        boolean running = ends.isAfter(now);
        LeaseState state = entry.state() != null ? entry.state() : running ? LeaseState.ACTIVE : LeaseState.FREE;
        return switch (state) {
            case ACTIVE -> {
                if (client == null) {
                    yield nothing(entry, running ? Verdict.UNSUPPORTED : Verdict.CONVERTED, NOBODY);
                }
                yield running
                        ? held(entry, made(entry, BindingState.ACTIVE, client, ends, now), network)
                        : kept(entry, made(entry, BindingState.EXPIRED, client, ends, now), "it has run out");
            }
            case EXPIRED -> lapsed(entry, BindingState.EXPIRED, client, ends, now);
            case RELEASED -> lapsed(entry, BindingState.RELEASED, client, ends, now);
            case FREE, RESET, BACKUP -> lapsed(entry, BindingState.FREE, client, Instant.EPOCH, now);
            case ABANDONED ->
                running
                        ? kept(entry, made(entry, BindingState.ABANDONED, client, ends, now), "")
                        : nothing(entry, Verdict.CONVERTED, "its quarantine is over: the address is anybody's");
        };
    }

    private static final String NOBODY = "it names neither client identifier nor hardware address: nobody can claim it";

    /** The client as the server will know it by the network's policy; null when the entry does not say who it is. */
    private static @Nullable LeaseClient client(LeaseEntry entry, NetworkPolicy.Identity identity) {
        Octets uid = entry.uid();
        boolean byIdentifier = identity == NetworkPolicy.Identity.CLIENT_IDENTIFIER
                && uid.length() >= IDENTIFIER_MIN
                && uid.length() <= ClientId.LENGTH_MAX;
        if (!byIdentifier && entry.hardware().isEmpty()) {
            return null;
        }
        ClientId id = byIdentifier
                ? new ClientId(ClientId.Kind.CLIENT_IDENTIFIER, uid)
                : new ClientId(ClientId.Kind.HARDWARE, entry.hardware());
        return new LeaseClient(id, entry.hardware(), entry.hostname(), entry.relayInformation(), Ipv4.UNSPECIFIED);
    }

    private static LeaseBinding lapsed(
            LeaseEntry entry, BindingState state, @Nullable LeaseClient client, Instant ends, Instant now) {
        return client == null
                ? nothing(entry, Verdict.CONVERTED, "nobody is known to have had it")
                : kept(entry, made(entry, state, client, ends, now), "");
    }

    private static LeaseBinding held(LeaseEntry entry, Binding binding, NetworkPlan network) {
        LeaseClient client = binding.client();
        Reservation reservation = network.reservationAt(entry.address());
        if (reservation != null && client != null && !reservation.isFor(client)) {
            return nothing(entry, Verdict.UNSUPPORTED, "the configuration keeps the address for another client");
        }
        if (reservation == null && !network.isDynamic(entry.address())) {
            return kept(
                    entry,
                    binding,
                    List.of("no pool has the address: the client keeps it until the lease ends, and gets another"
                            + " then"));
        }
        if (binding.end().equals(LeaseDate.NEVER)) {
            return kept(
                    entry,
                    binding,
                    List.of("it never ends, and stays so when the client is given a shorter one: only a RELEASE"
                            + " ends it"));
        }
        return kept(entry, binding, "");
    }

    private static Binding made(
            LeaseEntry entry, BindingState state, @Nullable LeaseClient client, Instant ends, Instant now) {
        boolean free = state == BindingState.FREE;
        Instant starts = free || state == BindingState.ABANDONED ? null : entry.starts();
        return new Binding(
                entry.address(),
                state,
                LogIndex.NONE,
                client,
                starts == null ? Instant.EPOCH : starts,
                ends,
                // Whoever could have led the old holder is switched off: no server of ours promised it anything.
                Instant.EPOCH,
                lastSeen(entry, now),
                null,
                0,
                0,
                null);
    }

    /** By this the newer of two bindings is told. A time to come was written by a clock that was wrong. */
    private static Instant lastSeen(LeaseEntry entry, Instant now) {
        Instant seen = entry.lastSeen() != null ? entry.lastSeen() : entry.starts();
        Instant known = seen != null ? seen : entry.ends() != null ? entry.ends() : now;
        return known.isAfter(now) ? now : known;
    }

    private static LeaseBinding kept(LeaseEntry entry, Binding binding, String note) {
        return entry.differences().isEmpty()
                ? new LeaseBinding(binding, finding(entry, Verdict.CONVERTED, note))
                : kept(entry, binding, List.of());
    }

    private static LeaseBinding kept(LeaseEntry entry, Binding binding, List<String> more) {
        List<String> differences = new ArrayList<>(more);
        differences.addAll(entry.differences());
        return new LeaseBinding(binding, finding(entry, Verdict.DIFFERENT, String.join("; ", differences)));
    }

    private static LeaseBinding nothing(LeaseEntry entry, Verdict verdict, String what) {
        return new LeaseBinding(null, finding(entry, verdict, what));
    }

    private static Finding finding(LeaseEntry entry, Verdict verdict, String what) {
        return new Finding(entry.at(), entry.source(), verdict, what, "");
    }
}
