package org.anylease.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.anylease.server.leasequery.LeaseFacts;
import org.anylease.server.leasequery.LeaseState;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.alone.JournalRecord.Promise;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.PromiseEnding;
import org.anylease.store.command.PromiseRule;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.ClientId;
import org.anylease.store.lease.LeaseClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is told of an address: of what is applied and what was promised alone, that which says more. */
class LeaseFactsTest {
    private static final Ipv4 ADDRESS = Ipv4.parse("10.0.0.10");
    private static final ServerId HERE = new ServerId("a");
    private static final ServerId THERE = new ServerId("b");
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant NOW = START.plusSeconds(1000);

    private static LeaseClient client(int number, int... relayInformation) {
        byte[] octets = new byte[relayInformation.length];
        for (int i = 0; i < octets.length; i++) {
            octets[i] = (byte) relayInformation[i];
        }
        Octets hardware = Octets.of((byte) 1, (byte) number);
        return new LeaseClient(
                new ClientId(ClientId.Kind.HARDWARE, hardware), hardware, "", Octets.of(octets), Ipv4.UNSPECIFIED);
    }

    private static Binding bound(long untilSeconds) {
        return Binding.neverUsed(ADDRESS, 0)
                .bind(new LogIndex(5), client(1, 1, 1, 9), START, START.plusSeconds(untilSeconds), HERE, 0);
    }

    private static Promise promise(int client, long untilSeconds, long binding, PromiseEnding ending) {
        return new Promise(
                ADDRESS,
                client(client),
                "lan",
                START.plusSeconds(untilSeconds),
                new LogIndex(binding),
                PromiseRule.R2_EXTENSION,
                ending,
                NOW.minusSeconds(10));
    }

    private static LeaseFacts facts(@Nullable Binding binding, @Nullable Promise promise) {
        return LeaseFacts.of(ADDRESS, binding, promise, HERE, NOW);
    }

    @Test
    void tellsTheStateOfWhatIsApplied() {
        assertThat(facts(null, null).state()).isEqualTo(LeaseState.AVAILABLE);
        assertThat(facts(bound(2000), null).state()).isEqualTo(LeaseState.ACTIVE);
        assertThat(facts(bound(1000), null).state()).isEqualTo(LeaseState.EXPIRED);
        Instant gate = START.plusSeconds(9000);
        assertThat(facts(bound(2000).release(new LogIndex(6), gate), null).state())
                .isEqualTo(LeaseState.RELEASED);
        assertThat(facts(bound(2000).abandon(new LogIndex(6), gate, gate), null).state())
                .isEqualTo(LeaseState.ABANDONED);
        Binding escrowed = Binding.neverUsed(ADDRESS, 0).escrow(new LogIndex(3), THERE, gate);
        assertThat(facts(escrowed, null).state()).isEqualTo(LeaseState.REMOTE);
        assertThat(LeaseFacts.of(ADDRESS, escrowed, null, THERE, NOW).state()).isEqualTo(LeaseState.AVAILABLE);
    }

    @Test
    void aPromiseThatRunsLongerCountsAndKeepsTheRelayOfTheLease() {
        LeaseFacts lease = facts(bound(900), promise(1, 1900, 5, PromiseEnding.HELD));
        assertThat(lease.state()).isEqualTo(LeaseState.ACTIVE);
        assertThat(lease.end()).isEqualTo(START.plusSeconds(1900));
        assertThat(lease.lastTransaction()).isEqualTo(NOW.minusSeconds(10));
        assertThat(lease.since()).isEqualTo(START);
        assertThat(lease.client()).isEqualTo(client(1, 1, 1, 9));
    }

    @Test
    void aPromiseThatTheCellHasOvertakenDoesNotCount() {
        assertThat(facts(bound(2000), promise(1, 1900, 4, PromiseEnding.HELD)).end())
                .isEqualTo(START.plusSeconds(2000));
        assertThat(facts(bound(2000), promise(1, 1900, 4, PromiseEnding.RELEASED))
                        .state())
                .isEqualTo(LeaseState.ACTIVE);
        assertThat(facts(bound(2000), promise(2, 3000, 4, PromiseEnding.HELD)).client())
                .isEqualTo(client(1, 1, 1, 9));
    }

    @Test
    void aPromiseOutlivesTheLeaseThatTheCellHasLetExpire() {
        Binding expired = bound(900).expire(new LogIndex(9), START.plusSeconds(9000));
        assertThat(facts(expired, promise(1, 1900, 5, PromiseEnding.HELD)).state())
                .isEqualTo(LeaseState.ACTIVE);
    }

    @Test
    void whatAClientGaveBackWhileTheServerWasAloneIsNotLeased() {
        assertThat(facts(bound(2000), promise(1, 2000, 5, PromiseEnding.RELEASED))
                        .state())
                .isEqualTo(LeaseState.RELEASED);
        assertThat(facts(bound(2000), promise(1, 2000, 5, PromiseEnding.DECLINED))
                        .state())
                .isEqualTo(LeaseState.ABANDONED);
    }
}
