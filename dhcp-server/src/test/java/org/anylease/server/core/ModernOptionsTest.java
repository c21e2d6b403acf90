package org.anylease.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.anylease.server.config.ConfigFile;
import org.anylease.server.config.ConfigReading;
import org.anylease.server.config.ConfigSource;
import org.anylease.server.config.SystemConfig;
import org.anylease.server.event.PacketKind;
import org.anylease.server.event.ServerEvent;
import org.anylease.server.wire.EncodeLimits;
import org.anylease.server.wire.Encoded;
import org.anylease.server.wire.MessageType;
import org.anylease.server.wire.Packet;
import org.anylease.server.wire.PacketCodec;
import org.anylease.store.address.Ipv4;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.EscrowPolicy;
import org.junit.jupiter.api.Test;

/**
 * Options that people expect of a server today, from the file to the octets of a reply, which stand in
 * {@code packets/reply-….hex}. What they do not prove: that a given client acts on them.
 */
final class ModernOptionsTest {
    private static final Ipv4 RELAY = Ipv4.parse("10.0.0.1");
    private static final int[] ASKED = {1, 3, 114, 119, 121, 150};

    private final Rig rig = Rig.of(config());

    private static CellConfig config() {
        String file = """
            cluster: example
            service-address: 192.0.2.1
            sites:
              here:
                servers:
                  a: 198.51.100.1
                  b: 198.51.100.2
            cells:
              c1:
                networks:
                  office:
                    probe: { enabled: false }
                    subnets:
                      10.0.0.0/24:
                        pools: [10.0.0.10-10.0.0.20]
                        reservations:
                          - { address: 10.0.0.200, hardware: "02:00:00:00:00:77" }
                        options:
                          routers: 10.0.0.1
                          v6-only-preferred: 30m
                          captive-portal: https://portal.example.org/api
                          classless-static-routes: [0.0.0.0/0 via 10.0.0.1, 10.64.0.0/10 via 10.0.0.2]
                          domain-search: [eng.example.org, example.org, sales.example.org]
                          tftp-server-address: [10.0.0.69, 10.0.0.70]
                  listed:
                    probe: { enabled: false }
                    subnets:
                      10.8.0.0/24:
                        pools: [10.8.0.10-10.8.0.20]
                        options:
                          routers: 10.8.0.1
                          v6-only-preferred: 15m
                          captive-portal: https://portal.example.org/api
                          55: [1, 3, 108, 114]
            """;
        return switch (ConfigFile.system(ConfigSource.of("modern.yaml", file))) {
            case ConfigReading.Accepted<SystemConfig> accepted ->
                withoutEscrow(accepted.value().slices(1).getFirst());
            case ConfigReading.Refused<SystemConfig> refused -> throw new AssertionError(refused.problems());
        };
    }

    /** So that nothing is written but what clients cause. */
    private static CellConfig withoutEscrow(CellConfig config) {
        return new CellConfig(
                config.cell(),
                config.version(),
                config.serverIdentifier(),
                config.aliases(),
                config.members(),
                config.timers(),
                config.settings(),
                config.networks(),
                new EscrowPolicy(0, 0, Duration.ZERO));
    }

    private Packet ask(Packets packet) {
        return rig.ask(packet.via(RELAY).build(), Packets.fromRelay(RELAY));
    }

    /** The bytes of a reply are those of the golden packet, which {@code GoldenPacketTest} renders. */
    private static void assertGolden(String name, Packet reply) throws IOException {
        Path file = Path.of("src/test/resources/packets").resolve(name + ".hex");
        byte[] buffer = new byte[1500];
        Encoded encoded = PacketCodec.encode(reply, EncodeLimits.of(buffer.length), buffer);
        String found = HexFormat.of().formatHex(buffer, 0, encoded.length());
        List<String> lines = Files.readAllLines(file);
        if (Boolean.getBoolean("bless")) {
            String comments =
                    lines.stream().filter(line -> line.startsWith("#")).collect(Collectors.joining("\n"));
            Files.writeString(
                    file, comments + "\n" + found.replaceAll("(.{64})", "$1\n").strip() + "\n");
            return;
        }
        String golden = lines.stream().filter(line -> !line.startsWith("#")).collect(Collectors.joining());
        assertThat(found).as("%s", file).isEqualTo(golden);
    }

    @Test
    void tellsOfPortalRoutesSearchListAndTftpServers() throws IOException {
        Packet offer = ask(Packets.discover(1).asking(ASKED));
        assertThat(offer.yiaddr()).isEqualTo(Ipv4.parse("10.0.0.10"));
        assertGolden("reply-modern-options", offer);
    }

