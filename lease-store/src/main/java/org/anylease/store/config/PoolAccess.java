package org.anylease.store.config;

import java.util.List;
import org.anylease.store.lease.LeaseClient;

/**
 * Which clients may have addresses of a pool: those of whom one of {@code allow} is true, or any where it is empty, but
 * none of whom one of {@code deny} is.
 *
 * @param allow names of classes, {@link #KNOWN}, {@link #UNKNOWN} or {@link #ALL}
 * @param deny likewise
 * @param bootp whether it may be a client that speaks BOOTP
 */
public record PoolAccess(List<String> allow, List<String> deny, boolean bootp) {
    /** Clients for whom the cell reserves an address, wherever. */
    public static final String KNOWN = "known";

    /** All other clients. */
    public static final String UNKNOWN = "unknown";

    /** Every client. */
    public static final String ALL = "all";

    /** Clients that speak BOOTP: what they are a member of, besides their classes. */
    public static final String BOOTP = LeaseClient.BOOTP;

    /** Any client may that speaks DHCP. */
    public static final PoolAccess OPEN = new PoolAccess(List.of(), List.of());

    /** Copies the lists. */
    public PoolAccess {
        allow = List.copyOf(allow);
        deny = List.copyOf(deny);
    }

    /**
     * For clients that speak DHCP.
     *
     * @param allow as in the record, like the further one
     * @param deny likewise
     */
    public PoolAccess(List<String> allow, List<String> deny) {
        this(allow, deny, false);
    }
}
