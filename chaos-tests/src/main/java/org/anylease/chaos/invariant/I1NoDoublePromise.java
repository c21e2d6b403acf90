package org.anylease.chaos.invariant;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.anylease.store.address.Ipv4;
import org.anylease.store.lease.ClientId;

/**
 * I1 NoDoublePromise: at no real time do two clients hold unexpired ACKs for one address.
 *
 * <p>A promise counts from the moment that its client takes the ACK, until it runs out or the client gives it up. It
 * runs from when the client first sent the request (RFC 2131 §4.4.1), in real time. Once an operator has vouched for what
 * is not so, nothing is judged any more: then it can happen.
 */
public final class I1NoDoublePromise implements Invariant {
    private final TreeMap<Ipv4, TreeMap<ClientId, Instant>> promises = new TreeMap<>();

    private boolean vouchedFalsely;

    /** Nobody holds anything. */
    public I1NoDoublePromise() {}

    @Override
    public String name() {
        return "I1 NoDoublePromise";
    }

    @Override
    public void on(Fact fact, Instant now) {
        if (fact instanceof Fact.VouchedFalsely) {
            vouchedFalsely = true;
        } else if (vouchedFalsely) {
            promises.clear();
        } else if (fact instanceof Fact.LeaseTaken(ClientId client, Ipv4 address, Instant until)) {
            TreeMap<ClientId, Instant> holders = promises.computeIfAbsent(address, _ -> new TreeMap<>());
            holders.values().removeIf(end -> !end.isAfter(now));
            for (Map.Entry<ClientId, Instant> holder : holders.entrySet()) {
                if (!holder.getKey().equals(client) && until.isAfter(now)) {
                    throw new InvariantBroken(
                            name(),
                            address + " was promised to " + client + " until " + until + ", while " + holder.getKey()
                                    + " holds it until " + holder.getValue());
                }
            }
            holders.merge(client, until, (one, other) -> one.isAfter(other) ? one : other);
        } else if (fact instanceof Fact.LeaseGivenUp(ClientId client, Ipv4 address)) {
            TreeMap<ClientId, Instant> holders = promises.get(address);
            if (holders != null) {
                holders.remove(client);
            }
        }
    }
}
