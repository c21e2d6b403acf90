package org.anylease.server.isc.convert;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.anylease.server.isc.syntax.OptionFormat;
import org.anylease.server.isc.syntax.OptionFormat.Field;
import org.anylease.server.isc.syntax.OptionFormat.FieldType;
import org.anylease.server.isc.syntax.OptionName;

/** The options that ISC DHCP knows without a definition, and those that files define, in the order they do. */
final class IscOptions {
    /**
     * Name, code, and fields: I address, t text, X octets, f boolean, B S L numbers of 1, 2 and 4 octets, l a signed
     * one, 6 an IPv6 address, d a domain name, D domain names, C compressed ones, A any number of them.
     */
    private static final String TABLE = """
        subnet-mask 1 I,time-offset 2 l,routers 3 IA,time-servers 4 IA,ien116-name-servers 5 IA,
        domain-name-servers 6 IA,log-servers 7 IA,cookie-servers 8 IA,lpr-servers 9 IA,impress-servers 10 IA,
        resource-location-servers 11 IA,host-name 12 t,boot-size 13 S,merit-dump 14 t,domain-name 15 t,swap-server 16 I,
        root-path 17 t,extensions-path 18 t,ip-forwarding 19 f,non-local-source-routing 20 f,policy-filter 21 IIA,
        max-dgram-reassembly 22 S,default-ip-ttl 23 B,path-mtu-aging-timeout 24 L,path-mtu-plateau-table 25 SA,
        interface-mtu 26 S,all-subnets-local 27 f,broadcast-address 28 I,perform-mask-discovery 29 f,mask-supplier 30 f,
        router-discovery 31 f,router-solicitation-address 32 I,static-routes 33 IIA,trailer-encapsulation 34 f,
        arp-cache-timeout 35 L,ieee802-3-encapsulation 36 f,default-tcp-ttl 37 B,tcp-keepalive-interval 38 L,
        tcp-keepalive-garbage 39 f,nis-domain 40 t,nis-servers 41 IA,ntp-servers 42 IA,vendor-encapsulated-options 43 X,
        netbios-name-servers 44 IA,netbios-dd-server 45 IA,netbios-node-type 46 B,netbios-scope 47 t,font-servers 48 IA,
        x-display-manager 49 IA,dhcp-requested-address 50 I,dhcp-lease-time 51 L,dhcp-option-overload 52 B,
        dhcp-message-type 53 B,dhcp-server-identifier 54 I,dhcp-parameter-request-list 55 BA,dhcp-message 56 t,
        dhcp-max-message-size 57 S,dhcp-renewal-time 58 L,dhcp-rebinding-time 59 L,vendor-class-identifier 60 X,
        dhcp-client-identifier 61 X,nwip-domain 62 t,nwip-suboptions 63 X,nisplus-domain 64 t,nisplus-servers 65 IA,
        tftp-server-name 66 t,bootfile-name 67 t,mobile-ip-home-agent 68 IA,smtp-server 69 IA,pop-server 70 IA,
        nntp-server 71 IA,www-server 72 IA,finger-server 73 IA,irc-server 74 IA,streettalk-server 75 IA,
        streettalk-directory-assistance-server 76 IA,user-class 77 X,slp-directory-agent 78 fIA,slp-service-scope 79 ft,
        relay-agent-information 82 X,nds-servers 85 IA,nds-tree-name 86 t,nds-context 87 t,bcms-controller-names 88 D,
        bcms-controller-address 89 IA,client-last-transaction-time 91 L,associated-ip 92 IA,pxe-system-type 93 SA,
        pxe-interface-id 94 BBB,pxe-client-id 97 BX,uap-servers 98 t,geoconf-civic 99 X,pcode 100 t,tcode 101 t,
        v6-only-preferred 108 L,netinfo-server-address 112 IA,netinfo-server-tag 113 t,default-url 114 t,
        v4-captive-portal 114 t,auto-config 116 B,name-service-search 117 SA,subnet-selection 118 I,domain-search 119 C,
        vivco 124 X,vivso 125 X,pana-agent 136 IA,v4-lost 137 d,capwap-ac-v4 138 IA,sip-ua-cs-domains 141 D,
        rdnss-selection 146 BIID,tftp-server-address 150 IA,v4-portparams 159 X,loader-configfile 209 t,
        loader-pathprefix 210 t,loader-reboottime 211 L,option-6rd 212 BB6IA,v4-access-domain 213 d
        """;

