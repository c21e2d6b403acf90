package org.anylease.chaos.client;

import java.time.Instant;
import org.anylease.server.wire.Packet;
import org.anylease.store.address.Ipv4;
import org.anylease.store.lease.ClientId;

/** What a client asks of the world around it. */
public interface ClientPort {
    /**
     * Broadcasts on its link, where a relay or a server may hear it.
     *
     * @param packet a request
     */
    void broadcast(Packet packet);

    /**
     * Sends from its own address to the server identifier.
     *
     * @param packet a request with ciaddr
     */
    void unicast(Packet packet);

    /**
     * Whether somebody else answers for an address (ARP).
     *
     * @param address an address it was given
     * @return true when the address is in use
     */
    boolean inUse(Ipv4 address);

    /**
     * It uses an address from now on.
     *
     * @param client its identity
     * @param address the address
     * @param promise until when, in real time
     */
    void taken(ClientId client, Ipv4 address, Instant promise);

    /**
     * It stopped using an address before its lease ran out.
     *
     * @param client its identity
     * @param address the address
     */
    void givenUp(ClientId client, Ipv4 address);

    /**
     * Tells the trace.
     *
     * @param what happened to it
     */
    void tell(String what);
}
