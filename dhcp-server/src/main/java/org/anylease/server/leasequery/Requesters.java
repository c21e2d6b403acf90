package org.anylease.server.leasequery;

import java.util.List;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Prefix;

/**
 * Who may ask about leases: what is answered is personal data (RFC 4388 §7).
 *
 * @param prefixes where requesters are; none when nobody may ask
 */
public record Requesters(List<Prefix> prefixes) {
    /** Nobody. */
    public static final Requesters NOBODY = new Requesters(List.of());

    /** Copies the list. */
    public Requesters {
        prefixes = List.copyOf(prefixes);
    }

    /**
     * Whether nobody may ask.
     *
     * @return true when queries are not served at all
     */
    public boolean isNobody() {
        return prefixes.isEmpty();
    }

    /**
     * Whether somebody may ask.
     *
     * @param requester its address
     * @return false also for 0.0.0.0
     */
    public boolean allows(Ipv4 requester) {
        if (requester.isUnspecified()) {
            return false;
        }
        for (int i = 0; i < prefixes.size(); i++) {
            if (prefixes.get(i).contains(requester)) {
                return true;
            }
        }
        return false;
    }
}
