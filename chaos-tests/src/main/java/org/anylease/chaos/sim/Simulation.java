package org.anylease.chaos.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.anylease.chaos.client.Habits;
import org.anylease.chaos.client.SimulatedClient;
import org.anylease.chaos.fault.Fault;
import org.anylease.chaos.fault.FaultPlan;
import org.anylease.server.wire.HardwareAddress;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.ServerId;
import org.jspecify.annotations.Nullable;

/**
 * One run: a cluster, clients, and faults, all drawn from one seed. First everything goes wrong that the seed has in
 * store, while every event is judged; then all is healed, clients calm down, and the run is judged as a whole.
 */
public final class Simulation {
    private static final Duration WARM_UP = Duration.ofSeconds(3);
    private static final Duration FAULTY = Duration.ofMinutes(6);
    private static final Duration CATCH_UP = Duration.ofSeconds(70);
    private static final Duration CALM = Duration.ofMinutes(3);

    private final long seed;
    private final Trace trace;
    private final RandomGenerator random;
    private final SimulatedCluster cluster;
    private final FaultPlan plan;
    private @Nullable Fault partition;

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
        Terrain terrain = terrain(dice.fork("terrain"));
        cluster = new SimulatedCluster(terrain, dice, trace, conditions(dice.fork("conditions")), tampering);
        RandomGenerator clocks = dice.fork("clocks");
        for (ServerId server : terrain.servers()) {
            cluster.world().setClock(server, FaultPlan.offset(clocks, cluster.skew()));
        }
        populate(dice.fork("fleet"), terrain);
        plan = FaultPlan.draw(
                dice.fork("faults"), terrain.servers(), cluster.clients().size(), FAULTY, cluster.skew());
    }

    private static Terrain terrain(RandomGenerator random) {
        Terrain terrain = new Terrain(random.nextInt(4) == 0 ? 5 : 3);
        terrain.lease(Duration.ofSeconds(40 + random.nextInt(140)));
        Ipv4 first = Ipv4.parse("10.1.0.10");
        terrain.office(first, first.plus(1 + random.nextInt(9)));
        terrain.policy(random.nextInt(4) != 0, random.nextInt(4) != 0);
        return terrain;
    }

    /** Half of the runs have fair weather, so that faults are seen alone too. */
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
        for (int i = 0; i < 3; i++) {
            ServerId neighbour = terrain.servers().get(i);
            add(fleet, relayed + i, hardware -> new Access(hardware, null, neighbour));
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
            cluster.queue().run(WARM_UP.plus(FAULTY));
            trace.line("simulation", "heals everything");
            cluster.heal();
            cluster.clients().forEach(SimulatedClient::calmDown);
            cluster.queue().run(CALM);
            SimulatedCluster.Glimpse before = cluster.glimpse();
            cluster.queue().run(CATCH_UP);
            cluster.judgeTheEnd(before);
            return report();
        } catch (RuntimeException e) {
            throw new SimulationFailed(seed, trace.last(), e);
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
            case Fault.Isolate(ServerId server) -> {
                links.partition(List.of(List.of(server)));
                partition = fault;
                later(planned, () -> healPartition(fault));
            }
            case Fault.LeaderChange() -> cluster.changeLeader();
            case Fault.Crash(ServerId server) -> {
                cluster.crash(server);
                if (random.nextBoolean()) {
                    // The site's route is withdrawn only when a router has noticed.
                    cluster.queue()
                            .after(
                                    planned.span().dividedBy(3),
                                    () -> cluster.network().withdraw(server));
                }
                later(planned, () -> cluster.restart(server));
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
                cluster.configure();
            }
            case Fault.ClockSet(ServerId server, Duration offset) ->
                cluster.world().setClock(server, offset);
        }
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
