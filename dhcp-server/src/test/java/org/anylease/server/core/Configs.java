package org.anylease.server.core;

import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import org.anylease.store.address.AddressRange;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.address.Prefix;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.anylease.store.cell.SiteId;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.CellTimers;
import org.anylease.store.config.EscrowPolicy;
import org.anylease.store.config.LeaseTimes;
import org.anylease.store.config.Member;
import org.anylease.store.config.NetworkPolicy;
import org.anylease.store.config.NetworkPolicy.Identity;
import org.anylease.store.config.NetworkPolicy.Unprobed;
import org.anylease.store.config.Pool;
import org.anylease.store.config.ReplySettings;
import org.anylease.store.config.Reservation;
import org.anylease.store.config.SharedNetwork;
import org.anylease.store.config.Subnet;
import org.anylease.store.lease.ClientId;
import org.jspecify.annotations.Nullable;

/**
 * Configurations for tests: an office with eleven addresses, a lab of two subnets on one link, a kiosk of one address.
 */
final class Configs {
    static final CellId CELL = new CellId("c1");
    static final Ipv4 SERVICE = Ipv4.parse("192.0.2.1");
    static final Ipv4 ALIAS = Ipv4.parse("192.0.2.99");
    static final Ipv4 MEMBER_B = Ipv4.parse("198.51.100.2");
    static final Ipv4 OFFICE_RELAY = Ipv4.parse("10.0.0.1");
    static final Ipv4 LAB_RELAY = Ipv4.parse("10.1.0.1");
    static final Ipv4 KIOSK_RELAY = Ipv4.parse("10.9.0.1");
    static final Ipv4 RESERVED = Ipv4.parse("10.0.0.200");
    static final Octets RESERVED_HARDWARE = Octets.parseHex("01:02:00:00:00:00:77");
    static final Duration OFFER_HOLD = Duration.ofMinutes(2);

    static final LeaseTimes TIMES = new LeaseTimes(Duration.ofMinutes(1), Duration.ofHours(1), Duration.ofHours(8));

    private Configs() {}

    static NetworkPolicy policy() {
        return new NetworkPolicy(true, Identity.CLIENT_IDENTIFIER, true, Duration.ofMillis(500), Unprobed.OFFER);
    }

    static CellConfig standard() {
        return of(policy());
    }

    /** What {@link #standard} says, applied again. */
    static CellConfig again() {
        return of(policy(), 2, new EscrowPolicy(0, 0, Duration.ZERO));
    }

    static CellConfig of(NetworkPolicy policy) {
        // No escrow: what is written is what clients cause.
        return of(policy, 1, new EscrowPolicy(0, 0, Duration.ZERO));
    }

    /** Both servers are to have so many addresses of each network. */
    static CellConfig escrowing(int floor) {
        return of(policy(), 1, new EscrowPolicy(floor, 100, Duration.ofDays(1)));
    }

    private static CellConfig of(NetworkPolicy policy, long version, EscrowPolicy escrow) {
        return new CellConfig(
                CELL,
                version,
                SERVICE,
                List.of(ALIAS),
                List.of(member("a", "198.51.100.1"), member("b", "198.51.100.2")),
                new CellTimers(
                        Duration.ofDays(1), Duration.ofSeconds(5), Duration.ofDays(7), OFFER_HOLD, Duration.ofHours(1)),
                ReplySettings.NONE,
                List.of(office(policy), lab(policy), kiosk(policy)),
                escrow);
    }

    private static Member member(String name, String address) {
        return new Member(new ServerId(name), new SiteId("site-" + name), List.of(Ipv4.parse(address)));
    }

    private static SharedNetwork office(NetworkPolicy policy) {
        TreeMap<Integer, Octets> options = new TreeMap<>();
        options.put(3, Octets.parseHex("0a:00:00:01"));
        options.put(6, Octets.parseHex("0a:00:00:35"));
        options.put(15, Octets.of((byte) 'x'));
        options.put(42, Octets.parseHex("0a:00:00:7b"));
        ReplySettings settings = new ReplySettings(options, Ipv4.parse("10.0.0.69"), "tftp", "boot.img");
        Reservation reservation = new Reservation(
                RESERVED,
                new ClientId(ClientId.Kind.HARDWARE, RESERVED_HARDWARE),
                "printer",
                ReplySettings.NONE,
                TIMES);
        return new SharedNetwork(
                "office",
                List.of(subnet("10.0.0.0/24", "10.0.0.10-10.0.0.20", settings, reservation)),
                ReplySettings.NONE,
                policy);
    }

    private static SharedNetwork lab(NetworkPolicy policy) {
        return new SharedNetwork(
                "lab",
                List.of(
                        subnet("10.1.0.0/24", "10.1.0.10-10.1.0.11", ReplySettings.NONE, null),
                        subnet("10.2.0.0/24", "10.2.0.10-10.2.0.99", ReplySettings.NONE, null)),
                ReplySettings.NONE,
                policy);
    }

    private static SharedNetwork kiosk(NetworkPolicy policy) {
        return new SharedNetwork(
                "kiosk",
                List.of(subnet("10.9.0.0/24", "10.9.0.10-10.9.0.10", ReplySettings.NONE, null)),
                ReplySettings.NONE,
                policy);
    }

    private static Subnet subnet(String prefix, String pool, ReplySettings settings, @Nullable Reservation kept) {
        return new Subnet(
                Prefix.parse(prefix),
                List.of(new Pool(AddressRange.parse(pool), ReplySettings.NONE, TIMES)),
                kept == null ? List.of() : List.of(kept),
                settings,
                TIMES);
    }
}
