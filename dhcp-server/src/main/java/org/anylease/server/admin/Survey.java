package org.anylease.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.anylease.store.cell.ServerId;
import org.anylease.store.config.Member;
import org.jspecify.annotations.Nullable;

/**
 * What every server of the cluster said of itself, asked all at once.
 *
 * @param heard one for each server, in order of name
 */
record Survey(List<Heard> heard) {
    /**
     * What one server said.
     *
     * @param member the server
     * @param status its answer, or null when it gave none
     * @param silence why it gave none; empty when it did
     */
    record Heard(Member member, @Nullable JsonNode status, String silence) {
        JsonNode cell(String cell) {
            JsonNode answer = status;
            if (answer != null) {
                for (JsonNode one : answer.path("cells")) {
                    if (Json.text(one, "cell").equals(cell)) {
                        return one;
                    }
                }
            }
            return Json.MAPPER.missingNode();
        }

        String name() {
            return member.server().name();
        }
    }

    static Survey of(Cluster cluster, PeerAnswers self) throws IOException {
        byte[] nothing = Json.bytes(Json.object());
        Map<ServerId, CompletableFuture<byte[]>> asked = new TreeMap<>();
        for (Member member : cluster.servers()) {
            if (!member.server().equals(cluster.facts().server())) {
                asked.put(member.server(), cluster.ask(member.server(), PeerAnswers.STATUS, nothing));
            }
        }
        List<Heard> heard = new ArrayList<>();
        for (Member member : cluster.servers()) {
            CompletableFuture<byte[]> answer = asked.get(member.server());
            heard.add(answer == null ? new Heard(member, self.status(), "") : wait(member, answer));
        }
        return new Survey(List.copyOf(heard));
    }

    private static Heard wait(Member member, CompletableFuture<byte[]> answer) {
        try {
            return new Heard(member, Json.MAPPER.readTree(answer.join()), "");
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            return new Heard(member, null, String.valueOf(cause.getMessage()));
        } catch (IOException e) {
            return new Heard(member, null, "its answer cannot be read: " + e.getMessage());
        }
    }

    /** What the copy of a cell says that is the furthest, or a missing node when nobody has one. */
    JsonNode newest(String cell) {
        JsonNode newest = Json.MAPPER.missingNode();
        for (Heard one : heard) {
            JsonNode copy = one.cell(cell);
            if (copy.path("applied").asLong(-1) > newest.path("applied").asLong(-1)) {
                newest = copy;
            }
        }
        return newest;
    }

    /** The warnings that the servers have of themselves. */
    List<Finding> warnings() {
        List<Finding> findings = new ArrayList<>();
        for (Heard one : heard) {
            JsonNode status = one.status();
            if (status == null) {
                findings.add(new Finding(
                        Finding.Severity.WARNING,
                        "server " + one.name() + " at " + one.member().site(),
                        "does not answer: " + one.silence(),
                        null,
                        "check that it runs and that the network reaches it; addresses that it might still extend wait"
                                + " until it reports"));
                continue;
            }
            if (status.hasNonNull("drainedSince")) {
                findings.add(new Finding(
                        Finding.Severity.NOTICE,
                        "server " + one.name() + " at " + one.member().site(),
                        "is drained: it leads no cell, and serves on",
                        Instant.parse(Json.text(status, "drainedSince")),
                        "anylease server undrain " + one.name() + " --yes lets it lead again, and so does a restart"));
            }
            for (JsonNode warning : status.path("warnings")) {
                String since = Json.text(warning, "since");
                findings.add(new Finding(
                        severity(Json.text(warning, "severity")),
                        one.name() + ": " + Json.text(warning, "where"),
                        Json.text(warning, "what"),
                        warning.hasNonNull("since") ? Instant.parse(since) : null,
                        Json.text(warning, "remedy")));
            }
        }
        return findings;
    }

    private static Finding.Severity severity(String name) {
        for (Finding.Severity severity : Finding.Severity.values()) {
            if (Json.name(severity).equals(name)) {
                return severity;
            }
        }
        return Finding.Severity.WARNING;
    }
}
