package org.anylease.tools.anycast;

import java.time.Instant;
import java.util.Optional;
import org.anylease.server.config.Announcement;
import org.anylease.server.config.AnycastConfig.Policy;
import org.jspecify.annotations.Nullable;

/**
 * What a site announces, from what its checks show. A single check changes nothing: a route that comes and goes does
 * more harm than one that is wrong for some seconds (RFC 4786 §4.4.4).
 *
 * <pre>
 *   settled    observed                 moves to
 *   ────────   ──────────────────────   ────────────────────────────────
 *   any        the same                 stays; runs of others begin anew
 *   any        worse, fall in a row     the best of that run
 *   any        better, rise in a row    the worst of that run
 *   nothing    not failing, rise times  the worst of that run
 *   nothing    failing, fall times      failing
 * </pre>
 *
 * <p>A drain, and its end, count at once: an operator has waited long enough. While nothing is settled and nothing
 * drained there is no decision, and the route stays as it is. Used by one thread.
 */
public final class RouteDecision {
    private final Policy policy;
    private @Nullable Health settled;
    private String settledBy = "";
    private int run;
    private boolean runIsGood;
    private Health runHealth = Health.FAILING;
    private @Nullable Decision last;

    /**
     * A site of which nothing is known.
     *
     * @param policy what checks come to
     */
    public RouteDecision(Policy policy) {
        this.policy = policy;
    }

    /**
     * Goes on where an earlier process stopped, so that its successor moves no route by starting.
     *
     * @param health what was settled
     * @param why what had shown it
     */
    public void resume(Health health, String why) {
        settled = health;
        settledBy = why;
    }

    /**
     * Takes what a check has shown.
     *
     * @param observation what it saw
     * @param drained whether the site is drained
     * @param now the time
     * @return what to announce from now on; empty as long as too little is known
     */
    public Optional<Decision> on(Observation observation, boolean drained, Instant now) {
        take(observation);
        Health health = settled;
        if (health == null && !drained) {
            return Optional.empty();
        }
        Health known = health == null ? observation.health() : health;
        Announcement byHealth = health == null ? Announcement.PREFERRED : announcement(health);
        Decision next = new Decision(
                drained ? policy.whenDrained().orWorse(byHealth) : byHealth,
                known,
                drained,
                drained ? "drained by an operator" : settledBy,
                now);
        Decision before = last;
        if (before == null || !before.isLike(next)) {
            last = next;
        }
        return Optional.ofNullable(last);
    }

    private Announcement announcement(Health health) {
        return switch (health) {
            case SERVING -> Announcement.PREFERRED;
            case ALONE -> policy.whenAlone();
            case FAILING -> policy.whenFailing();
        };
    }

    private void take(Observation observation) {
        Health seen = observation.health();
        if (seen == settled) {
            run = 0;
            return;
        }
        boolean good = settled == null ? seen != Health.FAILING : seen.isBetterThan(settled);
        boolean goesOn = run > 0 && runIsGood == good;
        run = goesOn ? run + 1 : 1;
        runIsGood = good;
        if (!goesOn) {
            runHealth = seen;
        } else {
            runHealth = good ? runHealth.orWorse(seen) : runHealth.orBetter(seen);
        }
        if (run >= (good ? policy.rise() : policy.fall())) {
            settled = runHealth;
            settledBy = observation.why();
            run = 0;
        }
    }

    /**
     * How far the checks are from changing the route.
     *
     * @return such as {@code 2 of 3 bad checks in a row}; empty when none disagrees
     */
    public String pending() {
        if (run == 0) {
            return "";
        }
        return run + " of " + (runIsGood ? policy.rise() + " good" : policy.fall() + " bad") + " checks in a row";
    }

    /**
     * What is settled.
     *
     * @return empty as long as too little is known
     */
    public Optional<Health> settled() {
        return Optional.ofNullable(settled);
    }
}
