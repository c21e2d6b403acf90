package org.anylease.server.config;

import static org.anylease.server.config.Key.optional;
import static org.anylease.server.config.Key.required;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The kinds of maps that the files consist of, and their keys: the single table behind reader, schema and docs. */
enum Concept {
    SYSTEM(
            "system",
            "the system file",
            true,
            List.of(
                    required("cluster", Shape.NAME, "the cluster's name", "example"),
                    required(
                            "service-address",
                            Shape.ADDRESS,
                            "the anycast address; option 54 at every site",
                            "192.0.2.67"),
                    optional(
                            "aliases",
                            Shape.ADDRESSES,
                            "none",
                            "further server identifiers clients may name, such as those of servers replaced by this"
                                    + " cluster",
                            "[10.0.0.2, 10.0.0.3]"),
                    required("sites", Shape.byName("site", "site"), "the sites with their servers", "{ dc1: { … } }"),
                    optional(
                            "networks",
                            Shape.byName("network", "network"),
                            "none",
                            "the networks, where there is one cell only: short for `cells: { default: { networks: … }"
                                    + " }`",
                            "{ office: { … } }"),
                    optional(
                            "cells",
                            Shape.byName("cell", "cell"),
                            "one cell `default` of all `networks`",
                            "the networks by cell: a cell's leases are decided by one quorum",
                            "{ north: { … } }"),
                    optional("timers", Shape.of("timers"), "see there", "the lease protocol's times", "{ mclt: 12h }"),
                    optional("escrow", Shape.of("escrow"), "see there", "set aside for servers", "{ autonomy: 48h }"),
                    optional(
                            "dns",
                            Shape.of("dns"),
                            "no updates are sent",
                            "the names of clients in DNS",
                            "{ domain: example.net, … }"),
                    optional(
                            "option-definitions",
                            Shape.byName("option-definition", "option"),
                            "none",
                            "names and types for options that have none",
                            "{ asset-url: { code: 224, type: text } }"),
                    optional(
                            "classes",
                            Shape.byName("class", "class"),
                            "none",
                            "classes of clients, in order of preference",
                            "{ phones: { … } }"),
                    ActionKeys.ACTIONS)),
    SITE(
            "site",
            "a site",
            false,
            List.of(required(
                    "servers",
                    Shape.byName("server", "server", Shape.ADDRESSES),
                    "its servers: addresses, or more about each",
                    "{ dc1-a: 10.1.0.2 }"))),
    SERVER(
            "server",
            "a server",
            false,
            List.of(
                    required(
                            "address",
                            Shape.ADDRESSES,
                            "its own unicast addresses; peers use the first, clients may name any",
                            "10.1.0.2"),
                    optional("raft-port", Shape.PORT, "6781", "where it takes part in quorums (TCP)", "6781"),
                    optional("link-port", Shape.PORT, "6782", "where servers talk to each other (TCP)", "6782"))),
    CELL(
            "cell",
            "a cell",
            true,
            List.of(
                    optional("servers", Shape.NAMES, "all servers", "the servers that answer for it", "[dc1-a, dc2-a]"),
                    required("networks", Shape.byName("network", "network"), "its networks", "{ office: { … } }"),
                    optional(
                            "timers",
                            Shape.of("timers"),
                            "the file's",
                            "the lease protocol's times here",
                            "{ mclt: 1h }"),
                    optional(
                            "escrow",
                            Shape.of("escrow"),
                            "the file's",
                            "the addresses set aside for each server here",
                            "{ floor: 64 }"),
                    DnsKeys.HERE)),
    TIMERS(
            "timers",
            "the timers",
            false,
            List.of(
                    optional(
                            "mclt",
                            Shape.DURATION,
                            "24h",
                            "maximum client lead time: how far a promise made while cut off may run past the committed"
                                    + " expiry",
                            "12h"),
                    optional(
                            "clock-skew",
                            Shape.DURATION,
                            "5s",
                            "bound on the difference of any two servers' clocks",
                            "2s"),
                    optional(
                            "longest-lease",
                            Shape.DURATION,
                            "the longest `max-lease` of the cell",
                            "no promise is longer, in any network of the cell",
                            "7d"),
                    optional(
                            "offer-hold",
                            Shape.DURATION,
                            "30s",
                            "how long an offered address is held for its client",
                            "1m"),
                    optional(
                            "quarantine",
                            Shape.DURATION,
                            "24h",
                            "how long an address found in use by a stranger is kept aside",
                            "1h"),
                    optional(
                            "commit-deadline",
                            Shape.DURATION,
                            "300ms",
                            "how long a server waits for the cell before it promises alone, 10ms to 10s",
                            "500ms"))),
    ESCROW(
            "escrow",
            "escrow",
            false,
            List.of(
                    optional(
                            "floor",
                            Shape.COUNT,
                            "16",
                            "at least so many addresses for each server and network, traffic or not",
                            "32"),
                    optional(
                            "ceiling",
                            Shape.COUNT,
                            "4096",
                            "at most so many addresses for each server and network",
                            "1000"),
                    optional(
                            "autonomy",
                            Shape.DURATION,
                            "24h",
                            "how long a server that is cut off is to have addresses for new clients",
                            "48h"),
                    optional(
                            "term",
                            Shape.DURATION,
                            "48h, or twice `autonomy` if longer",
                            "how long an address stays with its server from the last grant on",
                            "72h"))),
    DNS("dns", "dns", false, DnsKeys.DNS),
    DNS_ZONE("dns-zone", "a zone", false, DnsKeys.ZONE),
    DNS_NAMES("dns-names", "dns here", false, DnsKeys.NAMES),
    PROBE(
            "probe",
            "probing",
            false,
            List.of(
                    optional(
                            "enabled",
                            Shape.BOOL,
                            "true",
                            "whether an address is pinged before it is offered",
                            "false"),
                    optional("timeout", Shape.DURATION, "500ms", "how long silence must last, 10ms to 10s", "1s"),
                    optional(
                            "when-impossible",
                            Shape.oneOf("offer", "withhold"),
                            "offer",
                            "what becomes of an address whose probe could not be carried out",
                            "withhold"))),
    SERVING("serving", "serving", false, ServingKeys.SERVING),
    BOOT("boot", "booting", false, ComputedKeys.BOOT),
    NETWORK(
            "network",
            "a network",
            true,
            List.of(
                    required(
                            "subnets",
                            Shape.byName("subnet", "prefix"),
                            "the subnets that share its link, in order of preference",
                            "{ 10.0.0.0/24: { … } }"),
                    DnsKeys.HERE,
                    optional(
                            "vpn",
                            Shape.TEXT,
                            "none",
                            "the virtual private network that it belongs to, as relays name it (RFC 6607): a name, or"
                                    + " seven octets",
                            "blue"))),
    SUBNET(
            "subnet",
            "a subnet",
            true,
            List.of(
                    optional(
                            "pools",
                            Shape.listOf("pool", Shape.RANGE),
                            "none",
                            "ranges for clients without a reservation, in order of preference",
                            "[10.0.0.10-10.0.0.200]"),
                    optional(
                            "reservations",
                            Shape.listOf("reservation"),
                            "none",
                            "addresses kept for one client each",
                            "[{ hardware: 02:00:00:00:00:01, address: 10.0.0.5 }]"),
                    DnsKeys.HERE)),
    POOL(
            "pool",
            "a pool",
            true,
            List.of(
                    required("range", Shape.RANGE, "its addresses, first and last or a prefix", "10.0.0.10-10.0.0.200"),
                    optional(
                            "allow",
                            Shape.NAMES,
                            "all",
                            "only these: classes, `known`, `unknown`, `bootp` or `all`",
                            "phones"),
                    optional("deny", Shape.NAMES, "none", "but none of these", "[kiosks, unknown]"))),
    CLASS("class", "a class", true, ClassKeys.CLASS),
    CLASS_MEMBER("class-member", "a member of a class", false, ClassKeys.MEMBER),
    RESERVATION(
            "reservation",
            "a reservation",
            true,
            List.of(
                    required("address", Shape.ADDRESS, "the address; it may lie inside a pool", "10.0.0.5"),
                    optional(
                            "hardware",
                            Shape.TEXT,
                            "else `client-id`",
                            "the client's hardware address",
                            "02:00:00:00:00:01"),
                    optional(
                            "hardware-type",
                            Shape.OCTET,
                            "1",
                            "the hardware's type, as ARP counts them (1 is Ethernet)",
                            "6"),
                    optional(
                            "client-id",
                            Shape.TEXT,
                            "else `hardware`",
                            "option 61: octets as `01:02:…` or `0x…`, anything else as text",
                            "01:02:00:00:00:00:01"),
                    optional("hostname", Shape.TEXT, "none", "the name to hand out, option 12", "printer"))),
    OPTION_DEFINITION(
            "option-definition",
            "an option definition",
            false,
            List.of(
                    required("code", Shape.OCTET, "its code, 1 to 254", "224"),
                    required("type", Shape.oneOf(OptionType.names()), "what it holds", "text"))),
    OPTION_VALUE(
            "option-value",
            "an option with a type",
            false,
            List.of(
                    required("type", Shape.oneOf(OptionType.names()), "what it holds", "u32"),
                    required("value", Shape.ANY, "the value", "300"))),
    COMPUTED_VALUE("computed-value", "a computed value", false, ComputedKeys.VALUE),
    ACTION("action", "an action", false, ActionKeys.ACTION),
    COMMANDS("commands", "the commands", false, ActionKeys.COMMANDS),
    SERVER_FILE("server-file", "the server's file", false, ServerFileKeys.FILE),
    PROTECTION("protection", "the protection", false, ProtectionKeys.KEYS),
    LEASEQUERY("leasequery", "lease queries", false, LeaseQueryKeys.KEYS),
    SNAPSHOTS("snapshots", "the snapshots", false, SnapshotKeys.KEYS),
    LISTEN(
            "listen",
            "listening",
            false,
            List.of(
                    optional(
                            "service",
                            Shape.ADDRESSES,
                            "`service-address` and `aliases`",
                            "the anycast addresses; a socket is bound to each",
                            "192.0.2.67"),
                    optional(
                            "own",
                            Shape.ADDRESSES,
                            "its addresses in the system file",
                            "its unicast addresses",
                            "10.1.0.2"),
                    optional(
                            "interfaces",
                            Shape.NAMES,
                            "none",
                            "where clients are heard directly, without a relay",
                            "[eth1]"),
                    optional("port", Shape.PORT, "67", "the DHCP server's port (UDP)", "1067"))),
    ENDPOINT(
            "endpoint",
            "an endpoint",
            false,
            List.of(
                    optional("address", Shape.ADDRESS, "see above", "the address to listen on", "10.1.0.2"),
                    optional("port", Shape.PORT, "see above", "the port", "6780"))),
    ANYCAST_FILE("anycast-file", "the announcer's file", false, AnycastKeys.FILE),
    ANYCAST_CHECK("anycast-check", "the check", false, AnycastKeys.CHECK),
    ANYCAST_ADDRESS("anycast-address", "the address", false, AnycastKeys.ADDRESS),
    ANYCAST_BIRD("anycast-bird", "the settings for BIRD", false, AnycastKeys.BIRD),
    ANYCAST_FRR("anycast-frr", "the settings for FRR", false, AnycastKeys.FRR),
    ANYCAST_EXABGP("anycast-exabgp", "the settings for ExaBGP", false, AnycastKeys.EXABGP);

