package org.anylease.chaos.fault;

import java.time.Duration;
import java.util.List;
import org.anylease.store.cell.ServerId;

/** Something that goes wrong, or that an operator or the routing does at a bad time. */
public sealed interface Fault {
    /**
     * The paths between groups of servers are cut; clients reach their sites as before.
     *
     * @param groups the groups; servers in none form one more
     */
    record Partition(List<List<ServerId>> groups) implements Fault {
        /** Copies the groups. */
        public Partition {
            groups = groups.stream().map(List::copyOf).toList();
        }
    }

    /**
     * A server is cut off from all others.
     *
     * @param server which
     */
    record Isolate(ServerId server) implements Fault {}

    /** Leadership moves to another server, if one can take it. */
    record LeaderChange() implements Fault {}

    /**
     * A server stops in the middle of whatever it does, and starts again from its disk.
     *
     * @param server which
     */
    record Crash(ServerId server) implements Fault {}

    /**
     * A server's paths to the others become slow.
     *
     * @param server which
     * @param delay how slow
     */
    record Clog(ServerId server, Duration delay) implements Fault {}

    /**
     * Routers choose sites anew, in the middle of exchanges.
     *
     * @param share how many of the flows they choose anew, 0 to 1
     */
    record RouteFlip(double share) implements Fault {}

    /**
     * A client loses power.
     *
     * @param client the number of the client
     */
    record ClientReboot(int client) implements Fault {}

    /**
     * An operator changes the configuration.
     *
     * @param change what
     */
    record ConfigChange(Change change) implements Fault {
        /** What an operator changes. */
        public enum Change {
            /** More addresses. */
            POOL_GROWS,
            /** Fewer addresses. */
            POOL_SHRINKS,
            /** An address is kept for a client. */
            RESERVATION_ADDED,
            /** It is kept no longer. */
            RESERVATION_REMOVED,
            /** Leases become shorter. */
            LEASES_SHORTENED,
            /** Leases become longer. */
            LEASES_LENGTHENED
        }
    }

    /**
     * A server's clock is set, within the skew.
     *
     * @param server which
     * @param offset from real time
     */
    record ClockSet(ServerId server, Duration offset) implements Fault {}
}
