package org.anylease.server.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.lease.Binding;
import org.anylease.store.replication.Proposal;

/**
 * What the admin side of this server answers to that of another one. Blocking: call it from a virtual thread, never
 * from the loop.
 */
public final class PeerAnswers {
    /** The question for leases of a cell, a page at a time. */
    public static final String LEASES = "admin.leases";

    /** The question what a server is and how its cells are. */
    public static final String STATUS = "admin.status";

    /** The question to propose a command in a cell of which the asking server has no copy. */
    public static final String PROPOSE = "admin.propose";

    /** The question for the double promises of a cell. */
    public static final String CONFLICTS = "admin.conflicts";

    /** The question what a server knows of an address. */
    public static final String EXPLAIN = "admin.explain";

    /** The question whether a server reaches another one. */
    public static final String REACH = "admin.reach";

    /** The question how the copies of a cell compare at one entry. */
    public static final String VERIFY = "admin.verify";

    /** The question how far a server is drained, which may also ask it to be. */
    public static final String DRAIN = "admin.drain";

    /** The question who takes part in a cell, and who is to. */
    public static final String MEMBERS = "admin.members";

    /** The question to commit what was promised alone, and to report. */
    public static final String RESYNC = "admin.resync";

    /** The question to fetch a copy anew. */
    public static final String REBUILD = "admin.rebuild";

    /** The question to give back what is set aside. */
    public static final String RECALL = "admin.recall";

    /** The question how the names of a cell's clients stand in DNS. */
    public static final String DNS = "admin.dns";

    /** The question what is kept for whom in a cell, or what stands against keeping more. */
    public static final String RESERVATIONS = "admin.reservations";

    /** All questions that it answers. */
    public static final List<String> METHODS = List.of(
            LEASES,
            STATUS,
            PROPOSE,
            CONFLICTS,
            EXPLAIN,
            REACH,
            VERIFY,
            DRAIN,
            MEMBERS,
            RESYNC,
            REBUILD,
            RECALL,
            DNS,
            RESERVATIONS);

    /** How many leases travel in one answer. */
    private static final int PAGE_LEASES = 2000;

    private final Cluster cluster;
    private final InstantSource clock;

    /**
     * Answers for a server.
     *
     * @param cluster the server
     * @param clock for filters by time
     */
    public PeerAnswers(Cluster cluster, InstantSource clock) {
        this.cluster = cluster;
        this.clock = clock;
    }

    /**
     * Answers a question.
     *
     * @param method which question
     * @param body its words
     * @return the answer's words
     * @throws IOException when it cannot be answered; the message is for the other side's operator
     */
    public byte[] answer(String method, byte[] body) throws IOException {
        try {
            return switch (method) {
                case LEASES -> leases(Json.MAPPER.readTree(body));
                case STATUS -> Json.bytes(status());
                case CONFLICTS -> Json.bytes(conflicts(new CellId(cellOf(body))));
                case EXPLAIN -> Json.bytes(AddressKnowledge.of(cluster, Json.MAPPER.readTree(body)));
                case VERIFY -> Json.bytes(VerifyRoute.answer(cluster, new CellId(cellOf(body))));
                case DRAIN -> Json.bytes(DrainRoutes.answer(cluster, Json.text(Json.MAPPER.readTree(body), "wanted")));
                case MEMBERS -> Json.bytes(MemberRoutes.answer(cluster, new CellId(cellOf(body))));
                case RESYNC -> Json.bytes(ResyncRoutes.resync(cluster, Json.MAPPER.readTree(body)));
                case REBUILD -> Json.bytes(ResyncRoutes.rebuild(cluster, Json.MAPPER.readTree(body)));
                case RECALL -> Json.bytes(EscrowRecall.answer(cluster, Json.MAPPER.readTree(body)));
                case DNS -> Json.bytes(DnsRoutes.answer(cluster, new CellId(cellOf(body))));
                case RESERVATIONS ->
                    Json.bytes(ReservationAnswers.answer(cluster, Json.MAPPER.readTree(body), clock.instant()));
                case REACH -> Json.bytes(reach(new ServerId(Json.text(Json.MAPPER.readTree(body), "server"))));
                case PROPOSE -> ForwardedProposal.answer(cluster, Json.MAPPER.readTree(body));
                default ->
                    throw new IOException(cluster.facts().server() + " ("
                            + cluster.facts().software() + ") does not know the question " + method);
            };
        } catch (IllegalArgumentException | Refusal e) {
            throw new IOException(method + ": " + e.getMessage(), e);
        }
    }

    /**
     * Lets another server propose a command.
     *
     * @param cluster this server
     * @param server one that has a copy of the cell
     * @param cell the cell
     * @param command the command
     * @return what became of it; never completes exceptionally: when the answer is missing it is not known
     */
    public static CompletableFuture<Proposal> propose(
            Cluster cluster, ServerId server, CellId cell, LeaseCommand command) {
        return ForwardedProposal.ask(cluster, server, cell, command);
    }

