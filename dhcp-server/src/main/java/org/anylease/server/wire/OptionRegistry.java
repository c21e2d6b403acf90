package org.anylease.server.wire;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Name and shape of every registered option: the IANA registry as a table, read once. */
final class OptionRegistry {
    /** Code, format, name. The definitions are cited at the constants of {@link OptionCode}. */
    private static final String TABLE = """
        0|EMPTY|Pad
        1|ADDRESS|Subnet Mask
        2|S32|Time Offset
        3|ADDRESSES|Router
        4|ADDRESSES|Time Server
        5|ADDRESSES|Name Server
        6|ADDRESSES|Domain Server
        7|ADDRESSES|Log Server
        8|ADDRESSES|Quotes Server
        9|ADDRESSES|LPR Server
        10|ADDRESSES|Impress Server
        11|ADDRESSES|RLP Server
        12|TEXT|Hostname
        13|U16|Boot File Size
        14|TEXT|Merit Dump File
        15|TEXT|Domain Name
        16|ADDRESS|Swap Server
        17|TEXT|Root Path
        18|TEXT|Extension File
        19|U8|Forward On/Off
        20|U8|SrcRte On/Off
        21|ADDRESS_PAIRS|Policy Filter
        22|U16|Max DG Assembly
        23|U8|Default IP TTL
        24|U32|MTU Timeout
        25|U16S|MTU Plateau
        26|U16|MTU Interface
        27|U8|MTU Subnet
        28|ADDRESS|Broadcast Address
        29|U8|Mask Discovery
        30|U8|Mask Supplier
        31|U8|Router Discovery
        32|ADDRESS|Router Request
        33|ADDRESS_PAIRS|Static Route
        34|U8|Trailers
        35|U32|ARP Timeout
        36|U8|Ethernet
        37|U8|Default TCP TTL
        38|U32|Keepalive Time
        39|U8|Keepalive Data
        40|TEXT|NIS Domain
        41|ADDRESSES|NIS Servers
        42|ADDRESSES|NTP Servers
        43|BYTES|Vendor Specific
        44|ADDRESSES|NETBIOS Name Srv
        45|ADDRESSES|NETBIOS Dist Srv
        46|U8|NETBIOS Node Type
        47|TEXT|NETBIOS Scope
        48|ADDRESSES|X Window Font
        49|ADDRESSES|X Window Manager
        50|ADDRESS|Address Request
        51|U32|Address Time
        52|U8|Overload
        53|MESSAGE_TYPE|DHCP Msg Type
        54|ADDRESS|DHCP Server Id
        55|CODES|Parameter List
        56|TEXT|DHCP Message
        57|U16|DHCP Max Msg Size
        58|U32|Renewal Time
        59|U32|Rebinding Time
        60|TEXT|Class Id
        61|BYTES_2|Client Id
        62|TEXT|NetWare/IP Domain
        63|BYTES|NetWare/IP Option
        64|TEXT|NIS-Domain-Name
        65|ADDRESSES|NIS-Server-Addr
        66|TEXT|Server-Name
        67|TEXT|Bootfile-Name
        68|ADDRESSES_OR_NONE|Home-Agent-Addrs
        69|ADDRESSES|SMTP-Server
        70|ADDRESSES|POP3-Server
        71|ADDRESSES|NNTP-Server
        72|ADDRESSES|WWW-Server
        73|ADDRESSES|Finger-Server
        74|ADDRESSES|IRC-Server
        75|ADDRESSES|StreetTalk-Server
        76|ADDRESSES|STDA-Server
        77|BYTES|User-Class
        78|BYTES|Directory Agent
        79|BYTES|Service Scope
        80|EMPTY|Rapid Commit
        81|BYTES_3|Client FQDN
        82|RELAY|Relay Agent Information
        83|BYTES|iSNS
        85|ADDRESSES|NDS Servers
        86|TEXT|NDS Tree Name
        87|TEXT|NDS Context
        88|BYTES|BCMCS Controller Domain Name list
        89|ADDRESSES|BCMCS Controller IPv4 address option
        90|BYTES|Authentication
        91|U32|client-last-transaction-time option
        92|ADDRESSES|associated-ip option
        93|U16S|Client System
        94|BYTES_3|Client NDI
        95|TEXT|LDAP
        97|BYTES|UUID/GUID
        98|TEXT|User-Auth
        99|BYTES|GEOCONF_CIVIC
        100|TEXT|PCode
        101|TEXT|TCode
        108|U32|IPv6-Only Preferred
        109|BYTES|OPTION_DHCP4O6_S46_SADDR
        112|BYTES|Netinfo Address
        113|BYTES|Netinfo Tag
        114|TEXT|DHCP Captive-Portal
        116|U8|Auto-Config
        117|U16S|Name Service Search
        118|ADDRESS|Subnet Selection Option
        119|BYTES|Domain Search
        120|BYTES_2|SIP Servers DHCP Option
        121|BYTES|Classless Static Route Option
        122|BYTES|CCC
        123|BYTES|GeoConf Option
        124|BYTES|V-I Vendor Class
        125|BYTES|V-I Vendor-Specific Information
        128|ANY|PXE - undefined (vendor specific)
        129|ANY|PXE - undefined (vendor specific)
        130|ANY|PXE - undefined (vendor specific)
        131|ANY|PXE - undefined (vendor specific)
        132|ANY|PXE - undefined (vendor specific)
        133|ANY|PXE - undefined (vendor specific)
        134|ANY|PXE - undefined (vendor specific)
        135|ANY|PXE - undefined (vendor specific)
        136|ADDRESSES|OPTION_PANA_AGENT
        137|BYTES|OPTION_V4_LOST
        138|ADDRESSES|OPTION_CAPWAP_AC_V4
        139|BYTES|OPTION-IPv4_Address-MoS
        140|BYTES|OPTION-IPv4_FQDN-MoS
        141|BYTES|SIP UA Configuration Service Domains
        142|ADDRESSES|OPTION-IPv4_Address-ANDSF
        143|BYTES|OPTION_V4_SZTP_REDIRECT
        144|BYTES|GeoLoc
        145|BYTES|FORCERENEW_NONCE_CAPABLE
        146|BYTES|RDNSS Selection
        147|BYTES|OPTION_V4_DOTS_RI
        148|ADDRESSES|OPTION_V4_DOTS_ADDRESS
        150|ADDRESSES|TFTP server address
        151|BYTES|status-code
        152|U32|base-time
        153|U32|start-time-of-state
        154|U32|query-start-time
        155|U32|query-end-time
        156|U8|dhcp-state
        157|U8|data-source
        158|BYTES|OPTION_V4_PCP_SERVER
        159|BYTES|OPTION_V4_PORTPARAMS
        161|TEXT|OPTION_MUD_URL_V4
        162|BYTES|OPTION_V4_DNR
        208|BYTES|PXELINUX Magic
        209|TEXT|Configuration File
        210|TEXT|Path Prefix
        211|U32|Reboot Time
        212|BYTES|OPTION_6RD
        213|BYTES|OPTION_V4_ACCESS_DOMAIN
        220|BYTES|Subnet Allocation Option
        221|BYTES|Virtual Subnet Selection (VSS) Option
        255|EMPTY|End
        """;

    private static final @Nullable String[] NAMES = new @Nullable String[256];
    private static final OptionFormat[] FORMATS = new OptionFormat[256];

    static {
        Arrays.fill(FORMATS, OptionFormat.ANY);
        TABLE.lines().forEach(line -> {
            int first = line.indexOf('|');
            int second = line.indexOf('|', first + 1);
            int code = Integer.parseInt(line.substring(0, first));
            FORMATS[code] = OptionFormat.valueOf(line.substring(first + 1, second));
            NAMES[code] = line.substring(second + 1);
        });
    }

    private OptionRegistry() {}

    static String name(int code) {
        String name = NAMES[code];
        if (name != null) {
            return name;
        }
        return (code >= 224 ? "Private " : "Unassigned ") + code;
    }

    /** The shape of a value; any shape for what is not registered. */
    static OptionFormat format(int code) {
        return FORMATS[code];
    }
}
