package org.anylease.chaos.sim;

import java.time.Duration;
import java.time.Instant;
import org.anylease.server.wire.Packet;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.ServerId;
import org.anylease.store.lease.ClientId;
import org.jspecify.annotations.Nullable;

/** A client of a story: sends what it is told to, to the site it is told, and hears what comes back. */
public final class Visitor {
    private static final Duration GLANCE = Duration.ofMillis(10);

    private final SimulatedCluster cluster;
    private final String name;
    private final Access access;
    private final ClientId id;
    private @Nullable Packet reply;
    private int awaited;

    Visitor(SimulatedCluster cluster, String name, Access access, ClientId id) {
        this.cluster = cluster;
        this.name = name;
        this.access = access;
        this.id = id;
        cluster.settle(access, id, this::received);
    }

    private void received(Packet packet) {
        if (packet.xid() == awaited && reply == null) {
            reply = packet;
        }
    }

    /**
     * Sends a packet, and waits for an answer.
     *
     * @param packet a request
     * @param site the site that the routers choose
     * @param unicast whether it goes past the relay
     * @param patience how long to wait
     * @return the first answer, or null when none came
     */
    public @Nullable Packet ask(Packet packet, ServerId site, boolean unicast, Duration patience) {
        reply = null;
        awaited = packet.xid();
        cluster.sending(packet);
        cluster.world().trace().line(name, "sends to " + site + ": " + Tale.of(packet));
        cluster.network().deliver(access, site, packet, unicast);
        Instant until = cluster.queue().instant().plus(patience);
        while (reply == null && cluster.queue().instant().isBefore(until)) {
            cluster.queue().run(GLANCE);
        }
        return reply;
    }

    /**
     * Uses an address from now on.
     *
     * @param address the address
     * @param until until when it may
     */
    public void takes(Ipv4 address, Instant until) {
        cluster.taken(name, id, address, until);
    }

    /**
     * Stops using an address.
     *
     * @param address the address
     */
    public void givesUp(Ipv4 address) {
        cluster.givenUp(id, address);
    }
}
