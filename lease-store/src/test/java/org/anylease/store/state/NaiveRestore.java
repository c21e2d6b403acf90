package org.anylease.store.state;

import java.time.Instant;
import java.util.Objects;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.config.Reservation;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.LeaseClient;

/** What {@link NaiveCell} does with a backup. */
final class NaiveRestore {
    private NaiveRestore() {}

    /** Puts a backup's binding in place unless that would take from somebody what the cell says of the address now. */
    static boolean restored(NaiveCell cell, Binding given) {
        Binding b = cell.get(given.address());
        LeaseClient c = given.client();
        boolean same = c != null && b.isOf(c.id());
        Reservation r = cell.config == null ? null : cell.alone.reservation(given.address());
        boolean free = given.state() == BindingState.FREE;
        boolean active = given.state() == BindingState.ACTIVE;
        boolean welcome = switch (b.state()) {
            case FREE -> cell.offer(b) == null;
            case ACTIVE, EXPIRED, RELEASED -> same && active;
            case RESERVED -> given.state() == BindingState.ABANDONED || (!free && r != null && c != null && r.isFor(c));
            case ABANDONED, ESCROWED -> false;
        };
        boolean transitory = given.state() == BindingState.RESERVED || given.state() == BindingState.ESCROWED;
        boolean nothingNew = given.state() == b.state()
                && Objects.equals(c, b.client())
                && given.lastSeen().equals(b.lastSeen())
                && !given.end().isAfter(b.end());
        boolean older = b.lastSeen().isAfter(given.lastSeen());
        if (cell.config == null || transitory || !welcome || older || nothingNew) {
            return false;
        }
        cell.bindings.put(given.address(), placed(cell, given, b, free && r != null));
        return true;
    }

    private static Binding placed(NaiveCell cell, Binding given, Binding b, boolean kept) {
        boolean free = given.state() == BindingState.FREE;
        boolean active = given.state() == BindingState.ACTIVE;
        boolean held = b.state() != BindingState.FREE && b.state() != BindingState.RESERVED;
        Instant gate = free ? Instant.EPOCH : given.gate();
        if (held ? b.gate().equals(Binding.TIME_MAX) : !active && b.state() == BindingState.RESERVED) {
            gate = Binding.TIME_MAX;
        }
        long sequence = free ? ++cell.idle : 0;
        return new Binding(
                given.address(),
                kept ? BindingState.RESERVED : given.state(),
                new LogIndex(cell.index),
                given.client(),
                kept ? Instant.EPOCH : b.state() == BindingState.ACTIVE ? b.start() : given.start(),
                kept ? Instant.EPOCH : held ? NaiveCell.max(b.end(), given.end()) : given.end(),
                kept ? Instant.EPOCH : gate,
                given.lastSeen(),
                kept && given.client() == null ? null : given.server(),
                kept && given.client() == null ? 0 : given.siteMoves(),
                kept ? 0 : sequence,
                null);
    }
}
