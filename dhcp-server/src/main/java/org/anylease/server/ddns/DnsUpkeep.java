package org.anylease.server.ddns;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.anylease.server.dns.DnsPolicy;
import org.anylease.server.dns.HostNaming;
import org.anylease.server.event.ServerEvent;
import org.anylease.server.port.Timers;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.config.Reservation;
import org.anylease.store.dns.DnsRecord;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.LeaseClient;
import org.anylease.store.replication.LeaseLog;
import org.anylease.store.replication.QuorumState;
import org.anylease.store.state.LeaseTable;
import org.jspecify.annotations.Nullable;

/**
 * Keeps DNS as the leases say, in the cells that this server leads. Confined to the loop, and never in a packet's way:
 * it looks at a bounded number of addresses a turn, and updates are sent by others.
 *
 * <p>A server that becomes leader looks at every lease and at everything on record, and does what its predecessor left
 * undone. What it has in mind itself is nowhere else: it is worked out anew from the cell's state.
 */
public final class DnsUpkeep {
    private static final Duration PERIOD = Duration.ofMillis(200);

    private final Ports ports;
    private final TreeMap<CellId, CellNames> led = new TreeMap<>();
    private final ZoneHealth zones;
    private @Nullable DnsPolicy policy;
    private @Nullable HostNaming naming;

    /**
     * What it works with.
     *
     * @param self this server
     * @param log the cells
     * @param timers the loop's
     * @param loop runs a task on the loop, from any thread
     * @param clock this server's
     * @param updates sends updates
     * @param leases lists the addresses of a cell that somebody holds, part by part on the loop; returns at once
     * @param events hears what an operator is to know, with details
     */
    public record Ports(
            ServerId self,
            LeaseLog log,
            Timers timers,
            Executor loop,
            InstantSource clock,
            NameUpdates updates,
            Leases leases,
            BiConsumer<ServerEvent, String> events) {}

    /** Lists leases without keeping the loop waiting. */
    @FunctionalInterface
    public interface Leases {
        /**
         * Lists the addresses of a cell that somebody holds.
         *
         * @param cell the cell
         * @param part hears some of them, on the loop
         */
        void list(CellId cell, Consumer<List<Ipv4>> part);
    }

    /**
     * An update that failed.
     *
     * @param address the address
     * @param since when it failed first
     * @param attempts how often it failed
     * @param next when it is tried again
     * @param why why it failed last
     */
    public record Failure(Ipv4 address, Instant since, int attempts, Instant next, String why) {}

    /**
     * How it goes.
     *
     * @param pending how many addresses are being worked on or are about to be
     * @param failing how many updates failed and wait
     * @param failures those, in order of address, some at least
     * @param zones the zones that take no updates of this server, and since when
     */
    public record Progress(int pending, int failing, List<Failure> failures, SortedMap<String, Instant> zones) {
        /** Copies both. */
        public Progress {
            failures = List.copyOf(failures);
            zones = Collections.unmodifiableSortedMap(new TreeMap<>(zones));
        }
    }

    /**
     * Nothing is done before {@link #policy} and {@link #start}.
     *
     * @param ports what it works with
     */
    public DnsUpkeep(Ports ports) {
        this.ports = ports;
        this.zones = new ZoneHealth(ports.events);
    }

    /** Begins; on the loop. */
    public void start() {
        tick();
        ports.timers.after(PERIOD, this::start);
    }

    /**
     * Takes the policy of another configuration into force, and looks at everything again, since names may have changed
     * with it; on the loop.
     *
     * @param next what the operator wants, or null for no updates at all: what stands in DNS then stays there
     */
    public void policy(@Nullable DnsPolicy next) {
        policy = next;
        naming = next == null ? null : new HostNaming(next);
        led.clear();
        zones.forget();
    }

    /**
     * An entry was applied; on the loop, right after it.
     *
     * @param cell its cell
     * @param table the cell's table
     */
    public void applied(CellId cell, LeaseTable table) {
        CellNames names = led.get(cell);
        if (names != null) {
            names.look(table.changedByLastEntry());
        }
    }

