package org.anylease.raft.ratis;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.anylease.raft.link.PeerLinks;
import org.anylease.store.cell.ServerId;

/**
 * Tells the peers that this server's Raft service can be reached, as soon as it can or can again, and hears it of
 * them. Confined to the loop.
 */
final class Presence {
    private static final String LISTENING = "raft.listening";
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private final PeerLinks links;
    private final RatisNode node;
    private boolean listening;

    Presence(PeerLinks links, RatisNode node) {
        this.links = links;
        this.node = node;
    }

    /** From now on it hears what peers tell. */
    void handle() {
        links.handle(LISTENING, this::heard);
        links.onChange(this::tell);
    }

    /** From now on this server listens. */
    void begin(Collection<ServerId> peers) {
        listening = true;
        peers.forEach(this::tell);
    }

    private void tell(ServerId peer) {
        if (listening && links.isUp(peer)) {
            // A peer that does not hear of it finds out by itself, a little later.
            var _ = links.call(peer, LISTENING, new byte[0], TIMEOUT);
        }
    }

    private CompletionStage<byte[]> heard(ServerId peer, byte[] nothing) {
        node.reconnect(peer);
        return CompletableFuture.completedFuture(nothing);
    }
}
