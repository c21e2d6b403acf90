package org.anylease.store.lease;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.jspecify.annotations.Nullable;

/**
 * What the cell says of one address. Its times are whole milliseconds.
 *
 * <p>The legal moves, with the method that makes each; every other move throws:
 *
 * <pre>
 * from                        to          method         when
 * FREE, RESERVED              ACTIVE      bind           the client's lease is committed
 * ACTIVE, EXPIRED, RELEASED   ACTIVE      bind           the same client again; the expiry never decreases
 * ACTIVE                      EXPIRED     expire         cell time is past end + 2·skew
 * ACTIVE                      RELEASED    release        its holder gave it back
 * EXPIRED, nobody's           ACTIVE      bind           a promise by the reservation that was taken away
 * any                         ABANDONED   abandon        declined, a probe was answered, or promised twice
 * EXPIRED, RELEASED           FREE        free           no server can still lead the holder
 * EXPIRED, RELEASED           RESERVED    reserve        likewise, and the configuration keeps it for a client
 * ABANDONED                   FREE        free           quarantine over, and the gate as well
 * ABANDONED                   RESERVED    reserve        likewise
 * FREE                        RESERVED    reserve        the configuration now keeps it
 * RESERVED                    EXPIRED     unreserve      the configuration keeps it no longer: the reuse rule applies
 * FREE                        ESCROWED    escrow         set aside for a server
 * ESCROWED                    ESCROWED    extend         set aside for longer; the grant keeps its index
 * ESCROWED                    FREE        free           returned by its owner, or past end + 2·skew
 * ESCROWED                    ACTIVE      bind           its owner's promise is committed
 * </pre>
 *
 * @param address the address
 * @param state its state
 * @param index the entry that last changed state, client or expiry; RELEASE, DECLINE and reuse name it
 * @param client the holder; of a FREE address the last one that held it, or null
 * @param start since when the client holds it without a gap; the epoch when nobody does
 * @param end ACTIVE, EXPIRED, RELEASED: the committed expiry; ABANDONED: the end of quarantine; ESCROWED: the end of
 *     the grant; else the epoch
 * @param gate EXPIRED, RELEASED, ABANDONED: past this cell time no server that promised alone can still lead the old
 *     holder (expiry + MCLT + 2·skew); {@link #TIME_MAX} when only reports open it; the epoch when it is open. ACTIVE:
 *     {@link #TIME_MAX} when a reservation of the address was taken away, so that reports alone will open its gate;
 *     else the epoch
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

    /** The most that {@code siteMoves} counts to. */
    public static final int SITE_MOVES_MAX = 255;

    /** The latest time that a binding can name: the end of the year 9999. */
    public static final Instant TIME_MAX = Instant.ofEpochMilli(253_402_300_799_999L);

    /** Cuts times to whole milliseconds; checks them, and that states which have a client have one. */
    public Binding {
        start = checked(start);
        end = checked(end);
        gate = checked(gate);
        lastSeen = checked(lastSeen);
        if (siteMoves < 0 || siteMoves > SITE_MOVES_MAX || idleSequence < 0) {
            throw new IllegalArgumentException(
                    address + " with " + siteMoves + " site moves and idle sequence " + idleSequence);
        }
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

    static Instant checked(Instant time) {
        if (time.isBefore(Instant.EPOCH) || time.isAfter(TIME_MAX)) {
            throw new IllegalArgumentException("a binding's time " + time + " is not between 1970 and 9999");
        }
        return time.truncatedTo(ChronoUnit.MILLIS);
    }

    /**
     * Whether a client is the one named here.
     *
     * @param other a client's identity
     * @return true when it holds the address, or held it last
     */
    public boolean isOf(ClientId other) {
        return client != null && client.id().equals(other);
    }

    /**
     * The offer as long as it counts.
     *
     * @param time the cell's time
     * @return the offer, or null when there is none or it is void
     */
    public @Nullable Offer offerAt(Instant time) {
        return offer != null && time.isBefore(offer.until()) ? offer : null;
    }

    /**
     * The lease is committed: FREE, RESERVED or ESCROWED, or ACTIVE, EXPIRED or RELEASED for the same client. An offer
     * has served its purpose and is gone.
     *
     * @param entry the entry that commits it
     * @param holder the client
     * @param time the cell's time
     * @param expiry the committed expiry; not before that of an ACTIVE, EXPIRED or RELEASED binding, on which
     *     the gate is built that some server may still rely on
     * @param by the server that proposed it
     * @param moves the client's successive moves between sites, as counted now
     * @return ACTIVE; since the earlier start only when it was ACTIVE, as the client had no lease in between otherwise
     * @throws IllegalStateException when the move is illegal
     */
    public Binding bind(LogIndex entry, LeaseClient holder, Instant time, Instant expiry, ServerId by, int moves) {
        boolean extended = state == BindingState.ACTIVE;
        boolean again = extended || state == BindingState.EXPIRED || state == BindingState.RELEASED;
        if (again && client != null && !isOf(holder.id())) {
            throw illegal("be bound to another client");
        }
        if (again && expiry.isBefore(end)) {
            throw illegal("expire earlier, R1");
        }
        if (!again) {
            require("be bound", BindingState.FREE, BindingState.RESERVED, BindingState.ESCROWED);
        }
        return new Binding(
                address,
                BindingState.ACTIVE,
                entry,
                holder,
                extended ? start : time,
                expiry,
                again && gate.equals(TIME_MAX) ? TIME_MAX : Instant.EPOCH,
                time,
                by,
                moves,
                0,
                null);
    }

    /**
     * The lease has run out: ACTIVE becomes EXPIRED.
     *
     * @param entry the entry that says so
     * @param gateOpens expiry + MCLT + 2·skew
     * @return EXPIRED
     * @throws IllegalStateException when the move is illegal
     */
    public Binding expire(LogIndex entry, Instant gateOpens) {
        require("expire", BindingState.ACTIVE);
        return moved(BindingState.EXPIRED, entry, client, end, gateOpens, 0);
    }

    /**
     * The holder gave it back: ACTIVE becomes RELEASED, and keeps the committed expiry.
     *
     * @param entry the entry that says so
     * @param gateOpens expiry + MCLT + 2·skew
     * @return RELEASED
     * @throws IllegalStateException when the move is illegal
     */
    public Binding release(LogIndex entry, Instant gateOpens) {
        require("be released", BindingState.ACTIVE);
        return moved(BindingState.RELEASED, entry, client, end, gateOpens, 0);
    }

    /**
     * Nobody is to have it for a while: any state becomes ABANDONED; an offer is gone. Somebody unknown uses it, or two
     * clients were promised it.
     *
     * @param entry the entry that says so
     * @param quarantineEnds until when it is set aside
     * @param gateOpens the gate of the state that it was in; the epoch when nobody can have been promised it
     * @return ABANDONED
     */
    public Binding abandon(LogIndex entry, Instant quarantineEnds, Instant gateOpens) {
        return moved(BindingState.ABANDONED, entry, client, quarantineEnds, gateOpens, 0)
                .with(null, 0);
    }

    /**
     * It may be given to anyone: EXPIRED, RELEASED, ABANDONED or ESCROWED becomes FREE. The last client is remembered,
     * but not that of an address which was found in use.
     *
     * @param entry the entry that says so
     * @param sequence its place in the order of idle addresses
     * @return FREE
     * @throws IllegalStateException when the move is illegal
     */
    public Binding free(LogIndex entry, long sequence) {
        require(
                "become free",
                BindingState.EXPIRED,
                BindingState.RELEASED,
                BindingState.ABANDONED,
                BindingState.ESCROWED);
        return moved(BindingState.FREE, entry, remembered(), Instant.EPOCH, Instant.EPOCH, sequence);
    }

    /**
     * The configuration keeps it for a client: EXPIRED, RELEASED, ABANDONED or FREE becomes RESERVED.
     *
     * @param entry the entry that says so
     * @return RESERVED
     * @throws IllegalStateException when the move is illegal
     */
    public Binding reserve(LogIndex entry) {
        require("be reserved", BindingState.EXPIRED, BindingState.RELEASED, BindingState.ABANDONED, BindingState.FREE);
        return moved(BindingState.RESERVED, entry, remembered(), Instant.EPOCH, Instant.EPOCH, 0);
    }

    /**
     * The configuration keeps it no longer: RESERVED becomes EXPIRED, as a server that has not heard of it may still
     * promise it (R4). An offer to the client is gone. So is the last client, unless the reservation was for it: it
     * could otherwise come back to an address that is promised to the one that it was kept for.
     *
     * @param entry the entry that says so
     * @param time the cell's time
     * @param keptForLast whether the reservation was for the last client
     * @return EXPIRED, until all servers have reported
     * @throws IllegalStateException when the move is illegal
     */
    public Binding unreserve(LogIndex entry, Instant time, boolean keptForLast) {
        require("lose its reservation", BindingState.RESERVED);
        return moved(BindingState.EXPIRED, entry, keptForLast ? client : null, time, TIME_MAX, 0)
                .with(null, 0);
    }

    /**
     * A reservation was taken away while the address was in use or waited: some server may still promise it (R4), so
     * that from now on only reports open its gate.
     *
     * @return the same state
     * @throws IllegalStateException when it is FREE, RESERVED or ESCROWED
     */
    public Binding awaitReports() {
        require(
                "wait for reports",
                BindingState.ACTIVE,
                BindingState.EXPIRED,
                BindingState.RELEASED,
                BindingState.ABANDONED);
        return with(end, TIME_MAX);
    }

    /**
     * All servers have reported: nobody can lead an old holder any more, and an ABANDONED address waits for the end of
     * its quarantine only.
     *
     * @return the same state with its gate open
     * @throws IllegalStateException when it is not ABANDONED
     */
    public Binding openGate() {
        require("wait for its quarantine only", BindingState.ABANDONED);
        return with(end, Instant.EPOCH);
    }

    /**
     * It is set aside for a server: FREE becomes ESCROWED.
     *
     * @param entry the entry that grants it
     * @param owner the server
     * @param until the end of the grant
     * @return ESCROWED
     * @throws IllegalStateException when the move is illegal, or the address is offered to a client
     */
    public Binding escrow(LogIndex entry, ServerId owner, Instant until) {
        require("be escrowed", BindingState.FREE);
        if (offer != null) {
            throw illegal("be escrowed while it is offered");
        }
        return new Binding(
                address,
                BindingState.ESCROWED,
                entry,
                null,
                Instant.EPOCH,
                until,
                Instant.EPOCH,
                Instant.EPOCH,
                owner,
                0,
                0,
                null);
    }

    /**
     * It is set aside for longer. The grant stays the same, and so does its index.
     *
     * @param until the end of the grant; an earlier one than before changes nothing, as its owner may rely on that
     * @return ESCROWED
     * @throws IllegalStateException when the move is illegal
     */
    public Binding extend(Instant until) {
        require("be set aside for longer", BindingState.ESCROWED);
        return until.isAfter(end) ? with(until, gate) : this;
    }

    /**
     * It is held for a client that was offered it: FREE or RESERVED, or EXPIRED or RELEASED of that client.
     *
     * @param note for whom; it takes the place of an earlier one
     * @return the same state with the offer
     * @throws IllegalStateException when it cannot be offered to the client
     */
    public Binding withOffer(Offer note) {
        if (state == BindingState.EXPIRED || state == BindingState.RELEASED) {
            if (!isOf(note.client().id())) {
                throw illegal("be offered to another client, I2 NoEarlyReuse");
            }
        } else {
            require("be offered", BindingState.FREE, BindingState.RESERVED);
        }
        return with(note, idleSequence);
    }

    /**
     * The offer was taken back or is void.
     *
     * @param sequence a FREE address's new place in the order of idle addresses; 0 in other states
     * @return the same state without an offer
     */
    public Binding withoutOffer(long sequence) {
        return with(null, sequence);
    }

    private @Nullable LeaseClient remembered() {
        return state == BindingState.ABANDONED ? null : client;
    }

    private Binding moved(
            BindingState to,
            LogIndex entry,
            @Nullable LeaseClient holder,
            Instant ends,
            Instant gateOpens,
            long sequence) {
        boolean keptSince = to == BindingState.EXPIRED || to == BindingState.RELEASED;
        return new Binding(
                address,
                to,
                entry,
                holder,
                keptSince ? start : Instant.EPOCH,
                ends,
                gateOpens,
                lastSeen,
                holder == null ? null : server,
                holder == null ? 0 : siteMoves,
                sequence,
                offer);
    }

    private Binding with(Instant ends, Instant gateOpens) {
        return new Binding(
                address,
                state,
                index,
                client,
                start,
                ends,
                gateOpens,
                lastSeen,
                server,
                siteMoves,
                idleSequence,
                offer);
    }

    private Binding with(@Nullable Offer note, long sequence) {
        return new Binding(
                address, state, index, client, start, end, gate, lastSeen, server, siteMoves, sequence, note);
    }

    private void require(String move, BindingState... from) {
        for (BindingState legal : from) {
            if (state == legal) {
                return;
            }
        }
        throw illegal(move);
    }

    private IllegalStateException illegal(String move) {
        return new IllegalStateException(address + " is " + state + " since entry " + index + " and cannot " + move);
    }
}
