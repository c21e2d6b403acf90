package org.anylease.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.anylease.server.config.ConfigFile;
import org.anylease.server.config.ConfigReading;
import org.anylease.server.config.ConfigSource;
import org.anylease.server.config.SystemConfig;
import org.anylease.server.event.PacketKind;
import org.anylease.server.event.PacketOutcome;
import org.anylease.server.event.ServerEvent;
import org.anylease.server.port.Destination;
import org.anylease.server.wire.EncodeLimits;
import org.anylease.server.wire.Encoded;
import org.anylease.server.wire.MessageType;
import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.Packet;
import org.anylease.server.wire.PacketCodec;
import org.anylease.store.address.Ipv4;
import org.anylease.store.alone.JournalRecord;
import org.anylease.store.command.LeaseCommand.CommitLease;
import org.anylease.store.command.PromiseRule;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.EscrowPolicy;
import org.anylease.store.lease.BindingState;
import org.junit.jupiter.api.Test;

/** How clients are served by the rules of {@code serving}: who, when, where to, and in which language. */
final class ServingTest {
    private static final Ipv4 RELAY = Ipv4.parse("10.0.0.1");
    private static final Ipv4 TEN = Ipv4.parse("10.0.0.10");

    private final Rig rig = Rig.of(config(0));

    private static CellConfig config(int escrow) {
        String file = """
            cluster: example
            service-address: 192.0.2.1
            serving: { bootp: reserved }
            classes:
              deaf: { match: 'option[60] == "deaf"', serving: { broadcast: true } }
              banned: { match: 'option[60] == "banned"', serving: { enabled: false } }
              slow: { match: 'option[60] == "slow"', serving: { offer-after: 3s } }
            sites:
              here:
                servers:
                  a: 198.51.100.1
                  b: 198.51.100.2
            cells:
              c1:
                timers: { longest-lease: 30d }
                networks:
                  office:
                    probe: { enabled: false }
                    subnets:
                      10.0.0.0/24:
                        min-lease: 1m
                        lease: 1h
                        pools:
                          - { range: 10.0.0.10-10.0.0.19, short-leases-above: 20 }
                          - { range: 10.0.0.20-10.0.0.21, serving: { bootp: all }, bootp-lease: 10d }
                          - { range: 10.0.0.40-10.0.0.49, serving: { enabled: false }, allow: banned }
                        reservations:
                          - { address: 10.0.0.200, hardware: "02:00:00:00:00:77", boot: { file: terminal } }
                          - { address: 10.0.0.201, hardware: "02:00:00:00:00:78", serving: { bootp: none } }
                        options: { routers: 10.0.0.1, domain-name-servers: [10.0.0.53, 10.0.0.54, 10.0.0.55],
                          domain-name: a-long-name-that-finds-no-room.beside-the-others.example.net }
                  proxied:
                    serving: { own-address-as-router: true, quarantine-declined: false }
                    probe: { enabled: false }
                    subnets:
                      10.1.0.0/24: { pools: [10.1.0.10-10.1.0.19] }
                  blue:
                    vpn: blue
                    probe: { enabled: false }
                    subnets:
                      10.2.0.0/24: { pools: [10.2.0.10-10.2.0.19] }
                  red:
                    vpn: 00:00:5e:00:00:00:2a
                    probe: { enabled: false }
                    subnets:
                      10.3.0.0/24: { pools: [10.3.0.10-10.3.0.19] }
            """;
        return switch (ConfigFile.system(ConfigSource.of("serving.yaml", file))) {
            case ConfigReading.Accepted<SystemConfig> accepted ->
                escrowing(accepted.value().slices(1).getFirst(), escrow);
            case ConfigReading.Refused<SystemConfig> refused -> throw new AssertionError(refused.problems());
        };
    }

    private static CellConfig escrowing(CellConfig config, int floor) {
        return new CellConfig(
                config.cell(),
                config.version(),
                config.serverIdentifier(),
                config.aliases(),
                config.members(),
                config.timers(),
                config.settings(),
                config.networks(),
                new EscrowPolicy(floor, Math.max(floor, 4), floor == 0 ? Duration.ZERO : Duration.ofDays(1)),
                config.classes());
    }

