package org.anylease.server.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.anylease.server.config.SystemConfig.Cell;
import org.anylease.server.config.SystemConfig.Network;
import org.anylease.server.config.SystemConfig.Server;
import org.anylease.server.config.SystemConfig.Site;
import org.anylease.store.cell.ServerId;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.LeaseTimes;
import org.anylease.store.config.Member;
import org.anylease.store.config.Pool;
import org.anylease.store.config.PoolAccess;
import org.anylease.store.config.Reservation;
import org.anylease.store.config.ServingRules;
import org.anylease.store.config.SharedNetwork;
import org.anylease.store.config.Subnet;
import org.jspecify.annotations.Nullable;

/**
 * Compiles the system file into slices. What replies carry stays on its level, for the server to look up from the
 * inside out; lease times and policies are resolved here, since the cell decides by them.
 */
final class Slices {
    private final SystemConfig system;
    private final long version;

    /** What the levels around say that the cell decides by. */
    private record Around(LeaseTimeSettings times, ServingRules serving, PoolingSettings pooling) {
        Around(LevelSettings outermost) {
            this(outermost.times(), outermost.replies().serving(), outermost.pooling());
        }

        Around within(LevelSettings level) {
            return new Around(
                    level.times().over(times),
                    level.replies().serving().over(serving),
                    level.pooling().over(pooling));
        }
    }

    Slices(SystemConfig system, long version) {
        this.system = system;
        this.version = version;
    }

    List<CellConfig> all() {
        return system.cells().stream()
                .sorted(Comparator.comparing(Cell::id))
                .map(this::slice)
                .toList();
    }

    private CellConfig slice(Cell cell) {
        TimerSettings timers = cell.timers().over(system.timers());
        EscrowSettings escrow = cell.escrow().over(system.escrow());
        List<SharedNetwork> networks = cell.networks().stream()
                .sorted(Comparator.comparing(Network::name))
                .map(network -> network(cell, network, timers.longestLease()))
                .toList();
        Stream<Duration> renewed = networks.stream()
                .flatMap(network -> network.subnets().stream())
                .flatMap(subnet -> times(subnet).stream())
                .flatMap(times -> Stream.concat(
                        Stream.of(times),
                        system.classes().stream().map(each -> each.times().over(times))))
                .map(LeaseTimes::maximum);
        Duration longest = Stream.concat(renewed, bootpLeases(networks))
                .max(Comparator.naturalOrder())
                .orElseThrow();
        return new CellConfig(
                cell.id(),
                version,
                system.serviceAddress(),
                system.aliases(),
                cell.servers().stream().map(this::member).toList(),
                timers.inForce(longest, escrow.termInForce()),
                cell.level().replies().over(system.level().replies()),
                networks,
                escrow.inForce(),
                system.classes());
    }

    /** How long those have their addresses who cannot renew. */
    private static Stream<Duration> bootpLeases(List<SharedNetwork> networks) {
        return networks.stream()
                .flatMap(network -> network.subnets().stream())
                .flatMap(subnet -> subnet.pools().stream())
                .filter(pool -> pool.access().bootp())
                .map(Pool::bootpLease);
    }

    private Member member(ServerId id) {
        Site site = system.siteOf(id).orElseThrow();
        Server server = site.servers().stream()
                .filter(any -> any.id().equals(id))
                .findFirst()
                .orElseThrow();
        return new Member(id, site.id(), server.addresses());
    }

    private SharedNetwork network(Cell cell, Network network, @Nullable Duration longest) {
        Around around = new Around(system.level()).within(cell.level()).within(network.level());
        return new SharedNetwork(
                network.name(),
                network.subnets().stream()
                        .map(subnet -> subnet(subnet, around, longest))
                        .toList(),
                network.level().replies(),
                network.policy().over(cell.policy()).over(system.policy()).inForce(),
                network.vpn());
    }

    private static Subnet subnet(SystemConfig.Subnet subnet, Around outer, @Nullable Duration longest) {
        Around around = outer.within(subnet.level());
        LeaseTimeSettings times = around.times;
        return new Subnet(
                subnet.prefix(),
                subnet.pools().stream()
                        .map(pool -> pool(pool, around.within(pool.level()), longest))
                        .toList(),
                subnet.reservations().stream()
                        .sorted(Comparator.comparing(SystemConfig.Reservation::address))
                        .map(reservation -> new Reservation(
                                reservation.address(),
                                reservation.client(),
                                reservation.hostname(),
                                reservation.level().replies(),
                                reservation.level().times().over(times).inForce(longest),
                                !reservation.level().times().equals(LeaseTimeSettings.NONE)))
                        .toList(),
                subnet.level().replies(),
                times.inForce(longest));
    }

    private static Pool pool(SystemConfig.Pool pool, Around around, @Nullable Duration longest) {
        PoolAccess access = pool.access();
        return new Pool(
                pool.range(),
                pool.level().replies(),
                around.times.inForce(longest),
                new PoolAccess(access.allow(), access.deny(), around.serving.pooledBootp()),
                around.pooling.shortAboveInForce(),
                around.pooling.bootpLeaseInForce());
    }

    private static List<LeaseTimes> times(Subnet subnet) {
        List<LeaseTimes> times = new ArrayList<>();
        times.add(subnet.leaseTimes());
        subnet.pools().forEach(pool -> times.add(pool.leaseTimes()));
        subnet.reservations().forEach(reservation -> times.add(reservation.leaseTimes()));
        return times;
    }
}
