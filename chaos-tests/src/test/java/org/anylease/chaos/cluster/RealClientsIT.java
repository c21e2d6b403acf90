package org.anylease.chaos.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.anylease.chaos.lab.AnycastLab;
import org.anylease.chaos.lab.AnycastLab.Link;
import org.anylease.chaos.lab.Background;
import org.anylease.chaos.lab.Command;
import org.anylease.chaos.lab.LabSites;
import org.anylease.chaos.lab.Namespace;
import org.anylease.chaos.lab.RealClient;
import org.anylease.chaos.lab.RealClient.Program;
import org.anylease.tools.local.WatchedProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Debian's DHCP clients and relay against three sites that share one address, in network namespaces. */
@TestInstance(Lifecycle.PER_CLASS)
class RealClientsIT {
    /** Short leases, since dhclient renews when its T1 comes and cannot be told to. */
    private static final String NETWORKS = """
        probe: { timeout: 200ms }
        timers: { offer-hold: 5s }
        networks:
          relayed:
            subnets:
              10.50.0.0/24:
                options: { routers: 10.50.0.1, domain-name-servers: [10.50.0.53] }
                pools: [10.50.0.10-10.50.0.99]
                min-lease: 10s
                lease: 20s
                max-lease: 20s
          direct:
            subnets:
              10.60.0.0/24:
                options: { routers: 10.60.0.1 }
                pools: [10.60.0.10-10.60.0.99]
                min-lease: 10s
                lease: 20s
                max-lease: 20s
          bulk:
            subnets:
              10.64.0.0/12:
                pools: [10.64.1.0-10.64.99.255]
        """;

    private static final String SQUATTED = "10.60.0.90";
    private static final String BULK_RELAY = "10.64.0.1";

    @TempDir
    private static Path directory;

    private final List<AutoCloseable> made = new ArrayList<>();
    private AnycastLab lab;
    private LabSites sites;
    private int hosts;

    @BeforeAll
    void startThreeSites() throws IOException, InterruptedException {
        assumeTrue(AnycastLab.isPossible("RealClientsIT"), "needs root and iproute2");
        for (String program : List.of("dhclient", "udhcpc", "dhcpcd", "dhcrelay", "perfdhcp", "curl")) {
            boolean there = Command.exists(program);
            if (!there) {
                System.out.println("SKIPPED RealClientsIT: " + program + " is not installed; .ci/run installs it");
            }
            assumeTrue(there, program + " is not installed");
        }
        lab = made(new AnycastLab());
        sites = made(new LabSites(lab, directory, NETWORKS));
        sites.startAll();
    }

    private <T extends AutoCloseable> T made(T part) {
        made.addFirst(part);
        return part;
    }

    @AfterAll
    void removeAll() throws Exception {
        for (AutoCloseable part : made) {
            part.close();
        }
    }

    /** All three programs on both links at once, since dhclient renews only when its T1 comes. */
    @Test
    void clientsAreBoundRenewedAtAnotherSiteReboundAtAThirdAndReleased() throws Exception {
        reachable(1);
        try (WatchedProcess relay = Background.dhcrelay(lab, directory("lives"), AnycastLab.SERVICE_ADDRESS);
                Clients clients = new Clients()) {
            for (Link link : Link.values()) {
                for (Program program : Program.values()) {
                    clients.start(program, host(link));
                }
            }
            for (RealClient client : clients.all()) {
                servedBy(1, clients.bound(client));
            }

            reachable(2);
            clients.markAll();
            clients.all().forEach(RealClient::renew);
            for (RealClient client : clients.all()) {
                clients.keepsItsAddress(client);
                servedBy(2, clients.bound(client));
            }

            clients.all().forEach(client -> AnycastLab.strayUnicast(client.host()));
            reachable(3);
            clients.markAll();
            for (RealClient client : clients.all()) {
                client.awaitRebinding(clients.mark(client));
                clients.keepsItsAddress(client);
                servedBy(3, clients.bound(client));
            }

            for (RealClient client : clients.all()) {
                client.host().ip("route", "del", AnycastLab.SERVICE_ADDRESS + "/32");
                client.release();
                sites.await(
                        2,
                        leaseOf(clients.bound(client)),
                        answer -> !state(answer).equals("active"));
            }
            assertThat(relay.isAlive()).isTrue();
        }
        sites.awaitAgreement();
    }

    @Test
    void addressThatASquatterWithoutAGatewayAnswersForIsAbandonedAndTheNextOneOffered() throws Exception {
        reachable(1);
        Namespace squatter = host(Link.DIRECT);
        squatter.ip("addr", "add", SQUATTED + "/24", "dev", AnycastLab.DEVICE);
        // It has no gateway, so that it can answer to nobody but its neighbours on the link.
        try (RealClient client =
                RealClient.start(Program.UDHCPC, host(Link.DIRECT), directory("squatted"), "-T", "9", "-r", SQUATTED)) {
            String address = client.awaitBound();
            assertThat(address).isNotEqualTo(SQUATTED);
            sites.await(3, leaseOf(SQUATTED), answer -> state(answer).equals("abandoned"));
            sites.await(3, leaseOf(address), answer -> state(answer).equals("active"));
            assertThat(client.lastLines().lines().filter(line -> line.contains("broadcasting discover")))
                    .as("one exchange")
                    .hasSize(1);
            client.release();
        }
        try (RealClient client =
                RealClient.start(Program.UDHCPC, host(Link.DIRECT), directory("squatted"), "-r", SQUATTED)) {
            assertThat(client.awaitBound()).as("abandoned is not offered").isNotEqualTo(SQUATTED);
            client.release();
        }
    }

