package org.anylease.store.command;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.RuntimeReservation;
import org.anylease.store.dns.DnsRecord;
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
     * quarantines and offers end. Also opens the gate of what waits for reports (the reuse rule).
     *
     * @param most how many bindings to move at most, so that one entry stays short
     * @param settled what was taken away by this entry of the log or by one before it waits no longer: every server
     *     that may answer for the cell has reported to have applied it. {@link LogIndex#NONE} when nothing is known
     */
    record ExpireDue(int most, LogIndex settled) implements LeaseCommand {}

    /**
     * Commits what a server promised alone: one entry of its journal. Its outcome is {@link Outcome.Merged}.
     *
     * @param client to whom
     * @param network the shared network it is on
     * @param address the address
     * @param until the latest time that was promised
     * @param binding the index of the binding that the promise rests on: of an escrowed address, that of the grant.
     *     What the client did alone afterwards does nothing to a newer one
     * @param rule by which rule it was promised
     * @param ending what the client did alone afterwards
     * @param promised when the client was last heard of
     */
    record CommitPromise(
            LeaseClient client,
            String network,
            Ipv4 address,
            Instant until,
            LogIndex binding,
            PromiseRule rule,
            PromiseEnding ending,
            Instant promised)
            implements LeaseCommand {
        /** Checks the times, and cuts them to whole milliseconds. */
        public CommitPromise {
            if (promised.isBefore(Instant.EPOCH) || until.isBefore(Instant.EPOCH) || until.isAfter(Binding.TIME_MAX)) {
                throw new IllegalArgumentException("a promise of " + promised + " until " + until
                        + " is not between 1970 and " + Binding.TIME_MAX);
            }
            until = until.truncatedTo(ChronoUnit.MILLIS);
            promised = promised.truncatedTo(ChronoUnit.MILLIS);
        }
    }

    /**
     * Sets addresses aside for a server to give out alone, and extends those it has in the network. Nothing for a
     * server that is no member or that was declared down.
     *
     * @param owner the server
     * @param network the shared network
     * @param wanted how many addresses it is to have; the cell may grant fewer, so that no more than half of what
     *     is idle is set aside
     */
    record GrantEscrow(ServerId owner, String network, int wanted) implements LeaseCommand {}

    /**
     * Gives an escrowed address back; nothing when the grant is another, or another server proposes it. Its owner has
     * forgotten the address, durably, before it proposes this.
     *
     * @param owner the server that it is set aside for
     * @param address the address
     * @param grant the index of the grant that is meant
     * @param inUse whether a probe found it in use by a stranger: it goes into quarantine
     */
    record ReturnEscrow(ServerId owner, Ipv4 address, LogIndex grant, boolean inUse) implements LeaseCommand {}

    /**
     * An operator vouches that a server is off and stays off: past the longest lease it counts as having reported,
     * and its escrow as returned. Nothing when it is declared down already, is no server of the cell, or is the last
     * one that is up.
     *
     * @param server the server
     * @param author who vouches
     */
    record DeclareDown(ServerId server, String author) implements LeaseCommand {}

    /**
     * A server that was declared down is back. Once its wait is over and addresses may have been freed on the strength
     * of it, only the server itself may say so, having first made durable, as the highest index that it reported, one
     * that is not before its DeclareDown: it can then no longer fall back to a state that knows nothing of it.
     *
     * @param server the server
     * @param author who asks for it
     */
    record UndoDeclareDown(ServerId server, String author) implements LeaseCommand {}

    /**
     * The cell is rebuilt from one survivor, since the majority of its servers is gone for good: the first command of the
     * new epoch. An operator vouches that all other servers are off and stay off: they count as declared down, and until
     * nothing that they promised can still run, free addresses go only to clients that claim them.
     *
     * @param survivor the server that has the cell's state
     * @param author who vouches
     */
    record RecoverCell(ServerId survivor, String author) implements LeaseCommand {}

    /**
     * Forgets conflicts that an operator has seen to.
     *
     * @param address their address
     * @param index the entry that found them
     */
    record ClearConflict(Ipv4 address, LogIndex index) implements LeaseCommand {}

    /**
     * Says what is now on record about DNS for an address. Nothing when something else is on record than the proposer
     * saw: another server sends updates by now.
     *
     * @param address the address
     * @param basedOn the index of the entry that was on record; {@link LogIndex#NONE} when nothing was
     * @param record what is on record from now on, or null for nothing
     */
    record NoteDns(Ipv4 address, LogIndex basedOn, @Nullable DnsRecord record) implements LeaseCommand {}

    /**
     * Keeps addresses for clients beside those that the configuration keeps, or renames their hosts: all of them, or
     * none. Its outcome is {@link Outcome.Done} or {@link Outcome.NotReserved}.
     *
     * @param reservations which, at most {@link #RESERVATIONS_MAX}
     * @param whenFree whether one whose address another client has is taken as well: it comes into force when that
     *     client's lease has run out and the address may be reused
     */
    record ReserveAddresses(List<RuntimeReservation> reservations, boolean whenFree) implements LeaseCommand {
        /** No command carries more, so that it fits into an entry. */
        public static final int RESERVATIONS_MAX = 1000;

        /** Copies the list. */
        public ReserveAddresses {
            reservations = checked(reservations);
        }

        private static List<RuntimeReservation> checked(List<RuntimeReservation> list) {
            if (list.size() > RESERVATIONS_MAX) {
                throw new IllegalArgumentException(list.size() + " reservations are more than " + RESERVATIONS_MAX);
            }
            return List.copyOf(list);
        }
    }

    /**
     * Keeps addresses no longer that {@link ReserveAddresses} had kept. Nothing for one that is not kept any more, or
     * is kept for another client by now. Its outcome is {@link Outcome.Done}.
     *
     * @param reservations which, by address and key; at most {@link ReserveAddresses#RESERVATIONS_MAX}
     */
    record UnreserveAddresses(List<RuntimeReservation> reservations) implements LeaseCommand {
        /** Copies the list. */
        public UnreserveAddresses {
            reservations = ReserveAddresses.checked(reservations);
        }
    }

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
