package org.anylease.server.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import org.anylease.server.partition.Autonomy;
import org.anylease.store.alone.Fence;
import org.jspecify.annotations.Nullable;

/** How well a server could serve a cell alone, in JSON and in one sentence. */
final class AutonomyJson {
    private AutonomyJson() {}

    static ObjectNode of(Autonomy autonomy) {
        ObjectNode node = Json.object();
        node.put("cell", autonomy.cell().name());
        node.put("mode", Json.name(autonomy.mode()));
        node.put("since", autonomy.since().toString());
        node.put("index", autonomy.appliedIndex().value());
        Fence fence = autonomy.fence();
        node.put("fence", fence == null ? null : Json.name(fence));
        node.put("fenceReason", fence == null ? null : reason(fence, autonomy.clockReason()));
        node.put("summary", summary(autonomy));
        ObjectNode pending = node.putObject("pending");
        autonomy.pending().forEach((rule, count) -> pending.put(UnsettledJson.rule(rule), count));
        ObjectNode promised = node.putObject("promised");
        autonomy.promised().forEach((rule, count) -> promised.put(UnsettledJson.rule(rule), count));
        node.put("reported", autonomy.reported().value());
        node.put("commitDeadlineMillis", autonomy.commitDeadline().toMillis());
        node.put("knownClientsSeconds", autonomy.knownClientsFor().toSeconds());
        ArrayNode networks = node.putArray("networks");
        for (Autonomy.NetworkAutonomy network : autonomy.networks()) {
            ObjectNode one = networks.addObject();
            one.put("network", network.network());
            one.put("granted", network.granted());
            one.put("claimed", network.claimed());
            one.put("unclaimed", network.unclaimed());
            one.put("wanted", network.wanted());
            Instant until = network.until();
            one.put("until", until == null ? null : until.toString());
            one.put("newClientsPerHour", Math.round(network.newClientsPerHour() * 10) / 10.0);
            Duration lasts = network.lasts();
            one.put("lastsSeconds", lasts == null ? null : lasts.toSeconds());
        }
        ArrayNode awaited = node.putArray("awaited");
        for (Autonomy.Awaited server : autonomy.waiting().servers()) {
            ObjectNode one = awaited.addObject();
            one.put("server", server.server().name());
            one.put("reported", server.reported().value());
            Instant heard = server.heard();
            one.put("heard", heard == null ? null : heard.toString());
            one.put("late", server.late());
        }
        return node;
    }

    /** Such as {@code 23h 12m for known clients, 412 addresses in escrow, about 5h at the current rate ...}. */
    private static String summary(Autonomy autonomy) {
        if (autonomy.fence() != null) {
            return "none: " + reason(autonomy.fence(), autonomy.clockReason());
        }
        int unclaimed = 0;
        Duration least = null;
        for (Autonomy.NetworkAutonomy network : autonomy.networks()) {
            unclaimed += network.unclaimed();
            least = shorter(least, network.lasts());
        }
        return words(autonomy.knownClientsFor()) + " for known clients, " + unclaimed
                + (unclaimed == 1 ? " address" : " addresses") + " in escrow, "
                + (least == null
                        ? "no new clients seen lately"
                        : "about " + words(least) + " at the current rate of new clients");
    }

    private static @Nullable Duration shorter(@Nullable Duration one, @Nullable Duration other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.compareTo(other) <= 0 ? one : other;
    }

    private static String reason(Fence fence, String clockReason) {
        return switch (fence) {
            case NOT_CONFIGURED -> "it has not heard of any configuration of the cell yet";
            case NOT_A_MEMBER -> "the configuration does not list it for the cell";
            case DECLARED_DOWN -> "it was declared down, and is to catch up first";
            case BEHIND_ITS_REPORT -> "it has not caught up yet with what it once reported, as after a restart";
            case NEWBORN -> "its disk is new, and nothing it committed has shown yet how far the cell is";
            case CLOCK_UNTRUSTED ->
                "its clock is not to be trusted" + (clockReason.isEmpty() ? "" : ": " + clockReason);
        };
    }

    /** What to do about it. */
    static String remedy(Fence fence) {
        return switch (fence) {
            case NOT_CONFIGURED, NOT_A_MEMBER -> "see that it has a copy of the cell: anylease cell status";
            case DECLARED_DOWN, BEHIND_ITS_REPORT, NEWBORN ->
                "nothing while it is in touch: it passes within seconds; else mend the network to it";
            case CLOCK_UNTRUSTED -> "set its clock right; with a quorum its clients are served as ever";
        };
    }

    /** In the two largest units. */
    private static String words(Duration duration) {
        long minutes = duration.toMinutes();
        if (minutes < 1) {
            return duration.toSeconds() + "s";
        }
        if (minutes < 60) {
            return minutes + "m";
        }
        long hours = minutes / 60;
        return hours < 48
                ? hours + "h" + (minutes % 60 == 0 ? "" : " " + minutes % 60 + "m")
                : hours / 24 + "d" + (hours % 24 == 0 ? "" : " " + hours % 24 + "h");
    }
}
