package org.anylease.server.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Prefix;
import org.anylease.store.cell.CellId;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.LeaseCommand.ReserveAddresses;
import org.anylease.store.command.LeaseCommand.UnreserveAddresses;
import org.anylease.store.command.Outcome;
import org.anylease.store.config.RuntimeReservation;
import org.anylease.store.replication.Proposal;

/** Addresses that are kept for clients: by the configuration, and at an operator's word. */
final class ReservationRoutes {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final int BODY_BYTES_MAX = 16 << 20;

    private final Cluster cluster;
    private final CellCopies copies;
    private final InstantSource clock;

    ReservationRoutes(Cluster cluster, InstantSource clock) {
        this.cluster = cluster;
        this.copies = new CellCopies(cluster, new PeerAnswers(cluster, clock));
        this.clock = clock;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/v1/reservations", List.of("cell"), this::list),
                Route.post("/v1/reservations/add", List.of("plan", "when-free", "author"), this::add),
                Route.post("/v1/reservations/remove", List.of("plan"), this::remove));
    }

    private void list(Call call) throws IOException {
        ObjectNode answer = Json.object();
        ArrayNode list = answer.putArray("reservations");
        String only = call.query("cell").orElse("");
        Map<CellId, JsonNode> known = known();
        if (!only.isEmpty()
                && known.keySet().stream().noneMatch(cell -> cell.name().equals(only))) {
            throw Refusal.notFound(
                    "there is no cell " + only, "query parameter cell", "the cells are: " + known.keySet());
        }
        known.forEach((cell, copy) -> {
            if (only.isEmpty() || cell.name().equals(only)) {
                copy.path("reservations").forEach(one -> list.add(in(cell, one)));
            }
        });
        call.json(200, answer);
    }

    private static ObjectNode in(CellId cell, JsonNode reservation) {
        ObjectNode one = reservation.deepCopy();
        return one.put("cell", cell.name());
    }

    private Map<CellId, JsonNode> known() throws IOException {
        TreeMap<CellId, JsonNode> known = new TreeMap<>();
        for (CellId cell : cluster.cells()) {
            known.put(cell, copies.first(cell, PeerAnswers.RESERVATIONS));
        }
        return known;
    }

    private void add(Call call) throws IOException {
        Map<CellId, JsonNode> known = known();
        TreeMap<CellId, List<RuntimeReservation>> byCell = new TreeMap<>();
        ObjectNode answer = Json.object();
        ArrayNode list = answer.putArray("reservations");
        for (RuntimeReservation wish : wishes(call)) {
            CellId cell = cellOf(wish.address(), known);
            byCell.computeIfAbsent(cell, _ -> new ArrayList<>()).add(wish);
            list.add(in(cell, ReservationJson.of(wish)));
        }
        boolean whenFree = call.flag("when-free");
        ArrayNode obstacles = Json.array();
        for (Map.Entry<CellId, List<RuntimeReservation>> part : byCell.entrySet()) {
            for (List<RuntimeReservation> chunk : chunks(part.getValue())) {
                obstacles.addAll(obstacles(part.getKey(), chunk, whenFree));
            }
        }
        if (!obstacles.isEmpty()) {
            throw refused(obstacles);
        }
        if (!call.flag("plan")) {
            answer.put("changed", propose(byCell, chunk -> new ReserveAddresses(chunk, whenFree)));
        }
        call.json(200, answer);
    }

    private static Refusal refused(ArrayNode obstacles) {
        int more = obstacles.size() - 1;
        return Refusal.conflict(
                Json.text(obstacles.path(0), "what")
                        + (more == 0 ? "" : "; and " + more + " more: nothing was changed"),
                "body",
                Json.text(obstacles.path(0), "remedy"),
                Json.object().set("obstacles", obstacles));
    }

    private List<RuntimeReservation> wishes(Call call) throws IOException {
        String author = call.query("author").orElse("unknown");
        Instant now = clock.instant();
        List<RuntimeReservation> wishes = new ArrayList<>();
        for (JsonNode one : body(call).path("reservations")) {
            try {
                wishes.add(ReservationJson.read(one, author, now));
            } catch (IllegalArgumentException e) {
                throw Refusal.badRequest(
                        String.valueOf(e.getMessage()),
                        "body, reservation " + (wishes.size() + 1),
                        "give address, hardware or clientId, and maybe hostname");
            }
        }
        if (wishes.isEmpty()) {
            throw Refusal.badRequest(
                    "the body names no reservation", "body", "send {\"reservations\": [{\"address\": …}]}");
        }
        return wishes;
    }

    private static JsonNode body(Call call) throws IOException {
        try {
            return Json.MAPPER.readTree(call.bodyText(BODY_BYTES_MAX));
        } catch (JsonProcessingException e) {
            throw Refusal.badRequest("the body is not JSON: " + e.getOriginalMessage(), "body", "see /openapi.json");
        }
    }

    private JsonNode copyOf(Map<CellId, JsonNode> known, CellId cell) {
        return known.getOrDefault(cell, Json.object());
    }

    private CellId cellOf(Ipv4 address, Map<CellId, JsonNode> known) {
        for (CellId cell : known.keySet()) {
            for (JsonNode subnet : copyOf(known, cell).path("subnets")) {
                if (Prefix.parse(subnet.asText()).contains(address)) {
                    return cell;
                }
            }
        }
        throw Refusal.conflict(
                address + " lies in no subnet of the configuration",
                "address " + address,
                "name an address of a subnet, or add the subnet to the configuration",
                null);
    }

    private static List<List<RuntimeReservation>> chunks(List<RuntimeReservation> all) {
        List<List<RuntimeReservation>> chunks = new ArrayList<>();
        for (int from = 0; from < all.size(); from += ReserveAddresses.RESERVATIONS_MAX) {
            chunks.add(all.subList(from, Math.min(all.size(), from + ReserveAddresses.RESERVATIONS_MAX)));
        }
        return chunks;
    }

    private ArrayNode obstacles(CellId cell, List<RuntimeReservation> wishes, boolean whenFree) throws IOException {
        ObjectNode question = Json.object().put("cell", cell.name()).put("whenFree", whenFree);
        ArrayNode list = question.putArray("wishes");
        wishes.forEach(wish -> list.add(ReservationJson.of(wish)));
        return copies.first(cell, PeerAnswers.RESERVATIONS, question).withArrayProperty("obstacles");
    }

    private void remove(Call call) throws IOException {
        Map<CellId, JsonNode> known = known();
        TreeMap<CellId, List<RuntimeReservation>> byCell = new TreeMap<>();
        ObjectNode answer = Json.object();
        ArrayNode list = answer.putArray("reservations");
        for (JsonNode text : body(call).path("addresses")) {
            Ipv4 address = address(text.asText());
            CellId cell = cellOf(address, known);
            JsonNode found = find(address, copyOf(known, cell));
            list.add(in(cell, found));
            byCell.computeIfAbsent(cell, _ -> new ArrayList<>()).add(ReservationJson.read(found, "", clock.instant()));
        }
        if (list.isEmpty()) {
            throw Refusal.badRequest("the body names no address", "body", "send {\"addresses\": [\"192.0.2.10\"]}");
        }
        if (!call.flag("plan")) {
            answer.put("changed", propose(byCell, UnreserveAddresses::new));
        }
        call.json(200, answer);
    }

    private static Ipv4 address(String text) {
        try {
            return Ipv4.parse(text);
        } catch (IllegalArgumentException e) {
            throw Refusal.badRequest("'" + text + "' is no address", "body", "anylease reservation list shows them");
        }
    }

    private static JsonNode find(Ipv4 address, JsonNode copy) {
        boolean inFile = false;
        for (JsonNode one : copy.path("reservations")) {
            if (Json.text(one, "address").equals(address.toString())) {
                if (Json.text(one, "origin").equals("run-time")) {
                    return one;
                }
                inFile = true;
            }
        }
        if (inFile) {
            throw Refusal.conflict(
                    "the reservation of " + address + " stands in the configuration",
                    "address " + address,
                    "take it out of the file, then: anylease config apply",
                    null);
        }
        throw Refusal.notFound(
                address + " is kept for nobody", "address " + address, "anylease reservation list shows them all");
    }

    /** Proposes some at a time; what is in place already when one fails stays, and repeating is harmless. */
    private int propose(
            Map<CellId, List<RuntimeReservation>> byCell, Function<List<RuntimeReservation>, LeaseCommand> command) {
        int changed = 0;
        for (Map.Entry<CellId, List<RuntimeReservation>> part : byCell.entrySet()) {
            for (List<RuntimeReservation> chunk : chunks(part.getValue())) {
                CellId cell = part.getKey();
                Proposal proposal = RepeatedProposal.propose(cluster, cell, command.apply(chunk), PATIENCE)
                        .join();
                changed += switch (proposal) {
                    case Proposal.Committed(var _, Outcome.Done(int done)) -> done;
                    case Proposal.Committed(var _, Outcome.NotReserved not) ->
                        throw Refusal.conflict(
                                not.address() + " cannot be kept any more: " + Json.name(not.obstacle()),
                                "cell " + cell,
                                "somebody was faster: ask again; " + changed + " are in place",
                                null);
                    case Proposal.Committed _, Proposal.Rejected _, Proposal.Unknown _ ->
                        throw Refusal.unavailable(
                                "cell " + cell + " did not take it: no quorum answered within " + PATIENCE.toSeconds()
                                        + " s",
                                "cell " + cell,
                                "see anylease cell status, then ask again; " + changed + " are in place",
                                null);
                };
            }
        }
        return changed;
    }
}
