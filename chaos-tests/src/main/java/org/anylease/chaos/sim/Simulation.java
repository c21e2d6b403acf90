package org.anylease.chaos.sim;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.anylease.chaos.client.Habits;
import org.anylease.chaos.client.SimulatedClient;
import org.anylease.chaos.fault.Fault;
import org.anylease.chaos.fault.FaultPlan;
import org.anylease.server.wire.HardwareAddress;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.ServerId;
import org.anylease.store.config.EscrowPolicy;
import org.jspecify.annotations.Nullable;

/**
 * One run: a cluster, clients, and faults, all drawn from one seed. First everything goes wrong that the seed has in
 * store, while every event is judged; then all is healed, clients calm down, and the run is judged as a whole.
 */
public final class Simulation {
    private static final Duration WARM_UP = Duration.ofSeconds(3);
    private static final Duration CATCH_UP = Duration.ofSeconds(70);
    private static final Duration CALM = Duration.ofMinutes(3);
    /** Seconds for which a journal may need to become empty. */
    private static final int LAST_PROMISES = 20;

    private static final double DRIFT_MAX = 150;

    private final long seed;
    private final Trace trace;
    private final RandomGenerator random;
    private final SimulatedCluster cluster;
    private final FaultPlan plan;
    private final ReservationPlan reservations;
    private final Duration faulty;
    private final TreeMap<ServerId, Integer> down = new TreeMap<>();
    private @Nullable Fault partition;
    private @Nullable ServerId leaping;

    /**
     * Draws a run.
     *
     * @param seed the seed
     */
    public Simulation(long seed) {
        this(seed, Tampering.NONE, null);
    }

    /**
     * Draws a run in which something may be broken on purpose.
     *
     * @param seed the seed
     * @param tampering what is broken
     * @param out takes the trace as text, or null
     */
    public Simulation(long seed, Tampering tampering, @Nullable Consumer<String> out) {
        this.seed = seed;
        trace = new Trace(out);
        Dice dice = new Dice(seed);
        random = dice.fork("simulation");
        faulty = span(dice.fork("span"));
        Terrain terrain = terrain(dice.fork("terrain"));
        if (dice.fork("classes").nextInt(4) == 0) {
            terrain.withClasses();
        }
        cluster = new SimulatedCluster(terrain, dice, trace, conditions(dice.fork("conditions")), tampering);
        RandomGenerator clocks = dice.fork("clocks");
        for (ServerId server : terrain.servers()) {
            cluster.world().clocks().set(server, FaultPlan.offset(clocks, cluster.skew()));
            // In hours a clock drifts by less than a tenth of the skew.
            cluster.world().clocks().drift(server, (clocks.nextDouble() - 0.5) * DRIFT_MAX);
        }
        populate(dice.fork("fleet"), terrain);
        reservations = new ReservationPlan(cluster, dice.fork("reservations"));
        plan = FaultPlan.draw(
                dice.fork("faults"), terrain.servers(), cluster.clients().size(), faulty, cluster.skew());
    }

    /** Most runs are short; one of twenty goes on for half an hour. */
    private static Duration span(RandomGenerator random) {
        boolean longer = random.nextInt(20) == 0;
        return longer ? Duration.ofMinutes(30) : Duration.ofMinutes(4 + random.nextInt(6));
    }

    private static Terrain terrain(RandomGenerator random) {
        Terrain terrain = new Terrain(random.nextInt(4) == 0 ? 5 : 3);
        terrain.lease(Duration.ofSeconds(40 + random.nextInt(140)));
        Ipv4 first = Ipv4.parse("10.1.0.10");
        boolean scarce = random.nextInt(3) != 0;
        terrain.office(first, first.plus(scarce ? 1 + random.nextInt(9) : 25 + random.nextInt(30)));
        terrain.policy(random.nextInt(4) != 0, random.nextInt(4) != 0);
        terrain.mclt(Duration.ofSeconds(20 + random.nextInt(280)));
        terrain.longestLease(Duration.ofSeconds(60 + random.nextInt(240)));
        terrain.escrowTerm(Duration.ofSeconds(60 + random.nextInt(1_200)));
        terrain.escrow(new EscrowPolicy(random.nextInt(8), 64, Duration.ofMinutes(random.nextInt(60))));
        if (random.nextInt(3) == 0) {
            terrain.withAnnex();
        }
        return terrain;
    }

    /** A quarter of the runs have fair weather, so that faults are seen alone too. */
    private static Conditions conditions(RandomGenerator random) {
        boolean fair = random.nextInt(4) == 0;
        double bad = fair ? 0 : random.nextDouble();
        return new Conditions(
                Duration.ofMillis(1 + random.nextInt(30)),
                0.05 * bad,
                Duration.ofMillis(1 + random.nextInt(50)),
                0.10 * bad,
                0.15 * bad,
                0.04 * bad,
                0.05 * bad);
    }

