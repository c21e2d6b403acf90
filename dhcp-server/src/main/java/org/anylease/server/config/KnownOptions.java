package org.anylease.server.config;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The options that have a name, and those that only the server itself may set. */
public final class KnownOptions {
    /** Code, name, type. RFC 2132 unless said otherwise; the names are those of IANA and of ISC DHCP. */
    private static final String TABLE = """
        1 subnet-mask ipv4
        2 time-offset i32
        3 routers ipv4-list
        4 time-servers ipv4-list
        5 ien116-name-servers ipv4-list
        6 domain-name-servers ipv4-list
        7 log-servers ipv4-list
        8 cookie-servers ipv4-list
        9 lpr-servers ipv4-list
        10 impress-servers ipv4-list
        11 resource-location-servers ipv4-list
        12 host-name text
        13 boot-size u16
        14 merit-dump text
        15 domain-name text
        16 swap-server ipv4
        17 root-path text
        18 extensions-path text
        19 ip-forwarding bool
        20 non-local-source-routing bool
        21 policy-filter ipv4-pairs
        22 max-dgram-reassembly u16
        23 default-ip-ttl u8
        24 path-mtu-aging-timeout seconds
        25 path-mtu-plateau-table u16-list
        26 interface-mtu u16
        27 all-subnets-local bool
        28 broadcast-address ipv4
        29 perform-mask-discovery bool
        30 mask-supplier bool
        31 router-discovery bool
        32 router-solicitation-address ipv4
        33 static-routes ipv4-pairs
        34 trailer-encapsulation bool
        35 arp-cache-timeout seconds
        36 ieee802-3-encapsulation bool
        37 default-tcp-ttl u8
        38 tcp-keepalive-interval seconds
        39 tcp-keepalive-garbage bool
        40 nis-domain text
        41 nis-servers ipv4-list
        42 ntp-servers ipv4-list
        43 vendor-encapsulated-options hex
        44 netbios-name-servers ipv4-list
        45 netbios-dd-server ipv4-list
        46 netbios-node-type u8
        47 netbios-scope text
        48 font-servers ipv4-list
        49 x-display-manager ipv4-list
        55 parameter-request-list u8-list
        58 renewal-time seconds
        59 rebinding-time seconds
        60 vendor-class-identifier text
        62 nwip-domain text
        63 nwip-suboptions hex
        64 nisplus-domain text
        65 nisplus-servers ipv4-list
        66 tftp-server-name text
        67 bootfile-name text
        68 mobile-ip-home-agent ipv4-list
        69 smtp-server ipv4-list
        70 pop-server ipv4-list
        71 nntp-server ipv4-list
        72 www-server ipv4-list
        73 finger-server ipv4-list
        74 irc-server ipv4-list
        75 streettalk-server ipv4-list
        76 streettalk-directory-assistance-server ipv4-list
        78 slp-directory-agent hex RFC2610
        79 slp-service-scope hex RFC2610
        83 isns hex RFC4174
        85 nds-servers ipv4-list RFC2241
        86 nds-tree-name text RFC2241
        87 nds-context text RFC2241
        88 bcms-controller-names domain-list RFC4280
        89 bcms-controller-address ipv4-list RFC4280
        98 uap-servers text RFC2485
        99 geoconf-civic hex RFC4776
        100 pcode text RFC4833
        101 tcode text RFC4833
        108 v6-only-preferred seconds RFC8925
        112 netinfo-server-address ipv4-list
        113 netinfo-server-tag text
        114 captive-portal text RFC8910
        116 auto-config u8 RFC2563
        117 name-service-search u16-list RFC2937
        119 domain-search compressed-domain-list RFC3397
        120 sip-servers sip-servers RFC3361
        121 classless-static-routes routes RFC3442
        122 cablelabs-client-configuration suboptions RFC3495
        123 geoconf hex RFC6225
        124 vivco hex RFC3925
        125 vivso hex RFC3925
        136 pana-agent ipv4-list RFC5192
        137 v4-lost domain RFC5223
        138 capwap-ac-v4 ipv4-list RFC5417
        139 ipv4-address-mos suboptions RFC5678
        140 ipv4-fqdn-mos suboptions RFC5678
        141 sip-ua-cs-domains domain-list RFC6011
        142 ipv4-address-andsf ipv4-list RFC6153
        143 v4-sztp-redirect hex RFC8572
        144 geoloc hex RFC6225
        146 rdnss-selection hex RFC6731
        147 v4-dots-ri domain RFC8973
        148 v4-dots-address ipv4-list RFC8973
        150 tftp-server-address ipv4-list RFC5859
        159 v4-portparams hex RFC7618
        161 mud-url text RFC8520
        162 v4-dnr hex RFC9463
        208 pxelinux-magic hex RFC5071
        209 pxelinux-configfile text RFC5071
        210 pxelinux-pathprefix text RFC5071
        211 pxelinux-reboottime seconds RFC5071
        212 v4-6rd hex RFC5969
        213 v4-access-domain domain RFC5986
        249 ms-classless-static-routes routes
        252 wpad-url text
        """;

