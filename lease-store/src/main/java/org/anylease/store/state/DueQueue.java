package org.anylease.store.state;

import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * Addresses in the order in which something is due for them: a heap of (time, address). What waits for reports stands
 * in one as well, with the index of the entry that took it away in the place of the time.
 *
 * <p>The heap is lazy. What is due for an address, and when, is a function of its record ({@link Dues}); the heap
 * only has to hold, for each address with something due, one entry that is not later. So a renewal, which puts the
 * due time off, touches the heap not at all. An entry that is met too early is put back at its true time. Therefore
 * the first entry that is met on time is the least (true time, address) of all, whatever else the heap holds, and a
 * replica that rebuilt its heap from the records moves the same addresses in the same order.
 *
 * <p>When an address becomes due earlier, a second entry is added. When such duplicates outnumber the records, the
 * heap is rebuilt.
 */
final class DueQueue {
    /** Nothing is due, ever. */
    static final long NEVER = Long.MAX_VALUE;

    private static final int CAPACITY_MIN = 16;
    private static final int DUPLICATES_MIN = 1024;

    private final Dues dues;
    private long[] times = new long[CAPACITY_MIN];
    private int[] addresses = new int[CAPACITY_MIN];
    private int size;

    /** What the records say. */
    interface Dues {
        /** When something is due for an address, in milliseconds of cell time, or {@link #NEVER}. */
        long dueAt(int address);

        /** Visits all addresses that may have something due. */
        void forEachAddress(IntConsumer visitor);

        /** How many addresses there are. */
        int count();
    }

    DueQueue(Dues dues) {
        this.dues = dues;
    }

    /** Takes note that what was due for an address at one time is now due at another. */
    void changed(int address, long before, long now) {
        if (now != NEVER && (before == NEVER || now < before)) {
            push(now, address);
            if (size > 2L * dues.count() + DUPLICATES_MIN) {
                rebuild();
            }
        }
    }

    /** The earliest due time, or {@link #NEVER}. */
    long earliest() {
        settle();
        return size == 0 ? NEVER : times[0];
    }

    /** The first address that is due by a time, which stays first until its record or {@link #drop} says otherwise; or -1. */
    long firstDue(long time) {
        settle();
        return size == 0 || times[0] > time ? -1 : Integer.toUnsignedLong(addresses[0]);
    }

    /** Leaves the first entry out; the caller adds it again later. */
    void drop() {
        pop();
    }

    /** Visits every address that has an entry, some more than once, and some whose record says otherwise by now. */
    void forEachNoted(IntConsumer visitor) {
        for (int i = 0; i < size; i++) {
            visitor.accept(addresses[i]);
        }
    }

    /** Rebuilds the heap from the records. */
    void rebuild() {
        size = 0;
        dues.forEachAddress(address -> {
            long due = dues.dueAt(address);
            if (due != NEVER) {
                append(due, address);
            }
        });
        for (int i = size / 2 - 1; i >= 0; i--) {
            sink(i, times[i], addresses[i]);
        }
    }

    /** Until the first entry is one that is met on time. */
    private void settle() {
        while (size > 0) {
            long noted = times[0];
            int address = addresses[0];
            long due = dues.dueAt(address);
            if (due < noted || due == NEVER || isDuplicateOfNext(noted, address)) {
                // An entry that is later than the truth has an earlier companion that is not.
                pop();
            } else if (due > noted) {
                sink(0, due, address);
            } else {
                return;
            }
        }
    }

    /** Equal entries meet at the top, where one is dropped. */
    private boolean isDuplicateOfNext(long time, int address) {
        return (size > 1 && times[1] == time && addresses[1] == address)
                || (size > 2 && times[2] == time && addresses[2] == address);
    }

    private void append(long time, int address) {
        if (size == times.length) {
            int capacity = size + (size >> 1);
            times = Arrays.copyOf(times, capacity);
            addresses = Arrays.copyOf(addresses, capacity);
        }
        times[size] = time;
        addresses[size++] = address;
    }

    private void push(long time, int address) {
        append(time, address);
        int at = size - 1;
        while (at > 0) {
            int parent = (at - 1) / 2;
            if (!isBefore(time, address, times[parent], addresses[parent])) {
                break;
            }
            times[at] = times[parent];
            addresses[at] = addresses[parent];
            at = parent;
        }
        times[at] = time;
        addresses[at] = address;
    }

    private void pop() {
        size--;
        if (size > 0) {
            sink(0, times[size], addresses[size]);
        }
    }

    private void sink(int from, long time, int address) {
        int at = from;
        while (true) {
            int child = 2 * at + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && isBefore(times[child + 1], addresses[child + 1], times[child], addresses[child])) {
                child++;
            }
            if (!isBefore(times[child], addresses[child], time, address)) {
                break;
            }
            times[at] = times[child];
            addresses[at] = addresses[child];
            at = child;
        }
        times[at] = time;
        addresses[at] = address;
    }

    private static boolean isBefore(long time, int address, long otherTime, int otherAddress) {
        return time != otherTime ? time < otherTime : Integer.compareUnsigned(address, otherAddress) < 0;
    }
}
