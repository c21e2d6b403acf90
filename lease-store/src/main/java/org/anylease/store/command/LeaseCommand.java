package org.anylease.store.command;

import java.time.Duration;
import java.util.List;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.config.CellConfig;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.ClientId;
import org.anylease.store.lease.LeaseClient;
import org.jspecify.annotations.Nullable;

/**
 * A change asked of a cell. What becomes of it is decided when it is applied, from the cell's state and the
 * entry's stamp alone, so that every replica decides alike.
 */
public sealed interface LeaseCommand {
    /**
     * Holds an address for a client. Its outcome is {@link Outcome.Offered} or {@link Outcome.NoAddress}.
     *
     * @param client the client
     * @param network the shared network it is on
     * @param wanted the address that the proposer chose and probes, or that the client asks for; null for any.
     *     It is a wish: another is offered when it is not available
     * @param inUse an address that a probe just found in use by a stranger: abandoned before another is chosen
     */
    record OfferAddress(
            LeaseClient client,
            String network,
            @Nullable Ipv4 wanted,
            @Nullable Ipv4 inUse) implements LeaseCommand {}

    /**
     * Binds an address to a client, or extends its lease. Its outcome is {@link Outcome.Bound},
     * {@link Outcome.Refused} or {@link Outcome.NotKnown}.
     *
     * @param client the client
     * @param network the shared network it is on
     * @param address the address it named
     * @param kind the kind of REQUEST
     * @param wantedTime the lease time it asks for (option 51), or null
     */
    record CommitLease(
            LeaseClient client,
            String network,
            Ipv4 address,
            RequestKind kind,
            @Nullable Duration wantedTime) implements LeaseCommand {}

    /**
     * Gives a lease back (RFC 2131 §4.3.4); nothing when the binding is another than the one named.
     *
     * @param client its holder
     * @param address the address
     * @param binding the index of the binding that is meant
     */
    record ReleaseLease(ClientId client, Ipv4 address, LogIndex binding) implements LeaseCommand {}

    /**
     * Abandons an address that its client found in use (RFC 2131 §4.3.3); nothing when the binding is another.
     *
     * @param client its holder
     * @param address the address
     * @param binding the index of the binding that is meant
     */
    record DeclineAddress(ClientId client, Ipv4 address, LogIndex binding) implements LeaseCommand {}

    /**
     * Forgets what was offered to a client, which took another server's offer.
     *
     * @param client the client
     */
    record CancelOffer(ClientId client) implements LeaseCommand {}

    /**
     * Moves what is due by the entry's stamp: leases run out, expired and released addresses become free, and
     * quarantines and offers end.
     *
     * @param most how many bindings to move at most, so that one entry stays short
     */
    record ExpireDue(int most) implements LeaseCommand {}

    /**
     * Takes a configuration into force. Its outcome is {@link Outcome.Done}, or {@link Outcome.Superseded} when the
     * cell is at another version than {@code basedOn}.
     *
     * @param config the slice
     * @param basedOn the version that the operator saw; 0 for the first one
     * @param author who asks for it
     * @param source the operator's file, UTF-8 compressed with gzip
     */
    record ApplyConfig(CellConfig config, long basedOn, String author, Octets source) implements LeaseCommand {}

    /**
     * Puts bindings of a backup or of an imported lease file in place. An address that is ACTIVE for another client
     * is left alone; so is a binding newer than the one given.
     *
     * @param bindings what to put in place
     */
    record RestoreBindings(List<Binding> bindings) implements LeaseCommand {
        /** Copies the list. */
        public RestoreBindings {
            bindings = List.copyOf(bindings);
        }
    }
}