    /**
     * How it goes in a cell that this server leads; on the loop.
     *
     * @param cell a cell
     * @param most how many failures to list at most
     * @return empty when it sends no updates for the cell
     */
    public Optional<Progress> progress(CellId cell, int most) {
        return Optional.ofNullable(led.get(cell))
                .map(names -> new Progress(names.pending(), names.failing(), names.failures(most), zones.failing()));
    }

    private void tick() {
        if (policy == null) {
            return;
        }
        List<CellId> cells = ports.log.cells();
        for (CellId cell : new ArrayList<>(led.keySet())) {
            if (!cells.contains(cell) || !leads(cell)) {
                led.remove(cell);
                // Perhaps nothing is sent to some zone any more, so that it would never be seen to be well again.
                zones.forget();
            }
        }
        for (CellId cell : cells) {
            if (leads(cell)) {
                CellNames names = led.get(cell);
                if (names == null) {
                    names = begin(cell);
                }
                names.tick(now());
            }
        }
    }

    private CellNames begin(CellId cell) {
        CellNames names = new CellNames(cell, this, now());
        led.put(cell, names);
        ports.leases.list(cell, part -> {
            if (isCurrent(cell, names)) {
                names.look(part);
            }
        });
        return names;
    }

    private boolean leads(CellId cell) {
        QuorumState quorum = ports.log.quorum(cell);
        return quorum.reachable() && ports.self.equals(quorum.leader());
    }

    boolean isCurrent(CellId cell, CellNames names) {
        return led.get(cell) == names;
    }

    Instant now() {
        return ports.clock.instant();
    }

    LeaseTable table(CellId cell) {
        return ports.log.table(cell);
    }

    /** What DNS is to hold of an address of a cell. */
    Optional<DnsRecord> wanted(LeaseTable table, Ipv4 address) {
        HostNaming by = naming;
        Binding binding = table.binding(address).orElse(null);
        if (by == null || binding == null) {
            return Optional.empty();
        }
        LeaseClient client = binding.client();
        Reservation reservation =
                table.plan().map(plan -> plan.reservationAt(address)).orElse(null);
        boolean reserved = client != null && reservation != null && reservation.isFor(client);
        DnsPolicy wishes = policy;
        if (reserved && wishes != null && !wishes.names(address).reserved()) {
            return Optional.empty();
        }
        return by.wanted(binding, reservation == null || !reserved ? null : reservation.hostname());
    }

    void propose(CellId cell, LeaseCommand command, LeaseLog.ProposalListener listener) {
        ports.log.propose(cell, command, listener);
    }

    /** The listener hears on the loop, as long as the cell's names are current. */
    void send(CellNames names, Ipv4 address, DnsRecord record, Consumer<NameUpdates.Result> listener) {
        DnsPolicy by = policy;
        if (by == null) {
            throw new IllegalStateException("updates are sent without a policy");
        }
        ports.updates.send(
                address,
                record,
                by,
                result -> ports.loop.execute(() -> {
                    if (isCurrent(names.cell(), names)) {
                        watch(address, record, by, result);
                        listener.accept(result);
                    }
                }));
    }

    /** Takes note of the zones that were asked and answered, in the order in which they are asked. */
    private void watch(Ipv4 address, DnsRecord record, DnsPolicy by, NameUpdates.Result result) {
        boolean removing = record.phase() == DnsRecord.Phase.REMOVING;
        boolean points = removing || by.names(address).updates().reverse();
        List<String> forward = record.forward() ? zone(by, record.name()) : List.of();
        List<String> reverse = points ? zone(by, DnsPolicy.reverseName(address)) : List.of();
        switch (result) {
            case NameUpdates.Result.Failed(String zone, String why) -> {
                zones.failed(zone, why, now());
                if ((removing ? forward : reverse).contains(zone)) {
                    zones.succeeded(removing ? reverse : forward, now());
                }
            }
            case NameUpdates.Result.Done() ->
                zones.succeeded(
                        Stream.concat(forward.stream(), reverse.stream()).toList(), now());
            // It was answered, if not as wished; only the forward zone was asked.
            case NameUpdates.Result.Conflict() -> zones.succeeded(forward, now());
        }
    }

    private static List<String> zone(DnsPolicy by, String name) {
        return by.zoneOf(name).stream().map(DnsPolicy.Zone::name).toList();
    }
}
