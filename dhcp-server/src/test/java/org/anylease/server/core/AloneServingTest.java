package org.anylease.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.anylease.server.event.ServerEvent;
import org.anylease.server.partition.CommitWait;
import org.anylease.server.partition.ServingMode;
import org.anylease.server.wire.HardwareAddress;
import org.anylease.server.wire.MessageType;
import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.Packet;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.alone.JournalRecord;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.command.LeaseCommand.CommitLease;
import org.anylease.store.command.LeaseCommand.OfferAddress;
import org.anylease.store.command.LeaseCommand.ReserveAddresses;
import org.anylease.store.command.Outcome;
import org.anylease.store.command.PromiseRule;
import org.anylease.store.config.RuntimeReservation;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.ClientId;
import org.anylease.store.replication.Proposal;
import org.junit.jupiter.api.Test;

/** Serving without a commit: the deadline, the breaker, and rules R2 to R4. */
final class AloneServingTest extends AloneScene {
    @Test
    void extendsAKnownLeaseOnceTheDeadlineHasPassedAndTheJournalIsDurable() {
        Ipv4 held = bind(1);
        receive(renewing(1, held));
        assertThat(rig.proposals.getFirst().validUntil())
                .isEqualTo(rig.now().plus(DEADLINE).plusSeconds(5));
        rig.pass(DEADLINE.minusMillis(20));
        assertThat(rig.appends).isEmpty();
        rig.pass(Duration.ofMillis(40));
        assertThat(rig.sent).isEmpty();
        Effect.AppendJournal append = rig.sync();
        assertThat(append.records()).singleElement().isInstanceOf(JournalRecord.Promise.class);
        Packet ack = rig.reply().packet();
        assertThat(ack.messageType()).contains(MessageType.ACK);
        assertThat(ack.yiaddr()).isEqualTo(held);
        assertThat(rig.count(ServerEvent.PROMISED_EXTENSION)).isEqualTo(1);
    }

    @Test
    void answersOnceWhenTheCommitComesAfterThePromise() {
        Ipv4 held = bind(1);
        receive(renewing(1, held));
        rig.pass(DEADLINE.plusMillis(20));
        rig.sync();
        assertThat(rig.reply().packet().messageType()).contains(MessageType.ACK);
        rig.commit();
        assertThat(rig.sent).isEmpty();
        assertThat(rig.open()).isZero();
    }

    @Test
    void waitsOnForACommitWhereNoRuleApplies() {
        Ipv4 offered = relayed(Packets.discover(1)).yiaddr();
        receive(Packets.selecting(1, offered));
        rig.pass(DEADLINE.plusMillis(100));
        assertThat(rig.appends).isEmpty();
        rig.commit();
        assertThat(rig.reply().packet().messageType()).contains(MessageType.ACK);
    }

    @Test
    void saysNothingWhenTheProposalLapsed() {
        Ipv4 offered = relayed(Packets.discover(1)).yiaddr();
        receive(Packets.selecting(1, offered));
        rig.settle(new Proposal.Committed(new LogIndex(9), new Outcome.Lapsed()));
        assertThat(rig.sent).isEmpty();
        assertThat(rig.open()).isZero();
        assertThat(rig.count(ServerEvent.REQUEST_UNCOMMITTED)).isEqualTo(1);
    }

    @Test
    void doesNotWaitWhileTheQuorumIsLost() {
        Ipv4 held = bind(1);
        cutOff();
        receive(renewing(1, held));
        assertThat(rig.proposals).isEmpty();
        rig.sync();
        assertThat(rig.reply().packet().messageType()).contains(MessageType.ACK);
    }

