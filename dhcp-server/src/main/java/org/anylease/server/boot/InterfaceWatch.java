package org.anylease.server.boot;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.anylease.server.net.InterfaceTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the machine's interfaces now and then, on a thread of its own: addresses come and go while a server runs,
 * and probes leave from them.
 */
final class InterfaceWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(InterfaceWatch.class);
    private static final Duration PERIOD = Duration.ofSeconds(5);

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("anylease-interfaces").daemon().factory());
    private final Consumer<InterfaceTable> changed;
    private InterfaceTable known;

    /**
     * A watch that has not begun.
     *
     * @param known the interfaces as its listener knows them
     * @param changed hears of others, on the watch's thread
     */
    InterfaceWatch(InterfaceTable known, Consumer<InterfaceTable> changed) {
        this.known = known;
        this.changed = changed;
    }

    void start() {
        var _ = thread.scheduleWithFixedDelay(this::look, PERIOD.toNanos(), PERIOD.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void look() {
        try {
            InterfaceTable now = InterfaceTable.read();
            if (!now.equals(known)) {
                known = now;
                changed.accept(now);
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("the machine's interfaces could not be read; probes leave from the addresses known before", e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
