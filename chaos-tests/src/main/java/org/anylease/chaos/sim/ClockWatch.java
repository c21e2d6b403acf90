package org.anylease.chaos.sim;

import java.time.Duration;
import java.time.Instant;
import org.anylease.store.cell.ServerId;

/**
 * What a server's shell makes of its clock, as the protocol has it: it compares the wall clock with the time that has
 * passed, and mistrusts it after a step, or once a leader's clock is further away than the skew, until a leader's clock
 * is near.
 */
final class ClockWatch {
    private static final Duration STEP = Duration.ofMillis(250);

    private final ServerId server;
    private final World world;
    private Instant wall;
    private Instant passed;
    private boolean trusted = true;
    private boolean news;
    private String reason = "";

    ClockWatch(ServerId server, World world) {
        this.server = server;
        this.world = world;
        wall = world.clock(server);
        passed = world.queue().instant();
    }

    boolean isTrusted() {
        return trusted;
    }

    String reason() {
        return reason;
    }

    /** Looks at the clocks; true when it has changed its mind since the last look. */
    boolean look() {
        Instant wallNow = world.clock(server);
        Instant now = world.queue().instant();
        Duration step = Duration.between(wall, wallNow).minus(Duration.between(passed, now));
        wall = wallNow;
        passed = now;
        if (step.abs().compareTo(STEP) > 0) {
            judge(false, "its clock has stepped by " + step);
        }
        boolean changed = news && world.tampering().guardsClock();
        news = false;
        return changed;
    }

    /** It has compared its clock with a leader's. */
    void compared(Duration apart, Duration skew) {
        boolean near = apart.compareTo(skew) <= 0;
        judge(near, near ? "" : "its clock is " + apart + " from the leader's");
    }

    private void judge(boolean good, String why) {
        news |= good != trusted;
        trusted = good;
        reason = why;
    }
}
