package org.anylease.server.net;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.anylease.server.port.DatagramReceiver;
import org.anylease.server.port.Destination;
import org.anylease.server.port.Endpoint;
import org.anylease.server.port.Network;
import org.anylease.server.port.Reply;
import org.anylease.store.address.Ipv4;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The network over UDP: a socket per endpoint, since a socket bound to an address is what makes replies leave from it.
 *
 * <p>Which socket gets a packet is the kernel's choice: a unicast to a service or own address goes to that endpoint,
 * whatever interface it came by; broadcasts, and unicasts to other addresses of the interface, go to the interface's.
 * By UDP a {@link Endpoint.Link} replies through the socket of its service address; on its link it sends frames of its
 * own ({@link LinkFrames}), or broadcasts where the kernel forbids them, which clients accept as well but everybody on
 * the link hears.
 *
 * <p>Threading: {@link #open}, {@link #start} and {@link #close} off the loop; {@link #send} on it; {@link #counters}
 * anywhere.
 */
public final class UdpNetwork implements Network, AutoCloseable {
    /** Datagrams that may wait for the kernel, per endpoint; more are dropped and counted. */
    public static final int QUEUED_MAX = 4096;

    private static final Logger LOG = LoggerFactory.getLogger(UdpNetwork.class);

    private final EventLoop loop;
    private final InterfaceTable interfaces;
    private final List<UdpSocket> sockets;
    private final Map<Integer, LinkSender> links = new TreeMap<>();
    private final @Nullable LinkFrames frames;
    private boolean inBurst;
    private boolean flushAsked;

    private UdpNetwork(
            EventLoop loop, InterfaceTable interfaces, List<UdpSocket> sockets, @Nullable LinkFrames frames) {
        this.loop = loop;
        this.interfaces = interfaces;
        this.sockets = sockets;
        this.frames = frames;
    }

    /**
     * Opens the endpoints, all or none. Nothing is received before {@link #start}.
     *
     * @param loop the loop everything happens on
     * @param interfaces the machine's interfaces, as they are now
     * @param endpoints the endpoints; an endpoint's position is its number
     * @return the network, to be closed by the caller
     * @throws BindFailure when one cannot be opened; the message says what to do
     * @throws IllegalArgumentException when the list is empty, names an endpoint twice, or has a {@link Endpoint.Link}
     *     whose service address and port no other endpoint has
     */
    public static UdpNetwork open(EventLoop loop, InterfaceTable interfaces, List<Endpoint> endpoints)
            throws BindFailure {
        requireCoherent(endpoints);
        List<UdpSocket> sockets = new UdpBinding(loop).open(endpoints);
        boolean attached = endpoints.stream().anyMatch(Endpoint.Link.class::isInstance);
        UdpNetwork network = new UdpNetwork(loop, interfaces, sockets, attached ? openFrames() : null);
        try {
            network.openLinks();
            return network;
        } catch (BindFailure vanished) {
            network.close();
            throw vanished;
        }
    }

    /**
     * Starts to receive. Call once.
     *
     * @param receiver takes the datagrams, on the loop
     */
    public void start(DatagramReceiver receiver) {
        for (int i = 0; i < sockets.size(); i++) {
            UdpSocket socket = sockets.get(i);
            var arrivals = new Arrivals(i, socket, broadcastsOf(socket.endpoint()), receiver, this);
            socket.channel().pipeline().addLast(arrivals);
            socket.channel().config().setAutoRead(true);
        }
    }

    @Override
    public void send(Reply reply, ByteBuffer datagram) {
        loop.assertInLoop();
        if (reply.endpoint() >= sockets.size()) {
            throw new IllegalArgumentException("no endpoint " + reply.endpoint() + ", there are " + sockets.size());
        }
        switch (reply.to()) {
            case Destination.UdpTo to -> {
                LinkSender link = links.get(reply.endpoint());
                UdpSocket socket = link == null ? sockets.get(reply.endpoint()) : link.routed();
                socket.write(to.address(), to.port(), datagram);
                askForFlush();
            }
            case Destination.LinkBroadcast broadcast -> link(reply).broadcast(datagram);
            case Destination.LinkUnicast client -> link(reply).unicast(client, datagram);
        }
    }

    /**
     * What each endpoint has done so far.
     *
     * @return one element per endpoint, in order; replies of a {@link Endpoint.Link} by UDP count at the endpoint of
     *     its service address, since that is where they leave
     */
    public List<EndpointCounters> counters() {
        return sockets.stream().map(UdpSocket::counters).toList();
    }

    /**
     * Whether clients without an address are answered by frames; if not, by broadcasts.
     *
     * @return true when there is a {@link Endpoint.Link} and CAP_NET_RAW
     */
    public boolean sendsFrames() {
        return frames != null;
    }

    /** Closes all sockets; datagrams not yet taken by the kernel are dropped. Idempotent. */
    @Override
    public void close() {
        for (UdpSocket socket : sockets) {
            var closed = socket.channel().close();
            if (!loop.inLoop()) {
                closed.awaitUninterruptibly();
            }
        }
        if (frames != null) {
            frames.close();
        }
    }

    /** A burst of arrivals has begun; its replies leave together. */
    void burstBegan() {
        inBurst = true;
    }

    /** The burst is over. */
    void burstEnded() {
        inBurst = false;
        flush();
    }

    EventLoop loop() {
        return loop;
    }

    // Replies made outside a burst, when a proposal settles or a timer fires, wait for the end of the loop's turn.
    private void askForFlush() {
        if (!inBurst && !flushAsked) {
            flushAsked = true;
            loop.execute(() -> {
                flushAsked = false;
                flush();
            });
        }
    }

    private void flush() {
        for (UdpSocket socket : sockets) {
            socket.flush();
        }
    }

    private LinkSender link(Reply reply) {
        LinkSender link = links.get(reply.endpoint());
        if (link == null) {
            throw new IllegalArgumentException(reply.to() + " asked of endpoint " + reply.endpoint() + ", "
                    + BindFailure.place(sockets.get(reply.endpoint()).endpoint()) + ", which has no link");
        }
        return link;
    }

    private void openLinks() throws BindFailure {
        for (int i = 0; i < sockets.size(); i++) {
            if (sockets.get(i).endpoint() instanceof Endpoint.Link link) {
                links.put(i, linkSender(link, sockets.get(i)));
            }
        }
    }

    private LinkSender linkSender(Endpoint.Link link, UdpSocket socket) throws BindFailure {
        int index = Libc.interfaceIndex(link.interfaceName());
        if (index < 0) {
            throw BindFailure.of(link, -index);
        }
        UdpSocket routed = sockets.stream()
                .filter(other -> servesFor(other.endpoint(), link))
                .findFirst()
                .orElseThrow();
        return new LinkSender(link, index, socket, routed, frames);
    }

    private List<Ipv4> broadcastsOf(Endpoint endpoint) {
        List<Ipv4> result = new ArrayList<>(List.of(Ipv4.BROADCAST));
        if (endpoint instanceof Endpoint.Link link) {
            interfaces.named(link.interfaceName()).stream()
                    .flatMap(found -> found.prefixes().stream())
                    .flatMap(prefix -> prefix.broadcast().stream())
                    .forEach(result::add);
        }
        return result;
    }

    private static @Nullable LinkFrames openFrames() {
        try {
            return LinkFrames.open();
        } catch (NativeFailure failure) {
            LOG.warn(
                    "clients without an address are answered by broadcast, not unicast: {}; grant CAP_NET_RAW"
                            + " (systemd: AmbientCapabilities=CAP_NET_RAW) to change that",
                    failure.getMessage());
            return null;
        }
    }

    private static void requireCoherent(List<Endpoint> endpoints) {
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException("no endpoint to listen on");
        }
        if (endpoints.stream().distinct().count() != endpoints.size()) {
            throw new IllegalArgumentException("an endpoint is listed twice: " + endpoints);
        }
        for (Endpoint endpoint : endpoints) {
            if (endpoint instanceof Endpoint.Link link
                    && endpoints.stream().noneMatch(other -> servesFor(other, link))) {
                throw new IllegalArgumentException(link + " replies from " + link.serviceAddress() + ":" + link.port()
                        + ", which no service or own endpoint has");
            }
        }
    }

    private static boolean servesFor(Endpoint other, Endpoint.Link link) {
        return !(other instanceof Endpoint.Link)
                && other.replySource().equals(link.serviceAddress())
                && other.port() == link.port();
    }
}
