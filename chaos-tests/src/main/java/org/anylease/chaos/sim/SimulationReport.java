package org.anylease.chaos.sim;

import java.time.Duration;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a run was like.
 *
 * @param seed its seed
 * @param events how many events happened
 * @param acks how many ACKs of leases servers sent
 * @param leases how many of them clients took
 * @param faults how many faults were planned
 * @param elapsed how much virtual time passed
 * @param trace the hash over all that happened
 * @param counts what the servers reported, and how often
 */
public record SimulationReport(
        long seed,
        long events,
        long acks,
        long leases,
        int faults,
        Duration elapsed,
        long trace,
        SortedMap<String, Long> counts) {
    /** Copies the counts. */
    public SimulationReport {
        counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
    }
}
