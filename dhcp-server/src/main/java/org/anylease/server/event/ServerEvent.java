package org.anylease.server.event;

import java.util.Locale;

/**
 * Everything countable that can happen in the server, with what it means and what to do about it.
 *
 * <p>The names are labels of metrics and stable: one that is no longer used is not given to something else.
 */
public enum ServerEvent {
    // What could not be read.
    /** A datagram is shorter than the fixed fields of a packet. */
    MALFORMED_TOO_SHORT(Level.COUNTED, "A datagram is shorter than the fixed fields of a packet.", "Find the sender."),
    /** A datagram is longer than any that this server reads. */
    MALFORMED_TOO_LONG(Level.COUNTED, "A datagram is longer than any that this server reads.", "Find the sender."),
    /** Field op is neither request nor reply. */
    MALFORMED_OP(Level.COUNTED, "Field op is neither request nor reply.", "Find the sender; it speaks no DHCP."),
    /** Field hlen says more than chaddr can hold. */
    MALFORMED_HLEN(Level.COUNTED, "Field hlen says more than chaddr can hold.", "Find the client or relay."),
    /** The options begin with neither the DHCP cookie nor zeros. */
    MALFORMED_MAGIC(Level.COUNTED, "The options begin with neither the DHCP cookie nor zeros.", "Find the sender."),
    /** An option runs past the end of its field. */
    MALFORMED_OPTION_OVERRUN(
            Level.COUNTED, "An option runs past the end of its field.", "Find who cuts packets short."),
    /** Option 52 is not as RFC 2132 §9.3 defines it. */
    MALFORMED_OVERLOAD(Level.COUNTED, "Option 52 is not as RFC 2132 §9.3 defines it.", "Find the client."),
    /** Option 53 has no registered message type. */
    MALFORMED_MESSAGE_TYPE(Level.COUNTED, "Option 53 has no registered message type.", "Find the client."),
    /** The sub-options of option 82 do not add up. */
    MALFORMED_RELAY_INFORMATION(Level.COUNTED, "The sub-options of option 82 do not add up.", "Correct the relay."),

