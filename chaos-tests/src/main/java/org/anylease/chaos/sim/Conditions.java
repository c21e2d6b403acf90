package org.anylease.chaos.sim;

import java.time.Duration;

/**
 * The weather of a run: what misbehaves all the time, faults apart.
 *
 * @param serverDelay how long a message between servers takes at most
 * @param serverLoss how many of them are lost, 0 to 1
 * @param clientDelay how long a packet between a client and a server takes at most
 * @param clientLoss how many of them are lost
 * @param duplication how many packets and proposals arrive twice, packets often at two sites
 * @param straggling how many packets, entries and answers are late by seconds
 * @param probeTrouble how many probes end as unreachable or as a local error
 */
public record Conditions(
        Duration serverDelay,
        double serverLoss,
        Duration clientDelay,
        double clientLoss,
        double duplication,
        double straggling,
        double probeTrouble) {
    /** Nothing is lost, late or doubled. */
    public static final Conditions FAIR = new Conditions(Duration.ofMillis(2), 0, Duration.ofMillis(2), 0, 0, 0, 0);
}
