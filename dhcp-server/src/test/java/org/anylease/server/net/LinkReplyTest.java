package org.anylease.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.anylease.server.port.Arrival;
import org.anylease.server.port.Destination;
import org.anylease.server.port.Endpoint;
import org.anylease.server.port.Reply;
import org.anylease.store.address.Ipv4;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A server with an anycast address on loopback and two links: on {@code s0} a client without an address, on {@code s1}
 * a relay with one. Each host is a namespace.
 */
class LinkReplyTest {
    private static final Ipv4 ANYCAST = Ipv4.parse("10.255.0.1");
    private static final Ipv4 OWN = Ipv4.parse("10.2.0.1");
    private static final Ipv4 OFFERED = Ipv4.parse("10.1.0.77");
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final byte[] CLIENT_MAC = {2, 0, 0, 0, 0, (byte) 0xc0};
    private static final int SERVICE = 0;
    private static final int CLIENT_LINK = 2;

    private static Namespace server;
    private static Namespace client;
    private static Namespace relay;

    private final LinkedBlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
    private EventLoop loop;
    private UdpNetwork network;
    private FrameTap tap;

    @BeforeAll
    static void build() throws Exception {
        server = Namespace.create("s");
        client = Namespace.create("c");
        relay = Namespace.create("r");
        server.link("s0", client, "c0");
        client.ip("link set c0 address " + mac(CLIENT_MAC));
        server.link("s1", relay, "r0");
        server.ip("addr add " + ANYCAST + "/32 dev lo");
        server.ip("addr add 10.1.0.1/24 dev s0");
        server.ip("addr add " + OWN + "/24 dev s1");
        relay.ip("addr add 10.2.0.2/24 dev r0");
        relay.ip("route add " + ANYCAST + " via " + OWN);
    }

    @AfterAll
    static void remove() throws Exception {
        for (Namespace each : new Namespace[] {server, client, relay}) {
            if (each != null) {
                each.close();
            }
        }
    }

    @BeforeEach
    void open() throws Exception {
        loop = EventLoop.start("link-test", failures::add);
        network = server.call(() -> UdpNetwork.open(
                loop,
                InterfaceTable.read(),
                List.of(
                        new Endpoint.Service(ANYCAST, 67),
                        new Endpoint.Own(OWN, 67),
                        new Endpoint.Link("s0", 67, 68, ANYCAST),
                        new Endpoint.Link("s1", 67, 68, ANYCAST))));
        tap = client.call(() -> new FrameTap(Libc.interfaceIndex("c0")));
    }

    @AfterEach
    void close() {
        tap.close();
        network.close();
        loop.close();
        assertThat(failures).isEmpty();
    }

    @Test
    void hearsABroadcastAndAnswersByBroadcastFromTheServiceAddress() throws Exception {
        LinkedBlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
        network.start((arrival, datagram) -> {
            arrivals.add(arrival);
            network.send(new Reply(arrival.endpoint(), new Destination.LinkBroadcast()), datagram);
        });
        tap.broadcast(CLIENT_MAC, "discover".getBytes(StandardCharsets.ISO_8859_1));
        FrameTap.Frame reply = tap.next(68, PATIENCE).orElseThrow();
        assertThat(arrivals.take())
                .isEqualTo(new Arrival(CLIENT_LINK, Ipv4.UNSPECIFIED, "s0", Ipv4.UNSPECIFIED, 68, true));
        assertThat(reply.toMac()).isEqualTo("ff:ff:ff:ff:ff:ff");
        assertThat(reply.source()).isEqualTo(ANYCAST);
        assertThat(reply.sourcePort()).isEqualTo(67);
        assertThat(reply.to()).isEqualTo(Ipv4.BROADCAST);
        assertThat(reply.payload()).isEqualTo("discover".getBytes(StandardCharsets.ISO_8859_1));
        // On the loop, behind the turn that sends: the frame is heard before it is counted.
        CompletableFuture<Long> sent = new CompletableFuture<>();
        loop.execute(() -> sent.complete(network.counters().get(CLIENT_LINK).sent()));
        assertThat(sent.get(5, TimeUnit.SECONDS)).isEqualTo(1);
    }

    @Test
    void answersByFrameToAHardwareAddressWithoutAddressAndLeavesNoNeighbour() throws Exception {
        assertThat(network.sendsFrames()).isTrue();
        network.start((arrival, datagram) -> network.send(
                new Reply(arrival.endpoint(), new Destination.LinkUnicast(1, CLIENT_MAC, OFFERED)), datagram));
        for (String text : List.of("discover", "odd length")) {
            tap.broadcast(CLIENT_MAC, text.getBytes(StandardCharsets.ISO_8859_1));
            FrameTap.Frame reply = tap.next(68, PATIENCE).orElseThrow();
            assertThat(reply.toMac()).isEqualTo(mac(CLIENT_MAC));
            assertThat(reply.source()).isEqualTo(ANYCAST);
            assertThat(reply.sourcePort()).isEqualTo(67);
            assertThat(reply.to()).isEqualTo(OFFERED);
            assertThat(reply.payload()).isEqualTo(text.getBytes(StandardCharsets.ISO_8859_1));
            assertThat(tap.udpChecksumHolds()).isTrue();
        }
        assertThat(Namespace.run("ip", "-n", server.name(), "neigh", "show", OFFERED.toString()))
                .isEmpty();
    }

