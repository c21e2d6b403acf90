package org.anylease.chaos.invariant;

import java.time.Duration;
import java.time.Instant;
import java.util.TreeMap;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.PromiseEnding;
import org.anylease.store.command.PromiseRule;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.ClientId;
import org.anylease.store.lease.LeaseClient;
import org.jspecify.annotations.Nullable;

/**
 * I2 NoEarlyReuse: an address changes client only through {@code free}, and becomes free only when nobody can still
 * count on it.
 *
 * <p>Keeps a model of its own: for each address the last holder, the latest expiry ever committed to it, and which entry
 * took the address away. From then on it waits until every server that may answer for the cell has said to have applied
 * that entry, or until no lead on that expiry can still run.
 */
public final class I2NoEarlyReuse implements Invariant {
    private final Duration skew;
    private final TreeMap<CellId, ReportsModel> reports = new TreeMap<>();
    private final TreeMap<Ipv4, Hold> holds = new TreeMap<>();

    /** An address's last holder, the latest expiry that it was ever told, and the entry that took the address away. */
    private record Hold(
            @Nullable ClientId client, Instant expiry, BindingState state, Instant quarantined, LogIndex takenBy) {}

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
            ReportsModel model = model(committed.cell());
            model.committed(committed);
            for (Fact.Move move : committed.moves()) {
                moved(move.after(), committed, model);
            }
        } else {
            ReportsModel.hear(fact, this::model);
        }
    }

    private ReportsModel model(CellId cell) {
        return reports.computeIfAbsent(cell, _ -> new ReportsModel(skew));
    }

    private void moved(Binding after, Fact.Committed entry, ReportsModel model) {
        Hold before = holds.get(after.address());
        Instant time = entry.time();
        switch (after.state()) {
            case ACTIVE -> bound(before, after, entry, model);
            case EXPIRED, RELEASED -> {
                if (before == null) {
                    break;
                }
                if (before.state == BindingState.ACTIVE && after.state() == BindingState.EXPIRED) {
                    expired(before, after, time);
                }
                holds.put(after.address(), taken(before, after, entry));
            }
            case ABANDONED -> {
                if (before != null && before.state != BindingState.ABANDONED) {
                    holds.put(after.address(), taken(before, after, entry));
                }
            }
            case RESERVED -> {
                if (before != null && before.state != BindingState.RESERVED) {
                    freed(before, after, time, model);
                }
                holds.put(
                        after.address(),
                        new Hold(null, Instant.MAX, BindingState.RESERVED, Instant.EPOCH, LogIndex.NONE));
            }
            case FREE, ESCROWED -> {
                if (before != null) {
                    freed(before, after, time, model);
                    holds.remove(after.address());
                }
            }
        }
    }

    private static Hold taken(Hold before, Binding after, Fact.Committed entry) {
        boolean held = before.state == BindingState.ACTIVE || before.state == BindingState.RESERVED;
        Instant quarantined = after.state() == BindingState.ABANDONED ? after.end() : Instant.EPOCH;
        // Given back, or declined, before the cell heard that it was promised (R4): that promise has an end.
        Instant ended = before.state == BindingState.RESERVED ? endedAlone(after, entry) : null;
        // Reserved no longer: for the one for whom it was, who may have it again at any time.
        LeaseClient owner = before.state == BindingState.RESERVED ? after.client() : null;
        return new Hold(
                owner == null ? before.client : owner.id(),
                ended == null ? before.expiry : ended,
                after.state(),
                quarantined,
                held ? entry.index() : before.takenBy);
    }

    /** Until when an address was promised that its client has given back or declined at a server that was alone. */
    private static @Nullable Instant endedAlone(Binding after, Fact.Committed entry) {
        Instant until = null;
        for (Fact.Carried carried : entry.carried()) {
            if (carried.command() instanceof LeaseCommand.CommitPromise promise
                    && promise.address().equals(after.address())
                    && promise.ending() != PromiseEnding.HELD
                    && after.isOf(promise.client().id())) {
                until = promise.until();
            }
        }
        return until;
    }

    private void bound(@Nullable Hold before, Binding after, Fact.Committed entry, ReportsModel model) {
        LeaseClient holder = after.client();
        if (holder == null) {
            throw new InvariantBroken(name(), after.address() + " is bound to nobody");
        }
        ClientId client = holder.id();
        if (before != null && before.state == BindingState.RESERVED) {
            before = null;
        }
        if (before != null && !client.equals(before.client)) {
            if (!isAwaitedPromise(before, client, after, entry)) {
                freed(before, after, entry.time(), model);
            }
            before = null;
        }
        if (before != null && before.state == BindingState.ACTIVE && after.end().isBefore(before.expiry)) {
            throw new InvariantBroken(
                    name(),
                    after.address() + " of " + client + " expires at " + after.end() + ", and was promised until "
                            + before.expiry + " (R1)");
        }
        boolean longer = before != null && !before.expiry.equals(Instant.MAX) && before.expiry.isAfter(after.end());
        Instant expiry = before != null && longer ? before.expiry : after.end();
        holds.put(after.address(), new Hold(client, expiry, BindingState.ACTIVE, Instant.EPOCH, LogIndex.NONE));
    }

    /** What an address waited for that is reserved no longer: that for which R4 promised it is told. */
    private static boolean isAwaitedPromise(Hold before, ClientId client, Binding after, Fact.Committed entry) {
        return before.client == null
                && before.expiry.equals(Instant.MAX)
                && entry.carried().stream()
                        .anyMatch(carried -> carried.command() instanceof LeaseCommand.CommitPromise promise
                                && promise.rule() == PromiseRule.R4_RESERVATION
                                && promise.address().equals(after.address())
                                && promise.client().id().equals(client));
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

    private void freed(Hold before, Binding after, Instant time, ReportsModel model) {
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
                awaited(before, after, time, model);
            }
            case EXPIRED, RELEASED -> awaited(before, after, time, model);
            case RESERVED ->
                throw new InvariantBroken(
                        name(), after.address() + " was reserved, and nobody waited when it became " + after.state());
            case FREE, ESCROWED -> {}
        }
    }

    private void awaited(Hold before, Binding after, Instant time, ReportsModel model) {
        boolean outlived = !before.expiry.equals(Instant.MAX)
                && time.isAfter(before.expiry.plus(model.mclt(before.takenBy)).plus(model.twoSkews()));
        if (!outlived && !model.settled(before.takenBy, time)) {
            throw new InvariantBroken(
                    name(),
                    after.address() + " was taken from " + before.client + " (expiry " + before.expiry + ") by entry "
                            + before.takenBy + " and is " + after.state() + " at cell time " + time
                            + ", before all have reported that or the lead is over");
        }
    }
}
