package org.anylease.chaos.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.anylease.tools.fleet.Fleet;
import org.anylease.tools.fleet.FleetClient;
import org.anylease.tools.fleet.FleetRelay;
import org.anylease.tools.fleet.History;
import org.anylease.tools.local.AdminReader;
import org.anylease.tools.local.LocalCluster;
import org.anylease.tools.local.WatchedProcess;
import org.dhcp4java.DHCPConstants;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an operator does from the command line, on three running servers with live leases. The cluster is one for all
 * tests; each changes the configuration that it finds in force, and none relies on another.
 */
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OperatorCommandsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int CLIENTS = 12;
    private static final String CELLS = """
        probe: { enabled: false }
        timers: { offer-hold: 4s, clock-skew: 300ms, quarantine: 1h }
        # Without escrow the lowest addresses are given out first, which some of these tests name.
        escrow: { floor: 0, ceiling: 0 }
        cells:
          campus:
            networks:
              office:
                options: { domain-name-servers: [10.80.0.53] }
                subnets:
                  10.80.0.0/24: { pools: [10.80.0.10-10.80.0.99], lease: 10m }
              lab:
                subnets:
                  10.81.0.0/24: { pools: [10.81.0.10-10.81.0.29], min-lease: 1s, lease: 8s, max-lease: 8s }
              watched:
                subnets:
                  10.82.0.0/24: { pools: [10.82.0.10-10.82.0.29], min-lease: 1s, lease: 3s, max-lease: 3s }
        """;

    private static final String ANNEX = """
              annex:
                subnets:
                  10.84.0.0/24: { pools: [10.84.0.10-10.84.0.19] }
        """;

    private static final String WEST = """
          west:
            servers: [dc2-a, dc3-a]
            networks:
              harbour:
                subnets:
                  10.85.0.0/24: { pools: [10.85.0.10-10.85.0.29] }
        """;

    @TempDir
    private static Path directory;

    private final History history = new History();
    private final List<AutoCloseable> made = new ArrayList<>();
    private LocalCluster cluster;
    private int applied;

    private static LocalCluster.Shape shape(int sites) {
        return new LocalCluster.Shape(sites, "", CELLS, List.of("-Xmx192m", "-XX:+UseSerialGC"));
    }

    @BeforeAll
    void startThreeSites() throws IOException, InterruptedException {
        cluster = made(new LocalCluster(directory.resolve("cluster"), shape(3)));
        cluster.startAll();
    }

    private <T extends AutoCloseable> T made(T part) {
        made.addFirst(part);
        return part;
    }

    @AfterAll
    void stop() throws Exception {
        for (AutoCloseable part : made) {
            part.close();
        }
    }

    private Cli cli(int site) {
        return new Cli(cluster.admin(site));
    }

    /** Clients of a subnet whose packets go to one site. */
    private Fleet fleet(String link, int size, int site) throws IOException {
        FleetRelay relay = made(new FleetRelay(cluster.relayAddress(), InetAddress.getByName(link)));
        return made(Fleet.of(size, relay, client -> cluster.site(site), history, new Random(link.hashCode())));
    }

    private static FleetClient one(Fleet fleet) {
        return fleet.clients().getFirst();
    }

    private static String address(FleetClient client) {
        return client.address().orElseThrow().getHostAddress();
    }

    /** The file in force, changed. */
    private String changed(String from, String to) throws IOException {
        String text = cli(2).ok("config", "show").out();
        assertThat(text).contains(from);
        return file(text.replace(from, to));
    }

    private String file(String text) throws IOException {
        return Files.writeString(directory.resolve("applied-" + ++applied + ".yaml"), text)
                .toString();
    }

    private JsonNode await(int site, String path, Predicate<JsonNode> wanted) throws Exception {
        try (AdminReader admin = new AdminReader(cluster.admin(site))) {
            return admin.await(path, wanted, PATIENCE);
        }
    }

    private void awaitAgreement() throws Exception {
        try (AdminReader admin = new AdminReader(cluster.admin(1))) {
            admin.awaitAgreement(3, PATIENCE);
        }
    }

    @Test
    @Order(1)
    void listsShowsAndFilters() throws Exception {
        Fleet fleet = fleet("10.80.0.0", CLIENTS, 1);
        fleet.each(CLIENTS, FleetClient::bind);
        fleet("10.80.0.0", 2, 2).each(2, FleetClient::bind);
        assertThat(history.unanswered()).isEmpty();
        awaitAgreement();
        FleetClient ninth = fleet.clients().get(8);
        for (int site : cluster.sites()) {
            Cli cli = cli(site);
            assertThat(cli.leases("--subnet", "10.80.0.0/24")).isEqualTo(CLIENTS);
            assertThat(cli.leases("--site", "dc1", "--subnet", "10.80.0.0/24")).isEqualTo(CLIENTS - 2);
            assertThat(cli.leases("--site", "dc2,dc1", "--state", "active", "--cell", "campus"))
                    .isEqualTo(CLIENTS);
            assertThat(cli.leases("--mac", ninth.mac())).isEqualTo(1);
            assertThat(cli.leases("--client", ninth.mac())).isEqualTo(1);
            assertThat(cli.leases("--hostname", "FLEET-9")).isEqualTo(1);
            assertThat(cli.leases("--address", address(ninth))).isEqualTo(1);
            assertThat(cli.leases("--address", "10.80.0.0/28,10.80.0.20-10.80.0.255"))
                    .isEqualTo(8);
            assertThat(cli.leases("--relay", cluster.relayAddress().getHostAddress(), "--limit", "5"))
                    .isEqualTo(5);
            assertThat(cli.leases("--expiring", "15m")).isEqualTo(CLIENTS);
            assertThat(cli.leases("--expiring", "1m")).isZero();
            assertThat(cli.leases("--state", "abandoned,expired")).isZero();
            assertThat(cli.leases("--after", "10.80.0.15", "--limit", "3")).isEqualTo(3);
            String csv =
                    cli.ok("lease", "list", "--csv", "--subnet", "10.80.0.0/24").out();
            assertThat(csv.lines()).hasSize(CLIENTS + 1);
            assertThat(csv.lines().findFirst().orElseThrow()).startsWith("address,");
        }
        assertThat(cli(3).ok("lease", "list").out()).contains("ADDRESS").contains(address(ninth));
        for (String what : List.of(address(ninth), ninth.mac(), "fleet-9")) {
            assertThat(cli(3).ok("lease", "show", what).out())
                    .contains(address(ninth) + "  active")
                    .contains(ninth.mac());
        }
        assertThat(cli(1).ok("pool", "list", "--json").json().toString()).contains("10.80.0.10-10.80.0.99");
    }

    @Test
    @Order(2)
    void changedOptionReachesClientsOfEverySite() throws Exception {
        String file = changed("[10.80.0.53]", "[10.80.0.53, 10.80.0.54]");
        assertThat(cli(1).ok("config", "check", file).out()).contains("is valid");
        Cli.Run diff = cli(1).run("config", "diff", file).exits(1);
        assertThat(diff.out()).contains("domain-name-servers").contains("10.80.0.54");
        cli(1).run("config", "apply", file).exits(4).says("nothing was changed", "--yes");
        long before = version(1);
        assertThat(cli(1).ok("config", "apply", file, "--yes", "--author", "kim")
                        .out())
                .contains("cell campus: applied")
                .contains("version " + (before + 1) + " is in force");
        cli(2).run("config", "apply", file, "--yes", "--based-on", Long.toString(before - 1))
                .exits(4)
                .says("based on", "config diff");
        for (int site : cluster.sites()) {
            await(site, "/v1/config", answer -> answer.path("version").asLong() == before + 1);
            cli(site).ok("config", "diff", file);
            FleetClient client = one(fleet("10.80.0.0", 1, site));
            assertThat(client.bind()).isTrue();
            assertThat(client.option(DHCPConstants.DHO_DOMAIN_NAME_SERVERS).orElseThrow())
                    .containsExactly(10, 80, 0, 53, 10, 80, 0, 54);
        }
        assertThat(cli(3).ok("config", "history").out()).contains("kim");
        assertThat(cli(3).ok("config", "show", "--version-number", Long.toString(before))
                        .out())
                .doesNotContain("10.80.0.54");
        assertThat(cli(3).ok("config", "rollback", "--to", Long.toString(before), "--yes")
                        .out())
                .contains("version " + (before + 2) + " is in force");
        FleetClient client = one(fleet("10.80.0.0", 1, 3));
        assertThat(client.bind()).isTrue();
        assertThat(client.option(DHCPConstants.DHO_DOMAIN_NAME_SERVERS).orElseThrow())
                .hasSize(4);
    }

    private long version(int site) throws IOException {
        return cli(site).ok("config", "show", "--json").json().path("version").asLong();
    }

    private SortedMap<String, String> ends(String subnet) throws IOException {
        TreeMap<String, String> ends = new TreeMap<>();
        cli(1).ok("lease", "list", "--json", "--state", "active", "--subnet", subnet)
                .json()
                .path("leases")
                .forEach(lease -> ends.put(
                        lease.path("address").asText(), lease.path("end").asText()));
        return ends;
    }

    @Test
    @Order(3)
    void leasesOfAShrunkPoolRunOutAndNoneIsCut() throws Exception {
        Fleet fleet = fleet("10.81.0.0", 4, 1);
        fleet.each(4, FleetClient::bind);
        SortedMap<String, String> before = ends("10.81.0.0/24");
        assertThat(before).hasSize(4);
        String file = changed("10.81.0.10-10.81.0.29", "10.81.0.40-10.81.0.59");
        assertThat(cli(2).ok("config", "apply", file, "--yes").out()).contains("4 would no longer be served");
        assertThat(ends("10.81.0.0/24")).as("neither cut nor extended").isEqualTo(before);
        for (FleetClient client : fleet.clients()) {
            assertThat(client.renew()).as("told what is left of its lease").isTrue();
        }
        assertThat(ends("10.81.0.0/24")).isEqualTo(before);
        await(
                1,
                "/v1/leases?state=active&subnet=10.81.0.0/24",
                answer -> answer.path("leases").isEmpty());
        fleet.each(4, FleetClient::bind);
        assertThat(fleet.clients()).allMatch(client -> address(client).matches("10\\.81\\.0\\.[45]\\d"));
        assertThat(history.naks()).isEmpty();
    }

    @Test
    @Order(4)
    void newSubnetOfAnExistingCellIsServedAtOnce() throws Exception {
        String file = changed("      office:\n", ANNEX + "      office:\n");
        assertThat(cli(3).ok("config", "apply", file, "--yes").out()).contains("10.84.0.0/24");
        for (int site : cluster.sites()) {
            await(site, "/v1/config", answer -> answer.path("text").asText().contains("10.84"));
            assertThat(one(fleet("10.84.0.0", 1, site)).bind()).isTrue();
        }
    }

    /** Asked of a server that is not among the new cell's, which learns of it like the others and passes commands on. */
    @Test
    @Order(5)
    void newCellIsFormedAtRunTimeAndIsThereAfterARestart() throws Exception {
        String text = cli(1).ok("config", "show").out() + WEST;
        assertThat(cli(1).ok("config", "apply", file(text), "--yes").out()).contains("cell west: applied, formed");
        Fleet fleet = fleet("10.85.0.0", 3, 2);
        fleet.each(3, FleetClient::bind);
        assertThat(cli(1).leases("--cell", "west")).as("from another server").isEqualTo(3);
        await(1, "/v1/cells/west", answer -> answer.at("/cells/0/members").size() == 2);
        cli(1).ok("config", "apply", file(text.replace("10.85.0.29", "10.85.0.39")), "--yes");
        long version = version(1);
        await(3, "/v1/config", answer -> answer.path("version").asLong() == version);
        cli(1).run("config", "rollback", "--to", "1", "--yes")
                .exits(4)
                .says("leaves out cells that exist", "keep them");
        for (int site : cluster.sites()) {
            cluster.kill(site);
        }
        cluster.startAll();
        await(2, "/v1/cells/west", answer -> answer.path("healthy").asBoolean());
        fleet.each(3, FleetClient::renew);
        assertThat(history.unanswered()).isEmpty();
        assertThat(cli(1).leases("--cell", "west")).isEqualTo(3);
        assertThat(cli(3).ok("cell", "status", "west").out())
                .contains("digests")
                .contains("dc2-a");
        assertThat(version(1)).isEqualTo(version);
    }

    @Test
    @Order(6)
    void watchSeesEveryChangeOfALease() throws Exception {
        List<String> words = List.of(
                Path.of("..", "tools", "bin", "anylease").toString(),
                "lease",
                "watch",
                "--json",
                "--subnet",
                "10.82.0.0/24",
                "--server",
                cluster.admin(3).toString());
        try (WatchedProcess watch = WatchedProcess.start("lease watch", directory.resolve("watch.log"), words)) {
            watch.awaitLine(0, line -> line.contains("\"unwatched\""), PATIENCE);
            FleetClient client = one(fleet("10.82.0.0", 1, 1));
            client.bind();
            String address = address(client);
            sees(watch, 0, address, "\"offer\"");
            int bound = sees(watch, 0, address, "\"active\"");
            client.renew();
            int renewed = sees(watch, bound, address, "\"active\"");
            client.release();
            int released = sees(watch, renewed, address, "\"released\"");
            int free = sees(watch, released, address, "\"free\"");
            client.bind();
            int again = sees(watch, free, address(client), "\"active\"");
            String expiring = address(client);
            int expired = sees(watch, again, expiring, "\"expired\"");
            // A copy a moment behind still shows the lease, and offers it without a change that could be watched.
            int freed = sees(watch, expired, expiring, "\"free\"");
            assertThat(one(fleet("10.82.0.0", 1, 2)).discover()).isTrue();
            int offered = sees(watch, freed, "10.82.0.", "\"offer\"");
            int lapsed = sees(watch, offered, "10.82.0.", "\"free\"");
            FleetClient second = one(fleet("10.82.0.0", 1, 2));
            second.bind();
            String bad = address(second);
            // A DECLINE names the binding that the server's copy shows: the copies are to have it first.
            sees(watch, lapsed, bad, "\"active\"");
            second.decline();
            sees(watch, 0, bad, "\"abandoned\"");
        }
    }

    /** Waits for a change. @return a mark behind it */
    private static int sees(WatchedProcess watch, int from, String address, String what) throws Exception {
        int[] mark = {from};
        watch.awaitLine(
                from,
                line -> {
                    mark[0]++;
                    return line.contains("\"" + (address.endsWith(".") ? "" : "address\":\"") + address)
                            && line.contains(what);
                },
                PATIENCE);
        return mark[0];
    }

    @Test
    @Order(7)
    void backupIsRestoredIntoAFreshCluster() throws Exception {
        fleet("10.80.0.0", CLIENTS, 1).each(CLIENTS, FleetClient::bind);
        Path backup = directory.resolve("campus.backup");
        JsonNode saved = cli(2).ok("cell", "backup", "campus", "--output", backup.toString(), "--json")
                .json();
        assertThat(saved.path("bindings").asInt()).isGreaterThanOrEqualTo(CLIENTS);
        cli(2).run("cell", "backup", "campus", "--output", backup.toString())
                .exits(4)
                .says("exists already", "--output");
        SortedMap<String, String> held;
        try (AdminReader admin = new AdminReader(cluster.admin(2))) {
            held = office(admin.activeLeases());
        }
        assertThat(held).hasSizeGreaterThanOrEqualTo(CLIENTS);
        try (LocalCluster fresh = new LocalCluster(directory.resolve("fresh"), shape(1))) {
            fresh.startAll();
            Cli cli = new Cli(fresh.admin(1));
            assertThat(cli.run("cell", "restore", "campus", backup.toString())
                            .exits(4)
                            .says("nothing was changed", "--yes")
                            .out())
                    .contains("bindings would be put in place");
            assertThat(cli.ok("cell", "restore", "campus", backup.toString(), "--yes")
                            .out())
                    .contains("bindings changed");
            try (AdminReader admin = new AdminReader(fresh.admin(1))) {
                assertThat(office(admin.activeLeases())).isEqualTo(held);
            }
            assertThat(cli.ok("cell", "restore", "campus", backup.toString(), "--yes")
                            .out())
                    .contains(": 0 of");
            byte[] damaged = Files.readAllBytes(backup);
            damaged[damaged.length / 2] ^= 1;
            Path bad = Files.write(directory.resolve("bad.backup"), damaged);
            cli.run("cell", "restore", "campus", bad.toString(), "--yes")
                    .exits(4)
                    .says("", "another backup");
            cli.run("cell", "restore", "west", backup.toString(), "--yes")
                    .exits(1)
                    .says("no cell west", "campus");
        }
    }

    private static SortedMap<String, String> office(SortedMap<String, String> leases) {
        TreeMap<String, String> office = new TreeMap<>(leases);
        office.keySet().removeIf(address -> !address.startsWith("10.80."));
        return office;
    }

    @Test
    @Order(8)
    void errorsNameTheNextStep() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        Cli nobody = new Cli(URI.create("http://127.0.0.1:" + free));
        nobody.run("lease", "list").exits(3).says("no server answers at", "anylease server run");
        cli(1).run("cell", "status", "nowhere").exits(1).says("no cell nowhere", "campus");
        cli(1).run("lease", "list", "--cell", "nowhere").exits(1).says("no cell nowhere", "campus");
        cli(1).run(
                        "cell",
                        "backup",
                        "nowhere",
                        "--output",
                        directory.resolve("x").toString())
                .exits(1)
                .says("no cell nowhere", "campus");
        cli(1).run("lease", "list", "--site", "mars").exits(2).says("'mars'", "the sites are dc1, dc2, dc3");
        cli(1).run("lease", "show", "10.99.99.99").exits(1);
        String bad = file("cluster: local\nsites: 7\n");
        cli(1).run("config", "apply", bad, "--yes").exits(4).says(bad + ":2:", "config check");
        cli(1).run("config", "apply", directory.resolve("none.yaml").toString(), "--yes")
                .exits(2)
                .says("cannot be read", "that exists");
        cli(1).run("config", "show", "--version-number", "99").exits(1).says("not kept", "config history");
        JsonNode error =
                cli(1).run("cell", "status", "nowhere", "--json").exits(1).json();
        assertThat(error.path("remedy").asText()).contains("campus");
        byte[] noise = new byte[3 << 20];
        new Random(7).nextBytes(noise);
        String comments = Base64.getMimeEncoder(100, new byte[] {'\n', '#'}).encodeToString(noise);
        String tooLong = file(cli(1).ok("config", "show").out() + "#" + comments + "\n");
        cli(1).run("config", "apply", tooLong, "--yes")
                .exits(4)
                .says("and one entry of its log holds 1984 KiB", "more cells");
    }

    @Test
    @Order(9)
    void statusTellsWhichServerIsSilentAndWhatToDo() throws Exception {
        await(1, "/v1/sites", answer -> answer.path("healthy").asBoolean());
        assertThat(cli(1).ok("site", "status").out())
                .contains("dc1-a")
                .contains("dc3-a")
                .doesNotContain("silent");
        assertThat(cli(1).ok("site", "status", "dc2", "--json").json().path("sites"))
                .hasSize(1);
        assertThat(cli(1).ok("cell", "status").out()).contains("leader dc");
        cluster.kill(3);
        await(1, "/v1/sites", answer -> !answer.path("healthy").asBoolean());
        assertThat(cli(1).run("site", "status").exits(1).out())
                .contains("silent")
                .contains("check that it runs");
        cluster.start(3);
        await(1, "/v1/sites", answer -> answer.path("healthy").asBoolean());
    }
}
