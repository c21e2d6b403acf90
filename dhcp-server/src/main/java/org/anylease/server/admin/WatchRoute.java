package org.anylease.server.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.anylease.store.cell.CellId;

/** Streams changes of leases as they are applied here, one JSON object a line. */
final class WatchRoute {
    /** How long a watcher hears nothing at most; a line then proves that both ends live. */
    private static final Duration BEAT = Duration.ofSeconds(5);

    private final Cluster cluster;
    private final WatchHub hub;
    private final InstantSource clock;

    WatchRoute(Cluster cluster, WatchHub hub, InstantSource clock) {
        this.cluster = cluster;
        this.hub = hub;
        this.clock = clock;
    }

    List<Route> routes() {
        return List.of(Route.get("/v1/leases/watch", LeaseFilter.PARAMETERS, this::watch));
    }

    private void watch(Call call) throws IOException, InterruptedException {
        Map<String, List<String>> query = new TreeMap<>(call.query());
        // An address that becomes free is news, however little of it a list shows.
        query.putIfAbsent("state", List.of("all"));
        LeaseFilter filter = LeaseFilter.parse(query, cluster.servers(), clock.instant());
        filter.requireKnown(cluster.cells());
        try (WatchHub.Watch watch = hub.open()
                        .orElseThrow(() -> Refusal.unavailable(
                                "as many watch this server as may", "watch", "stop another watch first", null));
                OutputStream out = call.stream("application/x-ndjson");
                JsonGenerator json = Json.MAPPER.createGenerator(out)) {
            json.setRootValueSeparator(null);
            ObjectNode start = Json.object();
            start.set("from", call.origin().toJson());
            start.set("unwatched", unwatched(filter));
            json.writeTree(start);
            line(json, out);
            while (!Thread.currentThread().isInterrupted()) {
                tell(json, out, watch.next(BEAT), filter);
            }
        }
    }

    private void tell(JsonGenerator json, OutputStream out, WatchHub.Event event, LeaseFilter filter)
            throws IOException {
        switch (event) {
            case WatchHub.Event.Changed(LeaseChange change) -> {
                if (!filter.covers(change.cell()) || !filter.matches(change.binding())) {
                    return;
                }
                json.writeStartObject();
                json.writeStringField("cell", change.cell().name());
                json.writeNumberField("readIndex", change.index().value());
                json.writeStringField("time", change.time().toString());
                BindingJson.writeFields(json, change.binding());
                json.writeEndObject();
            }
            case WatchHub.Event.Missed(long changes) -> {
                json.writeStartObject();
                json.writeNumberField("missed", changes);
                json.writeEndObject();
            }
            case WatchHub.Event.Quiet() -> {
                json.writeStartObject();
                json.writeStringField("quiet", clock.instant().toString());
                json.writeEndObject();
            }
        }
        line(json, out);
    }

    private static void line(JsonGenerator json, OutputStream out) throws IOException {
        json.writeRaw('\n');
        json.flush();
        out.flush();
    }

    private ArrayNode unwatched(LeaseFilter filter) throws IOException {
        ArrayNode list = Json.array();
        for (CellId cell : cluster.cells()) {
            if (filter.covers(cell) && cluster.state(cell).isEmpty()) {
                list.add(cell.name());
            }
        }
        return list;
    }
}
