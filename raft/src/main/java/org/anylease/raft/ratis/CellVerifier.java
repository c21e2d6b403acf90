package org.anylease.raft.ratis;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.anylease.raft.link.PeerLinks;
import org.anylease.raft.liveness.CellReport;
import org.anylease.raft.liveness.CellVerification;
import org.anylease.raft.liveness.DigestAnswer;
import org.anylease.raft.liveness.ReplicaReport;
import org.anylease.raft.loop.ServerLoop;
import org.anylease.store.address.AddressRange;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.codec.UnreadableException;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.rocks.RocksLeaseStore;
import org.anylease.store.state.LeaseDigest;
import org.anylease.store.state.RangeDigests;
import org.anylease.store.state.StateChanges;
import org.jspecify.annotations.Nullable;

/**
 * Compares the copies of a cell at one entry. Each server is told the entry in advance, and looks at its copy when it
 * stands there: at its table at once, and at what it stored through a view, off the loop.
 *
 * <p>Where nothing happens the newest applied entry will do. Under load the servers would be past it when they hear
 * of it, so it lies further and further ahead until all have heard in time. Confined to the loop.
 */
final class CellVerifier {
    private static final String DIGESTS = "raft.digests";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** How far ahead the entry lies, one attempt after the other. */
    private static final List<Integer> LEADS = List.of(0, 16, 256, 4096);

    private final ServerId self;
    private final ServerLoop loop;
    private final PeerLinks links;
    private final Map<CellId, Cell> cells;
    private final CellReports reports;
    private final Function<CellId, List<ServerId>> membersOf;

    private record Heard(TreeMap<ServerId, DigestAnswer> answers, TreeMap<ServerId, String> silent) {}

    CellVerifier(
            ServerId self,
            ServerLoop loop,
            PeerLinks links,
            Map<CellId, Cell> cells,
            CellReports reports,
            Function<CellId, List<ServerId>> membersOf) {
        this.self = self;
        this.loop = loop;
        this.links = links;
        this.cells = cells;
        this.reports = reports;
        this.membersOf = membersOf;
    }

    /** From now on it answers those who compare. */
    void handle() {
        links.handle(DIGESTS, (from, body) -> digestsHere(body));
    }

