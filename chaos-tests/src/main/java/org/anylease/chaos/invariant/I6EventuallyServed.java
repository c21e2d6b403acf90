package org.anylease.chaos.invariant;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.anylease.server.wire.MessageType;
import org.anylease.server.wire.Packet;
import org.anylease.store.cell.ServerId;
import org.jspecify.annotations.Nullable;

/**
 * I6 EventuallyServed: a client that can reach any live server gets an answer within its retries while R1 to R4 allow
 * one.
 *
 * <p>Judged all the time by R2 to R4, which need nobody else: a server that hears a client's request three times, and
 * could each time answer it out of its own state and disk, must have answered three seconds after the third, whether it
 * is cut off or not. Judged at the end by R1: faults are over, all is healed, and clients have had time for their
 * retries. A client may then be without a lease only when the cell has no address that it would offer it.
 */
public final class I6EventuallyServed implements Invariant {
    private static final int RETRIES = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final LinkedHashMap<Key, Asked> asking = new LinkedHashMap<>();

    private record Key(
            ServerId server,
            String hardware,
            int xid,
            @Nullable MessageType type) {}

    private record Asked(int times, Instant last, String rules) {}

    /** Nobody waits. */
    public I6EventuallyServed() {}

    @Override
    public String name() {
        return "I6 EventuallyServed";
    }

    @Override
    public void on(Fact fact, Instant now) {
        switch (fact) {
            case Fact.RequestHeard heard -> {
                overdue(now);
                Key key = key(heard.server(), heard.packet());
                Asked before = asking.get(key);
                if (heard.allowed() == null) {
                    asking.remove(key);
                } else if (before == null || before.times < RETRIES) {
                    int times = before == null ? 1 : before.times + 1;
                    String rules = (before == null ? "" : before.rules + " ") + heard.allowed();
                    asking.put(key, new Asked(times, now, rules));
                }
            }
            case Fact.ReplySent(ServerId server, Packet reply) -> {
                boolean offer = reply.messageType().orElse(null) == MessageType.OFFER;
                MessageType answered = offer ? MessageType.DISCOVER : MessageType.REQUEST;
                asking.remove(new Key(server, reply.hardware().toString(), reply.xid(), answered));
            }
            case Fact.ServerTurned(ServerId server, var up) ->
                asking.keySet().removeIf(key -> key.server.equals(server));
            default -> {
                // Of no interest here.
            }
        }
    }

    private static Key key(ServerId server, Packet packet) {
        return new Key(
                server,
                packet.hardware().toString(),
                packet.xid(),
                packet.messageType().orElse(null));
    }

    private void overdue(Instant now) {
        for (Map.Entry<Key, Asked> each : asking.entrySet()) {
            Asked asked = each.getValue();
            if (asked.times >= RETRIES && asked.last.plus(PATIENCE).isBefore(now)) {
                throw new InvariantBroken(
                        name(),
                        each.getKey().server + " has heard a " + each.getKey().type + " of "
                                + each.getKey().hardware + " " + asked.times + " times, could have answered it by "
                                + asked.rules + ", and kept silent");
            }
        }
        asking.values()
                .removeIf(asked -> asked.last.plus(PATIENCE.multipliedBy(20)).isBefore(now));
    }

    @Override
    public void atTheEnd(Ending ending) {
        for (Ending.ClientAtEnd client : ending.clients()) {
            if (!client.served() && client.available() != null) {
                throw new InvariantBroken(
                        name(),
                        client.name() + " (" + client.client() + ") has no lease long after all was healed, while "
                                + client.available() + " could be offered to it");
            }
        }
    }
}
