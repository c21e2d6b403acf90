package org.anylease.server.core;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.anylease.server.event.ServerEvent;
import org.anylease.server.partition.PeerMessage.Report;
import org.anylease.server.partition.PeerMessage.ReportWanted;
import org.anylease.store.alone.JournalRecord.Reported;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.state.LeaseTable;
import org.jspecify.annotations.Nullable;

/**
 * Reports, both ways: this server's own, when a leader wants one, and those of all servers, while it leads and something
 * waits for them. In memory only; a new leader asks anew. A cell where nothing waits says nothing.
 */
final class Reports {
    /** How long a leader's question counts: it asks again every second as long as something waits. */
    static final Duration WANTED_MAX = Duration.ofSeconds(5);

    private final Alone alone;
    private final CellViews cells;
    private final TreeMap<CellId, Own> own = new TreeMap<>();
    private final TreeMap<CellId, TreeMap<ServerId, Heard>> heard = new TreeMap<>();

    /** A report that was heard. */
    record Heard(LogIndex index, Instant at) {}

    /** What this server has reported, durably, and who wants more. */
    private static final class Own {
        private LogIndex said;
        private boolean saying;
        private @Nullable ServerId wantedBy;
        private LogIndex since = LogIndex.NONE;
        private Instant until = Instant.EPOCH;

        Own(LogIndex said) {
            this.said = said;
        }
    }

    Reports(Alone alone, CellViews cells) {
        this.alone = alone;
        this.cells = cells;
    }

    private Own own(CellId cell) {
        // Taken before anything is appended in this process: what the disk holds is durable.
        return own.computeIfAbsent(cell, _ -> new Own(alone.journal(cell).reported()));
    }

    /** The cell can be read: from now on what is reported is kept track of. */
    void begin(CellId cell) {
        Own _ = own(cell);
    }

    /** A leader wants a report. */
    void wanted(CellId cell, ServerId by, LogIndex since, Turn turn) {
        Own mine = own(cell);
        mine.wantedBy = by;
        mine.since = since;
        mine.until = turn.now().plus(WANTED_MAX);
        look(cell, turn);
    }

    /** Reports if that is wanted and may be done now. */
    void look(CellId cell, Turn turn) {
        Own mine = own(cell);
        ServerId to = mine.wantedBy;
        if (to == null || mine.saying) {
            return;
        }
        if (turn.now().isAfter(mine.until)) {
            mine.wantedBy = null;
        } else if (mine.said.compareTo(mine.since) >= 0) {
            mine.wantedBy = null;
            say(cell, to, mine.said, turn);
        } else {
            Optional<LogIndex> index = alone.rules(cell, turn.now()).mayReport();
            if (index.isPresent() && index.get().compareTo(mine.since) >= 0) {
                append(cell, mine, index.get(), turn);
            }
        }
    }

    private void append(CellId cell, Own mine, LogIndex index, Turn turn) {
        mine.saying = alone.append(
                cell,
                List.of(new Reported(index)),
                later -> {
                    mine.saying = false;
                    mine.said = index;
                    later.report(ServerEvent.REPORTED, cell.name());
                    look(cell, later);
                },
                turn);
    }

    private void say(CellId cell, ServerId to, LogIndex index, Turn turn) {
        if (to.equals(alone.self())) {
            heard(cell, to, index, turn);
        } else {
            turn.emit(new Effect.SendPeer(cell, to, new Report(index)));
        }
    }

    /** Whether a report is wanted that cannot be given yet: worth a look in a moment. */
    boolean isWanted(CellId cell) {
        return own(cell).wantedBy != null;
    }

    /** A server reports; true when that is news. */
    boolean heard(CellId cell, ServerId from, LogIndex index, Turn turn) {
        TreeMap<ServerId, Heard> ofCell = heard.computeIfAbsent(cell, _ -> new TreeMap<>());
        if (index.compareTo(of(cell, from)) <= 0) {
            return false;
        }
        ofCell.put(from, new Heard(index, turn.now()));
        return true;
    }

    private LogIndex of(CellId cell, ServerId server) {
        Heard report = find(cell, server);
        return report == null ? LogIndex.NONE : report.index;
    }

    /** What a server reported to this one, or null. */
    @Nullable
    Heard find(CellId cell, ServerId server) {
        TreeMap<ServerId, Heard> ofCell = heard.get(cell);
        return ofCell == null ? null : ofCell.get(server);
    }

    /** Once a second: asks those that have not reported far enough, while this server leads and something waits. */
    void ask(CellId cell, Turn turn) {
        LeaseTable table = cells.table(cell);
        LogIndex since = table.waitingSince().orElse(null);
        if (since == null || !alone.self().equals(cells.quorum(cell).leader())) {
            return;
        }
        for (ServerId server : table.awaited()) {
            if (of(cell, server).compareTo(since) >= 0) {
                continue;
            }
            if (server.equals(alone.self())) {
                wanted(cell, server, since, turn);
            } else {
                turn.emit(new Effect.SendPeer(cell, server, new ReportWanted(since)));
            }
        }
    }

    /** The entry of a cell's log up to which nothing waits any longer, as far as this server was told. */
    LogIndex settled(CellId cell) {
        return cells.table(cell).settled(server -> of(cell, server));
    }
}
