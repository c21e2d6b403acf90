package org.anylease.chaos.sim;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.anylease.store.cell.ServerId;

/** The paths between servers: which are cut, which are slow. */
final class Links {
    private static final Duration LEAST = Duration.ofNanos(200_000);

    private final RandomGenerator random;
    private final Conditions conditions;
    private final TreeSet<ServerId> up = new TreeSet<>();
    private final TreeMap<ServerId, Integer> sides = new TreeMap<>();
    private final TreeMap<ServerId, Duration> clogs = new TreeMap<>();
    private final TreeMap<ServerId, TreeMap<ServerId, Integer>> cuts = new TreeMap<>();

    Links(RandomGenerator random, Conditions conditions) {
        this.random = random;
        this.conditions = conditions;
    }

    void up(ServerId server) {
        up.add(server);
    }

    void down(ServerId server) {
        up.remove(server);
    }

    boolean isUp(ServerId server) {
        return up.contains(server);
    }

    /** Cuts between the groups; servers in none of them form one more. */
    void partition(List<? extends Collection<ServerId>> groups) {
        sides.clear();
        for (int i = 0; i < groups.size(); i++) {
            for (ServerId server : groups.get(i)) {
                sides.put(server, i + 1);
            }
        }
    }

    /** Cuts the way from one server to another, not the way back. */
    void cut(ServerId from, ServerId to) {
        cuts.computeIfAbsent(from, _ -> new TreeMap<>()).merge(to, 1, Integer::sum);
    }

    /** Ends one cut of a way; what was cut twice is to be mended twice. */
    void mend(ServerId from, ServerId to) {
        TreeMap<ServerId, Integer> ways = cuts.get(from);
        if (ways != null) {
            ways.computeIfPresent(to, (_, times) -> times > 1 ? times - 1 : null);
        }
    }

    void clog(ServerId server, Duration delay) {
        clogs.put(server, delay);
    }

    void unclog(ServerId server) {
        clogs.remove(server);
    }

    void heal() {
        sides.clear();
        cuts.clear();
        clogs.clear();
    }

    /** Whether what one server says gets to another. */
    boolean reaches(ServerId from, ServerId to) {
        boolean sameSide = sides.getOrDefault(from, 0).equals(sides.getOrDefault(to, 0));
        TreeMap<ServerId, Integer> cutOff = cuts.get(from);
        boolean cut = cutOff != null && cutOff.containsKey(to);
        return up.contains(from) && up.contains(to) && (from.equals(to) || (sameSide && !cut));
    }

    /** Whether two servers hear each other. */
    boolean connected(ServerId one, ServerId other) {
        return reaches(one, other) && reaches(other, one);
    }

    /** How long one message takes. */
    Duration delay(ServerId from, ServerId to) {
        if (from.equals(to)) {
            return Duration.ofNanos(20_000);
        }
        Duration clog = clogs.getOrDefault(from, Duration.ZERO).plus(clogs.getOrDefault(to, Duration.ZERO));
        return Dice.between(random, LEAST, conditions.serverDelay()).plus(clog);
    }

    boolean loses() {
        return Dice.chance(random, conditions.serverLoss());
    }

    /** Whether a server reaches more than half of a set, itself included. */
    boolean reachesMajority(ServerId server, Collection<ServerId> voters) {
        int reached = 0;
        for (ServerId voter : voters) {
            reached += connected(server, voter) ? 1 : 0;
        }
        return reached * 2 > voters.size();
    }
}
