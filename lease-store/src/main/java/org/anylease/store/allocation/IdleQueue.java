package org.anylease.store.allocation;

import java.util.Arrays;
import java.util.function.Predicate;
import org.anylease.store.address.Ipv4;
import org.jspecify.annotations.Nullable;

/**
 * The idle addresses of one group of a network's pools, the one idle longest first.
 *
 * <p>Addresses that were never used have been idle longest: they come first, pool by pool in configured order, lowest
 * address first, found by a cursor that stands at the pool's first address without a record. Then follow those that
 * became idle, in order of their idle sequence. Which address comes next is thus a function of the records alone; the
 * cursors and this queue only find it fast. Entries are checked when they are met: one that was taken meanwhile is
 * stale and dropped. An unused pool costs nothing, whatever its size.
 *
 * <p>Idle sequences only grow, so a ring holds the entries in order. Stale ones inside are removed before the ring
 * grows, which bounds it by twice the idle addresses.
 */
public final class IdleQueue {
    private static final int CAPACITY_MIN = 16;

    private final NetworkPlan plan;
    private final int group;
    private final IdleRecords records;
    /** By pool: how many of its addresses, from the first, are known to have records. */
    private final long[] used;
    /** The first pool that may have an address without a record: those before it have none. */
    private int firstPool;

    private long[] sequences = new long[CAPACITY_MIN];
    private int[] addresses = new int[CAPACITY_MIN];
    private int head;
    private int size;

    /** By pool: behind the unused address that was found last. Only a hint, for those who leave that one out. */
    private final long[] behindLast;
    /** The pool in which that was. */
    private int lastPool;
    /** The idle address that was found last, and its sequence: a hint likewise. */
    private int lastIdle;

    private long lastIdleSequence = -1;

    /**
     * Starts with the group's unused addresses.
     *
     * @param plan the network
     * @param group the group of its pools
     * @param records the bindings
     */
    public IdleQueue(NetworkPlan plan, int group, IdleRecords records) {
        this.plan = plan;
        this.group = group;
        this.records = records;
        this.used = new long[plan.pools(group).size()];
        this.behindLast = new long[plan.pools(group).size()];
    }

    /**
     * The same queue under another configuration that leaves the network's pools as they are.
     *
     * <p>It may reserve other addresses in them. One that is reserved has a record from then on and is idle no longer, so
     * that its entry here is stale; one that is reserved no longer becomes idle, if at all, by {@link #add}.
     *
     * @param successor the network as it is configured now
     * @return this queue's entries under that plan, or null when its pools are others
     */
    public @Nullable IdleQueue under(NetworkPlan successor) {
        if (!plan.pooledLike(successor)) {
            return null;
        }
        IdleQueue queue = new IdleQueue(successor, group, records);
        System.arraycopy(used, 0, queue.used, 0, used.length);
        queue.firstPool = firstPool;
        queue.sequences = sequences;
        queue.addresses = addresses;
        queue.head = head;
        queue.size = size;
        return queue;
    }

    /**
     * Appends an address that has become idle.
     *
     * @param address one of the group's pools, as 32 bits
     * @param idleSequence higher than any before
     */
    public void add(int address, long idleSequence) {
        if (!plan.isDynamic(new Ipv4(address))) {
            return;
        }
        if (size == addresses.length) {
            dropStale();
            if (size > addresses.length / 2) {
                grow();
            }
        }
        int slot = slot(size);
        sequences[slot] = idleSequence;
        addresses[slot] = address;
        size++;
    }

    /**
     * The address that has been idle longest. It stays first until its record says that it is idle no longer.
     *
     * <p>Whoever leaves addresses out asks again and again while the ones found before are under way; as long as the
     * last one found is among those left out, the search goes on behind it, so that many under way cost no more than one.
     *
     * @param taken addresses to leave out
     * @return an address of a pool, or null when there is none
     */
    public @Nullable Ipv4 next(Predicate<Ipv4> taken) {
        Ipv4 unused = nextUnused(taken);
        if (unused != null) {
            return unused;
        }
        while (size > 0 && !isIdle(head)) {
            head = slot(1);
            size--;
        }
        int start = lastIdleSequence >= 0 && taken.test(new Ipv4(lastIdle)) ? behind(lastIdleSequence) : 0;
        Ipv4 found = idleFrom(start, size, taken);
        return found != null || start == 0 ? found : idleFrom(0, start, taken);
    }

