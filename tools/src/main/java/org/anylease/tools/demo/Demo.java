package org.anylease.tools.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.anylease.tools.cli.Anylease;
import org.anylease.tools.fleet.Fleet;
import org.anylease.tools.fleet.FleetClient;
import org.anylease.tools.fleet.FleetRelay;
import org.anylease.tools.fleet.History;
import org.anylease.tools.fleet.Site;
import org.anylease.tools.local.AdminReader;
import org.anylease.tools.local.LocalCluster;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Three sites on this machine: they lease addresses to a fleet of relayed clients; one is killed with the fleet at
 * work, and comes back; one is cut off, serves alone, and is healed; and all three are shown to agree. Needs neither root nor configuration.
 */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "Shows three anycast sites that lease addresses from one replicated database.")
public final class Demo implements Runnable {
    private static final int AT_ONCE = 32;
    private static final int NEWCOMERS = 8;
    private static final Duration FAILOVER_WATCHED = Duration.ofSeconds(6);
    private static final Duration AGREE_PATIENCE = Duration.ofSeconds(30);
    private static final Duration CLOCK_SLACK = Duration.ofMillis(100);
    private static final String NETWORKS = """
          office:
            subnets:
              10.77.0.0/16:
                options: { routers: 10.77.0.1, domain-name-servers: [10.77.0.53] }
                pools: [10.77.1.0-10.77.8.255]
                lease: 1h
        """;

    @Option(names = "--keep", description = "Leave the servers running at the end, until interrupted.")
    private boolean keep;

    @Option(names = "--clients", paramLabel = "N", description = "How many clients the fleet has (default: 120).")
    private int clients = 120;

    private final PrintStream out = System.out;
    private final History history = new History();
    private final AtomicInteger routedTo = new AtomicInteger(1);
    /** Where every other client's packets go, or 0 while they all go one way. */
    private final AtomicInteger secondRoute = new AtomicInteger();

    private int step;

    private Demo() {}

