package org.anylease.server.core;

import org.anylease.server.event.PacketKind;
import org.anylease.server.event.PacketOutcome;
import org.jspecify.annotations.Nullable;

/** What becomes of one packet, told once: at once, or when the exchange that the packet is part of ends. */
final class Story {
    private final PacketKind kind;
    private @Nullable Exchange exchange;
    private boolean ended;

    Story(PacketKind kind) {
        this.kind = kind;
    }

    /** What the packet is. */
    PacketKind kind() {
        return kind;
    }

    /** The exchange that the packet is or was part of, null for one that needed none. */
    @Nullable
    Exchange exchange() {
        return exchange;
    }

    void joins(Exchange awaited) {
        exchange = awaited;
    }

    /** Tells the end. */
    void end(PacketOutcome outcome, Turn turn) {
        if (ended) {
            throw new IllegalStateException("invariant OneEnd broken: a packet comes to " + outcome + " as well");
        }
        ended = true;
        turn.emit(new Effect.PacketEnded(kind, outcome));
    }

    /** Tells the end of a packet of which nobody else will: a defect got in the way. */
    void endIfOpen(PacketOutcome outcome, Turn turn) {
        if (!ended) {
            end(outcome, turn);
        }
    }
}