    private boolean isIdle(int slot) {
        return records.isIdleSince(addresses[slot], sequences[slot]) && plan.isDynamic(new Ipv4(addresses[slot]));
    }

    private @Nullable Ipv4 idleFrom(int start, int end, Predicate<Ipv4> taken) {
        for (int i = start; i < end; i++) {
            int slot = slot(i);
            if (isIdle(slot)) {
                Ipv4 idle = new Ipv4(addresses[slot]);
                if (!taken.test(idle)) {
                    lastIdle = addresses[slot];
                    lastIdleSequence = sequences[slot];
                    return idle;
                }
            }
        }
        return null;
    }

    /** The distance of the first entry whose sequence is higher. */
    private int behind(long sequence) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sequences[slot(middle)] <= sequence) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private @Nullable Ipv4 nextUnused(Predicate<Ipv4> taken) {
        while (firstPool < used.length && isUsedUp(firstPool)) {
            firstPool++;
        }
        boolean resumes = lastPool > firstPool && isLastTaken(lastPool, taken);
        int start = resumes ? lastPool : firstPool;
        Ipv4 found = unusedInPools(start, used.length, taken);
        return found != null || !resumes ? found : unusedInPools(firstPool, start, taken);
    }

    private @Nullable Ipv4 unusedInPools(int start, int end, Predicate<Ipv4> taken) {
        for (int pool = start; pool < end; pool++) {
            Ipv4 unused = isUsedUp(pool) ? null : firstUnused(pool, taken);
            if (unused != null) {
                lastPool = pool;
                return unused;
            }
        }
        return null;
    }

    /** Whether every address of a pool has a record, or never will be given out. */
    private boolean isUsedUp(int pool) {
        Ipv4 first = plan.pools(group).get(pool).range().first();
        long length = plan.pools(group).get(pool).range().size();
        while (used[pool] < length && !isUnused(first.plus((int) used[pool]))) {
            used[pool]++;
        }
        return used[pool] == length;
    }

    private boolean isLastTaken(int pool, Predicate<Ipv4> taken) {
        Ipv4 first = plan.pools(group).get(pool).range().first();
        return behindLast[pool] > 0 && taken.test(first.plus((int) (behindLast[pool] - 1)));
    }

    private @Nullable Ipv4 firstUnused(int pool, Predicate<Ipv4> taken) {
        long length = plan.pools(group).get(pool).range().size();
        long resume = behindLast[pool];
        boolean resumes = resume > used[pool] && isLastTaken(pool, taken);
        long start = resumes ? resume : used[pool];
        Ipv4 found = unusedFrom(pool, start, length, taken);
        return found != null || !resumes ? found : unusedFrom(pool, used[pool], start, taken);
    }

    private @Nullable Ipv4 unusedFrom(int pool, long start, long end, Predicate<Ipv4> taken) {
        Ipv4 first = plan.pools(group).get(pool).range().first();
        for (long i = start; i < end; i++) {
            Ipv4 address = first.plus((int) i);
            if (isUnused(address) && !taken.test(address)) {
                behindLast[pool] = i + 1;
                return address;
            }
        }
        return null;
    }

    private boolean isUnused(Ipv4 address) {
        return !records.hasRecord(address.bits()) && plan.isDynamic(address);
    }

    private int slot(int distance) {
        int slot = head + distance;
        return slot < addresses.length ? slot : slot - addresses.length;
    }

    private void dropStale() {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            int from = slot(i);
            if (isIdle(from)) {
                int to = slot(kept++);
                sequences[to] = sequences[from];
                addresses[to] = addresses[from];
            }
        }
        size = kept;
    }

    private void grow() {
        int capacity = addresses.length;
        long[] moreSequences = new long[capacity * 2];
        int[] moreAddresses = new int[capacity * 2];
        for (int i = 0; i < size; i++) {
            moreSequences[i] = sequences[slot(i)];
            moreAddresses[i] = addresses[slot(i)];
        }
        sequences = moreSequences;
        addresses = moreAddresses;
        head = 0;
    }

    @Override
    public String toString() {
        return plan.network().name() + ": " + size + " idle, used " + Arrays.toString(used);
    }
}