    private void populate(RandomGenerator fleet, Terrain terrain) {
        int relayed = 5 + fleet.nextInt(7);
        for (int i = 0; i < relayed; i++) {
            Ipv4 relay = i % 3 == 2 ? Terrain.LAB_RELAY : Terrain.OFFICE_RELAY;
            add(fleet, i, hardware -> new Access(hardware, relay, null));
        }
        int neighbours = relayed;
        for (int i = 0; i < 3; i++) {
            ServerId neighbour = terrain.servers().get(i);
            add(fleet, neighbours + i, hardware -> new Access(hardware, null, neighbour));
        }
        if (terrain.cells().size() > 1) {
            for (int i = 3; i < 8; i++) {
                add(fleet, neighbours + i, hardware -> new Access(hardware, Terrain.ANNEX_RELAY, null));
            }
        }
        for (int i = fleet.nextInt(3); i > 0; i--) {
            cluster.squat(Ipv4.parse("10.1.0.10").plus(fleet.nextInt(12)));
        }
        if (fleet.nextBoolean()) {
            terrain.reserve(
                    Ipv4.parse("10.1.0.200"), cluster.clients().getFirst().id());
        }
    }

    private interface Placing {
        Access at(HardwareAddress hardware);
    }

    private void add(RandomGenerator fleet, int number, Placing placing) {
        HardwareAddress hardware = HardwareAddress.ethernet(String.format("02:00:00:00:00:%02x", number + 1));
        Habits habits = new Habits(
                fleet.nextBoolean(),
                fleet.nextBoolean(),
                fleet.nextInt(4) == 0 ? Duration.ofSeconds(10 + fleet.nextInt(200)) : null,
                fleet.nextInt(4) != 0,
                fleet.nextDouble() * 0.6);
        cluster.addClient("c" + (number + 1), hardware, habits, placing.at(hardware))
                .start(WARM_UP.plusMillis(fleet.nextLong(30_000)));
    }

    /**
     * Runs it to its end.
     *
     * @return what it was like
     * @throws SimulationFailed when an invariant broke or a server threw
     */
    public SimulationReport run() {
        try {
            cluster.start();
            for (FaultPlan.Planned planned : plan.faults()) {
                cluster.queue().after(planned.at().plus(WARM_UP), () -> begin(planned));
            }
            reservations.schedule(WARM_UP.plus(faulty));
            cluster.queue().run(WARM_UP.plus(faulty));
            trace.line("simulation", "heals everything");
            down.clear();
            cluster.heal();
            for (ServerId server : cluster.terrain().servers()) {
                cluster.world().clocks().set(server, FaultPlan.offset(random, cluster.skew()));
            }
            cluster.terrain().everybodyIsMember();
            cluster.operator().configure();
            cluster.clients().forEach(SimulatedClient::calmDown);
            cluster.queue().run(CALM);
            FinalLook look = new FinalLook(cluster);
            FinalLook.Glimpse before = look.glimpse();
            cluster.queue().run(CATCH_UP);
            awaitEmptyJournals();
            look.judge(before);
            return report();
        } catch (RuntimeException e) {
            throw new SimulationFailed(seed, trace.last(), e);
        }
    }

    /** A deadline may have passed just now, without any fault: what was promised by that is on its way into the log. */
    private void awaitEmptyJournals() {
        for (int i = 0; i < LAST_PROMISES; i++) {
            if (cluster.terrain().servers().stream().allMatch(server -> cluster.pendingAt(server) == 0)) {
                return;
            }
            cluster.queue().run(Duration.ofSeconds(1));
        }
    }

    private SimulationReport report() {
        long leases = cluster.clients().stream()
                .mapToLong(SimulatedClient::acknowledged)
                .sum();
        return new SimulationReport(
                seed,
                cluster.queue().happened(),
                cluster.acks(),
                leases,
                plan.faults().size(),
                cluster.queue().elapsed(),
                trace.hash(),
                cluster.counts());
    }

