package org.anylease.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
import org.anylease.store.config.ComputedSettings;
import org.anylease.store.config.EscrowPolicy;
import org.anylease.store.config.LeaseTimes;
import org.anylease.store.config.Member;
import org.anylease.store.config.NetworkPolicy;
import org.anylease.store.config.NetworkPolicy.Identity;
import org.anylease.store.config.NetworkPolicy.Unprobed;
import org.anylease.store.config.Pool;
import org.anylease.store.config.PoolAccess;
import org.anylease.store.config.ReplySettings;
import org.anylease.store.config.Reservation;
import org.anylease.store.config.ServingRules;
import org.anylease.store.config.SharedNetwork;
import org.anylease.store.config.Subnet;
import org.anylease.store.lease.ClientId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CompileTest {
    private static ReplySettings options(Map<Integer, String> hex) {
        TreeMap<Integer, Octets> options = new TreeMap<>();
        hex.forEach((code, digits) -> options.put(code, Octets.parseHex(digits)));
        return new ReplySettings(options, null, null, null);
    }

    private static LeaseTimes times(String minimum, String standard, String maximum) {
        return new LeaseTimes(DurationText.parse(minimum), DurationText.parse(standard), DurationText.parse(maximum));
    }

    private static String ascii(String text) {
        return Octets.of(text.getBytes(StandardCharsets.US_ASCII)).toString();
    }

    @Test
    void theMinimalFileCompilesToOneCellWithTheDefaults() {
        CellConfig expected = new CellConfig(
                new CellId("default"),
                7,
                Ipv4.parse("192.0.2.67"),
                List.of(),
                List.of(new Member(new ServerId("dc1-a"), new SiteId("dc1"), List.of(Ipv4.parse("10.1.0.2")))),
                new CellTimers(
                        Duration.ofHours(24),
                        Duration.ofSeconds(5),
                        Duration.ofHours(24),
                        Duration.ofSeconds(30),
                        Duration.ofHours(24)),
                options(Map.of(6, "0a000035")),
                List.of(new SharedNetwork(
                        "office",
                        List.of(new Subnet(
                                Prefix.parse("10.0.0.0/24"),
                                List.of(new Pool(
                                        AddressRange.parse("10.0.0.10-10.0.0.200"),
                                        ReplySettings.NONE,
                                        times("5m", "1h", "24h"))),
                                List.of(),
                                options(Map.of(3, "0a000001")),
                                times("5m", "1h", "24h"))),
                        ReplySettings.NONE,
                        new NetworkPolicy(
                                true, Identity.CLIENT_IDENTIFIER, true, Duration.ofMillis(500), Unprobed.OFFER))));
        assertThat(Examples.system(Examples.example("minimal.yaml")).slices(7)).containsExactly(expected);
    }

    @Test
    void everyLevelOfTheFileWithManyFeaturesLandsWhereItBelongs() {
        List<CellConfig> slices =
                Examples.system(Examples.example("many-features.yaml")).slices(1);
        assertThat(slices).extracting(slice -> slice.cell().name()).containsExactly("labs", "north");
        CellConfig north = slices.get(1);
        assertThat(north.aliases()).containsExactly(Ipv4.parse("10.0.0.2"), Ipv4.parse("10.0.0.3"));
        assertThat(north.members())
                .extracting(member -> member.server().name())
                .containsExactly("dc1-a", "dc2-a", "dc2-b");
        assertThat(north.timers())
                .isEqualTo(new CellTimers(
                        Duration.ofHours(6),
                        Duration.ofSeconds(2),
                        Duration.ofDays(30),
                        Duration.ofMinutes(1),
                        Duration.ofHours(1),
                        Duration.ofHours(72),
                        Duration.ofMillis(500)));
        assertThat(north.escrow()).isEqualTo(new EscrowPolicy(64, 1000, Duration.ofDays(2)));
        assertThat(slices.get(0).escrow()).isEqualTo(new EscrowPolicy(32, 1000, Duration.ofDays(2)));
        TreeMap<Integer, Octets> cell = new TreeMap<>(options(Map.of(
                        6,
                        "0a000035:0a020035",
                        15,
                        ascii("example.net"),
                        42,
                        "0a00007b",
                        43,
                        "010400000000",
                        108,
                        "00000708",
                        114,
                        ascii("https://portal.example.net/api"),
                        119,
                        "05" + ascii("north") + "07" + ascii("example") + "03" + ascii("net") + "00" + "c006",
                        150,
                        "0a000009",
                        224,
                        ascii("https://assets.example.net/"),
                        226,
                        "03" + ascii("pkg") + "07" + ascii("example") + "03" + ascii("net") + "00"))
                .options());
        assertThat(north.settings())
                .isEqualTo(new ReplySettings(
                        cell,
                        Ipv4.parse("10.1.0.9"),
                        "tftp1",
                        "pxelinux.0",
                        new ServingRules(null, null, null, true, null, ServingRules.Bootp.RESERVED),
                        ComputedSettings.NONE));
        assertThat(north.networks()).containsExactly(office());
    }

    private static SharedNetwork office() {
        Subnet first = new Subnet(
                Prefix.parse("10.10.0.0/24"),
                List.of(
                        new Pool(
                                AddressRange.parse("10.10.0.20-10.10.0.99"),
                                ReplySettings.NONE,
                                times("5m", "4h", "7d"),
                                PoolAccess.OPEN,
                                90,
                                LeaseTimes.INFINITE),
                        new Pool(
                                AddressRange.parse("10.10.0.128-10.10.0.191"),
                                new ReplySettings(
                                        options(Map.of(15, ascii("guest.example.net")))
                                                .options(),
                                        null,
                                        null,
                                        "guest.0",
                                        new ServingRules(
                                                null, null, false, null, Duration.ofSeconds(3), ServingRules.Bootp.ALL),
                                        ComputedSettings.NONE),
                                times("1m", "10m", "20m"),
                                new PoolAccess(List.of("unknown", "per-port"), List.of("kiosks"), true),
                                90,
                                Duration.ofDays(30))),
                List.of(
                        reservation("10.10.0.5", hardware("01:02:00:00:00:00:01"), "printer", "4h", false),
                        reservation("10.10.0.6", identifier("01:02:00:00:00:00:02"), null, "7d", true),
                        reservation("10.10.0.7", hardware("06:00:00:5e:00:53:01"), null, "4h", false),
                        new Reservation(
                                Ipv4.parse("10.10.0.21"),
                                identifier(ascii("build-agent-7")),
                                null,
                                new ReplySettings(
                                        options(Map.of(12, ascii("agent7"), 225, "0003000e"))
                                                .options(),
                                        null,
                                        null,
                                        "agent.0"),
                                times("5m", "4h", "7d"),
                                false)),
                options(Map.of(3, "0a0a0001", 26, "0578", 28, "0a0a00ff", 121, "080a0a0a0001" + "000a0a0001")),
                times("5m", "4h", "7d"));
        Subnet second = new Subnet(
                Prefix.parse("10.10.1.0/24"),
                List.of(new Pool(
                        AddressRange.parse("10.10.1.10-10.10.1.250"),
                        ReplySettings.NONE,
                        times("5m", "2h", "7d"),
                        PoolAccess.OPEN,
                        90,
                        LeaseTimes.INFINITE)),
                List.of(),
                options(Map.of(3, "0a0a0101", 33, "0a0900000a0a0102")),
                times("5m", "2h", "7d"));
        return new SharedNetwork(
                "office",
                List.of(first, second),
                options(Map.of(2, "fffff1f0")),
                new NetworkPolicy(false, Identity.HARDWARE, false, Duration.ofSeconds(1), Unprobed.WITHHOLD));
    }

    private static ClientId hardware(String hex) {
        return new ClientId(ClientId.Kind.HARDWARE, Octets.parseHex(hex));
    }

    private static ClientId identifier(String hex) {
        return new ClientId(ClientId.Kind.CLIENT_IDENTIFIER, Octets.parseHex(hex));
    }

    private static Reservation reservation(
            String address, ClientId client, @Nullable String hostname, String lease, boolean own) {
        return new Reservation(
                Ipv4.parse(address), client, hostname, ReplySettings.NONE, times("5m", lease, "7d"), own);
    }

    @Test
    void theOrderOfSitesServersCellsAndNetworksDoesNotMatter() {
        String file = """
            service-address: 192.0.2.67
            cluster: example
            sites:
              b: { servers: { z: 10.1.0.3, y: 10.1.0.2 } }
              a: { servers: { x: 10.2.0.2 } }
            cells:
              two: { networks: { q: { subnets: { 10.9.0.0/24: { pools: [10.9.0.5] } } } } }
              one: { networks: { p: { subnets: { 10.8.0.0/24: { pools: [10.8.0.5] } } }, o: { subnets: { 10.7.0.0/24: { pools: [10.7.0.5] } } } } }
            """;
        String same = """
            cluster: example
            service-address: 192.0.2.67
            sites:
              a: { servers: { x: 10.2.0.2 } }
              b: { servers: { y: 10.1.0.2, z: 10.1.0.3 } }
            cells:
              one: { networks: { o: { subnets: { 10.7.0.0/24: { pools: [10.7.0.5] } } }, p: { subnets: { 10.8.0.0/24: { pools: [10.8.0.5] } } } } }
              two: { networks: { q: { subnets: { 10.9.0.0/24: { pools: [10.9.0.5] } } } } }
            """;
        assertThat(Examples.system(file).slices(1))
                .isEqualTo(Examples.system(same).slices(1));
    }

    @Test
    void defaultsGiveWayToWhatIsSaid() {
        assertThat(leaseTimes("lease: 2m")).isEqualTo(times("2m", "2m", "24h"));
        assertThat(leaseTimes("lease: 7d")).isEqualTo(times("5m", "7d", "7d"));
        assertThat(leaseTimes("max-lease: 10m")).isEqualTo(times("5m", "10m", "10m"));
        assertThat(leaseTimes("min-lease: 2h")).isEqualTo(times("2h", "2h", "24h"));
        assertThat(leaseTimes("timers: { longest-lease: 30m }")).isEqualTo(times("5m", "30m", "30m"));
        assertThat(leaseTimes("lease: infinite").maximum()).isEqualTo(LeaseTimes.INFINITE);
        assertThat(leaseTimes("max-lease: 1s")).isEqualTo(times("1s", "1s", "1s"));
    }

    private static LeaseTimes leaseTimes(String outermost) {
        CellConfig cell =
                Examples.system(Examples.around(outermost, "")).slices(1).getFirst();
        assertThat(cell.timers().longestLease())
                .isEqualTo(cell.networks()
                        .getFirst()
                        .subnets()
                        .getFirst()
                        .leaseTimes()
                        .maximum());
        return cell.networks()
                .getFirst()
                .subnets()
                .getFirst()
                .pools()
                .getFirst()
                .leaseTimes();
    }
}
