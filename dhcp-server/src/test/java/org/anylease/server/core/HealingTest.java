package org.anylease.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.anylease.server.event.ServerEvent;
import org.anylease.server.partition.PeerMessage;
import org.anylease.server.partition.ServingMode;
import org.anylease.server.wire.MessageType;
import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.Packet;
import org.anylease.store.address.Ipv4;
import org.anylease.store.alone.Fence;
import org.anylease.store.alone.JournalRecord;
import org.anylease.store.alone.PromiseJournal;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.LeaseCommand.CommitPromise;
import org.anylease.store.command.LeaseCommand.ExpireDue;
import org.anylease.store.command.LeaseCommand.GrantEscrow;
import org.anylease.store.command.LeaseCommand.OfferAddress;
import org.anylease.store.command.Outcome;
import org.anylease.store.lease.BindingState;
import org.anylease.store.replication.Proposal;
import org.junit.jupiter.api.Test;

/** What goes on behind serving alone: healing, restarts, fences, escrow, reports and other servers. */
final class HealingTest extends AloneScene {
    @Test
    void commitsWhatItPromisedInOrderAndThenServesAsBefore() {
        Ipv4 known = bind(1);
        cutOff();
        Ipv4 first = takeFromEscrow(5);
        rig.sleep(Duration.ofMillis(500));
        receive(renewing(1, known));
        rig.sync();
        rig.reply();
        rig.lag(false);
        rig.proposals.clear();
        rig.reach(true);
        // The claim is durably marked before its promise is proposed.
        assertThat(rig.proposals).isEmpty();
        assertThat(((JournalRecord.Claim) rig.sync().records().getFirst()).flushed())
                .isTrue();
        assertThat(((CommitPromise) rig.proposals.getFirst().command()).address())
                .isEqualTo(first);
        rig.commit();
        assertThat(((CommitPromise) rig.proposals.getFirst().command()).address())
                .isEqualTo(known);
        rig.commit();
        rig.run();
        assertThat(rig.journal.pendingCount()).isZero();
        assertThat(binding(first).state()).isEqualTo(BindingState.ACTIVE);
        assertThat(autonomy().mode()).isEqualTo(ServingMode.QUORATE);
        assertThat(relayed(renewing(5, first)).messageType()).contains(MessageType.ACK);
    }

    @Test
    void keepsAPromiseUntilItsOwnCopyShowsTheCommit() {
        cutOff();
        takeFromEscrow(5);
        rig.proposals.clear();
        rig.reach(true);
        rig.sync();
        rig.commit();
        rig.pass(Duration.ofMillis(200));
        assertThat(rig.journal.pendingCount()).isEqualTo(1);
        rig.lag(false);
        rig.pass(Duration.ofMillis(200));
        rig.run();
        assertThat(rig.journal.pendingCount()).isZero();
    }

    @Test
    void doesNotRefuseAClientWhosePromiseIsBeingCommitted() {
        cutOff();
        Ipv4 held = takeFromEscrow(5);
        rig.proposals.clear();
        rig.reach(true);
        rig.sync();
        receive(renewing(5, held));
        assertThat(rig.proposals).hasSize(2);
        var request = rig.proposals.removeLast();
        rig.hear(new Input.ProposalSettled(
                request.token(),
                new Proposal.Committed(new LogIndex(99), new Outcome.Refused(Outcome.Refused.Reason.TAKEN))));
        assertThat(rig.sent).isEmpty();
        assertThat(rig.count(ServerEvent.REQUEST_PROMISE_PENDING)).isEqualTo(1);
    }

    @Test
    void triesAgainWhatDidNotComeThrough() {
        Ipv4 known = bind(1);
        cutOff();
        receive(renewing(1, known));
        rig.sync();
        rig.lag(false);
        rig.proposals.clear();
        rig.reach(true);
        rig.settle(new Proposal.Unknown());
        assertThat(rig.proposals).isEmpty();
        rig.pass(Duration.ofSeconds(1));
        assertThat(count(CommitPromise.class)).isEqualTo(1);
        rig.run();
        assertThat(rig.journal.pendingCount()).isZero();
    }

    @Test
    void servesAloneFromItsDiskAfterARestart() {
        Ipv4 known = bind(1);
        cutOff();
        Ipv4 fromEscrow = takeFromEscrow(5);
        Rig again = Rig.restarted(rig.cell, rig.journal, false);
        for (Ipv4 address : List.of(known, fromEscrow)) {
            int client = address.equals(known) ? 1 : 5;
            again.receive(
                    renewing(client, address).via(Configs.OFFICE_RELAY).build(),
                    Packets.fromRelay(Configs.OFFICE_RELAY));
            again.sync();
            assertThat(again.reply().packet().yiaddr()).isEqualTo(address);
        }
    }

