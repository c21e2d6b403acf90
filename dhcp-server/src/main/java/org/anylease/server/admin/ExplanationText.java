package org.anylease.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.LeaseClient;
import org.anylease.store.lease.Offer;

/** What an address's binding means, in sentences: who has it by which rule, and what stands before its reuse. */
final class ExplanationText {
    private final Cluster cluster;
    private final JsonNode newest;
    private final ExplainedServers servers;
    private final List<String> sentences = new ArrayList<>();

    ExplanationText(Cluster cluster, JsonNode newest, ExplainedServers servers) {
        this.cluster = cluster;
        this.newest = newest;
        this.servers = servers;
    }

    List<String> unheld() {
        sentences.add(
                newest.has("pool") || newest.has("reservedFor")
                        ? "It is free. Nobody ever had it."
                        : "It lies in no pool and is reserved for nobody: nobody is given it.");
        sentences.addAll(servers.aloneSentences());
        return sentences;
    }

    List<String> of(Binding binding) {
        switch (binding.state()) {
            case FREE ->
                sentences.add(
                        binding.client() == null
                                ? "It is free. Nobody ever had it."
                                : "It is free, and may be given to anyone. " + holder(binding) + " had it last.");
            case ACTIVE -> active(binding);
            case EXPIRED -> {
                sentences.add("The lease of " + holder(binding) + " ran out at " + time(binding.end()) + " (log entry "
                        + binding.index() + ").");
                gate(binding);
            }
            case RELEASED -> {
                sentences.add(holder(binding) + " gave it back (log entry " + binding.index() + ").");
                gate(binding);
            }
            case ABANDONED -> {
                sentences.add("It was found in use by somebody unknown, or promised twice (log entry " + binding.index()
                        + "): nobody gets it before " + time(binding.end())
                        + ". Find the device that answers at this address without a lease.");
                gate(binding);
            }
            case ESCROWED ->
                sentences.add("It is set aside for server " + binding.server() + " until " + time(binding.end())
                        + " (log entry " + binding.index() + "): only that server gives it out, while it is cut off"
                        + " (rule R3).");
            case RESERVED ->
                sentences.add(keeper() + " keeps it for "
                        + newest.path("reservedFor").asText("one client")
                        + ", which does not hold it now; every server promises it to that client, also alone"
                        + " (rule R4).");
        }
        offer(binding);
        outOfForce();
        sentences.addAll(servers.aloneSentences());
        conflicts();
        return sentences;
    }

    /** Whose word it is that an address is kept for a client. */
    private String keeper() {
        JsonNode made = newest.path("runTimeReservation");
        return made.path("inForce").asBoolean() ? "A reservation that " + madeBy(made) : "The configuration's file";
    }

    private static String madeBy(JsonNode reservation) {
        return Json.text(reservation, "author") + " made at run time, at " + time(Json.text(reservation, "added"))
                + ",";
    }

    private void outOfForce() {
        JsonNode made = newest.path("runTimeReservation");
        if (made.isObject() && !made.path("inForce").asBoolean()) {
            sentences.add("A reservation that " + madeBy(made) + " is out of force: the configuration's file keeps this"
                    + " address, or another one for the same client, or has no subnet of it.");
        }
    }

    private void active(Binding binding) {
        sentences.add("It is leased to " + holder(binding) + " since " + time(binding.start()) + " until "
                + time(binding.end()) + ": rule R1, committed by log entry " + binding.index() + ", through server "
                + through(binding) + ".");
        if (binding.client() != null && binding.client().speaksBootp()) {
            sentences.add(
                    "Its client speaks BOOTP: it was told no time, cannot renew or give back, and takes the address"
                            + " for its own. It is answered again whenever it boots.");
        }
        Duration mclt = Duration.ofMillis(newest.path("mcltMillis").asLong());
        Duration skew = Duration.ofMillis(newest.path("skewMillis").asLong());
        sentences.add("A server that is cut off may extend it alone, until "
                + time(binding.end().plus(mclt)) + " at the latest (rule R2: MCLT past the committed expiry).");
        sentences.add(
                binding.gate().equals(Binding.TIME_MAX)
                        ? "A reservation of it was taken away: when the lease ends, nobody else gets it before every"
                                + " server has reported to know that, however long it takes."
                        : "When it ends, nobody else gets it before every server has reported to know that, or else"
                                + " before "
                                + time(binding.end().plus(mclt).plus(skew.multipliedBy(2))) + ".");
    }

    private String through(Binding binding) {
        String server = String.valueOf(binding.server());
        return CellCopies.member(cluster, server)
                .map(member -> server + " at " + member.site())
                .orElse(server);
    }

    private void gate(Binding binding) {
        if (binding.gate().equals(Instant.EPOCH)) {
            sentences.add("Nobody can still lead an old promise for it.");
            return;
        }
        List<String> behind = servers.behind(binding.index().value());
        String latest = binding.gate().equals(Binding.TIME_MAX)
                ? ", however long that takes"
                : ", at the latest at " + time(binding.gate());
        sentences.add(
                "Nobody else gets it before every server has reported log entry " + binding.index() + latest + ".");
        sentences.add(
                behind.isEmpty()
                        ? "Every server has applied that entry: it is free as soon as their reports are in, within"
                                + " seconds."
                        : "It waits for " + String.join(", ", behind) + ".");
    }

    private void offer(Binding binding) {
        Offer offer = binding.offer();
        if (offer != null) {
            sentences.add("It is offered to " + client(offer.client()) + " until " + time(offer.until()) + " by server "
                    + offer.server() + ".");
        }
    }

    private void conflicts() {
        for (JsonNode conflict : newest.path("conflicts")) {
            sentences.add("Double promise, found at log entry "
                    + conflict.path("index").asLong() + ": server "
                    + Json.text(conflict, "by") + " promised it alone (rule " + Json.text(conflict, "rule") + ") to "
                    + client(conflict.path("promised")) + " until " + time(Json.text(conflict, "until"))
                    + (conflict.path("holder").isObject()
                            ? " while " + client(conflict.path("holder")) + " held it until "
                                    + time(Json.text(conflict, "holderUntil"))
                            : " while the cell had it for nobody to be given")
                    + ".");
        }
    }

    private static String holder(Binding binding) {
        LeaseClient client = binding.client();
        return client == null ? "nobody" : client(client);
    }

    static String client(LeaseClient client) {
        String mac = BindingJson.mac(client);
        String name = mac.isEmpty() ? client.id().value().toString() : mac;
        return client.hostname().isEmpty() ? name : name + " (" + client.hostname() + ")";
    }

    static String client(JsonNode client) {
        String mac = Json.text(client, "mac");
        String name = mac.isEmpty() ? Json.text(client, "id") : mac;
        String host = Json.text(client, "hostname");
        return host.isEmpty() ? name : name + " (" + host + ")";
    }

    static String time(String instant) {
        return time(Instant.parse(instant));
    }

    private static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
