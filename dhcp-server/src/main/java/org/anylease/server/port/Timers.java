package org.anylease.server.port;

import java.time.Duration;

/** Runs tasks later. */
public interface Timers {
    /**
     * Runs a task on the loop once a delay has passed; never early, never from inside this call.
     *
     * <p>Call on the loop. Tasks due at the same instant run in the order they were asked for. A timer that the loop's
     * closing overtakes never fires.
     *
     * @param delay how long from now; zero or negative means the loop's next turn
     * @param task what to run
     * @return a handle to stop it by
     */
    Timeout after(Duration delay, Runnable task);
}
