package org.anylease.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.Outcome;
import org.anylease.store.replication.Proposal;

/**
 * Declares servers down, and undoes it. A plan says what waits for the server and until when, and what the operator
 * vouches for; a server that anybody still reaches is refused, since a false word here can promise an address twice.
 */
final class DownRoutes {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final List<String> PARAMETERS = List.of("plan", "fenced", "author");

    private final Cluster cluster;
    private final PeerAnswers self;
    private final CellCopies copies;

    DownRoutes(Cluster cluster, InstantSource clock) {
        this.cluster = cluster;
        this.self = new PeerAnswers(cluster, clock);
        this.copies = new CellCopies(cluster, self);
    }

    List<Route> routes() {
        return List.of(
                Route.post("/v1/servers/{server}/declare-down", PARAMETERS, this::declare),
                Route.post("/v1/servers/{server}/undeclare-down", List.of("plan", "author"), this::undo));
    }

    private void declare(Call call) throws IOException {
        ServerId server = server(call);
        refuseWhoAnswers(server);
        ObjectNode answer = Json.object();
        answer.put("server", server.name());
        answer.put(
                "vouch",
                server
                        + " is switched off or cannot reach any client, and stays so until it has been fenced: nobody"
                        + " hears a promise of it any more");
        ArrayNode list = answer.putArray("cells");
        List<CellId> cells = new ArrayList<>();
        for (CellHeard heard : cellsAwaiting(server)) {
            ObjectNode one = list.addObject();
            JsonNode unsettled = heard.unsettled();
            one.put("cell", heard.cell().name());
            one.set("addresses", unsettled.path("addresses"));
            one.set("until", unsettled.path("until"));
            one.put("escrow", unsettled.path("escrow").path(server.name()).asInt());
            JsonNode down = down(unsettled, server);
            one.set("since", down.path("since"));
            one.set("awaitedUntil", down.has("since") ? down.path("awaitedUntil") : unsettled.path("downUntil"));
            if (!down.has("since")) {
                cells.add(heard.cell());
            }
        }
        if (list.isEmpty()) {
            throw Refusal.conflict(
                    "no cell waits for server " + server + ": it answers for none",
                    "server " + server,
                    "nothing has to be done",
                    null);
        }
        if (!call.flag("plan")) {
            if (!call.flag("fenced")) {
                throw Refusal.conflict(
                        "nobody has vouched that server " + server + " is off",
                        "query parameter fenced",
                        "see that it is switched off and stays off, then add --fenced",
                        null);
            }
            String author = call.query("author").orElse("unknown");
            propose(
                    cells,
                    new LeaseCommand.DeclareDown(server, author),
                    list,
                    "it is the last server of the cell that is up");
        }
        call.json(200, answer);
    }

    private void undo(Call call) throws IOException {
        ServerId server = server(call);
        ObjectNode answer = Json.object();
        answer.put("server", server.name());
        ArrayNode list = answer.putArray("cells");
        List<CellId> cells = new ArrayList<>();
        for (CellHeard heard : cellsAwaiting(server)) {
            JsonNode down = down(heard.unsettled(), server);
            if (down.has("since")) {
                ObjectNode one = list.addObject();
                one.put("cell", heard.cell().name());
                one.set("since", down.path("since"));
                one.set("awaitedUntil", down.path("awaitedUntil"));
                one.set("over", down.path("over"));
                cells.add(heard.cell());
            }
        }
        if (list.isEmpty()) {
            throw Refusal.conflict(
                    "server " + server + " is not declared down", "server " + server, "nothing has to be undone", null);
        }
        if (!call.flag("plan")) {
            String author = call.query("author").orElse("unknown");
            propose(
                    cells,
                    new LeaseCommand.UndoDeclareDown(server, author),
                    list,
                    "its wait is over and addresses may have been freed: only the server itself can take it back,"
                            + " which it does once it is started and has caught up");
        }
        call.json(200, answer);
    }

    private ServerId server(Call call) {
        return CellCopies.required(cluster, call.variable("server"));
    }

    private void refuseWhoAnswers(ServerId server) {
        CellCopies.Answers answers = copies.all(PeerAnswers.REACH, Json.object().put("server", server.name()));
        answers.heard().forEach((by, reached) -> {
            if (reached.path("reached").asBoolean()) {
                throw Refusal.conflict(
                        by.equals(server)
                                ? "server " + server + " answers: it is not down"
                                : "server " + server + " is not down: " + by + " reaches it",
                        "server " + server,
                        "switch it off first; to take it out of service for a while: anylease server drain " + server,
                        null);
            }
        });
    }

    /** A cell, as the copy of it that is the furthest says it is. */
    private record CellHeard(CellId cell, JsonNode unsettled) {}

    private List<CellHeard> cellsAwaiting(ServerId server) throws IOException {
        Survey survey = Survey.of(cluster, self);
        List<CellHeard> found = new ArrayList<>();
        for (CellId cell : cluster.cells()) {
            JsonNode newest = survey.newest(cell.name());
            if (newest.isMissingNode()) {
                throw Refusal.unavailable(
                        "no server that has a copy of cell " + cell + " answers",
                        "cell " + cell,
                        "bring one of its servers back: anylease cell status names them",
                        null);
            }
            for (JsonNode awaited : newest.path("unsettled").path("awaited")) {
                if (awaited.asText().equals(server.name())) {
                    found.add(new CellHeard(cell, newest.path("unsettled")));
                }
            }
        }
        return found;
    }

    private static JsonNode down(JsonNode unsettled, ServerId server) {
        for (JsonNode down : unsettled.path("down")) {
            if (Json.text(down, "server").equals(server.name())) {
                return down;
            }
        }
        return Json.MAPPER.missingNode();
    }

    /** Proposes in each cell, and says of each what became of it. */
    private void propose(List<CellId> cells, LeaseCommand command, ArrayNode list, String whenNothingChanged) {
        boolean all = true;
        for (JsonNode one : list) {
            ObjectNode said = (ObjectNode) one;
            CellId cell = new CellId(Json.text(one, "cell"));
            if (!cells.contains(cell)) {
                said.put("result", "unchanged");
                continue;
            }
            Proposal proposal =
                    RepeatedProposal.propose(cluster, cell, command, PATIENCE).join();
            if (proposal instanceof Proposal.Committed(var index, Outcome.Done(int changed))) {
                said.put("result", changed > 0 ? "done" : "refused");
                said.put("index", index.value());
                if (changed == 0) {
                    said.put("what", whenNothingChanged);
                }
                all &= changed > 0;
            } else {
                said.put("result", "unavailable");
                said.put("what", "no quorum answered within " + PATIENCE.toSeconds() + " s");
                all = false;
            }
        }
        if (!all) {
            boolean refused = false;
            for (JsonNode one : list) {
                refused |= Json.text(one, "result").equals("refused");
            }
            ObjectNode details = Json.object();
            details.set("cells", list);
            String what = "not every cell took it";
            String remedy = "see anylease cell status; what was taken stays, so that the command can be repeated";
            throw refused
                    ? Refusal.conflict(what, "cells", remedy, details)
                    : Refusal.unavailable(what, "cells", remedy, details);
        }
    }
}
