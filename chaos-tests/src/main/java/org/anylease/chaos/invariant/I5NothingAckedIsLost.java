package org.anylease.chaos.invariant;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.anylease.store.address.Ipv4;
import org.anylease.store.lease.ClientId;

/**
 * I5 NothingAckedIsLost: every ACK ever sent is in the committed history after healing.
 *
 * <p>An ACK of rule R1 must be there before it is sent, and is judged then as well; ACKs of R2 to R4 will be exempt
 * from that. Expiries are in the leader's clock, so they are compared with one skew to spare.
 */
public final class I5NothingAckedIsLost implements Invariant {
    private final Duration skew;
    private final TreeMap<Ipv4, SortedMap<ClientId, Instant>> committed = new TreeMap<>();
    private final List<Fact.Bind> acks = new ArrayList<>();

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
        if (fact instanceof Fact.Committed entry) {
            entry.binds().forEach(bind -> enter(committed, bind));
        } else if (fact instanceof Fact.AckSent ack) {
            Fact.Bind promise = new Fact.Bind(
                    ack.client(),
                    ack.address(),
                    ack.requested().plus(ack.lease()).minus(skew));
            acks.add(promise);
            find(committed, promise, "was promised by " + ack.server() + " before it was");
        }
    }

    private static void enter(SortedMap<Ipv4, SortedMap<ClientId, Instant>> history, Fact.Bind bind) {
        history.computeIfAbsent(bind.address(), _ -> new TreeMap<>())
                .merge(bind.client(), bind.expiry(), (one, other) -> one.isAfter(other) ? one : other);
    }

    private void find(SortedMap<Ipv4, SortedMap<ClientId, Instant>> history, Fact.Bind promise, String how) {
        SortedMap<ClientId, Instant> holders = history.get(promise.address());
        Instant expiry = holders == null ? null : holders.get(promise.client());
        if (expiry == null || expiry.isBefore(promise.expiry())) {
            throw new InvariantBroken(
                    name(),
                    promise.address() + " for " + promise.client() + " until " + promise.expiry() + " " + how
                            + " committed (committed until: " + expiry + ")");
        }
    }

    @Override
    public void atTheEnd(Ending ending) {
        TreeMap<Ipv4, SortedMap<ClientId, Instant>> history = new TreeMap<>();
        ending.history().forEach(bind -> enter(history, bind));
        acks.forEach(ack -> find(history, ack, "was promised, and in the end it is not"));
    }
}
