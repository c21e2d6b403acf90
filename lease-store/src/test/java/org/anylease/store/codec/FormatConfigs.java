package org.anylease.store.codec;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.CellTimers;
import org.anylease.store.config.ClassTimes;
import org.anylease.store.config.ClientClass;
import org.anylease.store.config.ComputedSettings;
import org.anylease.store.config.ComputedValue;
import org.anylease.store.config.EscrowPolicy;
import org.anylease.store.config.Pool;
import org.anylease.store.config.PoolAccess;
import org.anylease.store.config.ReplySettings;
import org.anylease.store.config.Reservation;
import org.anylease.store.config.ServingRules;
import org.anylease.store.config.SharedNetwork;
import org.anylease.store.config.Subnet;
import org.anylease.store.state.Cells;

/** Configurations that use all that a format could say. */
final class FormatConfigs {
    private FormatConfigs() {}

    /** What format 4 can say. */
    static CellConfig fourth() {
        CellConfig third = third();
        ReplySettings plain = third.settings();
        TreeMap<Integer, ComputedValue> options = new TreeMap<>();
        options.put(15, new ComputedValue("host-name", 1, 255));
        options.put(6, new ComputedValue("configured[3]", 4, 1024));
        ComputedSettings computed = new ComputedSettings(
                options,
                new ComputedValue("lease.address", 4, 4),
                new ComputedValue("option[60]", 1, 63),
                new ComputedValue("option[77]", 1, 127));
        List<ClientClass> classes = new ArrayList<>(third.classes());
        ClientClass perPort = classes.removeLast();
        classes.add(new ClientClass(
                perPort.name(),
                perPort.match(),
                perPort.key(),
                perPort.open(),
                perPort.limit(),
                List.of(new ClientClass.Member(
                        Octets.parseHex("0007"),
                        9,
                        new ReplySettings(
                                new TreeMap<>(),
                                null,
                                null,
                                null,
                                ServingRules.NONE,
                                new ComputedSettings(options, null, null, null)))),
                perPort.settings(),
                perPort.times()));
        return new CellConfig(
                third.cell(),
                third.version(),
                third.serverIdentifier(),
                third.aliases(),
                third.members(),
                third.timers(),
                new ReplySettings(
                        plain.options(),
                        plain.nextServer(),
                        plain.serverName(),
                        plain.bootFile(),
                        ServingRules.NONE,
                        computed),
                List.of(served(third.networks().getFirst())),
                third.escrow(),
                classes);
    }

    private static SharedNetwork served(SharedNetwork lan) {
        Subnet subnet = lan.subnets().getFirst();
        Pool pool = subnet.pools().getFirst();
        Pool served = new Pool(
                pool.range(),
                pool.settings(),
                pool.leaseTimes(),
                new PoolAccess(pool.access().allow(), pool.access().deny(), true),
                80,
                Duration.ofDays(30));
        ServingRules rules =
                new ServingRules(true, false, null, true, Duration.ofSeconds(3), ServingRules.Bootp.RESERVED);
        ReplySettings settings = subnet.settings();
        return new SharedNetwork(
                lan.name(),
                List.of(new Subnet(
                        subnet.prefix(),
                        List.of(served),
                        subnet.reservations(),
                        new ReplySettings(
                                settings.options(),
                                settings.nextServer(),
                                settings.serverName(),
                                settings.bootFile(),
                                rules,
                                ComputedSettings.NONE),
                        subnet.leaseTimes())),
                lan.settings(),
                lan.policy(),
                Octets.parseHex("00626c7565"));
    }

    /** What format 3 could say. */
    static CellConfig third() {
        CellConfig second = second();
        SharedNetwork lan = second.networks().getFirst();
        Subnet subnet = lan.subnets().getFirst();
        Pool pool = subnet.pools().getFirst();
        Pool shut = new Pool(
                pool.range(),
                pool.settings(),
                pool.leaseTimes(),
                new PoolAccess(List.of("phones", PoolAccess.KNOWN), List.of("per-port")));
        Reservation kept = subnet.reservations().getFirst();
        Reservation plain =
                new Reservation(kept.address(), kept.key(), kept.hostname(), kept.settings(), kept.leaseTimes(), false);
        SharedNetwork classed = new SharedNetwork(
                lan.name(),
                List.of(new Subnet(
                        subnet.prefix(), List.of(shut), List.of(plain), subnet.settings(), subnet.leaseTimes())),
                lan.settings(),
                lan.policy());
        return new CellConfig(
                second.cell(),
                second.version(),
                second.serverIdentifier(),
                second.aliases(),
                second.members(),
                second.timers(),
                second.settings(),
                List.of(classed),
                second.escrow(),
                List.of(
                        new ClientClass(
                                "phones",
                                "option[60] == \"p\"",
                                null,
                                false,
                                0,
                                List.of(),
                                second.settings(),
                                new ClassTimes(null, Duration.ofMinutes(10), Duration.ofHours(2))),
                        new ClientClass(
                                "per-port",
                                null,
                                "relay.circuit-id",
                                true,
                                4,
                                List.of(new ClientClass.Member(Octets.parseHex("0007"), 9, ReplySettings.NONE)),
                                ReplySettings.NONE,
                                ClassTimes.NONE)));
    }

    /** What format 2 could say. */
    static CellConfig second() {
        TreeMap<Integer, Octets> options = new TreeMap<>();
        options.put(3, Octets.parseHex("0a000001"));
        ReplySettings settings = new ReplySettings(options, Ipv4.parse("10.0.0.2"), "tftp", "boot/x");
        SharedNetwork lan = Cells.network(
                "lan",
                true,
                Cells.subnet(
                        "10.0.0.0/24", List.of("10.0.0.10-10.0.0.20"), Cells.reservation("10.0.0.5", Cells.client(5))));
        CellConfig plain = Cells.config(7, lan);
        CellTimers timers = new CellTimers(
                plain.timers().mclt(),
                plain.timers().skew(),
                plain.timers().longestLease(),
                plain.timers().offerHold(),
                plain.timers().quarantine(),
                Duration.ofHours(5),
                Duration.ofMillis(250));
        return config(plain, settings, timers, new EscrowPolicy(3, 70, Duration.ofHours(6)));
    }

    /** What format 1 could say, and the rest as where nobody says anything. */
    static CellConfig first() {
        CellConfig config = second();
        return config(config, config.settings(), Cells.TIMERS, EscrowPolicy.STANDARD);
    }

    private static CellConfig config(CellConfig like, ReplySettings settings, CellTimers timers, EscrowPolicy escrow) {
        return new CellConfig(
                like.cell(),
                7,
                like.serverIdentifier(),
                List.of(Ipv4.parse("10.9.9.9")),
                like.members(),
                timers,
                settings,
                like.networks(),
                escrow);
    }
}
