package org.anylease.server.port;

/** A pending timer. */
@FunctionalInterface
public interface Timeout {
    /** Stops the timer. Call on the loop; afterwards the task does not run. Idempotent, also after it has fired. */
    void cancel();
}
