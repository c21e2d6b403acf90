package org.anylease.chaos.isc;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.anylease.chaos.lab.Namespace;
import org.anylease.server.wire.BootpOp;
import org.anylease.server.wire.Decoded;
import org.anylease.server.wire.EncodeLimits;
import org.anylease.server.wire.Packet;
import org.anylease.server.wire.PacketCodec;
import org.anylease.store.address.Ipv4;
import org.jspecify.annotations.Nullable;

/**
 * A link with a server at one end, and at the other a host that is every client and every relay: it has a route by which
 * all addresses are its own. Used by one thread.
 */
final class ServerSide implements AutoCloseable {
    static final String SERVER = "192.0.2.67";
    static final String OWN = "192.0.2.68";
    static final String DEVICE = "s0";

    /** The hardware address of all clients on the link, since their host must hear what is sent to them. */
    static final String CLIENT_HARDWARE = "02:00:00:00:02:01";

    private final Namespace server;
    private final Namespace clients;
    private final Selector selector;
    private final DatagramChannel relay;
    private final DatagramChannel client;
    private final ByteBuffer buffer = ByteBuffer.allocate(PacketCodec.DATAGRAM_BYTES_MAX);
    private @Nullable DatagramChannel bound;
    private long broadcasts;
    private boolean answersPings = true;

    /**
     * A reply.
     *
     * @param packet what it says
     * @param way how it came: {@code to the relay}, {@code broadcast}, {@code unicast}
     */
    record Heard(Packet packet, String way) {}

    ServerSide(String prefix, String name) throws IOException, InterruptedException {
        server = new Namespace(prefix + name);
        clients = new Namespace(prefix + name + "c");
        server.ip("link", "add", DEVICE, "type", "veth", "peer", "name", "c0", "netns", clients.name());
        server.ip("addr", "add", SERVER + "/24", "dev", DEVICE);
        server.ip("addr", "add", OWN + "/24", "dev", DEVICE);
        server.ip("link", "set", DEVICE, "up");
        server.ip("route", "add", "default", "via", "192.0.2.1");
        // Some of the files of ISC's migration assistant name it; dhcpd will not start where it has no address.
        server.ip("link", "add", "en0", "type", "veth", "peer", "name", "en1");
        server.ip("addr", "add", "10.5.5.30/32", "dev", "en0");
        server.ip("link", "set", "en0", "up");
        clients.ip("link", "set", "c0", "address", CLIENT_HARDWARE, "up");
        clients.ip("addr", "add", "192.0.2.1/24", "dev", "c0");
        clients.ip("route", "add", "255.255.255.255/32", "dev", "c0");
        clients.ip("route", "add", "local", "default", "dev", "lo", "table", "main");
        clients.ip("route", "add", "local", "192.0.2.128/25", "dev", "lo", "table", "main");
        answerPings(false);
        selector = Selector.open();
        relay = opened("0.0.0.0", 67);
        client = opened("0.0.0.0", 68);
    }

    /** Whether the clients' addresses answer when they are pinged. */
    void answerPings(boolean answer) {
        if (answer != answersPings) {
            clients.run("sysctl", "-qw", "net.ipv4.icmp_echo_ignore_all=" + (answer ? 0 : 1))
                    .orThrow();
            answersPings = answer;
        }
    }

    Namespace server() {
        return server;
    }

    private DatagramChannel opened(String address, int port) throws IOException, InterruptedException {
        return clients.inside(() -> {
            DatagramChannel channel = DatagramChannel.open();
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.setOption(StandardSocketOptions.SO_BROADCAST, true);
            channel.bind(new InetSocketAddress(address, port));
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            return channel;
        });
    }

    /** Sends as the relay that the packet names, as a client that has its address, or as one that has none yet. */
    void send(Packet packet, Ipv4 from) throws IOException, InterruptedException {
        if (bound != null) {
            bound.close();
            bound = null;
            // Only then is the socket gone, which would else hear the next reply.
            selector.selectNow();
            selector.selectedKeys().clear();
        }
        byte[] octets = new byte[PacketCodec.DATAGRAM_BYTES_MAX];
        int length = PacketCodec.encode(packet, EncodeLimits.of(1400), octets).length();
        ByteBuffer datagram = ByteBuffer.wrap(octets, 0, length);
        if (!packet.giaddr().isUnspecified()) {
            relay.send(datagram, new InetSocketAddress(SERVER, 67));
        } else if (from.isUnspecified()) {
            client.send(datagram, new InetSocketAddress("255.255.255.255", 67));
            // The kernel lets its sender hear a broadcast too.
            broadcasts++;
        } else {
            bound = opened(from.toString(), 68);
            bound.send(datagram, new InetSocketAddress(SERVER, 67));
        }
    }

    /** The answer to a transaction; what belongs to others is passed over. */
    Optional<Heard> await(int xid, Duration patience) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
            if (left <= 0 || selector.select(left) == 0) {
                return Optional.empty();
            }
            Heard heard = null;
            for (SelectionKey key : selector.selectedKeys()) {
                Heard next = receive((DatagramChannel) key.channel(), xid);
                heard = next == null ? heard : next;
            }
            selector.selectedKeys().clear();
            if (heard != null) {
                return Optional.of(heard);
            }
        }
    }

    private @Nullable Heard receive(DatagramChannel channel, int xid) throws IOException, InterruptedException {
        Heard heard = null;
        while (channel.receive(buffer.clear()) != null) {
            if (!(PacketCodec.decode(buffer.flip()) instanceof Decoded.Ok(Packet packet))) {
                throw new IllegalStateException("a malformed reply");
            }
            boolean reply = packet.op() == BootpOp.REPLY && packet.xid() == xid;
            heard = reply ? new Heard(packet, way(channel)) : heard;
        }
        return heard;
    }

    private String way(DatagramChannel channel) throws IOException, InterruptedException {
        if (channel.equals(relay)) {
            return "to the relay";
        }
        long before = broadcasts;
        broadcasts = broadcastsHeard();
        return broadcasts > before ? "broadcast" : "unicast";
    }

    /** The kernel's count of broadcasts that the clients' host has received. */
    private long broadcastsHeard() throws IOException, InterruptedException {
        List<String> lines = clients.inside(() -> Files.readAllLines(Path.of("/proc/thread-self/net/netstat"))).stream()
                .filter(line -> line.startsWith("IpExt:"))
                .toList();
        int column = List.of(lines.getFirst().split(" ", -1)).indexOf("InBcastPkts");
        return Long.parseLong(lines.getLast().split(" ", -1)[column]);
    }

    @Override
    public void close() throws IOException {
        try {
            relay.close();
            client.close();
            if (bound != null) {
                bound.close();
            }
            selector.close();
        } finally {
            clients.remove();
            server.remove();
        }
    }
}
