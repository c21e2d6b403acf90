package org.anylease.chaos.sim;

import java.time.Duration;
import java.util.SortedMap;
import java.util.random.RandomGenerator;
import org.anylease.server.partition.PeerMessage;
import org.anylease.server.partition.PeerMessageCodec;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.anylease.store.codec.UnreadableException;

/** What servers say to each other beside the log: encoded, lost, late, doubled and out of order. */
final class Words {
    private static final Duration STRAGGLING_MAX = Duration.ofSeconds(20);

    private final World world;
    private final SortedMap<ServerId, SimulatedServer> servers;
    private final RandomGenerator random;

    Words(World world, SortedMap<ServerId, SimulatedServer> servers) {
        this.world = world;
        this.servers = servers;
        random = world.dice().fork("words of servers");
    }

    /** Carries a word from one server to another, unless it gets lost on the way. */
    void say(ServerId from, ServerId to, CellId cell, PeerMessage message) {
        SimulatedServer receiver = servers.get(to);
        if (receiver == null
                || !world.links().reaches(from, to)
                || world.links().loses()) {
            return;
        }
        byte[] bytes = PeerMessageCodec.encode(new PeerMessageCodec.Addressed(cell, message));
        carry(from, to, cell, bytes, receiver);
        if (Dice.chance(random, world.conditions().duplication())) {
            carry(from, to, cell, bytes, receiver);
        }
    }

    private void carry(ServerId from, ServerId to, CellId cell, byte[] bytes, SimulatedServer receiver) {
        Duration lag = Dice.chance(random, world.conditions().straggling())
                ? Dice.between(random, Duration.ZERO, STRAGGLING_MAX)
                : Duration.ZERO;
        world.queue().after(world.links().delay(from, to).plus(lag), () -> {
            if (world.links().reaches(from, to)) {
                receiver.said(cell, from, decoded(bytes));
            }
        });
    }

    private static PeerMessage decoded(byte[] bytes) {
        try {
            return PeerMessageCodec.decode(bytes).message();
        } catch (UnreadableException e) {
            throw new IllegalStateException("a server's word cannot be read", e);
        }
    }
}
