package org.anylease.server.core;

import it.unimi.dsi.fastutil.longs.Long2ObjectOpenHashMap;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.anylease.server.event.ServerEvent;
import org.anylease.server.partition.EscrowWish;
import org.anylease.store.address.Ipv4;
import org.anylease.store.alone.AloneRules;
import org.anylease.store.alone.EscrowReturn;
import org.anylease.store.alone.Fence;
import org.anylease.store.alone.JournalRecord;
import org.anylease.store.alone.JournalRecord.Born;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.LeaseCommand.ExpireDue;
import org.anylease.store.command.LeaseCommand.GrantEscrow;
import org.anylease.store.command.LeaseCommand.UndoDeclareDown;
import org.anylease.store.command.Outcome;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.SharedNetwork;
import org.anylease.store.lease.Binding;
import org.anylease.store.replication.Proposal;
import org.anylease.store.state.LeaseTable;

/**
 * Keeps this server able to serve alone: its escrow filled by what it observes, given back where the common pool runs
 * low, its journal begun and kept short, and its return told after it was declared down. Each server sees to its own.
 */
final class EscrowUpkeep {
    /** How many networks of a cell are looked at in one turn. */
    private static final int NETWORKS_A_TURN = 8;

    /** How many addresses of a cell are on their way back at once. */
    private static final int RETURNS_MAX = 64;

    /** How many of those that are recalled: somebody waits for them. */
    private static final int RECALLS_MAX = 512;

    /** How many claims are forgotten in one turn. */
    private static final int COLLECTED_MAX = 1024;

    private static final Duration COLLECT_PERIOD = Duration.ofMinutes(1);

    /** A network that was asked for is left alone so long, and longer when the cell had nothing to grant. */
    private static final Duration ASK_PAUSE = Duration.ofSeconds(10);

    private static final Duration ASK_PAUSE_MAX = Duration.ofMinutes(5);
    private static final Duration RETRY = Duration.ofSeconds(5);

    /** After a recall nothing is asked for so long, as leases are being restored to what was given back. */
    private static final Duration RECALL_PAUSE = Duration.ofSeconds(30);

    private final Alone alone;
    private final CellViews cells;
    private final Commits commits;
    private final Newcomers newcomers;
    private final Tokens tokens;
    private final TreeMap<CellId, Care> cares = new TreeMap<>();
    private final Long2ObjectOpenHashMap<Asked> byToken = new Long2ObjectOpenHashMap<>();

    private record Asked(CellId cell, LeaseCommand command) {}

    private record Pause(Instant until, Duration length) {}

    /** What is under way in one cell. */
    private static final class Care {
        private final TreeSet<Ipv4> returning = new TreeSet<>();
        private final TreeSet<Ipv4> recalled = new TreeSet<>();
        private Instant recalledUntil = Instant.EPOCH;
        private final TreeMap<String, Pause> pauses = new TreeMap<>();
        private int nextNetwork;
        private Instant collectNext = Instant.EPOCH;
        private Instant birthNext = Instant.EPOCH;
        private Instant comebackNext = Instant.EPOCH;
        private boolean beingBorn;
    }

    EscrowUpkeep(Alone alone, CellViews cells, Commits commits, Newcomers newcomers, Tokens tokens) {
        this.alone = alone;
        this.cells = cells;
        this.commits = commits;
        this.newcomers = newcomers;
        this.tokens = tokens;
    }

    /** Once a second. */
    void tick(CellId cell, Turn turn) {
        if (!commits.isReachable(cell) || commits.of(cell, turn.now()).isOpen()) {
            return;
        }
        Care care = cares.computeIfAbsent(cell, _ -> new Care());
        // Whatever the clock: what is set aside, begun or given back rests on cell time.
        Fence fence = alone.rules(cell, turn.now()).fence(true).orElse(null);
        if (fence == Fence.NEWBORN) {
            begin(cell, care, turn);
        } else if (fence == Fence.DECLARED_DOWN) {
            comeBack(cell, care, turn);
        } else if (fence == null) {
            seeToNetworks(cell, care, turn);
            collect(cell, care, turn);
        }
    }

