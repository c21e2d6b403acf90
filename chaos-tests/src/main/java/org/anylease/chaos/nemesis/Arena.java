package org.anylease.chaos.nemesis;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.anylease.chaos.hosts.Hosts;
import org.anylease.chaos.hosts.ServerCommand;
import org.anylease.chaos.hosts.SlowSync;
import org.anylease.chaos.hosts.SmallDisk;
import org.anylease.chaos.hosts.Wiring;
import org.anylease.tools.fleet.FleetRelay;
import org.anylease.tools.fleet.Site;
import org.jspecify.annotations.Nullable;

/**
 * A cluster of three servers on hosts, its relays, and what can be done to it. Used by one thread, but for routes and
 * relays.
 */
final class Arena implements AutoCloseable {
    /** What every lease of the cluster lasts at most. */
    static final Duration LEASE = Duration.ofSeconds(6);

    private static final Duration START_PATIENCE = Duration.ofMinutes(3);
    private static final long POLL_MILLIS = 100;
    private static final int DHCP_PORT = 67;
    private static final int SMALL_DISK_MEBIBYTES = 128;

    private final Hosts hosts;
    private final Wiring wiring;
    private final Equipment equipment;
    private final List<FleetRelay> relays = new ArrayList<>();
    private volatile boolean doubled;

    /**
     * What an arena has beside its hosts.
     *
     * @param directory for configurations, data and logs
     * @param tools the module {@code tools}, packaged
     * @param slowSync slow disks, if they can be had
     * @param smallDisk the disk of {@link #SMALL_DISK_SITE}, if it has one
     * @param fakeTime the library that fakes the clock of {@link #CLOCK_SITE}, if it is to be faked
     */
    private record Equipment(
            Path directory,
            Path tools,
            @Nullable SlowSync slowSync,
            @Nullable SmallDisk smallDisk,
            @Nullable Path fakeTime) {}

    /** The site whose disk is small. */
    static final int SMALL_DISK_SITE = 2;

    /** The site whose clock can be changed. */
    static final int CLOCK_SITE = 3;

    private Arena(Hosts hosts, Wiring wiring, Equipment equipment) throws IOException, InterruptedException {
        this.hosts = hosts;
        this.wiring = wiring;
        this.equipment = equipment;
        for (int site = 1; site <= Hosts.SITES; site++) {
            InetAddress address = InetAddress.getByName(Wiring.relay(site));
            relays.add(wiring.clients().inside(() -> new FleetRelay(address, InetAddress.getByName("10.78.0.0"))));
        }
    }

    /**
     * Writes the configuration; no server is started yet.
     *
     * @param hosts where the servers run, closed with the arena
     * @param prefix what the names of further namespaces begin with
     * @param directory for configurations, data and logs
     * @param tools the module {@code tools}, packaged
     * @param needs what the scenarios need
     */
    static Arena on(Hosts hosts, String prefix, Path directory, Path tools, SortedSet<String> needs)
            throws IOException, InterruptedException {
        @Nullable Wiring wiring = null;
        @Nullable SmallDisk disk = null;
        try {
            wiring = new Wiring(prefix, hosts);
            disk = needs.contains(Needs.SMALL_DISK)
                    ? new SmallDisk(directory.resolve("site" + SMALL_DISK_SITE), SMALL_DISK_MEBIBYTES)
                    : null;
            SlowSync slow = needs.contains(Needs.SLOW_SYNC) ? new SlowSync(directory) : null;
            Path fakeTime = needs.contains(Needs.CLOCK) ? Needs.fakeTime().orElseThrow() : null;
            Configuration.write(directory);
            return new Arena(hosts, wiring, new Equipment(directory, tools, slow, disk, fakeTime));
        } catch (IOException | InterruptedException | RuntimeException e) {
            close(disk);
            close(wiring);
            hosts.close();
            throw e;
        }
    }

    private static void close(@Nullable AutoCloseable part) {
        try {
            if (part != null) {
                part.close();
            }
        } catch (Exception e) {
            throw new IllegalStateException("a part of the arena does not close", e);
        }
    }

    Hosts hosts() {
        return hosts;
    }

    Wiring wiring() {
        return wiring;
    }

    List<FleetRelay> relays() {
        return relays;
    }

    SiteAdmin admin(int site) {
        return new SiteAdmin(hosts.network(site));
    }

    /** Where a relay's packets go now. */
    Site routed(int relay) {
        return new Site("site" + wiring.routed(relay), new InetSocketAddress(Wiring.SERVICE_ADDRESS, DHCP_PORT));
    }

    /** Everywhere that a packet of a relay goes. */
    List<Site> copies(int relay, Site routed) {
        if (!doubled) {
            return List.of(routed);
        }
        return List.of(own(wiring.routed(relay)), own(wiring.routed(relay) % Hosts.SITES + 1));
    }

    private static Site own(int site) {
        return new Site("site" + site, new InetSocketAddress(Wiring.address(site), DHCP_PORT));
    }

    /** Whether every relay sends each packet to two servers. */
    void doubled(boolean yes) {
        doubled = yes;
    }