    @Test
    void clientWithoutAddressIsAnsweredByUnicastUnlessItAsksForBroadcast() throws Exception {
        reachable(1);
        assertThat(broadcastsHeardWhileBinding()).as("RFC 2131 §4.1: to yiaddr").isZero();
        assertThat(broadcastsHeardWhileBinding("-B")).as("an OFFER and an ACK").isGreaterThanOrEqualTo(2);
    }

    private long broadcastsHeardWhileBinding(String... flags) throws Exception {
        Namespace host = host(Link.DIRECT);
        try (RealClient client = RealClient.start(Program.UDHCPC, host, directory("broadcast"), flags)) {
            String address = client.awaitBound();
            long heard = broadcastsHeard(host);
            servedBy(1, address);
            client.release();
            return heard;
        }
    }

    /** The kernel's count of IP packets to the limited broadcast address that a host has received. */
    private static long broadcastsHeard(Namespace host) {
        List<String> lines = host.run("cat", "/proc/net/netstat")
                .orThrow()
                .lines()
                .filter(line -> line.startsWith("IpExt:"))
                .toList();
        int column = List.of(lines.getFirst().split(" ", -1)).indexOf("InBcastPkts");
        return Long.parseLong(lines.getLast().split(" ", -1)[column]);
    }

    private void reachable(int site) {
        lab.attachOnly(site);
        lab.routeTo(site);
    }

    private Namespace host(Link link) {
        hosts++;
        return lab.host("host" + hosts, link);
    }

    /** Clients with what each has printed and holds. */
    private static final class Clients implements AutoCloseable {
        private final Map<RealClient, Integer> marks = new LinkedHashMap<>();
        private final Map<RealClient, String> addresses = new LinkedHashMap<>();

        void start(Program program, Namespace host) throws IOException {
            marks.put(RealClient.start(program, host, directory("lives")), 0);
        }

        Set<RealClient> all() {
            return marks.keySet();
        }

        void markAll() {
            marks.replaceAll((client, _) -> client.mark());
        }

        int mark(RealClient client) {
            return Objects.requireNonNull(marks.get(client), "a client of these");
        }

        String bound(RealClient client) throws IOException, InterruptedException {
            String address = addresses.get(client);
            if (address == null) {
                address = client.awaitBound();
                assertThat(addresses.values()).doesNotContain(address);
                addresses.put(client, address);
            }
            return address;
        }

        void keepsItsAddress(RealClient client) throws IOException, InterruptedException {
            assertThat(client.awaitLease(mark(client))).as(client.toString()).isEqualTo(bound(client));
        }

        @Override
        public void close() {
            marks.keySet().forEach(RealClient::close);
        }
    }

    private void servedBy(int site, String address) throws IOException, InterruptedException {
        JsonNode lease = sites.await(
                3,
                leaseOf(address),
                answer -> state(answer).equals("active")
                        && answer.path("leases").path(0).path("server").asText().equals("site" + site + "-a"));
        assertThat(lease.path("leases").size()).isEqualTo(1);
    }

    private static String leaseOf(String address) {
        return "/v1/leases?address=" + address;
    }

    private static String state(JsonNode answer) {
        return answer.path("leases").path(0).path("state").asText();
    }

    private static Path directory(String name) throws IOException {
        return Files.createDirectories(directory.resolve(name));
    }

    @Test
    void perfdhcpAtTwoHundredASecondLeavesNobodyUnserved() {
        reachable(2);
        // perfdhcp sends from the interface that has its address, so it must be the one towards the core.
        lab.relay().ip("addr", "replace", BULK_RELAY + "/32", "dev", "core");
        lab.core().ip("route", "replace", BULK_RELAY + "/32", "via", "10.0.9.1");
        Command.Result result = lab.relay()
                .run(
                        "perfdhcp",
                        "-4",
                        "-l",
                        BULK_RELAY,
                        "-r",
                        "200",
                        "-R",
                        "4000",
                        "-p",
                        "8",
                        "-d",
                        "5",
                        "-W",
                        "5000000",
                        AnycastLab.SERVICE_ADDRESS);
        List<String> drops = lines(result, "drops:");
        List<String> received = lines(result, "received packets:");
        System.out.println("perfdhcp at 200/s, a ping before each offer: " + received + " " + drops + " "
                + lines(result, "avg delay:") + " " + lines(result, "max delay:"));
        assertThat(drops).as(result.output()).hasSize(2).allMatch(line -> line.endsWith(" 0"));
        assertThat(received)
                .hasSize(2)
                .allMatch(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)) > 1_400);
    }

    private static List<String> lines(Command.Result result, String start) {
        return Stream.of(result.output().split("\n", -1))
                .map(String::strip)
                .filter(line -> line.startsWith(start))
                .toList();
    }

    /** A relay whose helper is the service address, a balancer there, and servers behind it on their own addresses. */
    @Test
    void balancerOnTheAnycastAddressSpreadsOverServersOnUnicast() throws Exception {
        lab.routeToCore();
        Path files = directory("balancer");
        try (WatchedProcess balancer = Background.balancer(lab, directory("balancer-core"));
                WatchedProcess relay = Background.dhcrelay(lab, files, AnycastLab.SERVICE_ADDRESS);
                RealClient client = RealClient.start(Program.UDHCPC, host(Link.RELAYED), files)) {
            String address = client.awaitBound();
            JsonNode lease =
                    sites.await(1, leaseOf(address), answer -> state(answer).equals("active"));
            assertThat(lease.path("leases").size()).isEqualTo(1);
            assertThat(balancer.isAlive() && relay.isAlive()).isTrue();
            lab.routeTo(3);
            client.release();
            sites.await(2, leaseOf(address), answer -> !state(answer).equals("active"));
        }
        sites.awaitAgreement();
    }
}
