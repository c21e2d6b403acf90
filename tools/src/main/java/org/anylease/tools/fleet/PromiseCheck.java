package org.anylease.tools.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Looks through a history for two clients that held one address at one time. */
final class PromiseCheck {
    private PromiseCheck() {}

    private record Holding(int client, Instant from, Instant until) {}

    static List<String> doublePromises(List<History.Seen> events, Duration slack) {
        Map<String, List<Holding>> byAddress = new LinkedHashMap<>();
        List<String> found = new ArrayList<>();
        for (History.Seen event : events) {
            switch (event) {
                case History.Acked ack -> found.addAll(acked(byAddress, ack, slack));
                case History.Released released -> end(byAddress, released.address(), released.client(), released.at());
                case History.Naked nak -> end(byAddress, nak.address(), nak.client(), nak.at());
                case History.Unanswered _ -> {}
            }
        }
        return found;
    }

    private static List<String> acked(Map<String, List<Holding>> byAddress, History.Acked ack, Duration slack) {
        List<Holding> holdings = byAddress.computeIfAbsent(ack.address(), _ -> new ArrayList<>());
        List<String> found = new ArrayList<>();
        for (Holding other : holdings) {
            if (other.client != ack.client() && other.until.minus(slack).isAfter(ack.at())) {
                found.add(ack.address() + " was promised to client " + ack.client() + " at " + ack.at()
                        + " while client " + other.client + " held it until " + other.until);
            }
        }
        holdings.removeIf(holding -> holding.client == ack.client());
        holdings.add(new Holding(ack.client(), ack.at(), ack.requested().plus(ack.lease())));
        return found;
    }

    private static void end(Map<String, List<Holding>> byAddress, String address, int client, Instant at) {
        List<Holding> holdings = byAddress.getOrDefault(address, new ArrayList<>());
        holdings.replaceAll(h -> h.client == client ? new Holding(client, h.from, at) : h);
    }
}
