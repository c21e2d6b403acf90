package org.anylease.server.boot;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.anylease.raft.link.PeerLinks;
import org.anylease.server.partition.PeerMessage;
import org.anylease.server.partition.PeerMessageCodec;
import org.anylease.server.partition.PeerMessageCodec.Addressed;
import org.anylease.server.port.Peers;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.anylease.store.codec.UnreadableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The other servers, over the links that replication keeps to them. Confined to the loop. */
final class LinkedPeers implements Peers {
    private static final Logger LOG = LoggerFactory.getLogger(LinkedPeers.class);
    private static final String METHOD = "dhcp.peer";
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final byte[] HEARD = {};

    private final PeerLinks links;

    LinkedPeers(PeerLinks links) {
        this.links = links;
    }

    @Override
    public void send(ServerId to, CellId cell, PeerMessage message) {
        links.call(to, METHOD, PeerMessageCodec.encode(new Addressed(cell, message)), TIMEOUT)
                .whenComplete((_, failure) -> {
                    if (failure != null) {
                        LOG.debug("server {} did not hear {}", to, message, failure);
                    }
                });
    }

    @Override
    public void listen(Listener listener) {
        links.handle(METHOD, (from, body) -> heard(from, body, listener));
    }

    private static CompletionStage<byte[]> heard(ServerId from, byte[] body, Listener listener) {
        try {
            Addressed addressed = PeerMessageCodec.decode(body);
            listener.said(addressed.cell(), from, addressed.message());
            return CompletableFuture.completedFuture(HEARD);
        } catch (UnreadableException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
