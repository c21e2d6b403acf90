package org.anylease.store.config;

import java.util.List;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.ServerId;
import org.anylease.store.cell.SiteId;

/**
 * A server that answers for the cell.
 *
 * @param server its name
 * @param site where it runs
 * @param addresses its own unicast addresses, each of which clients may name as server identifier
 */
public record Member(ServerId server, SiteId site, List<Ipv4> addresses) {
    /** Copies the list. */
    public Member {
        addresses = List.copyOf(addresses);
    }
}
