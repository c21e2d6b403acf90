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
    private static final Duration FLAP_MAX = Duration.ofSeconds(12);
    private static final Duration SYNC_MAX = Duration.ofMillis(2_500);
    private static final Duration LEAP_MAX = Duration.ofMinutes(20);

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
        int count = 4 + random.nextInt(12);
        for (int i = 0; i < count; i++) {
            Duration at = Duration.ofMillis(random.nextLong(window.toMillis()));
            planned.add(new Planned(at, span(random, window), fault(random, servers, clients, skew)));
        }
        planned.sort((one, other) -> one.at.compareTo(other.at));
        return new FaultPlan(planned);
    }

    /** Mostly seconds; but one of four lasts longer than leases, and some longer than any lead. */
    private static Duration span(RandomGenerator random, Duration window) {
        double share = random.nextDouble();
        boolean longer = random.nextInt(4) == 0;
        double millis = longer ? share * window.toMillis() / 2 : share * share * 90_000;
        return Duration.ofMillis(1_000 + (long) millis);
    }

    private static Fault fault(RandomGenerator random, List<ServerId> servers, int clients, Duration skew) {
        ServerId server = servers.get(random.nextInt(servers.size()));
        ServerId other = servers.get(random.nextInt(servers.size()));
        List<ServerId> others =
                servers.stream().filter(any -> !any.equals(server)).toList();
        return switch (random.nextInt(26)) {
            case 0, 1 -> new Fault.Partition(groups(random, servers));
            case 2, 3, 4 -> new Fault.Cut(List.of(server), others, true);
            case 5 -> new Fault.Cut(List.of(server), others, false);
            case 6 -> new Fault.Cut(others, List.of(server), false);
            case 7 -> new Fault.Cut(List.of(server), List.of(other), random.nextBoolean());
            case 8 -> new Fault.Partition(servers.stream().map(List::of).toList());
            case 9 -> new Fault.Flapping(server, upTo(random, FLAP_MAX));
            case 10 -> new Fault.LeaderChange();
            case 11, 12, 13 -> new Fault.Crash(List.of(server));
            case 14 -> new Fault.Crash(servers);
            case 15 -> new Fault.Clog(server, upTo(random, CLOG_MAX));
            case 16 -> new Fault.RouteFlip(random.nextDouble());
            case 17 -> new Fault.ClientReboot(random.nextInt(clients));
            case 18, 19, 20 -> new Fault.ConfigChange(CHANGES.get(random.nextInt(CHANGES.size())));
            case 21 -> new Fault.ClockSet(server, offset(random, skew));
            case 22 -> new Fault.ClockLeap(server, leap(random, skew));
            case 23 -> new Fault.DiskFull(server);
            case 24 -> new Fault.DiskSlow(server, upTo(random, SYNC_MAX));
            default -> new Fault.DeclaredDown(server, random.nextBoolean());
        };
    }

    private static Duration upTo(RandomGenerator random, Duration most) {
        return Duration.ofMillis(1 + random.nextLong(most.toMillis()));
    }

    /** An offset that is wrong against every clock within the skew. */
    private static Duration leap(RandomGenerator random, Duration skew) {
        Duration far = skew.multipliedBy(2).plus(upTo(random, LEAP_MAX));
        return random.nextBoolean() ? far : far.negated();
    }

    /**
     * A clock's offset such that no two clocks differ by more than the skew.
     *
     * @param random dice
     * @param skew the bound
     * @return the offset from real time
     */
    public static Duration offset(RandomGenerator random, Duration skew) {
        return Duration.ofMillis(Math.round((random.nextDouble() - 0.5) * skew.toMillis() * 0.9));
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
