package org.anylease.server.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.anylease.server.partition.EscrowWish.Holding;
import org.anylease.server.partition.PeerMessageCodec.Addressed;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.codec.UnreadableException;
import org.anylease.store.config.EscrowPolicy;
import org.anylease.store.lease.ClientId;
import org.anylease.store.lease.LeaseClient;
import org.junit.jupiter.api.Test;

/** What is decided beside the rules of promising alone. */
final class PartitionTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration CONFIGURED = Duration.ofMillis(300);
    private static final Duration TERM = Duration.ofDays(2);
    private static final long SECOND = 1_000_000_000L;

    @Test
    void followsWhatCommitsTakeWithinBounds() {
        CommitWait wait = new CommitWait(NOW);
        assertThat(wait.deadline(CONFIGURED)).isEqualTo(CONFIGURED);
        for (int i = 0; i < 100; i++) {
            boolean _ = wait.committed(Duration.ofMillis(200), NOW);
        }
        assertThat(wait.deadline(CONFIGURED)).isBetween(Duration.ofMillis(550), Duration.ofMillis(600));
        for (int i = 0; i < 100; i++) {
            boolean _ = wait.committed(Duration.ofSeconds(5), NOW);
        }
        assertThat(wait.deadline(CONFIGURED)).isEqualTo(CONFIGURED.multipliedBy(CommitWait.SLOWEST));
        for (int i = 0; i < 200; i++) {
            boolean _ = wait.committed(Duration.ofMillis(-5), NOW);
        }
        assertThat(wait.deadline(CONFIGURED)).isEqualTo(CONFIGURED);
    }

    @Test
    void opensAfterMissesInARowOnly() {
        CommitWait wait = new CommitWait(NOW);
        for (int i = 0; i < 10; i++) {
            assertThat(wait.missed(NOW)).isFalse();
            assertThat(wait.missed(NOW)).isFalse();
            assertThat(wait.committed(CONFIGURED, NOW)).isFalse();
        }
        for (int i = 1; i < CommitWait.MISSES_MAX; i++) {
            assertThat(wait.missed(NOW)).isFalse();
        }
        assertThat(wait.missed(NOW)).isTrue();
        assertThat(wait.mayWait(NOW)).isFalse();
        assertThat(wait.mayWait(NOW.plus(CommitWait.TRIAL_PERIOD))).isTrue();
        assertThat(wait.mayWait(NOW.plus(CommitWait.TRIAL_PERIOD))).isFalse();
        assertThat(wait.committed(CONFIGURED, NOW)).isTrue();
        assertThat(wait.mayWait(NOW)).isTrue();
    }

    @Test
    void triesSoonAlsoWhenTheClockWasSetBack() {
        CommitWait wait = new CommitWait(NOW);
        assertThat(wait.quorum(false, NOW)).isTrue();
        assertThat(wait.mayWait(NOW.minus(Duration.ofHours(1)))).isTrue();
    }

    @Test
    void wantsWhatNewClientsWouldTake() {
        NewClientRate rate = new NewClientRate(NOW);
        for (int minute = 0; minute < 48 * 60; minute++) {
            rate.seen(NOW.plus(Duration.ofMinutes(minute)));
        }
        assertThat(rate.perHour(NOW.plus(Duration.ofDays(2)))).isBetween(58.0, 62.0);
        assertThat(rate.perHour(NOW.plus(Duration.ofHours(54)))).isBetween(28.0, 32.0);
        assertThat(EscrowWish.wanted(EscrowPolicy.STANDARD, 60)).isEqualTo(1440);
        assertThat(EscrowWish.wanted(EscrowPolicy.STANDARD, 0)).isEqualTo(16);
        assertThat(EscrowWish.wanted(EscrowPolicy.STANDARD, 1e9)).isEqualTo(4096);
    }

    @Test
    void asksOnlyForWhatTheCellWouldGrant() {
        Instant fresh = NOW.plus(TERM);
        assertThat(asks(16, new Holding(0, null, 100, 0, 3))).isTrue();
        assertThat(asks(16, new Holding(16, fresh, 100, 48, 3))).isFalse();
        assertThat(asks(16, new Holding(13, fresh, 100, 48, 3))).isFalse();
        assertThat(asks(16, new Holding(12, fresh, 100, 48, 3))).isTrue();
        assertThat(asks(16, new Holding(1, fresh, 7, 3, 3))).isFalse();
        assertThat(asks(16, new Holding(0, null, 0, 30, 3))).isFalse();
        assertThat(asks(16, new Holding(16, NOW.plus(TERM.dividedBy(2)).minusSeconds(1), 100, 48, 3)))
                .isTrue();
        assertThat(asks(0, new Holding(16, NOW, 100, 48, 3))).isFalse();
    }

    private static boolean asks(int wanted, Holding holding) {
        return EscrowWish.isWorthAsking(wanted, holding, TERM, NOW);
    }

    @Test
    void trustsAClockThatRunsAsTheCountingOneDoes() {
        ClockGuard guard = new ClockGuard(Duration.ofSeconds(5), NOW, 0);
        for (int second = 1; second < 3600; second++) {
            assertThat(guard.look(NOW.plusSeconds(second), second * SECOND).trusted())
                    .isTrue();
        }
    }

    @Test
    void trustsNoClockThatHasStepped() {
        for (int step : List.of(-3600, -1, 1, 3600)) {
            ClockGuard guard = new ClockGuard(Duration.ofSeconds(5), NOW, 0);
            assertThat(guard.look(NOW.plusSeconds(1 + step), SECOND).trusted()).isFalse();
            ClockGuard.Verdict later = guard.look(NOW.plusSeconds(2 + step), 2 * SECOND);
            assertThat(later.trusted()).isFalse();
            assertThat(later.reason()).contains(step * 1000 + " ms");
            guard.agreed(2 * SECOND);
            assertThat(guard.look(NOW.plusSeconds(3 + step), 3 * SECOND).trusted())
                    .isTrue();
        }
    }

    @Test
    void doesNotTakeASecondStepForACureOfTheFirst() {
        ClockGuard guard = new ClockGuard(Duration.ofSeconds(5), NOW, 0);
        assertThat(guard.look(NOW.plusSeconds(11), SECOND).trusted()).isFalse();
        assertThat(guard.look(NOW.plusSeconds(2), 2 * SECOND).trusted()).isFalse();
    }

    @Test
    void assumesMoreDriftTheLongerNobodyElseIsHeardOf() {
        ClockGuard guard = new ClockGuard(Duration.ofSeconds(5), NOW, 0);
        long last = 0;
        for (int hour = 1; hour <= 27; hour++) {
            last = hour * 3600L * SECOND;
            assertThat(guard.look(NOW.plus(Duration.ofHours(hour)), last).trusted())
                    .isTrue();
        }
        last += 3600 * SECOND;
        ClockGuard.Verdict verdict = guard.look(NOW.plus(Duration.ofHours(28)), last);
        assertThat(verdict.trusted()).isFalse();
        assertThat(verdict.reason()).contains("28 h");
        guard.agreed(last);
        assertThat(guard.look(NOW.plus(Duration.ofHours(28)), last).trusted()).isTrue();
    }

    @Test
    void readsBackEveryMessage() throws UnreadableException {
        LeaseClient client = new LeaseClient(
                new ClientId(ClientId.Kind.HARDWARE, Octets.parseHex("01:02:00:00:00:00:07")),
                Octets.parseHex("01:02:00:00:00:00:07"),
                "host",
                Octets.EMPTY,
                Ipv4.parse("10.0.0.1"));
        List<PeerMessage> all = List.of(
                new PeerMessage.ReportWanted(new LogIndex(17)),
                new PeerMessage.Report(new LogIndex(Long.MAX_VALUE)),
                new PeerMessage.ForwardedRequest(-3, client, "lan", Ipv4.parse("10.0.0.9"), null),
                new PeerMessage.ForwardedRequest(4, client, "lan", Ipv4.parse("10.0.0.9"), Duration.ofSeconds(90)),
                new PeerMessage.ForwardedAnswer(4, null),
                new PeerMessage.ForwardedAnswer(4, Duration.ofSeconds(0xffff_ffffL)));
        for (PeerMessage message : all) {
            Addressed addressed = new Addressed(new CellId("c1"), message);
            byte[] bytes = PeerMessageCodec.encode(addressed);
            assertThat(PeerMessageCodec.decode(bytes)).isEqualTo(addressed);
            for (int length = 0; length < bytes.length; length++) {
                byte[] cut = Arrays.copyOf(bytes, length);
                assertThatThrownBy(() -> PeerMessageCodec.decode(cut)).isInstanceOf(UnreadableException.class);
            }
        }
    }
}
