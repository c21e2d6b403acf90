package org.anylease.server.telemetry;

import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.anylease.server.event.PacketKind;
import org.anylease.server.event.PacketOutcome;
import org.anylease.server.event.ServerEvent;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of a server. docs/operations/metrics.md lists them all.
 *
 * <p>Methods that count and time are cheap and may be called from any thread. Those that take readings replace all
 * rows at once; {@code boot} calls them from a timer, never per packet.
 */
public final class ServerMetrics implements AutoCloseable {
    private static final Duration[] BUCKETS = {
        Duration.ofNanos(250_000),
        Duration.ofMillis(1),
        Duration.ofNanos(2_500_000),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(300),
        Duration.ofMillis(600),
        Duration.ofSeconds(1),
        Duration.ofSeconds(3),
        Duration.ofSeconds(10)
    };

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics garbage = new JvmGcMetrics();
    private final EnumMap<PacketKind, EventCounters<PacketOutcome>> packets = new EnumMap<>(PacketKind.class);
    private final EnumMap<Stage, Timer> stages = new EnumMap<>(Stage.class);
    private final EventCounters<ProbeResult> probes =
            counters("anylease.probes", "Probes of addresses, by what they found out", "result", ProbeResult.class);
    private final EventCounters<CommandResult> commands = counters(
            "anylease.commands", "Commands that actions run, by what became of them", "result", CommandResult.class);
    private final EventCounters<ServerEvent> events =
            counters("anylease.events", "Events of the catalogue", "event", ServerEvent.class);
    private final Map<String, MultiGauge> gauges = new TreeMap<>();

    /** What a probe found out. */
    public enum ProbeResult {
        /** Nobody answered. */
        SILENT,
        /** Somebody uses the address. */
        ANSWERED,
        /** Somebody on the way reported it unreachable. */
        UNREACHABLE,
        /** It never left this server. */
        LOCAL_ERROR
    }

    /** What became of a command. */
    public enum CommandResult {
        /** It ended with exit code 0. */
        SUCCEEDED,
        /** It could not be started, or ended otherwise. */
        FAILED,
        /** It ran for too long, and was killed. */
        TIMED_OUT,
        /** Too many waited. */
        DROPPED,
        /** This server does not allow it. */
        REFUSED,
        /** One of its arguments came to nothing, and so it was not run. */
        INCOMPLETE
    }

    /** A part of the way from a packet to its reply. */
    public enum Stage {
        /** From the receipt of a packet to its reply. */
        REPLY,
        /** From the start of a probe to its verdict. */
        PROBE,
        /** From the proposal of a command to its commit. */
        COMMIT
    }

    /**
     * How a cell is, as this server sees it.
     *
     * @param cell its name
     * @param appliedIndex up to where the log is applied here
     * @param lagEntries how many entries this copy is behind the newest known
     * @param pending how many commands wait
     * @param promises how many promises this server made alone that are not committed yet
     * @param leads whether this server leads it
     * @param quorum whether a quorum is reachable
     * @param since since when that is so
     */
    public record CellReading(
            String cell,
            long appliedIndex,
            long lagEntries,
            long pending,
            long promises,
            boolean leads,
            boolean quorum,
            Instant since) {}

    /**
     * How a pool is used.
     *
     * @param cell its cell
     * @param subnet its subnet
     * @param pool its range
     * @param size how many addresses it has
     * @param byState how many of them are in each state, every address once
     */
    public record PoolReading(String cell, String subnet, String pool, long size, Map<String, Long> byState) {}

    /**
     * What is set aside for this server in a network.
     *
     * @param cell the network's cell
     * @param network its name
     * @param unclaimed how many addresses it could still give to anybody alone
     */
    public record EscrowReading(String cell, String network, long unclaimed) {}

    /** Registers everything. */
    public ServerMetrics() {
        for (PacketKind kind : PacketKind.values()) {
            packets.put(
                    kind,
                    new EventCounters<>(
                            registry,
                            "anylease.packets",
                            "Packets of clients, by kind and what became of them",
                            Tags.of("kind", EventCounters.label(kind)),
                            "outcome",
                            PacketOutcome.class));
        }
        for (Stage stage : Stage.values()) {
            stages.put(
                    stage,
                    Timer.builder("anylease.stage")
                            .description("How long each part of the way from a packet to its reply took")
                            .tag("stage", EventCounters.label(stage))
                            .serviceLevelObjectives(BUCKETS)
                            .register(registry));
        }
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        garbage.bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
    }

    /** Counters for all constants of an enum, registered now. Call once for each name. */
    private <E extends Enum<E>> EventCounters<E> counters(
            String name, String description, String label, Class<E> kinds) {
        return new EventCounters<>(registry, name, description, Tags.empty(), label, kinds);
    }

    /**
     * Counts a client's packet.
     *
     * @param kind what it was
     * @param outcome what became of it
     */
    public void packet(PacketKind kind, PacketOutcome outcome) {
        registered(packets.get(kind)).count(outcome);
    }

    private static <T> T registered(@Nullable T meter) {
        return Objects.requireNonNull(meter, "every constant was registered");
    }

    /**
     * Counts an event of the catalogue.
     *
     * @param event what happened
     */
    public void happened(ServerEvent event) {
        events.count(event);
    }