    /** The options of space {@code agent} that relays send; a server sets none of them. */
    static final String AGENT = "agent";

    /**
     * What an option is.
     *
     * @param code its code in its space
     * @param format what it holds
     */
    record Known(long code, OptionFormat format) {}

    /**
     * How a space writes codes and lengths.
     *
     * @param codeWidth octets of a code
     * @param lengthWidth octets of a length
     */
    record Space(int codeWidth, int lengthWidth) {}

    private final SortedMap<OptionName, Known> known = new TreeMap<>();
    private final SortedMap<String, Space> spaces = new TreeMap<>();
    private final SortedMap<Long, String> definedNames = new TreeMap<>();

    IscOptions() {
        for (String line : TABLE.strip().split(",\\s*", -1)) {
            String[] words = line.split(" ", -1);
            known.put(new OptionName(OptionName.DHCP, words[0]), new Known(Long.parseLong(words[1]), format(words[2])));
        }
        for (String space : List.of("nwip", "fqdn", AGENT, "vendor", "vendor-class", "server", "isc")) {
            spaces.put(space, new Space(1, 1));
        }
    }

    private static OptionFormat format(String letters) {
        boolean array = letters.endsWith("A");
        String fields = array ? letters.substring(0, letters.length() - 1) : letters;
        List<Field> types = new ArrayList<>();
        boolean uniform = fields.chars().allMatch(c -> c == fields.charAt(0));
        for (int i = 0; i < fields.length(); i++) {
            types.add(new Field(type(fields.charAt(i)), array && !uniform && i == fields.length() - 1));
        }
        return new OptionFormat(types, array && uniform, "");
    }

    private static FieldType type(char letter) {
        return switch (letter) {
            case 'I' -> FieldType.IP;
            case '6' -> FieldType.IP6;
            case 't' -> FieldType.TEXT;
            case 'X' -> FieldType.STRING;
            case 'f' -> FieldType.BOOLEAN;
            case 'B' -> FieldType.UINT8;
            case 'S' -> FieldType.UINT16;
            case 'L' -> FieldType.UINT32;
            case 'l' -> FieldType.INT32;
            case 'd' -> FieldType.DOMAIN;
            case 'D' -> FieldType.DOMAIN_LIST;
            case 'C' -> FieldType.COMPRESSED_DOMAIN_LIST;
            default -> throw new IllegalArgumentException("no field is written " + letter);
        };
    }

    void define(OptionName name, long code, OptionFormat format) {
        known.put(name, new Known(code, format));
        if (name.isDhcp()) {
            definedNames.put(code, name.name());
        }
    }

    void define(String space, Space widths) {
        spaces.put(space, widths);
    }

    Optional<Known> find(OptionName name) {
        Known found = known.get(name);
        if (found == null
                && name.name().matches("(option|unknown)-[0-9]{1,3}")
                && (name.isDhcp() || isSpace(name.space()))) {
            found = new Known(
                    Long.parseLong(name.name().substring(name.name().indexOf('-') + 1)),
                    OptionFormat.of(FieldType.STRING, false));
        }
        return Optional.ofNullable(found);
    }

    boolean isSpace(String name) {
        return spaces.containsKey(name);
    }

    Space space(String name) {
        return spaces.getOrDefault(name, new Space(1, 1));
    }

    /** The option, of the message or of another space, within which a space's options are sent by definition. */
    Optional<OptionName> carrierOf(String space) {
        return known.entrySet().stream()
                .filter(entry -> entry.getValue().format().encapsulates().equals(space))
                .map(java.util.Map.Entry::getKey)
                .findFirst();
    }

    /** What a file itself calls an option of the message. */
    Optional<String> definedName(long code) {
        return Optional.ofNullable(definedNames.get(code));
    }

    /** What a file itself says an option of the message holds. */
    Optional<OptionFormat> definedFormat(long code) {
        return definedName(code)
                .flatMap(name -> Optional.ofNullable(known.get(new OptionName(OptionName.DHCP, name))))
                .map(Known::format);
    }
}
