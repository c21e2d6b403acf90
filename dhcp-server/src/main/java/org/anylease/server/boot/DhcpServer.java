package org.anylease.server.boot;

import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.anylease.raft.event.RaftEvent;
import org.anylease.raft.link.LinkTransport;
import org.anylease.raft.loop.ServerLoop;
import org.anylease.raft.ratis.RatisLeaseLog;
import org.anylease.server.admin.AdminHttp;
import org.anylease.server.admin.Cluster;
import org.anylease.server.admin.Finding;
import org.anylease.server.admin.PeerAnswers;
import org.anylease.server.admin.SystemConfigCompiler;
import org.anylease.server.admin.WatchHub;
import org.anylease.server.config.CommandSettings;
import org.anylease.server.config.ConfigProblem;
import org.anylease.server.config.LeaseQuerySettings;
import org.anylease.server.config.ProtectionSettings;
import org.anylease.server.config.ServerConfig;
import org.anylease.server.core.Limits;
import org.anylease.server.core.LocalServer;
import org.anylease.server.leasequery.BulkLimits;
import org.anylease.server.leasequery.Requesters;
import org.anylease.server.net.BindFailure;
import org.anylease.server.net.BulkListener;
import org.anylease.server.net.EventLoop;
import org.anylease.server.net.IcmpProbe;
import org.anylease.server.net.InterfaceTable;
import org.anylease.server.net.ProbeAvailability;
import org.anylease.server.net.ProbeLimits;
import org.anylease.server.net.ProbeSource;
import org.anylease.server.net.UdpNetwork;
import org.anylease.server.port.AddressProbe;
import org.anylease.server.port.Endpoint;
import org.anylease.server.script.CommandRunner;
import org.anylease.server.telemetry.ServerMetrics;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.CellId;
import org.anylease.store.state.Applied;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One server: started by {@link #start}, and ended by {@link #close} in the reverse order.
 *
 * <p>All wiring, nothing else: what a server does stands in the packages that are wired here.
 */
public final class DhcpServer implements AutoCloseable {
    /** How a server ended. */
    public enum End {
        /** It was told to. */
        ENDED,
        /** It could not start; it said why. */
        CANNOT_START,
        /** It stopped, since going on could have broken a promise; its log says why. */
        FAILED
    }

    private static final Logger LOG = LoggerFactory.getLogger(DhcpServer.class);
    private static final int WATCHERS_MAX = 64;
    private static final int WATCHED_CHANGES_MAX = 4096;
    private static final Duration HOUSEKEEPING_PERIOD = Duration.ofMillis(200);
    private static final Duration QUORUM_PATIENCE = Duration.ofSeconds(1);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final CompletableFuture<String> failed = new CompletableFuture<>();
    private final InstantSource clock = InstantSource.system();
    private final CountDownLatch serving = new CountDownLatch(1);
    private final EventLoop loop = owned(EventLoop.start("anylease-loop", this::brokenInvariant));
    private @Nullable RatisLeaseLog log;

    private DhcpServer() {}

    /**
     * Runs a server until the process is told to end, or the server must not go on.
     *
     * @param serverFile the server's own configuration file
     * @param out where it says that it is ready, and what is wrong
     * @return how it ended
     */
    public static End run(Path serverFile, PrintStream out) {
        Instant began = Instant.now();
        CountDownLatch ended = new CountDownLatch(1);
        try (DhcpServer server = start(serverFile)) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> server.failed.complete(""), "anylease-signal"));
            Thread waiting = Thread.currentThread();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> awaitQuietly(ended, waiting), "anylease-end"));
            if (server.awaitServing()) {
                out.println("SERVER_READY after "
                        + Duration.between(began, Instant.now()).toMillis() + " ms");
                out.flush();
            }
            String reason = server.failed.get();
            return reason.isEmpty() ? End.ENDED : End.FAILED;
        } catch (StartFailure e) {
            out.println("anylease: " + e.getMessage());
            return End.CANNOT_START;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return End.FAILED;
        } catch (Exception e) {
            LOG.error("the server ended", e);
            return End.FAILED;
        } finally {
            ended.countDown();
        }
    }

    /** Keeps the virtual machine until the server has closed in good order, for a while. */
    private static void awaitQuietly(CountDownLatch ended, Thread waiting) {
        try {
            if (!ended.await(15, TimeUnit.SECONDS)) {
                LOG.warn("the server did not close in time; its thread stands at {}", (Object) waiting.getStackTrace());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Starts a server; it may not serve yet when this returns.
     *
     * @param serverFile the server's own configuration file
     * @return the server, to be closed
     * @throws StartFailure with what is wrong and what to do
     */
    public static DhcpServer start(Path serverFile) throws StartFailure {
        DhcpServer server = new DhcpServer();
        try {
            server.wire(Setup.read(serverFile));
            return server;
        } catch (IOException e) {
            server.close();
            throw new StartFailure(String.valueOf(e.getMessage()), e);
        } catch (StartFailure | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private <T extends AutoCloseable> T owned(T part) {
        parts.push(part);
        return part;
    }

    private void wire(Setup setup) throws IOException, StartFailure {
        for (ConfigProblem warning : setup.warnings()) {
            LOG.warn("{}", warning);
        }
        ServerMetrics metrics = owned(new ServerMetrics());
        Reporting reporting = new Reporting(metrics, clock);
        RatisLeaseLog log = openLog(setup, reporting);
        DiskJournal journal = owned(openJournal(setup));
        replay(log, journal);
        List<Finding> warnings = new ArrayList<>();
        InterfaceTable interfaces = InterfaceTable.read();
        AddressProbe probe = probe(setup, loop, interfaces, warnings);
        List<Endpoint> endpoints = Endpoints.of(setup.server());
        UdpNetwork network = open(loop, interfaces, endpoints);
        FirstConfiguration first = new FirstConfiguration(log, setup);
        CellPlacement placement = owned(new CellPlacement(log, loop, setup, first));
        RunningCluster cluster =
                new RunningCluster(RunningCluster.facts(setup, clock.instant()), setup, placement, loop, log, warnings);
        CommandRunner commands = owned(commands(setup.server().own().commands(), reporting));
        WatchHub hub = new WatchHub(WATCHERS_MAX, WATCHED_CHANGES_MAX);
        ServerConfig own = setup.server().own();
        LocalServer local = LocalServer.of(own.id(), Endpoints.interfaces(setup.server(), interfaces))
                .booting(own.boot())
                .limitedBy(limits(own.protection()))
                .answering(new Requesters(own.leasequery().from()));
        ServiceDriver driver = new ServiceDriver(
                local,
                new ServiceDriver.Ports(
                        network, probe, loop, log, journal, new LinkedPeers(log.links()), clock, commands),
                reporting,
                new ServiceDriver.AppliedListener() {
                    @Override
                    public void applied(CellId cell, Applied applied) {
                        hub.publish(cell, applied, log.table(cell));
                        cluster.namesApplied(cell, log.table(cell));
                    }

                    @Override
                    public void configurationMayHaveChanged(CellId cell) {
                        LOG.info("configuration in force in cell {}: version {}", cell, version(log, cell));
                        placement.configurationChanged(cell);
                    }
                });
        NamesInDns names = owned(new NamesInDns(
                cluster,
                log,
                loop,
                clock,
                system -> {
                    driver.nameBy(system.dns());
                    driver.actBy(system.actions());
                },
                reporting::happened));
        cluster.serve(driver, names.upkeep());
        answerPeers(log, cluster, loop);
        admin(setup, cluster, hub, metrics);
        bulkQueries(setup, cluster, reporting);
        Readings readings = owned(new Readings(cluster, cluster::lagEntries, metrics));
        loop.execute(() -> {
            driver.start();
            log.operations().onClock(new ComparedClocks(driver::clockCompared));
            placement.start();
            names.start();
            readings.start();
            keepHouse(loop, log, first, placement, () -> network.start(driver));
        });
    }

    private static CommandRunner commands(CommandSettings said, Reporting reporting) {
        return new CommandRunner(said.allowed(), said.timeout(), said.atOnce(), said.waiting(), reporting::ran);
    }

    private RatisLeaseLog openLog(Setup setup, Reporting reporting) throws IOException {
        RatisLeaseLog opened = owned(RatisLeaseLog.start(
                setup.raft(),
                new ServerLoop(loop.netty(), this::brokenInvariant),
                new LinkTransport(EpollServerSocketChannel::new, EpollSocketChannel::new),
                clock,
                new SecureRandom(),
                event -> heard(event, reporting)));
        log = opened;
        return opened;
    }

    /** Applies again what this server had applied when it last reported: without it, it promises nothing alone. */
    private static void replay(RatisLeaseLog log, DiskJournal journal) {
        journal.reported().forEach((cell, index) -> {
            if (log.cells().contains(cell)) {
                var _ = log.operations().replay(cell, index).whenComplete((_, failure) -> {
                    if (failure != null) {
                        LOG.error("cell {} is not served alone until this server has caught up", cell, failure);
                    }
                });
            }
        });
    }

    /** Opened behind the log, which has taken the data directory for this process alone. */
    private DiskJournal openJournal(Setup setup) throws IOException {
        var raft = setup.raft();
        return DiskJournal.open(raft.dataDirectory(), raft.cluster(), raft.server(), loop, this::brokenInvariant);
    }

    /** The log that this server takes part in, once it is started. */
    @Nullable
    RatisLeaseLog log() {
        return log;
    }

    /** The loop that everything happens on. */
    EventLoop loop() {
        return loop;
    }

    /** Completes when the server must not go on, with the reason; with none when the process is told to end. */
    CompletableFuture<String> failure() {
        return failed;
    }

    private static long version(RatisLeaseLog log, CellId cell) {
        return log.table(cell).config().map(config -> config.version()).orElse(0L);
    }

    private static UdpNetwork openOrFail(EventLoop loop, InterfaceTable interfaces, List<Endpoint> endpoints)
            throws StartFailure {
        try {
            return UdpNetwork.open(loop, interfaces, endpoints);
        } catch (BindFailure e) {
            throw new StartFailure(String.valueOf(e.getMessage()), e);
        }
    }

    private UdpNetwork open(EventLoop loop, InterfaceTable interfaces, List<Endpoint> endpoints) throws StartFailure {
        return owned(openOrFail(loop, interfaces, endpoints));
    }

    /**
     * Until every cell is ready nothing is answered, but one that is not does not hold up the others for long, nor does a
     * quorum that is out of reach: a server that starts alone serves from its disk. Afterwards this goes on for new cells.
     */
    private void keepHouse(
            EventLoop loop,
            RatisLeaseLog log,
            FirstConfiguration first,
            CellPlacement placement,
            Runnable startToServe) {
        Instant began = clock.instant();
        new Runnable() {
            private boolean started;

            @Override
            public void run() {
                first.proposeWhatIsMissing();
                placement.keepUp(clock.instant());
                boolean late = isPast(began.plus(QUORUM_PATIENCE));
                if (!started && (late ? first.isAnyConfigured() : first.isComplete() && quorate(log))) {
                    started = true;
                    startToServe.run();
                    serving.countDown();
                }
                loop.after(HOUSEKEEPING_PERIOD, this);
            }
        }.run();
    }

    private static boolean quorate(RatisLeaseLog log) {
        return log.cells().stream().allMatch(cell -> log.quorum(cell).reachable());
    }

    private boolean isPast(Instant time) {
        return clock.instant().isAfter(time);
    }

    private AddressProbe probe(Setup setup, EventLoop loop, InterfaceTable interfaces, List<Finding> warnings)
            throws IOException, StartFailure {
        boolean wanted = setup.system().slices(1).stream()
                .flatMap(cell -> cell.networks().stream())
                .anyMatch(shared -> shared.policy().probe());
        switch (IcmpProbe.availability(setup.server().probeSource())) {
            case ProbeAvailability.PingSocket _ -> LOG.info("probing by ping socket");
            case ProbeAvailability.RawSocket(String why) -> LOG.info("probing by raw socket ({})", why);
            case ProbeAvailability.None(String reason, String remedy) -> {
                if (wanted && !setup.server().own().allowNoProbe()) {
                    throw new StartFailure("this server cannot probe addresses before it offers them: " + reason
                            + ". To mend it: " + remedy + ". To serve without probing, set probe.enabled to false in"
                            + " the system file, or allow-no-probe to true in the server's file.");
                }
                LOG.warn("addresses are offered without a probe: {}; {}", reason, remedy);
                if (wanted) {
                    warnings.add(new Finding(
                            Finding.Severity.WARNING,
                            "probe",
                            "addresses are offered without a probe: " + reason,
                            clock.instant(),
                            remedy));
                }
                return new NoProbe(loop, reason);
            }
        }
        ProbeSource source = new ProbeSource(
                setup.server().probeSource(), Set.copyOf(setup.server().sharedAddresses()));
        IcmpProbe probe = owned(IcmpProbe.open(loop, source, interfaces, ProbeLimits.DEFAULT, new SecureRandom()));
        owned(new InterfaceWatch(interfaces, now -> loop.execute(() -> probe.interfacesChanged(now))))
                .start();
        return probe;
    }

    private void answerPeers(RatisLeaseLog log, Cluster cluster, EventLoop loop) {
        PeerAnswers answers = new PeerAnswers(cluster, clock);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        parts.push(threads::shutdownNow);
        loop.execute(() -> {
            for (String method : PeerAnswers.METHODS) {
                log.links().handle(method, (_, body) -> answered(answers, threads, method, body));
            }
        });
    }

    private static CompletableFuture<byte[]> answered(
            PeerAnswers answers, ExecutorService threads, String method, byte[] body) {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        threads.execute(() -> {
            try {
                answer.complete(answers.answer(method, body));
            } catch (IOException | RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        return answer;
    }

    private void admin(Setup setup, Cluster cluster, WatchHub hub, ServerMetrics metrics) throws IOException {
        var endpoint = setup.server().own().admin();
        InetSocketAddress bind =
                new InetSocketAddress(InetAddress.getByName(endpoint.address().toString()), endpoint.port());
        owned(AdminHttp.start(bind, cluster, new SystemConfigCompiler(), hub, metrics::scrape, clock));
    }

    /** Bulk lease queries are heard wherever packets are, at addresses of this host. */
    private void bulkQueries(Setup setup, RunningCluster cluster, Reporting reporting) throws IOException {
        LeaseQuerySettings settings = setup.server().own().leasequery();
        if (settings.from().isEmpty() || settings.connections() == 0) {
            return;
        }
        TreeSet<Ipv4> addresses = new TreeSet<>(setup.server().ownAddresses());
        addresses.addAll(setup.server().serviceAddresses());
        Integer port = settings.port();
        owned(BulkListener.open(
                List.copyOf(addresses),
                port == null ? setup.server().own().listen().port() : port,
                new BulkListener.Served(
                        new Requesters(settings.from()),
                        new BulkLimits(settings.connections(), settings.queries(), settings.timeout()),
                        setup.system().serviceAddress(),
                        new StoredLeases(cluster, setup.server().own().id(), clock),
                        clock,
                        reporting::happened),
                this::trippedOverBulkQuery));
    }

    private void trippedOverBulkQuery(Throwable defect) {
        LOG.error("bulk lease queries tripped over a defect; packets are served on", defect);
    }

    private void heard(RaftEvent event, Reporting reporting) {
        reporting.happened(event);
        if (event instanceof RaftEvent.CellStopped stopped) {
            failed.complete("cell " + stopped.cell() + " has stopped");
        }
    }

    private static Limits limits(ProtectionSettings said) {
        return new Limits(
                said.relays(), said.clientPackets(), said.circuitClients(), said.circuitLeases(), said.subnetClients());
    }

    private void brokenInvariant(Throwable failure) {
        LOG.error("the server's loop failed, and the process ends: no promise is made on a broken invariant", failure);
        failed.complete(String.valueOf(failure.getMessage()));
    }

    /**
     * Waits until it serves.
     *
     * @return false when it must not go on, before it ever did
     * @throws InterruptedException when the waiting thread is to end
     */
    public boolean awaitServing() throws InterruptedException {
        while (!serving.await(100, TimeUnit.MILLISECONDS)) {
            if (failed.isDone()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        for (AutoCloseable part = parts.poll(); part != null; part = parts.poll()) {
            try {
                part.close();
            } catch (Exception e) {
                LOG.error("a part of the server did not close", e);
            }
        }
    }
}
