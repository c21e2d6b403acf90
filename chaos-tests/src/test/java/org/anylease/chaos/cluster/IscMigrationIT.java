package org.anylease.chaos.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.anylease.chaos.hosts.Leftovers;
import org.anylease.chaos.lab.AnycastLab;
import org.anylease.chaos.lab.Background;
import org.anylease.chaos.lab.Command;
import org.anylease.chaos.lab.Namespace;
import org.anylease.tools.fleet.Fleet;
import org.anylease.tools.fleet.FleetClient;
import org.anylease.tools.fleet.FleetRelay;
import org.anylease.tools.fleet.History;
import org.anylease.tools.fleet.Route;
import org.anylease.tools.fleet.Site;
import org.anylease.tools.local.AdminReader;
import org.anylease.tools.local.LocalCluster;
import org.anylease.tools.local.WatchedProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real failover pair of ISC's dhcpd serves clients and is stopped; its configuration and its leases are imported into
 * three sites that run already; its clients renew there, and none of them hears a NAK or gets another address.
 */
class IscMigrationIT {
    private static final Path MANUAL = Path.of("..", "docs", "migration", "isc.md");
    private static final int LIVE = 1800;
    private static final int IDENTIFIED = 200;
    private static final int RELEASED = 20;
    private static final int DECLINED = 10;
    private static final int EXPIRED = 10;
    private static final int AT_ONCE = 64;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String OFFICE = "10.80.0.0";
    private static final String LAB = "10.81.0.0";
    private static final String PRIMARY = "10.90.0.4";
    private static final String SECONDARY = "10.90.0.5";

    /** Half of the pool is set aside as soon as the cluster runs, so that live leases are among it. */
    private static final String ESCROW = "escrow: { floor: 400, ceiling: 400 }\ntimers: { clock-skew: 1s }\n";

    private static final String CONFIGURATION = """
        authoritative;
        ddns-update-style none;
        ping-check false;
        default-lease-time 3600;
        max-lease-time 7200;
        failover peer "pair" {
          ROLE;
          address OWN;
          port 647;
          peer address OTHER;
          peer port 647;
          max-response-delay 30;
          max-unacked-updates 100;
          load balance max seconds 3;
          MORE
        }
        subnet 10.90.0.0 netmask 255.255.255.0 { }
        subnet 10.80.0.0 netmask 255.255.240.0 {
          option routers 10.80.0.1;
          pool { failover peer "pair"; range 10.80.1.0 10.80.11.143; }
        }
        subnet 10.81.0.0 netmask 255.255.255.0 {
          min-lease-time 1;
          default-lease-time 2;
          max-lease-time 2;
          pool { failover peer "pair"; range 10.81.0.10 10.81.0.99; }
        }
        """;

    @TempDir
    private Path directory;

    private final List<AutoCloseable> made = new ArrayList<>();
    private final History history = new History();

    private <T extends AutoCloseable> T made(T part) {
        made.addFirst(part);
        return part;
    }

    @AfterEach
    void removeAll() throws Exception {
        for (AutoCloseable part : made) {
            part.close();
        }
    }

    /** Clients by where they are and what became of their leases, from one number on. */
    private enum Crowd {
        LIVE_ONES(1, LIVE, OFFICE),
        IDENTIFIED_ONES(10_001, IDENTIFIED, OFFICE),
        RELEASED_ONES(20_001, RELEASED, OFFICE),
        DECLINED_ONES(30_001, DECLINED, OFFICE),
        EXPIRED_ONES(40_001, EXPIRED, LAB);

        private final int first;
        private final int size;
        private final String link;

        Crowd(int first, int size, String link) {
            this.first = first;
            this.size = size;
            this.link = link;
        }
    }

    /** Where the clients of each crowd are heard. */
    @FunctionalInterface
    private interface Relays {
        FleetRelay on(String link) throws IOException, InterruptedException;
    }