    // What came in.
    /** A BOOTREPLY arrived where requests are expected. */
    PACKET_IGNORED_REPLY(
            Level.COUNTED,
            "A BOOTREPLY arrived where requests are expected.",
            "If it goes on, look for a relay that sends replies to the service address."),
    /** A BOOTP request was not answered: no level of the configuration serves its client by BOOTP. */
    PACKET_BOOTP(
            Level.COUNTED,
            "A BOOTP request was not answered: no level of the configuration serves its client by BOOTP.",
            "Say 'serving.bootp' where such clients are to be served, or have them use DHCP."),
    /** A BOOTP request came of a client that may be served by it. */
    BOOTP_RECEIVED(Level.COUNTED, "A BOOTP request came of a client that may be served by it.", "Nothing."),
    /** A BOOTP request was answered. */
    BOOTP_ANSWERED(Level.COUNTED, "A BOOTP request was answered.", "Nothing."),
    /** A BOOTP request was not answered, since the cell refused its client the address. */
    BOOTP_REFUSED(
            Level.COUNTED,
            "A BOOTP request was not answered, since the cell refused its client the address.",
            "Nothing; the client asks again, and is offered another."),
    /** A client is not to be served, by the configuration; it was not answered. */
    CLIENT_NOT_SERVED(
            Level.COUNTED,
            "A client is not to be served, by the configuration; it was not answered.",
            "Nothing, unless it should be: see 'serving.enabled'."),
    /** A client has not waited as long as the configuration asks for; it was not answered. */
    CLIENT_MUST_WAIT(
            Level.COUNTED,
            "A client has not waited as long as the configuration asks for; it was not answered.",
            "Nothing; it asks again. See 'serving.offer-after'."),
    /** A DECLINE was not heeded, as the configuration asks for. */
    DECLINE_NOT_HEEDED(
            Level.COUNTED,
            "A DECLINE was not heeded, as the configuration asks for.",
            "Find out what uses the address. See 'serving.quarantine-declined'."),
    /** A relay or client names a virtual private network that its network does not belong to; dropped. */
    UNKNOWN_VPN(
            Level.COUNTED,
            "A packet does not come from the virtual private network that its network belongs to; it was dropped.",
            "Correct 'vpn' of the network, or the relay."),
    /** The virtual private network that a packet names decided where it belongs. */
    SELECTED_BY_VPN(
            Level.COUNTED,
            "The virtual private network that a packet names decided where it belongs, beside its address.",
            "Nothing."),
    /** A message of a type that this server does not answer was dropped. */
    PACKET_UNSERVED_TYPE(
            Level.COUNTED,
            "A message of a type that this server does not answer was dropped.",
            "Allow lease queries if it is one; else find out who sends server messages to the service address."),
    /** Classes cost a packet more steps than it may take; it was dropped. */
    PACKET_CLASSES_EXHAUSTED(Level.WARNING, "A packet's classes took too many steps: dropped.", "Simplify them."),
    /** A computed value came to nothing; the reply went without it. */
    COMPUTED_ABSENT(Level.COUNTED, "A computed value came to nothing; the reply went without it.", "Nothing."),
    /** A computed value has a length its option cannot have, or took too long; the reply went without it. */
    COMPUTED_MISFIT(Level.WARNING, "A computed value has a length that cannot be sent: left out.", "See its type."),
    /** A command of an action failed, ran too long, found too many waiting, or is not allowed here. */
    COMMAND_FAILED(
            Level.WARNING, "A command of an action failed or was not run.", "See its reason; nothing repeats it."),
    /** A client showed neither a hardware address nor a client identifier. */
    PACKET_NO_IDENTITY(
            Level.COUNTED,
            "A client showed neither a hardware address nor a client identifier.",
            "Find the client; RFC 4390 §2.1 asks it for a client identifier."),
    /** A client identifier of more than 255 octets was dropped. */
    PACKET_IDENTITY_TOO_LONG(Level.COUNTED, "A client identifier over 255 octets was dropped.", "Find the client."),
    /** giaddr or ciaddr is no address of a host, so that no reply could go there. */
    PACKET_BAD_ADDRESS(
            Level.COUNTED,
            "giaddr or ciaddr is no address of a host, so that no reply could go there.",
            "Find the relay or client; somebody may be probing."),
    /** Virtual subnet selection (RFC 6607) was asked for and not obeyed; the reply tells the relay so. */
    PACKET_VPN_IGNORED(
            Level.COUNTED,
            "Virtual subnet selection (RFC 6607) was asked for and not obeyed; the reply tells the relay so.",
            "Say 'vpn' of the network; overlapping addresses need separate clusters."),

    /** The server tripped over a packet and dropped it: a defect of this program. */
    PACKET_DEFECT(
            Level.ERROR,
            "The server tripped over a packet and dropped it: a defect of this program.",
            "Report it with this line and a capture of the packet."),

    // Lease queries.
    /** A lease query came from where none is allowed; it was dropped. */
    LEASEQUERY_REFUSED(Level.WARNING, "A lease query from where none is allowed: dropped.", "See `leasequery.from`."),
    /** A lease query asks for nothing, or for two things; it is not answered. */
    LEASEQUERY_MALFORMED(Level.COUNTED, "A lease query that is not understood: not answered.", "Find its sender."),
    /** A bulk lease query was answered to its end. */
    LEASEQUERY_BULK(Level.COUNTED, "A bulk lease query was answered to its end.", "Nothing."),
    /** A bulk lease query was refused or cut short. */
    LEASEQUERY_BULK_FAILED(Level.WARNING, "A bulk lease query was refused or cut short.", "See its reason."),

