package org.anylease.store.config;

import java.util.List;

/**
 * Which clients may have addresses of a pool: those of whom one of {@code allow} is true, or any where it is empty, but
 * none of whom one of {@code deny} is.
 *
 * @param allow names of classes, {@link #KNOWN}, {@link #UNKNOWN} or {@link #ALL}
 * @param deny likewise
 */
public record PoolAccess(List<String> allow, List<String> deny) {
    /** Clients for whom the cell reserves an address, wherever. */
    public static final String KNOWN = "known";

    /** All other clients. */
    public static final String UNKNOWN = "unknown";

    /** Every client. */
    public static final String ALL = "all";

    /** Any client may. */
    public static final PoolAccess OPEN = new PoolAccess(List.of(), List.of());

    /** Copies the lists. */
    public PoolAccess {
        allow = List.copyOf(allow);
        deny = List.copyOf(deny);
    }
}
