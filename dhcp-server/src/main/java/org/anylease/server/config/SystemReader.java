package org.anylease.server.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.anylease.server.action.LeaseActions;
import org.anylease.server.config.LevelReader.Scope;
import org.anylease.server.config.SystemConfig.Cell;
import org.anylease.server.config.SystemConfig.Network;
import org.anylease.server.config.SystemConfig.Server;
import org.anylease.server.config.SystemConfig.Site;
import org.anylease.server.config.SystemConfig.Subnet;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.anylease.store.cell.SiteId;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.LeaseTimes;
import org.jspecify.annotations.Nullable;

/** Reads the system file from the outside in, and goes on past every mistake so that all are found in one go. */
final class SystemReader {
    private static final String DEFAULT_CELL = "default";
    private static final int SERVERS_MAX = 256;
    private static final int CELLS_MAX = 1024;

    private final Inventory inventory = new Inventory();
    private final Map<ServerId, SiteId> siteOf = new TreeMap<>();

    private SystemReader() {}

    static Optional<SystemConfig> read(Cursor root) {
        return new SystemReader().system(new Section(root, Concept.SYSTEM));
    }

    private Optional<SystemConfig> system(Section section) {
        String cluster = section.read("cluster", Notation::name);
        Ipv4 service = serviceAddress(section);
        List<Ipv4> aliases = aliases(section);
        SortedMap<String, OptionDefinition> defined = section.take("option-definitions")
                .map(OptionsReader::definitions)
                .orElseGet(TreeMap::new);
        TimerSettings timers = LevelReader.timers(section);
        EscrowSettings escrow = LevelReader.escrow(section);
        OptionsReader options = new OptionsReader(defined);
        ClassReader classes = new ClassReader(options.names());
        DnsPlaces named = DnsPlaces.read(section);
        Scope outermost = new Scope(options, LeaseTimeSettings.NONE, timers.longestLease(), classes, named.outermost());
        Optional<Cursor> classed = section.take("classes");
        classed.ifPresent(value -> classes.read(value, outermost));
        LevelSettings level = LevelReader.level(section, outermost);
        PolicySettings policy = LevelReader.policy(section);
        List<Site> sites = sites(section);
        LeaseActions actions = section.take("actions")
                .map(value -> new LeaseActions(ActionReader.read(value, options.names())))
                .orElse(LeaseActions.NONE);
        List<Cell> cells = cells(section, outermost.within(level));
        section.done();
        inventory.check();
        classed.ifPresent(classes::check);
        boolean complete = !section.cursor().problems().hasErrors();
        if (cluster == null || service == null || sites.isEmpty() || cells.isEmpty() || !complete) {
            return Optional.empty();
        }
        SystemConfig config = new SystemConfig(
                cluster,
                service,
                aliases,
                sites,
                level,
                policy,
                timers,
                escrow,
                List.copyOf(defined.values()),
                cells,
                classes.classes(),
                named.policy(),
                actions);
        checkLongest(section, config);
        return Optional.of(config);
    }

    private @Nullable Ipv4 serviceAddress(Section section) {
        Optional<Cursor> cursor = section.take("service-address");
        Optional<Ipv4> address = cursor.flatMap(value -> value.read(Notation::host));
        address.ifPresent(found -> inventory.addOurs(found, "the service address", cursor.orElseThrow()));
        return address.orElse(null);
    }

    private List<Ipv4> aliases(Section section) {
        List<Ipv4> aliases = new ArrayList<>();
        for (Cursor item : section.take("aliases").map(Cursor::items).orElse(List.of())) {
            item.read(Notation::host).ifPresent(alias -> {
                inventory.addOurs(alias, "an alias", item);
                aliases.add(alias);
            });
        }
        return aliases;
    }

    private List<Site> sites(Section system) {
        List<Site> sites = new ArrayList<>();
        Optional<Cursor> cursor = system.take("sites");
        Map<String, Cursor> entries =
                cursor.map(value -> value.entries("sites")).orElseGet(LinkedHashMap::new);
        if (entries.isEmpty()) {
            cursor.ifPresent(value -> value.error("there is no site", "at least one"));
        }
        entries.forEach((name, entry) -> {
            Optional<SiteId> id = Notation.key(entry, name, SiteId::new);
            Section section = new Section(entry, Concept.SITE);
            List<Server> servers = section.take("servers")
                    .map(value -> servers(value, id.orElse(new SiteId("unknown"))))
                    .orElse(List.of());
            section.done();
            id.ifPresent(found -> sites.add(new Site(found, servers)));
        });
        return sites;
    }

