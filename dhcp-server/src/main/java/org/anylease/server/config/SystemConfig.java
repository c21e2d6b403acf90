package org.anylease.server.config;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.anylease.server.action.LeaseActions;
import org.anylease.server.dns.DnsPolicy;
import org.anylease.store.address.AddressRange;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.address.Prefix;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.anylease.store.cell.SiteId;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.ClientClass;
import org.anylease.store.config.PoolAccess;
import org.anylease.store.lease.ClientId;
import org.jspecify.annotations.Nullable;

/**
 * What the system file says, level by level, before anything is inherited.
 *
 * @param cluster the cluster's name
 * @param serviceAddress the anycast address, option 54 at every site
 * @param aliases further server identifiers that clients may name
 * @param sites the sites, in the order of the file
 * @param level what reaches every cell
 * @param policy how clients are treated, where no cell or network says otherwise
 * @param timers the lease protocol's times, where no cell says otherwise
 * @param escrow what is set aside for servers, where no cell says otherwise
 * @param options the options that the file defines itself
 * @param cells the cells, at least one, in the order of the file
 * @param classes the classes of clients, in the order of the file
 * @param dns what is wanted of DNS, or null when no updates are sent
 * @param actions what is done when something happens to a lease
 */
public record SystemConfig(
        String cluster,
        Ipv4 serviceAddress,
        List<Ipv4> aliases,
        List<Site> sites,
        LevelSettings level,
        PolicySettings policy,
        TimerSettings timers,
        EscrowSettings escrow,
        List<OptionDefinition> options,
        List<Cell> cells,
        List<ClientClass> classes,
        @Nullable DnsPolicy dns,
        LeaseActions actions) {
    /** Where servers take part in quorums, unless said otherwise. */
    public static final int RAFT_PORT = 6781;

    /** Where servers talk to each other, unless said otherwise. */
    public static final int LINK_PORT = 6782;

    /** Copies the lists. */
    public SystemConfig {
        aliases = List.copyOf(aliases);
        sites = List.copyOf(sites);
        options = List.copyOf(options);
        cells = List.copyOf(cells);
        classes = List.copyOf(classes);
        if (sites.isEmpty() || cells.isEmpty()) {
            throw new IllegalArgumentException("a system has at least one site and one cell");
        }
    }

    /**
     * An anycast location.
     *
     * @param id its name
     * @param servers its servers, in the order of the file
     */
    public record Site(SiteId id, List<Server> servers) {
        /** Copies the list. */
        public Site {
            servers = List.copyOf(servers);
        }
    }

    /**
     * A server, as its peers see it.
     *
     * @param id its name, unique in the cluster
     * @param addresses its unicast addresses, at least one; peers use the first
     * @param raftPort where it takes part in quorums
     * @param linkPort where it hears other servers
     */
    public record Server(ServerId id, List<Ipv4> addresses, int raftPort, int linkPort) {
        /** Copies the list. */
        public Server {
            addresses = List.copyOf(addresses);
            if (addresses.isEmpty()) {
                throw new IllegalArgumentException("server " + id + " has no address");
            }
        }
    }

    /**
     * A cell.
     *
     * @param id its name
     * @param servers the servers that answer for it, in order of name
     * @param level what reaches all its networks
     * @param policy how its clients are treated
     * @param timers its times
     * @param escrow what is set aside for its servers
     * @param networks its networks, at least one
     */
    public record Cell(
            CellId id,
            List<ServerId> servers,
            LevelSettings level,
            PolicySettings policy,
            TimerSettings timers,
            EscrowSettings escrow,
            List<Network> networks) {
        /** Copies the lists. */
        public Cell {
            servers = servers.stream().sorted().toList();
            networks = List.copyOf(networks);
        }
    }

    /**
     * A network: the subnets of one link.
     *
     * @param name unique in the cluster
     * @param level what reaches all its subnets
     * @param policy how its clients are treated
     * @param subnets in order of preference
     * @param vpn the virtual private network that it belongs to; empty for none
     */
    public record Network(String name, LevelSettings level, PolicySettings policy, List<Subnet> subnets, Octets vpn) {
        /** Copies the list. */
        public Network {
            subnets = List.copyOf(subnets);
        }
    }

    /**
     * A subnet.
     *
     * @param prefix its addresses
     * @param level what reaches its pools and reservations
     * @param pools in order of preference
     * @param reservations in the order of the file
     */
    public record Subnet(Prefix prefix, LevelSettings level, List<Pool> pools, List<Reservation> reservations) {
        /** Copies the lists. */
        public Subnet {
            pools = List.copyOf(pools);
            reservations = List.copyOf(reservations);
        }
    }

    /**
     * A pool.
     *
     * @param range its addresses
     * @param level what its clients get
     * @param access who may have them
     */
    public record Pool(AddressRange range, LevelSettings level, PoolAccess access) {}

    /**
     * A reservation.
     *
     * @param address the address
     * @param client whom it is kept for
     * @param hostname the name to hand out, or null
     * @param level what the client gets
     */
    public record Reservation(
            Ipv4 address, ClientId client, @Nullable String hostname, LevelSettings level) {}

    /**
     * All servers of all sites.
     *
     * @return them, in the order of the file
     */
    public Stream<Server> servers() {
        return sites.stream().flatMap(site -> site.servers().stream());
    }

    /**
     * The site of a server.
     *
     * @param server any server
     * @return its site, when the file knows the server
     */
    public Optional<Site> siteOf(ServerId server) {
        return sites.stream()
                .filter(site ->
                        site.servers().stream().anyMatch(other -> other.id().equals(server)))
                .findFirst();
    }

    /**
     * What the file says that is in no slice: the servers read it in the text of the file, which every cell keeps.
     *
     * @return texts by where they stand, such as {@code dns domain}
     */
    public SortedMap<String, String> beside() {
        SortedMap<String, String> texts = new TreeMap<>(ActionReader.texts(actions));
        if (dns != null) {
            texts.putAll(DnsReader.texts(dns));
        }
        return texts;
    }

    /**
     * Compiles the file into what each cell commits in its log. Equal files give equal slices, and so do files that
     * differ only in the order of sites, servers, cells, networks and reservations.
     *
     * @param version counts the operator's changes from 1
     * @return a slice for each cell, in order of name
     */
    public List<CellConfig> slices(long version) {
        return new Slices(this, version).all();
    }
}
