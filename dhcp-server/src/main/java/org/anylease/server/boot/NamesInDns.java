package org.anylease.server.boot;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.anylease.server.admin.Cluster;
import org.anylease.server.admin.ConfigText;
import org.anylease.server.config.ConfigFile;
import org.anylease.server.config.ConfigReading;
import org.anylease.server.config.ConfigSource;
import org.anylease.server.config.SystemConfig;
import org.anylease.server.ddns.DnsSender;
import org.anylease.server.ddns.DnsUpkeep;
import org.anylease.server.event.ServerEvent;
import org.anylease.server.net.EventLoop;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.CellId;
import org.anylease.store.config.ConfigRevision;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.replication.LeaseLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Dynamic DNS, wired: what is wanted is read from the newest configuration in force, whose text every cell keeps, and
 * leases are listed from the store, both on a thread of its own.
 */
final class NamesInDns implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NamesInDns.class);
    private static final Duration PERIOD = Duration.ofMillis(500);
    private static final int PART_LEASES = 250;

    private final Cluster cluster;
    private final LeaseLog log;
    private final EventLoop loop;
    private final Consumer<SystemConfig> listener;
    private final DnsSender sender = new DnsSender();
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("anylease-dns").daemon().factory());

    private final DnsUpkeep upkeep;
    private long versionRead;

    /** The listener hears, on the loop, of every configuration that comes into force. */
    NamesInDns(
            Cluster cluster,
            LeaseLog log,
            EventLoop loop,
            InstantSource clock,
            Consumer<SystemConfig> listener,
            BiConsumer<ServerEvent, String> events) {
        this.cluster = cluster;
        this.log = log;
        this.loop = loop;
        this.listener = listener;
        upkeep = new DnsUpkeep(new DnsUpkeep.Ports(
                cluster.facts().server(), log, loop, loop, clock, sender, this::listLeases, events));
    }

    /** What keeps DNS as the leases say; on the loop. */
    DnsUpkeep upkeep() {
        return upkeep;
    }

    /** Begins; on the loop. */
    void start() {
        followConfiguration();
        upkeep.start();
    }

    private void followConfiguration() {
        ConfigRevision newest = null;
        for (CellId cell : log.cells()) {
            List<ConfigRevision> history = log.table(cell).history();
            if (!history.isEmpty() && (newest == null || history.getLast().version() > newest.version())) {
                newest = history.getLast();
            }
        }
        if (newest != null && newest.version() != versionRead && !thread.isShutdown()) {
            versionRead = newest.version();
            ConfigRevision revision = newest;
            thread.execute(() -> read(revision));
        }
        loop.after(PERIOD, this::followConfiguration);
    }

    private void read(ConfigRevision revision) {
        try {
            String name = "version " + revision.version();
            switch (ConfigFile.system(ConfigSource.of(name, ConfigText.of(revision)))) {
                case ConfigReading.Accepted<SystemConfig>(SystemConfig system, var _) ->
                    loop.execute(() -> {
                        upkeep.policy(system.dns());
                        listener.accept(system);
                    });
                case ConfigReading.Refused<SystemConfig> refused ->
                    LOG.error(
                            "the configuration in force cannot be read by this program, and names are kept in DNS as"
                                    + " before: {}",
                            refused.problems());
            }
        } catch (IOException e) {
            LOG.error("the configuration in force cannot be read, and names are kept in DNS as before", e);
        }
    }

    private void listLeases(CellId cell, Consumer<List<Ipv4>> part) {
        thread.execute(() -> {
            try {
                list(cell, part);
            } catch (IOException | ExecutionException e) {
                LOG.warn(
                        "the leases of cell {} could not be listed; their names are put into DNS as they are renewed",
                        cell,
                        e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void list(CellId cell, Consumer<List<Ipv4>> part)
            throws IOException, ExecutionException, InterruptedException {
        Optional<Cluster.LeaseView> opened = cluster.view(cell);
        if (opened.isEmpty()) {
            return;
        }
        try (Cluster.LeaseView view = opened.get()) {
            List<Ipv4> some = new ArrayList<>();
            for (Binding binding : view.from(Ipv4.UNSPECIFIED)) {
                if (binding.state() == BindingState.ACTIVE) {
                    some.add(binding.address());
                }
                if (some.size() == PART_LEASES) {
                    hand(some, part);
                    some.clear();
                }
            }
            hand(some, part);
        }
    }

    /** Waits until the loop has looked at them, so that no more than one part is under way. */
    private void hand(List<Ipv4> some, Consumer<List<Ipv4>> part) throws ExecutionException, InterruptedException {
        List<Ipv4> copy = List.copyOf(some);
        CompletableFuture.runAsync(() -> part.accept(copy), loop).get();
    }

    @Override
    public void close() {
        thread.shutdownNow();
        sender.close();
    }
}
