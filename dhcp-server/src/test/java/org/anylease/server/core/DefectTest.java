package org.anylease.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.anylease.server.event.PacketKind;
import org.anylease.server.event.PacketOutcome;
import org.anylease.server.event.ServerEvent;
import org.anylease.server.port.Arrival;
import org.anylease.server.wire.MessageType;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.command.Outcome;
import org.anylease.store.replication.Proposal;
import org.junit.jupiter.api.Test;

/** A packet that the program trips over costs its sender an answer: its story ends, and so does its exchange. */
final class DefectTest {
    private static final Arrival RELAY = Packets.fromRelay(Configs.OFFICE_RELAY);

    private final Rig rig = Rig.standard();

    private void receive(Packets packet) {
        rig.receive(packet.via(Configs.OFFICE_RELAY).build(), RELAY);
    }

    private void endedByADefect(PacketKind kind, int packets) {
        assertThat(rig.defects).hasSize(1);
        assertThat(rig.open()).isZero();
        assertThat(rig.ended).hasSize(packets).containsOnly(new Effect.PacketEnded(kind, PacketOutcome.DROPPED));
        rig.proposals.clear();
        rig.probes.clear();
    }

    private void servesTheClientThatAsksAgain() {
        int joined = rig.count(ServerEvent.DISCOVER_JOINED);
        receive(Packets.discover(1));
        assertThat(rig.count(ServerEvent.DISCOVER_JOINED))
                .as("nothing is left open to join")
                .isEqualTo(joined);
        rig.run();
        assertThat(rig.reply().packet().messageType()).contains(MessageType.OFFER);
        assertThat(rig.open()).isZero();
    }

    @Test
    void whileAPacketIsTakenIn() {
        rig.trip(Effect.Report.class);
        receive(Packets.discover(1));
        endedByADefect(PacketKind.DISCOVER, 1);
        servesTheClientThatAsksAgain();
    }

    @Test
    void whileItsExchangeIsOpened() {
        rig.trip(Effect.Propose.class);
        receive(Packets.discover(1));
        endedByADefect(PacketKind.DISCOVER, 1);
        servesTheClientThatAsksAgain();
    }

    @Test
    void whileAProbeIsJudged() {
        receive(Packets.discover(1));
        rig.trip(Effect.Report.class);
        rig.silent();
        endedByADefect(PacketKind.DISCOVER, 1);
        servesTheClientThatAsksAgain();
    }

    @Test
    void whileTheFirstOfTwoRoutesIsAnswered() {
        Ipv4 other = Ipv4.parse("10.0.0.2");
        receive(Packets.discover(1));
        rig.receive(Packets.discover(1).via(other).build(), Packets.fromRelay(other));
        rig.silent();
        rig.trip(Effect.SendReply.class);
        rig.commit();
        endedByADefect(PacketKind.DISCOVER, 2);
        servesTheClientThatAsksAgain();
    }

    @Test
    void whileAnOutcomeIsNoneThatCanBe() {
        receive(Packets.discover(1));
        rig.expectDefects();
        rig.settle(new Proposal.Committed(new LogIndex(99), new Outcome.Done(1)));
        endedByADefect(PacketKind.DISCOVER, 1);
        assertThat(rig.defects.getFirst()).hasMessageContaining("an offer came to Done");
        servesTheClientThatAsksAgain();
    }
}
