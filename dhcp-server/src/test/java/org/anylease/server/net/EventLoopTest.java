package org.anylease.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventLoopTest {
    private final LinkedBlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
    private final EventLoop loop = EventLoop.start("test", failures::add);

    @AfterEach
    void close() {
        loop.close();
    }

    @Test
    void timersFireInOrderAndNotOnceCancelled() throws Exception {
        LinkedBlockingQueue<String> fired = new LinkedBlockingQueue<>();
        loop.execute(() -> {
            loop.after(Duration.ofMillis(20), () -> fired.add("late"));
            loop.after(Duration.ofMillis(10), () -> fired.add("cancelled")).cancel();
            loop.after(Duration.ofMillis(10), () -> fired.add("first"));
            loop.after(Duration.ofMillis(-1), () -> fired.add("now"));
        });
        assertThat(fired.poll(5, TimeUnit.SECONDS)).isEqualTo("now");
        assertThat(fired.poll(5, TimeUnit.SECONDS)).isEqualTo("first");
        assertThat(fired.poll(5, TimeUnit.SECONDS)).isEqualTo("late");
        assertThat(fired).isEmpty();
    }

    @Test
    void aThrowingTaskIsReportedAndTheLoopGoesOn() throws Exception {
        RuntimeException thrown = new RuntimeException("broken");
        loop.execute(() -> {
            throw thrown;
        });
        assertThat(failures.poll(5, TimeUnit.SECONDS)).isSameAs(thrown);
        CompletableFuture<Boolean> inLoop = new CompletableFuture<>();
        loop.execute(() -> inLoop.complete(loop.inLoop()));
        assertThat(inLoop.get(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void refusesCallersOnOtherThreads() {
        assertThat(loop.inLoop()).isFalse();
        assertThatThrownBy(loop::assertInLoop).hasMessageContaining("OneLoop");
    }
}