    /** Starts the servers of some sites and waits until each answers clients. */
    void start(List<Integer> sites) throws IOException, InterruptedException {
        for (int site : sites) {
            if (!hosts.runs(site)) {
                hosts.start(site, command(site));
            }
        }
        long deadline = System.nanoTime() + START_PATIENCE.toNanos();
        for (int site : sites) {
            while (!admin(site).isReady()) {
                if (System.nanoTime() > deadline || !hosts.runs(site)) {
                    throw new IOException("site" + site + " does not get ready:\n" + lastLines(site));
                }
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            }
        }
    }

    private ServerCommand command(int site) {
        TreeMap<String, String> environment = new TreeMap<>();
        List<String> preloaded = new ArrayList<>();
        SlowSync slow = equipment.slowSync;
        if (slow != null) {
            preloaded.add(slow.library().toString());
            environment.put("SLOW_SYNC_FILE", slow.figure(site).toString());
        }
        Path fakeTime = equipment.fakeTime;
        if (fakeTime != null && site == CLOCK_SITE) {
            preloaded.add(fakeTime.toString());
            environment.put("FAKETIME_TIMESTAMP_FILE", clockFile().toString());
            environment.put("FAKETIME_CACHE_DURATION", "1");
            environment.put("FAKETIME_DONT_FAKE_MONOTONIC", "1");
            environment.put("FAKETIME_FORCE_MONOTONIC_FIX", "0");
        }
        if (!preloaded.isEmpty()) {
            environment.put("LD_PRELOAD", String.join(":", preloaded));
        }
        return new ServerCommand(
                equipment.tools, Configuration.serverFile(equipment.directory, site), log(site), environment);
    }

    private Path clockFile() {
        return equipment.directory.resolve("clock");
    }

    Path log(int site) {
        return equipment.directory.resolve("site" + site + ".log");
    }

    private String lastLines(int site) throws IOException {
        List<String> lines = Files.exists(log(site)) ? Files.readAllLines(log(site)) : List.of();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
    }

    /** Where a site's server keeps its state. */
    Path data(int site) {
        return Configuration.data(equipment.directory, site);
    }

    /** Puts the clock of {@link #CLOCK_SITE} forward or back, against this machine's. */
    void clock(Duration by) throws IOException {
        long seconds = by.toSeconds();
        // Replaced at once: half a line would be read as another time.
        Path next = clockFile().resolveSibling("clock.next");
        Files.writeString(next, (seconds < 0 ? "" : "+") + seconds + "\n");
        Files.move(next, clockFile(), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }

    /** Slow disks. */
    Optional<SlowSync> slowSync() {
        return Optional.ofNullable(equipment.slowSync);
    }

    /** The disk that can be filled. */
    Optional<SmallDisk> smallDisk() {
        return Optional.ofNullable(equipment.smallDisk);
    }

    /** The site whose server leads, once one does. */
    int leader(Duration patience) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            JsonNode cell = admin(1).get("/v1/cells").path("cells").path(0);
            for (int site = 1; site <= Hosts.SITES; site++) {
                if (cell.path("leader").asText().equals(Configuration.server(site))) {
                    return site;
                }
            }
            if (System.nanoTime() > deadline) {
                throw new IOException("no server leads: " + cell);
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    /** Why the cluster is not whole again; empty when it is: all copies equal, nothing waiting to be committed. */
    Optional<String> ailment() throws InterruptedException {
        for (int site = 1; site <= Hosts.SITES; site++) {
            try {
                JsonNode cells = admin(site).get("/v1/cells");
                if (!cells.path("cells").path(0).path("digests").asText().equals("agree")) {
                    return Optional.of("site" + site + " says " + cells);
                }
            } catch (IOException e) {
                return Optional.of("site" + site + " does not answer: " + e.getMessage());
            }
        }
        return Optional.empty();
    }

    /** What every site lists. */
    List<Listing> listings() throws IOException, InterruptedException {
        List<Listing> listings = new ArrayList<>();
        for (int site = 1; site <= Hosts.SITES; site++) {
            TreeMap<String, Listing.Lease> leases = new TreeMap<>();
            Instant read = Instant.now();
            for (JsonNode lease :
                    admin(site).get("/v1/leases?state=all&format=json&limit=0").path("leases")) {
                leases.put(
                        lease.path("address").asText(),
                        new Listing.Lease(
                                lease.path("state").asText(),
                                lease.path("client").path("mac").asText(),
                                lease.path("end").isTextual()
                                        ? Instant.parse(lease.path("end").asText())
                                        : Instant.MIN));
            }
            String digest = "unknown";
            for (JsonNode member :
                    admin(site).get("/v1/cells").path("cells").path(0).path("members")) {
                if (member.path("server").asText().equals(Configuration.server(site))) {
                    digest = member.path("digest").asText();
                }
            }
            listings.add(new Listing("site" + site, read, digest, leases));
        }
        return listings;
    }

    @Override
    public void close() {
        relays.forEach(FleetRelay::close);
        try {
            hosts.close();
        } finally {
            try {
                wiring.close();
            } finally {
                smallDisk().ifPresent(SmallDisk::close);
            }
        }
    }
}
