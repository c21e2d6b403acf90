package org.anylease.server.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import org.anylease.server.admin.RestorePlan.Fate;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.LeaseCommand.ReserveAddresses;
import org.anylease.store.command.Outcome;
import org.anylease.store.config.RuntimeReservation;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.replication.Proposal;

/**
 * Carries a backup's bindings through the cell's log, some at a time, so that clients are served in between. What is in
 * place already is not proposed again; what is set aside for a server is recalled first.
 */
final class Restore {
    /** How many bindings one command carries: at their longest half a megabyte, which one entry holds. */
    private static final int CHUNK_BINDINGS = 500;

    /** How many names are proposed at a time. */
    private static final int CHUNK_NAMES = 256;

    /** How many are looked at in the cell at once, before some of them are proposed. */
    private static final int WINDOW_BINDINGS = 10_000;

    /** How long one chunk is proposed: doing it again is harmless, since what is in place stays. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Cluster cluster;
    private final CellId cell;
    private final long total;
    private final Progress progress;
    private final EscrowRecall recall;
    private long done;
    private long changed;
    private long namesRestored;
    private long reservationsRestored;
    private long reservationsRefused;
    private LogIndex committed = LogIndex.NONE;

    /** Hears how far it is. */
    @FunctionalInterface
    interface Progress {
        void at(ObjectNode progress) throws IOException;
    }

    Restore(Cluster cluster, CellId cell, long total, Progress progress) {
        this.cluster = cluster;
        this.cell = cell;
        this.total = total;
        this.progress = progress;
        this.recall = new EscrowRecall(cluster, cell);
    }

    /** Whether it came to its end; when not, the last line has said why. */
    boolean run(BackupFile.Reader reader) throws IOException {
        List<Binding> window = new ArrayList<>();
        boolean goesOn = true;
        for (Binding binding = reader.next(); binding != null && goesOn; binding = reader.next()) {
            if (binding.state() != BindingState.ESCROWED) {
                window.add(withoutOffer(binding));
            }
            if (window.size() == WINDOW_BINDINGS) {
                goesOn = putWindow(window);
                window.clear();
            }
        }
        return goesOn
                && (window.isEmpty() || putWindow(window))
                && reserve(reader.reservations())
                && name(reader.names());
    }

    /**
     * After the bindings: a name of an address that the cell knows no name of is on record again, so that it is taken out
     * of DNS when nobody has a right to it any more.
     */
    private boolean name(List<NameJson.Named> names) throws IOException {
        for (int from = 0; from < names.size(); from += CHUNK_NAMES) {
            List<CompletableFuture<Proposal>> chunk =
                    names.subList(from, Math.min(from + CHUNK_NAMES, names.size())).stream()
                            .map(named -> RepeatedProposal.propose(
                                    cluster,
                                    cell,
                                    new LeaseCommand.NoteDns(named.address(), LogIndex.NONE, named.record()),
                                    PATIENCE))
                            .toList();
            for (CompletableFuture<Proposal> one : chunk) {
                Proposal proposal = one.join();
                if (!(proposal instanceof Proposal.Committed(LogIndex index, Outcome outcome))) {
                    breakOff(proposal);
                    return false;
                }
                committed = index;
                namesRestored += outcome instanceof Outcome.Done(int changes) && changes > 0 ? 1 : 0;
            }
        }
        return true;
    }

    /** After the bindings: who has an address that was about to be kept for another still has it. */
    private boolean reserve(List<RuntimeReservation> reservations) throws IOException {
        List<RuntimeReservation> left = new ArrayList<>(reservations);
        while (!left.isEmpty()) {
            List<RuntimeReservation> chunk =
                    List.copyOf(left.subList(0, Math.min(left.size(), ReserveAddresses.RESERVATIONS_MAX)));
            Proposal proposal = RepeatedProposal.propose(cluster, cell, new ReserveAddresses(chunk, true), PATIENCE)
                    .join();
            switch (proposal) {
                case Proposal.Committed(LogIndex index, Outcome.NotReserved not) -> {
                    committed = index;
                    left.removeIf(one -> one.address().equals(not.address()));
                    reservationsRefused++;
                }
                case Proposal.Committed(LogIndex index, Outcome _) -> {
                    committed = index;
                    left.subList(0, chunk.size()).clear();
                    reservationsRestored += chunk.size();
                }
                case Proposal.Rejected _, Proposal.Unknown _ -> {
                    breakOff(proposal);
                    return false;
                }
            }
        }
        return true;
    }

    /** Looks at what is there now of many, and puts those in place that are to be, some at a time. */
    private boolean putWindow(List<Binding> window) throws IOException {
        SortedMap<Ipv4, Binding> present = recall.freed(window);
        List<Binding> wanted = window.stream()
                .filter(given -> Fate.of(given, present.get(given.address())) == Fate.PUT)
                .toList();
        done += window.size() - wanted.size();
        progress.at(state());
        for (int from = 0; from < wanted.size(); from += CHUNK_BINDINGS) {
            if (!put(wanted.subList(from, Math.min(from + CHUNK_BINDINGS, wanted.size())))) {
                return false;
            }
        }
        return true;
    }

    /** The last line, once all is done. */
    void end(RestorePlan left) throws IOException {
        ObjectNode last = state();
        last.put("result", "restored");
        last.put("reservations", reservationsRestored);
        last.put("reservationsRefused", reservationsRefused);
        last.put("names", namesRestored);
        left.tellWhatIsLeft(last);
        ObjectNode silent = last.putObject("silent");
        recall.silent().forEach((server, why) -> silent.put(server.name(), why));
        progress.at(last);
    }

    /** The last entry that put something in place. */
    LogIndex committed() {
        return committed;
    }

    private static Binding withoutOffer(Binding binding) {
        return new Binding(
                binding.address(),
                binding.state(),
                binding.index(),
                binding.client(),
                binding.start(),
                binding.end(),
                binding.gate(),
                binding.lastSeen(),
                binding.server(),
                binding.siteMoves(),
                binding.idleSequence(),
                null);
    }

    /** Whether the chunk is in place; when not, the last line has said why. */
    private boolean put(List<Binding> chunk) throws IOException {
        Proposal proposal = RepeatedProposal.propose(cluster, cell, new LeaseCommand.RestoreBindings(chunk), PATIENCE)
                .join();
        if (proposal instanceof Proposal.Committed(LogIndex index, Outcome outcome)) {
            committed = index;
            done += chunk.size();
            changed += outcome instanceof Outcome.Done(int bindings) ? bindings : 0;
            progress.at(state());
            return true;
        }
        breakOff(proposal);
        return false;
    }

    private void breakOff(Proposal proposal) throws IOException {
        String why = proposal instanceof Proposal.Rejected(Proposal.Rejected.Reason reason)
                ? "the cell refused: " + Json.name(reason)
                : "no quorum answered in time";
        ObjectNode last = state();
        last.put("result", "broken-off");
        last.put("error", "unavailable");
        last.put("what", why);
        last.put("where", "cell " + cell);
        last.put("remedy", "see anylease cell status, then restore the same file again: what is in place stays");
        progress.at(last);
    }

    private ObjectNode state() {
        ObjectNode node = Json.object();
        node.put("done", done);
        node.put("of", total);
        node.put("changed", changed);
        return node;
    }
}
