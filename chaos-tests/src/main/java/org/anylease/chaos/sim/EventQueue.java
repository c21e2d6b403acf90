package org.anylease.chaos.sim;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.PriorityQueue;
import org.anylease.server.port.Timeout;
import org.anylease.server.port.Timers;

/**
 * Virtual time: everything that will happen, in order of time, and of asking where times are equal.
 *
 * <p>Counts whole microseconds from {@link #START}. Nothing waits: time jumps to the next event.
 */
public final class EventQueue implements Timers, InstantSource {
    /** When every simulation begins. */
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final PriorityQueue<Event> events = new PriorityQueue<>(256);
    private final Trace trace;
    private long nowMicros;
    private long asked;
    private long happened;

    /**
     * Nothing is to happen yet.
     *
     * @param trace hears of every event
     */
    public EventQueue(Trace trace) {
        this.trace = trace;
    }

    private static final class Event implements Comparable<Event>, Timeout {
        private final long micros;
        private final long order;
        private final Runnable task;
        private boolean cancelled;

        Event(long micros, long order, Runnable task) {
            this.micros = micros;
            this.order = order;
            this.task = task;
        }

        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(micros, other.micros);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }

    @Override
    public Instant instant() {
        return START.plusNanos(nowMicros * 1_000);
    }

    /**
     * How long the simulation has run.
     *
     * @return virtual time since the start
     */
    public Duration elapsed() {
        return Duration.ofNanos(nowMicros * 1_000);
    }

    /**
     * How much has happened.
     *
     * @return events so far
     */
    public long happened() {
        return happened;
    }

    @Override
    public Timeout after(Duration delay, Runnable task) {
        long micros = delay.isNegative() ? 0 : delay.toNanos() / 1_000;
        Event event = new Event(nowMicros + micros, asked++, task);
        events.add(event);
        return event;
    }

    /**
     * Lets everything happen that is due up to a time, and turns the clock to it.
     *
     * @param span how far from now
     */
    public void run(Duration span) {
        long until = nowMicros + span.toNanos() / 1_000;
        for (Event next = events.peek(); next != null && next.micros <= until; next = events.peek()) {
            step();
        }
        nowMicros = until;
    }

    /** Lets the next event happen, if there is one. */
    void step() {
        Event next = events.poll();
        if (next != null && !next.cancelled) {
            nowMicros = next.micros;
            happened++;
            trace.event(next.micros, next.order);
            next.task.run();
        }
    }
}
