package org.anylease.server.isc.leases;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.anylease.server.config.ConfigFile;
import org.anylease.server.config.ConfigReading;
import org.anylease.server.config.ConfigSource;
import org.anylease.server.config.SystemConfig;
import org.anylease.server.isc.IscResources;
import org.anylease.server.isc.convert.Finding;
import org.anylease.server.isc.convert.Verdict;
import org.anylease.server.isc.leases.LeaseConversion.Declarations;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.cell.CellId;
import org.anylease.store.config.CellConfig;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.ClientId;
import org.anylease.store.lease.LeaseClient;
import org.junit.jupiter.api.Test;

final class LeaseFileTest {
    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
    private static final String SYSTEM = """
        cluster: test
        service-address: 192.0.2.67
        sites: { one: { servers: { one-a: 192.0.2.1 } } }
        cells:
          east:
            networks:
              office:
                subnets:
                  10.0.0.0/24: { pools: [10.0.0.10-10.0.0.199] }
          west:
            networks:
              lab:
                identity: hardware
                subnets:
                  10.1.0.0/24: { pools: [10.1.0.10-10.1.0.199] }
        """;

    static List<CellConfig> cells() {
        ConfigReading<SystemConfig> reading = ConfigFile.system(ConfigSource.of("anylease.yaml", SYSTEM));
        if (reading instanceof ConfigReading.Accepted<SystemConfig> accepted) {
            return accepted.value().slices(1);
        }
        throw new AssertionError(reading.problems());
    }

    private static LeaseConversion converted(String text) {
        return LeaseConversion.of(LeaseFile.read("f", text), cells(), Declarations.LEFT_OUT, NOW);
    }

    private static LeaseConversion states() {
        return converted(IscResources.text(Path.of("src/test/resources/isc/leases/states.leases")));
    }

    private static Binding binding(LeaseConversion conversion, String address) {
        return conversion.bindings().values().stream()
                .flatMap(List::stream)
                .filter(one -> one.address().equals(Ipv4.parse(address)))
                .findFirst()
                .orElseThrow();
    }

    private static LeaseClient client(Binding binding) {
        return Objects.requireNonNull(binding.client());
    }

