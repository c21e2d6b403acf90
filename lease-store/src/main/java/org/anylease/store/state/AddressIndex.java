package org.anylease.store.state;

import java.util.function.IntConsumer;

/**
 * From an address to its record in the {@link BindingSlab}: open addressing over pairs of address and reference.
 * Records are never removed, so neither is an entry.
 */
final class AddressIndex {
    private static final int CAPACITY_MIN = 64;

    /** Address in the high half, reference in the low; 0 is empty, as no reference is 0. */
    private long[] slots = new long[CAPACITY_MIN];

    private int size;

    int size() {
        return size;
    }

    /** The reference, or {@link BindingSlab#NONE}. */
    int get(int address) {
        return (int) slots[find(slots, address)];
    }

    void put(int address, int ref) {
        int slot = find(slots, address);
        if (slots[slot] == 0 && ++size > slots.length / 4 * 3) {
            grow();
            slot = find(slots, address);
        }
        slots[slot] = pair(address, ref);
    }

    /** Visits all addresses, in no particular order. */
    void forEachAddress(IntConsumer visitor) {
        for (long slot : slots) {
            if (slot != 0) {
                visitor.accept((int) (slot >>> 32));
            }
        }
    }

    private void grow() {
        long[] more = new long[slots.length * 2];
        for (long slot : slots) {
            if (slot != 0) {
                more[find(more, (int) (slot >>> 32))] = slot;
            }
        }
        slots = more;
    }

    private static int find(long[] slots, int address) {
        int mask = slots.length - 1;
        int at = StateHash.spread(address) & mask;
        while (slots[at] != 0 && (int) (slots[at] >>> 32) != address) {
            at = at + 1 & mask;
        }
        return at;
    }

    private static long pair(int address, int ref) {
        return (long) address << 32 | Integer.toUnsignedLong(ref);
    }
}