    @Test
    void promisesNothingWithAClockThatIsNotTrusted() {
        Ipv4 known = bind(1);
        rig.hear(new Input.ClockTrusted(false, "it has stepped"));
        cutOff();
        receive(renewing(1, known));
        receive(Packets.discover(5));
        assertThat(rig.appends).isEmpty();
        assertThat(rig.count(ServerEvent.ALONE_FENCED)).isPositive();
        assertThat(autonomy().fence()).isEqualTo(Fence.CLOCK_UNTRUSTED);
        rig.hear(new Input.ClockTrusted(true, ""));
        receive(renewing(1, known));
        assertThat(rig.appends).hasSize(1);
    }

    @Test
    void promisesNothingOnAStateOlderThanItsReport() {
        Ipv4 known = bind(1);
        PromiseJournal ahead = PromiseJournal.restore(List.of(
                new JournalRecord.Born(LogIndex.NONE, Instant.EPOCH),
                new JournalRecord.Reported(new LogIndex(rig.cell.length() + 5))));
        Rig again = Rig.restarted(rig.cell, ahead, false);
        again.receive(renewing(1, known).via(Configs.OFFICE_RELAY).build(), Packets.fromRelay(Configs.OFFICE_RELAY));
        assertThat(again.appends).isEmpty();
        assertThat(again.service().autonomy(Configs.CELL, again.now()).fence()).isEqualTo(Fence.BEHIND_ITS_REPORT);
    }

    @Test
    void beginsANewJournalOnlyBehindAnEntryOfItsOwn() {
        SharedCell cell = new SharedCell();
        cell.configure(Configs.escrowing(2), Rig.START);
        PromiseJournal fresh = new PromiseJournal();
        Rig newborn = Rig.restarted(cell, fresh, true);
        assertThat(newborn.proposals)
                .singleElement()
                .satisfies(each -> assertThat(each.command()).isInstanceOf(ExpireDue.class));
        newborn.commit();
        assertThat(newborn.sync().records()).singleElement().isInstanceOf(JournalRecord.Born.class);
        assertThat(newborn.proposals)
                .allSatisfy(each -> assertThat(each.command()).isInstanceOf(GrantEscrow.class));
        // Of the kiosk's one address nothing can be set aside.
        assertThat(newborn.proposals).hasSize(2);
    }

    @Test
    void fillsItsEscrowOnceAndThenWritesNothing() {
        assertThat(escrow("office")).isEqualTo(2);
        rig.proposals.clear();
        for (int i = 0; i < 600; i++) {
            rig.pass(Duration.ofSeconds(1));
        }
        assertThat(rig.proposals).isEmpty();
        assertThat(rig.appends).isEmpty();
        rig.sleep(Duration.ofHours(25));
        rig.pass(Duration.ofSeconds(2));
        assertThat(rig.proposals)
                .isNotEmpty()
                .allSatisfy(each -> assertThat(each.command()).isInstanceOf(GrantEscrow.class));
        rig.run();
        rig.pass(Duration.ofMinutes(1));
        assertThat(rig.proposals).isEmpty();
    }

    @Test
    void givesRecalledEscrowBackAndAsksForNoneWhileLeasesAreRestored() {
        List<Ipv4> held = rig.table().escrowOf(rig.self, "office");
        assertThat(held).hasSize(2);
        rig.hear(new Input.EscrowRecalled(Configs.CELL, held));
        assertThat(rig.proposals).as("durably out of its own reach first").isEmpty();
        rig.run();
        assertThat(held)
                .allSatisfy(address -> assertThat(binding(address).state()).isEqualTo(BindingState.FREE));
        rig.pass(Duration.ofSeconds(25));
        rig.run();
        assertThat(escrow("office")).as("paused").isZero();
        rig.pass(Duration.ofSeconds(25));
        rig.run();
        assertThat(escrow("office")).isEqualTo(2);
    }

    @Test
    void givesBackNoRecalledAddressThatAClientHas() {
        cutOff();
        Ipv4 taken = takeFromEscrow(5);
        rig.hear(new Input.EscrowRecalled(Configs.CELL, rig.table().escrowOf(rig.self, "office")));
        rig.lag(false);
        rig.reach(true);
        rig.run();
        assertThat(binding(taken).state()).isEqualTo(BindingState.ACTIVE);
        assertThat(relayed(renewing(5, taken)).messageType()).contains(MessageType.ACK);
    }

    @Test
    void offersOutOfItsEscrowWhenThePoolIsEmpty() {
        for (int client = 1; rig.cell.leader().idleCount("office") > 0; client++) {
            bind(client);
        }
        receive(Packets.discover(77));
        rig.run();
        assertThat(rig.sent).isNotEmpty();
    }

