package org.anylease.chaos.invariant;

import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import org.anylease.server.wire.BootpOp;
import org.anylease.server.wire.MessageType;
import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.Packet;
import org.anylease.server.wire.RelayInformation;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.ServerId;
import org.jspecify.annotations.Nullable;

/**
 * Replies answer a request that the server heard, and look as RFC 2131 table 3 asks: same xid, chaddr and giaddr; the
 * one server identifier of the cluster; option 82 verbatim and last (RFC 3046 §2.1); a NAK without addresses.
 */
public final class RepliesObeyRfc2131 implements Invariant {
    private static final int REQUESTS_KEPT = 2048;

    private final Ipv4 serverIdentifier;
    private final LinkedHashMap<Key, Packet> heard = new LinkedHashMap<>();

    private record Key(ServerId server, @Nullable MessageType type, int xid, String hardware, Ipv4 giaddr) {
        static Key of(ServerId server, @Nullable MessageType type, Packet packet) {
            return new Key(server, type, packet.xid(), packet.hardware().toString(), packet.giaddr());
        }
    }

    /**
     * Nothing was heard.
     *
     * @param serverIdentifier what option 54 says at every site
     */
    public RepliesObeyRfc2131(Ipv4 serverIdentifier) {
        this.serverIdentifier = serverIdentifier;
    }

    @Override
    public String name() {
        return "RepliesObeyRfc2131";
    }

    @Override
    public void on(Fact fact, Instant now) {
        if (fact instanceof Fact.RequestHeard(ServerId server, Packet packet, var _)) {
            heard.put(Key.of(server, packet.messageType().orElse(null), packet), packet);
            if (heard.size() > REQUESTS_KEPT) {
                heard.pollFirstEntry();
            }
        } else if (fact instanceof Fact.ReplySent(ServerId server, Packet reply)) {
            judge(requestOf(server, reply), reply);
        }
    }

    /** An OFFER answers a DISCOVER, an ACK or NAK a REQUEST, an ACK without a lease an INFORM. */
    private @Nullable Packet requestOf(ServerId server, Packet reply) {
        if (reply.messageType().orElse(null) == MessageType.OFFER) {
            return heard.get(Key.of(server, MessageType.DISCOVER, reply));
        }
        Packet request = heard.get(Key.of(server, MessageType.REQUEST, reply));
        return request != null ? request : heard.get(Key.of(server, MessageType.INFORM, reply));
    }

    private void judge(@Nullable Packet request, Packet reply) {
        require(request != null, reply, "answers no request with this xid, chaddr and giaddr");
        if (request == null) {
            return;
        }
        require(reply.op() == BootpOp.REPLY, reply, "is no BOOTREPLY");
        MessageType type = reply.messageType().orElse(null);
        MessageType asked = request.messageType().orElse(null);
        boolean answers = (type == MessageType.OFFER && asked == MessageType.DISCOVER)
                || (type == MessageType.ACK && (asked == MessageType.REQUEST || asked == MessageType.INFORM))
                || (type == MessageType.NAK && asked == MessageType.REQUEST);
        require(answers, reply, "is no answer to a " + asked);
        require(
                reply.options()
                        .ipv4(OptionCode.SERVER_ID)
                        .filter(serverIdentifier::equals)
                        .isPresent(),
                reply,
                "names another server identifier than " + serverIdentifier);
        byte[] sent = request.relayInformation().map(RelayInformation::bytes).orElseGet(() -> new byte[0]);
        byte[] echoed = reply.relayInformation().map(RelayInformation::bytes).orElseGet(() -> new byte[0]);
        require(Arrays.equals(sent, echoed), reply, "does not echo option 82 verbatim");
        List<Integer> codes = reply.options().codes();
        require(
                echoed.length == 0 || codes.getLast() == OptionCode.RELAY_AGENT_INFORMATION,
                reply,
                "has options behind option 82");
        boolean lease = type == MessageType.OFFER || (type == MessageType.ACK && asked == MessageType.REQUEST);
        require(
                lease == reply.options().has(OptionCode.ADDRESS_TIME),
                reply,
                "has a lease time where none belongs, or none where one does");
        require(lease != reply.yiaddr().isUnspecified(), reply, "has the wrong yiaddr");
    }

    private void require(boolean holds, Packet reply, String how) {
        if (!holds) {
            throw new InvariantBroken(name(), "the reply " + how + ": " + reply);
        }
    }
}