    /** Asks another server and waits for its answer. */
    static JsonNode ask(Cluster cluster, ServerId server, String method, ObjectNode body) throws IOException {
        try {
            return Json.MAPPER.readTree(
                    cluster.ask(server, method, Json.bytes(body)).join());
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException("server " + server + " does not answer: " + cause.getMessage(), cause);
        } catch (CancellationException e) {
            throw new IOException("server " + server + " was not asked: this server is stopping", e);
        }
    }

    private static String cellOf(byte[] body) throws IOException {
        return Json.text(Json.MAPPER.readTree(body), "cell");
    }

    /** The double promises of a cell, as this server's copy has them. */
    ObjectNode conflicts(CellId cell) throws IOException {
        ObjectNode node = Json.object();
        Optional<Cluster.Unsettled> unsettled = cluster.unsettled(cell);
        node.put("holds", unsettled.isPresent());
        unsettled.ifPresent(known -> {
            node.put("index", known.applied().value());
            node.put("dropped", known.conflictsDropped());
            ArrayNode list = node.putArray("conflicts");
            known.conflicts().forEach(conflict -> list.add(UnsettledJson.of(conflict)));
        });
        return node;
    }

    /** Whether another server answers this one. */
    private ObjectNode reach(ServerId server) {
        ObjectNode node = Json.object();
        if (server.equals(cluster.facts().server())) {
            return node.put("reached", true);
        }
        try {
            ask(cluster, server, STATUS, Json.object());
            return node.put("reached", true);
        } catch (IOException e) {
            return node.put("reached", false).put("why", e.getMessage());
        }
    }

    private byte[] leases(JsonNode asked) throws IOException {
        CellId cell = new CellId(Json.text(asked, "cell"));
        Map<String, List<String>> query = AdminHttp.parse(Json.text(asked, "query"));
        LeaseFilter filter = LeaseFilter.parse(query, cluster.servers(), clock.instant());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Optional<Cluster.LeaseView> view = cluster.view(cell);
        try (JsonGenerator json = Json.MAPPER.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeBooleanField("holds", view.isPresent());
            if (view.isPresent()) {
                try (LeaseSource.Local source = new LeaseSource.Local(
                        cell, cluster.facts().server(), view.get(), filter, Ipv4.parse(Json.text(asked, "first")))) {
                    page(json, source);
                }
            }
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private static void page(JsonGenerator json, LeaseSource source) throws IOException {
        json.writeNumberField("index", source.index().value());
        json.writeArrayFieldStart("leases");
        for (int i = 0; i < PAGE_LEASES && source.hasNext(); i++) {
            json.writeStartObject();
            BindingJson.writeFields(json, source.next());
            json.writeEndObject();
        }
        json.writeEndArray();
        if (source.hasNext()) {
            Binding next = source.next();
            json.writeStringField("next", next.address().toString());
        }
    }

    /** What this server is and how its cells are, as other servers and {@code /v1/cells} show it. */
    ObjectNode status() throws IOException {
        Cluster.Facts facts = cluster.facts();
        ObjectNode node = Json.object();
        node.put("server", facts.server().name());
        node.put("site", facts.site().name());
        node.put("software", facts.software());
        node.put("started", facts.started().toString());
        node.put("clock", clock.instant().toString());
        Optional<Cluster.Drained> drained = cluster.drained();
        node.put("drainedSince", drained.map(state -> state.since().toString()).orElse(null));
        ArrayNode cells = node.putArray("cells");
        for (CellId cell : cluster.cells()) {
            Optional<Cluster.CellState> state = cluster.state(cell);
            if (state.isPresent()) {
                cells.add(cellStatus(state.get()));
            }
        }
        ArrayNode warnings = node.putArray("warnings");
        cluster.warnings().forEach(warning -> warnings.add(warning.toJson()));
        return node;
    }

    private ObjectNode cellStatus(Cluster.CellState state) throws IOException {
        ObjectNode node = Json.object();
        node.put("cell", state.cell().name());
        node.put("mode", Json.name(state.mode()));
        node.put("applied", state.applied().value());
        node.put("time", state.time().toString());
        ServerId leader = state.quorum().leader();
        node.put("leader", leader == null ? null : leader.name());
        node.put("reachable", state.quorum().reachable());
        node.put("since", state.quorum().since().toString());
        node.put("digest", state.digest().toString());
        node.put("pending", state.pending());
        node.put("configVersion", state.configVersion());
        cluster.autonomy(state.cell()).ifPresent(autonomy -> node.set("autonomy", AutonomyJson.of(autonomy)));
        cluster.unsettled(state.cell()).ifPresent(unsettled -> node.set("unsettled", UnsettledJson.of(unsettled)));
        return node;
    }
}
