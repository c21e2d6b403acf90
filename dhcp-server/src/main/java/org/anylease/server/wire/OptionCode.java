package org.anylease.server.wire;

/**
 * The codes of the DHCPv4 options: the IANA registry "BOOTP Vendor Extensions and DHCP Options" (RFC 2132, RFC 2939).
 *
 * <p>A constant is named after the registry's name, and says where the option is defined.
 */
public final class OptionCode {
    /** Fills space, has no length (RFC 2132 §3.1); never among a packet's options. */
    public static final int PAD = 0;
    /** Subnet Mask (RFC 2132 §3.3). */
    public static final int SUBNET_MASK = 1;
    /** Time Offset (RFC 2132 §3.4). */
    public static final int TIME_OFFSET = 2;
    /** Router (RFC 2132 §3.5). */
    public static final int ROUTER = 3;
    /** Time Server (RFC 2132 §3.6). */
    public static final int TIME_SERVER = 4;
    /** Name Server (RFC 2132 §3.7). */
    public static final int NAME_SERVER = 5;
    /** Domain Server (RFC 2132 §3.8). */
    public static final int DOMAIN_SERVER = 6;
    /** Log Server (RFC 2132 §3.9). */
    public static final int LOG_SERVER = 7;
    /** Quotes Server (RFC 2132 §3.10). */
    public static final int QUOTES_SERVER = 8;
    /** LPR Server (RFC 2132 §3.11). */
    public static final int LPR_SERVER = 9;
    /** Impress Server (RFC 2132 §3.12). */
    public static final int IMPRESS_SERVER = 10;
    /** RLP Server (RFC 2132 §3.13). */
    public static final int RLP_SERVER = 11;
    /** Hostname (RFC 2132 §3.14). */
    public static final int HOSTNAME = 12;
    /** Boot File Size (RFC 2132 §3.15). */
    public static final int BOOT_FILE_SIZE = 13;
    /** Merit Dump File (RFC 2132 §3.16). */
    public static final int MERIT_DUMP_FILE = 14;
    /** Domain Name (RFC 2132 §3.17). */
    public static final int DOMAIN_NAME = 15;
    /** Swap Server (RFC 2132 §3.18). */
    public static final int SWAP_SERVER = 16;
    /** Root Path (RFC 2132 §3.19). */
    public static final int ROOT_PATH = 17;
    /** Extension File (RFC 2132 §3.20). */
    public static final int EXTENSION_FILE = 18;
    /** Forward On/Off (RFC 2132 §4.1). */
    public static final int FORWARD_ON_OFF = 19;
    /** SrcRte On/Off (RFC 2132 §4.2). */
    public static final int SRCRTE_ON_OFF = 20;
    /** Policy Filter (RFC 2132 §4.3). */
    public static final int POLICY_FILTER = 21;
    /** Max DG Assembly (RFC 2132 §4.4). */
    public static final int MAX_DG_ASSEMBLY = 22;
    /** Default IP TTL (RFC 2132 §4.5). */
    public static final int DEFAULT_IP_TTL = 23;
    /** MTU Timeout (RFC 2132 §4.6). */
    public static final int MTU_TIMEOUT = 24;
    /** MTU Plateau (RFC 2132 §4.7). */
    public static final int MTU_PLATEAU = 25;
    /** MTU Interface (RFC 2132 §5.1). */
    public static final int MTU_INTERFACE = 26;
    /** MTU Subnet (RFC 2132 §5.2). */
    public static final int MTU_SUBNET = 27;
    /** Broadcast Address (RFC 2132 §5.3). */
    public static final int BROADCAST_ADDRESS = 28;
    /** Mask Discovery (RFC 2132 §5.4). */
    public static final int MASK_DISCOVERY = 29;
    /** Mask Supplier (RFC 2132 §5.5). */
    public static final int MASK_SUPPLIER = 30;
    /** Router Discovery (RFC 2132 §5.6). */
    public static final int ROUTER_DISCOVERY = 31;
    /** Router Request (RFC 2132 §5.7). */
    public static final int ROUTER_REQUEST = 32;
    /** Static Route (RFC 2132 §5.8). */
    public static final int STATIC_ROUTE = 33;
    /** Trailers (RFC 2132 §6.1). */
    public static final int TRAILERS = 34;
    /** ARP Timeout (RFC 2132 §6.2). */
    public static final int ARP_TIMEOUT = 35;
    /** Ethernet (RFC 2132 §6.3). */
    public static final int ETHERNET = 36;
    /** Default TCP TTL (RFC 2132 §7.1). */
    public static final int DEFAULT_TCP_TTL = 37;
    /** Keepalive Time (RFC 2132 §7.2). */
    public static final int KEEPALIVE_TIME = 38;
    /** Keepalive Data (RFC 2132 §7.3). */
    public static final int KEEPALIVE_DATA = 39;
    /** NIS Domain (RFC 2132 §8.1). */
    public static final int NIS_DOMAIN = 40;
    /** NIS Servers (RFC 2132 §8.2). */
    public static final int NIS_SERVERS = 41;
    /** NTP Servers (RFC 2132 §8.3). */
    public static final int NTP_SERVERS = 42;
    /** Vendor Specific (RFC 2132 §8.4). */
    public static final int VENDOR_SPECIFIC = 43;
    /** NETBIOS Name Srv (RFC 2132 §8.5). */
    public static final int NETBIOS_NAME_SRV = 44;
    /** NETBIOS Dist Srv (RFC 2132 §8.6). */
    public static final int NETBIOS_DIST_SRV = 45;
    /** NETBIOS Node Type (RFC 2132 §8.7). */
    public static final int NETBIOS_NODE_TYPE = 46;
    /** NETBIOS Scope (RFC 2132 §8.8). */
    public static final int NETBIOS_SCOPE = 47;
    /** X Window Font (RFC 2132 §8.9). */
    public static final int X_WINDOW_FONT = 48;
    /** X Window Manager (RFC 2132 §8.10). */
    public static final int X_WINDOW_MANAGER = 49;
    /** Address Request (RFC 2132 §9.1). */
    public static final int ADDRESS_REQUEST = 50;
    /** Address Time (RFC 2132 §9.2). */
    public static final int ADDRESS_TIME = 51;
    /** Overload (RFC 2132 §9.3; never among a packet's options, the codec does and undoes it). */
    public static final int OVERLOAD = 52;
    /** DHCP Msg Type (RFC 2132 §9.6). */
    public static final int MESSAGE_TYPE = 53;
    /** DHCP Server Id (RFC 2132 §9.7). */
    public static final int SERVER_ID = 54;
    /** Parameter List (RFC 2132 §9.8). */
    public static final int PARAMETER_LIST = 55;
    /** DHCP Message (RFC 2132 §9.9). */
    public static final int MESSAGE = 56;
    /** DHCP Max Msg Size (RFC 2132 §9.10). */
    public static final int MAXIMUM_MESSAGE_SIZE = 57;
    /** Renewal Time (RFC 2132 §9.11). */
    public static final int RENEWAL_TIME = 58;
    /** Rebinding Time (RFC 2132 §9.12). */
    public static final int REBINDING_TIME = 59;
    /** Class Id (RFC 2132 §9.13). */
    public static final int CLASS_ID = 60;
    /** Client Id (RFC 2132 §9.14, RFC 4361). */
    public static final int CLIENT_ID = 61;
    /** NetWare/IP Domain (RFC 2242 §2). */
    public static final int NETWARE_IP_DOMAIN = 62;
    /** NetWare/IP Option (RFC 2242 §3). */
    public static final int NETWARE_IP_OPTION = 63;
    /** NIS-Domain-Name (RFC 2132 §8.11). */
    public static final int NIS_DOMAIN_NAME = 64;
    /** NIS-Server-Addr (RFC 2132 §8.12). */
    public static final int NIS_SERVER_ADDR = 65;
    /** Server-Name (RFC 2132 §9.4). */
    public static final int SERVER_NAME = 66;
    /** Bootfile-Name (RFC 2132 §9.5). */
    public static final int BOOTFILE_NAME = 67;
    /** Home-Agent-Addrs (RFC 2132 §8.13). */
    public static final int HOME_AGENT_ADDRS = 68;
    /** SMTP-Server (RFC 2132 §8.14). */
    public static final int SMTP_SERVER = 69;
    /** POP3-Server (RFC 2132 §8.15). */
    public static final int POP3_SERVER = 70;
    /** NNTP-Server (RFC 2132 §8.16). */
    public static final int NNTP_SERVER = 71;
    /** WWW-Server (RFC 2132 §8.17). */
    public static final int WWW_SERVER = 72;
    /** Finger-Server (RFC 2132 §8.18). */
    public static final int FINGER_SERVER = 73;
    /** IRC-Server (RFC 2132 §8.19). */
    public static final int IRC_SERVER = 74;
    /** StreetTalk-Server (RFC 2132 §8.20). */
    public static final int STREETTALK_SERVER = 75;
    /** STDA-Server (RFC 2132 §8.21). */
    public static final int STDA_SERVER = 76;
    /** User-Class (RFC 3004 §4). */
    public static final int USER_CLASS = 77;
    /** Directory Agent (RFC 2610 §3). */
    public static final int DIRECTORY_AGENT = 78;
    /** Service Scope (RFC 2610 §4). */
    public static final int SERVICE_SCOPE = 79;
    /** Rapid Commit (RFC 4039 §4). */
    public static final int RAPID_COMMIT = 80;
    /** Client FQDN (RFC 4702 §2). */
    public static final int CLIENT_FQDN = 81;
    /** Relay Agent Information (RFC 3046 §2.0). */
    public static final int RELAY_AGENT_INFORMATION = 82;
    /** iSNS (RFC 4174 §2). */
    public static final int ISNS = 83;
    /** NDS Servers (RFC 2241 §2). */
    public static final int NDS_SERVERS = 85;
    /** NDS Tree Name (RFC 2241 §3). */
    public static final int NDS_TREE_NAME = 86;
    /** NDS Context (RFC 2241 §4). */
    public static final int NDS_CONTEXT = 87;
    /** BCMCS Controller Domain Name list (RFC 4280 §4.1). */
    public static final int BCMCS_DOMAIN_LIST = 88;
    /** BCMCS Controller IPv4 address option (RFC 4280 §4.3). */
    public static final int BCMCS_ADDRESS = 89;
    /** Authentication (RFC 3118 §2). */
    public static final int AUTHENTICATION = 90;
    /** client-last-transaction-time option (RFC 4388 §6.1). */
    public static final int CLIENT_LAST_TRANSACTION_TIME = 91;
    /** associated-ip option (RFC 4388 §6.1). */
    public static final int ASSOCIATED_IP = 92;
    /** Client System (RFC 4578 §2.1). */
    public static final int CLIENT_SYSTEM = 93;
    /** Client NDI (RFC 4578 §2.2). */
    public static final int CLIENT_NDI = 94;
    /** LDAP (RFC 3679 §3.3). */
    public static final int LDAP = 95;
    /** UUID/GUID (RFC 4578 §2.3). */
    public static final int UUID_GUID = 97;
    /** User-Auth (RFC 2485 §2). */
    public static final int USER_AUTH = 98;
    /** GEOCONF_CIVIC (RFC 4776 §3.1). */
    public static final int GEOCONF_CIVIC = 99;
    /** PCode (RFC 4833 §2). */
    public static final int PCODE = 100;
    /** TCode (RFC 4833 §2). */
    public static final int TCODE = 101;
    /** IPv6-Only Preferred (RFC 8925 §3.1). */
    public static final int IPV6_ONLY_PREFERRED = 108;
    /** OPTION_DHCP4O6_S46_SADDR (RFC 8539 §7.2). */
    public static final int DHCP4O6_S46_SADDR = 109;
    /** Netinfo Address (RFC 3679 §3.4). */
    public static final int NETINFO_ADDRESS = 112;
    /** Netinfo Tag (RFC 3679 §3.4). */
    public static final int NETINFO_TAG = 113;
    /** DHCP Captive-Portal (RFC 8910 §2.1). */
    public static final int CAPTIVE_PORTAL = 114;
    /** Auto-Config (RFC 2563 §2). */
    public static final int AUTO_CONFIG = 116;
    /** Name Service Search (RFC 2937 §2). */
    public static final int NAME_SERVICE_SEARCH = 117;
    /** Subnet Selection Option (RFC 3011 §2). */
    public static final int SUBNET_SELECTION = 118;
    /** Domain Search (RFC 3397 §2). */
    public static final int DOMAIN_SEARCH = 119;
    /** SIP Servers DHCP Option (RFC 3361 §3). */
    public static final int SIP_SERVERS = 120;
    /** Classless Static Route Option (RFC 3442). */
    public static final int CLASSLESS_STATIC_ROUTE = 121;
    /** CCC (RFC 3495 §4). */
    public static final int CCC = 122;
    /** GeoConf Option (RFC 6225 §2.1). */
    public static final int GEOCONF = 123;
    /** V-I Vendor Class (RFC 3925 §3). */
    public static final int VI_VENDOR_CLASS = 124;
    /** V-I Vendor-Specific Information (RFC 3925 §4). */
    public static final int VI_VENDOR_SPECIFIC = 125;
    /** PXE - undefined (vendor specific) (RFC 4578 §2.4). */
    public static final int PXE_128 = 128;
    /** PXE - undefined (vendor specific) (RFC 4578 §2.4). */
    public static final int PXE_129 = 129;
    /** PXE - undefined (vendor specific) (RFC 4578 §2.4). */
    public static final int PXE_130 = 130;
    /** PXE - undefined (vendor specific) (RFC 4578 §2.4). */
    public static final int PXE_131 = 131;
    /** PXE - undefined (vendor specific) (RFC 4578 §2.4). */
    public static final int PXE_132 = 132;
    /** PXE - undefined (vendor specific) (RFC 4578 §2.4). */
    public static final int PXE_133 = 133;
    /** PXE - undefined (vendor specific) (RFC 4578 §2.4). */
    public static final int PXE_134 = 134;
    /** PXE - undefined (vendor specific) (RFC 4578 §2.4). */
    public static final int PXE_135 = 135;
    /** OPTION_PANA_AGENT (RFC 5192 §4). */
    public static final int PANA_AGENT = 136;
    /** OPTION_V4_LOST (RFC 5223 §4). */
    public static final int V4_LOST = 137;
    /** OPTION_CAPWAP_AC_V4 (RFC 5417 §2). */
    public static final int CAPWAP_AC_V4 = 138;
    /** OPTION-IPv4_Address-MoS (RFC 5678 §2). */
    public static final int MOS_ADDRESS = 139;
    /** OPTION-IPv4_FQDN-MoS (RFC 5678 §3). */
    public static final int MOS_FQDN = 140;
    /** SIP UA Configuration Service Domains (RFC 6011 §4.1). */
    public static final int SIP_UA_DOMAINS = 141;
    /** OPTION-IPv4_Address-ANDSF (RFC 6153 §2). */
    public static final int ANDSF_ADDRESS = 142;
    /** OPTION_V4_SZTP_REDIRECT (RFC 8572 §8.1). */
    public static final int SZTP_REDIRECT = 143;
    /** GeoLoc (RFC 6225 §2.2). */
    public static final int GEOLOC = 144;
    /** FORCERENEW_NONCE_CAPABLE (RFC 6704 §3.1.1). */
    public static final int FORCERENEW_NONCE_CAPABLE = 145;
    /** RDNSS Selection (RFC 6731 §4.3). */
    public static final int RDNSS_SELECTION = 146;
    /** OPTION_V4_DOTS_RI (RFC 8973 §5.2). */
    public static final int DOTS_RI = 147;
    /** OPTION_V4_DOTS_ADDRESS (RFC 8973 §5.2). */
    public static final int DOTS_ADDRESS = 148;
    /** TFTP server address (RFC 5859 §2). */
    public static final int TFTP_SERVER_ADDRESS = 150;
    /** status-code (RFC 6926 §6.2.2). */
    public static final int STATUS_CODE = 151;
    /** base-time (RFC 6926 §6.2.3). */
    public static final int BASE_TIME = 152;
    /** start-time-of-state (RFC 6926 §6.2.4). */
    public static final int START_TIME_OF_STATE = 153;
    /** query-start-time (RFC 6926 §6.2.5). */
    public static final int QUERY_START_TIME = 154;
    /** query-end-time (RFC 6926 §6.2.6). */
    public static final int QUERY_END_TIME = 155;
    /** dhcp-state (RFC 6926 §6.2.7). */
    public static final int DHCP_STATE = 156;
    /** data-source (RFC 6926 §6.2.8). */
    public static final int DATA_SOURCE = 157;
    /** OPTION_V4_PCP_SERVER (RFC 7291 §4). */
    public static final int PCP_SERVER = 158;
    /** OPTION_V4_PORTPARAMS (RFC 7618 §9). */
    public static final int PORTPARAMS = 159;
    /** OPTION_MUD_URL_V4 (RFC 8520 §10). */
    public static final int MUD_URL = 161;
    /** OPTION_V4_DNR (RFC 9463 §5). */
    public static final int DNR = 162;
    /** PXELINUX Magic (RFC 5071 §3). */
    public static final int PXELINUX_MAGIC = 208;
    /** Configuration File (RFC 5071 §4). */
    public static final int CONFIGURATION_FILE = 209;
    /** Path Prefix (RFC 5071 §5). */
    public static final int PATH_PREFIX = 210;
    /** Reboot Time (RFC 5071 §6). */
    public static final int REBOOT_TIME = 211;
    /** OPTION_6RD (RFC 5969 §7.1.1). */
    public static final int SIX_RD = 212;
    /** OPTION_V4_ACCESS_DOMAIN (RFC 5986 §3.2). */
    public static final int ACCESS_DOMAIN = 213;
    /** Subnet Allocation Option (RFC 6656 §3). */
    public static final int SUBNET_ALLOCATION = 220;
    /** Virtual Subnet Selection (VSS) Option (RFC 6607 §3.1). */
    public static final int VIRTUAL_SUBNET_SELECTION = 221;
    /** Ends the options of a field, has no length (RFC 2132 §3.2); never among a packet's options. */
    public static final int END = 255;

    private OptionCode() {}

    /**
     * The registry's name of an option.
     *
     * @param code 0 to 255
     * @return the name, such as {@code Subnet Mask}; {@code Private 224} from 224 on (RFC 3942 §3), else {@code
     *     Unassigned 102} where nothing is registered
     */
    public static String name(int code) {
        return OptionRegistry.name(code);
    }
}
