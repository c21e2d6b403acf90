package org.anylease.store.lease;

import java.time.Instant;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.jspecify.annotations.Nullable;

/**
 * What the cell says of one address.
 *
 * <p>The legal moves, with the method that makes each; every other move throws:
 *
 * <pre>
 * from                        to          method         when
 * FREE, RESERVED              ACTIVE      bind           the client's lease is committed
 * ACTIVE, EXPIRED, RELEASED   ACTIVE      bind           the same client again; the expiry never decreases while ACTIVE
 * ACTIVE                      EXPIRED     expire         cell time is past end + 2·skew
 * ACTIVE                      RELEASED    release        its holder gave it back
 * any but ESCROWED            ABANDONED   abandon        declined, or a probe was answered
 * EXPIRED, RELEASED           FREE        free           no server can still lead the holder
 * EXPIRED, RELEASED           RESERVED    reserve        likewise, and the configuration keeps it for a client
 * ABANDONED                   FREE        free           quarantine over, and the gate as well
 * ABANDONED                   RESERVED    reserve        likewise
 * FREE                        RESERVED    reserve        the configuration now keeps it
 * RESERVED                    EXPIRED     unreserve      the configuration keeps it no longer: the reuse rule applies
 * FREE                        ESCROWED    escrow         set aside for a server (next: docs/protocol)
 * ESCROWED                    FREE        free           returned by its owner, or past end + 2·skew
 * ESCROWED                    ACTIVE      bind           its owner's promise is committed
 * </pre>
 *
 * @param address the address
 * @param state its state
 * @param index the entry that last changed state, client or expiry; RELEASE, DECLINE and reuse name it
 * @param client the holder; of a FREE address the last one that held it, or null
 * @param start since when the client holds it; the epoch when nobody does
 * @param end ACTIVE, EXPIRED, RELEASED: the committed expiry; ABANDONED: the end of quarantine; ESCROWED: the end of
 *     the grant; else the epoch
 * @param gate EXPIRED, RELEASED, ABANDONED: past this cell time no server that promised alone can still lead the old
 *     holder (expiry + MCLT + 2·skew); else the epoch
 * @param lastSeen when its client was last heard of, the epoch if never
 * @param server through which server the client was last served, or the owner of an ESCROWED address
 * @param siteMoves how many of the client's commits in succession came through another site than the one before,
 *     at most 255
 * @param idleSequence FREE: the order in which addresses became idle; the smallest is given out first
 * @param offer for whom the address is held at the moment, or null
 */
public record Binding(
        Ipv4 address,
        BindingState state,
        LogIndex index,
        @Nullable LeaseClient client,
        Instant start,
        Instant end,
        Instant gate,
        Instant lastSeen,
        @Nullable ServerId server,
        int siteMoves,
        long idleSequence,
        @Nullable Offer offer) {

    /** Checks that states which have a client have one. */
    public Binding {
        boolean held = state == BindingState.ACTIVE || state == BindingState.RELEASED;
        if (held && client == null) {
            throw new IllegalArgumentException(address + " is " + state + " without a client");
        }
    }

    /**
     * An address that nobody ever had.
     *
     * @param address the address
     * @param idleSequence its place in the order of idle addresses
     * @return a FREE binding
     */
    public static Binding neverUsed(Ipv4 address, long idleSequence) {
        return new Binding(
                address,
                BindingState.FREE,
                LogIndex.NONE,
                null,
                Instant.EPOCH,
                Instant.EPOCH,
                Instant.EPOCH,
                Instant.EPOCH,
                null,
                0,
                idleSequence,
                null);
    }
}
