package org.anylease.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.anylease.server.event.ServerEvent;
import org.anylease.server.wire.MessageType;
import org.anylease.server.wire.Packet;
import org.anylease.store.address.Ipv4;
import org.anylease.store.lease.BindingState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** RELEASE (RFC 2131 §4.3.4) and DECLINE (§4.3.3). */
final class PartingTest {
    private final Rig rig = Rig.standard();
    private Ipv4 held = Ipv4.UNSPECIFIED;

    @BeforeEach
    void bindClient() {
        held = renewOrBind();
    }

    private Ipv4 renewOrBind() {
        Packet discover = Packets.discover(1).via(Configs.OFFICE_RELAY).build();
        Ipv4 offered =
                rig.ask(discover, Packets.fromRelay(Configs.OFFICE_RELAY)).yiaddr();
        Packet request = Packets.selecting(1, offered).via(Configs.OFFICE_RELAY).build();
        return rig.ask(request, Packets.fromRelay(Configs.OFFICE_RELAY)).yiaddr();
    }

    private BindingState state() {
        return rig.table().binding(held).orElseThrow().state();
    }

    private Packets release(int client) {
        return Packets.of(MessageType.RELEASE, client).server(Configs.SERVICE).ciaddr(held);
    }

    @Test
    void givesALeaseBackAndAnswersNothing() {
        rig.receive(release(1).build(), Packets.unicast(held));
        rig.run();
        assertThat(state()).isNotEqualTo(BindingState.ACTIVE);
        assertThat(rig.sent).isEmpty();
    }

    @Test
    void writesNothingForWhatTheClientDoesNotHold() {
        rig.receive(release(2).build(), Packets.unicast(held));
        assertThat(rig.proposals).isEmpty();
        assertThat(rig.count(ServerEvent.RELEASE_UNKNOWN)).isEqualTo(1);
    }

    @Test
    void writesNothingForAReleaseThatNamesAnotherServer() {
        Packet release = Packets.of(MessageType.RELEASE, 1)
                .server(Ipv4.parse("203.0.113.5"))
                .ciaddr(held)
                .build();
        rig.receive(release, Packets.unicast(held));
        assertThat(rig.proposals).isEmpty();
        assertThat(rig.count(ServerEvent.PARTING_OTHER_SERVER)).isEqualTo(1);
    }

    @Test
    void killsNoNewerLeaseByALateRelease() {
        rig.receive(release(1).build(), Packets.unicast(held));
        var late = rig.proposals.remove();
        var earlier = rig.cell.commit(rig.self, late.command(), rig.now());
        rig.hear(new Input.ProposalSettled(late.token(), earlier));
        assertThat(renewOrBind()).isEqualTo(held);
        rig.cell.commit(rig.self, late.command(), rig.now());
        assertThat(state()).isEqualTo(BindingState.ACTIVE);
    }

    @Test
    void countsAReleaseThatCameTooLate() {
        rig.receive(release(1).build(), Packets.unicast(held));
        rig.cell.commit(rig.self, rig.proposals.getFirst().command(), rig.now());
        rig.commit();
        assertThat(rig.count(ServerEvent.PARTING_LATE)).isEqualTo(1);
    }

    @Test
    void abandonsAnAddressThatItsClientFoundInUse() {
        Packet decline = Packets.of(MessageType.DECLINE, 1)
                .server(Configs.SERVICE)
                .wanting(held)
                .via(Configs.OFFICE_RELAY)
                .build();
        rig.receive(decline, Packets.fromRelay(Configs.OFFICE_RELAY));
        rig.run();
        assertThat(state()).isEqualTo(BindingState.ABANDONED);
        assertThat(rig.sent).isEmpty();
        Packet offer =
                rig.ask(Packets.discover(1).via(Configs.OFFICE_RELAY).build(), Packets.fromRelay(Configs.OFFICE_RELAY));
        assertThat(offer.yiaddr()).isNotEqualTo(held);
    }