    // Where it came from.
    /** The network was chosen by the relay's link selection (RFC 3527). */
    SELECTED_BY_LINK_SELECTION(
            Level.COUNTED, "The network was chosen by the relay's link selection (RFC 3527).", "Nothing."),
    /** The network was chosen by the client's subnet selection (RFC 3011). */
    SELECTED_BY_SUBNET_OPTION(
            Level.COUNTED, "The network was chosen by the client's subnet selection (RFC 3011).", "Nothing."),
    /** The network was chosen by giaddr. */
    SELECTED_BY_GIADDR(Level.COUNTED, "The network was chosen by giaddr.", "Nothing."),
    /** The network was chosen by ciaddr, as in a unicast renewal. */
    SELECTED_BY_CIADDR(Level.COUNTED, "The network was chosen by ciaddr, as in a unicast renewal.", "Nothing."),
    /** The network was chosen by the interface's own addresses. */
    SELECTED_BY_INTERFACE(Level.COUNTED, "The network was chosen by the interface's own addresses.", "Nothing."),
    /** Silence: no subnet contains the relay's link selection. */
    UNKNOWN_LINK_SELECTION(Level.COUNTED, "Silence: no subnet has the link selection.", "Add it, or mend the relay."),
    /** Silence: no subnet contains the client's subnet selection. */
    UNKNOWN_SUBNET_OPTION(
            Level.COUNTED, "Silence: no subnet contains the client's subnet selection.", "Add it, or mend the client."),
    /** Silence: no subnet contains giaddr. */
    UNKNOWN_GIADDR(Level.COUNTED, "Silence: no subnet contains giaddr.", "Add it, or correct the relay's list."),
    /** Silence: no configured subnet contains ciaddr. */
    UNKNOWN_CIADDR(Level.COUNTED, "Silence: no configured subnet contains ciaddr.", "Add it if its clients are ours."),
    /** Silence: no subnet contains an address of the interface. */
    UNKNOWN_INTERFACE(Level.COUNTED, "Silence: no subnet has the interface's addresses.", "Add it, or do not listen."),

    /** A relay's packet was dropped: it is not allowed. */
    RELAY_NOT_ALLOWED(Level.WARNING, "A relay that is not allowed: dropped.", "If it is yours, see protection.relays."),
    /** A packet was dropped: its client sent too many in a minute. */
    LIMITED_CLIENT(Level.COUNTED, "A packet was dropped: its client sent too many in a minute.", "Find the client."),
    /** A circuit had too many new clients in a minute. */
    LIMITED_CIRCUIT(Level.WARNING, "A circuit had too many new clients in a minute.", "See what hangs on it."),
    /** A circuit has as many leases as it may. */
    LIMITED_CIRCUIT_LEASES(Level.COUNTED, "A circuit has as many leases as it may.", "See what hangs on it."),
    /** A subnet had too many new clients in a minute. */
    LIMITED_SUBNET(Level.WARNING, "A subnet had too many new clients in a minute.", "Look for a flood."),

    // DISCOVER.
    /** A DISCOVER of a known network. */
    DISCOVER_RECEIVED(Level.COUNTED, "A DISCOVER of a known network.", "Nothing."),
    /** A DISCOVER joined one of the same client that is being answered. */
    DISCOVER_JOINED(Level.COUNTED, "A DISCOVER joined one of the same client that is being answered.", "Nothing."),
    /** An address was offered. */
    DISCOVER_OFFERED(Level.COUNTED, "An address was offered.", "Nothing."),
    /** An address was offered although its probe could not be carried out. */
    DISCOVER_OFFERED_UNPROBED(
            Level.WARNING,
            "An address was offered although its probe could not be carried out.",
            "Let ICMP echo pass between the server's own address and the network, or switch its probe off."),
    /** Silence: the probe could not be carried out and the network's policy withholds the address. */
    DISCOVER_WITHHELD_UNPROBED(
            Level.WARNING,
            "Silence: the probe could not be carried out and the network's policy withholds the address.",
            "Let ICMP echo pass between the server's own address and the network, or change the policy."),
    /** Silence: no address is left for a new client, or its circuit holds too many offers. */
    DISCOVER_POOL_EXHAUSTED(
            Level.ERROR,
            "Silence: no address is left for a new client, or its circuit holds too many offers.",
            "Add a pool, shorten leases, or see which addresses wait for reuse and for whom."),
    /** Silence: so many addresses in a row were found in use that the client must ask again. */
    DISCOVER_PROBES_EXHAUSTED(
            Level.WARNING,
            "Silence: so many addresses in a row were found in use that the client must ask again.",
            "Find out who uses the pool's addresses without a lease."),
    /** Silence: the network has no pool that the client may use. */
    DISCOVER_NOT_PERMITTED(Level.COUNTED, "Silence: the client may use no pool of the network.", "See its pools."),
    /** Silence: one of the client's classes has as many addresses as it may. */
    DISCOVER_CLASS_FULL(Level.COUNTED, "Silence: a class of the client's is full.", "See the class's lease-limit."),
    /** Silence: no offer was committed in time. */
    DISCOVER_UNCOMMITTED(Level.WARNING, "Silence: no offer was committed in time.", "See the cell's quorum."),
    /** A client that can do without IPv4 was offered no address (RFC 8925). */
    DISCOVER_NO_ADDRESS_WANTED(Level.COUNTED, "A client that wants none got no address (RFC 8925).", "Nothing."),