    /** Every packet goes to both, as relays send it to all helpers; whose turn it is answers. */
    private record Pair(Site one, Site other) implements Route {
        @Override
        public Site next(int client) {
            return one;
        }

        @Override
        public List<Site> copies(int client, Site site) {
            return List.of(one, other);
        }
    }

    private Map<Crowd, Fleet> crowds(Relays relays, Route route) throws IOException, InterruptedException {
        Map<String, FleetRelay> byLink = new LinkedHashMap<>();
        for (String link : List.of(OFFICE, LAB)) {
            byLink.put(link, made(relays.on(link)));
        }
        Map<Crowd, Fleet> crowds = new LinkedHashMap<>();
        for (Crowd crowd : Crowd.values()) {
            Fleet fleet = made(Fleet.from(
                    crowd.first, crowd.size, byLink.get(crowd.link), route, history, new Random(crowd.first)));
            crowds.put(crowd, fleet);
        }
        Random octets = new Random(42);
        for (FleetClient client : crowds.get(Crowd.IDENTIFIED_ONES).clients()) {
            byte[] identifier = new byte[2 + octets.nextInt(30)];
            octets.nextBytes(identifier);
            client.identify(identifier);
        }
        return crowds;
    }

    private static String address(FleetClient client) {
        return client.address().orElseThrow().getHostAddress();
    }

    @Test
    void clientsOfARealDhcpdRenewTheirAddressesAfterTheImport() throws Exception {
        assumeTrue(AnycastLab.isPossible("IscMigrationIT"), "needs root and iproute2");
        boolean there = Command.exists("dhcpd");
        if (!there) {
            System.out.println("SKIPPED IscMigrationIT: dhcpd is not installed; .ci/run installs it");
        }
        assumeTrue(there, "dhcpd is not installed");
        Map<Crowd, Map<Integer, InetAddress>> held = served();

        List<Runbook.Typed> commands =
                new ArrayList<>(Runbook.sections(MANUAL).getOrDefault("Cut-over, step by step", List.of()));
        assertThat(commands).hasSizeGreaterThan(7);
        LocalCluster cluster = imported(commands);
        importLeases(new Cli(cluster.admin(2)), commands);
        List<Site> sites = cluster.sites().stream().map(cluster::site).toList();
        Map<Crowd, Fleet> crowds = crowds(
                link -> new FleetRelay(cluster.relayAddress(), InetAddress.getByName(link)),
                client -> sites.get(client % sites.size()));
        for (Crowd crowd : List.of(Crowd.LIVE_ONES, Crowd.IDENTIFIED_ONES)) {
            renewAll(crowds.get(crowd), held.get(crowd));
        }
        for (Crowd crowd : List.of(Crowd.RELEASED_ONES, Crowd.EXPIRED_ONES)) {
            comeBack(crowds.get(crowd), held.get(crowd));
        }
        Fleet declined = crowds.get(Crowd.DECLINED_ONES);
        declined.each(AT_ONCE, FleetClient::bind);
        TreeSet<String> found = new TreeSet<>();
        held.get(Crowd.DECLINED_ONES).values().forEach(bad -> found.add(bad.getHostAddress()));
        assertThat(declined.clients()).as("in quarantine").noneMatch(client -> found.contains(address(client)));
        Cli cli = new Cli(cluster.admin(3));
        assertThat(cli.leases("--state", "abandoned")).isEqualTo(DECLINED);
        assertThat(cli.leases("--state", "active", "--hostname", "FLEET-1799")).isEqualTo(1);
        assertThat(history.naks()).isEmpty();
        assertThat(history.unanswered()).isEmpty();
        try (AdminReader admin = new AdminReader(cluster.admin(1))) {
            admin.awaitAgreement(3, PATIENCE);
        }
    }

