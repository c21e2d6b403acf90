package org.anylease.chaos.sim;

import java.time.Duration;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/** Many runs together. The only part of the simulator that reads a real clock, to tell how long they took. */
public final class Campaign {
    private final long startedNanos = System.nanoTime();
    private final TreeMap<String, Long> counts = new TreeMap<>();
    private long seeds;
    private long events;
    private long acks;
    private long leases;
    private long faults;
    private Duration virtual = Duration.ZERO;

    /** Nothing has run. */
    public Campaign() {}

    /**
     * Adds a run.
     *
     * @param report what it was like
     */
    public void add(SimulationReport report) {
        seeds++;
        events += report.events();
        acks += report.acks();
        leases += report.leases();
        faults += report.faults();
        virtual = virtual.plus(report.elapsed());
        report.counts().forEach((what, count) -> counts.merge(what, count, Long::sum));
    }

    /**
     * What happened how often, in all runs.
     *
     * @return in order of name
     */
    public SortedMap<String, Long> counts() {
        return new TreeMap<>(counts);
    }

    /**
     * All runs in one line.
     *
     * @return for people
     */
    public String summary() {
        double wall = (System.nanoTime() - startedNanos) / 1e9;
        return String.format(
                Locale.ROOT,
                "%d seeds, %d events, %d ACKs sent, %d taken, %d faults, %d h virtual in %.1f s (%.1f seeds/s)",
                seeds,
                events,
                acks,
                leases,
                faults,
                virtual.toHours(),
                wall,
                seeds / wall);
    }
}
