package org.anylease.store.state;

import java.time.Instant;
import java.util.Objects;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.Reservation;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.LeaseClient;

/** What {@link NaiveCell} does with a backup. */
final class NaiveRestore {
    private NaiveRestore() {}

    /** Puts a backup's binding in place unless that would take from somebody what the cell says of the address now. */
    static boolean restored(NaiveCell cell, Binding given) {
        Binding b = cell.bindings.getOrDefault(given.address(), Binding.neverUsed(given.address(), 0));
        CellConfig config = cell.config;
        LeaseClient c = given.client();
        boolean same = c != null && b.isOf(c.id());
        Reservation r = config == null
                ? null
                : config.networks().stream()
                        .flatMap(NaivePlan::reservations)
                        .filter(each -> each.address().equals(given.address()))
                        .findFirst()
                        .orElse(null);
        boolean free = given.state() == BindingState.FREE;
        boolean welcome = switch (b.state()) {
            case FREE -> b.offerAt(cell.time) == null;
            case ACTIVE -> same && given.state() == BindingState.ACTIVE;
            case EXPIRED, RELEASED -> same && !free;
            case RESERVED -> given.state() == BindingState.ABANDONED || (!free && r != null && c != null && r.isFor(c));
            case ABANDONED, ESCROWED -> false;
        };
        boolean transitory = given.state() == BindingState.RESERVED || given.state() == BindingState.ESCROWED;
        boolean nothingNew = b.state() == given.state()
                && Objects.equals(b.client(), c)
                && b.lastSeen().equals(given.lastSeen())
                && b.end().compareTo(given.end()) >= 0;
        if (config == null
                || transitory
                || nothingNew
                || !welcome
                || b.lastSeen().isAfter(given.lastSeen())) {
            return false;
        }
        boolean quarantine = given.state() == BindingState.ABANDONED;
        Instant end = given.end();
        Instant gate = given.gate();
        if (!quarantine && b.state() != BindingState.FREE && b.state() != BindingState.RESERVED) {
            end = b.end().isAfter(end) ? b.end() : end;
        }
        if (given.state() != BindingState.ACTIVE) {
            Instant closed = b.state() == BindingState.RESERVED ? Binding.TIME_MAX : b.gate();
            gate = closed.isAfter(gate) ? closed : gate;
        }
        boolean kept = free && r != null;
        long sequence = free ? ++cell.idle : 0;
        cell.bindings.put(
                given.address(),
                new Binding(
                        given.address(),
                        kept ? BindingState.RESERVED : given.state(),
                        new LogIndex(cell.index),
                        c,
                        kept ? Instant.EPOCH : b.state() == BindingState.ACTIVE ? b.start() : given.start(),
                        kept ? Instant.EPOCH : end,
                        kept ? Instant.EPOCH : gate,
                        given.lastSeen(),
                        given.server(),
                        given.siteMoves(),
                        kept ? 0 : sequence,
                        null));
        return true;
    }
}
