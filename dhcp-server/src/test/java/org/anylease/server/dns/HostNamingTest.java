package org.anylease.server.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.Options;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.address.Prefix;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.dns.DnsRecord;
import org.anylease.store.dns.DnsRecord.Style;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.ClientId;
import org.anylease.store.lease.LeaseClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which name a client gets, and what it is told of it (RFC 4702 §4). */
final class HostNamingTest {
    private static final Ipv4 ADDRESS = Ipv4.parse("10.0.0.7");

    private static HostNaming naming(boolean clientUpdates, @Nullable String generated, DnsPolicy.Place... places) {
        List<DnsPolicy.Zone> zones = List.of(
                new DnsPolicy.Zone("example.net", List.of(Ipv4.parse("10.0.0.53")), 53, null),
                new DnsPolicy.Zone("0.0.10.in-addr.arpa", List.of(Ipv4.parse("10.0.0.53")), 53, null));
        DnsPolicy.Names names =
                new DnsPolicy.Names("dyn.example.net", DnsPolicy.Updates.BOTH, true, Duration.ofMinutes(10), generated);
        return new HostNaming(new DnsPolicy(Style.STANDARD, zones, clientUpdates, names, List.of(places)));
    }

    private static Binding lease(String kept) {
        Octets hardware = Octets.parseHex("01020000000001");
        LeaseClient client = new LeaseClient(
                new ClientId(ClientId.Kind.HARDWARE, hardware), hardware, kept, Octets.EMPTY, Ipv4.UNSPECIFIED);
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        return Binding.neverUsed(ADDRESS, 1)
                .bind(new LogIndex(5), client, now, now.plusSeconds(3600), new ServerId("dc1-a"), 0);
    }

    private static String name(HostNaming naming, String kept) {
        return naming.wanted(lease(kept), null).map(DnsRecord::name).orElse("none");
    }

    @Test
    void hostNameIsCompletedAndCleaned() {
        HostNaming naming = naming(false, null);
        assertThat(name(naming, "PC7")).isEqualTo("pc7.dyn.example.net");
        assertThat(name(naming, "pc7.example.net")).isEqualTo("pc7.example.net");
        assertThat(name(naming, "pc7.elsewhere.org")).isEqualTo("pc7.dyn.example.net");
        assertThat(name(naming, "Anna's phone!")).isEqualTo("anna-s-phone.dyn.example.net");
        assertThat(name(naming, "example.net")).isEqualTo("example.dyn.example.net");
        assertThat(name(naming, "x".repeat(200))).isEqualTo("x".repeat(63) + ".dyn.example.net");
        assertThat(name(naming, "")).isEqualTo("none");
        assertThat(name(naming, "---")).isEqualTo("none");
    }

    @Test
    void nameOfAReservationGoesFirst() {
        HostNaming naming = naming(true, null);
        assertThat(naming.wanted(lease("pc7"), "printer").orElseThrow().name()).isEqualTo("printer.dyn.example.net");
        ClientFqdn own = new ClientFqdn(false, false, true, false, "pc7.example.net", true);
        assertThat(naming.answer(own, "pc7.example.net.", ADDRESS, true, "printer"))
                .isEqualTo(new ClientFqdn(true, true, true, false, "printer.dyn.example.net", true));
    }

    @Test
    void clientWithoutANameGetsAGeneratedOne() {
        assertThat(name(naming(false, "dhcp-{address}"), "")).isEqualTo("dhcp-10-0-0-7.dyn.example.net");
    }

    private static Options options(ClientFqdn wish) {
        return Options.builder()
                .string(OptionCode.HOSTNAME, "other")
                .bytes(OptionCode.CLIENT_FQDN, wish.encode())
                .build();
    }

