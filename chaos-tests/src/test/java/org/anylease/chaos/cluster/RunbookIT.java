package org.anylease.chaos.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.anylease.tools.fleet.Fleet;
import org.anylease.tools.fleet.FleetClient;
import org.anylease.tools.fleet.FleetRelay;
import org.anylease.tools.fleet.History;
import org.anylease.tools.local.AdminReader;
import org.anylease.tools.local.LocalCluster;
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
 * Plays the faults of docs/operations/runbook.md on three real servers, and types every command of its sections: each
 * must end as the page says. Disks that fill and clocks that stray are not played here, only their commands.
 */
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RunbookIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int CLIENTS = 6;
    private static final String CELLS = """
        probe: { enabled: false }
        timers: { clock-skew: 300ms }
        cells:
          campus:
            networks:
              office:
                subnets:
                  10.80.0.0/24: { pools: [10.80.0.10-10.80.0.99], lease: 10m }
        """;

    @TempDir
    private static Path directory;

    private final History history = new History();
    private final TreeSet<String> played = new TreeSet<>();
    private LocalCluster cluster;
    private Fleet fleet;
    private FleetRelay relay;
    private int routedTo = 1;

    @BeforeAll
    void startThreeSites() throws Exception {
        cluster = new LocalCluster(
                directory.resolve("cluster"),
                new LocalCluster.Shape(3, "", CELLS, List.of("-Xmx192m", "-XX:+UseSerialGC")));
        cluster.layWires();
        cluster.startAll();
        relay = new FleetRelay(cluster.relayAddress(), InetAddress.getByName("10.80.0.0"));
        fleet = Fleet.of(CLIENTS, relay, client -> cluster.site(routedTo), history, new Random(80));
        fleet.each(CLIENTS, FleetClient::bind);
        assertThat(history.unanswered()).isEmpty();
        // So that there is a version to go back from.
        String text = new Cli(cluster.admin(1)).ok("config", "show").out();
        Files.writeString(directory.resolve("anylease.yaml"), text.replace("10.80.0.99", "10.80.0.120"));
        new Cli(cluster.admin(1))
                .ok("config", "apply", directory.resolve("anylease.yaml").toString(), "--yes");
        Files.writeString(directory.resolve("anylease.yaml"), text.replace("10.80.0.99", "10.80.0.140"));
        awaitHealth();
    }

    @AfterAll
    void stop() throws Exception {
        fleet.close();
        relay.close();
        cluster.close();
    }

    private void awaitHealth() throws Exception {
        await("/v1/cells", answer -> answer.path("healthy").asBoolean());
        await("/v1/sites", answer -> answer.path("healthy").asBoolean());
    }

    private void await(String path, Predicate<JsonNode> wanted) throws Exception {
        try (AdminReader admin = new AdminReader(cluster.admin(1))) {
            admin.await(path, wanted, PATIENCE);
        }
    }

    private void awaitUnhealthy() throws Exception {
        await("/v1/sites", answer -> !answer.path("healthy").asBoolean());
    }

    /** Types the commands of a section from one to another, counted from 0. @return all that they printed */
    private String type(String title, int from, int to) throws IOException {
        played.add(title);
        List<Runbook.Typed> commands = Runbook.sections().getOrDefault(title, List.of());
        assertThat(commands).as("commands of '%s'", title).hasSizeGreaterThanOrEqualTo(to);
        StringBuilder said = new StringBuilder();
        for (Runbook.Typed typed : commands.subList(from, to)) {
            URI server = cluster.admin(1);
            List<String> words = new ArrayList<>();
            for (String word : typed.words()) {
                if (word.matches("http://dc\\d-a:6780")) {
                    server = cluster.admin(word.charAt("http://dc".length()) - '0');
                } else if (!word.equals("--server")) {
                    words.add(inPlace(typed, word));
                }
            }
            Cli.Run run = new Cli(server).run(words.toArray(String[]::new));
            assertThat(run.exit())
                    .as("%s: %s\n%s%s", title, String.join(" ", typed.words()), run.out(), run.err())
                    .isEqualTo(typed.exit());
            assertThat(run.exit() == 0 || run.exit() == 1 || !run.err().isBlank())
                    .isTrue();
            said.append(run.out()).append(run.err());
        }
        return said.toString();
    }

    private String inPlace(Runbook.Typed typed, String word) {
        if (typed.words().contains("recover") && word.equals("dc1-a")) {
            return cluster.dataDirectory(1).toString();
        }
        return word.matches(".*\\.(yaml|backup)") ? directory.resolve(word).toString() : word;
    }

    private String type(String title) throws IOException {
        return type(title, 0, Runbook.sections().getOrDefault(title, List.of()).size());
    }

    private void wipe(int site) throws IOException {
        try (Stream<Path> files = Files.walk(cluster.dataDirectory(site))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    @Order(1)
    void nothingIsWrong() throws Exception {
        type("");
        for (String title : List.of(
                "A disk is full",
                "A clock is astray",
                "An address was promised to two clients",
                "The leader changes again and again")) {
            type(title);
        }
        String maintenance = "A site goes into maintenance";
        int drained = 3;
        type(maintenance, 0, drained);
        // The others hear of the next leader a moment after the drained one has let go.
        awaitHealth();
        type(maintenance, drained, Runbook.sections().get(maintenance).size());
    }

    @Test
    @Order(2)
    void addressesRunOutOrWait() throws Exception {
        // Whose 10.80.0.10 is depends on what was set aside first.
        assertThat(type("Addresses run out, or wait"))
                .containsPattern("It is (leased to|set aside for|free)")
                .contains("10.80.0.140");
    }

    @Test
    @Order(3)
    void aConfigurationWasWrong() throws Exception {
        type("A configuration was wrong");
    }

    @Test
    @Order(4)
    void aBackupIsRestored() throws Exception {
        type("A backup has to be restored");
    }

    @Test
    @Order(5)
    void aReplicaIsRebuiltFromTheLeaders() throws Exception {
        assertThat(type("A replica differs"))
                .contains("dc2-a has fetched its copy anew, and votes")
                .contains("all 3 copies");
        awaitHealth();
        assertThat(fleet.clients().getFirst().renew()).isTrue();
        assertThat(new Cli(cluster.admin(2)).leases("--cell", "campus")).isEqualTo(CLIENTS);
    }

    @Test
    @Order(6)
    void aServerGoesAndComes() throws Exception {
        assertThat(type("A server comes, or goes"))
                .contains("then 2 servers, of which 2 must be there")
                .contains("server dc3-a of cell campus: voting")
                .contains("its members are those that the configuration lists");
        awaitHealth();
        assertThat(fleet.clients().getFirst().renew()).isTrue();
    }

    @Test
    @Order(7)
    void aSiteIsCutOffAndHealsByItself() throws Exception {
        cluster.cutOff(3);
        awaitUnhealthy();
        try (AdminReader admin = new AdminReader(cluster.admin(3))) {
            admin.await("/v1/cells", answer -> !answer.path("healthy").asBoolean(), PATIENCE);
        }
        String title = "A site is cut off";
        int afterwards = Runbook.sections().get(title).size() - 2;
        assertThat(type(title, 0, afterwards)).contains("silent", "partitioned", "no leader is known");
        cluster.join(3);
        awaitHealth();
        assertThat(type(title, afterwards, afterwards + 2)).contains("all 3 copies");
    }

    @Test
    @Order(8)
    void aMajorityIsLost() throws Exception {
        cluster.kill(2);
        cluster.kill(3);
        await("/v1/cells", answer -> answer.at("/cells/0/leader").isNull());
        assertThat(type("A majority is lost"))
                .contains("dc2-a")
                .contains("dc3-a")
                .contains("are needed");
        cluster.start(2);
        cluster.start(3);
        awaitHealth();
        assertThat(fleet.clients().getFirst().renew()).isTrue();
    }

    @Test
    @Order(9)
    void aServerIsDeadForGood() throws Exception {
        cluster.kill(3);
        awaitUnhealthy();
        assertThat(type("A server is dead for good"))
                .contains("you vouch")
                .contains("dc3-a is declared down")
                .contains("is not declared down any more");
        cluster.start(3);
        awaitHealth();
    }

    @Test
    @Order(10)
    void aDiskIsWiped() throws Exception {
        cluster.kill(3);
        awaitUnhealthy();
        wipe(3);
        cluster.start(3);
        awaitHealth();
        type("A disk was lost or wiped");
        try (AdminReader admin = new AdminReader(cluster.admin(3))) {
            admin.awaitAgreement(3, PATIENCE);
        }
        assertThat(new Cli(cluster.admin(3)).leases("--cell", "campus")).isEqualTo(CLIENTS);
    }

    /** The name server is down at first, and then another configuration names one that runs, without its key. */
    @Test
    @Order(11)
    void namesDoNotComeIntoDns() throws Exception {
        String title = "Names do not come into DNS";
        NameServer names = new NameServer(directory.resolve("named"), InetAddress.getLoopbackAddress());
        Cli cli = new Cli(cluster.admin(1));
        String text = cli.ok("config", "show").out();
        String dns = """
            dns:
              domain: example.net
              servers: 127.0.0.1
              port: %d
              key-file: %s
              zones: { example.net: { } }
            """.formatted(names.port(), names.keyFile());
        Path file = Files.writeString(directory.resolve("dns.yaml"), text + dns);
        cli.ok("config", "apply", file.toString(), "--yes");
        await("/v1/dns", answer -> answer.at("/cells/0/failingZones").has("example.net"));
        assertThat(type(title, 0, 3)).contains("zone example.net", "no update succeeds", "does not answer");
        names.start();
        try {
            Files.writeString(file, text + dns + "  ttl: 5m\n");
            type(title, 3, 5);
            await("/v1/dns", answer -> answer.at("/cells/0/present").asInt() == CLIENTS);
            assertThat(type(title, 5, 6)).doesNotContain("no update succeeds");
            assertThat(names.ask("fleet-1.example.net", "A")).startsWith("10.80.0.");
        } finally {
            names.kill();
        }
        Files.writeString(file, text);
        cli.ok("config", "apply", file.toString(), "--yes");
        awaitHealth();
    }

    @Test
    @Order(12)
    void aMajorityIsGoneForGood() throws Exception {
        String title = "A majority is gone for good";
        cluster.kill(2);
        cluster.kill(3);
        await("/v1/cells", answer -> answer.at("/cells/0/leader").isNull());
        type(title, 0, 1);
        cluster.kill(1);
        assertThat(type(title, 1, 3)).contains("lost at worst").contains("in epoch 1: start that server");
        cluster.start(1);
        await("/v1/cells", answer -> answer.at("/cells/0/leader").isTextual());
        assertThat(fleet.clients().getFirst().renew()).isTrue();
        assertThat(type(title, 3, 5)).contains("dc2-a", "dc3-a", "declared down");
        for (int lost : List.of(2, 3)) {
            wipe(lost);
            cluster.start(lost);
        }
        Instant deadline = Instant.now().plus(PATIENCE);
        Cli.Run members = new Cli(cluster.admin(1)).run("cell", "members", "list", "campus");
        while (members.exit() != 0 && Instant.now().isBefore(deadline)) {
            TimeUnit.MILLISECONDS.sleep(500);
            members = new Cli(cluster.admin(1)).run("cell", "members", "list", "campus");
        }
        members.exits(0);
        routedTo = 3;
        assertThat(fleet.clients().getFirst().renew()).isTrue();
        assertThat(new Cli(cluster.admin(3)).leases("--cell", "campus")).isEqualTo(CLIENTS);
    }

    @Test
    @Order(13)
    void everySectionWasPlayed() throws Exception {
        TreeSet<String> missing = new TreeSet<>(Runbook.sections().keySet());
        missing.removeAll(played);
        assertThat(missing).isEmpty();
        assertThat(history.doublePromises(Duration.ofMillis(100))).isEmpty();
    }
}
