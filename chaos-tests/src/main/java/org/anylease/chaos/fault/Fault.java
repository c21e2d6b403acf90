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
     * What some servers say gets lost on the way to some others; what those say arrives, unless they are named too.
     *
     * @param from the servers that are not heard
     * @param to by whom
     * @param bothWays whether they do not hear either
     */
    record Cut(List<ServerId> from, List<ServerId> to, boolean bothWays) implements Fault {
        /** Copies the lists. */
        public Cut {
            from = List.copyOf(from);
            to = List.copyOf(to);
        }
    }

    /**
     * A server is cut off, and back, and cut off, again and again.
     *
     * @param server which
     * @param period from one cut to the next
     */
    record Flapping(ServerId server, Duration period) implements Fault {}

    /** Leadership moves to another server, if one can take it. */
    record LeaderChange() implements Fault {}

    /**
     * Servers stop in the middle of whatever they do, at the same moment, and start again from their disks.
     *
     * @param servers which
     */
    record Crash(List<ServerId> servers) implements Fault {
        /** Copies the list. */
        public Crash {
            servers = List.copyOf(servers);
        }
    }

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
            LEASES_LENGTHENED,
            /** Servers may lead less far alone, and no lease is as long as it could be. */
            LEAD_SHORTENED,
            /** They may lead further. */
            LEAD_LENGTHENED,
            /** A server is a member no longer, or one that was not is one again. */
            MEMBERS_CHANGED
        }
    }

    /**
     * A server's clock is set, within the skew.
     *
     * @param server which
     * @param offset from real time
     */
    record ClockSet(ServerId server, Duration offset) implements Fault {}

    /**
     * A server's clock is set to somewhere far beyond the skew, and right again at the end.
     *
     * @param server which
     * @param offset from real time
     */
    record ClockLeap(ServerId server, Duration offset) implements Fault {}

    /**
     * A server's disk is full: it stops at the first write that fails, and starts again when there is room.
     *
     * @param server which
     */
    record DiskFull(ServerId server) implements Fault {}

    /**
     * A server's disk becomes slow.
     *
     * @param server which
     * @param delay how much longer a sync takes
     */
    record DiskSlow(ServerId server, Duration delay) implements Fault {}

    /**
     * A server is off, and an operator declares it down. It comes back at the end; with an empty disk, if that was
     * what was wrong with it.
     *
     * @param server which
     * @param emptyDisk whether its disk is replaced
     */
    record DeclaredDown(ServerId server, boolean emptyDisk) implements Fault {}
}