    private List<Server> servers(Cursor cursor, SiteId site) {
        List<Server> servers = new ArrayList<>();
        Map<String, Cursor> entries = cursor.entries("servers");
        if (entries.isEmpty() || siteOf.size() + entries.size() > SERVERS_MAX) {
            cursor.error(
                    entries.isEmpty() ? "there is no server" : "there are too many servers",
                    "1 to " + SERVERS_MAX + " in all");
            return servers;
        }
        entries.forEach((name, entry) -> {
            Optional<ServerId> id = Notation.key(entry, name, ServerId::new);
            id.ifPresent(server -> {
                SiteId other = siteOf.putIfAbsent(server, site);
                if (other != null) {
                    entry.error(
                            "server '" + server + "' stands in site " + other + " already", "one site for each server");
                }
            });
            server(entry, id.orElse(new ServerId("unknown")), inventory).ifPresent(servers::add);
        });
        return servers;
    }

    /** Reads a server: its addresses, or a map of more. */
    static Optional<Server> server(Cursor entry, ServerId id, Inventory inventory) {
        List<Cursor> items;
        Integer raft = null;
        Integer link = null;
        if (entry.value() instanceof YamlValue.Mapping) {
            Section section = new Section(entry, Concept.SERVER);
            items = section.take("address").map(Cursor::items).orElse(List.of());
            raft = section.read("raft-port", Notation::port);
            link = section.read("link-port", Notation::port);
            section.done();
            if (raft != null && raft.equals(link)) {
                section.take("link-port").orElseThrow().error("raft-port and link-port are the same", "two ports");
            }
        } else {
            items = entry.items();
        }
        List<Ipv4> addresses = new ArrayList<>();
        for (Cursor item : items) {
            item.read(Notation::host).ifPresent(address -> {
                inventory.addOurs(address, "an address of server " + id, item);
                addresses.add(address);
            });
        }
        if (items.isEmpty() && !(entry.value() instanceof YamlValue.Mapping)) {
            entry.error("server '" + id + "' has no address", "one like 10.1.0.2");
        }
        return addresses.isEmpty()
                ? Optional.empty()
                : Optional.of(new Server(
                        id,
                        addresses,
                        raft != null ? raft : SystemConfig.RAFT_PORT,
                        link != null ? link : SystemConfig.LINK_PORT));
    }

    private List<Cell> cells(Section system, Scope outer) {
        Optional<Cursor> networks = system.take("networks");
        Optional<Cursor> cells = system.take("cells");
        if (networks.isPresent() && cells.isPresent()) {
            networks.get().error("'networks' beside 'cells': which cell are they of?", "all networks within 'cells'");
        }
        List<Cell> read = new ArrayList<>();
        cells.ifPresent(value -> {
            Map<String, Cursor> entries = value.entries("cells");
            if (entries.isEmpty() || entries.size() > CELLS_MAX) {
                value.error(entries.isEmpty() ? "there is no cell" : "there are too many cells", "1 to " + CELLS_MAX);
                return;
            }
            entries.forEach((name, entry) -> cell(name, entry, outer).ifPresent(read::add));
        });
        networks.map(value -> networks(value, outer))
                .filter(found -> !found.isEmpty())
                .ifPresent(found -> read.add(new Cell(
                        new CellId(DEFAULT_CELL),
                        List.copyOf(siteOf.keySet()),
                        LevelSettings.NONE,
                        PolicySettings.NONE,
                        TimerSettings.NONE,
                        EscrowSettings.NONE,
                        found)));
        if (networks.isEmpty() && cells.isEmpty()) {
            system.cursor().error("there is no network", "'networks', or 'cells' with networks");
        }
        return read;
    }

