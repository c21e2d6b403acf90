package org.anylease.chaos.sim;

import org.anylease.server.wire.MessageType;
import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.Packet;
import org.anylease.store.address.Ipv4;

/** A packet in a few words. */
final class Tale {
    private Tale() {}

    static String of(Packet packet) {
        StringBuilder tale = new StringBuilder(64);
        tale.append(packet.messageType().map(MessageType::name).orElse("BOOTP"))
                .append(' ')
                .append(Integer.toHexString(packet.xid()))
                .append(' ')
                .append(packet.hardware());
        append(tale, " ciaddr ", packet.ciaddr());
        append(tale, " yiaddr ", packet.yiaddr());
        append(tale, " giaddr ", packet.giaddr());
        append(tale, " asks ", packet.options().ipv4(OptionCode.ADDRESS_REQUEST).orElse(Ipv4.UNSPECIFIED));
        packet.options()
                .u32(OptionCode.ADDRESS_TIME)
                .ifPresent(time -> tale.append(" for ").append(time).append('s'));
        return tale.toString();
    }

    private static void append(StringBuilder tale, String what, Ipv4 address) {
        if (!address.isUnspecified()) {
            tale.append(what).append(address);
        }
    }
}
