package org.anylease.tools.fleet;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/** Many clients at once, each on a virtual thread of its own. */
public final class Fleet implements AutoCloseable {
    private final List<FleetClient> clients;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /**
     * A fleet of clients that hold nothing yet.
     *
     * @param clients its clients; their relays stay the caller's
     */
    public Fleet(List<FleetClient> clients) {
        this.clients = List.copyOf(clients);
    }

    /**
     * A fleet of clients numbered from 1, with short patience, behind one relay.
     *
     * @param size how many
     * @param relay their relay
     * @param route where their packets go
     * @param history what they see is added there
     * @param random draws transaction ids
     * @return clients that hold nothing yet
     */
    public static Fleet of(int size, FleetRelay relay, Route route, History history, RandomGenerator random) {
        return from(1, size, relay, route, history, random);
    }

    /**
     * A fleet of clients numbered from some number on, beside another fleet.
     *
     * @param first the number of the first client, which makes its hardware address
     * @param size how many
     * @param relay their relay
     * @param route where their packets go
     * @param history what they see is added there
     * @param random draws transaction ids
     * @return clients that hold nothing yet
     */
    public static Fleet from(
            int first, int size, FleetRelay relay, Route route, History history, RandomGenerator random) {
        List<FleetClient> clients = new ArrayList<>();
        for (int number = first; number < first + size; number++) {
            clients.add(new FleetClient(number, relay, route, history, FleetClient.Patience.SHORT, random));
        }
        return new Fleet(clients);
    }

    /** What a client is asked to do. */
    @FunctionalInterface
    public interface Task {
        /**
         * Does it.
         *
         * @param client the client
         * @throws IOException when the relay's socket fails
         * @throws InterruptedException when the fleet is closed
         */
        void run(FleetClient client) throws IOException, InterruptedException;
    }

    /**
     * The clients.
     *
     * @return in order of number
     */
    public List<FleetClient> clients() {
        return clients;
    }

    /**
     * Lets every client do something, a bounded number of them at a time, and waits for all.
     *
     * @param atOnce how many at a time
     * @param task what each does
     * @throws InterruptedException when the waiting thread is to end
     */
    public void each(int atOnce, Task task) throws InterruptedException {
        Semaphore places = new Semaphore(atOnce);
        List<Future<?>> done = new ArrayList<>();
        for (FleetClient client : clients) {
            places.acquire();
            done.add(threads.submit(() -> {
                try {
                    task.run(client);
                    return null;
                } finally {
                    places.release();
                }
            }));
        }
        for (Future<?> future : done) {
            join(future);
        }
    }

    /**
     * Lets every client do something again and again until told to stop.
     *
     * @param task what each does, over and over
     * @return stops all, waits for the tasks under way, and throws what any of them threw
     */
    public Running repeat(Task task) {
        AtomicBoolean stop = new AtomicBoolean();
        List<Future<?>> done = new ArrayList<>();
        for (FleetClient client : clients) {
            done.add(threads.submit(() -> {
                while (!stop.get()) {
                    task.run(client);
                }
                return null;
            }));
        }
        return () -> {
            stop.set(true);
            for (Future<?> future : done) {
                join(future);
            }
        };
    }

    /** A fleet at work. */
    @FunctionalInterface
    public interface Running {
        /**
         * Stops it and waits for the tasks under way.
         *
         * @throws InterruptedException when the waiting thread is to end
         */
        void stop() throws InterruptedException;
    }

    private static void join(Future<?> future) throws InterruptedException {
        try {
            future.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a client failed: " + e.getCause(), e.getCause());
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