    /** Lets the pair serve all crowds, and stops it. @return what each client got, in its last lease */
    private Map<Crowd, Map<Integer, InetAddress>> served() throws Exception {
        Leftovers.remove();
        Namespace relay = made("relay");
        relay.ip("link", "add", "name", "links", "type", "bridge", "forward_delay", "0");
        relay.ip("link", "set", "links", "up");
        for (String last : List.of("1", "3")) {
            relay.ip("addr", "add", "10.90.0." + last + "/24", "dev", "links");
        }
        Map<Crowd, Map<Integer, InetAddress>> held = new LinkedHashMap<>();
        try (WatchedProcess secondary = dhcpd("second", SECONDARY, relay);
                WatchedProcess primary = dhcpd("dhcpd", PRIMARY, relay)) {
            for (WatchedProcess one : List.of(primary, secondary)) {
                one.awaitLine(0, line -> line.contains("Both servers normal"), PATIENCE);
            }
            Map<Crowd, Fleet> crowds = crowds(
                    link -> relay.inside(() -> new FleetRelay(
                            InetAddress.getByName(link.equals(OFFICE) ? "10.90.0.1" : "10.90.0.3"),
                            67,
                            InetAddress.getByName(link))),
                    new Pair(
                            new Site("primary", new InetSocketAddress(PRIMARY, 67)),
                            new Site("secondary", new InetSocketAddress(SECONDARY, 67))));
            for (Crowd crowd : Crowd.values()) {
                Fleet fleet = crowds.get(crowd);
                fleet.each(AT_ONCE, FleetClient::bind);
                Map<Integer, InetAddress> got = new LinkedHashMap<>();
                for (int i = 0; i < crowd.size; i++) {
                    got.put(i, fleet.clients().get(i).address().orElseThrow());
                }
                held.put(crowd, got);
            }
            assertThat(history.unanswered()).isEmpty();
            crowds.get(Crowd.RELEASED_ONES).each(AT_ONCE, FleetClient::release);
            crowds.get(Crowd.DECLINED_ONES).each(AT_ONCE, FleetClient::decline);
            awaitAllInThePrimarysFile();
        }
        return held;
    }

    private WatchedProcess dhcpd(String name, String address, Namespace relay) throws IOException {
        boolean first = address.equals(PRIMARY);
        String text = CONFIGURATION
                .replace("ROLE", first ? "primary" : "secondary")
                .replace("OWN", address)
                .replace("OTHER", first ? SECONDARY : PRIMARY)
                .replace("MORE", first ? "mclt 600; split 128;" : "");
        Path configuration = Files.writeString(directory.resolve(name + ".conf"), text);
        Path leases = Files.createFile(directory.resolve(name + ".leases"));
        Namespace server = made(name);
        relay.ip("link", "add", "to" + name, "type", "veth", "peer", "name", "s0", "netns", server.name());
        relay.ip("link", "set", "to" + name, "master", "links", "up");
        server.ip("addr", "add", address + "/24", "dev", "s0");
        server.ip("link", "set", "s0", "up");
        List<String> words = new ArrayList<>(List.of("dhcpd", "-4", "-f", "-d", "-cf", configuration.toString()));
        words.addAll(List.of(
                "-lf",
                leases.toString(),
                "-pf",
                directory.resolve(name + ".pid").toString(),
                "s0"));
        return Background.start(server, name, directory, words);
    }

