package org.anylease.server.boot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.anylease.raft.membership.Peer;
import org.anylease.raft.ratis.RatisLeaseLog;
import org.anylease.server.admin.ConfigText;
import org.anylease.server.config.ConfigFile;
import org.anylease.server.config.ConfigReading;
import org.anylease.server.config.ConfigSource;
import org.anylease.server.config.SystemConfig;
import org.anylease.server.net.EventLoop;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.anylease.store.codec.ByteReader;
import org.anylease.store.codec.ByteWriter;
import org.anylease.store.codec.ConfigCodec;
import org.anylease.store.codec.UnreadableException;
import org.anylease.store.command.LeaseCommand.ApplyConfig;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.ConfigRevision;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which cells there are, and the forming of those that a committed configuration adds while the cluster runs.
 *
 * <p>Every cell commits the operator's whole file, so the newest revision of any cell tells of all. A server that finds
 * itself named by a cell that is new takes part in it; the one that comes to lead it gives it its first configuration.
 * Now and then a server asks another one for a newer revision than it has: that is how one learns of a change that
 * reached none of its cells. Confined to the loop but where a method says otherwise; files are read off it.
 */
final class CellPlacement implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CellPlacement.class);
    private static final String REVISION = "boot.revision";
    private static final Duration ASK_PERIOD = Duration.ofSeconds(5);
    private static final Duration ASK_TIMEOUT = Duration.ofSeconds(5);

    private final Setup setup;
    private final RatisLeaseLog log;
    private final EventLoop loop;
    private final ServerId self;
    private List<ServerId> peers;
    private final FirstConfiguration first;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile SystemConfig system;
    private long version;
    private int nextPeer;
    private Instant askNext = Instant.EPOCH;

    CellPlacement(RatisLeaseLog log, EventLoop loop, Setup setup, FirstConfiguration first) {
        this.setup = setup;
        this.log = log;
        this.loop = loop;
        this.self = setup.server().own().id();
        this.peers =
                setup.server().peers().stream().map(SystemConfig.Server::id).toList();
        this.first = first;
        this.system = setup.system();
    }

    /** From now on it answers other servers, and knows what this server's copies say. */
    void start() {
        log.links().handle(REVISION, (_, body) -> newerThan(body));
        log.cells().forEach(this::configurationChanged);
    }

    /** The cells that the newest configuration names. From any thread. */
    List<CellId> cells() {
        return system.cells().stream().map(SystemConfig.Cell::id).sorted().toList();
    }

    /** The servers that answer for a cell; none for one that the newest configuration does not name. From any thread. */
    List<ServerId> voters(CellId cell) {
        return system.cells().stream()
                .filter(known -> known.id().equals(cell))
                .findFirst()
                .map(SystemConfig.Cell::servers)
                .orElse(List.of());
    }

    /** A cell may have another configuration than before. */
    void configurationChanged(CellId cell) {
        List<ConfigRevision> history = log.table(cell).history();
        if (!history.isEmpty()) {
            heard(history.getLast());
        }
    }

    private void heard(ConfigRevision revision) {
        if (revision.version() > version) {
            version = revision.version();
            off(() -> read(revision));
        }
    }

    private void off(Runnable task) {
        try {
            threads.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("the server is closing", e);
        }
    }

    /** Reads an operator's file: a long one takes a while, so not on the loop. */
    private void read(ConfigRevision revision) {
        String name = "version " + revision.version();
        try {
            switch (ConfigFile.system(ConfigSource.of(name, ConfigText.of(revision)))) {
                case ConfigReading.Accepted<SystemConfig>(SystemConfig read, var _) -> {
                    TreeMap<CellId, ApplyConfig> slices = new TreeMap<>();
                    for (CellConfig slice : read.slices(revision.version())) {
                        slices.put(slice.cell(), new ApplyConfig(slice, 0, revision.author(), revision.source()));
                    }
                    loop.execute(() -> inForce(revision.version(), read, slices));
                }
                case ConfigReading.Refused<SystemConfig>(var problems) ->
                    LOG.error(
                            "{} of the configuration cannot be read here, so that this server takes part in none of the"
                                    + " cells that it adds; run the same release on every server: {}",
                            name,
                            problems);
            }
        } catch (IOException e) {
            LOG.error("{} of the configuration is damaged; apply the operator's file again", name, e);
        } catch (RejectedExecutionException e) {
            LOG.debug("the server is closing", e);
        }
    }

    private void inForce(long read, SystemConfig newest, SortedMap<CellId, ApplyConfig> slices) {
        if (read < version) {
            return;
        }
        system = newest;
        first.use(slices);
        List<Peer> others = setup.peers(newest);
        log.peersAre(others);
        peers = others.stream().map(Peer::server).toList();
        for (SystemConfig.Cell cell : newest.cells()) {
            if (cell.servers().contains(self)
                    && (!log.cells().contains(cell.id()) || log.operations().hasLeft(cell.id()))) {
                off(() -> join(cell));
            }
        }
    }

    private void join(SystemConfig.Cell cell) {
        String remedy = "put the system file on this server's disk as well, and start it again";
        try {
            log.addCell(cell.id(), cell.servers()).whenComplete((_, failure) -> {
                if (failure != null) {
                    LOG.error("cannot take part in the new cell {}; {}", cell.id(), remedy, failure);
                }
            });
        } catch (IllegalArgumentException e) {
            LOG.error("cannot take part in the new cell {}; {}", cell.id(), remedy, e);
        }
    }

    /** Asks one other server after the other whether it has a newer configuration. Called now and then. */
    void keepUp(Instant now) {
        if (now.isBefore(askNext) || peers.isEmpty()) {
            return;
        }
        askNext = now.plus(ASK_PERIOD);
        ServerId peer = peers.get(nextPeer++ % peers.size());
        if (log.links().isUp(peer)) {
            byte[] question = ByteBuffer.allocate(Long.BYTES).putLong(version).array();
            log.links().call(peer, REVISION, question, ASK_TIMEOUT).whenComplete((answer, failure) -> {
                if (failure == null) {
                    answered(peer, answer);
                } else {
                    LOG.debug("server {} was not heard about a newer configuration", peer, failure);
                }
            });
        }
    }

    private void answered(ServerId peer, byte[] answer) {
        if (answer.length == 0) {
            return;
        }
        try {
            heard(ConfigCodec.decodeRevision(new ByteReader("revision", answer, 0, answer.length)));
        } catch (UnreadableException e) {
            LOG.error(
                    "server {} sent a configuration that this one cannot read; run the same release on both", peer, e);
        }
    }

    private CompletionStage<byte[]> newerThan(byte[] question) {
        long known = question.length == Long.BYTES ? ByteBuffer.wrap(question).getLong() : Long.MAX_VALUE;
        ByteWriter out = new ByteWriter();
        ConfigRevision newest = null;
        for (CellId cell : log.cells()) {
            List<ConfigRevision> history = log.table(cell).history();
            if (!history.isEmpty() && (newest == null || history.getLast().version() > newest.version())) {
                newest = history.getLast();
            }
        }
        if (newest != null && newest.version() > known) {
            ConfigCodec.encode(newest, out);
        }
        return CompletableFuture.completedFuture(out.toArray());
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