    @Test
    void freesAReleasedAddressOnceAllHaveReported() {
        Ipv4 held = bind(1);
        rig.receive(
                Packets.of(MessageType.RELEASE, 1)
                        .server(Configs.SERVICE)
                        .ciaddr(held)
                        .build(),
                Packets.unicast(held));
        rig.run();
        rig.pass(Duration.ofSeconds(1));
        assertThat(binding(held).state()).isEqualTo(BindingState.RELEASED);
        Effect.SendPeer asked = rig.said.removeLast();
        assertThat(asked.to()).isEqualTo(new ServerId("b"));
        LogIndex since = ((PeerMessage.ReportWanted) asked.message()).since();
        assertThat(rig.sync().records()).singleElement().isInstanceOf(JournalRecord.Reported.class);
        assertThat(autonomy().waiting().addresses()).isEqualTo(1);
        assertThat(autonomy().waiting().servers()).anySatisfy(server -> {
            assertThat(server.server()).isEqualTo(new ServerId("b"));
            assertThat(server.late()).isTrue();
        });
        rig.said("b", new PeerMessage.Report(since));
        rig.run();
        assertThat(binding(held).state()).isEqualTo(BindingState.FREE);
        assertThat(autonomy().waiting().addresses()).isZero();
        rig.said.clear();
        rig.pass(Duration.ofSeconds(5));
        assertThat(rig.said).isEmpty();
    }

    @Test
    void reportsOnlyOnceTheReportIsDurableAndNothingIsPending() {
        Ipv4 known = bind(1);
        cutOff();
        receive(renewing(1, known));
        rig.sync();
        rig.reply();
        LogIndex since = rig.table().appliedIndex();
        rig.said("b", new PeerMessage.ReportWanted(since));
        assertThat(rig.appends).isEmpty();
        rig.lag(false);
        rig.proposals.clear();
        rig.reach(true);
        rig.commit();
        rig.sync();
        rig.pass(Duration.ofMillis(100));
        assertThat(rig.said).isEmpty();
        assertThat(rig.sync().records()).singleElement().isInstanceOf(JournalRecord.Reported.class);
        assertThat(rig.said.getFirst().message()).isInstanceOf(PeerMessage.Report.class);
    }

    @Test
    void handsARequestForAnothersEscrowToItsOwner() {
        rig.cell.commit(new ServerId("b"), new GrantEscrow(new ServerId("b"), "office", 1), rig.now());
        Ipv4 theirs = rig.table().escrowOf(new ServerId("b"), "office").getFirst();
        receive(Packets.selecting(5, theirs));
        assertThat(rig.proposals).isEmpty();
        Effect.SendPeer sent = rig.said.remove();
        PeerMessage.ForwardedRequest request = (PeerMessage.ForwardedRequest) sent.message();
        rig.said("b", new PeerMessage.ForwardedAnswer(request.id(), Duration.ofMinutes(10)));
        Packet ack = rig.reply().packet();
        assertThat(ack.yiaddr()).isEqualTo(theirs);
        assertThat(ack.options().u32(OptionCode.ADDRESS_TIME)).hasValue(600);
    }

    @Test
    void asksTheCellWhenTheOwnerIsSilent() {
        rig.cell.commit(new ServerId("b"), new GrantEscrow(new ServerId("b"), "office", 1), rig.now());
        Ipv4 theirs = rig.table().escrowOf(new ServerId("b"), "office").getFirst();
        receive(Packets.selecting(5, theirs));
        rig.pass(Forwarding.PATIENCE.plusMillis(20));
        rig.commit();
        assertThat(rig.reply().packet().messageType()).contains(MessageType.NAK);
    }

    @Test
    void promisesWhatAnotherServerForwards() {
        Ipv4 mine = rig.table().escrowOf(rig.self, "office").getFirst();
        receive(Packets.discover(9));
        var client = ((OfferAddress) rig.proposals.remove().command()).client();
        rig.said("b", new PeerMessage.ForwardedRequest(7, client, "office", mine, null));
        assertThat(rig.said).isEmpty();
        rig.sync();
        assertThat(((PeerMessage.ForwardedAnswer) rig.said.remove().message()).leaseTime())
                .isEqualTo(Duration.ofHours(1));
        rig.said("b", new PeerMessage.ForwardedRequest(8, client, "office", Ipv4.parse("10.0.0.99"), null));
        assertThat(((PeerMessage.ForwardedAnswer) rig.said.remove().message()).leaseTime())
                .isNull();
    }

    @Test
    void saysThatItIsBackAfterItWasDeclaredDown() {
        rig.cell.commit(new ServerId("b"), new LeaseCommand.DeclareDown(rig.self, "operator"), rig.now());
        rig.pass(Duration.ofSeconds(1));
        assertThat(rig.sync().records()).singleElement().isInstanceOf(JournalRecord.Reported.class);
        rig.run();
        assertThat(rig.cell.leader().declaredDown()).isEmpty();
        assertThat(rig.count(ServerEvent.CAME_BACK)).isEqualTo(1);
    }

    @Test
    void tellsTheOperatorWhenTheWayOfServingChanges() {
        Ipv4 known = bind(1);
        cutOff();
        rig.pass(Duration.ofSeconds(1));
        assertThat(rig.count(ServerEvent.SERVING_ALONE)).isEqualTo(1);
        rig.proposals.clear();
        receive(renewing(1, known));
        rig.pass(DEADLINE.plusMillis(20));
        rig.sync();
        rig.lag(false);
        rig.proposals.clear();
        rig.reach(true);
        rig.run();
        rig.pass(Duration.ofSeconds(1));
        assertThat(rig.count(ServerEvent.SERVING_QUORATE)).isEqualTo(1);
    }
}
