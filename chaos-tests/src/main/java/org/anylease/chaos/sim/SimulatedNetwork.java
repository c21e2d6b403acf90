package org.anylease.chaos.sim;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.anylease.server.port.Arrival;
import org.anylease.server.port.Destination;
import org.anylease.server.port.Endpoint;
import org.anylease.server.port.Reply;
import org.anylease.server.wire.Decoded;
import org.anylease.server.wire.EncodeLimits;
import org.anylease.server.wire.MessageType;
import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.Packet;
import org.anylease.server.wire.PacketCodec;
import org.anylease.server.wire.RelayInformation;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.ServerId;
import org.jspecify.annotations.Nullable;

/**
 * The network between clients and servers. Packets travel encoded; relays add and remove option 82; routers choose a
 * site for every flow to the anycast address, and change their minds.
 */
final class SimulatedNetwork {
    /** The numbers of a server's endpoints. */
    static final int SERVICE = 0;

    static final int LINK = 1;
    static final String INTERFACE = "eth1";

    private static final int BYTES_MAX = 1_472;
    private static final Duration LEAST = Duration.ofNanos(100_000);
    private static final Duration STRAGGLING_MAX = Duration.ofSeconds(6);

    private final World world;
    private final RandomGenerator random;
    private final List<ServerId> servers;
    private final Ipv4 service;
    private final TreeMap<ServerId, Consumer<Datagram>> listening = new TreeMap<>();
    private final TreeMap<String, ServerId> routes = new TreeMap<>();
    private final LinkedHashMap<String, Attached> attached = new LinkedHashMap<>();
    private final TreeMap<String, Instant> asked = new TreeMap<>();
    private final byte[] buffer = new byte[PacketCodec.DATAGRAM_BYTES_MAX];

    /** What a server hears. */
    // A byte array is compared by nobody here.
    @SuppressWarnings("ArrayRecordComponent")
    record Datagram(Arrival arrival, byte[] bytes) {}

    /** A client at its place. */
    private record Attached(Access access, Consumer<Packet> client) {}

    SimulatedNetwork(World world, List<ServerId> servers, Ipv4 service) {
        this.world = world;
        this.servers = List.copyOf(servers);
        this.service = service;
        random = world.dice().fork("network");
    }

    void listen(ServerId server, Consumer<Datagram> receiver) {
        listening.put(server, receiver);
    }

    void attach(Access access, Consumer<Packet> client) {
        attached.put(access.hardware().toString(), new Attached(access, client));
    }

    /** Sends all packets of a flow to a site. */
    void route(String flow, ServerId server) {
        routes.put(flow, server);
    }

    /** Routers choose anew for about a share of the flows. */
    void flip(double share) {
        for (String flow : List.copyOf(routes.keySet())) {
            if (Dice.chance(random, share)) {
                routes.put(flow, anyServer());
            }
        }
    }

    /** A site's route is withdrawn. */
    void withdraw(ServerId server) {
        routes.replaceAll((_, to) -> to.equals(server) ? anyServer() : to);
    }

    private ServerId anyServer() {
        List<ServerId> up = new ArrayList<>();
        for (ServerId server : servers) {
            if (world.links().isUp(server)) {
                up.add(server);
            }
        }
        List<ServerId> from = up.isEmpty() ? servers : up;
        return from.get(random.nextInt(from.size()));
    }

    private ServerId siteOf(String flow) {
        ServerId site = routes.computeIfAbsent(flow, _ -> anyServer());
        // Two paths of equal cost: now and then a packet takes the other one.
        return Dice.chance(random, world.conditions().duplication()) ? anyServer() : site;
    }

    void broadcast(Access access, Packet packet) {
        Ipv4 relay = access.relay();
        if (relay != null) {
            Packet relayed = packet.toBuilder()
                    .giaddr(relay)
                    .hops(packet.hops() + 1)
                    .options(packet.options().toBuilder()
                            .relayInformation(circuit(access))
                            .build())
                    .build();
            toService("relay " + relay, relayed, new Sender(relay, Endpoint.SERVER_PORT));
        }
        ServerId neighbour = access.neighbour();
        if (neighbour != null) {
            Arrival arrival =
                    new Arrival(LINK, Ipv4.UNSPECIFIED, INTERFACE, Ipv4.UNSPECIFIED, Endpoint.CLIENT_PORT, true);
            if (isParting(packet)) {
                carryParting(packet, encode(packet), bytes -> hear(neighbour, new Datagram(arrival, bytes)));
            } else {
                asked.put(packet.hardware().toString(), world.queue().instant());
                carry(encode(packet), bytes -> hear(neighbour, new Datagram(arrival, bytes)));
            }
        }
    }

    private static boolean isParting(Packet packet) {
        MessageType type = packet.messageType().orElse(null);
        return type == MessageType.RELEASE || type == MessageType.DECLINE;
    }

