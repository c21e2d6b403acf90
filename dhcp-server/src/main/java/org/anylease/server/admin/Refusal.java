package org.anylease.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** A request that is not carried out: becomes an HTTP status and {@code {error, what, where, remedy}}. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String error;
    private final String where;
    private final String remedy;
    private final transient @Nullable JsonNode details;

    private Refusal(int status, String error, String what, String where, String remedy, @Nullable JsonNode details) {
        super(what, null, false, false);
        this.status = status;
        this.error = error;
        this.where = where;
        this.remedy = remedy;
        this.details = details;
    }

    static Refusal badRequest(String what, String where, String remedy) {
        return new Refusal(400, "bad-request", what, where, remedy, null);
    }

    static Refusal notFound(String what, String where, String remedy) {
        return new Refusal(404, "not-found", what, where, remedy, null);
    }

    static Refusal notAllowed(String what, String where, String remedy) {
        return new Refusal(405, "method-not-allowed", what, where, remedy, null);
    }

    static Refusal conflict(String what, String where, String remedy, @Nullable JsonNode details) {
        return new Refusal(409, "conflict", what, where, remedy, details);
    }

    static Refusal tooLarge(String what, String where, String remedy) {
        return new Refusal(413, "too-large", what, where, remedy, null);
    }

    static Refusal invalid(String what, String where, String remedy, @Nullable JsonNode details) {
        return new Refusal(422, "invalid", what, where, remedy, details);
    }

    static Refusal failed(String what, String where, String remedy) {
        return new Refusal(500, "internal", what, where, remedy, null);
    }

    static Refusal unavailable(String what, String where, String remedy, @Nullable JsonNode details) {
        return new Refusal(503, "unavailable", what, where, remedy, details);
    }

    int status() {
        return status;
    }

    ObjectNode toJson() {
        ObjectNode node = Json.object();
        node.put("error", error);
        node.put("what", getMessage());
        node.put("where", where);
        node.put("remedy", remedy);
        if (details != null) {
            node.set("details", details);
        }
        return node;
    }
}
