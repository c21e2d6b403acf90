package org.anylease.raft.ratis;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.anylease.raft.disk.DataDirectory;
import org.anylease.raft.event.RaftEvent;
import org.anylease.raft.event.RaftEventListener;
import org.anylease.raft.link.PeerLinks;
import org.anylease.raft.loop.ServerLoop;
import org.anylease.raft.membership.RaftSettings;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.jspecify.annotations.Nullable;

/**
 * How this server comes into the groups of its cells, and helps others back that have lost their disk.
 *
 * <p>Joining may begin on any thread; the rest is confined to the loop.
 */
final class Admission {
    private static final String READMIT = "raft.readmit";
    private static final Duration READMIT_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration READMIT_AGAIN = Duration.ofMillis(500);

    private final RaftSettings settings;
    private final DataDirectory data;
    private final RatisNode node;
    private final ServerLoop loop;
    private final PeerLinks links;
    private final CellMembers members;
    private final RaftEventListener events;
    private volatile boolean closed;

    Admission(
            RaftSettings settings,
            DataDirectory data,
            RatisNode node,
            ServerLoop loop,
            PeerLinks links,
            CellMembers members,
            RaftEventListener events) {
        this.settings = settings;
        this.data = data;
        this.node = node;
        this.loop = loop;
        this.links = links;
        this.members = members;
        this.events = events;
    }

    /** From now on it answers those who come. */
    void handle() {
        links.handle(READMIT, this::readmit);
        links.handle(CellFormation.HISTORY, this::historyHere);
    }

    /** From now on it asks nobody, and failures are those of closing. */
    void close() {
        closed = true;
    }

    /** Joins a cell's group as soon as it is known whether it has a history. From any thread but the loop. */
    CompletableFuture<@Nullable Void> join(CellId cell, List<ServerId> voters) {
        checkVoters(cell, voters);
        long epoch;
        try {
            // Before the group is made: one that is found on the disk at the next start must have a name.
            data.keep(cell, voters);
            epoch = data.epoch(cell);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
        node.know(cell, epoch);
        members.tell(cell, voters);
        List<ServerId> others = voters.stream()
                .filter(voter -> !voter.equals(settings.server()))
                .toList();
        CellFormation formation = new CellFormation(cell, others, loop, links, events);
        CompletableFuture<@Nullable Void> joined = new CompletableFuture<>();
        var _ = CompletableFuture.supplyAsync(formation::part, loop)
                .thenCompose(asked -> asked)
                .thenApplyAsync(found -> takeOn(cell, found), Thread::startVirtualThread)
                .thenCompose(part -> node.join(cell, voters, part).thenApply(done -> part))
                .whenComplete((part, failure) -> {
                    if (failure == null) {
                        joined(cell, others, part);
                        joined.complete(null);
                        return;
                    }
                    if (!closed) {
                        events.heard(new RaftEvent.CellStopped(cell, "joining its group", failure));
                    }
                    joined.completeExceptionally(failure);
                });
        return joined;
    }

    private void checkVoters(CellId cell, List<ServerId> voters) {
        if (!voters.contains(settings.server())) {
            throw new IllegalArgumentException(
                    "server " + settings.server() + " is no voter of cell " + cell + ": " + voters);
        }
        for (ServerId voter : voters) {
            if (!node.knows(voter)) {
                throw new IllegalArgumentException(
                        "cell " + cell + " names the voter " + voter + ", which is not among the peers");
            }
        }
    }

    /** Takes on the epoch that others say the cell is in. */
    private CellFormation.Part takeOn(CellId cell, CellFormation.Found found) {
        try {
            if (found.part() != CellFormation.Part.FOUNDER) {
                data.keepEpoch(cell, found.epoch());
                node.know(cell, found.epoch());
            }
            return found.part();
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    /** Ends this server's part in a cell, and deletes its copy. */
    CompletableFuture<@Nullable Void> leave(CellId cell) {
        return node.remove(cell, true)
                .thenApplyAsync(
                        done -> {
                            try {
                                data.forget(cell);
                                return null;
                            } catch (IOException e) {
                                throw new CompletionException(e);
                            }
                        },
                        Thread::startVirtualThread);
    }

    /** Deletes this server's copy and joins again as one that is new; the group does not name it. On the loop. */
    CompletableFuture<@Nullable Void> comeAnew(CellId cell, List<ServerId> voters) {
        long epoch;
        try {
            epoch = data.epoch(cell);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
        CompletableFuture<@Nullable Void> done = leave(cell).thenCompose(left -> {
            try {
                data.keep(cell, voters);
                data.keepEpoch(cell, epoch);
            } catch (IOException e) {
                throw new CompletionException(e);
            }
            return node.join(cell, voters, CellFormation.Part.NEWCOMER);
        });
        var _ = done.whenComplete((nothing, failure) -> {
            if (failure == null) {
                joined(cell, voters, CellFormation.Part.NEWCOMER);
            } else if (!closed) {
                events.heard(new RaftEvent.CellStopped(cell, "fetching its copy anew", failure));
            }
        });
        return done;
    }

    private void joined(CellId cell, List<ServerId> others, CellFormation.Part part) {
        events.heard(new RaftEvent.CellJoined(cell, part != CellFormation.Part.FOUNDER));
        if (part == CellFormation.Part.LOST) {
            loop.execute(() -> askToBeReadmitted(cell, others));
        }
    }

    /** Asks whoever leads to take this server in anew, until it has been. */
    private void askToBeReadmitted(CellId cell, List<ServerId> others) {
        if (closed) {
            return;
        }
        byte[] question = cell.name().getBytes(StandardCharsets.US_ASCII);
        List<CompletableFuture<Boolean>> asked = new ArrayList<>();
        for (ServerId other : others) {
            asked.add(links.call(other, READMIT, question, READMIT_TIMEOUT)
                    .handle((answer, failure) -> failure == null)
                    .toCompletableFuture());
        }
        var _ = CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new)).thenRun(() -> {
            if (asked.stream().noneMatch(CompletableFuture::join)) {
                loop.after(READMIT_AGAIN, () -> askToBeReadmitted(cell, others));
            }
        });
    }

    private CompletionStage<byte[]> readmit(ServerId from, byte[] question) {
        CellId id = new CellId(new String(question, StandardCharsets.US_ASCII));
        if (!node.contact(id).leading()) {
            return CompletableFuture.failedFuture(
                    new IOException("server " + settings.server() + " does not lead cell " + id));
        }
        if (!members.voters(id).contains(from)) {
            return CompletableFuture.failedFuture(new IOException(from + " is no voter of cell " + id));
        }
        return node.readmit(id, from).thenApply(done -> new byte[0]);
    }

    private CompletionStage<byte[]> historyHere(ServerId from, byte[] question) {
        CellId cell = new CellId(new String(question, StandardCharsets.US_ASCII));
        try {
            boolean member = members.group(cell).voters().contains(from);
            return CompletableFuture.completedFuture(
                    CellFormation.Found.answer(node.hasHistory(cell), member, data.epoch(cell)));
        } catch (IOException e) {
            // Not known yet: the peer asks again.
            return CompletableFuture.failedFuture(e);
        }
    }
}