    // Probes.
    /** A stranger uses an address that was about to be offered; it is abandoned. */
    PROBE_ANSWERED(
            Level.WARNING,
            "A stranger uses an address that was about to be offered; it is abandoned.",
            "Find the device: it has a static address inside a pool, or outlived its lease."),
    /** Nobody answered for the address. */
    PROBE_SILENT(Level.COUNTED, "Nobody answered for the address.", "Nothing."),
    /** Somebody on the way reported the address unreachable: nothing is known about it. */
    PROBE_UNREACHABLE(
            Level.COUNTED,
            "Somebody on the way reported the address unreachable: nothing is known about it.",
            "Let ICMP echo pass, if that is many."),
    /** The probe never left this server. */
    PROBE_LOCAL_ERROR(Level.COUNTED, "The probe never left this server.", "See the server's log for the reason."),
    /** No probe: it was silent for the same client a moment ago. */
    PROBE_SPARED(Level.COUNTED, "No probe: it was silent for the same client a moment ago.", "Nothing."),

    // REQUEST.
    /** A client takes up an offer. */
    REQUEST_SELECTING(Level.COUNTED, "A client takes up an offer.", "Nothing."),
    /** A client verifies the address it remembers. */
    REQUEST_INIT_REBOOT(Level.COUNTED, "A client verifies the address it remembers.", "Nothing."),
    /** A client extends its lease by unicast. */
    REQUEST_RENEWING(Level.COUNTED, "A client extends its lease by unicast.", "Nothing."),
    /** A client extends its lease by broadcast. */
    REQUEST_REBINDING(Level.COUNTED, "A client extends its lease by broadcast.", "Nothing."),
    /** A REQUEST joined one of the same client that is being answered. */
    REQUEST_JOINED(Level.COUNTED, "A REQUEST joined one of the same client that is being answered.", "Nothing."),
    /** Silence: the client took another server's offer. */
    REQUEST_OTHER_SERVER(
            Level.COUNTED,
            "Silence: the client took another server's offer.",
            "If that is unwanted, find the other server, or name its identifier as an alias."),
    /** Silence: the REQUEST names no address. */
    REQUEST_WITHOUT_ADDRESS(Level.COUNTED, "Silence: the REQUEST names no address.", "Find the client."),
    /** A lease was committed and acknowledged. */
    REQUEST_ACKNOWLEDGED(Level.COUNTED, "A lease was committed and acknowledged.", "Nothing."),
    /** NAK: the address is of another network. */
    REQUEST_NAK_WRONG_NETWORK(Level.COUNTED, "NAK: the address is of another network.", "Nothing: the client moved."),
    /** NAK: the address is another client's. */
    REQUEST_NAK_TAKEN(
            Level.COUNTED,
            "NAK: the address is another client's.",
            "If many, see whether another server gives out the same addresses."),
    /** NAK: the address is in no pool that the client may use. */
    REQUEST_NAK_NOT_LEASABLE(
            Level.COUNTED,
            "NAK: the address is in no pool that the client may use.",
            "Nothing after a change of pools; else see whether another server is active."),
    /** NAK: the address is in quarantine. */
    REQUEST_NAK_ABANDONED(Level.COUNTED, "NAK: the address is in quarantine.", "Find the device that uses it."),
    /** NAK: the client has another address on record. */
    REQUEST_NAK_OTHER_ADDRESS(Level.COUNTED, "NAK: the client has another address on record.", "Nothing."),
    /** NAK: one of the client's classes has as many addresses as it may. */
    REQUEST_NAK_CLASS_FULL(Level.COUNTED, "NAK: a class of the client's is full.", "See the class's lease-limit."),
    /** Silence: the address is of another network, and this one is not authoritative. */
    REQUEST_WRONG_NETWORK_SILENT(
            Level.COUNTED,
            "Silence: the address is of another network, and this one is not authoritative.",
            "Set the network authoritative when no other DHCP server serves it."),
    /** Silence: the cell has no record of the client, so another server may. */
    REQUEST_NOT_KNOWN(
            Level.COUNTED,
            "Silence: the cell has no record of the client, so another server may.",
            "Nothing; the client starts over by itself."),
    /** Silence: the lease was not committed in time. */
    REQUEST_UNCOMMITTED(Level.WARNING, "Silence: the lease was not committed in time.", "See the cell's quorum."),
    /** A client's packets reach one site and another in turn. */
    CLIENT_ALTERNATES(
            Level.COUNTED,
            "A client's packets reach one site and another in turn.",
            "See the routing: two sites may be at equal cost."),

