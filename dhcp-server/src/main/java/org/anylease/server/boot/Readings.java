package org.anylease.server.boot;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.anylease.server.admin.Cluster;
import org.anylease.server.admin.DnsNames;
import org.anylease.server.admin.PoolUse;
import org.anylease.server.partition.Autonomy;
import org.anylease.server.telemetry.ServerMetrics;
import org.anylease.server.telemetry.ServerMetrics.CellReading;
import org.anylease.server.telemetry.ServerMetrics.EscrowReading;
import org.anylease.server.telemetry.ServerMetrics.PoolReading;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.CellId;
import org.anylease.store.config.CellConfig;
import org.anylease.store.dns.DnsRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads cells and pools for the metrics now and then, on a thread of its own: every binding is looked at, in a view of
 * the store that costs the loop nothing.
 */
final class Readings implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Readings.class);
    private static final Duration PERIOD = Duration.ofMinutes(1);

    /** Pools are counted by no more than a hundredth of one processor, however large they are. */
    private static final int REST_PER_WORK = 99;

    private final Cluster cluster;
    private final Lag lag;
    private final ServerMetrics metrics;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("anylease-readings").daemon().factory());

    /** How many entries this server's copy of a cell is behind the newest that any server knows of. */
    @FunctionalInterface
    interface Lag {
        long entries(CellId cell) throws IOException;
    }

    Readings(Cluster cluster, Lag lag, ServerMetrics metrics) {
        this.cluster = cluster;
        this.lag = lag;
        this.metrics = metrics;
    }

    void start() {
        thread.execute(this::takeAndRest);
    }

    private void takeAndRest() {
        long began = System.nanoTime();
        try {
            take();
        } catch (IOException | RuntimeException e) {
            // The gauges keep their last values, whose age the applied index tells.
            LOG.warn("the metrics of cells and pools could not be read; they are tried again", e);
        }
        long rest = Math.max(PERIOD.toNanos(), (System.nanoTime() - began) * REST_PER_WORK);
        if (!thread.isShutdown()) {
            var _ = thread.schedule(this::takeAndRest, rest, TimeUnit.NANOSECONDS);
        }
    }

    /** Takes all readings once. */
    void take() throws IOException {
        List<CellReading> cells = new ArrayList<>();
        List<PoolReading> pools = new ArrayList<>();
        List<EscrowReading> escrows = new ArrayList<>();
        List<ServerMetrics.NameReading> names = new ArrayList<>();
        for (CellId cell : cluster.cells()) {
            Cluster.CellState state = cluster.state(cell).orElse(null);
            if (state == null) {
                continue;
            }
            Autonomy autonomy = cluster.autonomy(cell).orElse(null);
            if (autonomy != null) {
                autonomy.networks()
                        .forEach(one -> escrows.add(new EscrowReading(cell.name(), one.network(), one.unclaimed())));
            }
            cells.add(new CellReading(
                    cell.name(),
                    state.applied().value(),
                    lag.entries(cell),
                    state.pending(),
                    autonomy == null
                            ? 0
                            : autonomy.pending().values().stream()
                                    .mapToInt(Integer::intValue)
                                    .sum(),
                    cluster.facts().server().equals(state.quorum().leader()),
                    state.quorum().reachable(),
                    state.quorum().since()));
            cluster.names(cell).ifPresent(found -> names.add(reading(cell, found)));
            CellConfig config = state.config();
            if (config != null) {
                addPools(cell, config, pools);
            }
        }
        metrics.cells(cells);
        metrics.pools(pools);
        metrics.escrows(escrows);
        metrics.names(names);
    }

    private static ServerMetrics.NameReading reading(CellId cell, DnsNames names) {
        TreeMap<String, Long> phases = new TreeMap<>();
        for (DnsRecord.Phase phase : DnsRecord.Phase.values()) {
            phases.put(phase.name().toLowerCase(Locale.ROOT), names.phases().getOrDefault(phase, 0L));
        }
        return new ServerMetrics.NameReading(cell.name(), phases, names.failing(), names.failingZones());
    }

    private void addPools(CellId cell, CellConfig config, List<PoolReading> pools) throws IOException {
        Optional<Cluster.LeaseView> opened = cluster.view(cell);
        if (opened.isEmpty()) {
            return;
        }
        try (Cluster.LeaseView view = opened.get()) {
            for (PoolUse use : PoolUse.count(config, view.from(new Ipv4(0)))) {
                pools.add(new PoolReading(cell.name(), use.subnet(), use.range().toString(), use.size(), states(use)));
            }
        }
    }

    /** Every address once: those on offer are taken out of the free ones. */
    private static Map<String, Long> states(PoolUse use) {
        return new TreeMap<>(Map.of(
                "active", use.active(),
                "waiting", use.waiting(),
                "abandoned", use.abandoned(),
                "escrowed", use.escrowed(),
                "reserved", use.reserved(),
                "offered", use.offered(),
                "free", use.free() - use.offered()));
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
