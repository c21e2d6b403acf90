package org.anylease.server.core;

import java.time.Instant;
import java.util.function.Consumer;
import org.anylease.server.event.ServerEvent;

/**
 * One input's turn: when it is, and where its effects go.
 *
 * @param now this server's clock
 * @param effects takes the effects, in order
 */
record Turn(Instant now, Consumer<? super Effect> effects) {
    void emit(Effect effect) {
        effects.accept(effect);
    }

    void report(ServerEvent event) {
        effects.accept(new Effect.Report(event, ""));
    }

    void report(ServerEvent event, String subject) {
        effects.accept(new Effect.Report(event, subject));
    }
}