    // The end of a lease.
    /** A client gives its lease back. */
    RELEASE_RECEIVED(Level.COUNTED, "A client gives its lease back.", "Nothing."),
    /** A RELEASE of what the client does not hold; nothing was changed. */
    RELEASE_UNKNOWN(Level.COUNTED, "A RELEASE of what the client does not hold; nothing was changed.", "Nothing."),
    /** A client found its address in use; it is abandoned. */
    DECLINE_RECEIVED(
            Level.WARNING,
            "A client found its address in use; it is abandoned.",
            "Find the device: it has a static address inside a pool, or outlived its lease."),
    /** A DECLINE of what the client does not hold; nothing was changed. */
    DECLINE_UNKNOWN(Level.COUNTED, "A DECLINE of what the client does not hold; nothing was changed.", "Nothing."),
    /** A RELEASE or DECLINE names another server; nothing was changed. */
    PARTING_OTHER_SERVER(Level.COUNTED, "A RELEASE or DECLINE names another server; nothing was changed.", "Nothing."),
    /** A RELEASE or DECLINE came after the binding had changed; nothing was changed. */
    PARTING_LATE(
            Level.COUNTED, "A RELEASE or DECLINE came after the binding had changed; nothing was changed.", "Nothing."),
    /** A RELEASE or DECLINE was not committed; the lease runs out by itself. */
    PARTING_UNCOMMITTED(
            Level.COUNTED, "A RELEASE or DECLINE was not committed; the lease runs out.", "See the cell's quorum."),

    // INFORM.
    /** A client with an address of its own was told the other parameters. */
    INFORM_ACKNOWLEDGED(
            Level.COUNTED, "A client with an address of its own was told the other parameters.", "Nothing."),

    // Limits.
    /** Silence: there is no way back to the client. */
    REPLY_UNROUTABLE(
            Level.COUNTED, "Silence: there is no way back to the client.", "Listen on its interface, or use a relay."),
    /** A reply did not hold all its options. */
    OPTIONS_DROPPED(
            Level.WARNING,
            "A reply did not hold all its options.",
            "Shorten the options of that network, or let its clients announce a larger maximum message size."),
    /** Too many clients wait for an answer; the one that waits longest was forgotten, and will ask again. */
    EXCHANGE_EVICTED(
            Level.WARNING,
            "Too many clients wait for an answer; the one that waits longest was forgotten, and will ask again.",
            "See the quorum's latency, and who sends so much."),
    /** A client's exchange ended without an answer from probe or quorum. */
    EXCHANGE_TIMED_OUT(
            Level.WARNING,
            "A client's exchange ended without an answer from probe or quorum.",
            "See the cell's quorum and the server's log."),
    /** One client's packet came over more routes than are answered. */
    EXCHANGE_ROUTES_EXCEEDED(
            Level.COUNTED,
            "One client's packet came over more routes than are answered.",
            "See how many relay helpers the network has."),

