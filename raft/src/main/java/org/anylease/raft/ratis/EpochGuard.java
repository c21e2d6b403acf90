package org.anylease.raft.ratis;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.anylease.raft.disk.DataDirectory;
import org.anylease.raft.event.RaftEvent;
import org.anylease.raft.event.RaftEventListener;
import org.anylease.raft.link.PeerLinks;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.anylease.store.codec.ByteReader;
import org.anylease.store.codec.ByteWriter;
import org.anylease.store.codec.UnreadableException;

/**
 * Ends this server's copy of a cell when a peer knows that the cell was recovered without it: an operator has vouched
 * that this server is off and stays off, and what it promises may be promised to others. Asked of every peer as soon as
 * the way to it stands. Confined to the loop.
 */
final class EpochGuard {
    private static final String EPOCHS = "raft.epochs";
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private final ServerId self;
    private final DataDirectory data;
    private final PeerLinks links;
    private final Map<CellId, Cell> cells;
    private final RaftEventListener events;
    private final Map<CellId, Known> known = new TreeMap<>();

    /** The epoch of a copy, read once: another epoch comes only with another copy. */
    private record Known(Cell copy, long epoch) {}

    EpochGuard(ServerId self, DataDirectory data, PeerLinks links, Map<CellId, Cell> cells, RaftEventListener events) {
        this.self = self;
        this.data = data;
        this.links = links;
        this.cells = cells;
        this.events = events;
    }

    /** From now on it answers peers, and asks them. */
    void handle() {
        links.handle(EPOCHS, (from, body) -> epochsHere());
        links.onChange(this::ask);
    }

    private CompletionStage<byte[]> epochsHere() {
        ByteWriter out = new ByteWriter();
        List<CellId> copies = List.copyOf(cells.keySet());
        out.varint(copies.size());
        try {
            for (CellId cell : copies) {
                out.text(cell.name());
                out.varint(epoch(cell));
            }
            return CompletableFuture.completedFuture(out.toArray());
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private long epoch(CellId id) throws IOException {
        Cell copy = cells.get(id);
        Known before = known.get(id);
        if (copy == null || (before != null && before.copy().equals(copy))) {
            return before == null ? 0 : before.epoch();
        }
        long epoch = data.epoch(id);
        known.put(id, new Known(copy, epoch));
        return epoch;
    }

    /** Asks every peer; to be called now and then: a link may stand before this server's copies do. */
    void askAll() {
        links.peers().forEach(this::ask);
    }

    private void ask(ServerId peer) {
        if (links.isUp(peer)) {
            // One that does not answer is asked again.
            var _ = links.call(peer, EPOCHS, new byte[0], TIMEOUT).thenAccept(answer -> heard(peer, answer));
        }
    }

    private void heard(ServerId peer, byte[] answer) {
        try {
            ByteReader in = new ByteReader("epochs of cells", answer, 0, answer.length);
            int count = in.count();
            for (int i = 0; i < count; i++) {
                CellId id = new CellId(in.text());
                long theirs = in.varint();
                Cell cell = cells.get(id);
                if (cell != null && theirs > epoch(id)) {
                    cell.replica()
                            .stop("meeting the servers of a later epoch", new IOException(fenced(id, peer, theirs)));
                }
            }
        } catch (UnreadableException | IllegalArgumentException e) {
            // Of another version: the link would have refused it, were it not to be understood.
            events.heard(new RaftEvent.LinkRefused(peer.name(), RatisNode.deepest(e)));
        } catch (IOException e) {
            cells.values().forEach(cell -> cell.replica().stop("reading the epoch of the cell", e));
        }
    }

    private String fenced(CellId cell, ServerId peer, long epoch) throws IOException {
        return "cell " + cell + " was recovered without server " + self + ": server " + peer + " is in epoch " + epoch
                + " of it, and this server's copy in epoch " + epoch(cell)
                + ", so that it must not be used any more. Empty this server's data directory, then start it again: it"
                + " is taken in anew";
    }
}
