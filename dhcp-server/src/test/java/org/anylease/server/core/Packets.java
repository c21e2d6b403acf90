package org.anylease.server.core;

import org.anylease.server.port.Arrival;
import org.anylease.server.wire.HardwareAddress;
import org.anylease.server.wire.MessageType;
import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.Options;
import org.anylease.server.wire.OptionsBuilder;
import org.anylease.server.wire.Packet;
import org.anylease.server.wire.PacketBuilder;
import org.anylease.store.address.Ipv4;
import org.jspecify.annotations.Nullable;

/** What a client sends, built step by step. */
final class Packets {
    static final int SERVICE_ENDPOINT = 0;
    static final int LINK_ENDPOINT = 1;
    static final int OTHER_LINK_ENDPOINT = 2;

    private final PacketBuilder packet = Packet.builder();
    private final OptionsBuilder options = Options.builder();
    private byte @Nullable [] relayInformation;

    private Packets(MessageType type, int client) {
        packet.xid(0x1000 + client).hardware(hardware(client));
        options.messageType(type);
    }

    static HardwareAddress hardware(int client) {
        return HardwareAddress.of(
                HardwareAddress.ETHERNET,
                (byte) 2,
                (byte) 0,
                (byte) 0,
                (byte) (client >> 16),
                (byte) (client >> 8),
                (byte) client);
    }

    static Packets discover(int client) {
        return new Packets(MessageType.DISCOVER, client);
    }

    static Packets request(int client) {
        return new Packets(MessageType.REQUEST, client);
    }

    static Packets of(MessageType type, int client) {
        return new Packets(type, client);
    }

    /** A REQUEST in SELECTING. */
    static Packets selecting(int client, Ipv4 address) {
        return request(client).server(Configs.SERVICE).wanting(address);
    }

    Packets xid(int xid) {
        packet.xid(xid);
        return this;
    }

    Packets via(Ipv4 relay) {
        packet.giaddr(relay);
        return this;
    }

    Packets ciaddr(Ipv4 address) {
        packet.ciaddr(address);
        return this;
    }

    Packets broadcast() {
        packet.broadcast(true);
        return this;
    }

    Packets secs(int secs) {
        packet.secs(secs);
        return this;
    }

    Packets hardware(HardwareAddress address) {
        packet.hardware(address);
        return this;
    }

    Packets server(Ipv4 identifier) {
        options.ipv4(OptionCode.SERVER_ID, identifier);
        return this;
    }

    Packets wanting(Ipv4 address) {
        options.ipv4(OptionCode.ADDRESS_REQUEST, address);
        return this;
    }

    Packets asking(int... codes) {
        byte[] list = new byte[codes.length];
        for (int i = 0; i < codes.length; i++) {
            list[i] = (byte) codes[i];
        }
        return option(OptionCode.PARAMETER_LIST, list);
    }

    Packets option(int code, byte... value) {
        options.bytes(code, value);
        return this;
    }

    /** Option 82, which relays append. */
    Packets relayInformation(int... octets) {
        byte[] value = new byte[octets.length];
        for (int i = 0; i < octets.length; i++) {
            value[i] = (byte) octets[i];
        }
        relayInformation = value;
        return this;
    }

    Packet build() {
        if (relayInformation != null) {
            options.bytes(OptionCode.RELAY_AGENT_INFORMATION, relayInformation);
        }
        return packet.options(options.build()).build();
    }

    /** Heard from a relay at the service address. */
    static Arrival fromRelay(Ipv4 relay) {
        return new Arrival(SERVICE_ENDPOINT, Configs.SERVICE, "", relay, 67, false);
    }

    /** Heard from a client with an address, at the service address. */
    static Arrival unicast(Ipv4 client) {
        return new Arrival(SERVICE_ENDPOINT, Configs.SERVICE, "", client, 68, false);
    }

    /** Heard as a broadcast on the office's link. */
    static Arrival onLink() {
        return new Arrival(LINK_ENDPOINT, Ipv4.UNSPECIFIED, "eth1", Ipv4.UNSPECIFIED, 68, true);
    }

    /** Heard as a broadcast on a link that nobody configured. */
    static Arrival onUnknownLink() {
        return new Arrival(OTHER_LINK_ENDPOINT, Ipv4.UNSPECIFIED, "eth9", Ipv4.UNSPECIFIED, 68, true);
    }
}
