package org.anylease.tools.anycast;

import static org.anylease.server.config.Announcement.INFERIOR;
import static org.anylease.server.config.Announcement.PREFERRED;
import static org.anylease.server.config.Announcement.WITHDRAWN;
import static org.anylease.tools.anycast.Health.ALONE;
import static org.anylease.tools.anycast.Health.FAILING;
import static org.anylease.tools.anycast.Health.SERVING;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.anylease.server.config.Announcement;
import org.anylease.server.config.AnycastConfig.Policy;
import org.junit.jupiter.api.Test;

/** Four good checks raise a route here, three bad ones lower it. */
class RouteDecisionTest {
    private static final Policy MILD = new Policy(4, 3, INFERIOR, INFERIOR, INFERIOR);
    private static final Policy STRICT = new Policy(4, 3, PREFERRED, WITHDRAWN, WITHDRAWN);

    private Instant now = Instant.parse("2026-02-26T15:00:00Z");

    private RouteDecision serving(Policy policy) {
        RouteDecision route = new RouteDecision(policy);
        see(route, SERVING, SERVING, SERVING, SERVING);
        assertThat(route.settled()).contains(SERVING);
        return route;
    }

    /** What is announced after these checks. */
    private Optional<Announcement> see(RouteDecision route, Health... healths) {
        Optional<Announcement> announced = Optional.empty();
        for (Health health : healths) {
            now = now.plusSeconds(1);
            announced =
                    route.on(new Observation(health, health.word()), false, now).map(Decision::announcement);
        }
        return announced;
    }

    @Test
    void nothingIsAnnouncedBeforeEnoughChecksAgree() {
        RouteDecision route = new RouteDecision(MILD);
        assertThat(see(route, SERVING, SERVING, SERVING)).isEmpty();
        assertThat(route.pending()).isEqualTo("3 of 4 good checks in a row");
        assertThat(see(route, SERVING)).contains(PREFERRED);
        assertThat(route.pending()).isEmpty();
        assertThat(see(new RouteDecision(MILD), FAILING, FAILING)).isEmpty();
        assertThat(see(new RouteDecision(MILD), FAILING, FAILING, FAILING)).contains(INFERIOR);
    }

    @Test
    void badChecksLowerTheRouteOnlyInARow() {
        RouteDecision route = serving(MILD);
        assertThat(see(route, FAILING, FAILING, SERVING, FAILING, FAILING)).contains(PREFERRED);
        assertThat(route.pending()).isEqualTo("2 of 3 bad checks in a row");
        assertThat(see(route, FAILING)).contains(INFERIOR);
    }

    @Test
    void goodChecksRaiseTheRouteOnlyInARow() {
        RouteDecision route = serving(MILD);
        see(route, FAILING, FAILING, FAILING);
        assertThat(see(route, SERVING, SERVING, SERVING, FAILING, SERVING, SERVING, SERVING))
                .contains(INFERIOR);
        assertThat(see(route, SERVING)).contains(PREFERRED);
    }

    @Test
    void aRouteFallsOnlyAsFarAsAllBadChecksOfTheRunSay() {
        RouteDecision route = serving(STRICT);
        assertThat(see(route, FAILING, ALONE, FAILING)).contains(PREFERRED);
        assertThat(route.settled()).contains(ALONE);
        assertThat(see(route, FAILING, FAILING, FAILING)).contains(WITHDRAWN);
    }

    @Test
    void aRouteRisesOnlyAsFarAsAllGoodChecksOfTheRunSay() {
        RouteDecision route = serving(MILD);
        see(route, FAILING, FAILING, FAILING);
        see(route, SERVING, ALONE, SERVING, SERVING);
        assertThat(route.settled()).contains(ALONE);
    }

    @Test
    void aServerThatIsCutOffStaysAnnouncedButInferior() {
        assertThat(see(serving(MILD), ALONE, ALONE, ALONE)).contains(INFERIOR);
        assertThat(see(serving(STRICT), ALONE, ALONE, ALONE)).contains(PREFERRED);
    }

    @Test
    void withdrawalIsOptIn() {
        assertThat(see(serving(MILD), FAILING, FAILING, FAILING, FAILING)).contains(INFERIOR);
        assertThat(see(serving(STRICT), FAILING, FAILING, FAILING, FAILING)).contains(WITHDRAWN);
    }

