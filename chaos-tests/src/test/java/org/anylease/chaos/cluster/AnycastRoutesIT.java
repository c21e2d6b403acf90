package org.anylease.chaos.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.anylease.chaos.lab.AnycastLab;
import org.anylease.chaos.lab.AnycastLab.Link;
import org.anylease.chaos.lab.Background;
import org.anylease.chaos.lab.Bird;
import org.anylease.chaos.lab.Command;
import org.anylease.chaos.lab.LabSites;
import org.anylease.chaos.lab.RealClient;
import org.anylease.chaos.lab.RealClient.Program;
import org.anylease.tools.cli.Anylease;
import org.anylease.tools.local.WatchedProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three sites that announce one address by BIRD, each with {@code anylease anycast run}, and DHCP clients from Debian
 * behind ISC's relay: sites fail, come back, become inferior, share the load, and are drained. Every client keeps its
 * address.
 *
 * <p>The configurations of BIRD and of the announcers are those of docs/examples/anycast, with this laboratory's names.
 */
@TestInstance(Lifecycle.PER_CLASS)
class AnycastRoutesIT {
    private static final String NETWORKS = """
        probe: { timeout: 200ms }
        timers: { offer-hold: 5s }
        networks:
          relayed:
            subnets:
              10.50.0.0/24:
                options: { routers: 10.50.0.1 }
                pools: [10.50.0.10-10.50.0.99]
                min-lease: 10s
                lease: 30s
                max-lease: 30s
        """;

    private static final Duration PATIENCE = Duration.ofSeconds(40);

    /** Checks in a row; two seconds of bad ones, since a server that has just started may be slow on a busy machine. */
    private static final int FALL = 5;

    private static final int RISE = 3;

    /** The site whose operator has asked for its route to be withdrawn while it is drained. */
    private static final int WITHDRAWS = 3;

    private static final Path EXAMPLES = Path.of("../docs/examples/anycast");

    @TempDir
    private static Path directory;

    private final List<AutoCloseable> made = new ArrayList<>();
    private final Map<Integer, Bird> birds = new TreeMap<>();
    private final Map<Integer, WatchedProcess> announcers = new TreeMap<>();
    private final Map<RealClient, String> clients = new LinkedHashMap<>();
    private AnycastLab lab;
    private LabSites sites;
    private Bird router;
    private final long begunNanos = System.nanoTime();
    private PulseWatch pulse;

    @BeforeAll
    void startSitesAndClients() throws Exception {
        assumeTrue(AnycastLab.isPossible("AnycastRoutesIT"), "needs root and iproute2");
        for (String program : List.of("bird", "birdc", "dhclient", "udhcpc", "dhcrelay", "iptables", "curl")) {
            boolean there = Command.exists(program);
            if (!there) {
                System.out.println("SKIPPED AnycastRoutesIT: " + program + " is not installed; .ci/run installs it");
            }
            assumeTrue(there, program + " is not installed");
        }
        lab = made(new AnycastLab());
        lab.attachOnly(1);
        lab.routeByDaemons();
        sites = made(new LabSites(lab, directory, NETWORKS));
        sites.launchAll();
        made(Background.dhcrelay(lab, directory, AnycastLab.SERVICE_ADDRESS));
        for (int site = 1; site <= AnycastLab.SITES; site++) {
            startAnnouncer(site);
        }
        startBirds("bird-ospf.conf", equalCost());
        sites.awaitAll();
    }

    private <T extends AutoCloseable> T made(T part) {
        made.addFirst(part);
        return part;
    }

    @AfterAll
    void removeAll() throws Exception {
        if (pulse != null) {
            pulse.close();
        }
        clients.keySet().forEach(RealClient::close);
        announcers.values().forEach(WatchedProcess::close);
        stopBirds();
        for (AutoCloseable part : made) {
            part.close();
        }
    }

    private void stopBirds() {
        birds.values().forEach(Bird::close);
        birds.clear();
        if (router != null) {
            router.close();
        }
    }

    private static Path state(int site) {
        return directory.resolve("anycast" + site);
    }

    private static Path announcerFile(int site) {
        return directory.resolve("anycast" + site + ".yaml");
    }