    @Test
    void stopsWaitingAfterSomeMissesAndStartsAgainWithTheFirstCommit() {
        Ipv4 held = bind(1);
        for (int i = 0; i < CommitWait.MISSES_MAX; i++) {
            receive(renewing(1, held));
            rig.pass(DEADLINE.plusMillis(50));
            rig.sync();
            rig.reply();
        }
        int asked = rig.proposals.size();
        receive(renewing(1, held));
        rig.sync();
        rig.reply();
        assertThat(rig.proposals).hasSize(asked);
        assertThat(autonomy().mode()).isEqualTo(ServingMode.PARTITIONED);
        rig.commit();
        assertThat(autonomy().mode()).isNotEqualTo(ServingMode.PARTITIONED);
        receive(renewing(1, held));
        assertThat(rig.proposals.getLast().command()).isInstanceOf(CommitLease.class);
    }

    @Test
    void triesACommitNowAndThenWhileTheBreakerIsOpen() {
        Ipv4 held = bind(1);
        cutOff();
        rig.pass(CommitWait.TRIAL_PERIOD);
        rig.proposals.clear();
        receive(renewing(1, held));
        assertThat(rig.proposals).hasSize(1);
        rig.pass(DEADLINE.plusMillis(20));
        rig.sync();
        assertThat(rig.reply().packet().messageType()).contains(MessageType.ACK);
    }

    @Test
    void extendsAtMostMcltPastTheCommittedExpiry() {
        Ipv4 held = bind(1);
        Instant committed = binding(held).end();
        cutOff();
        rig.sleep(Duration.between(rig.now(), committed.plus(Duration.ofDays(1)).minusSeconds(100)));
        receive(renewing(1, held));
        rig.pass(DEADLINE);
        rig.sync();
        assertThat(rig.reply().packet().options().u32(OptionCode.ADDRESS_TIME)).hasValue(99);
        rig.sleep(Duration.ofSeconds(101));
        receive(renewing(1, held));
        rig.pass(DEADLINE);
        assertThat(rig.appends).isEmpty();
        assertThat(rig.sent).isEmpty();
    }

    @Test
    void servesANewClientOutOfEscrow() {
        cutOff();
        receive(Packets.discover(5));
        assertThat(rig.probes).hasSize(1);
        rig.silent();
        Ipv4 offered = rig.reply().packet().yiaddr();
        assertThat(rig.table().escrowOf(rig.self, "office")).contains(offered);
        receive(Packets.selecting(5, offered));
        rig.sync();
        Packet ack = rig.reply().packet();
        assertThat(ack.yiaddr()).isEqualTo(offered);
        assertThat(rig.count(ServerEvent.PROMISED_ESCROW)).isEqualTo(1);
        assertThat(autonomy().pending()).containsEntry(PromiseRule.R3_ESCROW, 1);
        assertThat(autonomy().networks().getFirst().claimed()).isEqualTo(1);
    }

    @Test
    void offersTwoNewClientsDifferentAddressesAndEachTheSameAgain() {
        cutOff();
        receive(Packets.discover(5));
        rig.silent();
        Ipv4 first = rig.reply().packet().yiaddr();
        receive(Packets.discover(6));
        rig.silent();
        Ipv4 second = rig.reply().packet().yiaddr();
        assertThat(second).isNotEqualTo(first);
        receive(Packets.discover(5));
        assertThat(rig.reply().packet().yiaddr()).isEqualTo(first);
        receive(Packets.discover(7));
        rig.silent();
        assertThat(rig.sent).isEmpty();
        assertThat(rig.proposals.getLast().command()).isInstanceOf(OfferAddress.class);
    }

    @Test
    void triesTheNextAddressOfItsEscrowWhenAStrangerAnswers() {
        cutOff();
        receive(Packets.discover(5));
        Ipv4 inUse = rig.probes.getFirst().address();
        rig.answered();
        assertThat(rig.sync().records())
                .singleElement()
                .isInstanceOfSatisfying(
                        JournalRecord.Claim.class,
                        claim -> assertThat(claim.inUse()).isTrue());
        assertThat(rig.probes.getFirst().address()).isNotEqualTo(inUse);
        rig.silent();
        assertThat(rig.reply().packet().yiaddr()).isNotEqualTo(inUse);
        rig.lag(false);
        rig.reach(true);
        rig.pass(Duration.ofSeconds(2));
        rig.run();
        assertThat(binding(inUse).state()).isEqualTo(BindingState.ABANDONED);
    }