    private static final Map<Concept, List<Key>> KEYS = allKeys();

    private final String id;
    private final String title;
    private final boolean level;

    @SuppressWarnings("ImmutableEnumChecker") // Made by List.of, of records.
    private final List<Key> own;

    Concept(String id, String title, boolean level, List<Key> own) {
        this.id = id;
        this.title = title;
        this.level = level;
        this.own = own;
    }

    /** Its name in the schema. */
    String id() {
        return id;
    }

    /** What to call it in messages. */
    String title() {
        return title;
    }

    /** All keys, its own first. */
    List<Key> keys() {
        return Objects.requireNonNull(KEYS.get(this));
    }

    private static Map<Concept, List<Key>> allKeys() {
        Map<Concept, List<Key>> all = new EnumMap<>(Concept.class);
        for (Concept concept : values()) {
            List<Key> keys = new ArrayList<>(concept.own);
            if (concept.level) {
                keys.addAll(LevelKeys.INHERITED);
            }
            if (concept == SYSTEM || concept == CELL || concept == NETWORK) {
                keys.addAll(LevelKeys.POLICY);
            }
            if (concept == SYSTEM || concept == CELL || concept == NETWORK || concept == SUBNET || concept == POOL) {
                keys.addAll(ServingKeys.POOLED);
            }
            all.put(concept, List.copyOf(keys));
        }
        return all;
    }
}