    // Serving alone.
    /** A client could not be served alone: this server may promise nothing without a commit now. */
    ALONE_FENCED(ClusterTexts.ALONE_FENCED),
    /** This server may promise nothing alone from now on, for the reason given. */
    FENCE_UP(ClusterTexts.FENCE_UP),
    /** This server may promise alone again. */
    FENCE_DOWN(ClusterTexts.FENCE_DOWN),
    /** Commits do not come through in time: clients are served alone, known ones up to MCLT past their expiry, new ones out of escrow. */
    SERVING_ALONE(ClusterTexts.SERVING_ALONE),
    /** Commits come through again; what was promised alone is being committed. */
    RESYNCING(ClusterTexts.RESYNCING),
    /** Commits come through, and all that was promised alone is committed. */
    SERVING_QUORATE(ClusterTexts.SERVING_QUORATE),
    /** A lease was extended without a commit, up to MCLT past its committed expiry (rule R2). */
    PROMISED_EXTENSION(ClusterTexts.PROMISED_EXTENSION),
    /** An address of this server's escrow was given out without a commit (rule R3). */
    PROMISED_ESCROW(ClusterTexts.PROMISED_ESCROW),
    /** A reserved address was given to its client without a commit (rule R4). */
    PROMISED_RESERVATION(ClusterTexts.PROMISED_RESERVATION),
    /** A RELEASE or DECLINE was noted; the cell hears of it later. */
    PARTED_ALONE(ClusterTexts.PARTED_ALONE),
    /** An address was offered that this server can promise without a commit. */
    DISCOVER_OFFERED_ALONE(ClusterTexts.DISCOVER_OFFERED_ALONE),
    /** A REQUEST for an address in another server's escrow was handed to that server. */
    REQUEST_FORWARDED(ClusterTexts.REQUEST_FORWARDED),
    /** A client asked for what it was promised alone while that is being committed; it hears nothing and asks again. */
    REQUEST_PROMISE_PENDING(ClusterTexts.REQUEST_PROMISE_PENDING),
    /** The journal refused a promise that was decided on a state older than the last report. */
    JOURNAL_REFUSED(ClusterTexts.JOURNAL_REFUSED),
    /** This server's journal for the cell has begun: it can promise alone. */
    JOURNAL_BEGUN(ClusterTexts.JOURNAL_BEGUN),
    /** Promises of an earlier disk of this server may still run. */
    DISK_REPLACED(ClusterTexts.DISK_REPLACED),
    /** An address was promised to two clients; it is in quarantine until both promises are over. */
    CONFLICT_FOUND(ClusterTexts.CONFLICT_FOUND),
    /** The cell has set addresses aside for this server, or extended their term. */
    ESCROW_GRANTED(ClusterTexts.ESCROW_GRANTED),
    /** An address that was set aside for this server went back to the cell. */
    ESCROW_RETURNED(ClusterTexts.ESCROW_RETURNED),
    /** This server has reported how far it has applied the cell's log. */
    REPORTED(ClusterTexts.REPORTED),
    /** This server was declared down, is back, and has said so to the cell. */
    CAME_BACK(ClusterTexts.CAME_BACK),
    /** This server's clock is not trusted: it promises nothing alone, and goes on with what the cell commits. */
    CLOCK_UNTRUSTED(ClusterTexts.CLOCK_UNTRUSTED),
    /** This server's clock is trusted again. */
    CLOCK_TRUSTED(ClusterTexts.CLOCK_TRUSTED),

