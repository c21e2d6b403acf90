package org.anylease.store.config;

import java.util.List;
import org.anylease.store.address.Octets;

/**
 * Subnets on one link: a client of any of them may be given an address of any (RFC 2131 §4.3.1). A subnet that
 * shares its link with no other is a network of its own.
 *
 * @param name unique in the cluster
 * @param subnets in order of preference
 * @param settings what replies carry, over the cell's
 * @param policy how its clients are treated
 * @param vpn the virtual private network that it belongs to, as options and relays name it: a type and what the type
 *     says (RFC 6607); empty for none
 */
public record SharedNetwork(
        String name, List<Subnet> subnets, ReplySettings settings, NetworkPolicy policy, Octets vpn) {
    /**
     * A network that belongs to no virtual private network.
     *
     * @param name as in the record, like the further ones
     * @param subnets in order of preference
     * @param settings what replies carry
     * @param policy how its clients are treated
     */
    public SharedNetwork(String name, List<Subnet> subnets, ReplySettings settings, NetworkPolicy policy) {
        this(name, subnets, settings, policy, Octets.EMPTY);
    }

    /** Copies the list. */
    public SharedNetwork {
        subnets = List.copyOf(subnets);
    }
}
