package org.anylease.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.anylease.server.core.Effect.PacketEnded;
import org.anylease.server.event.PacketKind;
import org.anylease.server.event.PacketOutcome;
import org.anylease.server.port.Arrival;
import org.anylease.server.wire.BootpOp;
import org.anylease.server.wire.MessageType;
import org.anylease.server.wire.Packet;
import org.anylease.store.address.Ipv4;
import org.anylease.store.replication.Proposal;
import org.junit.jupiter.api.Test;

/** What becomes of each packet is counted once, and under the right name. */
final class PacketStoriesTest {
    private static final Arrival RELAY = Packets.fromRelay(Configs.OFFICE_RELAY);
    private final Rig rig = Rig.standard();

    private void receive(Packets packet) {
        rig.receive(packet.via(Configs.OFFICE_RELAY).build(), RELAY);
    }

    private PacketEnded end() {
        assertThat(rig.open()).isZero();
        return rig.ended.getLast();
    }

    private static PacketEnded ended(PacketKind kind, PacketOutcome outcome) {
        return new PacketEnded(kind, outcome);
    }

    private Ipv4 bind() {
        receive(Packets.discover(1));
        rig.run();
        assertThat(end()).isEqualTo(ended(PacketKind.DISCOVER, PacketOutcome.OFFERED));
        Ipv4 address = rig.reply().packet().yiaddr();
        receive(Packets.selecting(1, address));
        assertThat(rig.open()).as("it waits for the cell").isEqualTo(1);
        rig.run();
        assertThat(end()).isEqualTo(ended(PacketKind.REQUEST_SELECTING, PacketOutcome.ACKNOWLEDGED));
        rig.sent.clear();
        return address;
    }

    @Test
    void tellsTheKindsOfRequestsApart() {
        Ipv4 address = bind();
        receive(Packets.request(1).wanting(address));
        rig.run();
        assertThat(end()).isEqualTo(ended(PacketKind.REQUEST_INIT_REBOOT, PacketOutcome.ACKNOWLEDGED));
        rig.receive(Packets.request(1).ciaddr(address).build(), Packets.unicast(address));
        rig.run();
        assertThat(end()).isEqualTo(ended(PacketKind.REQUEST_RENEWING, PacketOutcome.ACKNOWLEDGED));
        receive(Packets.request(1).ciaddr(address));
        rig.run();
        assertThat(end()).isEqualTo(ended(PacketKind.REQUEST_REBINDING, PacketOutcome.ACKNOWLEDGED));
        receive(Packets.request(1));
        assertThat(end()).isEqualTo(ended(PacketKind.OTHER, PacketOutcome.DROPPED));
    }

    @Test
    void countsARefusalAsTheKindThatWasRefused() {
        Ipv4 address = bind();
        receive(Packets.selecting(2, address));
        rig.run();
        assertThat(end()).isEqualTo(ended(PacketKind.REQUEST_SELECTING, PacketOutcome.REFUSED));
        receive(Packets.request(2).ciaddr(Ipv4.parse("10.9.0.5")));
        assertThat(end()).isEqualTo(ended(PacketKind.REQUEST_REBINDING, PacketOutcome.REFUSED));
    }

    @Test
    void countsSilenceWithoutACommitForEveryRoute() {
        receive(Packets.discover(1));
        Ipv4 other = Ipv4.parse("10.0.0.2");
        rig.receive(Packets.discover(1).via(other).build(), Packets.fromRelay(other));
        rig.settle(new Proposal.Unknown());
        assertThat(rig.open()).isZero();
        PacketEnded silent = ended(PacketKind.DISCOVER, PacketOutcome.SILENT);
        assertThat(rig.ended).containsExactly(silent, silent);
    }

    @Test
    void countsARepeatedPacketAsRepeatedAndTimesTheReplyFromTheFirst() {
        receive(Packets.discover(1));
        rig.sleep(Duration.ofSeconds(4));
        receive(Packets.discover(1));
        rig.run();
        assertThat(rig.ended)
                .containsExactly(
                        ended(PacketKind.DISCOVER, PacketOutcome.REPEATED),
                        ended(PacketKind.DISCOVER, PacketOutcome.OFFERED));
        assertThat(rig.reply().asked()).isEqualTo(Rig.START);
    }

    @Test
    void countsPartingsWhenTheyAreCommitted() {
        Ipv4 address = bind();
        Packet release = Packets.of(MessageType.RELEASE, 1)
                .ciaddr(address)
                .server(Configs.SERVICE)
                .build();
        rig.receive(release, Packets.unicast(address));
        assertThat(rig.open()).isEqualTo(1);
        rig.run();
        assertThat(end()).isEqualTo(ended(PacketKind.RELEASE, PacketOutcome.DONE));
        rig.receive(release, Packets.unicast(address));
        assertThat(end()).isEqualTo(ended(PacketKind.RELEASE, PacketOutcome.SILENT));
        receive(Packets.of(MessageType.DECLINE, 1).wanting(address));
        assertThat(end()).isEqualTo(ended(PacketKind.DECLINE, PacketOutcome.SILENT));
    }

    @Test
    void countsARequestToAnotherServerAsSilenceWhetherOrNotItWasOfferedAnything() {
        Ipv4 other = Ipv4.parse("203.0.113.9");
        receive(Packets.selecting(1, Ipv4.parse("10.0.0.10")).server(other));
        assertThat(end()).isEqualTo(ended(PacketKind.REQUEST_SELECTING, PacketOutcome.SILENT));
        receive(Packets.discover(1));
        rig.run();
        Ipv4 offered = rig.reply().packet().yiaddr();
        receive(Packets.selecting(1, offered).server(other));
        rig.run();
        assertThat(end()).isEqualTo(ended(PacketKind.REQUEST_SELECTING, PacketOutcome.SILENT));
    }

    @Test
    void dropsWhatItCannotServe() {
        Ipv4 elsewhere = Ipv4.parse("172.30.0.1");
        rig.receive(Packets.discover(1).via(elsewhere).build(), Packets.fromRelay(elsewhere));
        assertThat(end()).isEqualTo(ended(PacketKind.DISCOVER, PacketOutcome.DROPPED));
        rig.receive(
                Packets.discover(1).via(Configs.OFFICE_RELAY).build().toBuilder()
                        .op(BootpOp.REPLY)
                        .build(),
                RELAY);
        assertThat(end()).isEqualTo(ended(PacketKind.OTHER, PacketOutcome.DROPPED));
    }
}