    /**
     * Counts a probe.
     *
     * @param result what it found out
     */
    public void probed(ProbeResult result) {
        probes.count(result);
    }

    /**
     * Counts a command.
     *
     * @param result what became of it
     */
    public void ran(CommandResult result) {
        commands.count(result);
    }

    /**
     * Times a stage.
     *
     * @param stage the stage
     * @param nanos how long it took, in nanoseconds
     */
    public void took(Stage stage, long nanos) {
        registered(stages.get(stage)).record(nanos, TimeUnit.NANOSECONDS);
    }

    /**
     * Takes the readings of all cells.
     *
     * @param cells one for each cell that this server has a copy of
     */
    public void cells(List<CellReading> cells) {
        cell("anylease.cell.applied.index", "Up to where the log is applied here", cells, r -> r.appliedIndex);
        cell("anylease.cell.lag.entries", "Entries that this copy is behind", cells, r -> r.lagEntries);
        cell("anylease.cell.pending.commands", "Commands that wait for the cell here", cells, r -> r.pending);
        cell(
                "anylease.cell.journal.pending.promises",
                "Promises made alone here and not committed yet",
                cells,
                r -> r.promises);
        cell("anylease.cell.leader.bool", "1 when this server leads the cell", cells, r -> r.leads ? 1 : 0);
        cell("anylease.cell.quorum.bool", "1 when a quorum is reachable", cells, r -> r.quorum ? 1 : 0);
        cell(
                "anylease.cell.quorum.changed.timestamp.seconds",
                "When the quorum was last lost or found, in seconds of the epoch",
                cells,
                r -> r.since.getEpochSecond());
    }

    private void cell(String name, String description, List<CellReading> cells, ToDoubleFunction<CellReading> value) {
        List<Row<?>> rows = new ArrayList<>();
        for (CellReading cell : cells) {
            rows.add(Row.of(Tags.of("cell", cell.cell), value.applyAsDouble(cell)));
        }
        gauge(name, description).register(rows, true);
    }

    /**
     * Takes the readings of all pools.
     *
     * @param pools one for each pool
     */
    public void pools(List<PoolReading> pools) {
        List<Row<?>> sizes = new ArrayList<>();
        List<Row<?>> uses = new ArrayList<>();
        for (PoolReading pool : pools) {
            Tags tags = Tags.of("cell", pool.cell, "subnet", pool.subnet, "pool", pool.pool);
            sizes.add(Row.of(tags, pool.size));
            pool.byState.forEach((state, count) -> uses.add(Row.of(tags.and("state", state), count)));
        }
        gauge("anylease.pool.size.addresses", "Addresses of a pool").register(sizes, true);
        gauge("anylease.pool.use.addresses", "Addresses of a pool in each state")
                .register(uses, true);
    }

    /**
     * Takes the readings of what is set aside for this server.
     *
     * @param escrows one for each network
     */
    public void escrows(List<EscrowReading> escrows) {
        List<Row<?>> rows = new ArrayList<>();
        for (EscrowReading escrow : escrows) {
            rows.add(Row.of(Tags.of("cell", escrow.cell, "network", escrow.network), escrow.unclaimed));
        }
        gauge("anylease.escrow.unclaimed.addresses", "Addresses that this server could still give to anybody alone")
                .register(rows, true);
    }

    /**
     * How a cell's names stand in DNS.
     *
     * @param cell its name
     * @param byPhase how many names are in each phase
     * @param failing how many updates failed that this server sent, and wait to be sent again
     * @param failingZones the zones that take no updates of this server, and since when
     */
    public record NameReading(
            String cell, Map<String, Long> byPhase, long failing, SortedMap<String, Instant> failingZones) {}

    /**
     * Takes the readings of names in DNS.
     *
     * @param names one for each cell that this server has a copy of
     */
    public void names(List<NameReading> names) {
        List<Row<?>> phases = new ArrayList<>();
        List<Row<?>> failing = new ArrayList<>();
        SortedMap<String, Instant> zones = new TreeMap<>();
        for (NameReading name : names) {
            Tags cell = Tags.of("cell", name.cell);
            name.byPhase.forEach((phase, count) -> phases.add(Row.of(cell.and("phase", phase), count)));
            failing.add(Row.of(cell, name.failing));
            name.failingZones.forEach((zone, since) -> zones.put(zone, since));
        }
        List<Row<?>> since = new ArrayList<>();
        zones.forEach((zone, first) -> since.add(Row.of(Tags.of("zone", zone), first.getEpochSecond())));
        gauge("anylease.dns.zone.failing.since.seconds", "Unix time since which no update of a zone succeeds")
                .register(since, true);
        gauge("anylease.dns.names", "Names in DNS, or on their way there or out of it")
                .register(phases, true);
        gauge("anylease.dns.failing.names", "Names whose update failed and waits to be sent again")
                .register(failing, true);
    }

    private MultiGauge gauge(String name, String description) {
        synchronized (gauges) {
            return gauges.computeIfAbsent(
                    name, n -> MultiGauge.builder(n).description(description).register(registry));
        }
    }

    /**
     * Everything, as Prometheus reads it.
     *
     * @return text format 0.0.4
     */
    public String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        garbage.close();
        registry.close();
    }
}