    private Packet ask(Packets packet) {
        return rig.ask(packet.via(RELAY).build(), Packets.fromRelay(RELAY));
    }

    private void unanswered(Packets packet, ServerEvent why) {
        int before = rig.count(why);
        rig.receive(packet.via(RELAY).build(), Packets.fromRelay(RELAY));
        rig.run();
        assertThat(rig.sent).isEmpty();
        assertThat(rig.count(why)).isEqualTo(before + 1);
        assertThat(rig.open()).isZero();
    }

    private static Packet bootp(int client) {
        return Packet.builder()
                .xid(0x2000 + client)
                .hardware(Packets.hardware(client))
                .giaddr(RELAY)
                .build();
    }

    private Packet askBootp(int client) {
        return rig.ask(bootp(client), Packets.fromRelay(RELAY));
    }

    private static byte[] vendor(String name) {
        return name.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void clientsOfAClassAreNotServed() {
        unanswered(Packets.discover(1).option(60, vendor("banned")), ServerEvent.CLIENT_NOT_SERVED);
        unanswered(Packets.selecting(1, TEN).option(60, vendor("banned")), ServerEvent.CLIENT_NOT_SERVED);
        assertThat(rig.cell.length()).as("nothing was written").isEqualTo(1);
        assertThat(ask(Packets.discover(1)).yiaddr()).isEqualTo(TEN);
    }

    @Test
    void clientsThatHaveNotWaitedAreNotOfferedAnAddressButKeepTheirs() {
        unanswered(Packets.discover(1).option(60, vendor("slow")), ServerEvent.CLIENT_MUST_WAIT);
        assertThat(ask(Packets.discover(1).secs(3).option(60, vendor("slow"))).yiaddr())
                .isEqualTo(TEN);
        assertThat(ask(Packets.selecting(1, TEN).option(60, vendor("slow"))).messageType())
                .contains(MessageType.ACK);
    }

    @Test
    void repliesToClientsThatForgetTheFlagAreBroadcast() {
        Packet offer = ask(Packets.discover(1).option(60, vendor("deaf")));
        assertThat(offer.broadcast()).as("so that the relay broadcasts it").isTrue();
        rig.receive(Packets.discover(2).option(60, vendor("deaf")).build(), Packets.onLink());
        rig.run();
        assertThat(rig.sent)
                .isNotEmpty()
                .allSatisfy(sent -> assertThat(sent.to()).isInstanceOf(Destination.LinkBroadcast.class));
    }

    @Test
    void aClientsOwnAddressIsItsRouterWhereThereIsNoOther() {
        Ipv4 relay = Ipv4.parse("10.1.0.1");
        Packet offer = rig.ask(Packets.discover(1).via(relay).build(), Packets.fromRelay(relay));
        assertThat(offer.options().ipv4(OptionCode.ROUTER)).contains(offer.yiaddr());
        assertThat(ask(Packets.discover(2)).options().ipv4(OptionCode.ROUTER)).contains(RELAY);
    }

    @Test
    void aDeclineIsNotHeededWhereTheConfigurationSaysSo() {
        Ipv4 relay = Ipv4.parse("10.1.0.1");
        Packet offer = rig.ask(Packets.discover(1).via(relay).build(), Packets.fromRelay(relay));
        rig.ask(Packets.selecting(1, offer.yiaddr()).via(relay).build(), Packets.fromRelay(relay));
        Packets decline =
                Packets.of(MessageType.DECLINE, 1).server(Configs.SERVICE).wanting(offer.yiaddr());
        rig.receive(decline.via(relay).build(), Packets.fromRelay(relay));
        rig.run();
        assertThat(rig.count(ServerEvent.DECLINE_NOT_HEEDED)).isEqualTo(1);
        assertThat(rig.table().binding(offer.yiaddr()).orElseThrow().state()).isEqualTo(BindingState.ACTIVE);
    }

    @Test
    void leasesBecomeShortWhileAPoolIsNearlyFull() {
        for (int client = 1; client <= 2; client++) {
            Packet offer = ask(Packets.discover(client));
            assertThat(offer.options().u32(OptionCode.ADDRESS_TIME)).hasValue(3600);
            ask(Packets.selecting(client, offer.yiaddr()));
        }
        Packet offer = ask(Packets.discover(3));
        assertThat(offer.options().u32(OptionCode.ADDRESS_TIME)).hasValue(60);
        assertThat(ask(Packets.selecting(3, offer.yiaddr())).options().u32(OptionCode.ADDRESS_TIME))
                .hasValue(60);
        assertThat(ask(Packets.discover(1))
                        .options()
                        .u32(OptionCode.ADDRESS_TIME)
                        .orElseThrow())
                .as("what is left of its lease")
                .isBetween(3500L, 3600L);
    }

    @Test
    void aReservedBootpClientHasItsAddressOnceThatIsCommitted() {
        rig.receive(bootp(0x77), Packets.fromRelay(RELAY));
        assertThat(rig.sent).isEmpty();
        rig.commit();
        assertThat(rig.sent).as("it is only held by now").isEmpty();
        assertThat(rig.proposals.getLast().command()).isInstanceOf(CommitLease.class);
        rig.run();
        Packet reply = rig.reply().packet();
        assertThat(reply.messageType()).isEmpty();
        assertThat(reply.yiaddr()).isEqualTo(Ipv4.parse("10.0.0.200"));
        assertThat(reply.bootFile()).contains("terminal");
        assertThat(reply.options().has(OptionCode.ADDRESS_TIME)).isFalse();
        assertThat(reply.options().has(OptionCode.SERVER_ID)).isFalse();
        assertThat(rig.count(ServerEvent.BOOTP_ANSWERED)).isEqualTo(1);
        assertThat(rig.ended).containsOnly(new Effect.PacketEnded(PacketKind.BOOTP, PacketOutcome.ANSWERED));
        assertThat(askBootp(0x77).yiaddr()).as("again").isEqualTo(reply.yiaddr());
    }

    @Test
    void aBootpReplyHasThreeHundredOctetsAndWhatFindsRoomInThem() {
        Packet reply = askBootp(0x77);
        byte[] buffer = new byte[1500];
        Encoded encoded = PacketCodec.encode(reply, EncodeLimits.of(300), buffer);
        assertThat(encoded.length()).isEqualTo(300);
        assertThat(Arrays.copyOfRange(buffer, 236, 240)).containsExactly(0x63, 0x82, 0x53, 0x63);
        assertThat(reply.options().codes()).contains(1, 3, 6).doesNotContain(15);
    }

    @Test
    void otherBootpClientsHaveAddressesOnlyOfPoolsForThem() {
        Packet reply = askBootp(1);
        assertThat(reply.yiaddr()).isEqualTo(Ipv4.parse("10.0.0.20"));
        assertThat(rig.table().binding(reply.yiaddr()).orElseThrow().end())
                .isEqualTo(rig.table().time().plus(Duration.ofDays(10)));
        assertThat(askBootp(1).yiaddr()).isEqualTo(reply.yiaddr());
        assertThat(askBootp(2).yiaddr()).isEqualTo(Ipv4.parse("10.0.0.21"));
        rig.receive(bootp(3), Packets.fromRelay(RELAY));
        rig.run();
        assertThat(rig.sent).isEmpty();
        assertThat(rig.count(ServerEvent.DISCOVER_POOL_EXHAUSTED)).isEqualTo(1);
    }

    @Test
    void aBootpClientIsNotAnsweredWhereNothingSaysSo() {
        rig.receive(bootp(0x78), Packets.fromRelay(RELAY));
        rig.run();
        assertThat(rig.sent).isEmpty();
        assertThat(rig.count(ServerEvent.PACKET_BOOTP)).isEqualTo(1);
        assertThat(rig.cell.length()).isEqualTo(1);
    }

    @Test
    void cutOffItAnswersReservedBootpClientsOutOfTheirReservation() {
        cutOff(rig);
        rig.receive(bootp(0x77), Packets.fromRelay(RELAY));
        assertThat(rig.sent).as("nothing before the disk has it").isEmpty();
        var append = rig.sync();
        assertThat(append.records())
                .filteredOn(JournalRecord.Promise.class::isInstance)
                .singleElement()
                .satisfies(record ->
                        assertThat(((JournalRecord.Promise) record).rule()).isEqualTo(PromiseRule.R4_RESERVATION));
        assertThat(rig.reply().packet().yiaddr()).isEqualTo(Ipv4.parse("10.0.0.200"));
    }

    @Test
    void cutOffItPromisesOtherBootpClientsNothingThatItCouldNotKeep() {
        Rig escrowed = Rig.of(config(2));
        escrowed.run();
        cutOff(escrowed);
        escrowed.receive(bootp(1), Packets.fromRelay(RELAY));
        escrowed.pass(Duration.ofSeconds(1));
        assertThat(escrowed.appends).as("ten days are more than a grant").isEmpty();
        assertThat(escrowed.sent).isEmpty();
    }

    private static void cutOff(Rig rig) {
        rig.lag(true);
        rig.reach(false);
    }

    private Packet askOf(int client, Ipv4 relay, int... vss) {
        int[] information = new int[vss.length + 4];
        information[0] = 151;
        information[1] = vss.length;
        System.arraycopy(vss, 0, information, 2, vss.length);
        information[vss.length + 2] = 152;
        Packets packet = Packets.discover(client).via(relay).relayInformation(information);
        return rig.ask(packet.build(), Packets.fromRelay(relay));
    }

    @Test
    void aPacketOfAVirtualNetworkIsPlacedInItAndTheRelayIsTold() {
        Ipv4 blue = Ipv4.parse("10.2.0.1");
        Packet offer = askOf(1, blue, 0, 'b', 'l', 'u', 'e');
        assertThat(offer.yiaddr()).isEqualTo(Ipv4.parse("10.2.0.10"));
        assertThat(offer.relayInformation().orElseThrow().has(152)).as("obeyed").isFalse();
        assertThat(offer.relayInformation().orElseThrow().has(151)).isTrue();
        assertThat(askOf(2, RELAY, 0, 'b', 'l', 'u', 'e').yiaddr())
                .as("the name decides where the address does not lead there")
                .isEqualTo(Ipv4.parse("10.2.0.11"));
        assertThat(rig.count(ServerEvent.SELECTED_BY_VPN)).isEqualTo(1);
        Packet red = askOf(3, Ipv4.parse("10.3.0.1"), 1, 0, 0, 0x5e, 0, 0, 0, 0x2a);
        assertThat(red.yiaddr()).isEqualTo(Ipv4.parse("10.3.0.10"));
    }

    @Test
    void aPacketOfAnotherVirtualNetworkOrOfNoneIsNotPlacedInIt() {
        Ipv4 blue = Ipv4.parse("10.2.0.1");
        rig.receive(Packets.discover(1).via(blue).build(), Packets.fromRelay(blue));
        rig.receive(
                Packets.discover(2).via(blue).relayInformation(151, 2, 0, 'x').build(), Packets.fromRelay(blue));
        rig.run();
        assertThat(rig.sent).isEmpty();
        assertThat(rig.count(ServerEvent.UNKNOWN_VPN)).isEqualTo(2);
    }

    @Test
    void aNameThatNothingIsConfiguredForIsIgnoredAndTheRelayIsTold() {
        Packet offer = askOf(1, RELAY, 0, 'x');
        assertThat(offer.yiaddr()).isEqualTo(TEN);
        assertThat(offer.relayInformation().orElseThrow().has(152))
                .as("not obeyed")
                .isTrue();
        assertThat(rig.count(ServerEvent.PACKET_VPN_IGNORED)).isEqualTo(1);
    }

    @Test
    void optionTwoHundredTwentyOneComesBackWhenItWasObeyed() {
        Ipv4 blue = Ipv4.parse("10.2.0.1");
        Packets packet = Packets.discover(1)
                .via(blue)
                .option(OptionCode.VIRTUAL_SUBNET_SELECTION, (byte) 0, (byte) 'b', (byte) 'l', (byte) 'u', (byte) 'e');
        Packet offer = rig.ask(packet.build(), Packets.fromRelay(blue));
        assertThat(offer.options().bytes(OptionCode.VIRTUAL_SUBNET_SELECTION)).isPresent();
        Packet ignored = ask(Packets.discover(2).option(OptionCode.VIRTUAL_SUBNET_SELECTION, (byte) 0, (byte) 'x'));
        assertThat(ignored.options().has(OptionCode.VIRTUAL_SUBNET_SELECTION)).isFalse();
    }
}
