package org.anylease.store.config;

import java.util.List;

/**
 * Subnets on one link: a client of any of them may be given an address of any (RFC 2131 §4.3.1). A subnet that
 * shares its link with no other is a network of its own.
 *
 * @param name unique in the cluster
 * @param subnets in order of preference
 * @param settings what replies carry, over the cell's
 * @param policy how its clients are treated
 */
public record SharedNetwork(String name, List<Subnet> subnets, ReplySettings settings, NetworkPolicy policy) {
    /** Copies the list. */
    public SharedNetwork {
        subnets = List.copyOf(subnets);
    }
}
