package org.anylease.raft.link;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.timeout.IdleStateHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.anylease.raft.event.RaftEvent;
import org.anylease.raft.event.RaftEventListener;
import org.anylease.raft.loop.ServerLoop;
import org.anylease.raft.membership.Peer;
import org.anylease.raft.membership.RaftSettings;
import org.anylease.store.cell.Incarnation;
import org.anylease.store.cell.ServerId;
import org.jspecify.annotations.Nullable;

/**
 * This server's connections to its peers: it dials each and asks on that connection, and answers on those that the
 * peers dial.
 *
 * <p>Confined to the loop but for {@link #start}. A question goes out at most once: when the connection breaks its
 * fate is unknown, and it fails. Questions to one peer arrive in the order asked.
 */
public final class PeerLinks {
    private static final long SILENCE_MILLIS = 5000;
    private static final Duration SWEEP = Duration.ofMillis(250);

    private final String cluster;
    private final Incarnation self;
    private final ServerLoop loop;
    private final LinkTransport transport;
    private final @Nullable LinkTls tls;
    private final RaftEventListener events;
    private final Map<ServerId, OutboundLink> outbound = new TreeMap<>();
    private final Map<String, LinkHandler> handlers = new HashMap<>();
    private Consumer<ServerId> changeListener = peer -> {};
    private @Nullable Channel listening;
    private boolean closed;

    private PeerLinks(
            String cluster,
            Incarnation self,
            ServerLoop loop,
            LinkTransport transport,
            @Nullable LinkTls tls,
            RaftEventListener events) {
        this.cluster = cluster;
        this.self = self;
        this.loop = loop;
        this.transport = transport;
        this.tls = tls;
        this.events = events;
    }

