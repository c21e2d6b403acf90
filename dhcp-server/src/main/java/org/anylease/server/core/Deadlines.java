package org.anylease.server.core;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * When what was asked for is to be answered at the latest: one timer for all of it, so that a deadline that is met, as
 * nearly all are, costs next to nothing. A deadline whose question was answered before is for the caller to ignore.
 */
final class Deadlines {
    /** The timer is not set more often than this, so deadlines are late by as much at most. */
    private static final Duration GRAIN = Duration.ofMillis(5);

    private final long timer;
    private final PriorityQueue<Due> queue =
            new PriorityQueue<>(Comparator.comparing(Due::at).thenComparingLong(Due::token));
    private @Nullable Instant armedFor;

    private record Due(Instant at, long token) {}

    Deadlines(Tokens tokens) {
        timer = tokens.next();
    }

    /** Has something looked at in a while. */
    void in(Duration delay, long token, Turn turn) {
        queue.add(new Due(turn.now().plus(delay), token));
        arm(turn);
    }

    private void arm(Turn turn) {
        Due next = queue.peek();
        if (next == null) {
            return;
        }
        Instant earliest = turn.now().plus(GRAIN);
        Instant at = next.at().isBefore(earliest) ? earliest : next.at();
        Instant armed = armedFor;
        if (armed == null || at.isBefore(armed.minus(GRAIN)) || armed.isBefore(turn.now())) {
            armedFor = at;
            turn.emit(new Effect.SetTimer(timer, Duration.between(turn.now(), at)));
        }
    }

    boolean isTimer(long token) {
        return token == timer;
    }

    /** The timer has run out. */
    void fired(Turn turn, LongConsumer overdue) {
        armedFor = null;
        for (Due next = queue.peek(); next != null && !next.at().isAfter(turn.now()); next = queue.peek()) {
            queue.remove();
            overdue.accept(next.token());
        }
        arm(turn);
    }
}
