package org.anylease.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.anylease.store.cell.ServerId;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.LeaseClient;
import org.anylease.store.lease.Offer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What waits, for whom and until when; servers declared down; double promises; who was promised what. */
final class UnsettledTest {
    private final MemoryCluster cluster = MemoryCluster.first("a1", "dc1");
    private final MemoryCluster other = cluster.join("b1", "dc2");
    private final MemoryCluster.MemoryCell east = cluster.hold("east");
    private final HttpClient client = HttpClient.newHttpClient();
    private AdminHttp http;

    @BeforeEach
    void start() throws IOException {
        other.hold("east");
        http = serve(cluster);
        Leases.fill(east);
    }

    private static AdminHttp serve(MemoryCluster server) throws IOException {
        return AdminHttp.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                server,
                new LineConfig(),
                new WatchHub(1, 1),
                () -> "",
                InstantSource.fixed(MemoryCluster.NOW));
    }

    @AfterEach
    void stop() {
        http.close();
    }

    private HttpResponse<String> ask(AdminHttp server, String method, String path)
            throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + path);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        return Json.MAPPER.readTree(ask(http, "GET", path).body());
    }

    private HttpResponse<String> post(String path) throws IOException, InterruptedException {
        return ask(http, "POST", path);
    }

    private static String whats(JsonNode answer) {
        List<String> whats = new ArrayList<>();
        answer.path("findings")
                .forEach(finding -> whats.add(finding.path("what").asText() + " -> "
                        + finding.path("remedy").asText()));
        return String.join("\n", whats);
    }

    @Test
    void whatWaitsIsShownWithWhomItWaitsForAndUntilWhen() throws Exception {
        east.await(214, MemoryCluster.NOW.plusSeconds(7500), "a1", "b1");
        assertThat(get("/v1/cells").at("/cells/0/waitingFor"))
                .as("all are in touch")
                .isEmpty();
        other.fallSilent();
        JsonNode cells = get("/v1/cells");
        assertThat(whats(cells))
                .contains("waiting for b1: 214 addresses, until 2026-03-01T14:05:00Z at the latest")
                .contains("anylease server declare-down b1");
        assertThat(cells.at("/cells/0/waiting").asInt()).isEqualTo(214);
        assertThat(cells.at("/cells/0/waitingFor/0").asText()).isEqualTo("b1");
        assertThat(whats(get("/v1/sites"))).contains("waiting for b1: 214 addresses");
    }

    @Test
    void aServerThatAnybodyReachesIsNotDeclaredDown() throws Exception {
        east.await(1, MemoryCluster.NOW, "a1", "b1");
        HttpResponse<String> refused = post("/v1/servers/b1/declare-down?fenced=true");
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("b1 is not down: a1 reaches it").contains("switch it off first");
        assertThat(post("/v1/servers/a1/declare-down?fenced=true").body()).contains("a1 answers: it is not down");
        assertThat(post("/v1/servers/c9/declare-down?fenced=true").statusCode()).isEqualTo(404);
        assertThat(get("/v1/cells").at("/cells/0/down")).isEmpty();
    }

    @Test
    void declaringDownShowsItsPlanAndNeedsTheOperatorsWord() throws Exception {
        east.await(3, MemoryCluster.NOW.plusSeconds(60), "a1", "b1");
        other.fallSilent();
        JsonNode plan = Json.MAPPER.readTree(
                post("/v1/servers/b1/declare-down?plan=true").body());
        assertThat(plan.at("/cells/0/addresses").asInt()).isEqualTo(3);
        assertThat(plan.at("/cells/0/awaitedUntil").asText()).isEqualTo("2026-03-02T12:00:00Z");
        assertThat(plan.path("vouch").asText()).contains("switched off");
        assertThat(post("/v1/servers/b1/declare-down").body()).contains("nobody has vouched");
        assertThat(get("/v1/cells").at("/cells/0/down")).isEmpty();
        assertThat(post("/v1/servers/b1/declare-down?fenced=true&author=kim").statusCode())
                .isEqualTo(200);
        assertThat(whats(get("/v1/cells")))
                .contains("server b1 is declared down; it is awaited until 2026-03-02T12:00:00Z")
                .contains("undeclare-down b1");
        assertThat(post("/v1/servers/b1/undeclare-down").statusCode()).isEqualTo(200);
        assertThat(post("/v1/servers/b1/undeclare-down").body()).contains("is not declared down");
    }

    @Test
    void withoutQuorumNothingIsDeclaredAndTheAnswerSaysWhatToDo() throws Exception {
        east.await(3, MemoryCluster.NOW.plusSeconds(60), "a1", "b1");
        other.fallSilent();
        JsonNode plan = Json.MAPPER.readTree(
                post("/v1/servers/b1/declare-down?plan=true").body());
        assertThat(plan.path("cells")).hasSize(1);
        assertThat(post("/v1/servers/b1/undeclare-down?plan=true").statusCode()).isEqualTo(409);
    }

    @Test
    void doublePromisesAreListedFromAnyServerAndCleared() throws Exception {
        assertThat(get("/v1/conflicts").path("conflicts")).isEmpty();
        east.find(Leases.conflict("10.0.0.10"));
        MemoryCluster bare = cluster.join("c1", "dc3");
        try (AdminHttp third = serve(bare)) {
            JsonNode conflicts =
                    Json.MAPPER.readTree(ask(third, "GET", "/v1/conflicts").body());
            assertThat(conflicts.at("/conflicts/0/address").asText()).isEqualTo("10.0.0.10");
            assertThat(conflicts.at("/conflicts/0/rule").asText()).isEqualTo("R3");
            assertThat(conflicts.at("/conflicts/0/promised/hostname").asText()).isEqualTo("stranger");
        }
        assertThat(get("/v1/cells").path("healthy").asBoolean()).isFalse();
        assertThat(whats(get("/v1/cells"))).contains("1 address was promised to two clients");
        assertThat(post("/v1/conflicts/clear?address=10.0.0.10&plan=true").statusCode())
                .isEqualTo(200);
        assertThat(get("/v1/conflicts").path("conflicts")).hasSize(1);
        assertThat(post("/v1/conflicts/clear?address=10.0.0.10").statusCode()).isEqualTo(200);
        assertThat(get("/v1/conflicts").path("conflicts")).isEmpty();
        assertThat(post("/v1/conflicts/clear?address=10.0.0.10").statusCode()).isEqualTo(404);
        assertThat(post("/v1/conflicts/clear?address=x").statusCode()).isEqualTo(400);
    }

    private String sentences(String of) throws IOException, InterruptedException {
        List<String> sentences = new ArrayList<>();
        get("/v1/leases/explain?of=" + of)
                .at("/explanations/0/sentences")
                .forEach(sentence -> sentences.add(sentence.asText()));
        return String.join("\n", sentences);
    }

    @Test
    void explainsALeaseInSentences() throws Exception {
        east.configure(new LineConfig()
                .compile("x", "east 10.0.0.0/24 10.0.0.10-10.0.0.20 3600\n", 1)
                .cells()
                .getFirst());
        east.await(1, MemoryCluster.NOW, "a1", "b1");
        assertThat(sentences("10.0.0.10"))
                .contains("It is leased to 02:00:00:00:00:0a (printer-1) since 2026-03-01T11:10:00Z until"
                        + " 2026-03-01T12:10:00Z: rule R1, committed by log entry 7, through server a1 at dc1.")
                .contains("A server that is cut off may extend it alone, until 2026-03-02T12:10:00Z at the latest")
                .contains("or else before 2026-03-02T12:10:10Z");
        assertThat(sentences("02:00:00:00:00:0a")).isEqualTo(sentences("10.0.0.10"));
        assertThat(sentences("10.0.0.15")).isEqualTo("It is free. Nobody ever had it.");
        other.fallSilent();
        assertThat(sentences("10.0.0.10")).contains("Server b1 does not answer (connection refused)");
        assertThat(ask(http, "GET", "/v1/leases/explain?of=10.9.9.9").statusCode())
                .isEqualTo(404);
        assertThat(ask(http, "GET", "/v1/leases/explain?of=nobody").statusCode())
                .isEqualTo(404);
    }

    @Test
    void explainsWhatAnAddressWaitsFor() throws Exception {
        east.await(1, MemoryCluster.NOW, "a1", "b1");
        east.find(Leases.conflict("10.0.0.12"));
        assertThat(sentences("10.0.0.12"))
                .contains("02:00:00:00:01:0c (=cmd|calc) gave it back (log entry 7).")
                .contains("Nobody can still lead an old promise for it.")
                .contains("Double promise, found at log entry 99: server a2 promised it alone (rule R3) to"
                        + " 02:00:00:00:00:0b (stranger)");
        east.put(Leases.binding(
                "10.0.0.13",
                BindingState.ESCROWED,
                null,
                MemoryCluster.NOW.plusSeconds(3600),
                "b1",
                new Offer(
                        Leases.client("02:00:00:00:00:0d", "ff:04", "", "10.0.0.1"),
                        MemoryCluster.NOW.plusSeconds(30),
                        new ServerId("b1"))));
        assertThat(sentences("10.0.0.13"))
                .contains("It is set aside for server b1 until 2026-03-01T13:00:00Z")
                .contains("It is offered to 02:00:00:00:00:0d until 2026-03-01T12:00:30Z by server b1.");
    }

    @Test
    void explainsThatABootpClientWasToldNoTime() throws Exception {
        LeaseClient client = Leases.client("02:00:00:00:00:0d", "ff:04", "", "10.0.0.1");
        east.put(Leases.active("10.0.0.13", client, 3600, "a1"));
        assertThat(sentences("10.0.0.13")).doesNotContain("BOOTP");
        east.put(Leases.active("10.0.0.13", client.speakingBootp(), 3600, "a1"));
        assertThat(sentences("10.0.0.13")).contains("Its client speaks BOOTP: it was told no time");
    }
}
