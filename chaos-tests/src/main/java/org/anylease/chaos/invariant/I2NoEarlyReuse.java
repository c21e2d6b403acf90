package org.anylease.chaos.invariant;

import java.time.Duration;
import java.time.Instant;
import java.util.TreeMap;
import org.anylease.store.address.Ipv4;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.ClientId;
import org.anylease.store.lease.LeaseClient;
import org.jspecify.annotations.Nullable;

/**
 * I2 NoEarlyReuse: an address changes client only through {@code free}, and becomes free only when nobody can still
 * count on it.
 *
 * <p>Keeps a model of its own: for each address the last holder, the latest expiry ever committed to it, and how it
 * lost the address. No server promises alone yet, so no gate is awaited after that; the extension for it belongs in
 * {@link #freed}.
 */
public final class I2NoEarlyReuse implements Invariant {
    private final Duration skew;
    private final TreeMap<Ipv4, Hold> holds = new TreeMap<>();

    /** An address's last holder, and the latest expiry that it was ever told. */
    private record Hold(ClientId client, Instant expiry, BindingState state, Instant quarantined) {}

    /**
     * Nobody has held anything.
     *
     * @param skew bound on the difference of any two clocks, whatever the cell believes
     */
    public I2NoEarlyReuse(Duration skew) {
        this.skew = skew;
    }

    @Override
    public String name() {
        return "I2 NoEarlyReuse";
    }

    @Override
    public void on(Fact fact, Instant now) {
        if (fact instanceof Fact.Committed committed) {
            for (Fact.Move move : committed.moves()) {
                moved(move.after(), committed.time());
            }
        }
    }

    private void moved(Binding after, Instant time) {
        Hold before = holds.get(after.address());
        switch (after.state()) {
            case ACTIVE -> bound(before, after, time);
            case EXPIRED -> {
                if (before != null && before.state == BindingState.ACTIVE) {
                    expired(before, after, time);
                    holds.put(after.address(), new Hold(before.client, before.expiry, after.state(), Instant.EPOCH));
                }
            }
            case RELEASED -> {
                if (before != null) {
                    holds.put(after.address(), new Hold(before.client, before.expiry, after.state(), Instant.EPOCH));
                }
            }
            case ABANDONED -> {
                if (before != null && before.state != BindingState.ABANDONED) {
                    holds.put(after.address(), new Hold(before.client, before.expiry, after.state(), after.end()));
                }
            }
            case FREE, RESERVED, ESCROWED -> {
                if (before != null) {
                    freed(before, after, time);
                    holds.remove(after.address());
                }
            }
        }
    }

    private void bound(@Nullable Hold before, Binding after, Instant time) {
        LeaseClient holder = after.client();
        if (holder == null) {
            throw new InvariantBroken(name(), after.address() + " is bound to nobody");
        }
        ClientId client = holder.id();
        if (before != null && !before.client.equals(client)) {
            freed(before, after, time);
            before = null;
        }
        if (before != null && before.state == BindingState.ACTIVE && after.end().isBefore(before.expiry)) {
            throw new InvariantBroken(
                    name(),
                    after.address() + " of " + client + " expires at " + after.end() + ", and was promised until "
                            + before.expiry + " (R1)");
        }
        Instant expiry = before != null && before.expiry.isAfter(after.end()) ? before.expiry : after.end();
        holds.put(after.address(), new Hold(client, expiry, BindingState.ACTIVE, Instant.EPOCH));
    }

    private void expired(Hold before, Binding after, Instant time) {
        Instant earliest = before.expiry.plus(skew.multipliedBy(2));
        if (!time.isAfter(earliest)) {
            throw new InvariantBroken(
                    name(),
                    after.address() + " of " + before.client + " expired at cell time " + time + ", not past "
                            + earliest + ", its expiry and twice the skew");
        }
    }

    private void freed(Hold before, Binding after, Instant time) {
        switch (before.state) {
            case ACTIVE ->
                throw new InvariantBroken(
                        name(),
                        after.address() + " went from " + before.client + ", whose lease runs until "
                                + before.expiry + ", to " + after.state() + " for " + after.client()
                                + " at cell time " + time);
            case ABANDONED -> {
                if (time.isBefore(before.quarantined)) {
                    throw new InvariantBroken(
                            name(), after.address() + " left quarantine at " + time + ", before " + before.quarantined);
                }
            }
            case EXPIRED, RELEASED, FREE, RESERVED, ESCROWED -> {}
        }
    }
}
