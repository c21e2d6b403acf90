package org.anylease.server.net;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Deadlines in slots by time, as on the face of a clock: adding and removing cost the same however many there are, at
 * the price of firing up to one tick late, never early.
 *
 * <p>A deadline more than one turn ahead waits in its slot for its turn. Pure: time is an argument, in nanoseconds of
 * any monotonic clock. Not thread-safe.
 *
 * @param <E> what has a deadline
 */
final class DeadlineWheel<E extends DeadlineWheel.Entry> {
    /** Something with a deadline. The links belong to the wheel. */
    abstract static class Entry {
        private @Nullable Entry previous;
        private @Nullable Entry next;
        private long tick;

        /** Whether it is on a wheel. */
        boolean isScheduled() {
            return next != null;
        }
    }

    private static final class Head extends Entry {}

    private final long tickNanos;
    private final long origin;
    private final Head[] slots;
    private long now;
    private int size;

    /**
     * Makes an empty wheel.
     *
     * @param tickNanos the length of a tick
     * @param slotCount how many ticks make a turn
     * @param nowNanos the time now
     */
    DeadlineWheel(long tickNanos, int slotCount, long nowNanos) {
        this.tickNanos = tickNanos;
        this.origin = nowNanos;
        this.slots = new Head[slotCount];
        for (int i = 0; i < slotCount; i++) {
            Head head = new Head();
            ((Entry) head).previous = head;
            ((Entry) head).next = head;
            slots[i] = head;
        }
    }

    int size() {
        return size;
    }

    /** Schedules an entry; one that is already on the wheel moves. */
    void schedule(E entry, long deadlineNanos) {
        cancel(entry);
        Entry added = entry;
        added.tick = Math.max(now + 1, Math.ceilDiv(deadlineNanos - origin, tickNanos));
        Entry head = slots[(int) (added.tick % slots.length)];
        Entry last = head.previous;
        added.previous = last;
        added.next = head;
        if (last != null) {
            last.next = added;
        }
        head.previous = added;
        size++;
    }

    /** Takes an entry off; no effect when it is not on. */
    void cancel(E entry) {
        Entry removed = entry;
        Entry previous = removed.previous;
        Entry next = removed.next;
        if (previous != null && next != null) {
            previous.next = next;
            next.previous = previous;
            removed.previous = null;
            removed.next = null;
            size--;
        }
    }

    /**
     * Takes off the entries whose deadline has passed and hands each on, by tick, and in the order of scheduling
     * within one. The receiver may schedule and cancel.
     */
    // Only entries of type E are ever linked, besides the heads, and each is itself and nothing else.
    @SuppressWarnings({"unchecked", "ReferenceEquality"})
    void expire(long nowNanos, Consumer<E> expired) {
        long target = Math.floorDiv(nowNanos - origin, tickNanos);
        // After a long pause one turn meets every entry there is.
        now = Math.max(now, target - slots.length);
        while (now < target) {
            now++;
            Entry head = slots[(int) (now % slots.length)];
            Entry entry = head.next;
            while (entry != null && entry != head) {
                if (entry.tick > now) {
                    entry = entry.next;
                    continue;
                }
                cancel((E) entry);
                expired.accept((E) entry);
                // The receiver may have moved the neighbour, so start over; few entries wait for a later turn.
                entry = head.next;
            }
        }
    }
}
