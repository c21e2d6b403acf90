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
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.dns.DnsEntry;
import org.anylease.store.dns.DnsRecord;
import org.anylease.store.lease.Binding;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ReservationRoutesTest {
    private static final String FILE = "east 10.0.0.0/24 10.0.0.10-10.0.0.20 3600\n";

    private final MemoryCluster cluster = MemoryCluster.first("a1", "dc1");
    private final MemoryCluster other = cluster.join("b1", "dc2");
    private final HttpClient client = HttpClient.newHttpClient();
    private final MemoryCluster.MemoryCell east = cluster.hold("east");
    private AdminHttp http;

    @BeforeEach
    void start() throws Exception {
        http = open(cluster);
        other.hold("east");
        Leases.fill(east);
        assertThat(post("/v1/config/apply", FILE).statusCode()).isEqualTo(200);
    }

    private static AdminHttp open(MemoryCluster server) throws IOException {
        return AdminHttp.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                server,
                new LineConfig(),
                new WatchHub(2, 4),
                () -> "",
                InstantSource.fixed(MemoryCluster.NOW));
    }

    @AfterEach
    void stop() {
        http.close();
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private HttpResponse<byte[]> post(String path, String body) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri(path)).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + http.address().getPort() + path);
    }

    private JsonNode list() throws IOException, InterruptedException {
        return Json.MAPPER
                .readTree(send(HttpRequest.newBuilder(uri("/v1/reservations"))).body())
                .path("reservations");
    }

    private HttpResponse<byte[]> add(String query, String address, String mac)
            throws IOException, InterruptedException {
        return post(
                "/v1/reservations/add" + query,
                "{\"reservations\": [{\"address\": \"" + address + "\", \"hardware\": \"" + mac + "\"}]}");
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    @Test
    void addsListsAndRemoves() throws Exception {
        assertThat(add("?plan=true&author=kim", "10.0.0.15", "02:00:00:00:00:77")
                        .statusCode())
                .isEqualTo(200);
        assertThat(list()).isEmpty();
        assertThat(text(add("?author=kim", "10.0.0.15", "02:00:00:00:00:77"))).contains("\"changed\":1");
        JsonNode one = list().path(0);
        assertThat(one.path("origin").asText()).isEqualTo("run-time");
        assertThat(one.path("inForce").asBoolean()).isTrue();
        assertThat(one.path("author").asText()).isEqualTo("kim");
        assertThat(one.path("hardware").asText()).isEqualTo("02:00:00:00:00:77");
        assertThat(one.path("subnet").asText()).isEqualTo("10.0.0.0/24");
        assertThat(text(post("/v1/reservations/remove", "{\"addresses\": [\"10.0.0.15\"]}")))
                .contains("\"changed\":1");
        assertThat(list()).isEmpty();
        HttpResponse<byte[]> gone = post("/v1/reservations/remove", "{\"addresses\": [\"10.0.0.15\"]}");
        assertThat(gone.statusCode()).isEqualTo(404);
        assertThat(text(gone)).contains("10.0.0.15 is kept for nobody");
    }

    @Test
    void saysWhoStandsInTheWay() throws Exception {
        HttpResponse<byte[]> held = add("", "10.0.0.10", "02:00:00:00:00:77");
        assertThat(held.statusCode()).isEqualTo(409);
        assertThat(text(held))
                .contains("10.0.0.10 cannot be kept for this client: it is leased to id ff:")
                .contains("(printer-1) until 2026-03-01T12:10:00Z")
                .contains("add --when-free");
        assertThat(add("?when-free=true", "10.0.0.10", "02:00:00:00:00:77").statusCode())
                .isEqualTo(200);
        assertThat(list().path(0).path("holder").path("mac").asText()).isEqualTo("02:00:00:00:00:0a");
        assertThat(text(add("", "10.0.0.10", "02:00:00:00:00:78")))
                .contains("it is kept for hw 01:02:00:00:00:00:77 at unknown's word");
        assertThat(text(add("", "10.0.0.16", "02:00:00:00:00:77")))
                .contains("10.0.0.10 of the same network is kept for the client");
        assertThat(text(add("", "192.0.2.1", "02:00:00:00:00:79"))).contains("192.0.2.1 lies in no subnet");
        assertThat(text(add("", "10.0.0.255", "02:00:00:00:00:79"))).contains("broadcast address");
        assertThat(text(add("", "10.0.0.17", "02:00:00"))).contains("02:00:00").contains("expected 6");
        assertThat(text(post("/v1/reservations/add", "{}"))).contains("names no reservation");
        assertThat(text(post("/v1/reservations/add", "{"))).contains("not JSON");
    }

    @Test
    void aServerWithoutACopyAsksOneThatHasOne() throws Exception {
        MemoryCluster third = cluster.join("c1", "dc3");
        http.close();
        http = open(third);
        assertThat(add("", "10.0.0.15", "02:00:00:00:00:77").statusCode()).isEqualTo(200);
        assertThat(list().path(0).path("address").asText()).isEqualTo("10.0.0.15");
        assertThat(add("", "10.0.0.10", "02:00:00:00:00:78").statusCode()).isEqualTo(409);
    }

    private String explained(String address) throws IOException, InterruptedException {
        return text(send(HttpRequest.newBuilder(uri("/v1/leases/explain?of=" + address))));
    }

    @Test
    void anExplanationSaysWhoseWordItIs() throws Exception {
        add("?author=kim", "10.0.0.15", "02:00:00:00:00:77");
        east.put(Binding.neverUsed(Ipv4.parse("10.0.0.15"), 1).reserve(new LogIndex(7)));
        assertThat(explained("10.0.0.15"))
                .contains("A reservation that kim made at run time, at 2026-03-01T12:00:00Z, keeps it for");
        post("/v1/reservations/remove", "{\"addresses\": [\"10.0.0.15\"]}");
        assertThat(explained("10.0.0.15")).contains("The configuration's file keeps it for");
    }

    @Test
    void aDifferenceTellsWhichOfThemAreOutOfForce() throws Exception {
        add("?author=kim", "10.0.0.15", "02:00:00:00:00:77");
        assertThat(text(post("/v1/config/diff", FILE))).doesNotContain("made at run time");
        HttpResponse<byte[]> without = post("/v1/config/diff", FILE.replace("10.0.0", "10.0.7"));
        assertThat(text(without))
                .contains("- east reservation 10.0.0.15: hw 01:02:00:00:00:00:77, made at run time by kim, is out of"
                        + " force: the file has no subnet of it");
    }

    @Test
    void aBackupKeepsThem() throws Exception {
        add("?author=kim", "10.0.0.15", "02:00:00:00:00:77");
        byte[] backup =
                send(HttpRequest.newBuilder(uri("/v1/cells/east/backup"))).body();
        post("/v1/reservations/remove", "{\"addresses\": [\"10.0.0.15\"]}");
        HttpResponse<byte[]> plan = send(HttpRequest.newBuilder(uri("/v1/cells/east/restore?plan=true"))
                .POST(HttpRequest.BodyPublishers.ofByteArray(backup)));
        assertThat(text(plan)).contains("\"reservations\":1");
        HttpResponse<byte[]> done = send(HttpRequest.newBuilder(uri("/v1/cells/east/restore"))
                .POST(HttpRequest.BodyPublishers.ofByteArray(backup)));
        assertThat(text(done)).contains("\"reservations\":1,\"reservationsRefused\":0");
        assertThat(list().path(0).path("author").asText()).isEqualTo("kim");
    }

    @Test
    void aBackupKeepsWhatIsOnRecordAboutDns() throws Exception {
        DnsRecord standing = new DnsRecord(
                DnsRecord.Phase.PRESENT, "pc.example.net", Octets.of((byte) 1), DnsRecord.Style.STANDARD, true);
        DnsRecord leaving = new DnsRecord(
                DnsRecord.Phase.REMOVING, "gone.example.net", Octets.of((byte) 2), DnsRecord.Style.INTERIM, false);
        CellId cell = new CellId("east");
        cluster.propose(cell, new LeaseCommand.NoteDns(Ipv4.parse("10.0.0.11"), LogIndex.NONE, standing))
                .join();
        cluster.propose(cell, new LeaseCommand.NoteDns(Ipv4.parse("10.0.0.12"), LogIndex.NONE, leaving))
                .join();
        byte[] backup =
                send(HttpRequest.newBuilder(uri("/v1/cells/east/backup"))).body();
        cluster.dns.forget();
        HttpResponse<byte[]> done = send(HttpRequest.newBuilder(uri("/v1/cells/east/restore"))
                .POST(HttpRequest.BodyPublishers.ofByteArray(backup)));
        assertThat(text(done)).contains("\"names\":2");
        assertThat(cluster.namesOnRecord(cell))
                .extracting(DnsEntry::record)
                .as("what stood in DNS is sent again")
                .containsExactly(standing.in(DnsRecord.Phase.ADDING), leaving);
        HttpResponse<byte[]> again = send(HttpRequest.newBuilder(uri("/v1/cells/east/restore"))
                .POST(HttpRequest.BodyPublishers.ofByteArray(backup)));
        assertThat(text(again)).contains("\"names\":0");
    }
}
