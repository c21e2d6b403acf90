package org.anylease.server.core;

import org.anylease.store.address.Octets;
import org.anylease.store.config.NetworkPolicy;

/**
 * A shared network of a cell.
 *
 * @param cell the cell that decides for it
 * @param name unique in the cluster
 * @param policy how its clients are treated
 * @param vpn the virtual private network that it belongs to; empty for none
 */
record ServedNetwork(ServedCell cell, String name, NetworkPolicy policy, Octets vpn) {
    /** Whether this is that network, maybe under another version of its configuration. */
    boolean isSameAs(ServedNetwork other) {
        return name.equals(other.name);
    }
}
