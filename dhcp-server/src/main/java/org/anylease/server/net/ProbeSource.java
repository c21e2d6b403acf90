package org.anylease.server.net;

import java.util.Set;
import org.anylease.store.address.Ipv4;

/**
 * Which of this machine's addresses probes leave from.
 *
 * @param unicast the address they leave from unless they go to a link of this machine, where its address there is nearer
 * @param shared addresses that other machines have as well, such as the anycast service address: no probe leaves from
 *     one, since its reply could land elsewhere
 */
public record ProbeSource(Ipv4 unicast, Set<Ipv4> shared) {
    /** Copies the set, and checks that the unicast address is none of them. */
    public ProbeSource {
        shared = Set.copyOf(shared);
        if (shared.contains(unicast)) {
            throw new IllegalArgumentException(unicast + " is shared with other machines: probe from another address");
        }
    }
}
