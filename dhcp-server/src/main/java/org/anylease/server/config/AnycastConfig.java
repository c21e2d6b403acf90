package org.anylease.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.anylease.store.address.Ipv4;
import org.jspecify.annotations.Nullable;

/**
 * What the file of {@code anylease anycast} says.
 *
 * @param serviceAddress the address whose route is announced
 * @param stateDirectory where the announcer keeps what it announced, and whether it is drained
 * @param check how the local server is checked
 * @param policy what the checks come to
 * @param addressInterface the interface that gets the service address, or null to leave addresses alone
 * @param daemon what announces the route, or null for the address alone
 */
public record AnycastConfig(
        Ipv4 serviceAddress,
        Path stateDirectory,
        Check check,
        Policy policy,
        @Nullable String addressInterface,
        @Nullable RouteDaemon daemon) {
    /** No file names more links to check. */
    public static final int LINKS_MAX = 16;

    /**
     * How the local server is checked.
     *
     * @param links an address of each subnet for which it has to answer
     * @param server where it listens
     * @param port the DHCP server's port
     * @param interval from one check to the next
     * @param timeout how long an answer may take, at most the interval
     * @param admin where it says whether it is cut off
     */
    public record Check(List<Ipv4> links, Ipv4 server, int port, Duration interval, Duration timeout, Endpoint admin) {
        /** Copies the list. */
        public Check {
            links = List.copyOf(links);
        }
    }

    /**
     * What the checks come to.
     *
     * @param rise so many good checks in a row make the route better
     * @param fall so many bad ones make it worse
     * @param whenAlone the route of a server that is cut off from its quorum
     * @param whenFailing the route of a server that does not answer
     * @param whenDrained the route while an operator has drained the site
     */
    public record Policy(
            int rise, int fall, Announcement whenAlone, Announcement whenFailing, Announcement whenDrained) {
        /** Checks the counts. */
        public Policy {
            if (rise < 1 || fall < 1) {
                throw new IllegalArgumentException("a route changes after one check at least");
            }
        }
    }

    /** What announces the route. */
    public sealed interface RouteDaemon {
        /**
         * BIRD 2, by a file that its configuration includes.
         *
         * @param include the file to write
         * @param socket BIRD's control socket
         */
        record Bird(Path include, Path socket) implements RouteDaemon {}

        /**
         * FRR, by vtysh.
         *
         * @param preferred configuration lines that make the route preferred
         * @param inferior those that make it inferior
         * @param withdrawn those that withdraw it
         */
        record Frr(List<String> preferred, List<String> inferior, List<String> withdrawn) implements RouteDaemon {
            /** Copies the lists. */
            public Frr {
                preferred = List.copyOf(preferred);
                inferior = List.copyOf(inferior);
                withdrawn = List.copyOf(withdrawn);
            }
        }

        /**
         * ExaBGP, which has started this process and reads its output.
         *
         * @param preferred next hop and attributes of the preferred route
         * @param inferior those of the inferior one
         */
        record Exabgp(String preferred, String inferior) implements RouteDaemon {}
    }
}
