package org.anylease.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.anylease.server.config.ConfigFile;
import org.anylease.server.config.ConfigReading;
import org.anylease.server.config.ConfigSource;
import org.anylease.server.config.SystemConfig;
import org.anylease.server.event.ServerEvent;
import org.anylease.server.wire.MessageType;
import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.Packet;
import org.anylease.store.address.Ipv4;
import org.anylease.store.config.CellConfig;
import org.junit.jupiter.api.Test;

/** Values that are computed for each reply, from the operator's file to the packet. */
final class ComputedTest {
    private static final Ipv4 RELAY = Ipv4.parse("10.0.0.1");

    private static final String FILE = """
        cluster: example
        service-address: 192.0.2.1
        sites: { site-a: { servers: { a: 198.51.100.1 } }, site-b: { servers: { b: 198.51.100.2 } } }
        option-definitions: { note: { code: 230, type: text }, size: { code: 231, type: u16 } }
        classes:
          labs:
            match: option[77] starts-with "lab"
            options: { note: { computed: 'concat("lab-", host-name)' } }
            boot: { file: { computed: 'concat(option[77], ".0")' } }
        options:
          domain-name: { computed: 'concat(host-name, ".example")' }
          note: plain
          size: { computed: 'option[77]' }
          64: { computed: 'configured[65]', type: text }
          65: { computed: 'concat("a", configured[64])', type: text }
          66: { computed: 'configured[note]', type: text }
        boot: { next-server: { computed: 'concat(substring(lease.address, 0, 3), 0x07)' } }
        lease: 10m
        min-lease: 1m
        escrow: { floor: 0, ceiling: 0 }
        cells:
          c1:
            networks:
              office:
                subnets:
                  10.0.0.0/24:
                    options: { log-servers: { computed: 'lease.address' } }
                    pools: [{ range: 10.0.0.10-10.0.0.20, options: { 67: { computed: 'encode-int(lease.time, 32)', type: hex } } }]
                    reservations:
                      - { hardware: 02:00:00:00:00:63, address: 10.0.0.200, hostname: desk, options: { domain-name: fixed } }
        """;

    private final Rig rig = Rig.of(cell());

    private static CellConfig cell() {
        ConfigReading<SystemConfig> reading = ConfigFile.system(ConfigSource.of("test.yaml", FILE));
        assertThat(reading).as("%s", reading.problems()).isInstanceOf(ConfigReading.Accepted.class);
        return ((ConfigReading.Accepted<SystemConfig>) reading)
                .value()
                .slices(1)
                .getFirst();
    }

    private static Packets like(Packets packet, int code, String text) {
        return packet.option(code, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private Packet ask(Packets packet) {
        return rig.ask(packet.via(RELAY).build(), Packets.fromRelay(RELAY));
    }

    private static String text(Packet packet, int code) {
        return packet.options().string(code).orElse("");
    }

    @Test
    void eachLevelComputesOfThePacketAndOfTheLease() {
        Packet offer = ask(like(Packets.discover(1), OptionCode.HOSTNAME, "pc"));

        assertThat(text(offer, 15)).isEqualTo("pc.example");
        assertThat(text(offer, 230)).isEqualTo("plain");
        assertThat(text(offer, 66)).isEqualTo("plain");
        assertThat(offer.options().ipv4(7)).contains(offer.yiaddr());
        assertThat(offer.siaddr()).isEqualTo(Ipv4.parse("10.0.0.7"));
        assertThat(offer.options().u32(67)).hasValue(600);
    }

    @Test
    void whatComesToNothingIsLeftOutAndCounted() {
        Packet offer = ask(Packets.discover(1));

        assertThat(offer.options().bytes(15)).isEmpty();
        assertThat(offer.options().bytes(231)).isEmpty();
        assertThat(rig.count(ServerEvent.COMPUTED_ABSENT)).isPositive();
        assertThat(rig.count(ServerEvent.COMPUTED_MISFIT)).isZero();
    }

    @Test
    void whatHasAWrongLengthIsLeftOutAndCounted() {
        Packet fits = ask(like(Packets.discover(1), 77, "\u0001\u0002"));
        assertThat(fits.options().bytes(231)).isPresent();
        assertThat(rig.count(ServerEvent.COMPUTED_MISFIT)).isZero();

        Packet misfit = ask(like(Packets.discover(2), 77, "\u0001\u0002\u0003"));
        assertThat(misfit.options().bytes(231)).isEmpty();
        assertThat(rig.count(ServerEvent.COMPUTED_MISFIT)).isEqualTo(1);
    }

    @Test
    void valuesThatWaitForEachOtherComeToNothing() {
        Packet offer = ask(Packets.discover(1));

        assertThat(offer.options().bytes(64)).isEmpty();
        assertThat(offer.options().bytes(65)).isEmpty();
    }

    @Test
    void aClassComputesOverWhatTheLevelsSay() {
        Packet offer = ask(like(like(Packets.discover(1), 77, "lab7"), OptionCode.HOSTNAME, "pc"));

        assertThat(text(offer, 230)).isEqualTo("lab-pc");
        assertThat(text(offer, 66)).isEqualTo("lab-pc");
        assertThat(offer.bootFile()).contains("lab7.0");
    }

    @Test
    void whatAReservationSaysPlainlyTakesThePlaceOfWhatIsComputed() {
        Packet offer = ask(like(Packets.discover(0x63), OptionCode.HOSTNAME, "pc"));

        assertThat(offer.yiaddr()).isEqualTo(Ipv4.parse("10.0.0.200"));
        assertThat(text(offer, 15)).isEqualTo("fixed");
        assertThat(text(offer, OptionCode.HOSTNAME)).isEqualTo("desk");
    }

    @Test
    void anAcknowledgementHasThemAsWell() {
        Packet offer = ask(like(Packets.discover(1), OptionCode.HOSTNAME, "pc"));
        Packet ack = ask(like(Packets.selecting(1, offer.yiaddr()), OptionCode.HOSTNAME, "pc"));

        assertThat(ack.messageType()).contains(MessageType.ACK);
        assertThat(text(ack, 15)).isEqualTo("pc.example");
        assertThat(ack.options().u32(OptionCode.ADDRESS_TIME))
                .hasValue(Duration.ofMinutes(10).toSeconds());
        assertThat(ack.options().u32(67)).hasValue(600);
    }
}
