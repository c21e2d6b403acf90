package org.anylease.tools.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Leases as a table, as one line, and in full. */
final class LeaseTable {
    private final Terminal terminal;
    private final Table table;
    private final Instant now;

    LeaseTable(Terminal terminal) {
        this.terminal = terminal;
        this.now = terminal.clock().instant();
        this.table =
                new Table(terminal, "ADDRESS", "STATE", "MAC", "HOSTNAME", "ENDS", "CELL", "SITE", "RELAY", "CLIENT");
    }

    void add(JsonNode lease) {
        JsonNode client = client(lease);
        table.row(
                style(terminal, lease),
                lease.path("address").asText(),
                state(lease),
                or(client.path("mac")),
                or(client.path("hostname")),
                Times.of(lease.path("end").asText(""), now),
                lease.path("cell").asText(),
                or(lease.path("site")),
                or(client.path("relay")),
                or(client.path("id")));
    }

    void end() {
        table.end();
        terminal.err().println(table.rows() == 1 ? "1 lease" : table.rows() + " leases");
    }

    private static JsonNode client(JsonNode lease) {
        boolean offered = lease.has("offer") && !lease.path("state").asText().equals("active");
        return offered ? lease.path("offer").path("client") : lease.path("client");
    }

    private static String state(JsonNode lease) {
        return lease.path("state").asText() + (lease.has("offer") ? "+offered" : "");
    }

    private static String or(JsonNode text) {
        return text.asText("").isEmpty() ? "-" : text.asText();
    }

    private static UnaryOperator<String> style(Terminal terminal, JsonNode lease) {
        return switch (lease.path("state").asText()) {
            case "abandoned" -> terminal::red;
            case "expired", "released" -> terminal::yellow;
            default -> UnaryOperator.identity();
        };
    }

    /** One change on one line. */
    static String line(Terminal terminal, JsonNode event) {
        JsonNode client = client(event);
        Instant now = terminal.clock().instant();
        String text = event.path("time").asText() + "  " + event.path("address").asText() + "  " + state(event) + "  "
                + or(client.path("mac")) + "  " + or(client.path("hostname")) + "  ends "
                + Times.of(event.path("end").asText(""), now) + "  cell "
                + event.path("cell").asText() + " index "
                + event.path("readIndex").asText();
        return style(terminal, event).apply(Terminal.harmless(text));
    }

    /** Everything known, a line for each thing. */
    static void describe(Terminal terminal, JsonNode lease) {
        Instant now = terminal.clock().instant();
        terminal.out().println(terminal.bold(lease.path("address").asText() + "  " + state(lease)));
        terminal.out().println("  " + Terminal.harmless(lease.path("meaning").asText()));
        print(terminal, "", lease, now);
    }

    private static void print(Terminal terminal, String prefix, JsonNode node, Instant now) {
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            String name = prefix + field.getKey();
            JsonNode value = field.getValue();
            if (value.isObject()) {
                print(terminal, name + ".", value, now);
            } else if (!name.matches("address|state|meaning")
                    && !value.asText("").isEmpty()) {
                String shown = value.asText().matches("\\d{4}-\\d\\d-\\d\\dT.*Z")
                        ? Times.of(value.asText(), now)
                        : value.asText();
                terminal.out().println(Terminal.harmless(String.format("  %-24s %s", name, shown)));
            }
        }
    }
}
