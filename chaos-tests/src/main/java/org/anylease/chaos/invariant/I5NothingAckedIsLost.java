package org.anylease.chaos.invariant;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.anylease.store.address.Ipv4;
import org.anylease.store.alone.JournalRecord.Promise;
import org.anylease.store.cell.ServerId;
import org.anylease.store.lease.ClientId;
import org.jspecify.annotations.Nullable;

/**
 * I5 NothingAckedIsLost: every ACK ever sent is in the committed history after healing.
 *
 * <p>When it is sent, it is committed (R1), or on the disk of the server that promises it (R2 to R4). In the end it is
 * committed, unless the disk was lost with it, or the promise was over and its address promised to another client before
 * the server had found the way back. Expiries are in the leader's or the server's clock, so they are compared with one
 * skew to spare.
 */
public final class I5NothingAckedIsLost implements Invariant {
    private final Duration skew;
    private final TreeMap<Ipv4, SortedMap<ClientId, Instant>> committed = new TreeMap<>();
    private final TreeMap<ServerId, TreeMap<Ipv4, SortedMap<ClientId, Instant>>> durable = new TreeMap<>();
    private final List<Ack> acks = new ArrayList<>();

    /** An ACK, and the server whose disk alone knew of it when it was sent. */
    private record Ack(Fact.Bind promise, @Nullable ServerId only, int number) {}

    /**
     * Nothing was promised.
     *
     * @param skew bound on the difference of any two clocks
     */
    public I5NothingAckedIsLost(Duration skew) {
        this.skew = skew;
    }

    @Override
    public String name() {
        return "I5 NothingAckedIsLost";
    }

    @Override
    public void on(Fact fact, Instant now) {
        switch (fact) {
            case Fact.Committed entry -> entry.binds().forEach(bind -> enter(committed, bind));
            case Fact.PromiseDurable(ServerId server, var cell, Promise promise) -> {
                // What its client gives back or finds in use ends with that.
                enter(
                        durable.computeIfAbsent(server, _ -> new TreeMap<>()),
                        new Fact.Bind(promise.client().id(), promise.address(), promise.until()));
            }
            case Fact.DiskReplaced(ServerId server) -> {
                durable.remove(server);
                acks.removeIf(ack -> server.equals(ack.only) && !isIn(committed, ack.promise));
            }
            case Fact.AckSent ack -> sent(ack);
            default -> {
                // Of no interest here.
            }
        }
    }

    private void sent(Fact.AckSent ack) {
        Fact.Bind promise = new Fact.Bind(
                ack.client(), ack.address(), ack.requested().plus(ack.lease()).minus(skew));
        boolean known = isIn(committed, promise);
        // A server that forwards a request to the owner of an escrow answers with what that one has promised.
        ServerId only = durable.entrySet().stream()
                .filter(disk -> isIn(disk.getValue(), promise))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
        if (!known && only == null) {
            throw new InvariantBroken(
                    name(),
                    text(promise) + " was promised by " + ack.server()
                            + " before it was committed or on a disk (committed: "
                            + committed.getOrDefault(promise.address(), new TreeMap<>()) + ")");
        }
        acks.add(new Ack(promise, known ? null : only, acks.size()));
    }

    private static String text(Fact.Bind promise) {
        return promise.address() + " for " + promise.client() + " until " + promise.expiry();
    }

    private static void enter(SortedMap<Ipv4, SortedMap<ClientId, Instant>> history, Fact.Bind bind) {
        history.computeIfAbsent(bind.address(), _ -> new TreeMap<>())
                .merge(bind.client(), bind.expiry(), (one, other) -> one.isAfter(other) ? one : other);
    }

    private static boolean isIn(SortedMap<Ipv4, SortedMap<ClientId, Instant>> history, Fact.Bind promise) {
        SortedMap<ClientId, Instant> holders = history.get(promise.address());
        Instant expiry = holders == null ? null : holders.get(promise.client());
        return expiry != null && !expiry.isBefore(promise.expiry());
    }

    @Override
    public void atTheEnd(Ending ending) {
        TreeMap<Ipv4, SortedMap<ClientId, Instant>> history = new TreeMap<>();
        ending.history().forEach(bind -> enter(history, bind));
        for (Ack ack : acks) {
            if (!isIn(history, ack.promise) && !wasOver(ack)) {
                throw new InvariantBroken(
                        name(),
                        text(ack.promise) + " was promised, and in the end it is not in the log (which has "
                                + history.getOrDefault(ack.promise.address(), new TreeMap<>()) + ")");
            }
        }
    }

    /** Whether the same server later promised the address to another client, after this promise was over. */
    private boolean wasOver(Ack ack) {
        return ack.only != null
                && acks.stream()
                        .skip(ack.number + 1L)
                        .anyMatch(later -> ack.only.equals(later.only)
                                && later.promise.address().equals(ack.promise.address())
                                && !later.promise.client().equals(ack.promise.client()));
    }
}
