package org.anylease.server.boot;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.anylease.raft.membership.Endpoint;
import org.anylease.raft.membership.Peer;
import org.anylease.raft.membership.RaftSettings;
import org.anylease.raft.membership.RaftTimers;
import org.anylease.raft.membership.SnapshotPolicy;
import org.anylease.server.config.ConfigFile;
import org.anylease.server.config.ConfigProblem;
import org.anylease.server.config.ConfigReading;
import org.anylease.server.config.ConfigSource;
import org.anylease.server.config.ServerConfig;
import org.anylease.server.config.ServerSetup;
import org.anylease.server.config.SnapshotSettings;
import org.anylease.server.config.SystemConfig;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;

/**
 * What the two configuration files say, for this server.
 *
 * @param source the system file as it was read
 * @param system what it says
 * @param server what both say of this server
 * @param warnings what is doubtful in them
 */
record Setup(ConfigSource source, SystemConfig system, ServerSetup server, List<ConfigProblem> warnings) {
    /** Reads both files. */
    static Setup read(Path serverFile) throws StartFailure {
        List<ConfigProblem> warnings = new ArrayList<>();
        ServerConfig own = accepted(ConfigFile.server(source(serverFile)), warnings);
        ConfigSource source = source(own.systemFile());
        SystemConfig system = accepted(ConfigFile.system(source), warnings);
        ServerSetup server = accepted(ServerSetup.of(own, serverFile.toString(), system), warnings);
        return new Setup(source, system, server, warnings);
    }

    private static ConfigSource source(Path file) throws StartFailure {
        try {
            return ConfigSource.read(file);
        } catch (IOException e) {
            throw new StartFailure(
                    "cannot read " + file + ": " + e.getMessage()
                            + "; name the server's file with --config, and the system file in it with system-file",
                    e);
        }
    }

    private static <T> T accepted(ConfigReading<T> reading, List<ConfigProblem> warnings) throws StartFailure {
        return switch (reading) {
            case ConfigReading.Accepted<T>(T value, List<ConfigProblem> problems) -> {
                warnings.addAll(problems);
                yield value;
            }
            case ConfigReading.Refused<T>(List<ConfigProblem> problems) -> {
                StringBuilder text = new StringBuilder("the configuration is not valid:");
                problems.forEach(problem -> text.append("\n  ").append(problem));
                throw new StartFailure(text.toString());
            }
        };
    }

    /** What replication needs to know. */
    RaftSettings raft() {
        TreeMap<ServerId, Peer> peers = new TreeMap<>();
        ServerId self = server.own().id();
        peers.put(self, new Peer(self, endpoint(server.raft()), endpoint(server.link())));
        server.peers().forEach(peer -> peers.put(peer.id(), peer(peer)));
        SnapshotSettings snapshots = server.own().snapshots();
        return new RaftSettings(
                system.cluster(),
                self,
                server.own().dataDirectory(),
                peers,
                voters(system, self),
                RaftTimers.STANDARD,
                new SnapshotPolicy(snapshots.entries(), snapshots.logOctets(), snapshots.retained()),
                null);
    }

    /** Where the other servers of a system are: as the server's own file says, or else as the system's does. */
    List<Peer> peers(SystemConfig newest) {
        TreeMap<ServerId, Peer> peers = new TreeMap<>();
        newest.sites().forEach(site -> site.servers().forEach(peer -> peers.put(peer.id(), peer(peer))));
        server.own().peers().forEach(peer -> peers.replace(peer.id(), peer(peer)));
        peers.remove(server.own().id());
        return List.copyOf(peers.values());
    }

    private static Peer peer(SystemConfig.Server peer) {
        String host = peer.addresses().getFirst().toString();
        return new Peer(peer.id(), new Endpoint(host, peer.raftPort()), new Endpoint(host, peer.linkPort()));
    }

    /** The cells that a server votes in, each with all its voters. */
    static SortedMap<CellId, List<ServerId>> voters(SystemConfig system, ServerId self) {
        TreeMap<CellId, List<ServerId>> cells = new TreeMap<>();
        for (SystemConfig.Cell cell : system.cells()) {
            if (cell.servers().contains(self)) {
                cells.put(cell.id(), cell.servers());
            }
        }
        return cells;
    }

    private static Endpoint endpoint(org.anylease.server.config.Endpoint endpoint) {
        return new Endpoint(endpoint.address().toString(), endpoint.port());
    }
}
