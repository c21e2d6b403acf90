package org.anylease.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.config.CellConfig;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class AdminHttpTest {
    private final MemoryCluster cluster = MemoryCluster.first("a1", "dc1");
    private final MemoryCluster other = cluster.join("b1", "dc2");
    private final WatchHub hub = new WatchHub(2, 4);
    private final HttpClient client = HttpClient.newHttpClient();
    private final MemoryCluster.MemoryCell east = cluster.hold("east");
    private AdminHttp http;

    @BeforeEach
    void start() throws IOException {
        http = AdminHttp.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                cluster,
                new LineConfig(),
                hub,
                () -> "up 1\n",
                InstantSource.fixed(MemoryCluster.NOW));
        other.hold("east");
        Leases.fill(east);
    }

    @AfterEach
    void stop() {
        http.close();
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, byte[] body) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(uri(path))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return post(path, body.getBytes(StandardCharsets.UTF_8));
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + http.address().getPort() + path);
    }

    private static List<String> addresses(JsonNode answer) {
        List<String> addresses = new ArrayList<>();
        answer.path("leases")
                .forEach(lease -> addresses.add(lease.path("address").asText()));
        return addresses;
    }

    private JsonNode json(String path) throws IOException, InterruptedException {
        return Json.MAPPER.readTree(get(path).body());
    }

    @Test
    void everyAnswerStatesCellModeAndAppliedIndex() throws Exception {
        cluster.serve("east", Cluster.Mode.PARTITIONED);
        for (String path : List.of("/v1/leases", "/v1/leases?format=csv", "/v1/cells", "/metrics", "/nothing")) {
            assertThat(get(path).headers().allValues("Anylease-Cell"))
                    .as(path)
                    .containsExactly("east; mode=partitioned; index=103");
        }
        assertThat(json("/v1/nothing").at("/from/cells/0").toString())
                .isEqualTo("{\"cell\":\"east\",\"mode\":\"partitioned\",\"appliedIndex\":103}");
    }

    @Test
    void filtersLeases() throws Exception {
        assertThat(addresses(json("/v1/leases"))).containsExactly("10.0.0.10", "10.0.0.11", "10.0.0.12");
        assertThat(addresses(json("/v1/leases?hostname=LAP"))).containsExactly("10.0.0.11");
        assertThat(addresses(json("/v1/leases?mac=02-00-00-00-01"))).containsExactly("10.0.0.12");
        assertThat(addresses(json("/v1/leases?mac=00:00:0a"))).containsExactly("10.0.0.10");
        assertThat(addresses(json("/v1/leases?client=lap"))).containsExactly("10.0.0.11");
        assertThat(addresses(json("/v1/leases?client=ff"))).containsExactly("10.0.0.10", "10.0.0.12");
        assertThat(addresses(json("/v1/leases?expiring=15m"))).containsExactly("10.0.0.10");
        assertThat(addresses(json("/v1/leases?site=dc2"))).containsExactly("10.0.0.11");
        assertThat(addresses(json("/v1/leases?state=released,abandoned"))).containsExactly("10.0.0.12");
        assertThat(addresses(json("/v1/leases?relay=10.0.0.1&address=.11"))).containsExactly("10.0.0.11");
        assertThat(addresses(json("/v1/leases?subnet=10.0.0.8/31"))).isEmpty();
        assertThat(addresses(json("/v1/leases?address=10.0.0.10-10.0.0.11"))).containsExactly("10.0.0.10", "10.0.0.11");
        assertThat(addresses(json("/v1/leases?cell=east&mac=99"))).isEmpty();
        HttpResponse<String> misspelt = get("/v1/leases?cell=est");
        assertThat(misspelt.statusCode()).isEqualTo(404);
        assertThat(misspelt.body()).contains("there is no cell est").contains("the cells are: [east]");
    }

    @Test
    void refusesFiltersThatItDoesNotUnderstand() throws Exception {
        HttpResponse<String> misspelt = get("/v1/leases?hostnmae=x");
        assertThat(misspelt.statusCode()).isEqualTo(400);
        assertThat(misspelt.body()).contains("no query parameter 'hostnmae'").contains("hostname");
        for (String query : List.of(
                "expiring=soon", "state=gone", "site=dc9", "subnet=10.0.0.0", "limit=-1", "address=1.2.3.400")) {
            assertThat(get("/v1/leases?" + query).statusCode()).as(query).isEqualTo(400);
        }
    }

    @Test
    void pagesThroughAllLeases() throws Exception {
        JsonNode first = json("/v1/leases?limit=2");
        assertThat(addresses(first)).containsExactly("10.0.0.10", "10.0.0.11");
        assertThat(addresses(
                        json("/v1/leases?limit=2&after=" + first.path("next").asText())))
                .containsExactly("10.0.0.12");
        assertThat(json("/v1/leases?limit=3").path("next").isNull()).isTrue();
    }

    @Test
    void showsLeasesOfOtherServersCellsEachOnce() throws Exception {
        MemoryCluster.MemoryCell west = other.hold("west");
        for (int i = 0; i < 4500; i++) {
            west.put(Leases.active(
                    new Ipv4(0x0a010000 + i).toString(),
                    Leases.client("02:00:00:00:00:0a", "ff:01", "w" + i, "0.0.0.0"),
                    60,
                    "b1"));
        }
        // Both cells know it while a subnet moves; east comes first by name.
        west.put(Leases.active("10.0.0.11", Leases.client("02:00:00:00:00:0b", "ff:09", "twice", "0.0.0.0"), 60, "b1"));
        JsonNode answer = json("/v1/leases?limit=0");
        assertThat(addresses(answer))
                .hasSize(4503)
                .doesNotHaveDuplicates()
                .isSortedAccordingTo((a, b) -> Ipv4.parse(a).compareTo(Ipv4.parse(b)));
        assertThat(answer.at("/read/1/server").asText()).isEqualTo("b1");
        assertThat(answer.at("/leases/1/cell").asText()).isEqualTo("east");
    }

    @Test
    void saysWhichCellsItCouldNotRead() throws Exception {
        other.hold("west");
        other.fallSilent();
        JsonNode answer = json("/v1/leases");
        assertThat(answer.at("/unread/0/cell").asText()).isEqualTo("west");
        assertThat(answer.at("/unread/0/why").asText()).contains("b1").contains("connection refused");
        assertThat(get("/v1/leases?format=csv").statusCode()).isEqualTo(503);
        assertThat(get("/v1/leases?format=csv&partial=true").body().lines()).hasSize(4);
    }

    @Test
    void writesCsvThatASpreadsheetTakesForText() throws Exception {
        assertThat(get("/v1/leases?format=csv&address=10.0.0.12").body())
                .isEqualTo(LeaseCsv.HEADER + "\r\n"
                        + "10.0.0.12,released,east,02:00:00:00:01:0c,ff:03,'=cmd|calc,2026-03-01T10:59:00Z,"
                        + "2026-03-01T11:59:00Z,2026-03-01T11:29:00Z,a1,dc1,,0,,103\r\n");
    }

    @Test
    void describesOneLease() throws Exception {
        JsonNode lease = json("/v1/leases/show?of=printer").at("/leases/0");
        assertThat(lease.path("address").asText()).isEqualTo("10.0.0.10");
        assertThat(lease.path("meaning").asText()).isEqualTo("Leased until 2026-03-01T12:10:00Z.");
        assertThat(get("/v1/leases/show?of=10.0.0.99").statusCode()).isEqualTo(404);
        assertThat(addresses(json("/v1/leases/show?of=10.0.0.1"))).isEmpty();
    }

    @Test
    void streamsChangesAndTellsASlowWatcherWhatItMissed() throws Exception {
        try (WatchHub.Watch watch = hub.open().orElseThrow()) {
            for (int i = 0; i < 7; i++) {
                hub.publish(change("10.0.0." + i));
            }
            List<WatchHub.Event> heard = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                heard.add(watch.next(Duration.ZERO));
            }
            hub.publish(change("10.0.0.9"));
            heard.add(watch.next(Duration.ZERO));
            assertThat(heard.subList(0, 4)).allMatch(event -> event instanceof WatchHub.Event.Changed);
            assertThat(heard.get(4)).isEqualTo(new WatchHub.Event.Missed(3));
            assertThat(heard.get(5)).isEqualTo(new WatchHub.Event.Changed(change("10.0.0.9")));
        }
    }

    private static LeaseChange change(String address) {
        Binding binding = Leases.active(address, Leases.client("02:00:00:00:00:0a", "ff:01", "x", "0.0.0.0"), 60, "a1");
        return new LeaseChange(new CellId("east"), new LogIndex(5), MemoryCluster.NOW, binding);
    }

    @Test
    void watchesOverHttp() throws Exception {
        HttpResponse<InputStream> response = client.send(
                HttpRequest.newBuilder(uri("/v1/leases/watch?address=10.0.0.5")).build(),
                HttpResponse.BodyHandlers.ofInputStream());
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).contains("\"server\":\"a1\"").contains("\"unwatched\":[]");
            hub.publish(change("10.0.0.4"));
            hub.publish(change("10.0.0.5"));
            assertThat(lines.readLine()).contains("\"address\":\"10.0.0.5\"").contains("\"readIndex\":5");
        }
    }

    @Test
    void refusesAFileWithErrorsAndSaysWhere() throws Exception {
        HttpResponse<String> refused = post("/v1/config/apply?name=net.yaml", "east 10.0.0.0/24 nonsense 60\n");
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(Json.MAPPER
                        .readTree(refused.body())
                        .at("/details/problems/0/line")
                        .asInt())
                .isEqualTo(1);
        assertThat(json("/v1/config/history").path("revisions")).isEmpty();
    }

    @Test
    void appliesEverywhereAtOnceOptimistically() throws Exception {
        other.hold("west");
        String file = "east 10.0.0.0/24 10.0.0.10-10.0.0.20 3600\nwest 10.1.0.0/24 10.1.0.10-10.1.0.20 3600\n";
        HttpResponse<String> applied = post("/v1/config/apply?author=kim&based-on=0", file);
        assertThat(applied.statusCode()).as(applied.body()).isEqualTo(200);
        assertThat(json("/v1/config").path("text").asText()).isEqualTo(file);
        assertThat(json("/v1/config").path("author").asText()).isEqualTo("kim");
        assertThat(post("/v1/config/apply?based-on=0", file.replace("3600", "60"))
                        .statusCode())
                .isEqualTo(409);

        String shorter = "east 10.0.0.0/24 10.0.0.11-10.0.0.20 1800\nwest 10.1.0.0/24 10.1.0.10-10.1.0.20 3600\n";
        JsonNode diff = Json.MAPPER.readTree(post("/v1/config/diff", shorter).body());
        assertThat(diff.path("basedOn").asLong()).isEqualTo(1);
        assertThat(diff.path("changes")).hasSize(2);
        assertThat(diff.path("leases").toString())
                .isEqualTo("{\"active\":2,\"noLongerServed\":1,\"otherLeaseTime\":1,\"otherOptions\":0}");

        assertThat(post("/v1/config/apply?based-on=1", shorter).statusCode()).isEqualTo(200);
        assertThat(post("/v1/config/rollback?to=1", "").statusCode()).isEqualTo(200);
        assertThat(json("/v1/config").toString()).contains("\"version\":3").contains("10.0.0.10-10.0.0.20 3600");
        assertThat(post("/v1/config/apply", "east 10.0.0.0/24 10.0.0.11-10.0.0.20 1800\n")
                        .statusCode())
                .isEqualTo(422);
        assertThat(post("/v1/config/rollback?to=9", "").statusCode()).isEqualTo(404);
    }

    @Test
    void repeatsAnApplyThatReachedSomeCellsOnly() throws Exception {
        MemoryCluster.MemoryCell west = other.hold("west");
        west.loseQuorum();
        String file = "east 10.0.0.0/24 10.0.0.10-10.0.0.20 3600\nwest 10.1.0.0/24 10.1.0.10-10.1.0.20 3600\n";
        HttpResponse<String> cut = post("/v1/config/apply?based-on=0", file);
        assertThat(cut.statusCode()).isEqualTo(503);
        assertThat(cut.body()).contains("--based-on 0");
        long index = cluster.state(new CellId("east")).orElseThrow().applied().value();
        assertThat(post("/v1/config/apply?based-on=0", file).statusCode()).isEqualTo(503);
        west.findQuorum();
        assertThat(post("/v1/config/apply?based-on=1", file.replace("3600", "1800"))
                        .statusCode())
                .isEqualTo(200);
        west.loseQuorum();
        assertThat(cluster.state(new CellId("east")).orElseThrow().applied().value())
                .isEqualTo(index + 1);
    }

    @Test
    void backsUpAndRestoresThroughTheLog() throws Exception {
        byte[] backup = client.send(
                        HttpRequest.newBuilder(uri("/v1/cells/east/backup")).build(),
                        HttpResponse.BodyHandlers.ofByteArray())
                .body();
        List<Binding> before = east.bindings();
        east.put(Leases.binding("10.0.0.10", BindingState.FREE, null, MemoryCluster.NOW, "a1", null));
        JsonNode plan = Json.MAPPER.readTree(
                post("/v1/cells/east/restore?plan=true", backup).body());
        assertThat(plan.path("bindings").asLong()).isEqualTo(3);
        assertThat(east.get(Ipv4.parse("10.0.0.10"))).isNotEqualTo(before.getFirst());

        MemoryCluster fresh = MemoryCluster.first("c1", "dc1");
        MemoryCluster.MemoryCell empty = fresh.hold("east");
        try (AdminHttp target = AdminHttp.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                fresh,
                new LineConfig(),
                hub,
                () -> "",
                InstantSource.fixed(MemoryCluster.NOW))) {
            http.close();
            http = target;
            String lines = post("/v1/cells/east/restore", backup).body();
            assertThat(lines.lines().toList().getLast())
                    .contains("\"result\":\"restored\"")
                    .contains("\"changed\":3");
            assertThat(empty.bindings()).isEqualTo(before);
        }
    }

    @Test
    void recallsWhatIsSetAsideBeforeItRestores() throws Exception {
        byte[] backup = client.send(
                        HttpRequest.newBuilder(uri("/v1/cells/east/backup")).build(),
                        HttpResponse.BodyHandlers.ofByteArray())
                .body();
        List<Binding> before = east.bindings();
        MemoryCluster fresh = MemoryCluster.first("c1", "dc1");
        MemoryCluster second = fresh.join("c2", "dc2");
        MemoryCluster third = fresh.join("c3", "dc3");
        MemoryCluster.MemoryCell target = fresh.hold("east");
        second.hold("east");
        third.hold("east");
        third.fallSilent();
        String[] owners = {"c1", "c2", "c3"};
        for (int i = 0; i < owners.length; i++) {
            target.put(Leases.binding(
                    before.get(i).address().toString(),
                    BindingState.ESCROWED,
                    null,
                    MemoryCluster.NOW,
                    owners[i],
                    null));
        }
        try (AdminHttp server = AdminHttp.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                fresh,
                new LineConfig(),
                hub,
                () -> "",
                InstantSource.fixed(MemoryCluster.NOW))) {
            http.close();
            http = server;
            assertThat(post("/v1/cells/east/restore?plan=true", backup).body())
                    .contains("\"putInPlace\":3")
                    .contains("\"toBeGivenBack\":{\"c1\":1,\"c2\":1,\"c3\":1}");
            assertThat(target.bindings()).hasSize(3).allMatch(one -> one.state() == BindingState.ESCROWED);
            String last = post("/v1/cells/east/restore", backup)
                    .body()
                    .lines()
                    .toList()
                    .getLast();
            assertThat(last)
                    .contains("\"result\":\"restored\"")
                    .contains("\"changed\":2")
                    .contains("\"notGivenBack\":{\"c3\":1}")
                    .contains("\"silent\":{\"c3\":");
            assertThat(target.bindings().subList(0, 2)).isEqualTo(before.subList(0, 2));
        }
    }

    @Test
    void restoresNoDamagedBackup() throws Exception {
        byte[] backup = client.send(
                        HttpRequest.newBuilder(uri("/v1/cells/east/backup")).build(),
                        HttpResponse.BodyHandlers.ofByteArray())
                .body();
        byte[] cut = Arrays.copyOf(backup, backup.length / 2);
        assertThat(post("/v1/cells/east/restore", cut).statusCode()).isEqualTo(422);
        assertThat(post("/v1/cells/east/restore", "text").statusCode()).isEqualTo(422);
        assertThat(post("/v1/cells/north/restore", backup).statusCode()).isEqualTo(404);
    }

    @Test
    void seesWhatIsWrongWithACell() throws Exception {
        JsonNode well = json("/v1/cells");
        assertThat(well.path("healthy").asBoolean()).as(well.toString()).isTrue();
        assertThat(well.at("/cells/0/digests").asText()).isEqualTo("agree");
        other.fallSilent();
        cluster.serve("east", Cluster.Mode.PARTITIONED);
        JsonNode ill = json("/v1/cells/east");
        assertThat(ill.path("healthy").asBoolean()).isFalse();
        assertThat(ill.at("/findings/0/severity").asText()).isEqualTo("critical");
        assertThat(ill.at("/findings/0/since").asText()).isEqualTo("2026-03-01T11:50:00Z");
        assertThat(ill.at("/findings/1/what").asText()).contains("connection refused");
        assertThat(json("/v1/sites").at("/sites/1/servers/0/answers").asBoolean())
                .isFalse();
    }

    @Test
    void aCellWithoutALeaderSaysWhoVotesSinceWhenAndWhatToDo() throws Exception {
        cluster.serve("east", Cluster.Mode.PARTITIONED);
        other.serve("east", Cluster.Mode.PARTITIONED);
        JsonNode ill = json("/v1/cells/east");
        assertThat(ill.at("/cells/0/leader").isNull()).isTrue();
        assertThat(ill.path("findings").size()).as(ill.toString()).isEqualTo(1);
        assertThat(ill.at("/findings/0/what").asText())
                .isEqualTo("no leader is known, so nothing can be committed: 2 of 2 servers answer and can vote"
                        + " (a1, b1), 2 are needed");
        assertThat(ill.at("/findings/0/since").asText()).isEqualTo("2026-03-01T11:50:00Z");
        assertThat(ill.at("/findings/0/remedy").asText()).startsWith("ask again: an election takes about a second");
    }

    @Test
    void countsPools() throws Exception {
        CellConfig config = new LineConfig()
                .compile("f", "east 10.0.0.0/24 10.0.0.10-10.0.0.14 3600", 1)
                .cells()
                .getFirst();
        east.configure(config);
        JsonNode answer = json("/v1/pools");
        assertThat(answer.at("/pools/0").toString())
                .contains(
                        "\"size\":5,\"active\":2,\"waiting\":1,\"abandoned\":0,\"escrowed\":0,\"reserved\":0,\"free\":2");
    }

    @Test
    void answersNoWebPage() throws Exception {
        HttpResponse<String> refused = client.send(
                HttpRequest.newBuilder(uri("/v1/leases"))
                        .header("Origin", "http://evil.example")
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(refused.statusCode()).isEqualTo(405);
        assertThat(refused.body()).doesNotContain("10.0.0.10");
    }

    @Test
    void staysHealthyWhenItServesAlone() throws Exception {
        cluster.serve("east", Cluster.Mode.PARTITIONED);
        assertThat(get("/healthz").statusCode()).isEqualTo(200);
        assertThat(get("/healthz").body()).contains("alone");
    }
}