    // The log.
    /** A command was refused: too many wait for the cell. */
    LOG_OVERLOADED(ClusterTexts.LOG_OVERLOADED),
    /** A command was refused: the cluster has no such cell. */
    LOG_NO_SUCH_CELL(ClusterTexts.LOG_NO_SUCH_CELL),
    /** A command was refused: the server is shutting down. */
    LOG_CLOSED(ClusterTexts.LOG_CLOSED),
    /** A command was refused: this server's clock is too far from the leader's. */
    LOG_CLOCK_ASTRAY(ClusterTexts.LOG_CLOCK_ASTRAY),
    /** A command was refused: no entry of the log can hold it. */
    LOG_TOO_LARGE(ClusterTexts.LOG_TOO_LARGE),
    /** No quorum answered in time; the command may still commit. */
    LOG_UNKNOWN(ClusterTexts.LOG_UNKNOWN),
    /** This server's copy of a cell has stopped, and the process ends. */
    CELL_STOPPED(ClusterTexts.CELL_STOPPED),
    /** This server takes part in a cell. */
    CELL_JOINED(ClusterTexts.CELL_JOINED),
    /** This server cannot take part in a cell yet. */
    CELL_WAITS(ClusterTexts.CELL_WAITS),
    /** This server's clock is not trusted in a cell, so that it promises nothing alone there. */
    CELL_CLOCK_DOUBTED(ClusterTexts.CELL_CLOCK_DOUBTED),
    /** This server's clock is trusted in a cell, or again. */
    CELL_CLOCK_TRUSTED(ClusterTexts.CELL_CLOCK_TRUSTED),
    /** A server has come into a cell, or left it, as its configuration says. */
    MEMBERSHIP_CHANGED(ClusterTexts.MEMBERSHIP_CHANGED),
    /** A cell was rebuilt from this server alone. */
    CELL_RECOVERED(ClusterTexts.CELL_RECOVERED),
    /** This server is no member of a cell any more, and has deleted its copy. */
    CELL_LEFT(ClusterTexts.CELL_LEFT),
    /** A cell has another leader, or none. */
    LEADER_CHANGED(ClusterTexts.LEADER_CHANGED),
    /** A snapshot was taken; the log before it may go. */
    SNAPSHOT_TAKEN(ClusterTexts.SNAPSHOT_TAKEN),
    /** A snapshot could not be taken; the log grows until one can. */
    SNAPSHOT_FAILED(ClusterTexts.SNAPSHOT_FAILED),
    /** This server's copy was replaced by a snapshot. */
    SNAPSHOT_INSTALLED(ClusterTexts.SNAPSHOT_INSTALLED),
    /** The connection to a server stands. */
    LINK_UP(ClusterTexts.LINK_UP),
    /** The connection to a server broke, or could not be made; it is tried again. */
    LINK_DOWN(ClusterTexts.LINK_DOWN),
    /** A server was refused, or refused this one. */
    LINK_REFUSED(ClusterTexts.LINK_REFUSED),
    /** This server cannot commit in the cell. */
    QUORUM_LOST(ClusterTexts.QUORUM_LOST),
    /** This server can commit in the cell. */
    QUORUM_FOUND(ClusterTexts.QUORUM_FOUND),
    /** A configuration of the cell came into force here. */
    PLAN_CHANGED(ClusterTexts.PLAN_CHANGED),
    /** A class cannot be told here; none of its cell's clients is served. */
    CLASS_UNREADABLE(ClusterTexts.CLASS_UNREADABLE),
    /** The cell configures a prefix that another cell has as well; it is left to the other. */
    PLAN_OVERLAP(ClusterTexts.PLAN_OVERLAP),

    // Names in DNS.
    /** No update of a zone has succeeded for a while; names wait. */
    DNS_ZONE_FAILING(ClusterTexts.DNS_ZONE_FAILING),
    /** A zone takes updates again. */
    DNS_ZONE_RECOVERED(ClusterTexts.DNS_ZONE_RECOVERED);

    private final String id;
    private final Level level;
    private final String meaning;
    private final String action;

    ServerEvent(EventText text) {
        this(text.level(), text.meaning(), text.action());
    }

    ServerEvent(Level level, String meaning, String action) {
        this.id = name().toLowerCase(Locale.ROOT).replace('_', '-');
        this.level = level;
        this.meaning = meaning;
        this.action = action;
    }

    /** {@return the stable name, such as {@code discover-offered}} */
    public String id() {
        return id;
    }

    /** {@return how loudly it is told} */
    public Level level() {
        return level;
    }

    /** {@return what happened, in a sentence or two} */
    public String meaning() {
        return meaning;
    }

    /** {@return what an operator should do, in a sentence} */
    public String action() {
        return action;
    }
}