    private Optional<Cell> cell(String name, Cursor cursor, Scope outer) {
        Optional<CellId> id = Notation.key(cursor, name, CellId::new);
        Section section = new Section(cursor, Concept.CELL);
        List<ServerId> servers =
                section.take("servers").map(this::members).orElseGet(() -> List.copyOf(siteOf.keySet()));
        TimerSettings timers = LevelReader.timers(section);
        EscrowSettings escrow = LevelReader.escrow(section);
        Scope scope = outer.within(timers).naming(section);
        if (timers.longestLease() != null) {
            LevelReader.checkOrder(section.take("timers").orElseThrow(), outer.times(), timers.longestLease());
        }
        LevelSettings level = LevelReader.level(section, scope);
        PolicySettings policy = LevelReader.policy(section);
        List<Network> networks = section.take("networks")
                .map(value -> networks(value, scope.within(level)))
                .orElse(List.of());
        section.done();
        return id.isEmpty() || networks.isEmpty()
                ? Optional.empty()
                : Optional.of(new Cell(id.get(), servers, level, policy, timers, escrow, networks));
    }

    private List<ServerId> members(Cursor cursor) {
        List<ServerId> members = new ArrayList<>();
        List<String> known = siteOf.keySet().stream().map(ServerId::name).toList();
        for (Cursor item : cursor.items()) {
            item.read(ServerId::new).ifPresent(server -> {
                if (!siteOf.containsKey(server)) {
                    item.error("server '" + server + "' stands in no site", item.insteadOf(server.name(), known));
                } else if (members.contains(server)) {
                    item.error("server '" + server + "' is named twice", "");
                } else {
                    members.add(server);
                }
            });
        }
        if (cursor.items().isEmpty()) {
            cursor.error("no server answers for the cell", Suggestion.oneOf(known));
        }
        return members;
    }

    private List<Network> networks(Cursor cursor, Scope outer) {
        List<Network> networks = new ArrayList<>();
        Map<String, Cursor> entries = cursor.entries("networks");
        if (entries.isEmpty() && cursor.value() instanceof YamlValue.Mapping) {
            cursor.error("there is no network", "at least one");
        }
        entries.forEach((name, entry) -> {
            Optional<String> checked = Notation.key(entry, name, Notation::name);
            checked.ifPresent(valid -> inventory.addNetwork(valid, entry));
            network(name, entry, outer).filter(_ -> checked.isPresent()).ifPresent(networks::add);
        });
        return networks;
    }

    private Optional<Network> network(String name, Cursor cursor, Scope outer) {
        Section section = new Section(cursor, Concept.NETWORK);
        LevelSettings level = LevelReader.level(section, outer);
        Scope scope = outer.within(level).naming(section);
        PolicySettings policy = LevelReader.policy(section);
        Octets vpn = section.take("vpn")
                .flatMap(value -> value.read(ServingReader::vpn))
                .orElse(Octets.EMPTY);
        List<Subnet> subnets = new ArrayList<>();
        section.take("subnets").ifPresent(value -> {
            Map<String, Cursor> entries = value.entries("subnets by prefix");
            if (entries.isEmpty() && value.value() instanceof YamlValue.Mapping) {
                value.error("there is no subnet", "at least one");
            }
            entries.forEach((prefix, entry) ->
                    SubnetReader.read(prefix, entry, scope, inventory).ifPresent(subnets::add));
        });
        section.done();
        return subnets.isEmpty() ? Optional.empty() : Optional.of(new Network(name, level, policy, subnets, vpn));
    }

    private static void checkLongest(Section system, SystemConfig config) {
        Cursor at = system.take("cells").or(() -> system.take("networks")).orElse(system.cursor());
        for (CellConfig cell : config.slices(1)) {
            Duration longest = cell.timers().longestLease();
            // A BOOTP client is not told how long, so its lease cannot be cut.
            cell.networks().stream()
                    .flatMap(network -> network.subnets().stream())
                    .flatMap(subnet -> subnet.pools().stream())
                    .filter(pool -> pool.access().bootp() && pool.bootpLease().compareTo(longest) > 0)
                    .forEach(pool -> at.error(
                            "pool " + pool.range() + " of cell " + cell.cell() + ": bootp-lease "
                                    + DurationText.format(pool.bootpLease()) + " is longer than timers.longest-lease "
                                    + DurationText.format(longest),
                            "bootp-lease <= timers.longest-lease"));
        }
        config.slices(1).stream()
                .filter(cell -> cell.timers().longestLease().equals(LeaseTimes.INFINITE))
                .forEach(cell -> at.warning("leases of cell " + cell.cell()
                        + " may be infinite: what a lost server may have promised never comes back"));
    }
}
