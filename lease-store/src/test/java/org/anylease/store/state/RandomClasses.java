package org.anylease.store.state;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.anylease.store.address.Octets;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.ClassTimes;
import org.anylease.store.config.ClientClass;
import org.anylease.store.config.Pool;
import org.anylease.store.config.PoolAccess;
import org.anylease.store.config.ReplySettings;
import org.anylease.store.config.SharedNetwork;
import org.anylease.store.config.Subnet;
import org.anylease.store.lease.ClassMembership;

/** Chance for {@link NaiveModelTest}: a class {@code x}, and a class {@code k} whose leases are counted by value. */
final class RandomClasses {
    private final Random random;

    RandomClasses(Random random) {
        this.random = random;
    }

    List<ClassMembership> ofAClient() {
        List<ClassMembership> classes = new ArrayList<>();
        if (random.nextInt(3) == 0) {
            classes.add(new ClassMembership("x", Octets.EMPTY));
        }
        if (random.nextInt(3) == 0) {
            classes.add(new ClassMembership("k", Octets.of((byte) random.nextInt(3))));
        }
        if (random.nextInt(7) == 0) {
            classes.add(new ClassMembership("bootp", Octets.EMPTY));
        }
        return classes;
    }

    /** The same with classes, and with pools that are not for everybody. */
    CellConfig in(CellConfig config) {
        ClassTimes times = random.nextBoolean()
                ? ClassTimes.NONE
                : new ClassTimes(null, Duration.ofMinutes(10), Duration.ofMinutes(30));
        ClientClass x =
                new ClientClass("x", "true", null, false, random.nextInt(4), List.of(), ReplySettings.NONE, times);
        ClientClass k = new ClientClass(
                "k",
                null,
                "hardware",
                true,
                random.nextInt(3),
                List.of(new ClientClass.Member(Octets.of((byte) 1), random.nextInt(5), ReplySettings.NONE)),
                ReplySettings.NONE,
                ClassTimes.NONE);
        return new CellConfig(
                config.cell(),
                config.version(),
                config.serverIdentifier(),
                config.aliases(),
                config.members(),
                config.timers(),
                config.settings(),
                config.networks().stream().map(this::restricted).toList(),
                config.escrow(),
                List.of(x, k));
    }

    private SharedNetwork restricted(SharedNetwork network) {
        return new SharedNetwork(
                network.name(),
                network.subnets().stream()
                        .map(subnet -> new Subnet(
                                subnet.prefix(),
                                subnet.pools().stream()
                                        .map(pool -> new Pool(
                                                pool.range(),
                                                pool.settings(),
                                                pool.leaseTimes(),
                                                bootp(access()),
                                                random.nextInt(3) * 30,
                                                Duration.ofHours(1 + random.nextInt(20))))
                                        .toList(),
                                subnet.reservations(),
                                subnet.settings(),
                                subnet.leaseTimes()))
                        .toList(),
                network.settings(),
                network.policy());
    }

    private PoolAccess bootp(PoolAccess access) {
        return random.nextBoolean() ? access : new PoolAccess(access.allow(), access.deny(), true);
    }

    private PoolAccess access() {
        return switch (random.nextInt(7)) {
            case 0 -> new PoolAccess(List.of("x"), List.of());
            case 1 -> new PoolAccess(List.of(), List.of("x"));
            case 2 -> new PoolAccess(List.of("known", "k"), List.of());
            case 3 -> new PoolAccess(List.of("unknown"), List.of("k"));
            default -> PoolAccess.OPEN;
        };
    }
}
