package org.anylease.store.alone;

import it.unimi.dsi.fastutil.objects.Object2IntOpenHashMap;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.anylease.store.address.Ipv4;
import org.anylease.store.alone.JournalRecord.Born;
import org.anylease.store.alone.JournalRecord.Claim;
import org.anylease.store.alone.JournalRecord.ClaimGone;
import org.anylease.store.alone.JournalRecord.Promise;
import org.anylease.store.alone.JournalRecord.PromiseGone;
import org.anylease.store.alone.JournalRecord.Reported;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.command.PromiseEnding;
import org.anylease.store.command.PromiseRule;
import org.anylease.store.lease.ClassMembership;
import org.anylease.store.lease.ClientId;
import org.jspecify.annotations.Nullable;

/**
 * A server's journal for one cell, as far as it was appended to. What is decided on it is never laxer than on what is
 * durable: a record that only restricts counts at once; one that lifts a restriction is lost in a crash without harm.
 * What an append allows (a reply, a report, a return of escrow) waits until it is durable.
 *
 * <p>Confined to one thread.
 */
public final class PromiseJournal {
    private final TreeMap<Ipv4, Promise> promises = new TreeMap<>();
    /** Those of addresses that the cell has not bound to their clients: as many as are in escrow or reserved at most. */
    private final TreeMap<Ipv4, Promise> unbound = new TreeMap<>();
    /** How many addresses each client holds by a promise. */
    private final Object2IntOpenHashMap<ClientId> holders = new Object2IntOpenHashMap<>();

    private final TreeMap<Ipv4, TreeMap<LogIndex, Claim>> claims = new TreeMap<>();
    /** The applied index at which a claim's grant was first seen to be over; only in memory. */
    private final TreeMap<Ipv4, TreeMap<LogIndex, LogIndex>> seenOver = new TreeMap<>();

    private LogIndex reported = LogIndex.NONE;
    private @Nullable Born born;

    /** An empty journal: of a new disk. */
    public PromiseJournal() {}

    /**
     * The journal that was stored.
     *
     * @param stored the last record of each key, in any order
     * @return its image
     */
    public static PromiseJournal restore(Iterable<JournalRecord> stored) {
        PromiseJournal journal = new PromiseJournal();
        stored.forEach(journal::take);
        return journal;
    }

    /**
     * Takes records in, all or none. The caller makes them durable, in the order of these calls.
     *
     * @param basedOn the applied index of the state that they were decided on
     * @param records what to append
     * @return false when a promise among them was decided on a state older than the last report: nothing is taken
     */
    public boolean append(LogIndex basedOn, List<? extends JournalRecord> records) {
        boolean promises = records.stream().anyMatch(Promise.class::isInstance);
        if (promises && basedOn.compareTo(reported) < 0) {
            return false;
        }
        records.forEach(this::take);
        return true;
    }

    private void take(JournalRecord record) {
        switch (record) {
            case Promise promise -> {
                count(promises.put(promise.address(), promise), -1);
                count(promise, 1);
                if (promise.rule() == PromiseRule.R2_EXTENSION) {
                    unbound.remove(promise.address());
                } else {
                    unbound.put(promise.address(), promise);
                }
            }
            case PromiseGone gone -> {
                count(promises.remove(gone.address()), -1);
                unbound.remove(gone.address());
            }
            case Claim claim ->
                claims.computeIfAbsent(claim.address(), _ -> new TreeMap<>()).put(claim.grant(), claim);
            case ClaimGone gone -> {
                drop(claims, gone);
                drop(seenOver, gone);
            }
            case Reported report -> reported = report.index().compareTo(reported) > 0 ? report.index() : reported;
            case Born first -> born = first;
        }
    }

    private void count(@Nullable Promise promise, int change) {
        if (promise != null && promise.ending() == PromiseEnding.HELD) {
            ClientId client = promise.client().id();
            if (holders.addTo(client, change) + change == 0) {
                holders.removeInt(client);
            }
        }
    }

