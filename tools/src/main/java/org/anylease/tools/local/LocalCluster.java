package org.anylease.tools.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.anylease.tools.fleet.Site;
import org.jspecify.annotations.Nullable;

/**
 * A cluster of one server per site on loopback addresses and unprivileged ports: {@code 127.x.y.1} is the first site's,
 * and so on. Needs neither root nor a network.
 *
 * <p>Used by one thread.
 */
public final class LocalCluster implements AutoCloseable {
    /** Where the servers hear relays. */
    public static final int DHCP_PORT = 6767;

    private static final int ADMIN_PORT = 6780;
    private static final int SERVICE_OFFSET = 20;
    private static final int BLOCKS_TRIED_MAX = 64;
    private static final Duration START_PATIENCE = Duration.ofMinutes(2);

    private final Path directory;
    private final Shape shape;
    private final String block;
    private final TreeMap<Integer, ServerProcess> running = new TreeMap<>();
    private @Nullable Wiring wiring;

    /**
     * What the cluster is.
     *
     * @param sites how many sites, each with one server
     * @param networks the {@code networks:} section of the system file, indented by two; empty when {@code more} has
     *     {@code cells:} instead
     * @param more further top-level sections of the system file, such as timers; may be empty
     * @param own further lines of every server's own file, such as snapshots; may be empty
     * @param jvmOptions options of the servers' virtual machines; {@code {server}} in one stands for a server's name
     */
    public record Shape(int sites, String networks, String more, String own, List<String> jvmOptions) {
        /** Copies the list. */
        public Shape {
            jvmOptions = List.copyOf(jvmOptions);
        }

        /**
         * A cluster whose servers' own files say no more than they must.
         *
         * @param sites how many sites, each with one server
         * @param networks the {@code networks:} section of the system file, indented by two
         * @param more further top-level sections of the system file; may be empty
         * @param jvmOptions options of the servers' virtual machines
         */
        public Shape(int sites, String networks, String more, List<String> jvmOptions) {
            this(sites, networks, more, "", jvmOptions);
        }
    }

    /**
     * Writes the configuration of a cluster; nothing is started yet.
     *
     * @param directory where it keeps everything; made if need be
     * @param shape what it is
     * @throws IOException when it cannot be written, or no loopback addresses are free
     */
    public LocalCluster(Path directory, Shape shape) throws IOException {
        this.directory = directory;
        this.shape = shape;
        this.block = freeBlock();
        Files.createDirectories(directory);
        Files.writeString(systemFile(), systemText());
        for (int site = 1; site <= shape.sites; site++) {
            Files.writeString(serverFile(site), serverText(site));
        }
    }

    private static String freeBlock() throws IOException {
        int start = (int) (ProcessHandle.current().pid() % 16_000);
        for (int tried = 0; tried < BLOCKS_TRIED_MAX; tried++) {
            int number = (start + tried * 251) % 16_000;
            String block = "127." + (64 + number / 250) + "." + (1 + number % 250) + ".";
            try (DatagramSocket probe =
                    new DatagramSocket(new InetSocketAddress(InetAddress.getByName(block + 1), DHCP_PORT))) {
                if (probe.isBound()) {
                    return block;
                }
            } catch (SocketException e) {
                if (tried == BLOCKS_TRIED_MAX - 1) {
                    throw new IOException("no block of loopback addresses is free, the last one tried was " + block, e);
                }
            }
        }
        throw new IOException("no block of loopback addresses is free");
    }

    /**
     * Lets the servers reach each other by wires that can be cut. Before the first of them is started.
     *
     * @throws IOException when their addresses are taken
     */
    public void layWires() throws IOException {
        if (shape.sites > Wiring.SITES_MAX || !running.isEmpty()) {
            throw new IllegalStateException("wires are laid before the start, between at most " + Wiring.SITES_MAX);
        }
        wiring = new Wiring(block, shape.sites);
        for (int site = 1; site <= shape.sites; site++) {
            StringBuilder peers = new StringBuilder("peers:\n");
            for (int other = 1; other <= shape.sites; other++) {
                if (other != site) {
                    peers.append("  ").append(serverName(other)).append(": ");
                    peers.append(Wiring.address(block, site, other)).append('\n');
                }
            }
            Files.writeString(serverFile(site), serverText(site) + peers);
        }
    }

    /**
     * Cuts a site off from all others; its clients still reach it.
     *
     * @param site counted from 1
     */
    public void cutOff(int site) {
        wires().cutOff(site);
    }

    /**
     * Joins a site with the others again.
     *
     * @param site counted from 1
     */
    public void join(int site) {
        wires().join(site);
    }

    private Wiring wires() {
        Wiring laid = wiring;
        if (laid == null) {
            throw new IllegalStateException("no wires were laid");
        }
        return laid;
    }

    private String systemText() {
        StringBuilder text = new StringBuilder("cluster: local\nservice-address: 192.0.2.67\nsites:\n");
        for (int site = 1; site <= shape.sites; site++) {
            text.append("  ").append(siteName(site)).append(":\n    servers: { ");
            text.append(serverName(site))
                    .append(": ")
                    .append(block)
                    .append(site)
                    .append(" }\n");
        }
        return text.append(shape.more)
                .append(shape.networks.isEmpty() ? "" : "networks:\n" + shape.networks)
                .toString();
    }