    @Test
    void offersNoAddressToAClientThatCanDoWithoutIpv4() throws IOException {
        Packet offer = ask(Packets.discover(1).asking(1, 3, 108));
        assertThat(offer.messageType()).contains(MessageType.OFFER);
        assertThat(offer.yiaddr().isUnspecified()).isTrue();
        assertThat(offer.broadcast()).isTrue();
        assertThat(rig.count(ServerEvent.DISCOVER_NO_ADDRESS_WANTED)).isEqualTo(1);
        assertThat(rig.cell.length()).as("nothing was written").isEqualTo(1);
        assertGolden("reply-v6-only", offer);
    }

    @Test
    void givesAnAddressAllTheSameToAClientThatAsksForOne() {
        Packet ack =
                ask(Packets.request(1).asking(1, 108).server(Configs.SERVICE).wanting(Ipv4.parse("10.0.0.10")));
        assertThat(ack.messageType()).contains(MessageType.ACK);
        assertThat(ack.options().u32(108)).hasValue(1800);
        Packet again = ask(Packets.discover(1).asking(1, 108));
        assertThat(again.yiaddr()).as("it holds a lease").isEqualTo(Ipv4.parse("10.0.0.10"));
        assertThat(again.options().u32(108)).hasValue(1800);
        Packet reserved = ask(Packets.discover(0x77).asking(1, 108));
        assertThat(reserved.yiaddr()).isEqualTo(Ipv4.parse("10.0.0.200"));
    }

    @Test
    void doesNotTellClientsOfIpv6OnlyThatDoNotAsk() {
        assertThat(ask(Packets.discover(1)).options().codes())
                .doesNotContain(108)
                .contains(114, 119, 121, 150);
        assertThat(ask(Packets.discover(2).asking(1, 3)).options().codes()).doesNotContain(108, 114);
    }

    @Test
    void aListInPlaceOfTheClientsTellsNobodyOfIpv6OnlyWhoDidNotAsk() {
        Ipv4 relay = Ipv4.parse("10.8.0.1");
        Packet plain = rig.ask(Packets.discover(1).asking(1, 3).via(relay).build(), Packets.fromRelay(relay));
        assertThat(plain.options().codes())
                .as("what the configuration lists")
                .contains(1, 3, 114)
                .doesNotContain(108);
        Ipv4 own = plain.yiaddr();
        rig.ask(Packets.selecting(1, own).asking(1, 3).via(relay).build(), Packets.fromRelay(relay));
        Packet asking =
                rig.ask(Packets.selecting(1, own).asking(1, 108).via(relay).build(), Packets.fromRelay(relay));
        assertThat(asking.options().u32(108)).as("who asks is told").hasValue(900);
    }

    /** A server that shares no key with the client ignores the option and adds none (RFC 3118 §5.1). */
    @Test
    void ignoresAuthentication() throws IOException {
        byte[] authentication = HexFormat.of().parseHex("0101000000000000000001");
        Packet offer = ask(Packets.discover(1).asking(1, 3).option(90, authentication));
        assertThat(offer.messageType()).contains(MessageType.OFFER);
        assertThat(offer.options().has(90)).isFalse();
        assertGolden("reply-without-authentication", offer);
    }

    /** Sub-option 152 that comes back, and no option 221, say that the VPN was not obeyed (RFC 6607 §4 and §5). */
    @Test
    void saysThatItDidNotObeyTheVpn() throws IOException {
        Packet offer = ask(Packets.discover(1)
                .asking(1, 3)
                .option(221, (byte) 0, (byte) 'b', (byte) 'l', (byte) 'u', (byte) 'e')
                .relayInformation(1, 1, 5, 151, 5, 0, 'b', 'l', 'u', 'e', 152, 0));
        assertThat(offer.options().has(221)).isFalse();
        assertThat(rig.count(ServerEvent.PACKET_VPN_IGNORED)).isEqualTo(1);
        assertGolden("reply-vpn-not-obeyed", offer);
    }

    @Test
    void takesTheRelaysWordThatTheClientSpokeUnicast() throws IOException {
        Ipv4 ten = Ipv4.parse("10.0.0.10");
        ask(Packets.request(1).server(Configs.SERVICE).wanting(ten));
        Packet renewed = ask(Packets.request(1).asking(1, 3).ciaddr(ten).relayInformation(1, 1, 5, 10, 1, 0x80));
        assertThat(rig.ended.getLast().kind()).isEqualTo(PacketKind.REQUEST_RENEWING);
        assertGolden("reply-relay-flags", renewed);
        ask(Packets.request(1).ciaddr(ten).relayInformation(1, 1, 5, 10, 1, 0));
        assertThat(rig.ended.getLast().kind()).isEqualTo(PacketKind.REQUEST_REBINDING);
    }
}