    private static Finding finding(LeaseConversion conversion, String begin) {
        return conversion.findings().stream()
                .filter(finding -> finding.toString().startsWith(begin))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyEntryHasAFindingInTheOrderOfTheFile() {
        LeaseConversion conversion = states();
        LeaseFile file = LeaseFile.read("f", IscResources.text(Path.of("src/test/resources/isc/leases/states.leases")));
        assertThat(conversion.findings()).hasSize(file.entries());
        assertThat(conversion.findings())
                .isSortedAccordingTo(Comparator.comparingInt(one -> one.at().line()));
        assertThat(conversion.counts())
                .isEqualTo("14 converted, 5 converted with a difference, 5 not supported, 2 malformed");
        assertThat(conversion.report(false))
                .contains("26 entries of f: " + conversion.counts())
                .contains("bindings: 1 abandoned, 6 active, 2 expired, 1 free, 1 released"
                        .replace("6 active", "7 active"));
        assertThat(conversion.report(true)).hasSize(28);
    }

    @Test
    void keepsClientTimesHostnameAndOption82() {
        Binding ten = binding(states(), "10.0.0.10");
        LeaseClient client = new LeaseClient(
                new ClientId(ClientId.Kind.CLIENT_IDENTIFIER, Octets.parseHex("01:02:00:00:00:00:10")),
                Octets.parseHex("01:02:00:00:00:00:10"),
                "ten",
                Octets.parseHex("01:04:00:04:0a:ff:02:06:72:65:6d:6f:74:65:05:04:0a:00:00:00:97:02:01:02"),
                Ipv4.UNSPECIFIED);
        assertThat(ten.state()).isEqualTo(BindingState.ACTIVE);
        assertThat(ten.client()).as("the last entry counts").isEqualTo(client);
        assertThat(ten.start()).isEqualTo("2026-11-26T10:00:00Z");
        assertThat(ten.end()).isEqualTo("2026-11-26T20:00:00Z");
        assertThat(ten.lastSeen()).isEqualTo("2026-11-26T11:00:00Z");
        Binding eleven = binding(states(), "10.0.0.11");
        assertThat(eleven.start()).as("epoch").isEqualTo("2026-11-26T10:00:00Z");
        assertThat(eleven.end()).isEqualTo("2026-11-26T20:00:00Z");
        assertThat(client(eleven).id().value()).isEqualTo(Octets.parseHex("ff:00:00:00:11:00:01"));
    }

    @Test
    void knowsClientsAsTheServerWill() {
        LeaseConversion conversion = states();
        Binding twelve = binding(conversion, "10.0.0.12");
        assertThat(client(twelve).id().kind())
                .as("an identifier of one octet is none")
                .isEqualTo(ClientId.Kind.HARDWARE);
        assertThat(twelve.end()).as("never").isEqualTo(Binding.TIME_MAX);
        assertThat(finding(conversion, "f:49:1").what()).contains("never ends");
        Binding west = binding(conversion, "10.1.0.10");
        assertThat(client(west).id())
                .as("this network goes by hardware")
                .isEqualTo(new ClientId(ClientId.Kind.HARDWARE, Octets.parseHex("01:02:00:00:00:10:10")));
        assertThat(conversion.bindings().get(new CellId("west"))).containsExactly(west);
    }

    @Test
    void whatIsOverKeepsItsMeaning() {
        LeaseConversion conversion = states();
        assertThat(binding(conversion, "10.0.0.13").state()).as("it ran out").isEqualTo(BindingState.EXPIRED);
        Binding free = binding(conversion, "10.0.0.14");
        assertThat(free.state()).isEqualTo(BindingState.FREE);
        assertThat(client(free).hostname()).as("the last client").isEqualTo("fourteen");
        assertThat(binding(conversion, "10.0.0.15").state()).isEqualTo(BindingState.RELEASED);
        assertThat(binding(conversion, "10.0.0.16").state()).isEqualTo(BindingState.EXPIRED);
        Binding abandoned = binding(conversion, "10.0.0.17");
        assertThat(abandoned.state()).isEqualTo(BindingState.ABANDONED);
        assertThat(abandoned.end()).as("of quarantine").isEqualTo("2026-11-27T11:00:00Z");
        assertThat(finding(conversion, "f:101:1").what()).contains("quarantine is over");
        assertThat(finding(conversion, "f:107:1").what()).contains("nobody is known to have had it");
    }

    @Test
    void saysWhatDiffersAndWhatIsNotSupported() {
        LeaseConversion conversion = states();
        assertThat(finding(conversion, "f:111:1").toString())
                .contains("write a reservation")
                .contains("BOOTP client's")
                .contains("class are not counted")
                .contains("name that dhcpd put into DNS is not removed")
                .contains("variables are not kept: site")
                .contains("on expiry or release is not done");
        assertThat(finding(conversion, "f:9:1").what()).contains("normal state");
        assertThat(finding(conversion, "f:7:1").verdict()).isEqualTo(Verdict.UNSUPPORTED);
        assertThat(finding(conversion, "f:128:1").what()).contains("neither client identifier nor hardware");
        assertThat(finding(conversion, "f:145:1").what()).contains("no pool has the address");
        assertThat(finding(conversion, "f:151:1").what()).contains("no subnet");
        assertThat(finding(conversion, "f:165:1").instead()).contains("import isc");
        assertThat(finding(conversion, "f:179:1").what()).contains("DHCPv6");
    }

    @Test
    void whatIsMalformedIsToldAndAnEarlierEntryCounts() {
        LeaseConversion conversion = states();
        Finding date = finding(conversion, "f:141:3");
        assertThat(date.verdict()).isEqualTo(Verdict.MALFORMED);
        assertThat(date.what()).contains("'4 2026/13/26 20:00:00' is no date");
        assertThat(client(binding(conversion, "10.0.0.22")).hardware())
                .isEqualTo(Octets.parseHex("01:02:00:00:00:00:22"));
        assertThat(conversion.findings().getLast().verdict())
                .as("dhcpd was stopped while it wrote the last entry")
                .isEqualTo(Verdict.MALFORMED);
    }

    @Test
    void declarationsMadeAtRunTimeGoIntoTheConfiguration() {
        LeaseFile file = LeaseFile.read("f", IscResources.text(Path.of("src/test/resources/isc/leases/states.leases")));
        assertThat(file.declarations())
                .singleElement()
                .satisfies(host -> assertThat(host.origin().source()).isEqualTo("host made"));
        LeaseConversion conversion = LeaseConversion.of(file, cells(), Declarations.TOLD_ELSEWHERE, NOW);
        assertThat(conversion.findings()).hasSize(file.entries() - 1);
    }

    @Test
    void aPairThatWasNotNormalMayHaveNewerLeasesOnItsPeer() {
        LeaseConversion conversion = converted("""
            failover peer "pair" state {
              my state communications-interrupted at 4 2026/11/26 09:00:00;
            }
            """);
        assertThat(conversion.findings().getFirst().toString())
                .contains("'communications-interrupted'")
                .contains("import the peer's lease file as well");
    }

    @Test
    void theLastStateOfAPairCounts() {
        LeaseConversion conversion = converted("""
            failover peer "pair" state {
              my state recover at 4 2026/11/26 08:00:00;
              partner state unknown-state at 4 2026/11/26 08:00:00;
            }
            failover peer "pair" state {
              my state normal at 4 2026/11/26 09:00:00;
              partner state normal at 4 2026/11/26 09:00:00;
            }
            """);
        assertThat(conversion.counts())
                .isEqualTo("1 converted, 1 converted with a difference, 0 not supported, 0 malformed");
        assertThat(conversion.findings().getFirst().what()).isEqualTo("a later entry counts");
        assertThat(conversion.findings().getLast().what()).contains("was in its normal state");
    }

    @Test
    void alikeFindingsAreCountedInTheShortReport() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 9; i++) {
            text.append("lease 192.168.0.").append(i).append(" { binding state active; ends never; }\n");
        }
        LeaseConversion conversion = converted(text.toString());
        assertThat(conversion.report(false))
                .hasSize(6)
                .contains("6 more are not supported: no subnet of the configuration has the address");
        assertThat(conversion.report(true)).hasSize(11);
    }
}
