package org.anylease.tools.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.anylease.server.config.ReservationText;
import org.anylease.store.address.Ipv4;

/** Reservations in CSV (RFC 4180), one a line; its first line names the columns. */
final class ReservationCsv {
    private static final long FILE_BYTES_MAX = 16 << 20;
    private static final String COLUMNS = "address, hardware, client-id, hostname";

    private ReservationCsv() {}

    /** The request that adds them. @throws CliFailure naming every line that is wrong */
    static ObjectNode read(Path file) {
        List<String> lines;
        try {
            if (Files.size(file) > FILE_BYTES_MAX) {
                throw new CliFailure(ExitCode.USAGE, file + " is larger than 16 MiB", "split it");
            }
            lines = Files.readAllLines(file);
        } catch (IOException e) {
            throw new CliFailure(
                    ExitCode.USAGE, file + " cannot be read: " + e.getMessage(), "name a CSV file in UTF-8");
        }
        ObjectNode problems = AdminClient.MAPPER.createObjectNode();
        ArrayNode list = problems.putArray("problems");
        ObjectNode body = AdminClient.MAPPER.createObjectNode();
        ArrayNode reservations = body.putArray("reservations");
        List<String> columns = lines.isEmpty() ? List.of() : columns(file, lines.getFirst());
        Map<String, Integer> seen = new TreeMap<>();
        for (int i = 1; i < lines.size(); i++) {
            if (!lines.get(i).isBlank()) {
                try {
                    reservations.add(reservation(columns, fields(lines.get(i)), seen, i + 1));
                } catch (IllegalArgumentException e) {
                    list.addObject()
                            .put("file", file.toString())
                            .put("line", i + 1)
                            .put("column", 1)
                            .put("severity", "error")
                            .put("what", e.getMessage());
                }
            }
        }
        if (!list.isEmpty()) {
            throw new CliFailure(
                    ExitCode.USAGE, list.size() + " lines of " + file + " are wrong", "correct them", problems);
        }
        if (reservations.isEmpty()) {
            throw new CliFailure(
                    ExitCode.USAGE, file + " has no reservation", "write columns " + COLUMNS + ", then one a line");
        }
        return body;
    }

    private static List<String> columns(Path file, String header) {
        List<String> columns = fields(header.startsWith("\ufeff") ? header.substring(1) : header).stream()
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .toList();
        List<String> known = List.of("address", "hardware", "client-id", "hostname");
        if (!known.containsAll(columns) || !columns.contains("address")) {
            throw new CliFailure(
                    ExitCode.USAGE,
                    file + ":1: the first line names other columns than " + COLUMNS + ": " + columns,
                    "let it name the columns that are there, address among them");
        }
        return columns;
    }

    private static ObjectNode reservation(
            List<String> columns, List<String> fields, Map<String, Integer> seen, int line) {
        if (fields.size() > columns.size()) {
            throw new IllegalArgumentException(
                    fields.size() + " fields, though the first line names " + columns.size() + " columns");
        }
        TreeMap<String, String> values = new TreeMap<>();
        for (int i = 0; i < fields.size(); i++) {
            if (!fields.get(i).isBlank()) {
                values.put(columns.get(i), fields.get(i).strip());
            }
        }
        String address = Ipv4.parse(values.getOrDefault("address", "")).toString();
        String hardware = values.getOrDefault("hardware", "");
        String clientId = values.getOrDefault("client-id", "");
        if (hardware.isEmpty() == clientId.isEmpty()) {
            throw new IllegalArgumentException("either hardware or client-id says whose address this is");
        }
        Integer before = seen.putIfAbsent(address, line);
        if (before != null) {
            throw new IllegalArgumentException(address + " is reserved in line " + before + " already");
        }
        ObjectNode one = AdminClient.MAPPER.createObjectNode().put("address", address);
        if (hardware.isEmpty()) {
            ReservationText.clientId(clientId);
            one.put("clientId", clientId);
        } else {
            ReservationText.hardware(hardware);
            one.put("hardware", hardware);
        }
        String hostname = values.get("hostname");
        if (hostname != null) {
            one.put("hostname", ReservationText.hostname(hostname));
        }
        return one;
    }

    /** The fields of a line; one in double quotes may hold commas, and quotes twice. */
    static List<String> fields(String line) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                field.append(c);
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        fields.add(field.toString());
        return fields;
    }
}