    @Test
    void aDrainAndItsEndCountAtOnceAndHealthIsWatchedMeanwhile() {
        RouteDecision route = serving(MILD);
        Decision drained = route.on(new Observation(SERVING, "fine"), true, now).orElseThrow();
        assertThat(drained.announcement()).isEqualTo(INFERIOR);
        assertThat(drained.health()).isEqualTo(SERVING);
        assertThat(drained.why()).isEqualTo("drained by an operator");
        assertThat(see(route, SERVING)).contains(PREFERRED);
        for (int i = 0; i < 3; i++) {
            route.on(new Observation(FAILING, "silent"), true, now);
        }
        Decision after =
                route.on(new Observation(FAILING, "silent"), false, now).orElseThrow();
        assertThat(after.announcement()).isEqualTo(INFERIOR);
        assertThat(after.health()).isEqualTo(FAILING);
    }

    @Test
    void aDrainedSiteThatFailsIsNoBetterThanEither() {
        RouteDecision route = serving(new Policy(4, 3, INFERIOR, WITHDRAWN, INFERIOR));
        for (int i = 0; i < 2; i++) {
            assertThat(route.on(new Observation(FAILING, "silent"), true, now)
                            .orElseThrow()
                            .announcement())
                    .isEqualTo(INFERIOR);
        }
        assertThat(route.on(new Observation(FAILING, "silent"), true, now)
                        .orElseThrow()
                        .announcement())
                .isEqualTo(WITHDRAWN);
    }

    @Test
    void aSiteCanBeDrainedBeforeAnythingIsKnown() {
        RouteDecision route = new RouteDecision(STRICT);
        assertThat(route.on(new Observation(SERVING, "fine"), true, now)
                        .orElseThrow()
                        .announcement())
                .isEqualTo(WITHDRAWN);
        assertThat(see(route, SERVING)).isEmpty();
    }

    @Test
    void aSuccessorGoesOnWhereItsPredecessorStopped() {
        RouteDecision route = new RouteDecision(MILD);
        route.resume(ALONE, "cut off");
        Decision first = route.on(new Observation(SERVING, "fine"), false, now).orElseThrow();
        assertThat(first.announcement()).isEqualTo(INFERIOR);
        assertThat(first.why()).isEqualTo("cut off");
        assertThat(see(route, SERVING, SERVING, SERVING)).contains(PREFERRED);
    }

    @Test
    void theTimeOfADecisionIsThatOfItsBeginning() {
        RouteDecision route = serving(MILD);
        Instant since = route.on(new Observation(SERVING, "fine"), false, now)
                .orElseThrow()
                .since();
        see(route, FAILING, FAILING);
        assertThat(route.on(new Observation(SERVING, "fine"), false, now)
                        .orElseThrow()
                        .since())
                .isEqualTo(since);
        see(route, FAILING, FAILING, FAILING);
        assertThat(route.on(new Observation(FAILING, "silent"), false, now.plusSeconds(9))
                        .orElseThrow()
                        .since())
                .isEqualTo(now);
    }

    /** Against a model that looks at the last checks anew each time. */
    @Test
    void noRouteMovesOnFewerChecksInARowThanThePolicySays() {
        SplittableRandom random = new SplittableRandom(7);
        List<Health> healths = List.of(Health.values());
        for (int run = 0; run < 200; run++) {
            Policy policy = new Policy(1 + random.nextInt(5), 1 + random.nextInt(5), INFERIOR, WITHDRAWN, INFERIOR);
            RouteDecision route = new RouteDecision(policy);
            Health settled = null;
            int worse = 0;
            int better = 0;
            for (int step = 0; step < 200; step++) {
                Health seen = healths.get(random.nextInt(healths.size()));
                boolean good = settled == null ? seen != FAILING : seen.compareTo(settled) < 0;
                boolean same = seen == settled;
                better = good && !same ? better + 1 : 0;
                worse = !good && !same ? worse + 1 : 0;
                see(route, seen);
                Health next = route.settled().orElse(null);
                boolean due = better == policy.rise() || worse == policy.fall();
                assertThat(next == settled).as("run %d, step %d", run, step).isEqualTo(!due);
                if (due) {
                    better = 0;
                    worse = 0;
                }
                settled = next;
            }
        }
    }
}