    @Test
    void broadcastsWhatNoFrameCanCarry() throws Exception {
        network.start((arrival, datagram) -> {});
        byte[] large = new byte[2_000];
        loop.execute(() -> {
            network.send(
                    new Reply(CLIENT_LINK, new Destination.LinkUnicast(1, CLIENT_MAC, OFFERED)),
                    ByteBuffer.wrap(large));
            network.send(
                    new Reply(CLIENT_LINK, new Destination.LinkUnicast(32, new byte[0], OFFERED)),
                    ByteBuffer.wrap("infiniband".getBytes(StandardCharsets.ISO_8859_1)));
        });
        // The first comes in fragments, which the tap's header check would refuse: its first has the port.
        assertThatThrownBy(() -> tap.next(68, PATIENCE)).hasMessage("bad IP header");
        FrameTap.Frame second = tap.next(68, PATIENCE).orElseThrow();
        assertThat(second.payload()).isEqualTo("infiniband".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(second.to()).isEqualTo(Ipv4.BROADCAST);
    }

    @Test
    void unicastsGoToTheEndpointOfTheirAddressWhateverTheInterface() throws Exception {
        LinkedBlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
        network.start((arrival, datagram) -> {
            arrivals.add(arrival);
            network.send(
                    new Reply(arrival.endpoint(), new Destination.UdpTo(arrival.source(), arrival.sourcePort())),
                    datagram);
        });
        DatagramSocket socket = relay.call(() -> new DatagramSocket(new InetSocketAddress("10.2.0.2", 1067)));
        try (socket) {
            socket.setSoTimeout(5_000);
            socket.setBroadcast(true);
            String[][] cases = {
                // sent to, endpoint, reply comes from, broadcast
                {ANYCAST.toString(), "0", ANYCAST.toString(), "false"},
                {OWN.toString(), "1", OWN.toString(), "false"},
                {"10.2.0.255", "3", ANYCAST.toString(), "true"},
                {"255.255.255.255", "3", ANYCAST.toString(), "true"},
            };
            for (String[] each : cases) {
                socket.send(new DatagramPacket(new byte[300], 300, new InetSocketAddress(each[0], 67)));
                DatagramPacket reply = new DatagramPacket(new byte[400], 400);
                socket.receive(reply);
                Arrival arrival = arrivals.take();
                assertThat(arrival.endpoint()).as(each[0]).isEqualTo(Integer.parseInt(each[1]));
                assertThat(arrival.broadcast()).as(each[0]).isEqualTo(Boolean.parseBoolean(each[3]));
                assertThat(arrival.sourcePort()).isEqualTo(1067);
                assertThat(reply.getSocketAddress()).as(each[0]).isEqualTo(new InetSocketAddress(each[2], 67));
            }
        }
    }

    @Test
    void refusesLinkRepliesOfEndpointsWithoutLink() throws Exception {
        var thrown = new java.util.concurrent.CompletableFuture<Throwable>();
        loop.execute(() -> {
            try {
                network.send(new Reply(SERVICE, new Destination.LinkBroadcast()), ByteBuffer.allocate(1));
            } catch (IllegalArgumentException expected) {
                thrown.complete(expected);
            }
        });
        assertThat(thrown.get(5, java.util.concurrent.TimeUnit.SECONDS)).hasMessageContaining("has no link");
    }

    @Test
    void noticesAnotherServerOnTheLink() throws Exception {
        network.close();
        DatagramSocket other = server.call(() -> {
            DatagramSocket socket = new DatagramSocket(null);
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress("0.0.0.0", 67));
            return socket;
        });
        try (other) {
            List<Endpoint> endpoints =
                    List.of(new Endpoint.Service(ANYCAST, 67), new Endpoint.Link("s0", 67, 68, ANYCAST));
            assertThatThrownBy(() -> server.call(() -> UdpNetwork.open(loop, InterfaceTable.read(), endpoints)))
                    .isInstanceOf(BindFailure.class)
                    .hasMessageContaining("s0:67")
                    .hasMessageContaining("another DHCP server");
        }
    }

    @Test
    void aRealClientTakesALeaseFromFrames() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/sbin/udhcpc")), "needs busybox udhcpc");
        network.start((arrival, request) -> {
            byte[] reply = leaseReply(request);
            byte[] mac = new byte[6];
            request.get(28, mac);
            network.send(
                    new Reply(arrival.endpoint(), new Destination.LinkUnicast(1, mac, OFFERED)),
                    ByteBuffer.wrap(reply));
        });
        String said = Namespace.run(
                "ip",
                "netns",
                "exec",
                client.name(),
                "udhcpc",
                "-i",
                "c0",
                "-n",
                "-q",
                "-f",
                "-t",
                "5",
                "-T",
                "1",
                "-s",
                "/bin/true");
        assertThat(said).contains("lease of " + OFFERED + " obtained from " + ANYCAST);
    }

    /** Just enough of a DHCP server: OFFER for DISCOVER, ACK for REQUEST. */
    private static byte[] leaseReply(ByteBuffer request) {
        byte[] reply = new byte[300];
        request.get(0, reply, 0, 236);
        reply[0] = 2;
        int type = -1;
        for (int at = 240; request.get(at) != -1; at += request.get(at) == 0 ? 1 : 2 + request.get(at + 1)) {
            if (request.get(at) == 53) {
                type = request.get(at + 2);
            }
        }
        ByteBuffer fields = ByteBuffer.wrap(reply);
        fields.putInt(16, OFFERED.bits());
        fields.position(236);
        fields.putInt(0x63825363);
        fields.put(new byte[] {53, 1, (byte) (type == 1 ? 2 : 5), 54, 4}).putInt(ANYCAST.bits());
        fields.put(new byte[] {51, 4})
                .putInt(600)
                .put(new byte[] {1, 4})
                .putInt(0xffffff00)
                .put((byte) -1);
        return reply;
    }

    private static String mac(byte[] bytes) {
        return java.util.HexFormat.ofDelimiter(":").formatHex(bytes);
    }
}