    private void begin(FaultPlan.Planned planned) {
        Fault fault = planned.fault();
        trace.line("fault", fault + " for " + planned.span());
        Links links = cluster.world().links();
        switch (fault) {
            case Fault.Partition(List<List<ServerId>> groups) -> {
                links.partition(groups);
                partition = fault;
                later(planned, () -> healPartition(fault));
            }
            case Fault.Cut(var from, var to, boolean bothWays) -> {
                cut(from, to, bothWays);
                later(planned, () -> mend(from, to, bothWays));
            }
            case Fault.Flapping(ServerId server, Duration period) -> {
                Instant until = cluster.queue().instant().plus(planned.span());
                flap(server, period, until);
            }
            case Fault.LeaderChange() -> cluster.changeLeader();
            case Fault.Crash(List<ServerId> servers) -> {
                for (ServerId server : servers) {
                    takeDown(server, planned);
                    later(planned, () -> bringUp(server));
                }
            }
            case Fault.Clog(ServerId server, Duration delay) -> {
                links.clog(server, delay);
                later(planned, () -> links.unclog(server));
            }
            case Fault.RouteFlip(double share) -> cluster.network().flip(share);
            case Fault.ClientReboot(int client) -> cluster.clients().get(client).reboot();
            case Fault.ConfigChange(var change) -> {
                List<SimulatedClient> all = cluster.clients();
                cluster.terrain()
                        .change(change, all.get(random.nextInt(all.size())).id());
                cluster.operator().configure();
            }
            case Fault.ClockSet(ServerId server, Duration offset) ->
                cluster.world().clocks().set(server, offset);
            case Fault.ClockLeap(ServerId server, Duration offset) -> leap(server, offset, planned);
            case Fault.DiskFull(ServerId server) -> {
                SimulatedJournal journal = cluster.server(server).disk().journal();
                journal.full(true);
                later(planned, () -> {
                    journal.full(false);
                    bringUp(server);
                });
                down.merge(server, 1, Integer::sum);
            }
            case Fault.DiskSlow(ServerId server, Duration delay) -> {
                SimulatedJournal journal = cluster.server(server).disk().journal();
                journal.slow(delay);
                later(planned, () -> journal.slow(Duration.ZERO));
            }
            case Fault.DeclaredDown(ServerId server, boolean emptyDisk) -> declareDown(server, emptyDisk, planned);
        }
    }

    /** Only one clock is wrong at a time: with more of them nobody could say which. */
    private void leap(ServerId server, Duration offset, FaultPlan.Planned planned) {
        if (leaping != null) {
            return;
        }
        leaping = server;
        cluster.world().clocks().set(server, offset);
        later(planned, () -> {
            leaping = null;
            cluster.world().clocks().set(server, FaultPlan.offset(random, cluster.skew()));
        });
    }

    private void declareDown(ServerId server, boolean emptyDisk, FaultPlan.Planned planned) {
        takeDown(server, planned);
        Duration seen = planned.span().dividedBy(4);
        cluster.queue().after(seen, () -> cluster.operator().declareDown(server));
        later(planned, () -> {
            boolean last = down.getOrDefault(server, 0) == 1;
            boolean known = cluster.operator().isDeclaredDown(server);
            if (emptyDisk && last && known) {
                cluster.server(server).replaceDisk();
            }
            bringUp(server);
        });
    }

    private void takeDown(ServerId server, FaultPlan.Planned planned) {
        down.merge(server, 1, Integer::sum);
        cluster.crash(server);
        if (random.nextBoolean()) {
            // The site's route is withdrawn only when a router has noticed.
            cluster.queue()
                    .after(planned.span().dividedBy(3), () -> cluster.network().withdraw(server));
        }
    }

    /** Starts a server once all is over that keeps it down. */
    private void bringUp(ServerId server) {
        if (down.merge(server, -1, Integer::sum) <= 0) {
            down.remove(server);
            if (server.equals(leaping)) {
                // A host sets its clock when it boots. A server that boots alone trusts the clock that it finds.
                cluster.world().clocks().set(server, FaultPlan.offset(random, cluster.skew()));
            }
            cluster.restart(server);
        }
    }

    private void cut(List<ServerId> from, List<ServerId> to, boolean bothWays) {
        Links links = cluster.world().links();
        for (ServerId one : from) {
            for (ServerId other : to) {
                links.cut(one, other);
                if (bothWays) {
                    links.cut(other, one);
                }
            }
        }
    }

    private void mend(List<ServerId> from, List<ServerId> to, boolean bothWays) {
        Links links = cluster.world().links();
        for (ServerId one : from) {
            for (ServerId other : to) {
                links.mend(one, other);
                if (bothWays) {
                    links.mend(other, one);
                }
            }
        }
    }

    private void flap(ServerId server, Duration period, Instant until) {
        if (!cluster.queue().instant().isBefore(until)) {
            return;
        }
        List<ServerId> others = cluster.terrain().servers().stream()
                .filter(any -> !any.equals(server))
                .toList();
        cut(List.of(server), others, true);
        cluster.queue().after(Dice.between(random, Duration.ZERO, period), () -> mend(List.of(server), others, true));
        cluster.queue().after(period, () -> flap(server, period, until));
    }

    private void later(FaultPlan.Planned planned, Runnable end) {
        cluster.queue().after(planned.span(), end);
    }

    private void healPartition(Fault fault) {
        if (fault.equals(partition)) {
            cluster.world().links().partition(new ArrayList<>());
            partition = null;
        }
    }

    /**
     * Its cluster, for those who break something on purpose.
     *
     * @return the cluster
     */
    public SimulatedCluster cluster() {
        return cluster;
    }
}
