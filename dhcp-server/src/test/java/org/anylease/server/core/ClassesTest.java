package org.anylease.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.anylease.server.config.ConfigFile;
import org.anylease.server.config.ConfigReading;
import org.anylease.server.config.ConfigSource;
import org.anylease.server.config.SystemConfig;
import org.anylease.server.event.ServerEvent;
import org.anylease.server.wire.MessageType;
import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.Packet;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.ClassTimes;
import org.anylease.store.config.ClientClass;
import org.anylease.store.config.ReplySettings;
import org.anylease.store.lease.ClassMembership;
import org.anylease.store.lease.LeaseClient;
import org.junit.jupiter.api.Test;

/** What becomes of a packet by the classes of its client, from the operator's file to the reply. */
final class ClassesTest {
    private static final Ipv4 RELAY = Ipv4.parse("10.0.0.1");

    /** Every level says domain-name (15) after itself, and what the ones below it do not say: 65 up to 70. */
    private static final String FILE = """
        cluster: example
        service-address: 192.0.2.1
        sites: { site-a: { servers: { a: 198.51.100.1 } }, site-b: { servers: { b: 198.51.100.2 } } }
        classes:
          first:
            match: option[60] starts-with "first"
            options: { domain-name: class, 66: { type: text, value: class }, 67: { type: text, value: class } }
            boot: { file: first.0 }
            lease: 10m
            max-lease: 20m
          second:
            match: option[60] contains "second"
            options: { 66: { type: text, value: second }, 69: { type: hex, value: 0x0a000002 } }
            boot: { file: second.0, server-name: second }
          by-value:
            match: option[77]
            members:
              one: { options: { 66: { type: text, value: one } }, boot: { file: one.0 } }
              two: {}
            options: { domain-name: by-value, 66: { type: text, value: by-value } }
          phones:
            match: option[60] == "phone"
          per-port:
            spawn-by: relay.circuit-id
            lease-limit: 2
        options: { domain-name: file, 65: { type: text, value: file }, 66: { type: text, value: file } }
        min-lease: 1m
        escrow: { floor: 0, ceiling: 0 }
        cells:
          c1:
            networks:
              office:
                options: { domain-name: network }
                subnets:
                  10.0.0.0/24:
                    options: { domain-name: subnet }
                    pools:
                      - { range: 10.0.0.10-10.0.0.20, deny: phones, options: { domain-name: pool, 67: { type: text, value: pool } } }
                      - { range: 10.0.0.30-10.0.0.31, allow: phones }
                    reservations:
                      - { hardware: 02:00:00:00:00:63, address: 10.0.0.200, options: { domain-name: host } }
                      - { hardware: 02:00:00:00:00:64, address: 10.0.0.201, lease: 30m }
              phones-only:
                subnets: { 10.5.0.0/24: { pools: [{ range: 10.5.0.10-10.5.0.20, allow: phones }] } }
        """;

    private final Rig rig = Rig.of(cell(FILE));

    private static CellConfig cell(String file) {
        ConfigReading<SystemConfig> reading = ConfigFile.system(ConfigSource.of("test.yaml", file));
        assertThat(reading).as("%s", reading.problems()).isInstanceOf(ConfigReading.Accepted.class);
        return ((ConfigReading.Accepted<SystemConfig>) reading)
                .value()
                .slices(1)
                .getFirst();
    }

    private static Packets like(Packets packet, int code, String text) {
        return packet.option(code, text.getBytes(StandardCharsets.US_ASCII));
    }

    private Packet ask(Packets packet) {
        return rig.ask(packet.via(RELAY).build(), Packets.fromRelay(RELAY));
    }

    private void receive(Packets packet) {
        rig.receive(packet.via(RELAY).build(), Packets.fromRelay(RELAY));
        rig.run();
    }

    private static String text(Packet packet, int code) {
        return packet.options().string(code).orElse("");
    }

    private static List<String> texts(Packet packet) {
        return List.of(text(packet, 15), text(packet, 65), text(packet, 66), text(packet, 67));
    }

    @Test
    void aClientOfNoClassGetsWhatThePoolAndTheLevelsAroundItSay() {
        Packet offer = ask(Packets.discover(1));

        assertThat(texts(offer)).containsExactly("pool", "file", "file", "pool");
        assertThat(offer.bootFile()).isEmpty();
        assertThat(offer.options().u32(OptionCode.ADDRESS_TIME)).hasValue(3600);
    }

