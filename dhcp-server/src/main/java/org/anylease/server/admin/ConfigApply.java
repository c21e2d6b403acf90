package org.anylease.server.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.anylease.store.address.Octets;
import org.anylease.store.cell.CellId;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.Outcome;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.ConfigRevision;
import org.anylease.store.replication.Proposal;

/**
 * Proposes a configuration to every cell, all at once, and waits for each. Cells that are new come after those that
 * exist: it is from these that the servers learn of them, and form them.
 */
final class ConfigApply {
    private static final String APPLIED = "applied";
    private static final String SUPERSEDED = "superseded";
    private static final String UNCONFIRMED = "unconfirmed";

    /** How long a new cell may take to be formed: its servers find each other and elect a leader. */
    private static final Duration FORMING_PATIENCE = Duration.ofSeconds(20);

    private final Cluster cluster;

    ConfigApply(Cluster cluster) {
        this.cluster = cluster;
    }

    /** The answer's {@code result} is the worst of all cells: applied, superseded, or unconfirmed. */
    ObjectNode apply(List<CellConfig> configs, long basedOn, String author, String text) throws IOException {
        Octets source = ConfigText.compressed(text);
        List<CellId> known = cluster.cells();
        Map<CellId, CompletableFuture<Proposal>> waiting = new TreeMap<>();
        Map<CellId, String> already = new TreeMap<>();
        List<CellConfig> unborn = new ArrayList<>();
        for (CellConfig config : configs) {
            if (!known.contains(config.cell())) {
                unborn.add(config);
            } else if (isInForce(config, text)) {
                already.put(config.cell(), "in force already");
            } else {
                waiting.put(config.cell(), propose(new LeaseCommand.ApplyConfig(config, basedOn, author, source)));
            }
        }
        ObjectNode answer = Json.object();
        ArrayNode cells = answer.putArray("cells");
        String worst = APPLIED;
        already.forEach((cell, what) -> add(cells, cell, APPLIED, what));
        for (Map.Entry<CellId, CompletableFuture<Proposal>> entry : waiting.entrySet()) {
            String result = add(cells, entry.getKey(), entry.getValue().join());
            worst = worse(worst, result);
        }
        if (worst.equals(APPLIED)) {
            worst = form(unborn, author, source, cells);
        } else {
            unborn.forEach(config -> add(cells, config.cell(), UNCONFIRMED, "not formed, since not every cell agreed"));
        }
        answer.put("result", worst);
        return answer;
    }

    /** Waits for cells that the others' configuration has just called into being. @return the worst result */
    private String form(List<CellConfig> unborn, String author, Octets source, ArrayNode cells) {
        Map<CellConfig, CompletableFuture<Proposal>> forming = new LinkedHashMap<>();
        for (CellConfig config : unborn) {
            LeaseCommand.ApplyConfig first = new LeaseCommand.ApplyConfig(config, 0, author, source);
            forming.put(config, RepeatedProposal.propose(cluster, config.cell(), first, FORMING_PATIENCE));
        }
        String worst = APPLIED;
        for (Map.Entry<CellConfig, CompletableFuture<Proposal>> entry : forming.entrySet()) {
            CellId cell = entry.getKey().cell();
            Proposal proposal = entry.getValue().join();
            // Its leader may have been faster: it proposes the same slice as soon as there is a quorum.
            boolean byLeader = proposal instanceof Proposal.Committed(var _, Outcome.Superseded(long at))
                    && at == entry.getKey().version();
            boolean formed = byLeader || proposal instanceof Proposal.Committed(var _, Outcome.Done _);
            String result = formed
                    ? add(cells, cell, APPLIED, "formed")
                    : add(
                            cells,
                            cell,
                            UNCONFIRMED,
                            "not formed yet; it will be as soon as a majority of its servers can be reached");
            worst = worse(worst, result);
        }
        return worst;
    }

    /**
     * A cell that an earlier apply did not reach is behind what the operator saw, which is newer and a whole file: it
     * catches up.
     */
    private CompletableFuture<Proposal> propose(LeaseCommand.ApplyConfig apply) {
        CellId cell = apply.config().cell();
        return cluster.propose(cell, apply).thenCompose(proposal -> {
            if (proposal instanceof Proposal.Committed(var _, Outcome.Superseded(long at)) && at < apply.basedOn()) {
                return cluster.propose(
                        cell, new LeaseCommand.ApplyConfig(apply.config(), at, apply.author(), apply.source()));
            }
            return CompletableFuture.completedFuture(proposal);
        });
    }

    /** An apply that was cut short is repeated: what the first one reached is left as it is. */
    private boolean isInForce(CellConfig config, String text) throws IOException {
        Optional<Cluster.CellState> state = cluster.state(config.cell());
        if (state.isEmpty() || state.get().configVersion() != config.version()) {
            return false;
        }
        List<ConfigRevision> history = state.get().history();
        return !history.isEmpty() && ConfigText.of(history.getLast()).equals(text);
    }

    private static String worse(String a, String b) {
        if (a.equals(UNCONFIRMED) || b.equals(UNCONFIRMED)) {
            return UNCONFIRMED;
        }
        return a.equals(SUPERSEDED) ? a : b;
    }

    private static String add(ArrayNode cells, CellId cell, Proposal proposal) {
        return switch (proposal) {
            case Proposal.Committed committed ->
                switch (committed.outcome()) {
                    case Outcome.Superseded superseded ->
                        add(cells, cell, SUPERSEDED, "the cell is at version " + superseded.version());
                    case Outcome.Done _ -> add(cells, cell, APPLIED, "committed at index " + committed.index());
                    case Outcome.Offered _,
                            Outcome.NoAddress _,
                            Outcome.Bound _,
                            Outcome.Refused _,
                            Outcome.NotKnown _,
                            Outcome.Merged _,
                            Outcome.NotReserved _,
                            Outcome.Lapsed _ ->
                        throw new IllegalStateException("ApplyConfig gave " + committed.outcome());
                };
            case Proposal.Rejected rejected -> add(cells, cell, UNCONFIRMED, "not proposed: " + why(rejected.reason()));
            case Proposal.Unknown _ ->
                add(cells, cell, UNCONFIRMED, "no quorum answered in time; it may still be applied");
        };
    }

    private static String why(Proposal.Rejected.Reason reason) {
        return switch (reason) {
            case OVERLOADED -> "too many commands wait for the cell; try again";
            case NO_SUCH_CELL -> "its servers have not formed the cell yet; see that they run, and apply again";
            case CLOSED -> "the server is stopping; ask another one";
            case CLOCK_ASTRAY -> "this server's clock is too far from the leader's; correct it, or ask another server";
            case TOO_LARGE -> "it is too long for the cell's log; " + ConfigText.SHORTER;
        };
    }

    private static String add(ArrayNode cells, CellId cell, String result, String what) {
        ObjectNode one = cells.addObject();
        one.put("cell", cell.name());
        one.put("result", result);
        one.put("what", what);
        return result;
    }
}
