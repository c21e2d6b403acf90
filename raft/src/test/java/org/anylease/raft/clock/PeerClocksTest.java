package org.anylease.raft.clock;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.anylease.store.cell.ServerId;
import org.junit.jupiter.api.Test;

class PeerClocksTest {
    private static final Instant START = Instant.parse("2026-05-01T12:00:00Z");
    private static final Duration SKEW = Duration.ofSeconds(5);
    private static final ServerId SELF = new ServerId("s1");
    private static final ServerId SECOND = new ServerId("s2");
    private static final ServerId THIRD = new ServerId("s3");
    private static final List<ServerId> THREE = List.of(SELF, SECOND, THIRD);

    /** Begins near the end of a long, as System.nanoTime may. */
    private static final long BEGIN = Long.MAX_VALUE - Duration.ofHours(1).toNanos();

    private final PeerClocks clocks = new PeerClocks(SELF, START, BEGIN);

    private void read(ServerId peer, Duration ahead, Duration roundTrip, Duration at) {
        long asked = BEGIN + at.toNanos();
        Instant theirs = START.plus(at).plus(roundTrip.dividedBy(2)).plus(ahead);
        clocks.read(peer, theirs, asked, asked + roundTrip.toNanos());
    }

    private void read(ServerId peer, Duration ahead) {
        read(peer, ahead, Duration.ofMillis(10), Duration.ofSeconds(1));
    }

    /** Judged so long after the start, with the wall clock set forward by {@code step} meanwhile. */
    private ClockVerdict judge(List<ServerId> voters, Duration at, Duration step) {
        return clocks.judge(voters, SKEW, Instant.EPOCH, START.plus(at).plus(step), BEGIN + at.toNanos());
    }

    private ClockVerdict judge(Duration at) {
        return judge(THREE, at, Duration.ZERO);
    }

    @Test
    void trustsItselfAmongClocksWithinTheSkew() {
        read(SECOND, Duration.ofSeconds(4));
        read(THIRD, Duration.ofSeconds(-4));
        assertThat(judge(Duration.ofSeconds(2))).isEqualTo(new ClockVerdict(null, true));
    }

    @Test
    void strayedFromAMajorityItNeitherStampsNorPromises() {
        read(SECOND, Duration.ofSeconds(6));
        assertThat(judge(Duration.ofSeconds(2))).isEqualTo(new ClockVerdict(ClockDoubt.DISPUTED, true));
        assertThat(judge(Duration.ofSeconds(4)).doubt()).isEqualTo(ClockDoubt.DISPUTED);
        read(THIRD, Duration.ofSeconds(6));
        assertThat(judge(Duration.ofSeconds(2))).isEqualTo(new ClockVerdict(ClockDoubt.STRAYED, false));
    }

    @Test
    void goesOnWhenOneOfThreeHasStrayed() {
        read(SECOND, Duration.ofHours(-1));
        read(THIRD, Duration.ofSeconds(1));
        assertThat(judge(Duration.ofSeconds(2))).isEqualTo(new ClockVerdict(null, true));
        assertThat(clocks.isAstray(
                        SECOND,
                        SKEW,
                        START.plusSeconds(2),
                        BEGIN + Duration.ofSeconds(2).toNanos()))
                .isTrue();
        assertThat(clocks.isAstray(
                        THIRD,
                        SKEW,
                        START.plusSeconds(2),
                        BEGIN + Duration.ofSeconds(2).toNanos()))
                .isFalse();
    }

    @Test
    void twoThatDifferStampButPromiseNothingAlone() {
        read(SECOND, Duration.ofSeconds(6));
        assertThat(judge(List.of(SELF, SECOND), Duration.ofSeconds(2), Duration.ZERO))
                .isEqualTo(new ClockVerdict(ClockDoubt.DISPUTED, true));
    }

    @Test
    void seesAStepAtOnceAndItsTakingBack() {
        read(SECOND, Duration.ZERO);
        read(THIRD, Duration.ZERO);
        assertThat(judge(THREE, Duration.ofSeconds(1), Duration.ofSeconds(4)).trusted())
                .isTrue();
        assertThat(judge(THREE, Duration.ofSeconds(1), Duration.ofSeconds(6)))
                .isEqualTo(new ClockVerdict(ClockDoubt.STRAYED, false));
        assertThat(judge(THREE, Duration.ofSeconds(1), Duration.ofSeconds(-6)))
                .isEqualTo(new ClockVerdict(ClockDoubt.STRAYED, false));
        assertThat(judge(THREE, Duration.ofSeconds(1), Duration.ZERO).trusted()).isTrue();
    }

