package org.anylease.server.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.anylease.store.config.Member;

/** Lists leases, a line or an object at a time: a million of them take no more memory than one. */
final class LeaseRoutes {
    private static final int LIMIT_DEFAULT = 1000;

    /** How many leases a {@code show} describes; more than this is a list. */
    private static final int SHOWN_MAX = 100;

    /** How many addresses of one client are explained: each asks every server. */
    private static final int EXPLAINED_MAX = 20;

    private static final List<String> LIST_PARAMETERS = Stream.concat(
                    LeaseFilter.PARAMETERS.stream(), Stream.of("format", "limit", "after", "partial"))
            .toList();

    private final Cluster cluster;
    private final InstantSource clock;

    LeaseRoutes(Cluster cluster, InstantSource clock) {
        this.cluster = cluster;
        this.clock = clock;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/v1/leases", LIST_PARAMETERS, this::list),
                Route.get("/v1/leases/show", List.of("of"), this::show),
                Route.get("/v1/leases/explain", List.of("of"), this::explain));
    }

    private void list(Call call) throws IOException {
        LeaseFilter filter = LeaseFilter.parse(call.query(), cluster.servers(), clock.instant());
        filter.requireKnown(cluster.cells());
        long limit = call.number("limit", LIMIT_DEFAULT);
        boolean csv = csv(call);
        try (LeaseScan scan = new LeaseScan(cluster, filter, call.query(), first(call))) {
            if (csv && !scan.unread().isEmpty() && !call.flag("partial")) {
                throw Refusal.unavailable(
                        "cells cannot be read from here: " + scan.unread(),
                        "leases",
                        "ask a server that has them, or add partial=true for the rest",
                        null);
            }
            if (csv) {
                writeCsv(call, scan, limit == 0 ? Long.MAX_VALUE : limit);
            } else {
                writeJson(call, scan, limit == 0 ? Long.MAX_VALUE : limit);
            }
        }
    }

    private static boolean csv(Call call) {
        return switch (call.query("format").orElse("json")) {
            case "json" -> false;
            case "csv" -> true;
            default -> throw Refusal.badRequest("format is neither json nor csv", "query parameter format", "say json");
        };
    }

    private static Ipv4 first(Call call) {
        String after = call.query("after").orElse("");
        if (after.isEmpty()) {
            return new Ipv4(0);
        }
        try {
            Ipv4 last = Ipv4.parse(after);
            return last.equals(Ipv4.BROADCAST) ? last : last.plus(1);
        } catch (IllegalArgumentException e) {
            throw Refusal.badRequest(
                    String.valueOf(e.getMessage()),
                    "query parameter after",
                    "give the last address of the page before");
        }
    }

    private void writeCsv(Call call, LeaseScan scan, long limit) throws IOException {
        Map<ServerId, String> sites = sites();
        try (Writer out = new OutputStreamWriter(call.stream("text/csv; charset=utf-8"), StandardCharsets.UTF_8)) {
            out.write(LeaseCsv.HEADER + "\r\n");
            LeaseScan.Found found = scan.next();
            for (long i = 0; found != null && i < limit; i++) {
                ServerId server = found.binding().server();
                LeaseCsv.write(out, found, server == null ? "" : sites.getOrDefault(server, ""));
                found = scan.next();
            }
        }
    }

    private void writeJson(Call call, LeaseScan scan, long limit) throws IOException {
        Map<ServerId, String> sites = sites();
        OutputStream out = call.stream("application/json");
        JsonGenerator json = Json.MAPPER.createGenerator(out);
        json.writeStartObject();
        json.writeFieldName("from");
        json.writeTree(call.origin().toJson());
        json.writeFieldName("read");
        json.writeTree(read(scan));
        json.writeFieldName("unread");
        json.writeTree(unread(scan));
        json.writeArrayFieldStart("leases");
        LeaseScan.Found found = scan.next();
        String last = null;
        for (long i = 0; found != null && i < limit; i++) {
            write(json, found, sites);
            last = found.binding().address().toString();
            found = scan.next();
        }
        json.writeEndArray();
        json.writeStringField("next", found == null ? null : last);
        json.writeEndObject();
        json.close();
        out.close();
    }

    private static void write(JsonGenerator json, LeaseScan.Found found, Map<ServerId, String> sites)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("cell", found.cell().name());
        json.writeNumberField("readIndex", found.index().value());
        BindingJson.writeFields(json, found.binding());
        ServerId server = found.binding().server();
        if (server != null && sites.containsKey(server)) {
            json.writeStringField("site", sites.get(server));
        }
        json.writeEndObject();
    }

    static ArrayNode read(LeaseScan scan) {
        ArrayNode list = Json.array();
        for (LeaseSource source : scan.sources()) {
            ObjectNode one = list.addObject();
            one.put("cell", source.cell().name());
            one.put("server", source.server().name());
            one.put("index", source.index().value());
        }
        return list;
    }

    static ArrayNode unread(LeaseScan scan) {
        ArrayNode list = Json.array();
        for (Map.Entry<CellId, String> entry : scan.unread().entrySet()) {
            ObjectNode one = list.addObject();
            one.put("cell", entry.getKey().name());
            one.put("why", entry.getValue());
        }
        return list;
    }

    private Map<ServerId, String> sites() {
        Map<ServerId, String> sites = new TreeMap<>();
        for (Member member : cluster.servers()) {
            sites.put(member.server(), member.site().name());
        }
        return sites;
    }

    private void show(Call call) throws IOException {
        String of = call.query("of")
                .orElseThrow(() -> Refusal.badRequest(
                        "nothing to show", "query parameter of", "give an address, MAC, client id or host name"));
        Map<String, List<String>> query = new TreeMap<>();
        query.put("state", List.of("all"));
        // A whole address is found without reading the rest of the table.
        query.put(isAddress(of) ? "address" : "text", List.of(of));
        LeaseFilter filter = LeaseFilter.parse(query, cluster.servers(), clock.instant());
        try (LeaseScan scan = new LeaseScan(cluster, filter, query, new Ipv4(0))) {
            ObjectNode answer = Json.object();
            answer.set("read", read(scan));
            answer.set("unread", unread(scan));
            ArrayNode leases = answer.putArray("leases");
            LeaseDescription description = new LeaseDescription(cluster, sites(), clock.instant());
            LeaseScan.Found found = scan.next();
            for (int i = 0; found != null && i < SHOWN_MAX; i++) {
                leases.add(description.of(found));
                found = scan.next();
            }
            answer.put("more", found != null);
            if (leases.isEmpty() && isAddress(of)) {
                description.unheld(Ipv4.parse(of)).ifPresent(leases::add);
            }
            if (leases.isEmpty()) {
                throw Refusal.notFound(
                        "no lease has '" + of + "' as, or in, its address, MAC, client id or host name"
                                + (scan.unread().isEmpty() ? "" : "; cells that could not be read: " + scan.unread()),
                        "leases",
                        "anylease lease list --state all shows every address that was ever given out");
            }
            call.json(200, answer);
        }
    }

    private void explain(Call call) throws IOException {
        String of = call.query("of")
                .orElseThrow(() -> Refusal.badRequest(
                        "nothing to explain", "query parameter of", "give an address, MAC, client id or host name"));
        ObjectNode answer = Json.object();
        ArrayNode list = answer.putArray("explanations");
        LeaseExplanation explanation = new LeaseExplanation(cluster, clock);
        if (isAddress(of)) {
            list.add(explanation.of(address(of)));
        } else {
            Map<String, List<String>> query = Map.of("state", List.of("all"), "text", List.of(of));
            LeaseFilter filter = LeaseFilter.parse(query, cluster.servers(), clock.instant());
            try (LeaseScan scan = new LeaseScan(cluster, filter, query, new Ipv4(0))) {
                LeaseScan.Found found = scan.next();
                for (int i = 0; found != null && i < EXPLAINED_MAX; i++) {
                    list.add(explanation.of(found.cell(), found.binding().address()));
                    found = scan.next();
                }
                answer.put("more", found != null);
                answer.set("unread", unread(scan));
            }
        }
        if (list.isEmpty()) {
            throw Refusal.notFound(
                    "no lease has '" + of + "' as, or in, its address, MAC, client id or host name",
                    "leases",
                    "anylease lease list --state all shows every address that was ever given out");
        }
        call.json(200, answer);
    }

    private static Ipv4 address(String text) {
        try {
            return Ipv4.parse(text);
        } catch (IllegalArgumentException e) {
            throw Refusal.badRequest(
                    String.valueOf(e.getMessage()), "query parameter of", "give an address like 10.0.0.10");
        }
    }

    private static boolean isAddress(String text) {
        return text.matches("\\d+\\.\\d+\\.\\d+\\.\\d+");
    }
}
