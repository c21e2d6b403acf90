package org.anylease.server.core;

import java.time.Duration;
import org.anylease.server.wire.BootpOp;
import org.anylease.server.wire.MessageType;
import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.Options;
import org.anylease.server.wire.OptionsBuilder;
import org.anylease.server.wire.Packet;
import org.anylease.server.wire.PacketBuilder;
import org.anylease.server.wire.RelayInformation;
import org.anylease.store.address.Ipv4;
import org.anylease.store.config.LeaseTimes;
import org.jspecify.annotations.Nullable;

/**
 * Builds replies (RFC 2131 §4.3.1, table 3).
 *
 * <p>Options stand in the order of what the client can least do without, for what finds no room is dropped from the
 * end: message type, server identifier, lease times, what the client asked for in its own order (RFC 2132 §9.8),
 * what became of its name (RFC 4702 §4), and the echoes that a server owes: client identifier (RFC 6842 §3), subnet selection (RFC 3011 §2), and last, where the
 * relay looks for it and verbatim, relay agent information (RFC 3046 §2.2).
 */
final class ReplyBuilder {
    private static final byte[] NOTHING_ASKED = {};

    private ReplyBuilder() {}

    /** An OFFER of an address. */
    static Packet offer(Inquiry inquiry, Ipv4 address, Duration leaseTime, Terms terms, byte @Nullable [] fqdn) {
        return lease(MessageType.OFFER, inquiry, Ipv4.UNSPECIFIED, address, leaseTime, terms, fqdn);
    }

    /** An ACK of a lease; ciaddr is the request's (table 3). */
    static Packet ack(Inquiry inquiry, Ipv4 address, Duration leaseTime, Terms terms, byte @Nullable [] fqdn) {
        return lease(MessageType.ACK, inquiry, inquiry.packet().ciaddr(), address, leaseTime, terms, fqdn);
    }

    /**
     * An OFFER of no address, to a client that asks for option 108 and gets it (RFC 8925 §3.3). The broadcast bit is
     * set, as in a NAK: there is no address that a relay could send it to.
     */
    static Packet offerNone(Inquiry inquiry, Terms terms) {
        Packet request = inquiry.packet();
        OptionsBuilder options = head(MessageType.OFFER, inquiry);
        options.u32(OptionCode.ADDRESS_TIME, terms.leaseTime(null).toSeconds());
        put(options, OptionCode.IPV6_ONLY_PREFERRED, terms.template());
        echoes(options, inquiry, true);
        return header(request)
                .broadcast(request.broadcast() || !request.giaddr().isUnspecified())
                .options(options.build())
                .build();
    }

    /** Whether a client says that it can do without IPv4: it asks for option 108 (RFC 8925 §3.2). */
    static boolean asksForV6Only(Packet request) {
        for (byte code : request.options().bytes(OptionCode.PARAMETER_LIST).orElse(NOTHING_ASKED)) {
            if (code == OptionCode.IPV6_ONLY_PREFERRED) {
                return true;
            }
        }
        return false;
    }

    private static Packet lease(
            MessageType type,
            Inquiry inquiry,
            Ipv4 ciaddr,
            Ipv4 yiaddr,
            Duration leaseTime,
            Terms terms,
            byte @Nullable [] fqdn) {
        OptionsBuilder options = head(type, inquiry);
        long seconds = Math.min(leaseTime.toSeconds(), LeaseTimes.INFINITE.toSeconds());
        options.u32(OptionCode.ADDRESS_TIME, seconds);
        if (seconds < LeaseTimes.INFINITE.toSeconds()) {
            // A lease without end has no T1 and T2: RFC 2131 §3.3.
            options.u32(OptionCode.RENEWAL_TIME, terms.template().renewalSeconds(seconds));
            options.u32(OptionCode.REBINDING_TIME, terms.template().rebindingSeconds(seconds));
        }
        configured(options, inquiry.packet(), terms.template());
        ownRouter(options, yiaddr, terms.template());
        if (fqdn != null) {
            options.bytes(OptionCode.CLIENT_FQDN, fqdn);
        }
        echoes(options, inquiry, true);
        return fields(inquiry.packet(), terms.template())
                .broadcast(isBroadcast(inquiry.packet(), terms.template()))
                .ciaddr(ciaddr)
                .yiaddr(yiaddr)
                .options(options.build())
                .build();
    }

    /**
     * A reply to a client that speaks BOOTP: its address, and what it has to know, in as many octets as its vendor area
     * has (RFC 951 §3, RFC 1534 §2). It hears of no time.
     */
    static Packet bootp(Inquiry inquiry, Ipv4 address, Terms terms) {
        Packet request = inquiry.packet();
        OptionsBuilder options = Options.builder();
        configured(options, request, terms.template());
        ownRouter(options, address, terms.template());
        echoes(options, inquiry, true);
        return fields(request, terms.template())
                .broadcast(isBroadcast(request, terms.template()))
                .ciaddr(request.ciaddr())
                .yiaddr(address)
                .options(options.build())
                .build();
    }

    /** The flag is the client's; for one that forgets it, it is set so that its relay sees it. */
    private static boolean isBroadcast(Packet request, ReplyTemplate template) {
        return request.broadcast() || template.isBroadcast();
    }