    @Test
    void aClassGoesBeforeThePoolAndTheFirstClassBeforeTheSecond() {
        Packet both = ask(like(Packets.discover(1), 60, "first and second"));
        assertThat(texts(both)).containsExactly("class", "file", "class", "class");
        assertThat(both.options().ipv4(69)).contains(Ipv4.parse("10.0.0.2"));
        assertThat(both.bootFile()).contains("first.0");
        assertThat(both.serverName()).contains("second");
        assertThat(both.options().u32(OptionCode.ADDRESS_TIME)).hasValue(600);

        Packet second = ask(like(Packets.discover(2), 60, "the second"));
        assertThat(texts(second)).containsExactly("pool", "file", "second", "pool");
        assertThat(second.bootFile()).contains("second.0");
        assertThat(second.options().u32(OptionCode.ADDRESS_TIME)).hasValue(3600);
    }

    @Test
    void whatIsSaidOfAValueGoesBeforeWhatIsSaidOfItsClass() {
        Packet one = ask(like(Packets.discover(1), 77, "one"));
        assertThat(texts(one)).containsExactly("by-value", "file", "one", "pool");
        assertThat(one.bootFile()).contains("one.0");
        assertThat(texts(ask(like(Packets.discover(2), 77, "two"))))
                .containsExactly("by-value", "file", "by-value", "pool");
        assertThat(texts(ask(like(Packets.discover(3), 77, "three"))))
                .as("no member")
                .containsExactly("pool", "file", "file", "pool");
    }

    @Test
    void aReservationGoesBeforeClasses() {
        Packet offer = ask(like(Packets.discover(0x63), 60, "first"));
        assertThat(offer.yiaddr()).isEqualTo(Ipv4.parse("10.0.0.200"));
        assertThat(texts(offer)).containsExactly("host", "file", "class", "class");
        assertThat(offer.options().u32(OptionCode.ADDRESS_TIME))
                .as("it says nothing of lease times, the class does")
                .hasValue(600);

        Packet ack = ask(
                like(Packets.request(0x64), 60, "first").server(Configs.SERVICE).wanting(Ipv4.parse("10.0.0.201")));
        assertThat(ack.messageType()).contains(MessageType.ACK);
        assertThat(ack.options().u32(OptionCode.ADDRESS_TIME))
                .as("it does itself")
                .hasValue(1800);
    }

    @Test
    void offerAndAckTellTheSameLeaseTimeAndTheCellBindsForIt() {
        Packet offer =
                ask(like(Packets.discover(1), 60, "first").option(51, (byte) 0, (byte) 0, (byte) 0x20, (byte) 0));
        assertThat(offer.options().u32(OptionCode.ADDRESS_TIME))
                .as("the longest of the class")
                .hasValue(1200);
        Packet ack = ask(like(Packets.selecting(1, offer.yiaddr()), 60, "first")
                .option(51, (byte) 0, (byte) 0, (byte) 0x20, (byte) 0));
        assertThat(ack.options().u32(OptionCode.ADDRESS_TIME)).hasValue(1200);
        assertThat(rig.table().binding(offer.yiaddr()).orElseThrow().end())
                .isEqualTo(rig.now().plus(Duration.ofMinutes(20)));
    }

    @Test
    void aClientGetsAnAddressOfAPoolThatItMayUse() {
        assertThat(ask(Packets.discover(1)).yiaddr()).isEqualTo(Ipv4.parse("10.0.0.10"));
        assertThat(ask(like(Packets.discover(2), 60, "phone")).yiaddr()).isEqualTo(Ipv4.parse("10.0.0.30"));
        assertThat(ask(like(Packets.discover(3), 60, "phone").wanting(Ipv4.parse("10.0.0.11")))
                        .yiaddr())
                .isEqualTo(Ipv4.parse("10.0.0.31"));
    }

    @Test
    void aClientThatMayUseNoPoolCostsNoWrite() {
        Ipv4 relay = Ipv4.parse("10.5.0.1");
        int before = rig.cell.length();
        rig.receive(Packets.discover(1).via(relay).build(), Packets.fromRelay(relay));

        assertThat(rig.proposals).isEmpty();
        assertThat(rig.sent).isEmpty();
        assertThat(rig.count(ServerEvent.DISCOVER_NOT_PERMITTED)).isEqualTo(1);
        assertThat(rig.cell.length()).isEqualTo(before);
        assertThat(rig.open()).isZero();
        assertThat(rig.ask(like(Packets.discover(1), 60, "phone").via(relay).build(), Packets.fromRelay(relay))
                        .yiaddr())
                .isEqualTo(Ipv4.parse("10.5.0.10"));
    }