    private CompletionStage<byte[]> digestsHere(byte[] question) {
        try {
            ByteBuffer in = ByteBuffer.wrap(question);
            LogIndex at = new LogIndex(in.getLong());
            CellId id = new CellId(StandardCharsets.US_ASCII.decode(in).toString());
            Cell cell = cells.get(id);
            if (cell == null) {
                throw new IOException("server " + self + " has no copy of cell " + id);
            }
            return cell.replica()
                    .capture(at)
                    .thenCompose(capture -> capture.view()
                            .thenApplyAsync(CellVerifier::digests, Thread::startVirtualThread)
                            .<DigestAnswer>thenApply(
                                    stored -> new DigestAnswer.Taken(capture.index(), capture.digest(), stored)))
                    .exceptionally(failure -> {
                        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
                        if (cause instanceof Capture.Passed passed) {
                            return new DigestAnswer.Passed(passed.applied());
                        }
                        throw new CompletionException(cause);
                    })
                    .thenApply(DigestAnswer::encode);
        } catch (IOException | BufferUnderflowException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static RangeDigests digests(RocksLeaseStore.View opened) {
        try (RocksLeaseStore.View view = opened) {
            RangeDigests digests = new RangeDigests();
            for (StateChanges.Change record : view.records()) {
                digests.add(record);
            }
            return digests;
        } catch (UnreadableException e) {
            throw new CompletionException(e);
        }
    }

    /** Compares all copies that can be reached. */
    CompletionStage<CellVerification> verify(CellId id) {
        return attempt(id, 0);
    }

    private CompletionStage<CellVerification> attempt(CellId id, int attempt) {
        List<ServerId> members = membersOf.apply(id);
        if (members.isEmpty()) {
            return CompletableFuture.failedFuture(new IOException("server " + self + " knows no cell " + id));
        }
        return reports.gather(id, members).thenCompose(report -> {
            LogIndex newest = report.replicas().stream()
                    .map(ReplicaReport::applied)
                    .max(LogIndex::compareTo)
                    .orElse(LogIndex.NONE);
            LogIndex at = new LogIndex(newest.value() + LEADS.get(attempt));
            return ask(id, members, at).thenCompose(heard -> {
                boolean passed = heard.answers().values().stream().anyMatch(DigestAnswer.Passed.class::isInstance);
                if (!passed) {
                    return CompletableFuture.completedFuture(compare(id, at, report, heard));
                }
                if (attempt + 1 == LEADS.size()) {
                    return CompletableFuture.failedFuture(new IOException(
                            "cell " + id + " changes too fast to be compared; try again when less is going on"));
                }
                return attempt(id, attempt + 1);
            });
        });
    }

    private CompletionStage<Heard> ask(CellId id, List<ServerId> members, LogIndex at) {
        byte[] name = id.name().getBytes(StandardCharsets.US_ASCII);
        byte[] question = ByteBuffer.allocate(Long.BYTES + name.length)
                .putLong(at.value())
                .put(name)
                .array();
        Heard heard = new Heard(new TreeMap<>(), new TreeMap<>());
        List<CompletableFuture<?>> asked = new ArrayList<>();
        for (ServerId member : members) {
            CompletableFuture<Boolean> answered = new CompletableFuture<>();
            asked.add(answered);
            var _ = links.call(member, DIGESTS, question, PATIENCE)
                    .whenComplete((answer, failure) -> loop.execute(() -> {
                        take(heard, member, answer, failure);
                        answered.complete(true);
                    }));
        }
        CompletableFuture<Heard> all = CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                .thenApply(done -> heard)
                // This server asks itself without a timeout.
                .completeOnTimeout(heard, 2 * PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        urge(id, at, all);
        return all.thenApplyAsync(done -> done, loop);
    }

    private static void take(Heard heard, ServerId member, byte @Nullable [] answer, @Nullable Throwable failure) {
        try {
            if (answer == null) {
                heard.silent().put(member, failure == null ? "no answer" : RatisNode.deepest(failure));
            } else {
                heard.answers().put(member, DigestAnswer.decode(answer));
            }
        } catch (UnreadableException e) {
            heard.silent().put(member, RatisNode.deepest(e));
        }
    }

    /** Where nobody else does, this server sees to it that the log gets as far as the entry. */
    private void urge(CellId id, LogIndex at, CompletableFuture<?> all) {
        Cell cell = cells.get(id);
        if (all.isDone() || cell == null || cell.replica().appliedIndex().compareTo(at) >= 0) {
            return;
        }
        cell.pipeline().propose(new LeaseCommand.ExpireDue(1, LogIndex.NONE), null, proposal -> urge(id, at, all));
    }

    private CellVerification compare(CellId id, LogIndex at, CellReport report, Heard heard) {
        TreeMap<ServerId, DigestAnswer.Taken> taken = new TreeMap<>();
        heard.answers().forEach((server, answer) -> {
            if (answer instanceof DigestAnswer.Taken digests) {
                taken.put(server, digests);
            }
        });
        for (ServerId member : membersOf.apply(id)) {
            if (!taken.containsKey(member)) {
                heard.silent().putIfAbsent(member, "did not reach entry " + at + " in time");
            }
        }
        TreeMap<ServerId, LeaseDigest> digests = new TreeMap<>();
        taken.forEach((server, answer) -> digests.put(server, answer.table()));
        ServerId reference = report.replicas().stream()
                .filter(replica -> replica.leading() && taken.containsKey(replica.server()))
                .map(ReplicaReport::server)
                .findFirst()
                .orElse(taken.isEmpty() ? self : taken.firstKey());
        List<CellVerification.Deviation> deviations = new ArrayList<>();
        DigestAnswer.Taken right = taken.get(reference);
        taken.forEach((server, answer) -> {
            if (right != null && !server.equals(reference)) {
                List<AddressRange> ranges = right.stored().differences(answer.stored());
                boolean elsewhere = !right.stored().restEquals(answer.stored());
                boolean inMemory = !right.table().equals(answer.table());
                if (!ranges.isEmpty() || elsewhere || inMemory) {
                    deviations.add(new CellVerification.Deviation(
                            server,
                            ranges.subList(0, Math.min(ranges.size(), CellVerification.Deviation.RANGES_MAX)),
                            elsewhere,
                            inMemory));
                }
            }
        });
        return new CellVerification(id, at, reference, digests, deviations, heard.silent());
    }
}
