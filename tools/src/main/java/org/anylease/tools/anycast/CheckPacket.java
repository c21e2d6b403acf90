package org.anylease.tools.anycast;

import java.util.Arrays;
import java.util.Optional;
import org.anylease.server.wire.BootpOp;
import org.anylease.server.wire.Decoded;
import org.anylease.server.wire.EncodeLimits;
import org.anylease.server.wire.Encoded;
import org.anylease.server.wire.HardwareAddress;
import org.anylease.server.wire.MessageType;
import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.Options;
import org.anylease.server.wire.Packet;
import org.anylease.server.wire.PacketCodec;
import org.anylease.server.wire.RelayInformation;
import org.anylease.store.address.Ipv4;

/**
 * The exchange that checks a server: a DHCPINFORM as a relay on this machine would pass it on, and its DHCPACK.
 *
 * <p>An INFORM takes no lease and writes nothing, so that it is answered alike with a quorum and without one, from a
 * full pool and an empty one (RFC 2131 §4.3.5). Its answer shows that the server hears what is sent to the address,
 * decodes it, knows the link from its cell's configuration, and sends from there: all that serving takes but the
 * promise. A server that can no longer write its promises ends itself, and then answers nothing.
 *
 * <p>giaddr is a loopback address: neither question nor answer can leave the machine, so that no other site that has
 * the address can answer for this one. The link is named by sub-option 5 (RFC 3527), and the answer comes to the port
 * that asked (RFC 8357).
 */
public final class CheckPacket {
    /** Where the check sends from, and the relay that it poses as. */
    public static final Ipv4 LOOPBACK = Ipv4.parse("127.0.0.1");

    private static final HardwareAddress HARDWARE = HardwareAddress.ethernet("02:61:6c:63:68:6b");
    private static final byte[] CIRCUIT = {'a', 'n', 'y', 'l', 'e', 'a', 's', 'e', '-', 'c', 'h', 'e', 'c', 'k'};

    private CheckPacket() {}

    /**
     * The question.
     *
     * @param xid its transaction
     * @param link an address of the subnet that is asked about
     * @return the datagram
     */
    public static byte[] inform(int xid, Ipv4 link) {
        return inform(xid, link, LOOPBACK);
    }

    /**
     * The question of a relay elsewhere.
     *
     * @param xid its transaction
     * @param link an address of the subnet that is asked about
     * @param relay where the answer goes, at the port that asked
     * @return the datagram
     */
    public static byte[] inform(int xid, Ipv4 link, Ipv4 relay) {
        Packet packet = Packet.builder()
                .op(BootpOp.REQUEST)
                .hardware(HARDWARE)
                .hops(1)
                .xid(xid)
                .giaddr(relay)
                .options(Options.builder()
                        .messageType(MessageType.INFORM)
                        .bytes(OptionCode.PARAMETER_LIST, (byte) 1, (byte) 3)
                        .bytes(OptionCode.RELAY_AGENT_INFORMATION, relayInformation(link))
                        .build())
                .build();
        byte[] buffer = new byte[EncodeLimits.CLIENT_SIZE_DEFAULT];
        Encoded encoded = PacketCodec.encode(packet, EncodeLimits.of(buffer.length), buffer);
        return Arrays.copyOf(buffer, encoded.length());
    }

    private static byte[] relayInformation(Ipv4 link) {
        byte[] value = new byte[CIRCUIT.length + 10];
        int at = 0;
        value[at++] = RelayInformation.CIRCUIT_ID;
        value[at++] = (byte) CIRCUIT.length;
        System.arraycopy(CIRCUIT, 0, value, at, CIRCUIT.length);
        at += CIRCUIT.length;
        value[at++] = RelayInformation.LINK_SELECTION;
        value[at++] = 4;
        for (int shift = 24; shift >= 0; shift -= 8) {
            value[at++] = (byte) (link.bits() >>> shift);
        }
        value[at++] = RelayInformation.SOURCE_PORT;
        value[at] = 0;
        return value;
    }

    /**
     * The transaction that a datagram answers.
     *
     * @param datagram what was received
     * @param length its length
     * @return the xid of a DHCPACK; empty for anything else
     */
    public static Optional<Integer> acknowledged(byte[] datagram, int length) {
        return PacketCodec.decode(datagram, 0, length) instanceof Decoded.Ok(Packet packet)
                        && packet.op() == BootpOp.REPLY
                        && packet.messageType().filter(MessageType.ACK::equals).isPresent()
                ? Optional.of(packet.xid())
                : Optional.empty();
    }
}
