package org.anylease.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.anylease.store.config.Member;

/** Asks servers that have a copy of a cell, this one first: whichever server an operator asks, the answer is the same. */
final class CellCopies {
    private final Cluster cluster;
    private final PeerAnswers self;

    CellCopies(Cluster cluster, PeerAnswers self) {
        this.cluster = cluster;
        this.self = self;
    }

    /** The answer of the first server that has a copy: it says so by {@code holds}. */
    JsonNode first(CellId cell, String method) throws IOException {
        return first(cell, method, Json.object().put("cell", cell.name()));
    }

    /** The answer of the first server that has a copy, to a question of some words. */
    JsonNode first(CellId cell, String method, ObjectNode question) throws IOException {
        StringBuilder silence = new StringBuilder();
        JsonNode own = ask(cluster.facts().server(), method, question);
        if (own.path("holds").asBoolean()) {
            return own;
        }
        for (Member member : cluster.servers()) {
            if (!member.server().equals(cluster.facts().server())) {
                try {
                    JsonNode answer = ask(member.server(), method, question);
                    if (answer.path("holds").asBoolean()) {
                        return answer;
                    }
                } catch (IOException e) {
                    silence.append("; ").append(e.getMessage());
                }
            }
        }
        throw Refusal.unavailable(
                "no server that has a copy of cell " + cell + " answers" + silence,
                "cell " + cell,
                "ask a server of the cell: anylease cell status names them",
                null);
    }

    /** The answers of all servers of the cluster, and why others gave none. */
    Answers all(String method, ObjectNode question) {
        TreeMap<ServerId, CompletableFuture<byte[]>> asked = new TreeMap<>();
        for (Member member : cluster.servers()) {
            if (!member.server().equals(cluster.facts().server())) {
                asked.put(member.server(), cluster.ask(member.server(), method, Json.bytes(question)));
            }
        }
        TreeMap<ServerId, JsonNode> heard = new TreeMap<>();
        TreeMap<ServerId, String> silent = new TreeMap<>();
        for (Member member : cluster.servers()) {
            ServerId server = member.server();
            CompletableFuture<byte[]> answer = asked.get(server);
            try {
                heard.put(
                        server,
                        Json.MAPPER.readTree(
                                answer == null ? self.answer(method, Json.bytes(question)) : answer.join()));
            } catch (CompletionException e) {
                Throwable cause = e.getCause() == null ? e : e.getCause();
                silent.put(server, String.valueOf(cause.getMessage()));
            } catch (IOException | CancellationException e) {
                silent.put(server, String.valueOf(e.getMessage()));
            }
        }
        return new Answers(heard, silent);
    }

    /** What servers said, and why others did not. */
    record Answers(Map<ServerId, JsonNode> heard, Map<ServerId, String> silent) {}

    /** The name of a server and its site, as operators know it. */
    static Optional<Member> member(Cluster cluster, String server) {
        return cluster.servers().stream()
                .filter(member -> member.server().name().equals(server))
                .findFirst();
    }

    /** The server of a name, or a refusal that names those that there are. */
    static ServerId required(Cluster cluster, String server) {
        return member(cluster, server)
                .orElseThrow(() -> Refusal.notFound(
                        "there is no server " + server,
                        "path",
                        "the servers are: "
                                + cluster.servers().stream()
                                        .map(member -> member.server().name())
                                        .toList()))
                .server();
    }

    private JsonNode ask(ServerId server, String method, ObjectNode question) throws IOException {
        return server.equals(cluster.facts().server())
                ? Json.MAPPER.readTree(self.answer(method, Json.bytes(question)))
                : PeerAnswers.ask(cluster, server, method, question);
    }
}
