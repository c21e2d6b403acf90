package org.anylease.chaos.client;

import org.anylease.server.wire.BootpOp;
import org.anylease.server.wire.HardwareAddress;
import org.anylease.server.wire.MessageType;
import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.Options;
import org.anylease.server.wire.OptionsBuilder;
import org.anylease.server.wire.Packet;
import org.anylease.server.wire.PacketBuilder;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.lease.ClientId;
import org.jspecify.annotations.Nullable;

/** What one client sends, by RFC 2131 table 5. */
public final class ClientRequests {
    private static final byte[] ASKED = {
        OptionCode.SUBNET_MASK, OptionCode.ROUTER, OptionCode.DOMAIN_SERVER, OptionCode.BROADCAST_ADDRESS
    };

    private final HardwareAddress hardware;
    private final Habits habits;

    /**
     * The requests of one client.
     *
     * @param hardware its Ethernet address
     * @param habits what it sends beside it
     */
    public ClientRequests(HardwareAddress hardware, Habits habits) {
        this.hardware = hardware;
        this.habits = habits;
    }

    /**
     * Its hardware address.
     *
     * @return chaddr
     */
    public HardwareAddress hardware() {
        return hardware;
    }

    /**
     * Who a server takes it for.
     *
     * @return option 61 if it sends one, else its hardware type and address
     */
    public ClientId id() {
        return habits.identifier()
                ? new ClientId(ClientId.Kind.CLIENT_IDENTIFIER, Octets.of(identifier()))
                : new ClientId(ClientId.Kind.HARDWARE, Octets.of(typed(hardware.type())));
    }

    private byte[] typed(int type) {
        byte[] octets = new byte[1 + hardware.length()];
        octets[0] = (byte) type;
        System.arraycopy(hardware.bytes(), 0, octets, 1, hardware.length());
        return octets;
    }

    private byte[] identifier() {
        return typed(0);
    }

    private PacketBuilder head(int xid) {
        return Packet.builder().op(BootpOp.REQUEST).hardware(hardware).xid(xid).broadcast(habits.broadcastFlag());
    }

    private OptionsBuilder options(MessageType type) {
        OptionsBuilder options = Options.builder().messageType(type);
        if (habits.identifier()) {
            options.bytes(OptionCode.CLIENT_ID, identifier());
        }
        return options;
    }

    private OptionsBuilder asking(MessageType type) {
        OptionsBuilder options = options(type).bytes(OptionCode.PARAMETER_LIST, ASKED);
        if (habits.wanted() != null) {
            options.u32(OptionCode.ADDRESS_TIME, habits.wanted().toSeconds());
        }
        return options;
    }

    /**
     * Asks for an address.
     *
     * @param xid the transaction
     * @param wanted the address it would like, or null
     * @return the DISCOVER
     */
    public Packet discover(int xid, @Nullable Ipv4 wanted) {
        OptionsBuilder options = asking(MessageType.DISCOVER);
        if (wanted != null) {
            options.ipv4(OptionCode.ADDRESS_REQUEST, wanted);
        }
        return head(xid).options(options.build()).build();
    }

    /**
     * Takes an offer.
     *
     * @param xid the transaction of the offer
     * @param offered yiaddr of the offer
     * @param server the offer's server identifier
     * @return the REQUEST
     */
    public Packet select(int xid, Ipv4 offered, Ipv4 server) {
        return head(xid)
                .options(asking(MessageType.REQUEST)
                        .ipv4(OptionCode.ADDRESS_REQUEST, offered)
                        .ipv4(OptionCode.SERVER_ID, server)
                        .build())
                .build();
    }

    /**
     * Verifies a remembered address.
     *
     * @param xid the transaction
     * @param remembered the address
     * @return the REQUEST
     */
    public Packet initReboot(int xid, Ipv4 remembered) {
        return head(xid)
                .options(asking(MessageType.REQUEST)
                        .ipv4(OptionCode.ADDRESS_REQUEST, remembered)
                        .build())
                .build();
    }

    /**
     * Extends its lease.
     *
     * @param xid the transaction
     * @param own its address
     * @return the REQUEST
     */
    public Packet extend(int xid, Ipv4 own) {
        return head(xid)
                .ciaddr(own)
                .options(asking(MessageType.REQUEST).build())
                .build();
    }

    /**
     * Gives its lease back.
     *
     * @param xid the transaction
     * @param own its address
     * @param server whose lease it is
     * @return the RELEASE
     */
    public Packet release(int xid, Ipv4 own, @Nullable Ipv4 server) {
        return head(xid)
                .broadcast(false)
                .ciaddr(own)
                .options(parting(MessageType.RELEASE, server).build())
                .build();
    }

    /**
     * Says that an address is in use by somebody else.
     *
     * @param xid the transaction
     * @param given the address
     * @param server who gave it
     * @return the DECLINE
     */
    public Packet decline(int xid, Ipv4 given, @Nullable Ipv4 server) {
        return head(xid)
                .options(parting(MessageType.DECLINE, server)
                        .ipv4(OptionCode.ADDRESS_REQUEST, given)
                        .build())
                .build();
    }

    private OptionsBuilder parting(MessageType type, @Nullable Ipv4 server) {
        OptionsBuilder options = options(type);
        return server == null ? options : options.ipv4(OptionCode.SERVER_ID, server);
    }
}
