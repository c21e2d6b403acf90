package org.anylease.server.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.anylease.store.cell.CellId;

/** One request and the way to answer it; used by one thread. */
final class Call {
    private static final int STREAM_BUFFER_BYTES = 32 * 1024;

    private final HttpExchange exchange;
    private final Map<String, String> variables;
    private final Map<String, List<String>> query;
    private final Origin origin;

    Call(HttpExchange exchange, Map<String, String> variables, Map<String, List<String>> query, Origin origin) {
        this.exchange = exchange;
        this.variables = variables;
        this.query = query;
        this.origin = origin;
    }

    Map<String, List<String>> query() {
        return query;
    }

    Optional<String> query(String name) {
        return Optional.ofNullable(query.get(name)).map(List::getLast).filter(value -> !value.isEmpty());
    }

    boolean flag(String name) {
        return query(name)
                .map(value -> switch (value) {
                    case "true" -> true;
                    case "false" -> false;
                    default ->
                        throw Refusal.badRequest(
                                "'" + value + "' is neither true nor false", "query parameter " + name, "say true");
                })
                .orElse(false);
    }

    long number(String name, long otherwise) {
        String text = query(name).orElse("");
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(text);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below, together with negative numbers.
        }
        throw Refusal.badRequest(
                "'" + text + "' is not a number from 0 up", "query parameter " + name, "give a whole number");
    }

    /** A variable of the path. */
    String variable(String name) {
        return variables.getOrDefault(name, "");
    }

    CellId cell() {
        String name = variables.getOrDefault("cell", "");
        try {
            return new CellId(name);
        } catch (IllegalArgumentException e) {
            throw Refusal.badRequest(String.valueOf(e.getMessage()), "path", "GET /v1/cells lists the cells");
        }
    }

    InputStream body() {
        return exchange.getRequestBody();
    }

    String bodyText(int bytesMax) throws IOException {
        byte[] bytes = exchange.getRequestBody().readNBytes(bytesMax + 1);
        if (bytes.length > bytesMax) {
            throw Refusal.tooLarge(
                    "the body has more than " + bytesMax + " bytes", "body", "send a file of at most that size");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Answers with an object, to which is added where it comes from. */
    void json(int status, ObjectNode answer) throws IOException {
        answer.set("from", origin.toJson());
        send(status, "application/json", Json.bytes(answer));
    }

    void text(String contentType, String text) throws IOException {
        send(200, contentType, text.getBytes(StandardCharsets.UTF_8));
    }

    private void send(int status, String contentType, byte[] bytes) throws IOException {
        headers(contentType);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    /** Starts an answer of unknown length. A failure on the way breaks the connection, so that no half looks whole. */
    OutputStream stream(String contentType) throws IOException {
        headers(contentType);
        exchange.sendResponseHeaders(200, 0);
        return new BufferedOutputStream(exchange.getResponseBody(), STREAM_BUFFER_BYTES);
    }

    boolean started() {
        return exchange.getResponseCode() != -1;
    }

    Origin origin() {
        return origin;
    }

    void header(String name, String value) {
        exchange.getResponseHeaders().add(name, value);
    }

    private void headers(String contentType) {
        header("Content-Type", contentType);
        header("Cache-Control", "no-store");
        header("X-Content-Type-Options", "nosniff");
        origin.writeTo(exchange.getResponseHeaders());
    }
}