    /**
     * A RELEASE or DECLINE says nothing of the lease that it means (RFC 2131 table 5), so one that comes after its
     * client got the address again ends the new lease, in any DHCP server. What the protocol cannot tell apart is not
     * held against the cluster: a parting that its client's next request has overtaken is lost.
     */
    private void carryParting(Packet packet, byte[] encoded, Consumer<byte[]> there) {
        String client = packet.hardware().toString();
        Instant sent = world.queue().instant();
        carry(encoded, bytes -> {
            if (asked.getOrDefault(client, Instant.MIN).isBefore(sent)) {
                there.accept(bytes);
            } else {
                world.count("partings overtaken");
            }
        });
    }

    private record Sender(Ipv4 address, int port) {}

    private static RelayInformation circuit(Access access) {
        byte[] mac = access.hardware().bytes();
        byte[] value = Arrays.copyOf(new byte[] {RelayInformation.CIRCUIT_ID, (byte) mac.length}, 2 + mac.length);
        System.arraycopy(mac, 0, value, 2, mac.length);
        return RelayInformation.of(value);
    }

    void unicast(Access access, Packet packet) {
        toService(access.flow(), packet, new Sender(packet.ciaddr(), Endpoint.CLIENT_PORT));
    }

    private void toService(String flow, Packet packet, Sender from) {
        byte[] encoded = encode(packet);
        Arrival arrival = new Arrival(SERVICE, service, "", from.address, from.port, false);
        ServerId site = siteOf(flow);
        if (isParting(packet)) {
            carryParting(packet, encoded, bytes -> hear(site, new Datagram(arrival, bytes)));
            return;
        }
        asked.put(packet.hardware().toString(), world.queue().instant());
        carry(encoded, bytes -> hear(site, new Datagram(arrival, bytes)));
        if (Dice.chance(random, world.conditions().duplication())) {
            ServerId other = anyServer();
            carry(encoded, bytes -> hear(other, new Datagram(arrival, bytes)));
        }
    }

    /** A packet of a scenario, which goes to the site that the story names. */
    void deliver(Access access, ServerId site, Packet packet, boolean unicast) {
        if (access.neighbour() != null && !unicast) {
            broadcast(access, packet);
            return;
        }
        route(unicast ? access.flow() : "relay " + access.relay(), site);
        if (unicast) {
            unicast(access, packet);
        } else {
            broadcast(access, packet);
        }
    }

    private void hear(ServerId server, Datagram datagram) {
        Consumer<Datagram> receiver = listening.get(server);
        if (receiver != null && world.links().isUp(server)) {
            receiver.accept(datagram);
        }
    }

    private void carry(byte[] bytes, Consumer<byte[]> there) {
        boolean lost = Dice.chance(random, world.conditions().clientLoss());
        Duration delay = Dice.between(random, LEAST, world.conditions().clientDelay());
        if (Dice.chance(random, world.conditions().straggling())) {
            delay = delay.plus(Dice.between(random, Duration.ZERO, STRAGGLING_MAX));
        }
        if (!lost) {
            world.queue().after(delay, () -> there.accept(bytes));
        }
    }

    private byte[] encode(Packet packet) {
        int length =
                PacketCodec.encode(packet, EncodeLimits.of(BYTES_MAX), buffer).length();
        return Arrays.copyOf(buffer, length);
    }

    static Packet decode(byte[] bytes) {
        return switch (PacketCodec.decode(ByteBuffer.wrap(bytes))) {
            case Decoded.Ok(Packet packet) -> packet;
            case Decoded.Malformed(var reason, String detail) ->
                throw new IllegalStateException("a packet cannot be read: " + reason + ", " + detail);
        };
    }

    /** A server's reply sets out. */
    void reply(Reply way, byte[] bytes) {
        Packet packet = decode(bytes);
        Attached to = attached.get(packet.hardware().toString());
        if (to == null) {
            return;
        }
        switch (way.to()) {
            case Destination.UdpTo(Ipv4 address, int port) -> {
                Ipv4 relay = to.access.relay();
                if (relay != null && address.equals(relay) && port == Endpoint.SERVER_PORT) {
                    carry(bytes, arrived -> to.client.accept(withoutRelay(decode(arrived))));
                } else if (address.equals(packet.ciaddr()) || packet.ciaddr().isUnspecified()) {
                    carry(bytes, arrived -> to.client.accept(decode(arrived)));
                }
            }
            case Destination.LinkBroadcast broadcast -> onLink(to, bytes);
            case Destination.LinkUnicast unicast -> onLink(to, bytes);
        }
    }

    private void onLink(Attached to, byte[] bytes) {
        if (to.access.neighbour() != null) {
            carry(bytes, arrived -> to.client.accept(decode(arrived)));
        }
    }

    private static Packet withoutRelay(Packet packet) {
        return packet.toBuilder()
                .options(packet.options().toBuilder()
                        .remove(OptionCode.RELAY_AGENT_INFORMATION)
                        .build())
                .build();
    }

    /** Where a flow goes now. */
    @Nullable
    ServerId routeOf(String flow) {
        return routes.get(flow);
    }
}