    @Test
    void givesAnEscrowedAddressToNobodyWhoWasNotOfferedIt() {
        cutOff();
        receive(Packets.discover(5));
        rig.silent();
        Ipv4 offered = rig.reply().packet().yiaddr();
        receive(Packets.selecting(6, offered));
        receive(Packets.request(6).wanting(offered));
        assertThat(rig.appends).isEmpty();
        assertThat(rig.sent).isEmpty();
    }

    @Test
    void givesAReservedAddressToItsClient() {
        cutOff();
        Packets discover = Packets.discover(0x77).hardware(HardwareAddress.ethernet("02:00:00:00:00:77"));
        receive(discover);
        rig.silent();
        assertThat(rig.reply().packet().yiaddr()).isEqualTo(Configs.RESERVED);
        receive(Packets.selecting(0x77, Configs.RESERVED).hardware(HardwareAddress.ethernet("02:00:00:00:00:77")));
        rig.sync();
        assertThat(rig.reply().packet().yiaddr()).isEqualTo(Configs.RESERVED);
        assertThat(rig.count(ServerEvent.PROMISED_RESERVATION)).isEqualTo(1);
    }

    @Test
    void givesAnAddressThatWasReservedAtRunTimeToItsClient() {
        Ipv4 kept = Ipv4.parse("10.0.0.77");
        ClientId client = new ClientId(ClientId.Kind.HARDWARE, Octets.parseHex("01:02:00:00:00:00:05"));
        rig.cell.commit(
                rig.self,
                new ReserveAddresses(
                        List.of(new RuntimeReservation(kept, client, "printer", "operator", rig.now())), false),
                rig.now());
        rig.table();
        rig.hear(new Input.CellChanged(Configs.CELL));
        cutOff();
        receive(Packets.discover(5));
        rig.silent();
        assertThat(rig.reply().packet().yiaddr()).isEqualTo(kept);
        receive(Packets.selecting(5, kept).asking(12));
        rig.sync();
        assertThat(rig.reply().packet().yiaddr()).isEqualTo(kept);
        assertThat(rig.count(ServerEvent.PROMISED_RESERVATION)).isEqualTo(1);
    }

    @Test
    void neverRefusesFromAStaleView() {
        Ipv4 held = bind(1);
        cutOff();
        receive(renewing(2, held));
        receive(Packets.selecting(2, held));
        rig.pass(DEADLINE.plusMillis(50));
        assertThat(rig.sent).isEmpty();
    }

    @Test
    void notesAReleaseAndPromisesNothingMore() {
        Ipv4 held = bind(1);
        cutOff();
        rig.receive(
                Packets.of(MessageType.RELEASE, 1)
                        .server(Configs.SERVICE)
                        .ciaddr(held)
                        .build(),
                Packets.unicast(held));
        rig.sync();
        assertThat(rig.count(ServerEvent.PARTED_ALONE)).isEqualTo(1);
        receive(renewing(1, held));
        assertThat(rig.appends).isEmpty();
        rig.lag(false);
        rig.proposals.clear();
        rig.reach(true);
        rig.run();
        assertThat(binding(held).state()).isEqualTo(BindingState.RELEASED);
    }

    @Test
    void notesADecline() {
        Ipv4 held = bind(1);
        cutOff();
        receive(Packets.of(MessageType.DECLINE, 1).server(Configs.SERVICE).wanting(held));
        rig.sync();
        rig.lag(false);
        rig.reach(true);
        rig.run();
        assertThat(binding(held).state()).isEqualTo(BindingState.ABANDONED);
    }

    @Test
    void releasesAtOnceWhatIsNotCommittedYet() {
        cutOff();
        Ipv4 held = takeFromEscrow(5);
        rig.receive(
                Packets.of(MessageType.RELEASE, 5)
                        .server(Configs.SERVICE)
                        .ciaddr(held)
                        .build(),
                Packets.unicast(held));
        rig.sync();
        assertThat(rig.count(ServerEvent.PARTED_ALONE)).isEqualTo(1);
    }
}
