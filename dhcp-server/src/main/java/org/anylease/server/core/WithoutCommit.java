package org.anylease.server.core;

import org.anylease.server.event.PacketOutcome;
import org.anylease.server.event.ServerEvent;
import org.anylease.store.replication.Proposal;

/**
 * What is done when a command did not commit: the one place that decides it.
 *
 * <p>Today it is silence, as RFC 2131 asks of a server that does not know. Serving alone (rules R2 to R4 of the lease
 * protocol) answers here, from the applied state and the local journal; whoever calls has ended the exchange and leaves
 * its routes to be answered.
 */
final class WithoutCommit {
    /** Answers a DISCOVER for which no offer was committed. */
    void offer(OfferExchange exchange, Turn turn) {
        turn.report(ServerEvent.DISCOVER_UNCOMMITTED, exchange.network().name());
        exchange.end(PacketOutcome.SILENT, turn);
    }

    /** Answers a REQUEST for which no lease was committed. */
    void lease(LeaseExchange exchange, Turn turn) {
        turn.report(ServerEvent.REQUEST_UNCOMMITTED, exchange.network().name());
        exchange.end(PacketOutcome.SILENT, turn);
    }

    /** Takes note of a RELEASE or DECLINE that was not committed. */
    void parting(PartingExchange exchange, Turn turn) {
        turn.report(ServerEvent.PARTING_UNCOMMITTED, exchange.network().name());
        exchange.end(PacketOutcome.SILENT, turn);
    }

    /** What a rejection is counted as, beside what it means for its client. */
    static ServerEvent event(Proposal.Rejected.Reason reason) {
        return switch (reason) {
            case OVERLOADED -> ServerEvent.LOG_OVERLOADED;
            case NO_SUCH_CELL -> ServerEvent.LOG_NO_SUCH_CELL;
            case CLOSED -> ServerEvent.LOG_CLOSED;
            case CLOCK_ASTRAY -> ServerEvent.LOG_CLOCK_ASTRAY;
            case TOO_LARGE -> ServerEvent.LOG_TOO_LARGE;
        };
    }
}
