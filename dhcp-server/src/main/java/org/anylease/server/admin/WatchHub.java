package org.anylease.server.admin;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.CellId;
import org.anylease.store.state.Applied;
import org.anylease.store.state.LeaseTable;
import org.jspecify.annotations.Nullable;

/**
 * Carries changes of leases from the loop to those who watch.
 *
 * <p>The loop publishes and never waits: each watcher has a queue of its own, and one that reads too slowly misses
 * changes, is told how many and goes on. Publishing while nobody watches costs one read.
 */
public final class WatchHub {
    private final int watchersMax;
    private final int queuedMax;
    private final CopyOnWriteArrayList<Watch> watches = new CopyOnWriteArrayList<>();

    /**
     * A hub without watchers.
     *
     * @param watchersMax how many may watch at a time
     * @param queuedMax how many changes wait for each of them
     */
    public WatchHub(int watchersMax, int queuedMax) {
        this.watchersMax = watchersMax;
        this.queuedMax = queuedMax;
    }

    /**
     * Whether anybody watches, so that it is worth looking for changes.
     *
     * @return true when somebody does
     */
    public boolean isWatched() {
        return !watches.isEmpty();
    }

    /**
     * Publishes a change. Called on the loop; never waits.
     *
     * @param change a change
     */
    public void publish(LeaseChange change) {
        for (Watch watch : watches) {
            watch.offer(change);
        }
    }

    /**
     * Publishes what an entry changed. Called on the loop, right after the entry; never waits.
     *
     * @param cell the cell
     * @param applied the entry
     * @param table the cell's table, after the entry
     */
    public void publish(CellId cell, Applied applied, LeaseTable table) {
        if (!isWatched()) {
            return;
        }
        for (Ipv4 address : table.changedByLastEntry()) {
            table.binding(address)
                    .ifPresent(binding -> publish(new LeaseChange(cell, applied.index(), applied.time(), binding)));
        }
    }

    /** Starts to watch; empty when too many do already. Close the watch. */
    Optional<Watch> open() {
        synchronized (watches) {
            if (watches.size() >= watchersMax) {
                return Optional.empty();
            }
            Watch watch = new Watch();
            watches.add(watch);
            return Optional.of(watch);
        }
    }

    /** One watcher's queue: filled on the loop, emptied by one other thread. */
    final class Watch implements AutoCloseable {
        private record Queued(LeaseChange change, long missedBefore) {}

        private final ArrayBlockingQueue<Queued> queue = new ArrayBlockingQueue<>(queuedMax);
        private final AtomicLong missed = new AtomicLong();
        private long told;
        private @Nullable LeaseChange held;

        private void offer(LeaseChange change) {
            if (!queue.offer(new Queued(change, missed.get()))) {
                missed.incrementAndGet();
            }
        }

        /** What comes next: a change, changes that were missed, or nothing for a while. */
        Event next(Duration most) throws InterruptedException {
            LeaseChange change = held;
            if (change != null) {
                held = null;
                return new Event.Changed(change);
            }
            Queued queued = queue.poll(most.toNanos(), TimeUnit.NANOSECONDS);
            long missedBefore = queued == null ? missed.get() : queued.missedBefore;
            long untold = missedBefore - told;
            if (untold > 0) {
                told = missedBefore;
                held = queued == null ? null : queued.change;
                return new Event.Missed(untold);
            }
            return queued == null ? new Event.Quiet() : new Event.Changed(queued.change);
        }

        @Override
        public void close() {
            watches.remove(this);
        }
    }

    /** What a watcher hears. */
    sealed interface Event {
        /** A lease changed. */
        record Changed(LeaseChange change) implements Event {}

        /** So many changes came faster than they were read. */
        record Missed(long changes) implements Event {}

        /** Nothing happened for a while. */
        record Quiet() implements Event {}
    }
}
