package org.anylease.store.state;

import java.util.function.IntConsumer;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.LeaseClient;
import org.jspecify.annotations.Nullable;

/**
 * From a client to the addresses whose record names it: open addressing over pairs of a 32-bit hash of the client's
 * identity and an address, any number for one client. What it finds are candidates; the record decides.
 */
final class ClientIndex {
    private static final int CAPACITY_MIN = 64;

    /** Hash in the high half, which is never 0, address in the low; 0 is empty. */
    private long[] slots = new long[CAPACITY_MIN];

    private int size;

    /** An address is filed once under each client that it names. */
    void changed(@Nullable Binding before, Binding now) {
        int address = now.address().bits();
        int holderBefore = before == null ? 0 : hashOf(before.client());
        int offeredBefore = before == null || before.offer() == null
                ? 0
                : hashOf(before.offer().client());
        int holder = hashOf(now.client());
        int offered = now.offer() == null ? 0 : hashOf(now.offer().client());
        if (holderBefore != 0 && holderBefore != holder && holderBefore != offered) {
            remove(holderBefore, address);
        }
        if (offeredBefore != 0
                && offeredBefore != holderBefore
                && offeredBefore != holder
                && offeredBefore != offered) {
            remove(offeredBefore, address);
        }
        if (holder != 0 && holder != holderBefore && holder != offeredBefore) {
            add(holder, address);
        }
        if (offered != 0 && offered != holder && offered != holderBefore && offered != offeredBefore) {
            add(offered, address);
        }
    }

    private static int hashOf(@Nullable LeaseClient client) {
        return client == null ? 0 : StateHash.ofClient(client.id());
    }

    private void add(int hash, int address) {
        if (++size > slots.length / 4 * 3) {
            grow();
        }
        insert(slots, pair(hash, address));
    }

    /** Removes a pair that is there; those behind it move up, so that no search stops short of them. */
    private void remove(int hash, int address) {
        long pair = pair(hash, address);
        int mask = slots.length - 1;
        int hole = home(pair, mask);
        while (slots[hole] != pair) {
            if (slots[hole] == 0) {
                throw new IllegalStateException("the client index has no such entry");
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