    /**
     * Runs the demonstration and exits: 0 when all sites agreed and no address was promised twice.
     *
     * @param arguments {@code --keep}, {@code --clients N}
     */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Demo()).execute(arguments));
    }

    @Override
    public void run() {
        try {
            show();
        } catch (IOException e) {
            throw new IllegalStateException("the demonstration failed: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void show() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("anylease-demo");
        LocalCluster.Shape shape = new LocalCluster.Shape(
                3, NETWORKS, "probe: { enabled: false }\n", List.of("-Xmx256m", "-XX:+UseSerialGC"));
        boolean done = false;
        try (LocalCluster cluster = new LocalCluster(directory, shape);
                FleetRelay relay = new FleetRelay(cluster.relayAddress(), InetAddress.getByName("10.77.0.0"));
                Fleet fleet = Fleet.of(clients, relay, client -> route(cluster, client), history, new Random());
                Fleet newcomers = Fleet.from(
                        clients + 1, NEWCOMERS, relay, client -> route(cluster, client), history, new Random())) {
            cluster.layWires();
            play(cluster, fleet);
            cutOff(cluster, fleet, newcomers);
            lists(cluster, fleet);
            done = true;
            if (keep) {
                stay(cluster);
            }
        } finally {
            if (done) {
                delete(directory);
            } else {
                out.println("\nThe servers' output is in " + directory);
            }
        }
    }

    private Site route(LocalCluster cluster, int client) {
        int second = secondRoute.get();
        return cluster.site(second > 0 && client % 2 == 0 ? second : routedTo.get());
    }

    private void cutOff(LocalCluster cluster, Fleet fleet, Fleet newcomers) throws IOException, InterruptedException {
        int site = cluster.leader(AGREE_PATIENCE) % 3 + 1;
        int others = site % 3 + 1;
        say("dc" + site + " is cut off from the others, with half of the clients and " + NEWCOMERS / 2
                + " new ones on its side");
        CutOff cutOff = new CutOff(cluster, site, out);
        cutOff.awaitEscrow(NEWCOMERS / 2);
        routedTo.set(others);
        secondRoute.set(site);
        cutOff.play(fleet, newcomers);
        check(history.unanswered().isEmpty(), "not answered: " + history.unanswered());
        out.println("   requests never answered, on either side: "
                + history.unanswered().size());
        say("The network is mended; routing moves all clients to dc" + others);
        cutOff.heal();
        secondRoute.set(0);
        Instant began = Instant.now();
        fleet.each(AT_ONCE, FleetClient::renew);
        newcomers.each(AT_ONCE, FleetClient::renew);
        told(began, "and the new ones renewed");
    }

    private void play(LocalCluster cluster, Fleet fleet) throws IOException, InterruptedException {
        say("Three sites start: dc1, dc2 and dc3, one server each, one replicated lease database");
        out.println("   configuration: " + cluster.systemFile());
        out.println("   (addresses are not pinged here: a loopback demo has no links to ping on)");
        Instant began = Instant.now();
        cluster.startAll();
        out.printf("   all three serve after %.1f s%n", seconds(began));

        say(clients + " clients ask at dc1: DISCOVER, OFFER, REQUEST, ACK");
        began = Instant.now();
        fleet.each(AT_ONCE, FleetClient::bind);
        told(began, "bound");

        say("Routing moves: the same clients renew at dc2, which never saw them");
        routedTo.set(2);
        began = Instant.now();
        fleet.each(AT_ONCE, FleetClient::renew);
        told(began, "renewed");

        int leader = cluster.leader(AGREE_PATIENCE);
        int refuge = leader % 3 + 1;
        say("dc" + leader + " leads the database; it is killed (SIGKILL) while all clients renew at dc" + refuge);
        routedTo.set(refuge);
        failover(cluster, fleet, leader);

        say("dc" + leader + " comes back and catches up; clients verify their addresses there (INIT-REBOOT)");
        began = Instant.now();
        cluster.start(leader);
        out.printf("   it serves again after %.1f s%n", seconds(began));
        routedTo.set(leader);
        began = Instant.now();
        fleet.each(AT_ONCE, FleetClient::reboot);
        told(began, "verified");
    }

    private void lists(LocalCluster cluster, Fleet fleet) throws IOException, InterruptedException {
        int leader = cluster.leader(AGREE_PATIENCE);
        int refuge = leader % 3 + 1;
        try (AdminReader admin = new AdminReader(cluster.admin(leader))) {
            admin.awaitAgreement(cluster.sites().size(), AGREE_PATIENCE);
        }
        say("The lease list, the same from any site");
        anylease(cluster, leader, "lease", "list", "--limit", "8");
        say("The cell: leader, members, lag and digests");
        status(cluster, refuge);
        proof(cluster, fleet);
    }

    private void failover(LocalCluster cluster, Fleet fleet, int leader) throws InterruptedException {
        Fleet.Running atWork = fleet.repeat(client -> {
            client.renew();
            TimeUnit.MILLISECONDS.sleep(100);
        });
        TimeUnit.SECONDS.sleep(1);
        Instant killed = Instant.now();
        cluster.kill(leader);
        TimeUnit.MILLISECONDS.sleep(FAILOVER_WATCHED.toMillis());
        atWork.stop();
        Duration gap = history.longestSilence(killed, killed.plus(FAILOVER_WATCHED));
        out.printf(
                "   longest time in which no client got an answer: %.2f s; requests never answered: %d%n",
                gap.toMillis() / 1000.0, history.unanswered().size());
    }

    private void proof(LocalCluster cluster, Fleet fleet) throws IOException, InterruptedException {
        say("The proof");
        TreeMap<String, String> first = new TreeMap<>();
        SortedMap<Integer, String> digests = digests(cluster);
        for (int site : cluster.sites()) {
            try (AdminReader admin = new AdminReader(cluster.admin(site))) {
                SortedMap<String, String> leases = admin.activeLeases();
                if (site == 1) {
                    first.putAll(leases);
                }
                check(leases.equals(first), LocalCluster.siteName(site) + " lists other leases than dc1");
                out.println("   " + LocalCluster.siteName(site) + ": " + leases.size() + " active leases, digest "
                        + digests.get(site));
            }
        }
        long missing = fleet.clients().stream()
                .filter(client -> client.address()
                        .filter(address -> first.containsKey(address.getHostAddress()))
                        .isEmpty())
                .count();
        List<String> twice = history.doublePromises(CLOCK_SLACK);
        out.println("   " + history.acks().size() + " ACKs received; clients whose lease is missing from a list: "
                + missing + "; addresses promised twice: " + twice.size());
        check(missing == 0 && twice.isEmpty(), "a promise was not kept: " + twice);
        check(history.naks().isEmpty(), "a client was refused: " + history.naks());
    }

    /** What each site says, all at one index: housekeeping may commit an entry between two questions, so asks again then. */
    private static SortedMap<Integer, String> digests(LocalCluster cluster) throws IOException, InterruptedException {
        Instant deadline = Instant.now().plus(AGREE_PATIENCE);
        SortedMap<Integer, String> digests = new TreeMap<>();
        do {
            for (int site : cluster.sites()) {
                try (AdminReader admin = new AdminReader(cluster.admin(site))) {
                    digests.put(site, admin.awaitAgreement(cluster.sites().size(), AGREE_PATIENCE));
                }
            }
        } while (new TreeSet<>(digests.values()).size() > 1 && Instant.now().isBefore(deadline));
        return digests;
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }

    /** Asks until the cell is healthy: on a busy machine the servers may be electing a leader just then. */
    private void status(LocalCluster cluster, int site) throws InterruptedException {
        long deadline = System.nanoTime() + AGREE_PATIENCE.toNanos();
        while (exitOf(cluster, site, "cell", "status") != 0) {
            check(System.nanoTime() < deadline, "the cell is not healthy within " + AGREE_PATIENCE.toSeconds() + " s");
            out.println("   not healthy yet; asking again");
            TimeUnit.SECONDS.sleep(1);
        }
    }

    private void anylease(LocalCluster cluster, int site, String... words) {
        int exit = exitOf(cluster, site, words);
        check(exit == 0, "anylease " + String.join(" ", words) + " ended with " + exit);
    }

    private int exitOf(LocalCluster cluster, int site, String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        out.println("   $ anylease " + String.join(" ", words));
        all.add("--server");
        all.add(cluster.admin(site).toString());
        return Anylease.execute(all.toArray(String[]::new));
    }

    private void say(String what) {
        step++;
        out.println();
        out.println(step + ". " + what);
    }

    private void told(Instant began, String done) {
        double seconds = seconds(began);
        check(history.unanswered().isEmpty(), "not answered: " + history.unanswered());
        out.printf("   %d clients %s in %.1f s%n", clients, done, seconds);
    }

    private static double seconds(Instant began) {
        return Duration.between(began, Instant.now()).toMillis() / 1000.0;
    }

    private void stay(LocalCluster cluster) throws InterruptedException {
        out.println();
        out.println("The servers stay until you interrupt this (Ctrl-C). Ask them, for instance:");
        out.println("   tools/bin/anylease lease list --server " + cluster.admin(1));
        TimeUnit.DAYS.sleep(1);
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
