package org.anylease.store.state;

import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.LogIndex;

/**
 * An address set aside for a server. In order of the entries that granted them, then of address.
 *
 * @param address the address
 * @param index the entry that granted it: that of its binding
 */
public record EscrowGrant(Ipv4 address, LogIndex index) implements Comparable<EscrowGrant> {
    @Override
    public int compareTo(EscrowGrant other) {
        int byIndex = index.compareTo(other.index);
        return byIndex != 0 ? byIndex : address.compareTo(other.address);
    }
}