    /** A link with proxy ARP needs no router: the client is told to ask for every address itself. */
    private static void ownRouter(OptionsBuilder options, Ipv4 address, ReplyTemplate template) {
        if (template.isOwnRouter() && template.find(OptionCode.ROUTER) < 0) {
            options.ipv4(OptionCode.ROUTER, address);
        }
    }

    /**
     * The ACK of an INFORM: no yiaddr, and no lease time (RFC 2131 §4.3.5).
     *
     * @param pastRelay whether it goes to the client itself, which must not see option 82 (RFC 3046 §2.1)
     */
    static Packet informed(Inquiry inquiry, Terms terms, boolean pastRelay) {
        OptionsBuilder options = head(MessageType.ACK, inquiry);
        configured(options, inquiry.packet(), terms.template());
        echoes(options, inquiry, !pastRelay);
        return fields(inquiry.packet(), terms.template())
                .ciaddr(inquiry.packet().ciaddr())
                .options(options.build())
                .build();
    }

    /**
     * A NAK: no addresses, no boot fields. Through a relay the broadcast bit is set, since the client may not take
     * unicast for an address it must give up (RFC 2131 §4.3.2).
     */
    static Packet nak(Inquiry inquiry, String message) {
        Packet request = inquiry.packet();
        OptionsBuilder options = head(MessageType.NAK, inquiry).string(OptionCode.MESSAGE, message);
        echoes(options, inquiry, true);
        return header(request)
                .broadcast(request.broadcast() || !request.giaddr().isUnspecified())
                .options(options.build())
                .build();
    }

    private static OptionsBuilder head(MessageType type, Inquiry inquiry) {
        return Options.builder().messageType(type).ipv4(OptionCode.SERVER_ID, serverIdentifier(inquiry));
    }

    /** The service address, or what the relay wants to be named instead (RFC 5107 §4). */
    static Ipv4 serverIdentifier(Inquiry inquiry) {
        Ipv4 override = inquiry.serverOverride();
        return override == null ? inquiry.network().cell().serverIdentifier() : override;
    }

    private static PacketBuilder header(Packet request) {
        return Packet.builder()
                .op(BootpOp.REPLY)
                .hardware(request.hardware())
                .xid(request.xid())
                .flags(request.flags())
                .giaddr(request.giaddr());
    }

    private static PacketBuilder fields(Packet request, ReplyTemplate template) {
        PacketBuilder reply = header(request).siaddr(template.nextServer());
        String serverName = template.serverName();
        if (serverName != null) {
            reply.serverName(serverName);
        }
        String bootFile = template.bootFile();
        if (bootFile != null) {
            reply.bootFile(bootFile);
        }
        return reply;
    }

    /**
     * What the client asks for, or is to be taken to ask for, in that order, and the subnet mask; everything when it does
     * not say what it wants.
     */
    private static void configured(OptionsBuilder options, Packet request, ReplyTemplate template) {
        byte[] asked = template.asked().isEmpty()
                ? request.options().bytes(OptionCode.PARAMETER_LIST).orElse(NOTHING_ASKED)
                : template.asked().toArray();
        if (asked.length == 0) {
            for (int i = 0; i < template.size(); i++) {
                // It may only be told to those who ask: RFC 8925 §3.3.
                if (template.codeAt(i) != OptionCode.IPV6_ONLY_PREFERRED) {
                    options.octets(template.codeAt(i), template.valueAt(i));
                }
            }
            return;
        }
        for (byte code : asked) {
            if (code == OptionCode.ROUTER) {
                // The mask must stand before the routers, whatever the client's order: RFC 2132 §3.3.
                put(options, OptionCode.SUBNET_MASK, template);
            }
            // A list that the configuration gives in place of the client's may name 108: RFC 8925 §3.3.
            if (code != OptionCode.IPV6_ONLY_PREFERRED || asksForV6Only(request)) {
                put(options, code & 255, template);
            }
        }
        // Whoever reads the fields must hear what does not fit into them, whether or not it asks for the options.
        if (template.serverNameInOption()) {
            put(options, OptionCode.SERVER_NAME, template);
        }
        if (template.bootFileInOption()) {
            put(options, OptionCode.BOOTFILE_NAME, template);
        }
        // Some clients need the mask and do not ask for it; other servers send it always.
        put(options, OptionCode.SUBNET_MASK, template);
    }

    private static void put(OptionsBuilder options, int code, ReplyTemplate template) {
        int at = template.find(code);
        if (at >= 0) {
            options.octets(code, template.valueAt(at));
        }
    }

    private static void echoes(OptionsBuilder options, Inquiry inquiry, boolean withRelayInformation) {
        Packet request = inquiry.packet();
        options.echo(OptionCode.CLIENT_ID, request.options()).echo(OptionCode.SUBNET_SELECTION, request.options());
        boolean obeyed = VirtualNetwork.isObeyed(request, inquiry.network());
        if (obeyed) {
            options.echo(OptionCode.VIRTUAL_SUBNET_SELECTION, request.options());
        }
        if (!withRelayInformation) {
            return;
        }
        RelayInformation relay = obeyed ? request.relayInformation().orElse(null) : null;
        if (relay == null) {
            options.echo(OptionCode.RELAY_AGENT_INFORMATION, request.options());
        } else {
            options.bytes(
                    OptionCode.RELAY_AGENT_INFORMATION,
                    relay.virtualSubnetObeyed().bytes());
        }
    }
}