    private static <T> void drop(Map<Ipv4, ? extends Map<LogIndex, T>> from, ClaimGone gone) {
        Map<LogIndex, T> ofAddress = from.get(gone.address());
        if (ofAddress != null) {
            ofAddress.remove(gone.grant());
            if (ofAddress.isEmpty()) {
                from.remove(gone.address());
            }
        }
    }

    /**
     * What is promised and not committed.
     *
     * @return in the order in which the clients were last heard of, in which they are to be committed
     */
    public List<Promise> pending() {
        List<Promise> pending = new ArrayList<>(promises.values());
        pending.sort(Comparator.comparing(Promise::promised).thenComparing(Promise::address));
        return pending;
    }

    /**
     * What is promised and not committed of addresses that the cell has not bound to their clients: out of escrow, and by
     * reservation. What is promised of a bound one is found by its binding.
     *
     * @return in order of address
     */
    public List<Promise> unbound() {
        return List.copyOf(unbound.values());
    }

    /**
     * How many promises are not committed.
     *
     * @return the size of {@link #pending()}
     */
    public int pendingCount() {
        return promises.size();
    }

    /**
     * What is promised of an address and not committed.
     *
     * @param address the address
     * @return the promise, or null
     */
    public @Nullable Promise promise(Ipv4 address) {
        return promises.get(address);
    }

    /**
     * Whether a client holds something that is promised and not committed.
     *
     * @param client the client
     * @return false also when the client has given it back
     */
    public boolean isPromisedTo(ClientId client) {
        return holders.getInt(client) > 0;
    }

    /**
     * How many addresses out of escrow members of a class were promised that the cell does not know of.
     *
     * @param membership the class, and the value
     * @param but the one whose promises do not count
     * @return the number of promises
     */
    public int promisedIn(ClassMembership membership, ClientId but) {
        int promised = 0;
        for (Promise promise : promises.values()) {
            boolean counts = promise.rule() == PromiseRule.R3_ESCROW
                    && promise.ending() == PromiseEnding.HELD
                    && !promise.client().id().equals(but);
            promised += counts && promise.client().classes().contains(membership) ? 1 : 0;
        }
        return promised;
    }

    /**
     * What this server did with an escrowed address.
     *
     * @param address the address
     * @param grant the index of the grant
     * @return the claim, or null when it may still be given to anybody
     */
    public @Nullable Claim claim(Ipv4 address, LogIndex grant) {
        TreeMap<LogIndex, Claim> ofAddress = claims.get(address);
        return ofAddress == null ? null : ofAddress.get(grant);
    }

    /**
     * All claims.
     *
     * @return in order of address, then of grant
     */
    public List<Claim> claims() {
        List<Claim> all = new ArrayList<>();
        claims.values().forEach(ofAddress -> all.addAll(ofAddress.values()));
        return all;
    }

    /**
     * The highest index that was ever reported. It may be said again at any time, as what was promised since rests on
     * states that are no older.
     *
     * @return {@link LogIndex#NONE} when nothing was
     */
    public LogIndex reported() {
        return reported;
    }

    /**
     * The first record, which every journal has before it takes a promise.
     *
     * @return null in a journal of a new disk
     */
    public @Nullable Born born() {
        return born;
    }

    /** Whether a grant may have been used by an earlier disk of this server, in ways that this journal knows nothing of. */
    boolean isForeign(LogIndex grant, Instant now, Duration twoSkews) {
        return born == null
                || (grant.compareTo(born.index()) <= 0
                        && !born.escrowUntil().plus(twoSkews).isBefore(now));
    }

    /** The first applied index at which a claim's grant was seen to be over: this one, when it is seen now. */
    LogIndex seenOver(Claim claim, LogIndex applied) {
        return seenOver.computeIfAbsent(claim.address(), _ -> new TreeMap<>())
                .computeIfAbsent(claim.grant(), _ -> applied);
    }
}