    private String serverText(int site) {
        return "id: " + serverName(site) + "\ndata-directory: " + dataDirectory(site) + "\nsystem-file: anylease.yaml\n"
                + "listen: { service: [" + serviceAddress(site) + "], port: " + DHCP_PORT + " }\n"
                + "admin: { address: " + block + site + ", port: " + ADMIN_PORT + " }\n" + shape.own;
    }

    /** Where routing to the service address would end at a site: on one machine each site needs one of its own. */
    private String serviceAddress(int site) {
        return block + (SERVICE_OFFSET + site);
    }

    /**
     * A site's name.
     *
     * @param site counted from 1
     * @return such as {@code dc1}
     */
    public static String siteName(int site) {
        return "dc" + site;
    }

    /**
     * The name of a site's server.
     *
     * @param site counted from 1
     * @return such as {@code dc1-a}
     */
    public static String serverName(int site) {
        return siteName(site) + "-a";
    }

    /**
     * The system's configuration file.
     *
     * @return its path
     */
    public Path systemFile() {
        return directory.resolve("anylease.yaml");
    }

    /**
     * The configuration file of a site's server.
     *
     * @param site counted from 1
     * @return its path
     */
    public Path serverFile(int site) {
        return directory.resolve(serverName(site) + ".yaml");
    }

    /**
     * Where a site's server keeps its state.
     *
     * @param site counted from 1
     * @return its path
     */
    public Path dataDirectory(int site) {
        return directory.resolve(serverName(site));
    }

    /**
     * Where a site's server writes its output.
     *
     * @param site counted from 1
     * @return its path
     */
    public Path log(int site) {
        return directory.resolve(serverName(site) + ".log");
    }

    /**
     * A site as relays see it.
     *
     * @param site counted from 1
     * @return its name and address
     */
    public Site site(int site) {
        return new Site(siteName(site), new InetSocketAddress(serviceAddress(site), DHCP_PORT));
    }

    /**
     * An address for relays, not that of any server.
     *
     * @return on loopback, in the cluster's block
     * @throws IOException never for a literal address
     */
    public InetAddress relayAddress() throws IOException {
        return InetAddress.getByName(block + 100);
    }

    /**
     * Where the admin API of a site's server listens.
     *
     * @param site counted from 1
     * @return its base address
     */
    public URI admin(int site) {
        return URI.create("http://" + block + site + ":" + ADMIN_PORT);
    }

    /**
     * The site whose server leads the first cell, once the first site's server knows of one.
     *
     * @param patience how long to wait for that
     * @return counted from 1
     * @throws IOException when no leader is known in time
     * @throws InterruptedException when the waiting thread is to end
     */
    public int leader(Duration patience) throws IOException, InterruptedException {
        try (AdminReader admin = new AdminReader(admin(1))) {
            String name = admin.await(
                            "/v1/cells",
                            answer ->
                                    answer.path("cells").path(0).path("leader").isTextual(),
                            patience)
                    .path("cells")
                    .path(0)
                    .path("leader")
                    .asText();
            return sites().stream()
                    .filter(site -> serverName(site).equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IOException("the leader " + name + " is none of this cluster's servers"));
        }
    }

    /**
     * All sites.
     *
     * @return their numbers, from 1
     */
    public List<Integer> sites() {
        List<Integer> all = new ArrayList<>();
        for (int site = 1; site <= shape.sites; site++) {
            all.add(site);
        }
        return all;
    }

    /**
     * Starts the servers of all sites and waits until each answers clients.
     *
     * @throws IOException when one does not; the message holds what it printed
     * @throws InterruptedException when the waiting thread is to end
     */
    public void startAll() throws IOException, InterruptedException {
        for (int site : sites()) {
            launch(site);
        }
        for (int site : sites()) {
            server(site).awaitReady(START_PATIENCE);
        }
    }

    /**
     * Starts the server of a site, and waits until it answers clients.
     *
     * @param site counted from 1
     * @throws IOException when it does not; the message holds what it printed
     * @throws InterruptedException when the waiting thread is to end
     */
    public void start(int site) throws IOException, InterruptedException {
        launch(site);
        server(site).awaitReady(START_PATIENCE);
    }

    private void launch(int site) throws IOException {
        if (running.containsKey(site)) {
            throw new IllegalStateException(serverName(site) + " runs already");
        }
        ServerProcess.Launch launch =
                new ServerProcess.Launch(serverName(site), List.of(), jvmOptions(site), serverFile(site), log(site));
        running.put(site, ServerProcess.start(launch));
    }

    private List<String> jvmOptions(int site) {
        return shape.jvmOptions.stream()
                .map(option -> option.replace("{server}", serverName(site)))
                .toList();
    }

    /**
     * Ends the server of a site as a power cut would.
     *
     * @param site counted from 1
     * @throws InterruptedException when the waiting thread is to end
     */
    public void kill(int site) throws InterruptedException {
        server(site).kill();
        running.remove(site);
    }

    /**
     * The process of a site's server.
     *
     * @param site counted from 1
     * @return the process
     * @throws IllegalStateException when it does not run
     */
    public ServerProcess server(int site) {
        ServerProcess process = running.get(site);
        if (process == null) {
            throw new IllegalStateException(serverName(site) + " does not run");
        }
        return process;
    }

    /** Ends all servers in good order; the directory stays. */
    @Override
    public void close() {
        running.values().forEach(ServerProcess::close);
        running.clear();
        if (wiring != null) {
            try {
                wiring.close();
            } catch (IOException e) {
                throw new UncheckedIOException("a wire could not be taken down", e);
            }
            wiring = null;
        }
    }
}