    /** Peers tell each other of their leases after they have answered. */
    private void awaitAllInThePrimarysFile() throws Exception {
        Cli nobody = new Cli(URI.create("http://127.0.0.1:1"));
        String configuration = directory.resolve("dhcpd.conf").toString();
        String leases = directory.resolve("dhcpd.leases").toString();
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).untilAsserted(() -> {
            JsonNode states = nobody.run("import", "isc", configuration, leases, "--json")
                    .json()
                    .at("/leases/states");
            int free = states.path("free").asInt()
                    + states.path("released").asInt()
                    + states.path("expired").asInt();
            assertThat(List.of(
                            states.path("active").asInt(),
                            states.path("abandoned").asInt(),
                            free))
                    .containsExactly(LIVE + IDENTIFIED, DECLINED, RELEASED + EXPIRED);
        });
    }

    private Namespace made(String name) {
        Namespace namespace = new Namespace(Leftovers.prefix("isc") + name);
        made.addFirst(namespace::remove);
        return namespace;
    }

    /** A cluster that runs by what became of the configuration, with much of its pool set aside. */
    private LocalCluster imported(List<Runbook.Typed> commands) throws Exception {
        Path out = directory.resolve("rehearsal");
        Cli nobody = new Cli(URI.create("http://127.0.0.1:1"));
        Cli.Run run = typed(nobody, commands.removeFirst());
        String counts = run.out()
                .lines()
                .filter(line -> line.contains(" entries of "))
                .findFirst()
                .orElseThrow();
        System.out.println("dhcpd's leases: " + counts);
        assertThat(counts).endsWith(" 1 converted with a difference, 1 not supported, 0 malformed");
        assertThat(run.out()).contains("not supported: server-duid").contains("pair was in its normal state");
        assertThat(run.out()).contains("bindings: " + DECLINED + " abandoned, ");
        String system = Files.readString(out.resolve("anylease.yaml"));
        typed(nobody, commands.removeFirst());
        String served = system.substring(system.indexOf("\nmin-lease:") + 1);
        LocalCluster cluster = made(new LocalCluster(
                directory.resolve("cluster"),
                new LocalCluster.Shape(
                        3, "", ESCROW + served, List.of("-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"))));
        cluster.startAll();
        try (AdminReader admin = new AdminReader(cluster.admin(2))) {
            admin.await("/v1/pools", answer -> escrowed(answer) >= 1100, PATIENCE);
            admin.await("/v1/cells", answer -> answer.path("healthy").asBoolean(), PATIENCE);
        }
        return cluster;
    }

    private static int escrowed(JsonNode pools) {
        int escrowed = 0;
        for (JsonNode pool : pools.path("pools")) {
            escrowed += pool.path("escrowed").asInt();
        }
        return escrowed;
    }

    /** Does what the manual says, on files of this test. */
    private Cli.Run typed(Cli cli, Runbook.Typed command) {
        String[] words = command.words().stream()
                .map(word -> word.matches("dhcpd\\..*|rehearsal.*")
                        ? directory.resolve(word).toString()
                        : word)
                .toArray(String[]::new);
        return cli.run(words).exits(command.exit());
    }

    /** The rest of the manual's commands: the state, the plan, the import, what is there then, and the import again. */
    private void importLeases(Cli cli, List<Runbook.Typed> commands) {
        StringBuilder imports = new StringBuilder();
        long began = System.nanoTime();
        for (Runbook.Typed command : commands) {
            String out = typed(cli, command).out();
            imports.append(command.words().getFirst().equals("import") ? out : "");
        }
        System.out.println("the manual's commands took "
                + Duration.ofNanos(System.nanoTime() - began).toMillis() + " ms");
        int all = LIVE + IDENTIFIED + RELEASED + DECLINED + EXPIRED;
        assertThat(imports)
                .contains("to be given back out of escrow first: ")
                .contains("restored cell default: " + all + " of " + all + " bindings changed")
                .contains("restored cell default: 0 of " + all + " bindings changed");
    }

    private void renewAll(Fleet fleet, Map<Integer, InetAddress> held) throws InterruptedException {
        for (int i = 0; i < held.size(); i++) {
            fleet.clients().get(i).resume(held.get(i));
        }
        fleet.each(AT_ONCE, FleetClient::renew);
        for (int i = 0; i < held.size(); i++) {
            assertThat(fleet.clients().get(i).address()).contains(held.get(i));
        }
    }

    private void comeBack(Fleet fleet, Map<Integer, InetAddress> held) throws InterruptedException {
        fleet.each(AT_ONCE, FleetClient::bind);
        for (int i = 0; i < held.size(); i++) {
            assertThat(fleet.clients().get(i).address())
                    .as("the address it had last")
                    .contains(held.get(i));
        }
    }
}
