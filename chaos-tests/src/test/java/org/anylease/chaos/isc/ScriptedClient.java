package org.anylease.chaos.isc;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.anylease.chaos.isc.PacketScript.Answer;
import org.anylease.chaos.isc.PacketScript.Step;
import org.anylease.server.wire.HardwareAddress;
import org.anylease.server.wire.MessageType;
import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.Options;
import org.anylease.server.wire.OptionsBuilder;
import org.anylease.server.wire.Packet;
import org.anylease.server.wire.PacketBuilder;
import org.anylease.store.address.Ipv4;
import org.jspecify.annotations.Nullable;

/** All clients of a script on one side: what each was offered, and what it holds. */
final class ScriptedClient {
    private final ServerSide side;
    private final String hardware;
    private final Map<String, Packet> offers = new HashMap<>();
    private final Map<String, Packet> held = new HashMap<>();
    private final Map<String, ClientTraits> traits = new HashMap<>();

    /**
     * Nobody holds anything yet.
     *
     * @param hardware the first five octets of relayed clients' addresses; the sixth is the first letter of their name
     */
    ScriptedClient(ServerSide side, String hardware) {
        this.side = side;
        this.hardware = hardware;
    }

    void send(Step step, int xid) throws IOException, InterruptedException {
        Packet packet = packet(step, xid);
        Ipv4 from = step.act() == PacketScript.Act.REBIND ? Ipv4.UNSPECIFIED : packet.ciaddr();
        side.send(packet, from);
        traits.put(step.client(), step.traits());
    }

    Optional<ServerSide.Heard> await(Step step, int xid, Duration patience) throws IOException, InterruptedException {
        Optional<ServerSide.Heard> heard = side.await(xid, patience);
        heard.ifPresent(reply -> {
            switch (answer(reply.packet())) {
                case OFFER -> offers.put(step.client(), reply.packet());
                case ACK -> {
                    if (!reply.packet().yiaddr().isUnspecified()) {
                        held.put(step.client(), reply.packet());
                    }
                }
                case NAK, SILENCE -> held.remove(step.client());
                case BOOTREPLY -> {}
            }
        });
        return heard;
    }

    static Answer answer(Packet reply) {
        MessageType type = reply.messageType().orElse(null);
        if (type == null) {
            return Answer.BOOTREPLY;
        }
        return switch (type) {
            case OFFER -> Answer.OFFER;
            case ACK -> Answer.ACK;
            case NAK -> Answer.NAK;
            default -> throw new IllegalStateException("a server sent " + type);
        };
    }

    /** Whether a client is to take an offer that it did not get. */
    boolean hasNothingToSelect(Step step) {
        return step.act() == PacketScript.Act.SELECT && !step.traits().has("ask") && !offers.containsKey(step.client());
    }

    Packet packet(Step step, int xid) {
        ClientTraits says = step.traits();
        OptionsBuilder options = Options.builder();
        MessageType type = switch (step.act()) {
            case DISCOVER -> MessageType.DISCOVER;
            case SELECT, REBOOT, RENEW, REBIND -> MessageType.REQUEST;
            case INFORM -> MessageType.INFORM;
            case RELEASE -> MessageType.RELEASE;
            case DECLINE -> MessageType.DECLINE;
            case BOOTP -> null;
        };
        if (type != null) {
            options.messageType(type);
            says.put(options);
        }
        boolean unicast = step.act() == PacketScript.Act.RENEW || step.act() == PacketScript.Act.RELEASE;
        Ipv4 relay = unicast ? Ipv4.UNSPECIFIED : says.relay();
        PacketBuilder packet = Packet.builder()
                .xid(xid)
                .secs(says.secs())
                .hardware(hardware(says, step.client()))
                .giaddr(relay)
                .hops(relay.isUnspecified() ? 0 : 1)
                .broadcast(says.has("broadcast"));
        switch (step.act()) {
            case DISCOVER -> {
                if (says.has("ask")) {
                    options.ipv4(OptionCode.ADDRESS_REQUEST, Ipv4.parse(says.get("ask")));
                }
            }
            case SELECT -> {
                Packet offer = offers.get(step.client());
                options.ipv4(OptionCode.ADDRESS_REQUEST, named(says, "ask", offer == null ? null : offer.yiaddr()));
                options.ipv4(OptionCode.SERVER_ID, server(says, offer));
            }
            case REBOOT -> options.ipv4(OptionCode.ADDRESS_REQUEST, named(says, "ask", holds(step.client())));
            case BOOTP -> {}
            case RENEW, REBIND, INFORM -> packet.ciaddr(named(says, "from", holds(step.client())));
            case RELEASE -> {
                packet.ciaddr(named(says, "from", holds(step.client())));
                options.ipv4(OptionCode.SERVER_ID, server(says, held.get(step.client())));
            }
            case DECLINE -> {
                options.ipv4(OptionCode.ADDRESS_REQUEST, named(says, "ask", holds(step.client())));
                options.ipv4(OptionCode.SERVER_ID, server(says, held.get(step.client())));
            }
        }
        return packet.options(options.build()).build();
    }

    private HardwareAddress hardware(ClientTraits says, String client) {
        String own = says.has("via") || says.has("mac")
                ? hardware + ":" + String.format("%02x", client.hashCode() & 0xff)
                : ServerSide.CLIENT_HARDWARE;
        return says.hardware(own);
    }

    private @Nullable Ipv4 holds(String client) {
        Packet ack = held.get(client);
        return ack == null ? null : ack.yiaddr();
    }

    private static Ipv4 named(ClientTraits says, String word, @Nullable Ipv4 otherwise) {
        if (says.has(word)) {
            return Ipv4.parse(says.get(word));
        }
        return otherwise == null ? Ipv4.UNSPECIFIED : otherwise;
    }

    private static Ipv4 server(ClientTraits says, @Nullable Packet from) {
        Ipv4 told =
                from == null ? null : from.options().ipv4(OptionCode.SERVER_ID).orElse(null);
        Ipv4 server = named(says, "server", told);
        return server.isUnspecified() ? Ipv4.parse(ServerSide.SERVER) : server;
    }

    /** A client's first DISCOVER as a relay passes it on, where no server runs. */
    static Packet relayed(Step step) {
        ClientTraits says = step.traits();
        OptionsBuilder options = Options.builder().messageType(MessageType.DISCOVER);
        says.put(options);
        if (says.has("ask")) {
            options.ipv4(OptionCode.ADDRESS_REQUEST, Ipv4.parse(says.get("ask")));
        }
        return Packet.builder()
                .xid(1)
                .hops(1)
                .secs(says.secs())
                .hardware(says.hardware("02:00:00:00:00:01"))
                .giaddr(says.has("via") ? says.relay() : Ipv4.parse(ServerSide.OWN))
                .broadcast(says.has("broadcast"))
                .options(options.build())
                .build();
    }

    /** Gives all leases back, so that the next scenario finds nothing. */
    void releaseAll(int xid) throws IOException, InterruptedException {
        for (String client : held.keySet().toArray(String[]::new)) {
            ClientTraits says = traits.getOrDefault(client, new ClientTraits(Map.of()));
            send(new Step(0, PacketScript.Act.RELEASE, client, says, Answer.SILENCE), xid);
        }
        held.clear();
    }
}
