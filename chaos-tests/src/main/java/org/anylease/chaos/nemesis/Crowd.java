package org.anylease.chaos.nemesis;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.anylease.tools.fleet.FleetClient;
import org.anylease.tools.fleet.FleetRelay;
import org.anylease.tools.fleet.History;
import org.anylease.tools.fleet.Route;

/**
 * Clients that live: each binds, renews at half its lease and again until an answer comes, and begins anew when its time
 * has run out. One in six gives its lease back now and then, one in six reboots.
 *
 * <p>Used by one thread; each client has a virtual thread of its own.
 */
final class Crowd implements AutoCloseable {
    private static final FleetClient.Patience PATIENCE =
            new FleetClient.Patience(Duration.ofMillis(500), Duration.ofSeconds(1), 5);
    private static final Duration BREATH = Duration.ofMillis(200);
    private static final int HABITS = 6;

    private final List<FleetRelay> relays;
    private final Route route;
    private final History history;
    private final RandomGenerator random;
    private final List<FleetClient> clients = new ArrayList<>();
    private final List<Future<?>> lives = new ArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private int nextNumber;
    private boolean stopped;
    private int storms;

    /**
     * An empty crowd.
     *
     * @param relays the relays; a client is behind the one that {@link #relayOf} says
     * @param route where packets go
     * @param history what the clients see is added there
     * @param firstNumber the number of the first client, 0 at its first relay
     * @param random draws transaction ids and moments
     */
    Crowd(List<FleetRelay> relays, Route route, History history, int firstNumber, RandomGenerator random) {
        this.relays = List.copyOf(relays);
        this.route = route;
        this.history = history;
        this.nextNumber = firstNumber;
        this.random = random;
    }

    /** The relay, from 1, that a client is behind. */
    static int relayOf(int client, int relays) {
        return client % relays + 1;
    }

    /** A client arrives behind a relay, from 1. */
    void join(int relay) {
        while (relayOf(nextNumber, relays.size()) != relay) {
            nextNumber++;
        }
        FleetClient client = new FleetClient(nextNumber, relays.get(relay - 1), route, history, PATIENCE, random);
        int habit = nextNumber / relays.size() % HABITS;
        nextNumber++;
        clients.add(client);
        lives.add(threads.submit(() -> {
            live(client, habit);
            return null;
        }));
    }

    /** Every client forgets its lease and asks for one, all at once. */
    synchronized void storm() {
        storms++;
        notifyAll();
    }

    /** The number that no client has had yet. */
    int nextNumber() {
        return nextNumber;
    }

    /** How many clients there are. */
    int size() {
        return clients.size();
    }

    private void live(FleetClient client, int habit) throws IOException, InterruptedException {
        int weathered = storms();
        int rounds = 0;
        while (!isStopped()) {
            if (client.address().isEmpty()) {
                if (!client.bind()) {
                    rest(BREATH, weathered);
                }
            } else {
                rest(untilRenewal(client), weathered);
                if (storms() != weathered) {
                    client.forget();
                } else if (!isStopped()) {
                    carryOn(client, habit, ++rounds);
                }
            }
            weathered = storms();
        }
    }

    private void carryOn(FleetClient client, int habit, int rounds) throws IOException, InterruptedException {
        if (habit == HABITS - 1 && rounds % 2 == 0) {
            client.release();
            return;
        }
        boolean extended = (habit == HABITS - 2 && rounds % 3 == 0) ? client.reboot() : client.renew();
        if (!extended && client.address().isPresent() && Instant.now().isAfter(client.leaseEnd())) {
            client.forget();
        }
    }

    /** Half of what is left of its lease, give or take a tenth; a breath when that is over already. */
    private Duration untilRenewal(FleetClient client) {
        Duration left = Duration.between(Instant.now(), client.leaseEnd());
        Duration half = left.multipliedBy(40 + random.nextInt(20)).dividedBy(100);
        return half.compareTo(BREATH) < 0 ? BREATH : half;
    }

    private synchronized int storms() {
        return storms;
    }

    private synchronized boolean isStopped() {
        return stopped;
    }

    private synchronized void rest(Duration time, int weathered) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0 && !stopped && storms == weathered; left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    /**
     * Lets every client end what it is at.
     *
     * @throws InterruptedException when the waiting thread is to end
     * @throws IllegalStateException when a client failed
     */
    void stop() throws InterruptedException {
        synchronized (this) {
            stopped = true;
            notifyAll();
        }
        for (Future<?> life : lives) {
            try {
                life.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("a client failed: " + e.getCause(), e.getCause());
            }
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
