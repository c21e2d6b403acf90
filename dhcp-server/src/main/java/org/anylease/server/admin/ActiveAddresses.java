package org.anylease.server.admin;

import java.util.Arrays;
import org.anylease.server.config.LeaseCount;
import org.anylease.store.address.AddressRange;
import org.anylease.store.address.Ipv4;

/** The addresses that are leased: four bytes for each, so that a million of them fit in passing. */
final class ActiveAddresses implements LeaseCount {
    private static final int FIRST_CAPACITY = 1024;

    /** Sorted as unsigned numbers, which flipping the highest bit turns into signed ones. */
    private int[] flipped = new int[FIRST_CAPACITY];

    private int size;

    /** Adds one that is higher than all before. */
    void add(Ipv4 address) {
        if (size == flipped.length) {
            flipped = Arrays.copyOf(flipped, size * 2);
        }
        flipped[size++] = flip(address);
    }

    private static int flip(Ipv4 address) {
        return address.bits() ^ Integer.MIN_VALUE;
    }

    @Override
    public long in(AddressRange range) {
        int first = Arrays.binarySearch(flipped, 0, size, flip(range.first()));
        int last = Arrays.binarySearch(flipped, 0, size, flip(range.last()));
        int from = first < 0 ? -first - 1 : first;
        int to = last < 0 ? -last - 1 : last + 1;
        return (long) to - from;
    }
}
