package org.anylease.store.state;

import java.time.Instant;
import java.util.Optional;
import org.anylease.store.allocation.AddressPlan;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.config.CellTimers;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.jspecify.annotations.Nullable;

/** What the rules read and write: a cell's bindings, its clock, and the configuration in force. */
final class CellState {
    final CellId cell;
    final Bindings bindings = new Bindings();
    final ExchangeLedger exchanges = new ExchangeLedger();
    final ConfigHistory history = new ConfigHistory();

    private LogIndex index = LogIndex.NONE;
    private Instant time = Instant.EPOCH;
    private long idleSequence;
    private @Nullable AddressPlan plan;

    CellState(CellId cell) {
        this.cell = cell;
    }

    /** The entry being applied, or the last one that was. */
    LogIndex index() {
        return index;
    }

    /** The latest stamp so far. */
    Instant time() {
        return time;
    }

    long idleSequence() {
        return idleSequence;
    }

    void restoreClock(LogIndex applied, Instant cellTime, long sequence) {
        index = applied;
        time = cellTime;
        idleSequence = sequence;
    }

    /** Turns to an entry: its stamp may lag behind an earlier one, the cell's time does not. */
    void turnTo(LogIndex entry, Instant stamp) {
        index = entry;
        if (stamp.isAfter(time)) {
            time = stamp;
        }
    }

    Optional<AddressPlan> plan() {
        return Optional.ofNullable(plan);
    }

    void plan(AddressPlan next) {
        plan = next;
        bindings.replan(next);
    }

    CellTimers timers() {
        if (plan == null) {
            throw new IllegalStateException("cell " + cell + " has bindings before it has a configuration");
        }
        return plan.config().timers();
    }

    /** The place behind all addresses that are idle now. */
    long nextIdleSequence() {
        return ++idleSequence;
    }

    /** A binding without its offer; a FREE one goes to the end of the idle ones. */
    Binding withoutOffer(Binding binding) {
        return binding.withoutOffer(binding.state() == BindingState.FREE ? nextIdleSequence() : 0);
    }

    /** Takes a binding into quarantine. */
    void abandon(Binding binding) {
        Instant quarantine = time.plus(timers().quarantine());
        bindings.put(binding.abandon(index, quarantine, ReuseGate.closing(binding, timers())));
    }

    /** Whether two servers are known to be at different sites. */
    boolean atOtherSites(ServerId one, ServerId other) {
        var here = plan == null ? null : plan.siteOf(one);
        var there = plan == null ? null : plan.siteOf(other);
        return here != null && there != null && !here.equals(there);
    }
}