    @Test
    void aStepWithoutAnyContactIsDoubtedUntilAClockIsRead() {
        assertThat(judge(Duration.ofHours(1)).trusted()).isTrue();
        assertThat(judge(THREE, Duration.ofHours(1), Duration.ofSeconds(3)))
                .isEqualTo(new ClockVerdict(ClockDoubt.STEPPED, false));
        read(SECOND, Duration.ofSeconds(3), Duration.ofMillis(10), Duration.ofHours(1));
        assertThat(judge(THREE, Duration.ofHours(1), Duration.ofSeconds(3))).isEqualTo(new ClockVerdict(null, true));
    }

    @Test
    void ofTwoThatDifferTheOneThatWasSetStampsNothing() {
        read(SECOND, Duration.ZERO);
        assertThat(judge(THREE, Duration.ofSeconds(1), Duration.ofMinutes(8)))
                .isEqualTo(new ClockVerdict(ClockDoubt.STEPPED, false));
        assertThat(judge(THREE, Duration.ofSeconds(1), Duration.ZERO).stamps()).isTrue();
    }

    @Test
    void assumesDriftUntilItReachesTheSkew() {
        read(SECOND, Duration.ofSeconds(1));
        read(THIRD, Duration.ZERO);
        // 50 parts per million of 24 h are 4.3 s, of 28 h 5.04 s.
        assertThat(judge(Duration.ofHours(24)).trusted()).isTrue();
        assertThat(judge(Duration.ofHours(28))).isEqualTo(new ClockVerdict(ClockDoubt.UNSEEN, true));
        read(SECOND, Duration.ZERO, Duration.ofMillis(10), Duration.ofHours(28));
        assertThat(judge(Duration.ofHours(28)).trusted()).isTrue();
    }

    @Test
    void bootedWithoutContactItIsTrustedUntilDriftReachesTheSkewUnlessItIsBehindTheCell() {
        assertThat(judge(Duration.ofHours(24)).trusted()).isTrue();
        assertThat(judge(Duration.ofHours(28)).doubt()).isEqualTo(ClockDoubt.UNSEEN);
        assertThat(clocks.judge(THREE, SKEW, START.plusSeconds(6), START, BEGIN).doubt())
                .isEqualTo(ClockDoubt.BEHIND_THE_CELL);
        assertThat(clocks.judge(THREE, SKEW, START.plusSeconds(5), START, BEGIN).trusted())
                .isTrue();
    }

    @Test
    void stampsOnlyWhenAMajoritysClocksWereReadOrAWhileHasPassed() {
        assertThat(judge(Duration.ofSeconds(1)).stamps()).isFalse();
        assertThat(judge(Duration.ofSeconds(4)).stamps()).isTrue();
        read(SECOND, Duration.ZERO);
        assertThat(judge(Duration.ofSeconds(1)).stamps()).isTrue();
    }

    @Test
    void aCellOfOneGoesByItsOwnClock() {
        assertThat(judge(List.of(SELF), Duration.ofHours(100), Duration.ofDays(3)))
                .isEqualTo(new ClockVerdict(null, true));
    }

    @Test
    void aLongRoundTripDoesNotAccuseAndDoesNotReplaceASharperReading() {
        read(SECOND, Duration.ofSeconds(4), Duration.ofMillis(10), Duration.ofSeconds(1));
        read(SECOND, Duration.ofMillis(4500), Duration.ofMillis(1500), Duration.ofSeconds(2));
        ClockState.PeerClock kept = clocks.all(
                        START.plusSeconds(4), BEGIN + Duration.ofSeconds(4).toNanos())
                .get(SECOND);
        assertThat(kept).isNotNull();
        assertThat(kept.ahead()).isEqualTo(Duration.ofSeconds(4));
        read(SECOND, Duration.ofMillis(5500), Duration.ofMillis(1500), Duration.ofSeconds(2));
        read(THIRD, Duration.ofMillis(5500), Duration.ofMillis(1500), Duration.ofSeconds(2));
        assertThat(judge(Duration.ofSeconds(4)).doubt()).isEqualTo(ClockDoubt.UNSEEN);
        read(SECOND, Duration.ofHours(1), Duration.ofSeconds(3), Duration.ofSeconds(4));
        assertThat(judge(Duration.ofSeconds(7)).doubt()).isEqualTo(ClockDoubt.UNSEEN);
    }
}