    @Test
    void serverKeepsTheNameWhateverTheClientWishesUnlessItMayChoose() {
        ClientFqdn own = new ClientFqdn(false, false, true, false, "pc7.example.net", true);
        HostNaming strict = naming(false, null);
        assertThat(strict.kept(options(own))).isEqualTo("pc7.example.net");
        assertThat(strict.answer(own, "pc7.example.net", ADDRESS, false, null))
                .as("S and O: overridden")
                .isEqualTo(new ClientFqdn(true, true, true, false, "pc7.example.net", true));
        HostNaming lenient = naming(true, null);
        assertThat(lenient.kept(options(own))).isEqualTo("pc7.example.net.");
        assertThat(lenient.answer(own, "pc7.example.net.", ADDRESS, false, null))
                .isEqualTo(own);
        assertThat(lenient.wanted(lease("pc7.example.net."), null).orElseThrow().forward())
                .isFalse();
    }

    @Test
    void clientThatWantsNoUpdatesHasNoneWhereItMayChoose() {
        ClientFqdn none = new ClientFqdn(false, false, false, true, "pc7", false);
        assertThat(naming(true, null).kept(options(none))).isEmpty();
        assertThat(naming(true, null).answer(none, "", ADDRESS, false, null).noUpdates())
                .isTrue();
        ClientFqdn overridden = naming(false, null).answer(none, "pc7", ADDRESS, false, null);
        assertThat(overridden.noUpdates()).isFalse();
        assertThat(overridden.serverUpdates()).isTrue();
        assertThat(overridden.name()).isEqualTo("pc7.dyn.example.net");
    }

    @Test
    void onlyALeaseThatIsHeldHasAName() {
        Binding held = lease("pc7");
        assertThat(naming(false, null)
                        .wanted(held.expire(new LogIndex(6), Instant.parse("2026-01-02T00:00:00Z")), null))
                .isEmpty();
    }

    private static DnsPolicy.Place place(String prefix, String domain, DnsPolicy.Updates updates) {
        return new DnsPolicy.Place(
                Prefix.parse(prefix),
                new DnsPolicy.Names(domain, updates, false, Duration.ofMinutes(5), "lab-{address}"));
    }

    @Test
    void placesNameTheirClientsThemselves() {
        HostNaming naming = naming(
                false,
                null,
                place("10.0.0.0/8", "far.example.net", DnsPolicy.Updates.BOTH),
                place("10.0.0.0/24", "lab.example.net", DnsPolicy.Updates.REVERSE));
        assertThat(name(naming, "desk")).isEqualTo("desk.lab.example.net");
        assertThat(name(naming, "")).isEqualTo("lab-10-0-0-7.lab.example.net");
        assertThat(naming.wanted(lease("desk"), null).orElseThrow().forward())
                .as("the PTR record alone")
                .isFalse();
        HostNaming nobody = naming(false, null, place("10.0.0.0/24", "lab.example.net", DnsPolicy.Updates.NONE));
        assertThat(name(nobody, "desk")).isEqualTo("none");
    }

    @Test
    void clientsOfAPlaceHearWhoKeepsTheirName() {
        ClientFqdn wish = new ClientFqdn(true, false, true, false, "desk", false);
        HostNaming nobody = naming(false, null, place("10.0.0.0/24", "lab.example.net", DnsPolicy.Updates.NONE));
        ClientFqdn answer = nobody.answer(wish, "desk", ADDRESS, false, null);
        assertThat(answer.noUpdates()).isTrue();
        assertThat(answer.serverUpdates()).isFalse();
        HostNaming forward = naming(false, null, place("10.0.0.0/24", "lab.example.net", DnsPolicy.Updates.FORWARD));
        assertThat(forward.answer(wish, "desk", ADDRESS, false, null).serverUpdates())
                .isTrue();
        assertThat(forward.answer(wish, "desk", ADDRESS, true, "printer").noUpdates())
                .as("a reserved address, where those are left")
                .isTrue();
        assertThat(forward.answer(wish, "desk", ADDRESS, true, null).noUpdates())
                .as("likewise, by a reservation without a host name")
                .isTrue();
    }
}
