package org.anylease.store.address;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What belongs to ranges of addresses, none of which overlaps another. Finding it takes a binary search and allocates
 * nothing. Immutable.
 *
 * @param <V> what belongs to a range
 */
public final class RangeIndex<V> {
    /** As unsigned numbers, in order. */
    private final long[] firsts;

    private final long[] lasts;
    private final List<V> values;

    /**
     * Arranges values by their ranges.
     *
     * @param values in any order
     * @param range the range of a value; what is found in ranges that overlap is one of their values or nothing
     */
    public RangeIndex(Collection<? extends V> values, Function<? super V, AddressRange> range) {
        List<V> sorted = new ArrayList<>(values);
        sorted.sort(Comparator.comparing(value -> range.apply(value).first()));
        firsts = new long[sorted.size()];
        lasts = new long[sorted.size()];
        for (int i = 0; i < firsts.length; i++) {
            AddressRange each = range.apply(sorted.get(i));
            firsts[i] = each.first().unsigned();
            lasts[i] = each.last().unsigned();
        }
        this.values = List.copyOf(sorted);
    }

    /**
     * What belongs to the range around an address.
     *
     * @param address any address
     * @return the value, or null when no range contains it
     */
    public @Nullable V get(Ipv4 address) {
        int at = Arrays.binarySearch(firsts, address.unsigned());
        int below = at >= 0 ? at : -at - 2;
        return below >= 0 && address.unsigned() <= lasts[below] ? values.get(below) : null;
    }
}