    /** Code, name, and why no file may set it. */
    private static final String OWNED = """
        50 requested-address:the client asks with it
        51 lease-time:the server computes it for each lease; set 'lease', 'min-lease' and 'max-lease'
        52 option-overload:the server sets it when a reply is full
        53 message-type:it is the kind of each packet
        54 server-identifier:it is the service address at every site; set 'service-address'
        56 message:the server says with it why it refuses
        57 max-message-size:the client says with it what it can take
        61 client-identifier:the client sends it, and gets it back
        77 user-class:the client sends it
        80 rapid-commit:the server grants it where the client asks
        81 fqdn:the server answers with it what the client sent
        82 relay-agent-information:the relay's words go back to it unchanged
        90 authentication:it is computed for each message
        91 client-last-transaction-time:it answers lease queries
        92 associated-ip:it answers lease queries
        93 client-architecture:the client sends it
        94 client-ndi:the client sends it
        97 client-uuid:the client sends it
        118 subnet-selection:the client or relay asks with it
        145 forcerenew-nonce:it is made for each client
        151 status-code:it answers lease queries
        152 base-time:it answers lease queries
        153 start-time-of-state:it answers lease queries
        154 query-start-time:it asks for leases
        155 query-end-time:it asks for leases
        156 dhcp-state:it answers lease queries
        157 data-source:it answers lease queries
        220 subnet-allocation:the client asks with it
        221 virtual-subnet-selection:the relay asks with it
        """;

    private static final SortedMap<Integer, OptionDefinition> BY_CODE = byCode();
    private static final SortedMap<String, OptionDefinition> BY_NAME = byName();
    private static final SortedMap<Integer, String[]> OWNED_BY_CODE = owned();

    private KnownOptions() {}

    /**
     * The option of a code.
     *
     * @param code any code
     * @return its definition, when the option has a name and files may set it
     */
    public static Optional<OptionDefinition> byCode(int code) {
        return Optional.ofNullable(BY_CODE.get(code));
    }

    /**
     * The option of a name.
     *
     * @param name any name
     * @return its definition, when there is one that files may set
     */
    public static Optional<OptionDefinition> byName(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    /**
     * All options that files may set by name.
     *
     * @return their definitions, in order of code
     */
    public static Collection<OptionDefinition> all() {
        return Collections.unmodifiableCollection(BY_CODE.values());
    }

    /**
     * Why no file may set this option.
     *
     * @param code any code
     * @return the reason; nothing when files may set it
     */
    public static Optional<String> ownedBecause(int code) {
        if (code < 1 || code > 254) {
            return Optional.of("option " + code + " does not exist; codes are 1 to 254");
        }
        return Optional.ofNullable(OWNED_BY_CODE.get(code))
                .map(words -> "option " + words[0] + " (" + code + ") is the server's own: " + words[1]);
    }

    /**
     * Whether a name belongs to an option that no file may set.
     *
     * @param name any name
     * @return true when a file cannot define an option of that name
     */
    public static boolean isOwned(String name) {
        return ownedNamed(name).isPresent();
    }

    /** The names of the options that no file may set. */
    static Collection<String> ownedNames() {
        return OWNED_BY_CODE.values().stream().map(owned -> owned[0]).toList();
    }

    /** The code of an option that no file may set. */
    static Optional<Integer> ownedNamed(String name) {
        String bare = name.startsWith("dhcp-") ? name.substring("dhcp-".length()) : name;
        return OWNED_BY_CODE.entrySet().stream()
                .filter(owned -> owned.getValue()[0].equals(bare))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static SortedMap<Integer, OptionDefinition> byCode() {
        SortedMap<Integer, OptionDefinition> all = new TreeMap<>();
        TABLE.lines().forEach(line -> {
            String[] words = line.split(" ", -1);
            int code = Integer.parseInt(words[0]);
            all.put(
                    code,
                    new OptionDefinition(
                            code, words[1], OptionType.named(words[2]).orElseThrow()));
        });
        return all;
    }

    private static SortedMap<String, OptionDefinition> byName() {
        SortedMap<String, OptionDefinition> all = new TreeMap<>();
        BY_CODE.values().forEach(option -> all.put(option.name(), option));
        return all;
    }

    private static SortedMap<Integer, String[]> owned() {
        SortedMap<Integer, String[]> all = new TreeMap<>();
        OWNED.lines().forEach(line -> {
            String[] words = line.substring(line.indexOf(' ') + 1).split(":", 2);
            all.put(Integer.parseInt(line.substring(0, line.indexOf(' '))), words);
        });
        return all;
    }
}