    @Test
    void aPortHasNoMoreLeasesThanItsLimit() {
        for (int client = 1; client <= 2; client++) {
            Ipv4 offered =
                    ask(Packets.discover(client).relayInformation(1, 2, 0, 7)).yiaddr();
            assertThat(ask(Packets.selecting(client, offered).relayInformation(1, 2, 0, 7))
                            .messageType())
                    .contains(MessageType.ACK);
        }
        receive(Packets.discover(3).relayInformation(1, 2, 0, 7));
        assertThat(rig.sent).isEmpty();
        assertThat(rig.count(ServerEvent.DISCOVER_CLASS_FULL)).isEqualTo(1);

        assertThat(ask(Packets.discover(4).relayInformation(1, 2, 0, 8)).messageType())
                .contains(MessageType.OFFER);
        Packet nak = ask(Packets.selecting(3, Ipv4.parse("10.0.0.15")).relayInformation(1, 2, 0, 7));
        assertThat(nak.messageType()).contains(MessageType.NAK);
        assertThat(rig.count(ServerEvent.REQUEST_NAK_CLASS_FULL)).isEqualTo(1);
        assertThat(ask(Packets.discover(1).relayInformation(1, 2, 0, 7)).yiaddr())
                .as("what it holds")
                .isEqualTo(Ipv4.parse("10.0.0.10"));
    }

    @Test
    void aRenewalByUnicastIsOfTheClassThatItsRelayMadeItOf() {
        Ipv4 held = ask(Packets.discover(1).relayInformation(1, 2, 0, 7)).yiaddr();
        ask(Packets.selecting(1, held).relayInformation(1, 2, 0, 7));
        rig.pass(Duration.ofMinutes(30));

        Packet ack = rig.ask(Packets.request(1).ciaddr(held).build(), Packets.unicast(held));

        assertThat(ack.messageType()).contains(MessageType.ACK);
        LeaseClient client = rig.table().binding(held).orElseThrow().client();
        assertThat(client).isNotNull();
        assertThat(client.classes())
                .as("kept, since leases are counted by it; the others only carry options")
                .containsExactly(new ClassMembership("per-port", Octets.parseHex("0007")));
    }

    @Test
    void anInformHearsWhatItsClassesSay() {
        Packet inform = rig.ask(
                like(Packets.of(MessageType.INFORM, 1), 60, "first")
                        .ciaddr(Ipv4.parse("10.0.0.99"))
                        .build(),
                Packets.unicast(Ipv4.parse("10.0.0.99")));
        assertThat(texts(inform)).containsExactly("class", "file", "class", "class");
        assertThat(inform.options().has(OptionCode.ADDRESS_TIME)).isFalse();
    }

    @Test
    void aPacketWhoseClassesCostTooMuchIsDroppedAndTheNextOneIsServed() {
        StringBuilder classes = new StringBuilder("classes:\n");
        for (int i = 0; i < 40; i++) {
            classes.append("  c").append(i).append(": { match: 'option[60] matches /(a?){250}b/' }\n");
        }
        Rig costly = Rig.of(cell(FILE.substring(0, FILE.indexOf("classes:"))
                + classes
                + FILE.substring(FILE.indexOf("options: { domain-name: file"))
                        .replace("deny: phones", "deny: c1")
                        .replace("allow: phones", "allow: c2")));
        costly.receive(like(Packets.discover(1), 60, "a".repeat(200)).via(RELAY).build(), Packets.fromRelay(RELAY));

        assertThat(costly.sent).isEmpty();
        assertThat(costly.proposals).isEmpty();
        assertThat(costly.count(ServerEvent.PACKET_CLASSES_EXHAUSTED)).isEqualTo(1);
        assertThat(costly.ask(Packets.discover(2).via(RELAY).build(), Packets.fromRelay(RELAY))
                        .yiaddr())
                .isEqualTo(Ipv4.parse("10.0.0.10"));
    }

    @Test
    void aCellWithAClassThatThisProgramCannotReadIsNotServed() {
        CellConfig config = cell(FILE);
        Rig older = Rig.of(new CellConfig(
                config.cell(),
                config.version(),
                config.serverIdentifier(),
                config.aliases(),
                config.members(),
                config.timers(),
                config.settings(),
                config.networks(),
                config.escrow(),
                List.of(new ClientClass(
                        "new",
                        "of-a-later-version(option[60])",
                        null,
                        false,
                        0,
                        List.of(),
                        ReplySettings.NONE,
                        ClassTimes.NONE))));
        older.receive(Packets.discover(1).via(RELAY).build(), Packets.fromRelay(RELAY));

        assertThat(older.sent).isEmpty();
        assertThat(older.proposals).isEmpty();
        assertThat(older.count(ServerEvent.CLASS_UNREADABLE)).isEqualTo(1);
    }
}