    private void propose(CellId cell, LeaseCommand command, Turn turn) {
        long token = tokens.next();
        byToken.put(token, new Asked(cell, command));
        commits.propose(token, cell, command, turn);
    }

    /**
     * Begins a new journal, once an entry that carries a command of this server since it has this disk is applied here.
     * Where no client has caused one, it proposes one that only does what is due anyway.
     */
    private void begin(CellId cell, Care care, Turn turn) {
        if (care.beingBorn) {
            return;
        }
        LogIndex own = commits.latestOwn(cell);
        if (own == null) {
            if (!turn.now().isBefore(care.birthNext)) {
                care.birthNext = turn.now().plus(RETRY);
                propose(cell, new ExpireDue(1, LogIndex.NONE), turn);
            }
        } else if (own.compareTo(alone.table(cell).appliedIndex()) <= 0) {
            Born born = alone.rules(cell, turn.now()).birth().orElse(null);
            if (born != null) {
                care.beingBorn = alone.append(cell, List.of(born), later -> born(cell, care, later), turn);
            }
        }
    }

    /** Whether the journal is about to begin: worth a look in a moment. */
    boolean isBeingBorn(CellId cell) {
        return commits.latestOwn(cell) != null && alone.journal(cell).born() == null;
    }

    private void born(CellId cell, Care care, Turn turn) {
        care.beingBorn = false;
        turn.report(ServerEvent.JOURNAL_BEGUN, cell.name());
        Born born = alone.journal(cell).born();
        if (born != null && turn.now().isBefore(born.quietUntil())) {
            turn.report(ServerEvent.DISK_REPLACED, cell.name() + ", until " + born.quietUntil());
        }
        tick(cell, turn);
    }

    /** This server was declared down, and is back: once that is applied here as well, it has caught up. */
    private void comeBack(CellId cell, Care care, Turn turn) {
        if (turn.now().isBefore(care.comebackNext) || alone.journal(cell).pendingCount() > 0) {
            return;
        }
        care.comebackNext = turn.now().plus(RETRY);
        alone.rules(cell, turn.now()).comeback().ifPresent(reported -> {
            boolean _ = alone.append(
                    cell,
                    List.of(reported),
                    later -> propose(
                            cell,
                            new UndoDeclareDown(alone.self(), "server " + alone.self() + ", which is back"),
                            later),
                    turn);
        });
    }

    /** The cell wants addresses back that are set aside for this server: those that no client has go at once. */
    void recall(CellId cell, List<Ipv4> addresses, Turn turn) {
        Care care = cares.computeIfAbsent(cell, _ -> new Care());
        care.recalled.addAll(addresses);
        care.recalledUntil = turn.now().plus(RECALL_PAUSE);
        if (commits.isReachable(cell)
                && alone.rules(cell, turn.now()).fence(true).isEmpty()) {
            giveBackRecalled(cell, care, turn);
        }
    }

    private void giveBackRecalled(CellId cell, Care care, Turn turn) {
        if (!care.recalled.isEmpty() && care.returning.size() <= RECALLS_MAX / 2) {
            alone.table(cell)
                    .config()
                    .ifPresent(config -> config.networks()
                            .forEach(network -> giveBack(cell, care, network.name(), RECALLS_MAX, turn)));
        }
    }

    private void giveBack(CellId cell, Care care, String network, int most, Turn turn) {
        for (EscrowReturn back : alone.rules(cell, turn.now()).returns(network, care.recalled::contains)) {
            if (care.returning.size() >= most) {
                return;
            }
            if (!care.returning.add(back.command().address())) {
                continue;
            }
            if (back.before().isEmpty()) {
                propose(cell, back.command(), turn);
            } else if (!alone.append(cell, back.before(), later -> propose(cell, back.command(), later), turn)) {
                care.returning.remove(back.command().address());
            }
        }
    }

    /** A few of them in each turn, so that the packets of a cell with many do not wait behind this. */
    private void seeToNetworks(CellId cell, Care care, Turn turn) {
        LeaseTable table = alone.table(cell);
        CellConfig config = table.config().orElse(null);
        if (config == null || config.networks().isEmpty()) {
            return;
        }
        int count = config.networks().size();
        for (int i = 0; i < Math.min(NETWORKS_A_TURN, count); i++) {
            care.nextNetwork = (care.nextNetwork + 1) % count;
            SharedNetwork network = config.networks().get(care.nextNetwork);
            giveBack(cell, care, network.name(), RETURNS_MAX, turn);
            fill(cell, care, config, network.name(), turn);
        }
    }

