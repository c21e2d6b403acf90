package org.anylease.server.expression;

import java.util.SortedMap;
import java.util.TreeMap;
import org.anylease.server.expression.Node.Condition;
import org.anylease.server.expression.Node.Count;
import org.anylease.server.expression.Node.Data;
import org.anylease.server.wire.BootpOp;
import org.anylease.server.wire.HardwareAddress;
import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.Packet;
import org.anylease.server.wire.RelayInformation;
import org.jspecify.annotations.Nullable;

/** What of a packet has a name. */
final class Fields {
    /** The fixed part of a message, op to file (RFC 2131 §2). */
    static final int HEADER_BYTES = 236;

    private static final SortedMap<String, Node> BY_NAME = byName();

    private Fields() {}

    static @Nullable Node find(String name) {
        return BY_NAME.get(name);
    }

    static Iterable<String> names() {
        return BY_NAME.keySet();
    }

    private static SortedMap<String, Node> byName() {
        SortedMap<String, Node> fields = new TreeMap<>();
        fields.put("relay.circuit-id", relay(RelayInformation.CIRCUIT_ID));
        fields.put("relay.remote-id", relay(RelayInformation.REMOTE_ID));
        fields.put("relay.docsis-device-class", relay(4));
        fields.put("relay.link-selection", relay(RelayInformation.LINK_SELECTION));
        fields.put("relay.subscriber-id", relay(RelayInformation.SUBSCRIBER_ID));
        fields.put("relay.radius-attributes", relay(7));
        fields.put("relay.vendor-specific", relay(9));
        fields.put("relay.flags", relay(RelayInformation.FLAGS));
        fields.put("relay.server-id-override", relay(RelayInformation.SERVER_ID_OVERRIDE));
        fields.put("relay.relay-id", relay(12));
        fields.put("relay.virtual-subnet", relay(RelayInformation.VIRTUAL_SUBNET));
        fields.put("relay.address", (Data)
                e -> given(e, Octet.ofAddress(packet(e).giaddr())));
        fields.put("client-id", option(OptionCode.CLIENT_ID));
        fields.put("host-name", option(OptionCode.HOSTNAME));
        fields.put("hardware", (Data) e -> hardware(e, true));
        fields.put("hardware.address", (Data) e -> hardware(e, false));
        fields.put("hardware.type", (Count) e -> packet(e).hardware().type());
        fields.put("known", (Condition) e -> e.request().known());
        fields.put("true", (Condition) _ -> true);
        fields.put("false", (Condition) _ -> false);
        fields.put("request", (Data) e -> Latin.octets(e.request().kind()));
        fields.put("network", (Data) e -> Latin.octets(e.request().network()));
        fields.put("subnet", (Data) e -> Octet.ofAddress(e.request().subnet().network()));
        fields.put("subnet.length", (Count) e -> e.request().subnet().length());
        fields.put("packet.op", (Count) e -> packet(e).op() == BootpOp.REQUEST ? 1 : 2);
        fields.put("packet.htype", (Count) e -> packet(e).hardware().type());
        fields.put("packet.hlen", (Count) e -> packet(e).hardware().length());
        fields.put("packet.hops", (Count) e -> packet(e).hops());
        fields.put("packet.xid", (Count) e -> Integer.toUnsignedLong(packet(e).xid()));
        fields.put("packet.secs", (Count) e -> packet(e).secs());
        fields.put("packet.flags", (Count) e -> packet(e).flags());
        fields.put("packet.broadcast", (Condition) e -> packet(e).broadcast());
        fields.put("packet.ciaddr", (Data) e -> Octet.ofAddress(packet(e).ciaddr()));
        fields.put("packet.yiaddr", (Data) e -> Octet.ofAddress(packet(e).yiaddr()));
        fields.put("packet.siaddr", (Data) e -> Octet.ofAddress(packet(e).siaddr()));
        fields.put("packet.giaddr", (Data) e -> Octet.ofAddress(packet(e).giaddr()));
        fields.put("packet.chaddr", (Data) e -> hardware(e, false));
        fields.put("packet.sname", (Data) e -> filled(e, packet(e).sname()));
        fields.put("packet.file", (Data) e -> filled(e, packet(e).file()));
        return fields;
    }

    private static Packet packet(Evaluation evaluation) {
        return evaluation.request().packet();
    }

    /** An address, or nothing where the field holds zeros. */
    private static byte @Nullable [] given(Evaluation evaluation, byte[] address) {
        return packet(evaluation).giaddr().isUnspecified() ? null : address;
    }

    /** A field, or nothing where it holds zeros. */
    private static byte @Nullable [] filled(Evaluation evaluation, byte[] field) {
        return field.length == 0 ? null : bounded(evaluation, field);
    }

    private static byte @Nullable [] bounded(Evaluation evaluation, byte[] octets) {
        return evaluation.spend(octets.length) ? octets : null;
    }

    /** Nothing of a client that shows no hardware address (RFC 4390 §2.1). */
    private static byte @Nullable [] hardware(Evaluation evaluation, boolean withType) {
        HardwareAddress hardware = packet(evaluation).hardware();
        if (hardware.length() == 0 || !evaluation.spend(hardware.length())) {
            return null;
        }
        byte[] address = hardware.bytes();
        if (!withType) {
            return address;
        }
        byte[] whole = new byte[1 + address.length];
        whole[0] = (byte) hardware.type();
        System.arraycopy(address, 0, whole, 1, address.length);
        return whole;
    }

    static Data option(int code) {
        return evaluation -> {
            byte[] value = packet(evaluation).options().bytes(code).orElse(null);
            return value == null ? null : bounded(evaluation, value);
        };
    }

    static Data relay(int code) {
        return evaluation -> {
            RelayInformation relay = evaluation.request().relay();
            byte[] value = relay == null ? null : relay.subOption(code).orElse(null);
            return value == null ? null : bounded(evaluation, value);
        };
    }

    /** A piece of the fixed part, which lies within {@link #HEADER_BYTES}. */
    static Data header(int offset, int length) {
        return evaluation -> {
            if (!evaluation.spend(HEADER_BYTES)) {
                return null;
            }
            byte[] header = header(packet(evaluation));
            return Octet.substring(header, offset, length);
        };
    }

    private static byte[] header(Packet packet) {
        byte[] header = new byte[HEADER_BYTES];
        HardwareAddress hardware = packet.hardware();
        header[0] = (byte) (packet.op() == BootpOp.REQUEST ? 1 : 2);
        header[1] = (byte) hardware.type();
        header[2] = (byte) hardware.length();
        header[3] = (byte) packet.hops();
        put(header, 4, Octet.ofNumber(packet.xid(), 4));
        put(header, 8, Octet.ofNumber(packet.secs(), 2));
        put(header, 10, Octet.ofNumber(packet.flags(), 2));
        put(header, 12, Octet.ofAddress(packet.ciaddr()));
        put(header, 16, Octet.ofAddress(packet.yiaddr()));
        put(header, 20, Octet.ofAddress(packet.siaddr()));
        put(header, 24, Octet.ofAddress(packet.giaddr()));
        put(header, 28, hardware.bytes());
        put(header, 44, packet.sname());
        put(header, 108, packet.file());
        return header;
    }

    private static void put(byte[] header, int at, byte[] octets) {
        System.arraycopy(octets, 0, header, at, Math.min(octets.length, header.length - at));
    }
}
