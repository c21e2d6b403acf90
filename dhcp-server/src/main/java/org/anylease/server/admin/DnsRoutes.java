package org.anylease.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.anylease.store.dns.DnsEntry;
import org.anylease.store.dns.DnsRecord.Phase;
import org.jspecify.annotations.Nullable;

/** How the names of clients stand in DNS: what waits, since when, and why. */
final class DnsRoutes {
    private static final String REMEDY =
            "see that the name server runs, is reached from that server and takes its updates; they are sent again by"
                    + " themselves";

    private final Cluster cluster;

    DnsRoutes(Cluster cluster) {
        this.cluster = cluster;
    }

    List<Route> routes() {
        return List.of(Route.get("/v1/dns", List.of(), this::show));
    }

    private void show(Call call) throws IOException {
        ObjectNode answer = Json.object();
        ArrayNode cells = answer.putArray("cells");
        List<Finding> findings = new ArrayList<>();
        for (CellId cell : cluster.cells()) {
            ObjectNode one = cells.addObject();
            one.put("cell", cell.name());
            ServerId leader = cluster.state(cell)
                    .map(state -> state.quorum().reachable() ? state.quorum().leader() : null)
                    .orElse(null);
            one.put("leader", leader == null ? null : leader.name());
            try {
                one.setAll((ObjectNode) known(cell, leader));
            } catch (IOException e) {
                findings.add(new Finding(
                        Finding.Severity.WARNING,
                        "cell " + cell,
                        "what waits is not known: " + e.getMessage(),
                        null,
                        "ask again in a moment, or ask that server"));
            }
            examine(cell, one, findings);
        }
        CellRoutes.addFindings(answer, findings);
        call.json(200, answer);
    }

    /** Of the leader, which alone knows why updates fail; where there is none, what this server has on record. */
    private JsonNode known(CellId cell, @Nullable ServerId leader) throws IOException {
        return leader == null || leader.equals(cluster.facts().server())
                ? answer(cluster, cell)
                : PeerAnswers.ask(
                        cluster, leader, PeerAnswers.DNS, Json.object().put("cell", cell.name()));
    }

    private static void examine(CellId cell, JsonNode one, List<Finding> findings) {
        int failing = 0;
        JsonNode first = Json.object();
        for (JsonNode name : one.path("open")) {
            if (name.hasNonNull("error")) {
                failing++;
                first = first.isEmpty() || oldest(name, first) ? name : first;
            }
        }
        if (failing > 0) {
            findings.add(new Finding(
                    Finding.Severity.WARNING,
                    "cell " + cell,
                    failing + (failing == 1 ? " name waits" : " names wait") + " for DNS: " + Json.text(first, "error"),
                    Instant.parse(Json.text(first, "failingSince")),
                    REMEDY));
        }
        one.path("failingZones")
                .properties()
                .forEach(zone -> findings.add(new Finding(
                        Finding.Severity.WARNING,
                        "zone " + zone.getKey(),
                        "no update succeeds",
                        Instant.parse(zone.getValue().asText()),
                        "see its name servers, the key on both sides, and who may update it")));
        long refused = one.path("refused").asLong();
        if (refused > 0) {
            findings.add(new Finding(
                    Finding.Severity.NOTICE,
                    "cell " + cell,
                    refused + (refused == 1 ? " name is" : " names are")
                            + " not the client's that asks for it, and stays as it is (RFC 4703)",
                    null,
                    "where the other client is gone for good, remove the name with its DHCID record by hand; it is"
                            + " tried again every hour"));
        }
    }

    private static boolean oldest(JsonNode one, JsonNode other) {
        return Json.text(one, "failingSince").compareTo(Json.text(other, "failingSince")) < 0;
    }

    /** What this server knows of a cell. */
    static ObjectNode answer(Cluster cluster, CellId cell) throws IOException {
        ObjectNode node = Json.object();
        Optional<DnsNames> known = cluster.names(cell);
        node.put("holds", known.isPresent());
        node.put("sends", known.map(DnsNames::sends).orElse(false));
        for (Phase phase : Phase.values()) {
            node.put(
                    Json.name(phase),
                    known.map(names -> names.phases().getOrDefault(phase, 0L)).orElse(0L));
        }
        ObjectNode zones = node.putObject("failingZones");
        known.ifPresent(names -> names.failingZones().forEach((zone, since) -> zones.put(zone, since.toString())));
        ArrayNode open = node.putArray("open");
        known.ifPresent(names -> {
            Map<Ipv4, DnsNames.Failure> failures = new TreeMap<>();
            names.failures().forEach(failure -> failures.put(failure.address(), failure));
            for (DnsEntry entry : names.open()) {
                ObjectNode one = open.addObject();
                one.put("address", entry.address().toString());
                one.put("name", entry.record().name());
                one.put("phase", Json.name(entry.record().phase()));
                one.put("since", entry.since().toString());
                DnsNames.Failure failure = failures.get(entry.address());
                if (failure != null) {
                    one.put("error", failure.why());
                    one.put("failingSince", failure.since().toString());
                    one.put("attempts", failure.attempts());
                    one.put("next", failure.next().toString());
                }
            }
        });
        return node;
    }
}
