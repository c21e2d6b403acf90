package org.anylease.server.net;

import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.anylease.server.port.Timeout;
import org.anylease.server.port.Timers;

/**
 * The one thread on which packets, probe results and timers are handled: an epoll loop of Netty's.
 *
 * <p>A task or callback that throws does not end the loop: the failure goes to the handler given at the start, which
 * decides whether the process goes on.
 */
public final class EventLoop implements Executor, Timers, AutoCloseable {
    private static final long CLOSING_SECONDS_MAX = 5;

    private final MultiThreadIoEventLoopGroup group;
    private final IoEventLoop loop;
    private final Consumer<Throwable> onFailure;

    private EventLoop(String threadName, Consumer<Throwable> onFailure) {
        this.group = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory(threadName, false), EpollIoHandler.newFactory());
        this.loop = group.next();
        this.onFailure = onFailure;
    }

    /**
     * Makes a loop; its thread starts with the first task.
     *
     * @param threadName the beginning of the thread's name
     * @param onFailure hears, on the loop, what tasks and callbacks throw
     * @return the loop, to be closed by the caller
     */
    public static EventLoop start(String threadName, Consumer<Throwable> onFailure) {
        return new EventLoop(threadName, onFailure);
    }

    /**
     * Runs a task on the loop, after those already waiting. May be called on any thread.
     *
     * @param task what to run
     * @throws java.util.concurrent.RejectedExecutionException when the loop is closed
     */
    @Override
    public void execute(Runnable task) {
        loop.execute(() -> run(task));
    }

    @Override
    public Timeout after(Duration delay, Runnable task) {
        assertInLoop();
        ScheduledFuture<?> future = loop.schedule(() -> run(task), Math.max(0, delay.toNanos()), TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }

    /**
     * Whether the caller is on the loop.
     *
     * @return true on the loop's thread
     */
    public boolean inLoop() {
        return loop.inEventLoop();
    }

    /**
     * Asserts that the caller is on the loop.
     *
     * @throws IllegalStateException when it is not
     */
    public void assertInLoop() {
        if (!loop.inEventLoop()) {
            throw new IllegalStateException("invariant OneLoop broken: called on thread "
                    + Thread.currentThread().getName() + " instead of the event loop");
        }
    }

    /**
     * The loop's monotonic time.
     *
     * @return nanoseconds from an arbitrary origin
     */
    public long nanoTime() {
        return loop.ticker().nanoTime();
    }

    /** Closes the loop and what is registered with it; waits for the thread unless called on it. Idempotent. */
    @Override
    public void close() {
        var closed = group.shutdownGracefully(0, CLOSING_SECONDS_MAX, TimeUnit.SECONDS);
        if (!inLoop()) {
            closed.awaitUninterruptibly(CLOSING_SECONDS_MAX, TimeUnit.SECONDS);
        }
    }

    /** Whether the loop takes no more tasks. */
    boolean isClosing() {
        return loop.isShuttingDown();
    }

    /**
     * The loop as Netty knows it, for channels that are to live on it.
     *
     * @return the same thread
     */
    public IoEventLoop netty() {
        return loop;
    }

    /** Hands a failure of a callback to the loop's owner. */
    void failed(Throwable failure) {
        onFailure.accept(failure);
    }

    // This is the top of the loop's thread: nothing above would hear of the failure.
    private void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable failure) {
            onFailure.accept(failure);
        }
    }
}