    /**
     * Listens, and starts to dial the peers. Blocks until this server listens: not to be called on the loop.
     *
     * @param settings the cluster, this server and its peers
     * @param self this server with its disk
     * @param loop the server's loop
     * @param transport the channels that go with it
     * @param events hears of links made, broken and refused
     * @return the links
     * @throws IOException when this server cannot listen, or the TLS files cannot be used
     */
    public static PeerLinks start(
            RaftSettings settings, Incarnation self, ServerLoop loop, LinkTransport transport, RaftEventListener events)
            throws IOException {
        PeerLinks links = new PeerLinks(
                settings.cluster(),
                self,
                loop,
                transport,
                settings.tls() == null ? null : LinkTls.of(settings.tls()),
                events);
        Peer own = settings.peers().get(self.server());
        if (own == null) {
            throw new IllegalArgumentException(self.server() + " is not among the peers");
        }
        var bound = transport
                .serverBootstrap()
                .group(loop.netty(), loop.netty())
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(links.inbound())
                .bind(own.link().address())
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot listen for peers on " + own.link() + ": " + messageOf(bound.cause())
                            + "; is another server running there, and is the address this host's?",
                    bound.cause());
        }
        loop.perform(() -> links.begin(settings, bound.channel()));
        return links;
    }

    private ChannelInitializer<SocketChannel> inbound() {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(SocketChannel accepted) {
                if (tls != null) {
                    accepted.pipeline().addLast(tls.listening(accepted.alloc()));
                }
                accepted.pipeline().addLast(new IdleStateHandler(SILENCE_MILLIS, 0, 0, TimeUnit.MILLISECONDS));
                LinkFrameCodec.addTo(accepted.pipeline());
                accepted.pipeline().addLast(new InboundLink(PeerLinks.this));
            }
        };
    }

    private void begin(RaftSettings settings, Channel channel) {
        listening = channel;
        for (Peer peer : settings.peers().values()) {
            if (!peer.server().equals(self.server())) {
                OutboundLink link = new OutboundLink(this, peer);
                outbound.put(peer.server(), link);
                link.dial();
            }
        }
        var _ = loop.every(SWEEP, this::expire);
    }

    private void expire() {
        long now = System.nanoTime();
        outbound.values().forEach(link -> link.expire(now));
    }

    /**
     * Registers what answers a kind of question.
     *
     * @param method the kind
     * @param handler answers it
     */
    public void handle(String method, LinkHandler handler) {
        handlers.put(method, handler);
    }

    /**
     * Registers who hears when the way to a peer stands or breaks.
     *
     * @param listener hears the peer's name, on the loop
     */
    public void onChange(Consumer<ServerId> listener) {
        changeListener = changeListener.andThen(listener);
    }

    /**
     * Asks a server.
     *
     * @param server a peer, or this server itself
     * @param method the kind of question
     * @param body the question, at most 8 MB; not copied
     * @param timeout how long to wait for the answer
     * @return the answer, on the loop; a {@link LinkException} when there is none
     */
    public CompletionStage<byte[]> call(ServerId server, String method, byte[] body, Duration timeout) {
        if (server.equals(self.server())) {
            return ask(server, method, body);
        }
        OutboundLink link = outbound.get(server);
        if (link == null || closed) {
            return CompletableFuture.failedFuture(new LinkException(
                    closed ? "this server is closing" : "server " + server + " is no peer of " + self.server()));
        }
        return link.call(method, body, timeout);
    }

    /**
     * Whether a peer can be asked.
     *
     * @param server a peer
     * @return true while the connection to it stands
     */
    public boolean isUp(ServerId server) {
        OutboundLink link = outbound.get(server);
        return link != null && link.isUp();
    }

    /**
     * The peers that this server keeps a connection to, whether it stands or not.
     *
     * @return in order of name
     */
    public List<ServerId> peers() {
        return List.copyOf(outbound.keySet());
    }

    /**
     * Whether a server is a peer, whether the connection to it stands or not.
     *
     * @param server a server
     * @return true when it was named to this server
     */
    public boolean knows(ServerId server) {
        return outbound.containsKey(server);
    }

    /**
     * Keeps a connection to a further server from now on, and lets it connect; or to one that has moved.
     *
     * @param peer the server
     */
    public void admit(Peer peer) {
        OutboundLink known = outbound.get(peer.server());
        if (closed || peer.server().equals(self.server()) || (known != null && known.leadsTo(peer))) {
            return;
        }
        if (known != null) {
            known.close();
        }
        OutboundLink link = new OutboundLink(this, peer);
        outbound.put(peer.server(), link);
        link.dial();
    }

    /**
     * Ends the connection to a server that is no peer any more, and lets it not connect again.
     *
     * @param server the server
     */
    public void dismiss(ServerId server) {
        OutboundLink known = outbound.remove(server);
        if (known != null) {
            known.close();
        }
    }

    CompletionStage<byte[]> ask(ServerId from, String method, byte[] body) {
        LinkHandler handler = handlers.get(method);
        if (handler == null) {
            return CompletableFuture.failedFuture(
                    new LinkException("server " + self.server() + " knows no question '" + method + "'"));
        }
        try {
            return handler.asked(from, body);
        } catch (IllegalArgumentException e) {
            // What the peer asked cannot be read.
            return CompletableFuture.failedFuture(e);
        } catch (RuntimeException e) {
            loop.run(() -> {
                throw e;
            });
            return CompletableFuture.failedFuture(e);
        }
    }

    @Nullable
    String objectionTo(LinkFrame.Hello hello) {
        if (hello.version() != LinkFrame.VERSION) {
            return "server " + self.server() + " speaks version " + LinkFrame.VERSION + " of the link protocol, not "
                    + hello.version() + "; run the same program on both";
        }
        if (!hello.cluster().equals(cluster)) {
            return "server " + self.server() + " belongs to cluster '" + cluster + "', not to '" + hello.cluster()
                    + "'; correct the peers' addresses or the cluster's name";
        }
        if (!hello.to().equals(self.server())) {
            return "this is server " + self.server() + ", not " + hello.to() + "; correct the peers' addresses";
        }
        if (!outbound.containsKey(hello.from().server())) {
            return "server " + self.server() + " has no peer named "
                    + hello.from().server() + "; add it to the peers";
        }
        return null;
    }

    LinkFrame.Hello hello(ServerId to) {
        return new LinkFrame.Hello(LinkFrame.VERSION, cluster, self, to);
    }

    static String messageOf(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    void peerIsThere(ServerId peer) {
        OutboundLink link = outbound.get(peer);
        if (link != null) {
            link.peerIsThere();
        }
    }

    Incarnation self() {
        return self;
    }

    ServerLoop loop() {
        return loop;
    }

    LinkTransport transport() {
        return transport;
    }

    @Nullable
    LinkTls tls() {
        return tls;
    }

    void tell(RaftEvent event) {
        if (!closed) {
            events.heard(event);
        }
    }

    void changed(ServerId peer) {
        if (!closed) {
            loop.run(() -> changeListener.accept(peer));
        }
    }

    /** Closes every connection; questions under way fail. */
    public void close() {
        closed = true;
        outbound.values().forEach(OutboundLink::close);
        if (listening != null) {
            var _ = listening.close();
        }
    }
}
