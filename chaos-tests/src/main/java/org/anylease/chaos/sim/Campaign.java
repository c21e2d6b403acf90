package org.anylease.chaos.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Many runs together, as many at once as there are threads for them: runs share nothing. The only part of the simulator
 * that reads a real clock, to tell how long they took.
 */
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

    /** Hears how it goes, one call at a time. */
    public interface Listener {
        /**
         * A run failed.
         *
         * @param failed how
         * @return whether to go on with others
         */
        boolean failed(SimulationFailed failed);

        /** A run went well. */
        void ran();
    }

    /**
     * Runs seeds, in order but for those that run at the same time.
     *
     * @param from the first seed
     * @param to the last one
     * @param threads how many run at once
     * @param listener hears how it goes
     * @return how many failed
     */
    public int run(long from, long to, int threads, Listener listener) {
        AtomicLong next = new AtomicLong(from);
        AtomicBoolean goesOn = new AtomicBoolean(true);
        AtomicInteger failures = new AtomicInteger();
        Runnable work = () -> {
            for (long seed = next.getAndIncrement(); seed <= to && goesOn.get(); seed = next.getAndIncrement()) {
                try {
                    SimulationReport report = new Simulation(seed).run();
                    synchronized (this) {
                        add(report);
                        listener.ran();
                    }
                } catch (SimulationFailed e) {
                    failures.incrementAndGet();
                    synchronized (this) {
                        if (goesOn.get() && !listener.failed(e)) {
                            goesOn.set(false);
                        }
                    }
                }
            }
        };
        List<Future<?>> working = new ArrayList<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            for (int i = 0; i < threads; i++) {
                working.add(pool.submit(work));
            }
            for (Future<?> each : working) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a thread of the campaign broke", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        return failures.get();
    }

    /**
     * Adds a run.
     *
     * @param report what it was like
     */
    public synchronized void add(SimulationReport report) {
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
    public synchronized SortedMap<String, Long> counts() {
        return new TreeMap<>(counts);
    }

    /**
     * All runs in one line.
     *
     * @return for people
     */
    public synchronized String summary() {
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
