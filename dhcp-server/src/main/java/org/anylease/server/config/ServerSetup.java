package org.anylease.server.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.anylease.server.config.ConfigProblem.Severity;
import org.anylease.server.config.ConfigReading.Accepted;
import org.anylease.server.config.ConfigReading.Refused;
import org.anylease.server.config.SystemConfig.Server;
import org.anylease.server.config.SystemConfig.Site;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.anylease.store.cell.SiteId;

/**
 * All that one process needs to start, from its own file and the system file together.
 *
 * @param own the server's own file
 * @param site where it runs
 * @param cells the cells it answers for, in order of name
 * @param serviceAddresses the anycast addresses to bind
 * @param ownAddresses its unicast addresses to bind
 * @param raft where it takes part in quorums
 * @param link where it hears other servers
 * @param probeSource the unicast address that probes leave from
 * @param peers all servers but this one, as reachable from here, in order of name
 */
public record ServerSetup(
        ServerConfig own,
        SiteId site,
        List<CellId> cells,
        List<Ipv4> serviceAddresses,
        List<Ipv4> ownAddresses,
        Endpoint raft,
        Endpoint link,
        Ipv4 probeSource,
        List<Server> peers) {
    /** Copies the lists. */
    public ServerSetup {
        cells = List.copyOf(cells);
        serviceAddresses = List.copyOf(serviceAddresses);
        ownAddresses = List.copyOf(ownAddresses);
        peers = List.copyOf(peers);
    }

    /**
     * Completes a server's file from the system file.
     *
     * @param own the server's own file
     * @param file its name, for messages
     * @param system the system file
     * @return the setup, or why the two do not go together
     */
    public static ConfigReading<ServerSetup> of(ServerConfig own, String file, SystemConfig system) {
        List<ConfigProblem> problems = new ArrayList<>();
        List<String> known = system.servers().map(server -> server.id().name()).toList();
        Site site = system.siteOf(own.id()).orElse(null);
        if (site == null) {
            problems.add(problem(
                    Severity.ERROR,
                    file,
                    "id",
                    "server '" + own.id() + "' stands in no site of the system file",
                    Suggestion.insteadOf(own.id().name(), known)));
            return new Refused<>(problems);
        }
        Map<ServerId, Server> servers = new TreeMap<>();
        system.servers().forEach(server -> servers.put(server.id(), server));
        for (Server peer : own.peers()) {
            if (peer.id().equals(own.id()) || servers.replace(peer.id(), peer) == null) {
                String what =
                        peer.id().equals(own.id()) ? "is this server itself" : "stands in no site of the system file";
                problems.add(
                        problem(Severity.ERROR, file, "peers." + peer.id(), "server '" + peer.id() + "' " + what, ""));
            }
        }
        Server self = servers.remove(own.id());
        if (self == null) {
            throw new IllegalStateException("a server of a site is a server of the system");
        }
        List<CellId> cells = system.cells().stream()
                .filter(cell -> cell.servers().contains(own.id()))
                .map(SystemConfig.Cell::id)
                .sorted(Comparator.naturalOrder())
                .toList();
        if (cells.isEmpty()) {
            problems.add(problem(Severity.WARNING, file, "id", "server '" + own.id() + "' answers for no cell", ""));
        }
        ServerSetup setup = setup(own, site.id(), cells, self, servers, system);
        if (setup.sharedAddresses().contains(setup.probeSource)) {
            problems.add(problem(
                    Severity.ERROR,
                    file,
                    "probe-source",
                    setup.probeSource + " is an anycast address: the answer could land at another site",
                    "a unicast address of this server"));
        }
        return problems.stream().anyMatch(problem -> problem.severity() == Severity.ERROR)
                ? new Refused<>(problems)
                : new Accepted<>(setup, problems);
    }

    /**
     * The addresses that other machines have as well: the anycast addresses, unless this is the only server.
     *
     * @return none for the only server of a system
     */
    public List<Ipv4> sharedAddresses() {
        return peers.isEmpty() ? List.of() : serviceAddresses;
    }

    private static ServerSetup setup(
            ServerConfig own,
            SiteId site,
            List<CellId> cells,
            Server self,
            Map<ServerId, Server> others,
            SystemConfig system) {
        List<Ipv4> service = new ArrayList<>(own.listen().service());
        if (service.isEmpty()) {
            service.add(system.serviceAddress());
            service.addAll(system.aliases());
        }
        List<Ipv4> unicast =
                own.listen().own().isEmpty() ? self.addresses() : own.listen().own();
        Ipv4 first = unicast.getFirst();
        return new ServerSetup(
                own,
                site,
                cells,
                service,
                unicast,
                own.raft().or(first, self.raftPort()),
                own.link().or(first, self.linkPort()),
                own.probeSource() != null ? own.probeSource() : first,
                List.copyOf(others.values()));
    }

    /** The two files disagree: there is no one place to point at but the server's file. */
    private static ConfigProblem problem(Severity severity, String file, String path, String what, String valid) {
        return new ConfigProblem(severity, file, 1, 1, path, what, valid);
    }
}
