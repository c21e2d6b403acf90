package org.anylease.server.core;

import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.anylease.server.event.ServerEvent;
import org.anylease.store.alone.AloneRules;
import org.anylease.store.alone.Fence;
import org.anylease.store.alone.JournalRecord;
import org.anylease.store.alone.PromiseJournal;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.PromiseRule;
import org.anylease.store.lease.ClientId;
import org.anylease.store.state.LeaseTable;
import org.jspecify.annotations.Nullable;

/** The rules of promising alone, on what this server has applied of a cell, on its journal, and on its clock. */
final class Alone {
    private final ServerId self;
    private final CellViews cells;
    private final Journals journals;
    private final ClockTrust clock;
    private final TreeMap<CellId, EnumMap<PromiseRule, Long>> promised = new TreeMap<>();

    Alone(ServerId self, CellViews cells, Journals journals, ClockTrust clock) {
        this.self = self;
        this.cells = cells;
        this.journals = journals;
        this.clock = clock;
    }

    ServerId self() {
        return self;
    }

    LeaseTable table(CellId cell) {
        return cells.table(cell);
    }

    PromiseJournal journal(CellId cell) {
        return journals.of(cell);
    }

    /** Whether this server has promised a client something that the cell does not know yet. */
    boolean holdsPromise(CellId cell, ClientId client) {
        PromiseJournal journal = journals.of(cell);
        return journal.pendingCount() > 0 && journal.isPromisedTo(client);
    }

    AloneRules rules(CellId cell, Instant now) {
        return new AloneRules(self, cells.table(cell), journals.of(cell), now);
    }

    /** Why nothing may be promised alone now, or null. */
    @Nullable
    Fence fence(CellId cell, Instant now) {
        return rules(cell, now).fence(clock.isTrusted()).orElse(null);
    }

    /** Whether anything may be promised alone now; counted when not. */
    boolean mayPromise(CellId cell, Turn turn) {
        boolean free = fence(cell, turn.now()) == null;
        if (!free) {
            turn.report(ServerEvent.ALONE_FENCED, cell.name());
        }
        return free;
    }

    /** Appends what was decided on the state as it is in this turn; false, and counted, when the journal refuses. */
    boolean append(CellId cell, List<? extends JournalRecord> records, Consumer<Turn> synced, Turn turn) {
        LogIndex basedOn = cells.table(cell).appliedIndex();
        boolean taken = journals.append(cell, basedOn, records, synced, turn);
        if (!taken) {
            turn.report(ServerEvent.JOURNAL_REFUSED, cell.name());
        }
        return taken;
    }

    /** A promise is durable, and about to be told. */
    void promised(CellId cell, PromiseRule rule, Turn turn) {
        promised.computeIfAbsent(cell, _ -> new EnumMap<>(PromiseRule.class)).merge(rule, 1L, Long::sum);
        turn.report(
                switch (rule) {
                    case R2_EXTENSION -> ServerEvent.PROMISED_EXTENSION;
                    case R3_ESCROW -> ServerEvent.PROMISED_ESCROW;
                    case R4_RESERVATION -> ServerEvent.PROMISED_RESERVATION;
                },
                cell.name());
    }

    /** How many promises were made alone by a rule since the process started. */
    long promisedBy(CellId cell, PromiseRule rule) {
        EnumMap<PromiseRule, Long> counts = promised.get(cell);
        return counts == null ? 0 : counts.getOrDefault(rule, 0L);
    }
}
