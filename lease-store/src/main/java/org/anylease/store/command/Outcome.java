package org.anylease.store.command;

import java.time.Duration;
import java.time.Instant;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.LogIndex;
import org.jspecify.annotations.Nullable;

/** What became of a committed command. */
public sealed interface Outcome {
    /**
     * An address is held for the client.
     *
     * @param address the address
     * @param leaseTime how long the lease would be
     * @param activeForClient whether the client holds it already, so that it needs no probe
     */
    record Offered(Ipv4 address, Duration leaseTime, boolean activeForClient) implements Outcome {}

    /** The network has no address left for the client. */
    record NoAddress() implements Outcome {}

    /**
     * The client's lease is committed: rule R1.
     *
     * @param address the address
     * @param leaseTime how long from now the client may be told
     * @param expiry the committed expiry, in cell time
     * @param binding the index of the binding, which RELEASE and DECLINE name
     * @param siteMoves how many of the client's commits in succession came through another site than the one before
     */
    record Bound(Ipv4 address, Duration leaseTime, Instant expiry, LogIndex binding, int siteMoves)
            implements Outcome {}

    /**
     * The client cannot have the address, and is to be told so with a NAK.
     *
     * @param reason why
     */
    record Refused(Reason reason) implements Outcome {
        /** Why a client cannot have an address. */
        public enum Reason {
            /** It is bound to, held for or kept for another client. */
            TAKEN,
            /** It lies in no pool of the network that the client may use, and is not kept for it. */
            NOT_LEASABLE,
            /** It is in quarantine. */
            ABANDONED,
            /** It is not what the cell has on record for the client. */
            OTHER_ADDRESS,
            /** One of the client's classes has as many addresses as it may. */
            CLASS_FULL
        }
    }

    /** The cell has no record of the client, so another server may: the client hears nothing (RFC 2131 §4.3.2). */
    record NotKnown() implements Outcome {}

    /**
     * A command without an answer of its own was carried out.
     *
     * @param changed how many bindings it changed; 0 when it came too late
     */
    record Done(int changed) implements Outcome {}

    /**
     * A configuration was not taken: the cell is at another version than the operator saw.
     *
     * @param version the version in force
     */
    record Superseded(long version) implements Outcome {}

    /**
     * Addresses were not kept for clients, none of them.
     *
     * @param address the first that could not be
     * @param obstacle why
     * @param other the address that is kept for the same client, when that is the reason; else null
     */
    record NotReserved(
            Ipv4 address, Obstacle obstacle, @Nullable Ipv4 other) implements Outcome {
        /** Why an address cannot be kept for a client. */
        public enum Obstacle {
            /** It lies in no subnet of the cell. */
            NO_SUBNET,
            /** It is its subnet's network or broadcast address. */
            OWN_NAME,
            /** The configuration keeps it for the same client already. */
            IN_FILE,
            /** It is kept for another client. */
            KEPT_FOR_ANOTHER,
            /** Another address of the network is kept for the client. */
            CLIENT_HAS_ANOTHER,
            /** Another client has it, or its lease has ended and the address may not be reused yet. */
            HELD,
            /** It is in quarantine. */
            ABANDONED,
            /** The cell has as many reservations made at run time as it takes. */
            TOO_MANY
        }
    }

    /**
     * A promise made alone was merged.
     *
     * @param result how
     */
    record Merged(Result result) implements Outcome {
        /** What became of a promise. */
        public enum Result {
            /** The cell's state now covers it. */
            TAKEN,
            /** Nothing is left to be done: nobody holds the address by it any more, or it was merged before. */
            OBSOLETE,
            /** Somebody else has the address: the conflict is on record, and the address in quarantine. */
            CONFLICT
        }
    }

    /** The batch came to be applied after its validity time: nothing was carried out, and nothing will be. */
    record Lapsed() implements Outcome {}
}
