package org.anylease.chaos.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.anylease.store.cell.ServerId;

/**
 * What goes wrong in a run, and when.
 *
 * @param faults in order of time
 */
public record FaultPlan(List<Planned> faults) {
    private static final Duration CLOG_MAX = Duration.ofMillis(1_500);

    private static final List<Fault.ConfigChange.Change> CHANGES = List.of(Fault.ConfigChange.Change.values());

    /** Nothing goes wrong. */
    public static final FaultPlan NONE = new FaultPlan(List.of());

    /** Copies the list. */
    public FaultPlan {
        faults = List.copyOf(faults);
    }

    /**
     * A fault and its time.
     *
     * @param at when it begins
     * @param span how long it lasts, for those that last
     * @param fault what
     */
    public record Planned(Duration at, Duration span, Fault fault) {}

    /**
     * Draws a plan.
     *
     * @param random its dice
     * @param servers the servers
     * @param clients how many clients there are
     * @param window within which faults begin
     * @param skew bound on the difference of two clocks
     * @return the plan
     */
    public static FaultPlan draw(
            RandomGenerator random, List<ServerId> servers, int clients, Duration window, Duration skew) {
        List<Planned> planned = new ArrayList<>();
        int count = 3 + random.nextInt(10);
        for (int i = 0; i < count; i++) {
            Duration at = Duration.ofMillis(random.nextLong(window.toMillis()));
            Duration span = Duration.ofMillis(1_000 + (long) (Math.pow(random.nextDouble(), 2) * 90_000));
            planned.add(new Planned(at, span, fault(random, servers, clients, skew)));
        }
        planned.sort((one, other) -> one.at.compareTo(other.at));
        return new FaultPlan(planned);
    }

    private static Fault fault(RandomGenerator random, List<ServerId> servers, int clients, Duration skew) {
        ServerId server = servers.get(random.nextInt(servers.size()));
        return switch (random.nextInt(12)) {
            case 0, 1 -> new Fault.Partition(groups(random, servers));
            case 2 -> new Fault.Isolate(server);
            case 3 -> new Fault.LeaderChange();
            case 4, 5 -> new Fault.Crash(server);
            case 6 -> new Fault.Clog(server, Duration.ofMillis(1 + random.nextLong(CLOG_MAX.toMillis())));
            case 7, 8 -> new Fault.RouteFlip(random.nextDouble());
            case 9 -> new Fault.ClientReboot(random.nextInt(clients));
            case 10 -> new Fault.ConfigChange(CHANGES.get(random.nextInt(CHANGES.size())));
            default -> new Fault.ClockSet(server, offset(random, skew));
        };
    }

    /**
     * A clock's offset such that no two clocks differ by more than the skew.
     *
     * @param random dice
     * @param skew the bound
     * @return the offset from real time
     */
    public static Duration offset(RandomGenerator random, Duration skew) {
        return Duration.ofMillis(Math.round((random.nextDouble() - 0.5) * skew.toMillis() * 0.98));
    }

    private static List<List<ServerId>> groups(RandomGenerator random, List<ServerId> servers) {
        List<ServerId> left = new ArrayList<>();
        List<ServerId> right = new ArrayList<>();
        for (ServerId server : servers) {
            (random.nextBoolean() ? left : right).add(server);
        }
        return List.of(left, right);
    }
}
