package org.anylease.server.config;

import java.nio.file.Path;
import java.util.List;
import org.anylease.server.config.SystemConfig.Server;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.ServerId;
import org.anylease.store.config.ReplySettings;
import org.jspecify.annotations.Nullable;

/**
 * What a server's own file says; {@link ServerSetup} completes it from the system file.
 *
 * @param id the server's name, as in the system file
 * @param dataDirectory where it keeps its state
 * @param systemFile the system file, resolved against the directory of this file
 * @param listen where it hears clients and relays
 * @param raft where it takes part in quorums
 * @param link where it hears other servers
 * @param admin where it answers operators
 * @param probeSource the unicast address that probes leave from, or null for the first own one
 * @param allowNoProbe whether it starts although it cannot send probes
 * @param snapshots when it writes a snapshot of a cell
 * @param peers servers whose addresses differ from the system file
 * @param boot what this server adds to replies where the system file says nothing
 * @param protection whom it does not serve, or not more often than so
 * @param leasequery who may ask it about leases
 * @param commands what actions may run
 */
public record ServerConfig(
        ServerId id,
        Path dataDirectory,
        Path systemFile,
        Listen listen,
        Listener raft,
        Listener link,
        Endpoint admin,
        @Nullable Ipv4 probeSource,
        boolean allowNoProbe,
        SnapshotSettings snapshots,
        List<Server> peers,
        ReplySettings boot,
        ProtectionSettings protection,
        LeaseQuerySettings leasequery,
        CommandSettings commands) {
    /** The DHCP server's port (RFC 2131 §4.1). */
    public static final int DHCP_PORT = 67;

    /** Where operators ask, unless said otherwise: from this machine only. */
    public static final Endpoint ADMIN = new Endpoint(Ipv4.parse("127.0.0.1"), 6780);

    /** Copies the list. */
    public ServerConfig {
        peers = List.copyOf(peers);
    }

    /**
     * Where the server hears clients and relays.
     *
     * @param service the anycast addresses; empty for those of the system file
     * @param own its unicast addresses; empty for those of the system file
     * @param interfaces where clients are heard without a relay
     * @param port the DHCP server's port
     */
    public record Listen(List<Ipv4> service, List<Ipv4> own, List<String> interfaces, int port) {
        /** Copies the lists. */
        public Listen {
            service = List.copyOf(service);
            own = List.copyOf(own);
            interfaces = List.copyOf(interfaces);
        }
    }

    /**
     * An endpoint that need not be said.
     *
     * @param address the address, or null for that of the system file
     * @param port the port, or null for that of the system file
     */
    public record Listener(@Nullable Ipv4 address, @Nullable Integer port) {
        Endpoint or(Ipv4 otherAddress, int otherPort) {
            return new Endpoint(address != null ? address : otherAddress, port != null ? port : otherPort);
        }
    }
}
