package org.anylease.server.ddns;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.anylease.server.event.ServerEvent;

/**
 * Which zones take no updates: told once when that has lasted a while, and once when it is over. A zone of which one
 * update fails and others succeed is well.
 */
final class ZoneHealth {
    /** How long no update may have succeeded before that is told: a name server that is restarted is no event. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private final BiConsumer<ServerEvent, String> events;
    private final SortedMap<String, Failing> failing = new TreeMap<>();

    /** Since when, and whether that was told. */
    private record Failing(Instant since, boolean told) {}

    ZoneHealth(BiConsumer<ServerEvent, String> events) {
        this.events = events;
    }

    void failed(String zone, String why, Instant now) {
        if (zone.isEmpty()) {
            return;
        }
        Failing before = failing.getOrDefault(zone, new Failing(now, false));
        boolean lasts = !now.isBefore(before.since.plus(PATIENCE));
        if (lasts && !before.told) {
            events.accept(ServerEvent.DNS_ZONE_FAILING, zone + " since " + before.since + ": " + why);
        }
        failing.put(zone, new Failing(before.since, before.told || lasts));
    }

    void succeeded(List<String> zones, Instant now) {
        for (String zone : zones) {
            Failing before = failing.remove(zone);
            if (before != null && before.told) {
                long seconds = Duration.between(before.since, now).toSeconds();
                events.accept(ServerEvent.DNS_ZONE_RECOVERED, zone + ", after " + seconds + " s");
            }
        }
    }

    /** Another server sends from now on, or other zones are named: nothing is known any more. */
    void forget() {
        failing.clear();
    }

    /** The zones of which no update succeeds, and since when. */
    SortedMap<String, Instant> failing() {
        SortedMap<String, Instant> since = new TreeMap<>();
        failing.forEach((zone, one) -> since.put(zone, one.since));
        return Collections.unmodifiableSortedMap(since);
    }
}