    private void fill(CellId cell, Care care, CellConfig config, String network, Turn turn) {
        Pause pause = care.pauses.get(network);
        boolean recalled = turn.now().isBefore(care.recalledUntil);
        if (recalled || (pause != null && turn.now().isBefore(pause.until))) {
            return;
        }
        care.recalled.clear();
        int wanted = wanted(cell, config, network, turn.now());
        if (EscrowWish.isWorthAsking(
                wanted, holding(cell, config, network), config.timers().escrowTerm(), turn.now())) {
            Duration length = pause == null ? ASK_PAUSE : pause.length;
            care.pauses.put(network, new Pause(turn.now().plus(length), length));
            propose(cell, new GrantEscrow(alone.self(), network, wanted), turn);
        }
    }

    int wanted(CellId cell, CellConfig config, String network, Instant now) {
        return EscrowWish.wanted(config.escrow(), newcomers.perHour(cell, network, now));
    }

    private EscrowWish.Holding holding(CellId cell, CellConfig config, String network) {
        LeaseTable table = alone.table(cell);
        List<Ipv4> held = table.escrowOf(alone.self(), network);
        Instant soonest = held.isEmpty()
                ? null
                : table.binding(held.getFirst()).map(Binding::end).orElse(null);
        return new EscrowWish.Holding(
                held.size(),
                soonest,
                table.idleCount(network),
                table.escrowCount(network),
                config.members().size());
    }

    /** Forgets claims of grants that are over. */
    private void collect(CellId cell, Care care, Turn turn) {
        if (turn.now().isBefore(care.collectNext)
                && !care.collectNext.isAfter(turn.now().plus(COLLECT_PERIOD))) {
            return;
        }
        care.collectNext = turn.now().plus(COLLECT_PERIOD);
        AloneRules rules = alone.rules(cell, turn.now());
        List<JournalRecord> gone = rules.collect(cells.durable(cell));
        if (!gone.isEmpty()) {
            List<JournalRecord> some = gone.subList(0, Math.min(COLLECTED_MAX, gone.size()));
            boolean _ = alone.append(cell, some, _ -> {}, turn);
        }
    }

    /**
     * Hears of a proposal.
     *
     * @return whether it was one of these
     */
    boolean settled(long token, Proposal proposal, Turn turn) {
        Asked asked = byToken.remove(token);
        if (asked == null) {
            return false;
        }
        Care care = cares.computeIfAbsent(asked.cell, _ -> new Care());
        boolean changed = proposal instanceof Proposal.Committed(var _, Outcome.Done(int bindings)) && bindings > 0;
        if (asked.command instanceof LeaseCommand.ReturnEscrow back) {
            care.returning.remove(back.address());
            if (changed) {
                care.recalled.remove(back.address());
                turn.report(ServerEvent.ESCROW_RETURNED, asked.cell.name());
            }
            giveBackRecalled(asked.cell, care, turn);
        } else if (asked.command instanceof GrantEscrow grant) {
            granted(asked.cell, care, grant.network(), changed, turn);
        } else if (asked.command instanceof UndoDeclareDown && changed) {
            turn.report(ServerEvent.CAME_BACK, asked.cell.name());
        } else if (asked.command instanceof ExpireDue) {
            tick(asked.cell, turn);
        }
        return true;
    }

    private static void granted(CellId cell, Care care, String network, boolean changed, Turn turn) {
        Pause pause = care.pauses.get(network);
        if (changed) {
            turn.report(ServerEvent.ESCROW_GRANTED, cell.name());
            care.pauses.put(network, new Pause(turn.now().plus(ASK_PAUSE), ASK_PAUSE));
        } else if (pause != null) {
            Duration longer = pause.length.multipliedBy(2);
            Duration length = longer.compareTo(ASK_PAUSE_MAX) > 0 ? ASK_PAUSE_MAX : longer;
            care.pauses.put(network, new Pause(turn.now().plus(length), length));
        }
    }
}
