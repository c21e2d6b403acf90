package org.anylease.server.core;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.anylease.server.leasequery.Requesters;
import org.anylease.server.port.Endpoint;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.ServerId;
import org.anylease.store.config.ReplySettings;

/**
 * What this server is by itself, whatever the cells' configuration says.
 *
 * @param self its name
 * @param interfaces the interfaces with directly attached clients, each with its own addresses
 * @param relayPort the port that relays listen on: 67, but for tests
 * @param clientPort the port that clients listen on: 68, but for tests
 * @param mtuBytes the largest IP datagram that is sent, at least 576
 * @param boot what its replies carry where no cell's configuration says otherwise, such as the boot server of its site
 * @param limits whom it does not serve, or not more often than so
 * @param requesters who may ask about leases
 */
public record LocalServer(
        ServerId self,
        SortedMap<String, List<Ipv4>> interfaces,
        int relayPort,
        int clientPort,
        int mtuBytes,
        ReplySettings boot,
        Limits limits,
        Requesters requesters) {
    /** The payload of an Ethernet frame. */
    public static final int ETHERNET_MTU_BYTES = 1500;

    /** Copies the map. */
    public LocalServer {
        TreeMap<String, List<Ipv4>> copy = new TreeMap<>();
        interfaces.forEach((name, addresses) -> copy.put(name, List.copyOf(addresses)));
        interfaces = Collections.unmodifiableSortedMap(copy);
    }

    /**
     * A server with the well-known ports.
     *
     * @param self its name
     * @param interfaces the interfaces with directly attached clients, each with its own addresses
     * @return the server, without boot settings of its own or lease queries
     */
    public static LocalServer of(ServerId self, SortedMap<String, List<Ipv4>> interfaces) {
        return new LocalServer(
                self,
                interfaces,
                Endpoint.SERVER_PORT,
                Endpoint.CLIENT_PORT,
                ETHERNET_MTU_BYTES,
                ReplySettings.NONE,
                Limits.NONE,
                Requesters.NOBODY);
    }

    /**
     * This server with boot settings.
     *
     * @param settings what its replies carry where no cell's configuration says otherwise
     * @return another server
     */
    public LocalServer booting(ReplySettings settings) {
        return new LocalServer(self, interfaces, relayPort, clientPort, mtuBytes, settings, limits, requesters);
    }

    /**
     * This server with limits.
     *
     * @param others whom it does not serve, or not more often than so
     * @return another server
     */
    public LocalServer limitedBy(Limits others) {
        return new LocalServer(self, interfaces, relayPort, clientPort, mtuBytes, boot, others, requesters);
    }

    /**
     * This server with lease queries.
     *
     * @param allowed who may ask about leases
     * @return another server
     */
    public LocalServer answering(Requesters allowed) {
        return new LocalServer(self, interfaces, relayPort, clientPort, mtuBytes, boot, limits, allowed);
    }
}
