package org.anylease.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.anylease.server.port.Destination;
import org.anylease.server.port.Endpoint;
import org.anylease.server.port.Reply;
import org.anylease.store.address.Ipv4;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On loopback, without privileges. */
class UdpNetworkTest {
    /** Of the test process' own, so that runs side by side do not meet. */
    private static final String NET = "127." + (1 + ProcessHandle.current().pid() % 250) + ".77.";

    private static final int PORT = 6767;

    private final LinkedBlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private EventLoop loop;

    @BeforeEach
    void start() {
        loop = EventLoop.start("udp-test", failures::add);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
        loop.close();
        assertThat(failures).isEmpty();
    }

    @Test
    void repliesLeaveFromTheAddressAndPortThatWasAsked() throws Exception {
        List<Endpoint> endpoints = List.of(service(1), service(2), new Endpoint.Own(address(3), PORT), service(4));
        UdpNetwork network = open(endpoints);
        echo(network);
        DatagramSocket relay = client();
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < endpoints.size(); i++) {
                send(relay, NET + (i + 1), "to " + i);
                DatagramPacket reply = receive(relay);
                assertThat(reply.getSocketAddress())
                        .isEqualTo(new InetSocketAddress(
                                endpoints.get(i).replySource().toString(), PORT));
                assertThat(text(reply)).isEqualTo("to " + i);
            }
        }
        onceTheLoopIsIdle();
        assertThat(network.counters()).allSatisfy(counters -> {
            assertThat(counters.received()).isEqualTo(3);
            assertThat(counters.sent()).isEqualTo(3);
            assertThat(counters.failed()).isZero();
            assertThat(counters.receiveBufferDrops()).isZero();
        });
    }

    @Test
    void tellsWhereADatagramCameIn() throws Exception {
        UdpNetwork network = open(List.of(service(1), service(2)));
        Inbox inbox = new Inbox();
        network.start(inbox);
        DatagramSocket relay = client();
        send(relay, NET + 2, "hello");
        var item = inbox.next();
        assertThat(item.text()).isEqualTo("hello");
        assertThat(item.arrival().endpoint()).isEqualTo(1);
        assertThat(item.arrival().localAddress()).isEqualTo(address(2));
        assertThat(item.arrival().interfaceName()).isEmpty();
        assertThat(item.arrival().source()).isEqualTo(Ipv4.parse("127.0.0.1"));
        assertThat(item.arrival().sourcePort()).isEqualTo(relay.getLocalPort());
        assertThat(item.arrival().broadcast()).isFalse();
    }

    @Test
    void repliesToSeveralDestinationsInOneTurnAllLeaveInOrder() throws Exception {
        UdpNetwork network = open(List.of(service(1)));
        DatagramSocket relay = client();
        Reply reply = new Reply(0, new Destination.UdpTo(Ipv4.parse("127.0.0.1"), relay.getLocalPort()));
        ByteBuffer reused = ByteBuffer.allocate(4);
        loop.execute(() -> {
            for (int i = 0; i < 100; i++) {
                reused.putInt(0, i);
                network.send(reply, reused);
            }
        });
        for (int i = 0; i < 100; i++) {
            assertThat(ByteBuffer.wrap(receive(relay).getData()).getInt()).isEqualTo(i);
        }
        assertThat(reused.remaining()).isEqualTo(4);
    }

    @Test
    void jumboDatagramsArriveWholeAndLongerOnesAreCountedAndDropped() throws Exception {
        UdpNetwork network = open(List.of(service(1)));
        Inbox inbox = new Inbox();
        network.start(inbox);
        DatagramSocket relay = client();
        send(relay, NET + 1, "x".repeat(UdpBinding.DATAGRAM_BYTES));
        send(relay, NET + 1, "y".repeat(UdpBinding.DATAGRAM_BYTES - 1));
        assertThat(inbox.next().text()).isEqualTo("y".repeat(UdpBinding.DATAGRAM_BYTES - 1));
        assertThat(network.counters().getFirst().truncated()).isEqualTo(1);
        assertThat(network.counters().getFirst().received()).isEqualTo(1);
    }

    @Test
    void countsWhatCannotBeSentAndHowMuchWaits() throws Exception {
        UdpNetwork network = open(List.of(service(1)));
        var done = new java.util.concurrent.CompletableFuture<@org.jspecify.annotations.Nullable Void>();
        loop.execute(() -> {
            // Once one waits for the kernel, those behind it wait as well.
            network.send(new Reply(0, new Destination.UdpTo(address(9), 9)), ByteBuffer.allocate(65_508));
            for (int i = 0; i < UdpNetwork.QUEUED_MAX; i++) {
                network.send(new Reply(0, new Destination.UdpTo(address(9), 9)), ByteBuffer.allocate(10));
            }
            loop.after(java.time.Duration.ofMillis(1), () -> done.complete(null));
        });
        done.get(5, TimeUnit.SECONDS);
        var counters = network.counters().getFirst();
        assertThat(counters.sendFailures().get(SendFailure.QUEUE_FULL)).isEqualTo(1);
        assertThat(counters.sendFailures().get(SendFailure.TOO_LARGE)).isEqualTo(1);
        assertThat(counters.sent() + counters.failed()).isEqualTo(UdpNetwork.QUEUED_MAX + 1);
        assertThat(counters.failed()).isEqualTo(2);
    }

    @Test
    void aReplyThatCannotLeaveHoldsUpNoneBehindIt() throws Exception {
        UdpNetwork network = open(List.of(service(1)));
        DatagramSocket relay = client();
        Reply reply = new Reply(0, new Destination.UdpTo(Ipv4.parse("127.0.0.1"), relay.getLocalPort()));
        // A loopback source has no way off the machine.
        Reply astray = new Reply(0, new Destination.UdpTo(Ipv4.parse("198.51.100.1"), 67));
        loop.execute(() -> {
            network.send(astray, ByteBuffer.allocate(4));
            network.send(reply, ByteBuffer.allocate(4).putInt(0, 1));
            network.send(astray, ByteBuffer.allocate(4));
            network.send(reply, ByteBuffer.allocate(4).putInt(0, 2));
            network.send(astray, ByteBuffer.allocate(4));
        });
        assertThat(ByteBuffer.wrap(receive(relay).getData()).getInt()).isEqualTo(1);
        assertThat(ByteBuffer.wrap(receive(relay).getData()).getInt()).isEqualTo(2);
        onceTheLoopIsIdle();
        var counters = network.counters().getFirst();
        assertThat(counters.sent()).isEqualTo(2);
        assertThat(counters.failed()).isEqualTo(3);
    }

    @Test
    void aThrowingReceiverCostsOneDatagram() throws Exception {
        UdpNetwork network = open(List.of(service(1)));
        Inbox inbox = new Inbox();
        network.start((arrival, datagram) -> {
            if (datagram.get(0) == '!') {
                throw new IllegalStateException("broken receiver");
            }
            inbox.received(arrival, datagram);
        });
        DatagramSocket relay = client();
        send(relay, NET + 1, "!");
        send(relay, NET + 1, "fine");
        assertThat(inbox.next().text()).isEqualTo("fine");
        assertThat(failures.poll(5, TimeUnit.SECONDS)).hasMessage("broken receiver");
    }

    @Test
    void saysWhoHoldsThePortEvenIfTheyShareIt() throws Exception {
        DatagramSocket other = new DatagramSocket(null);
        opened.add(other);
        other.setReuseAddress(true);
        other.bind(new InetSocketAddress(NET + 5, PORT));
        assertThatThrownBy(() -> open(List.of(service(1), service(5))))
                .isInstanceOf(BindFailure.class)
                .hasMessageContaining(NET + "5:" + PORT)
                .hasMessageContaining("another DHCP server");
        // What had been opened before the failure is free again.
        open(List.of(service(1)));
    }

    @Test
    void saysHowToAddAMissingAddressOrInterface() {
        assertThatThrownBy(() -> open(List.of(new Endpoint.Service(Ipv4.parse("203.0.113.1"), PORT))))
                .isInstanceOf(BindFailure.class)
                .hasMessageContaining("203.0.113.1:" + PORT)
                .hasMessageContaining("ip addr add 203.0.113.1/32 dev lo");
        assertThatThrownBy(() -> open(List.of(service(1), new Endpoint.Link("no-such-if", PORT, PORT + 1, address(1)))))
                .isInstanceOf(BindFailure.class)
                .hasMessageContaining("no-such-if")
                .hasMessageContaining("ip -br link");
    }

    @Test
    void refusesEndpointsThatMakeNoSense() {
        assertThatThrownBy(() -> open(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> open(List.of(service(1), service(1)))).hasMessageContaining("twice");
        assertThatThrownBy(() -> open(List.of(new Endpoint.Link("lo", PORT, PORT + 1, address(1)))))
                .hasMessageContaining("no service or own endpoint");
    }

    private UdpNetwork open(List<Endpoint> endpoints) throws Exception {
        UdpNetwork network = UdpNetwork.open(loop, InterfaceTable.read(), endpoints);
        opened.add(network);
        return network;
    }

    /** The client may see a reply before the loop has counted it. */
    private void onceTheLoopIsIdle() throws Exception {
        var turn = new java.util.concurrent.CompletableFuture<Boolean>();
        loop.execute(() -> turn.complete(true));
        turn.get(5, TimeUnit.SECONDS);
    }

    private static void echo(UdpNetwork network) {
        network.start((arrival, datagram) -> network.send(
                new Reply(arrival.endpoint(), new Destination.UdpTo(arrival.source(), arrival.sourcePort())),
                datagram));
    }

    private DatagramSocket client() throws Exception {
        DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        socket.setSoTimeout(5_000);
        opened.add(socket);
        return socket;
    }

    private static void send(DatagramSocket from, String to, String text) throws Exception {
        from.send(new DatagramPacket(
                text.getBytes(StandardCharsets.ISO_8859_1), text.length(), InetAddress.getByName(to), PORT));
    }

    private static DatagramPacket receive(DatagramSocket socket) throws Exception {
        DatagramPacket packet = new DatagramPacket(new byte[8192], 8192);
        socket.receive(packet);
        return packet;
    }

    private static String text(DatagramPacket packet) {
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.ISO_8859_1);
    }

    private static Endpoint.Service service(int last) {
        return new Endpoint.Service(address(last), PORT);
    }

    private static Ipv4 address(int last) {
        return Ipv4.parse(NET + last);
    }
}
