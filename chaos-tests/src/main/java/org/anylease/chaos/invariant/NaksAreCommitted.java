package org.anylease.chaos.invariant;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.TreeMap;
import org.anylease.server.wire.MessageType;
import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.Packet;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.Outcome;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.SharedNetwork;
import org.anylease.store.lease.ClientId;

/**
 * A client that holds an address, or remembers one, is refused it only as the outcome of a committed command, never by a
 * server that may know less than the cell. (Apart from an address of another network. One that takes an offer may be
 * sent back to start over.)
 */
public final class NaksAreCommitted implements Invariant {
    private static final int REQUESTS_KEPT = 1024;
    private static final Duration COMMITTED_WITHIN = Duration.ofSeconds(30);

    private final LinkedHashMap<Key, Asked> asked = new LinkedHashMap<>();
    private final TreeMap<Ipv4, TreeMap<ClientId, Instant>> refused = new TreeMap<>();
    private final TreeMap<CellId, CellConfig> configs = new TreeMap<>();

    private record Key(ServerId server, String hardware, int xid) {
        static Key of(ServerId server, Packet packet) {
            return new Key(server, packet.hardware().toString(), packet.xid());
        }
    }

    private record Asked(ClientId client, Ipv4 address, Ipv4 where, boolean selecting) {}

    /** Nobody was refused anything. */
    public NaksAreCommitted() {}

    @Override
    public String name() {
        return "NaksAreCommitted";
    }

    @Override
    public void on(Fact fact, Instant now) {
        switch (fact) {
            case Fact.Committed entry -> {
                for (Fact.Carried carried : entry.carried()) {
                    if (carried.command() instanceof LeaseCommand.CommitLease commit
                            && carried.outcome() instanceof Outcome.Refused) {
                        refused.computeIfAbsent(commit.address(), _ -> new TreeMap<>())
                                .put(commit.client().id(), now);
                    } else if (carried.command() instanceof LeaseCommand.ApplyConfig apply) {
                        configs.put(entry.cell(), apply.config());
                    }
                }
            }
            case Fact.RequestHeard(ServerId server, Packet packet, var _) -> {
                if (packet.messageType().orElse(null) == MessageType.REQUEST) {
                    boolean selecting = packet.options().has(OptionCode.SERVER_ID);
                    asked.put(
                            Key.of(server, packet),
                            new Asked(Requests.client(packet), Requests.address(packet), packet.giaddr(), selecting));
                    if (asked.size() > REQUESTS_KEPT) {
                        asked.pollFirstEntry();
                    }
                }
            }
            case Fact.ReplySent(ServerId server, Packet reply) -> {
                Asked request = asked.get(Key.of(server, reply));
                if (request != null && reply.messageType().orElse(null) == MessageType.NAK && !request.selecting) {
                    judge(server, request, now);
                }
            }
            default -> {
                // Of no interest here.
            }
        }
    }

    private void judge(ServerId server, Asked request, Instant now) {
        Instant when = refused.getOrDefault(request.address, new TreeMap<>()).get(request.client);
        if (isOfAnotherNetwork(request)) {
            return;
        }
        if (when == null || when.plus(COMMITTED_WITHIN).isBefore(now)) {
            throw new InvariantBroken(
                    name(),
                    server + " refused " + request.address + " to " + request.client
                            + ", and no entry of the log says so (the last one that did: " + when + ")");
        }
    }

    private boolean isOfAnotherNetwork(Asked request) {
        for (CellConfig config : configs.values()) {
            for (SharedNetwork network : config.networks()) {
                boolean here = request.where.isUnspecified() || contains(network, request.where);
                if (here && contains(network, request.address)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean contains(SharedNetwork network, Ipv4 address) {
        return network.subnets().stream().anyMatch(subnet -> subnet.prefix().contains(address));
    }
}
