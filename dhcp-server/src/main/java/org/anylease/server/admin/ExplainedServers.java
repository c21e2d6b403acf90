package org.anylease.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.anylease.store.cell.ServerId;
import org.anylease.store.config.Member;

/** What each server that may answer for an address's cell says of it. */
final class ExplainedServers {
    private final Cluster cluster;
    private final JsonNode newest;
    private final CellCopies.Answers answers;

    ExplainedServers(Cluster cluster, JsonNode newest, CellCopies.Answers answers) {
        this.cluster = cluster;
        this.newest = newest;
        this.answers = answers;
    }

    /** The servers whose word counts, whether or not they are members still. */
    private List<ServerId> awaited() {
        TreeSet<String> names = new TreeSet<>();
        newest.path("unsettled").path("awaited").forEach(server -> names.add(server.asText()));
        answers.heard().forEach((server, answer) -> {
            if (answer.path("holds").asBoolean()) {
                names.add(server.name());
            }
        });
        return names.stream().map(ServerId::new).toList();
    }

    ArrayNode json() {
        ArrayNode list = Json.array();
        for (ServerId server : awaited()) {
            ObjectNode node = list.addObject();
            node.put("server", server.name());
            CellCopies.member(cluster, server.name())
                    .map(Member::site)
                    .ifPresent(site -> node.put("site", site.name()));
            JsonNode answer = answers.heard().getOrDefault(server, Json.MAPPER.missingNode());
            if (!answer.path("holds").asBoolean()) {
                node.put("answers", false);
                node.put("problem", problem(server));
                continue;
            }
            node.put("answers", true);
            node.set("index", answer.path("index"));
            node.set("mode", answer.path("mode"));
            node.put("state", answer.path("binding").path("state").asText("free"));
            if (answer.path("binding").has("end")) {
                node.set("until", answer.path("binding").path("end"));
            }
            if (answer.has("promise")) {
                node.set("promise", answer.path("promise"));
            }
        }
        return list;
    }

    private String problem(ServerId server) {
        return answers.heard().containsKey(server)
                ? "has no copy of the cell"
                : answers.silent().getOrDefault(server, "is not in the configuration that this server started with");
    }

    /** What servers promised alone, and the cell has not heard of yet. */
    List<String> aloneSentences() {
        List<String> sentences = new ArrayList<>();
        for (ServerId server : awaited()) {
            JsonNode answer = answers.heard().getOrDefault(server, Json.MAPPER.missingNode());
            JsonNode promise = answer.path("promise");
            if (promise.isObject()) {
                sentences.add("Server " + server + " promised it alone to "
                        + ExplanationText.client(promise.path("client")) + " until "
                        + ExplanationText.time(Json.text(promise, "until")) + " by rule " + Json.text(promise, "rule")
                        + ", resting on log entry " + promise.path("binding").asText()
                        + (Json.text(promise, "ending").equals("held") ? "" : ", and the client gave it up since")
                        + "; the cell has not committed that yet.");
            } else if (!answer.path("holds").asBoolean()) {
                sentences.add("Server " + server + " does not answer (" + problem(server)
                        + "): what it promised alone is not known here.");
            }
        }
        return sentences;
    }

    /** The servers that have not applied an entry, and in words how far they are. */
    List<String> behind(long index) {
        List<String> behind = new ArrayList<>();
        for (JsonNode server : newest.path("unsettled").path("awaited")) {
            boolean over = false;
            for (JsonNode down : newest.path("unsettled").path("down")) {
                over |= Json.text(down, "server").equals(server.asText())
                        && down.path("over").asBoolean();
            }
            JsonNode answer = answers.heard().getOrDefault(new ServerId(server.asText()), Json.MAPPER.missingNode());
            if (!over && !answer.path("holds").asBoolean()) {
                behind.add(server.asText() + " (does not answer)");
            } else if (!over && answer.path("index").asLong() < index) {
                behind.add(server.asText() + " (at log entry "
                        + answer.path("index").asLong() + ")");
            }
        }
        return behind;
    }
}
