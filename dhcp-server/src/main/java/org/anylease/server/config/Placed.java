package org.anylease.server.config;

import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.anylease.store.address.AddressRange;

/**
 * Something the file says, and where.
 *
 * @param <T> what kind of thing
 * @param value what is said
 * @param at where
 */
record Placed<T>(T value, Cursor at) {
    int line() {
        return at.at().line();
    }

    /** Reports every range that shares an address with one before it, at the one further down in the file. */
    static <T> void reportOverlaps(List<Placed<T>> all, String what, Function<T, AddressRange> range) {
        List<Placed<T>> sorted = all.stream()
                .sorted(Comparator.comparing(
                                (Placed<T> placed) -> range.apply(placed.value).first())
                        .thenComparingInt(Placed::line))
                .toList();
        Placed<T> furthest = null;
        for (Placed<T> next : sorted) {
            AddressRange reach = furthest == null ? null : range.apply(furthest.value);
            if (furthest != null && reach != null && reach.overlaps(range.apply(next.value))) {
                boolean nextIsLater = next.line() >= furthest.line();
                Placed<T> later = nextIsLater ? next : furthest;
                Placed<T> earlier = nextIsLater ? furthest : next;
                later.at.error(
                        what + " " + later.value + " overlaps " + earlier.value + " on line " + earlier.line(), "");
            }
            if (reach == null || reach.last().compareTo(range.apply(next.value).last()) < 0) {
                furthest = next;
            }
        }
    }
}
