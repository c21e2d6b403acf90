package org.anylease.store.state;

import java.util.function.IntConsumer;

/**
 * Pairs of a 32-bit hash and an address: open addressing, any number of addresses for one hash. A pair takes 8 bytes of
 * a table that is between three eighths and three quarters full.
 */
final class HashPairs {
    private static final int CAPACITY_MIN = 64;

    /** Hash in the high half, which is never 0, address in the low; 0 is empty. */
    private long[] slots = new long[CAPACITY_MIN];

    private int size;

    int size() {
        return size;
    }

    /** Adds a pair that is not there. */
    void add(int hash, int address) {
        if (++size > slots.length / 4 * 3) {
            grow();
        }
        insert(slots, pair(hash, address));
    }

    /** Removes a pair; those behind it move up, so that no search stops short of them. False when it is not there. */
    boolean remove(int hash, int address) {
        long pair = pair(hash, address);
        int mask = slots.length - 1;
        int hole = home(pair, mask);
        while (slots[hole] != pair) {
            if (slots[hole] == 0) {
                return false;
            }
            hole = hole + 1 & mask;
        }
        for (int at = hole + 1 & mask; slots[at] != 0; at = at + 1 & mask) {
            int fromHome = at - home(slots[at], mask) & mask;
            if (fromHome >= (at - hole & mask)) {
                slots[hole] = slots[at];
                hole = at;
            }
        }
        slots[hole] = 0;
        size--;
        return true;
    }

    boolean contains(int hash, int address) {
        long pair = pair(hash, address);
        int mask = slots.length - 1;
        int at = home(pair, mask);
        while (slots[at] != 0 && slots[at] != pair) {
            at = at + 1 & mask;
        }
        return slots[at] == pair;
    }

    /** Visits the addresses filed under a hash, in no particular order. */
    void forEach(int hash, IntConsumer visitor) {
        int mask = slots.length - 1;
        for (int at = home(pair(hash, 0), mask); slots[at] != 0; at = at + 1 & mask) {
            if ((int) (slots[at] >>> 32) == hash) {
                visitor.accept((int) slots[at]);
            }
        }
    }

    private void grow() {
        long[] more = new long[slots.length * 2];
        for (long pair : slots) {
            if (pair != 0) {
                insert(more, pair);
            }
        }
        slots = more;
    }

    private static void insert(long[] slots, long pair) {
        int mask = slots.length - 1;
        int at = home(pair, mask);
        while (slots[at] != 0) {
            at = at + 1 & mask;
        }
        slots[at] = pair;
    }

    private static int home(long pair, int mask) {
        return StateHash.spread((int) (pair >>> 32)) & mask;
    }

    private static long pair(int hash, int address) {
        return (long) hash << 32 | Integer.toUnsignedLong(address);
    }
}
