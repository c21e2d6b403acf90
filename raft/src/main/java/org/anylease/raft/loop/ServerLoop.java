package org.anylease.raft.loop;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The server's loop as replication uses it: what a task throws is handed to the server, which ends.
 *
 * <p>Netty logs what a task throws, and never runs a periodic one again; a completion of a {@link
 * java.util.concurrent.CompletableFuture} that throws is not even logged. The server would go on half alive, with
 * commands that nobody gives up and a leader that nobody looks for.
 *
 * <p>Any thread may use it.
 */
public final class ServerLoop implements Executor {
    private final EventLoop netty;
    private final Consumer<Throwable> onFailure;

    /**
     * Wraps a loop.
     *
     * @param netty the loop
     * @param onFailure hears, on the loop, what a task threw; the server must not go on
     */
    public ServerLoop(EventLoop netty, Consumer<Throwable> onFailure) {
        this.netty = netty;
        this.onFailure = onFailure;
    }

    /**
     * The loop as Netty knows it, for channels that are to live on it.
     *
     * @return the same thread
     */
    public EventLoop netty() {
        return netty;
    }

    /**
     * Whether the caller is on the loop.
     *
     * @return true on the loop's thread
     */
    public boolean inLoop() {
        return netty.inEventLoop();
    }

    /**
     * Runs a task on the loop, after those already waiting.
     *
     * @param task what to run
     * @throws java.util.concurrent.RejectedExecutionException when the loop is closed
     */
    @Override
    public void execute(Runnable task) {
        netty.execute(() -> run(task));
    }

    /**
     * Runs a task on the loop, and waits for its end. Not to be called on the loop.
     *
     * @param task what to run
     */
    public void perform(Runnable task) {
        netty.submit(() -> run(task)).awaitUninterruptibly();
    }

    /**
     * Runs a task on the loop once, later.
     *
     * @param delay how much later
     * @param task what to run
     */
    public void after(Duration delay, Runnable task) {
        var _ = netty.schedule(() -> run(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * Runs a task on the loop again and again.
     *
     * @param period the time from one beginning to the next
     * @param task what to run
     * @return to end it with
     */
    public ScheduledFuture<?> every(Duration period, Runnable task) {
        return netty.scheduleAtFixedRate(() -> run(task), period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * Runs something on the spot.
     *
     * @param task what to run; what it throws goes to the server, and not to the caller
     */
    // This is the top of the loop's thread: nothing above would hear of the failure.
    public void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable failure) {
            onFailure.accept(failure);
        }
    }

    /**
     * The end of a stage that fails as loudly as a task does.
     *
     * @param end what to do with result and failure
     * @param <T> the result
     * @return for {@link java.util.concurrent.CompletionStage#whenComplete}
     */
    public <T> BiConsumer<T, Throwable> guarded(BiConsumer<T, Throwable> end) {
        return (result, failure) -> run(() -> end.accept(result, failure));
    }
}