    @Test
    void carriesOutAReleaseWhileAnOfferIsBeingForgotten() {
        // A second offer, beside the lease, as after a reservation has come: then the client turns to another server.
        Ipv4 wanted = Ipv4.parse("10.1.0.11");
        Ipv4 offered = rig.ask(
                        Packets.discover(1)
                                .via(Configs.LAB_RELAY)
                                .wanting(wanted)
                                .build(),
                        Packets.fromRelay(Configs.LAB_RELAY))
                .yiaddr();
        assertThat(offered).isEqualTo(wanted);
        Packet elsewhere = Packets.request(1)
                .server(Ipv4.parse("203.0.113.5"))
                .wanting(wanted)
                .via(Configs.OFFICE_RELAY)
                .build();
        rig.receive(elsewhere, Packets.fromRelay(Configs.OFFICE_RELAY));
        rig.receive(release(1).build(), Packets.unicast(held));
        assertThat(rig.proposals)
                .extracting(each -> each.command().getClass().getSimpleName())
                .containsExactly("CancelOffer", "ReleaseLease");
        rig.run();
        assertThat(state()).isNotEqualTo(BindingState.ACTIVE);
        assertThat(rig.table().binding(wanted).orElseThrow().offer()).isNull();
        assertThat(rig.open()).isZero();
    }

    @Test
    void carriesOutAReleaseOfANewerLeaseWhileThatOfTheEarlierIsPending() {
        rig.receive(release(1).build(), Packets.unicast(held));
        var first = rig.proposals.getFirst();
        rig.cell.commit(rig.self, first.command(), rig.now());
        Packet request = Packets.selecting(1, held).via(Configs.OFFICE_RELAY).build();
        rig.receive(request, Packets.fromRelay(Configs.OFFICE_RELAY));
        var again = rig.proposals.removeLast();
        rig.hear(new Input.ProposalSettled(again.token(), rig.cell.commit(rig.self, again.command(), rig.now())));
        assertThat(state()).isEqualTo(BindingState.ACTIVE);
        rig.receive(release(1).build(), Packets.unicast(held));
        assertThat(rig.proposals).hasSize(2);
        rig.run();
        assertThat(state()).isNotEqualTo(BindingState.ACTIVE);
        assertThat(rig.open()).isZero();
    }

    @Test
    void meansTheBindingThatWasJustAcknowledgedThoughItsOwnCopyLags() {
        rig.lag(true);
        Packet request = Packets.selecting(1, held).via(Configs.OFFICE_RELAY).build();
        rig.ask(request, Packets.fromRelay(Configs.OFFICE_RELAY));
        rig.receive(release(1).build(), Packets.unicast(held));
        rig.run();
        assertThat(rig.count(ServerEvent.PARTING_LATE)).isZero();
        assertThat(rig.cell.leader().binding(held).orElseThrow().state()).isEqualTo(BindingState.RELEASED);
    }

    @Test
    void releasesANewLeaseThatItsOwnCopyDoesNotShowYet() {
        Packet offer =
                rig.ask(Packets.discover(2).via(Configs.OFFICE_RELAY).build(), Packets.fromRelay(Configs.OFFICE_RELAY));
        rig.lag(true);
        Packet request =
                Packets.selecting(2, offer.yiaddr()).via(Configs.OFFICE_RELAY).build();
        held = rig.ask(request, Packets.fromRelay(Configs.OFFICE_RELAY)).yiaddr();
        rig.receive(release(2).build(), Packets.unicast(held));
        rig.run();
        assertThat(rig.cell.leader().binding(held).orElseThrow().state()).isEqualTo(BindingState.RELEASED);
    }

    @Test
    void joinsARepeatedReleaseWhileTheFirstIsPending() {
        rig.receive(release(1).build(), Packets.unicast(held));
        rig.receive(release(1).build(), Packets.unicast(held));
        assertThat(rig.proposals).hasSize(1);
    }
}
