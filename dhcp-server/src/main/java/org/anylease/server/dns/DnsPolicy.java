package org.anylease.server.dns;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Prefix;
import org.anylease.store.dns.DnsRecord.Style;
import org.jspecify.annotations.Nullable;

/**
 * What the operator wants of DNS.
 *
 * @param style how it is written down whose a name is; {@code UNGUARDED} when names are taken from others
 * @param zones the zones that may be updated, forward and reverse
 * @param clientUpdates whether clients may keep their A record themselves, or have no name at all, when they wish so
 * @param names what holds where no place says otherwise
 * @param places where something else holds
 */
public record DnsPolicy(Style style, List<Zone> zones, boolean clientUpdates, Names names, List<Place> places) {
    /** What stands for the address in a generated host name. */
    public static final String ADDRESS = "{address}";

    private static final String REVERSE = "in-addr.arpa";

    /** Copies the lists. */
    public DnsPolicy {
        zones = List.copyOf(zones);
        places = List.copyOf(places);
    }

    /** Which records are kept of a lease. */
    public enum Updates {
        /** The A and the PTR record. */
        BOTH,
        /** The A record alone. */
        FORWARD,
        /** The PTR record alone. */
        REVERSE,
        /** None. */
        NONE;

        /**
         * Whether the A record is kept.
         *
         * @return true for BOTH and FORWARD
         */
        public boolean forward() {
            return this == BOTH || this == FORWARD;
        }

        /**
         * Whether the PTR record is kept.
         *
         * @return true for BOTH and REVERSE
         */
        public boolean reverse() {
            return this == BOTH || this == REVERSE;
        }
    }

    /**
     * How clients of a place are named.
     *
     * @param domain what host names are completed with, such as {@code example.net}
     * @param updates which records are kept
     * @param reserved whether they are kept of reserved addresses as well
     * @param ttl how long others may remember a name, in whole seconds
     * @param generated the host name of a client that has none, with {@code {address}} for the address with dashes; null
     *     when such a client gets none
     */
    public record Names(
            String domain,
            Updates updates,
            boolean reserved,
            Duration ttl,
            @Nullable String generated) {}

    /**
     * Where clients are named otherwise.
     *
     * @param prefix the addresses
     * @param names how
     */
    public record Place(Prefix prefix, Names names) {}

    /**
     * How the client of an address is named.
     *
     * @param address the address
     * @return what the longest prefix around it says, or else what holds everywhere
     */
    public Names names(Ipv4 address) {
        Place found = null;
        for (Place place : places) {
            boolean nearer = found == null || place.prefix.length() > found.prefix.length();
            if (nearer && place.prefix.contains(address)) {
                found = place;
            }
        }
        return found == null ? names : found.names;
    }

    /**
     * This policy with places.
     *
     * @param others where something else holds
     * @return another policy
     */
    public DnsPolicy at(List<Place> others) {
        return new DnsPolicy(style, zones, clientUpdates, names, others);
    }

    /**
     * A zone and who takes updates of it.
     *
     * @param name its name, in lower case without the final dot
     * @param servers its name servers, tried in this order
     * @param port their TCP port
     * @param keyFile the file with the key that updates are signed with, on each server; null to sign none
     */
    public record Zone(
            String name,
            List<Ipv4> servers,
            int port,
            @Nullable String keyFile) {
        /** Copies the list. */
        public Zone {
            servers = List.copyOf(servers);
        }

        /**
         * Whether it holds addresses' names.
         *
         * @return true below {@code in-addr.arpa}
         */
        public boolean isReverse() {
            return name.equals(REVERSE) || name.endsWith("." + REVERSE);
        }
    }

    /**
     * The zone that a name is in: the longest that it ends with. The name of a zone itself is in none.
     *
     * @param name in lower case without the final dot
     * @return empty when no such zone may be updated
     */
    public Optional<Zone> zoneOf(String name) {
        Zone found = null;
        for (Zone zone : zones) {
            boolean within = name.endsWith("." + zone.name());
            if (within && (found == null || zone.name().length() > found.name().length())) {
                found = zone;
            }
        }
        return Optional.ofNullable(found);
    }

    /**
     * The name that an address has in the reverse tree (RFC 1035 §3.5).
     *
     * @param address the address
     * @return such as {@code 7.2.0.192.in-addr.arpa}
     */
    public static String reverseName(Ipv4 address) {
        int bits = address.bits();
        return (bits & 255) + "." + (bits >>> 8 & 255) + "." + (bits >>> 16 & 255) + "." + (bits >>> 24) + "."
                + REVERSE;
    }
}