    private void startAnnouncer(int site) throws IOException {
        Files.createDirectories(state(site));
        String text = Files.readString(EXAMPLES.resolve("bird.yaml"))
                .replace("10.0.0.0", "10.50.0.0")
                .replace("check:", "check:\n  interval: 400ms\n  timeout: 400ms")
                .replace("/var/lib/anylease-anycast", state(site).toString())
                .replace("/run/bird", state(site).toString());
        String opted = site == WITHDRAWS ? "when-drained: withdrawn\n" : "";
        Files.writeString(
                announcerFile(site),
                text + "state-directory: " + state(site) + "\nrise: " + RISE + "\nfall: " + FALL + "\n" + opted);
        announcers.put(
                site,
                Background.start(
                        lab.site(site),
                        "announcer" + site,
                        directory,
                        Background.java(
                                Anylease.class.getName(),
                                "anycast",
                                "run",
                                "--config",
                                announcerFile(site).toString())));
    }

    /** Starts BIRD as soon as there is the file that it includes. */
    private void startBird(int site, String example) throws Exception {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> Files.exists(state(site).resolve("bird.conf")));
        String text = Files.readString(EXAMPLES.resolve(example))
                .replace("10.1.0.2", "10.0." + site + ".2")
                .replace("10.1.0.1", "10.0." + site + ".1")
                .replace("eth0", "up0")
                .replace("/var/lib/anylease-anycast", state(site).toString());
        birds.put(site, Bird.start(lab.site(site), state(site), text));
    }

    private void startBirds(String siteExample, String routerText) throws Exception {
        stopBirds();
        router = Bird.start(lab.core(), directory.resolve("router"), routerText);
        for (int site = 1; site <= AnycastLab.SITES; site++) {
            startBird(site, siteExample);
        }
    }

    private void routed(Integer... sitesWanted) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> assertThat(lab.routedTo()).containsExactly(sitesWanted));
    }

    /**
     * Until a site that has come back is routed to for good. The router goes at first by what the site's BIRD had said
     * before it died; the new one takes that back while it makes friends, and says it again 5 s later (MinLSInterval).
     */
    private void settledByOspf(int site) {
        String id = "10.0." + site + ".2";
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).untilAsserted(() -> {
            List<String> own = OspfText.announced(birds.get(site).ask("show", "ospf", "lsadb", "router", id));
            assertThat(OspfText.announced(router.ask("show", "ospf", "lsadb", "router", id)))
                    .isNotEmpty()
                    .isEqualTo(own);
            assertThat(OspfText.links(birds.get(site).ask("show", "ospf", "state"), id))
                    .contains("router 10.255.0.1 metric 10");
            assertThat(lab.routedTo()).containsExactly(site);
        });
    }

    private void startClients() throws Exception {
        int number = 0;
        for (Program program : List.of(Program.UDHCPC, Program.UDHCPC, Program.UDHCPC, Program.DHCLIENT)) {
            number++;
            clients.put(RealClient.start(program, lab.host("host" + number, Link.RELAYED), directory), "");
        }
        for (Map.Entry<RealClient, String> client : clients.entrySet()) {
            client.setValue(client.getKey().awaitBound());
        }
        assertThat(clients.values()).doesNotHaveDuplicates();
    }

    /** Every client renews, or has it coming, and keeps its address; those that renew now are served by these sites. */
    private void renewAll(Integer... by) throws Exception {
        Map<RealClient, Integer> marks = new LinkedHashMap<>();
        clients.keySet().forEach(client -> marks.put(client, client.mark()));
        clients.keySet().forEach(RealClient::renew);
        List<String> servers =
                List.of(by).stream().map(site -> "site" + site + "-a").toList();
        for (RealClient client : clients.keySet()) {
            if (client.isToldToRenew()) {
                assertThat(client.awaitLease(marks.get(client)))
                        .as(client.toString())
                        .isEqualTo(clients.get(client));
                String path = "/v1/leases?address=" + clients.get(client);
                sites.await(
                        by[0],
                        path,
                        answer -> servers.contains(
                                answer.path("leases").path(0).path("server").asText()));
            }
        }
    }

    private static String anycast(int exit, int site, String verb) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        int ended = Anylease.execute(
                print, print, "anycast", verb, "--config", announcerFile(site).toString());
        String said = out.toString(StandardCharsets.UTF_8);
        assertThat(ended).as(said).isEqualTo(exit);
        return said;
    }

    private void announces(int site, String announcement) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .ignoreException(NoSuchFileException.class)
                .untilAsserted(() -> assertThat(Files.readString(state(site).resolve("status.json")))
                        .contains("\"announcement\":\"" + announcement + "\",\"inForce\":true"));
    }

    /** The router's file, with as short a way to site 2 as to site 1. */
    private String equalCost() throws IOException {
        return routerFile("bird-ospf-router.conf").replace("cost 20", "cost 10");
    }

    private String routerFile(String example) throws IOException {
        return Files.readString(EXAMPLES.resolve(example));
    }

    private void stillAnnounces(int site, String announcement) throws IOException {
        assertThat(Files.readString(state(site).resolve("status.json")))
                .contains("\"announcement\":\"" + announcement + "\",\"inForce\":true");
    }

    @Test
    void everyClientKeepsItsAddressWhateverBecomesOfTheRoutes() throws Exception {
        for (int site = 1; site <= AnycastLab.SITES; site++) {
            announces(site, "preferred");
        }
        routed(1, 2);
        System.out.printf("AnycastRoutesIT %4.1f s: sites are up%n", (System.nanoTime() - begunNanos) / 1e9);
        pulse = PulseWatch.start("AnycastRoutesIT", begunNanos, lab, directory);
        startClients();
        sitesAtEqualCostShareTheClients();
        aSiteThatIsCutOffIsAvoidedWithoutLoss();
        aSiteThatIsKilledIsReplacedAndComesBack();
        theRouteStaysWhenItsCheckerIsKilled();

        startBirds("bird-bgp.conf", routerFile("bird-bgp-router.conf"));
        routed(1, 2, 3);
        renewAll(1, 2, 3);
        pulse.lost("from OSPF to BGP, by an end of all routing daemons");
        String sessions = sessions();
        checksThatFailNowAndThenMoveNothing();
        drainedSitesGiveWayOrWithdrawAsTheyWereTold();
        assertThat(sessions()).as("no session was ended").isEqualTo(sessions);
        sites.awaitAgreement();
        for (Map.Entry<RealClient, String> client : clients.entrySet()) {
            assertThat(client.getKey().leased())
                    .as(client.getKey() + ": what it was ever given")
                    .hasSizeGreaterThan(1)
                    .containsOnly(client.getValue());
        }
    }

    private void aSiteThatIsCutOffIsAvoidedWithoutLoss() throws Exception {
        lab.cutFromPeers(1);
        routed(2);
        assertThat(anycast(1, 1, "status")).contains("inferior").contains("cut off from the quorum");
        renewAll(2);
        lab.healPeers(1);
        routed(1);
        renewAll(1);
        assertThat(pulse.lost("site 1 cut off from its peers, and back")).isZero();
    }

    private void aSiteThatIsKilledIsReplacedAndComesBack() throws Exception {
        sites.kill(1);
        birds.get(1).kill();
        announcers.get(1).kill();
        routed(2);
        renewAll(2, 3);
        assertThat(pulse.lost("site 1 killed")).as("a pulse that can lose").isPositive();
        // The server is first: an announcer that finds none says so, and OSPF takes 5 s to pass on the opposite.
        sites.launch(1);
        sites.awaitAll();
        startAnnouncer(1);
        startBird(1, "bird-ospf.conf");
        settledByOspf(1);
        renewAll(1);
        assertThat(pulse.lost("site 1 back")).isZero();
    }

    private void sitesAtEqualCostShareTheClients() throws Exception {
        renewAll(1, 2);
        lab.hashFlowsByPorts(true);
        renewAll(1, 2);
        lab.hashFlowsByPorts(false);
        renewAll(1, 2);
        lab.alternate(1, 2);
        renewAll(1, 2);
        newClientIsServedWhilePacketsAlternate();
        lab.alternateNoMore();
        router.configure(routerFile("bird-ospf-router.conf"));
        routed(1);
        renewAll(1);
        assertThat(pulse.lost("by OSPF: equal cost to sites 1 and 2, flows rehashed, packets alternating, then"
                        + " cheaper to site 1"))
                .isZero();
    }

    private void newClientIsServedWhilePacketsAlternate() throws Exception {
        try (RealClient client = RealClient.start(Program.UDHCPC, lab.host("flapped", Link.RELAYED), directory)) {
            assertThat(clients.values()).doesNotContain(client.awaitBound());
            client.release();
        }
    }

    private void theRouteStaysWhenItsCheckerIsKilled() throws Exception {
        announcers.get(1).kill();
        assertThat(anycast(1, 1, "status")).contains("preferred").contains("does not run");
        renewAll(1);
        birds.get(1).ask("configure");
        assertThat(pulse.lost("checker of site 1 killed")).isZero();
        assertThat(lab.routedTo()).containsExactly(1);
        startAnnouncer(1);
        announcers.get(1).awaitLine(0, line -> line.contains("route 192.0.2.67/32 preferred"), PATIENCE);
        assertThat(lab.routedTo()).containsExactly(1);
        assertThat(pulse.lost("checker of site 1 started again")).isZero();
    }

    /** A bad check moves nothing, nor does a good one; and no client notices what a check does. */
    private void checksThatFailNowAndThenMoveNothing() throws Exception {
        everySecondCheckFails(1, FALL);
        stillAnnounces(1, "preferred");
        assertThat(lab.routedTo()).containsExactly(1, 2, 3);

        lab.loseOwnQuestions(1, 1);
        routed(2, 3);
        assertThat(anycast(1, 1, "status")).contains("inferior").contains("no answer from 192.0.2.67:67");
        renewAll(2, 3);

        everySecondCheckFails(1, RISE);
        stillAnnounces(1, "inferior");
        assertThat(lab.routedTo()).containsExactly(2, 3);

        lab.hearOwnQuestions(1);
        routed(1, 2, 3);
        assertThat(pulse.lost("by BGP: every second check of site 1 fails, all, every second one, none"))
                .isZero();
    }

    /** Until more checks were bad, and more were good, than would move the route if they came in a row. */
    private void everySecondCheckFails(int site, int enough) {
        WatchedProcess announcer = announcers.get(site);
        lab.loseOwnQuestions(site, 2);
        int mark = announcer.mark();
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> assertThat(lab.ownQuestionsLost(site)).isGreaterThan(enough));
        assertThat(announcer.mark()).as(announcer.lastLines()).isEqualTo(mark);
    }

    /** All sites are equally good here; an inferior one gives way, and no session ends. */
    private void drainedSitesGiveWayOrWithdrawAsTheyWereTold() throws Exception {
        assertThat(anycast(0, 2, "drain")).contains("inferior").contains("drained");
        routed(1, 3);
        assertThat(router.ask("show", "route", "protocol", "site2", "all"))
                .contains("BGP.med: 1000")
                .contains("(65535,0)")
                .contains("BGP.as_path: 65010 65010 65010")
                .contains("BGP.local_pref: 0");
        renewAll(1, 3);

        assertThat(anycast(0, WITHDRAWS, "drain")).contains("withdrawn").contains("drained");
        routed(1);
        assertThat(router.ask("show", "route", "protocol", "site3")).doesNotContain("192.0.2.67/32");
        renewAll(1);
        assertThat(anycast(0, 1, "drain")).contains("inferior").contains("drained");
        routed(1, 2);
        renewAll(1, 2);

        for (int site = 1; site <= AnycastLab.SITES; site++) {
            anycast(0, site, "undrain");
        }
        routed(1, 2, 3);
        renewAll(1, 2, 3);
        assertThat(pulse.lost("all sites drained, one after the other, and undrained"))
                .isZero();
    }

    /** The state of each session, and since when. */
    private String sessions() {
        return router.ask("show", "protocols")
                .lines()
                .filter(line -> line.contains("BGP"))
                .reduce("", (all, line) -> all + line + "\n");
    }
}
