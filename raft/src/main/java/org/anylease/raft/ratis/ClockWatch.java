package org.anylease.raft.ratis;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Function;
import org.anylease.raft.clock.ClockDoubt;
import org.anylease.raft.clock.ClockListener;
import org.anylease.raft.clock.ClockState;
import org.anylease.raft.clock.ClockVerdict;
import org.anylease.raft.clock.PeerClocks;
import org.anylease.raft.event.RaftEvent;
import org.anylease.raft.event.RaftEventListener;
import org.anylease.raft.link.PeerLinks;
import org.anylease.raft.proposal.Stamps;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.jspecify.annotations.Nullable;

/**
 * Asks the peers every second what time it is, and whether they are being drained, and judges this server's clock in
 * each cell. Confined to the loop.
 */
final class ClockWatch {
    private static final String PULSE = "raft.pulse";
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final int PULSE_BYTES = Long.BYTES + Integer.BYTES + 1;

    /** Until the cell has a configuration, which says it. */
    private static final Duration SKEW = Duration.ofSeconds(5);

    private record Judged(ClockVerdict verdict, Instant since) {}

    private final ServerId self;
    private final PeerLinks links;
    private final Function<CellId, List<ServerId>> votersOf;
    private final Map<CellId, Cell> cells;
    private final InstantSource clock;
    private final RaftEventListener events;
    private final PeerClocks clocks;
    /** Read on other threads when this server closes. */
    private final Set<ServerId> draining = new ConcurrentSkipListSet<>();

    private final TreeMap<CellId, Judged> judged = new TreeMap<>();
    private boolean selfDraining;
    private @Nullable ClockListener listener;

    ClockWatch(
            ServerId self,
            PeerLinks links,
            Function<CellId, List<ServerId>> votersOf,
            Map<CellId, Cell> cells,
            InstantSource clock,
            RaftEventListener events) {
        this.self = self;
        this.links = links;
        this.votersOf = votersOf;
        this.cells = cells;
        this.clock = clock;
        this.events = events;
        this.clocks = new PeerClocks(self, clock.instant(), System.nanoTime());
    }

    /** From now on it answers peers, and asks each as soon as the way to it stands. */
    void handle() {
        links.handle(PULSE, (peer, body) -> pulseHere());
        links.onChange(this::ask);
    }

    private CompletionStage<byte[]> pulseHere() {
        Instant now = clock.instant();
        return CompletableFuture.completedFuture(ByteBuffer.allocate(PULSE_BYTES)
                .putLong(now.getEpochSecond())
                .putInt(now.getNano())
                .put((byte) (selfDraining ? 1 : 0))
                .array());
    }

    /** Asks every peer; to be called every second. */
    void askAll() {
        links.peers().forEach(this::ask);
    }

    private void ask(ServerId peer) {
        if (!links.isUp(peer)) {
            draining.remove(peer);
            return;
        }
        long asked = System.nanoTime();
        // A peer that does not answer is asked again, and its last reading ages.
        var _ = links.call(peer, PULSE, new byte[0], TIMEOUT).thenAccept(answer -> heard(peer, asked, answer));
    }

    private void heard(ServerId peer, long asked, byte[] answer) {
        if (answer.length < PULSE_BYTES) {
            return;
        }
        ByteBuffer pulse = ByteBuffer.wrap(answer);
        Instant theirs = Instant.ofEpochSecond(pulse.getLong(), pulse.getInt());
        clocks.read(peer, theirs, asked, System.nanoTime());
        if (pulse.get() == 1) {
            draining.add(peer);
        } else {
            draining.remove(peer);
        }
        cells.keySet().forEach(this::judge);
    }

    /** Whether a peer is being drained, as it said. From any thread. */
    boolean isDraining(ServerId peer) {
        return draining.contains(peer);
    }

    /** Says to peers that ask from now on whether this server is being drained. */
    void drains(boolean nowDraining) {
        selfDraining = nowDraining;
    }

    void listen(ClockListener newListener) {
        listener = newListener;
        cells.keySet().forEach(cell -> newListener.clockJudged(cell, state(cell).verdict()));
    }

    /** Judges this server's clock in a cell, and tells when the verdict is another. */
    ClockVerdict judge(CellId id) {
        ClockVerdict verdict = verdict(id);
        Judged before = judged.get(id);
        if (before == null || !before.verdict().equals(verdict)) {
            judged.put(id, new Judged(verdict, clock.instant()));
            ClockDoubt doubt = verdict.doubt();
            if (doubt != (before == null ? null : before.verdict().doubt())) {
                events.heard(
                        doubt == null
                                ? new RaftEvent.ClockTrusted(id)
                                : new RaftEvent.ClockDoubted(id, doubt, describe()));
            }
            if (listener != null) {
                listener.clockJudged(id, verdict);
            }
        }
        return verdict;
    }

    private ClockVerdict verdict(CellId id) {
        Cell cell = cells.get(id);
        if (cell == null) {
            return new ClockVerdict(null, true);
        }
        return clocks.judge(
                votersOf.apply(id), skew(cell), cell.replica().table().time(), clock.instant(), System.nanoTime());
    }

    private static Duration skew(Cell cell) {
        return cell.replica()
                .table()
                .config()
                .map(config -> config.timers().skew())
                .orElse(SKEW);
    }

    private String describe() {
        StringBuilder text = new StringBuilder();
        clocks.all(clock.instant(), System.nanoTime())
                .forEach((peer, read) -> text.append(text.isEmpty() ? "" : ", ")
                        .append(peer)
                        .append(read.ahead().isNegative() ? " is " : " is +")
                        .append(read.ahead().toMillis())
                        .append(" ms"));
        return text.isEmpty() ? "no other clock was read" : text.toString();
    }

    ClockState state(CellId id) {
        judge(id);
        Judged known = judged.get(id);
        Instant now = clock.instant();
        return new ClockState(
                id,
                known == null ? new ClockVerdict(null, true) : known.verdict(),
                known == null ? now : known.since(),
                Optional.ofNullable(cells.get(id)).map(ClockWatch::skew).orElse(SKEW),
                clocks.all(now, System.nanoTime()));
    }

    /** The clock as a cell's pipeline uses it. */
    Stamps stamps(CellId id) {
        return new Stamps() {
            @Override
            public boolean mayStamp() {
                return judge(id).stamps();
            }

            @Override
            public Instant now() {
                return clock.instant();
            }

            @Override
            public boolean isAstray(ServerId proposer) {
                Cell cell = cells.get(id);
                return cell != null
                        && !proposer.equals(self)
                        && clocks.isAstray(proposer, skew(cell), clock.instant(), System.nanoTime());
            }
        };
    }
}
