package org.anylease.server.leasequery;

import java.time.Instant;
import org.anylease.server.wire.HardwareAddress;
import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.Options;
import org.anylease.server.wire.Packet;
import org.anylease.server.wire.RelayInformation;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.lease.ClientId;
import org.anylease.store.lease.LeaseClient;
import org.jspecify.annotations.Nullable;

/**
 * A bulk lease query (RFC 6926 §7): which leases are asked for.
 *
 * @param xid what ties the answers to it
 * @param by what tells the leases
 * @param from only what may have changed since, or null
 * @param to only what may have changed until then, or null
 * @param wanted which options
 */
public record BulkQuery(
        int xid, By by, @Nullable Instant from, @Nullable Instant to, Wanted wanted) {
    /** What tells the leases that are asked for. */
    public sealed interface By {
        /** All addresses that have a client or had one, and those found in use. */
        record Everything() implements By {}

        /**
         * A client identifier, option 61.
         *
         * @param id the client
         */
        record Client(ClientId id) implements By {}

        /**
         * A hardware address.
         *
         * @param hardware one octet of hardware type, then the address
         */
        record Hardware(Octets hardware) implements By {}

        /**
         * A sub-option of the relay agent information that the lease keeps: the relay's identifier (RFC 6925) or the
         * remote identifier (RFC 3046).
         *
         * @param code its code
         * @param value its value
         */
        record SubOption(int code, Octets value) implements By {}

        /**
         * A link, by any address in its subnet: giaddr, or the link selection of RFC 3527. RFC 6926 has no such query;
         * this is that of RFC 5460 for DHCPv4.
         *
         * @param address the address
         */
        record Link(Ipv4 address) implements By {}
    }

    /** What a message turned out to be. */
    public sealed interface Parsed {
        /**
         * A query.
         *
         * @param query the query
         */
        record Understood(BulkQuery query) implements Parsed {}

        /**
         * One that is answered by its refusal alone.
         *
         * @param xid its transaction
         * @param status why
         * @param why the same in words
         */
        record Refused(int xid, BulkStatus status, String why) implements Parsed {}
    }

    /**
     * Reads a query.
     *
     * @param packet a DHCPBULKLEASEQUERY
     * @return the query, or why it is none
     */
    public static Parsed parse(Packet packet) {
        Options options = packet.options();
        if (!packet.ciaddr().isUnspecified()
                || !packet.yiaddr().isUnspecified()
                || !packet.siaddr().isUnspecified()) {
            return malformed(packet, "ciaddr, yiaddr and siaddr must be zero");
        }
        if (options.has(OptionCode.VIRTUAL_SUBNET_SELECTION)) {
            return new Parsed.Refused(
                    packet.xid(),
                    BulkStatus.NOT_ALLOWED,
                    "addresses are unique here, in whichever virtual private network: ask without one");
        }
        Instant from = time(options, OptionCode.QUERY_START_TIME);
        Instant to = time(options, OptionCode.QUERY_END_TIME);
        if (from != null && to != null && from.isAfter(to)) {
            return malformed(packet, "query-start-time is after query-end-time");
        }
        By by = null;
        int criteria = 0;
        byte[] identifier = options.bytes(OptionCode.CLIENT_ID).orElse(null);
        if (identifier != null && identifier.length > 0 && identifier.length <= ClientId.LENGTH_MAX) {
            by = new By.Client(new ClientId(ClientId.Kind.CLIENT_IDENTIFIER, Octets.of(identifier)));
            criteria++;
        } else if (identifier != null) {
            return malformed(packet, "a client identifier has 1 to 255 octets");
        }
        if (packet.hardware().length() > 0) {
            by = new By.Hardware(octets(packet.hardware()));
            criteria++;
        }
        if (!packet.giaddr().isUnspecified()) {
            by = new By.Link(packet.giaddr());
            criteria++;
        }
        RelayInformation relay = packet.relayInformation().orElse(null);
        for (int code : new int[] {RelayInformation.RELAY_ID, RelayInformation.REMOTE_ID}) {
            byte[] value = relay == null ? null : relay.subOption(code).orElse(null);
            if (value != null && value.length == 0) {
                return malformed(packet, "an empty relay or remote identifier");
            }
            if (value != null) {
                by = new By.SubOption(code, Octets.of(value));
                criteria++;
            }
        }
        Ipv4 link = relay == null ? null : relay.linkSelection().orElse(null);
        if (link != null) {
            by = new By.Link(link);
            criteria++;
        }
        if (criteria > 1) {
            return malformed(packet, "more than one of client, hardware address, relay, remote identifier and link");
        }
        By asked = by == null ? new By.Everything() : by;
        return new Parsed.Understood(new BulkQuery(packet.xid(), asked, from, to, Wanted.by(packet)));
    }

    private static Parsed malformed(Packet packet, String why) {
        return new Parsed.Refused(packet.xid(), BulkStatus.MALFORMED_QUERY, why);
    }

    private static @Nullable Instant time(Options options, int code) {
        var seconds = options.u32(code);
        return seconds.isPresent() ? Instant.ofEpochSecond(seconds.getAsLong()) : null;
    }

    private static Octets octets(HardwareAddress hardware) {
        byte[] octets = new byte[1 + hardware.length()];
        octets[0] = (byte) hardware.type();
        System.arraycopy(hardware.bytes(), 0, octets, 1, hardware.length());
        return Octets.of(octets);
    }

    /**
     * Whether a lease is asked for. That it is on the link of a query by link is for the reader of the leases to see to.
     *
     * @param lease a lease
     * @return whether it is told
     */
    public boolean matches(LeaseFacts lease) {
        LeaseClient client = lease.client();
        boolean fits = switch (by) {
            case By.Everything _, By.Link _ -> client != null || lease.state() == LeaseState.ABANDONED;
            case By.Client(ClientId id) -> client != null && client.id().equals(id);
            case By.Hardware(Octets hardware) ->
                client != null && client.hardware().equals(hardware);
            case By.SubOption(int code, Octets value) ->
                client != null && hasSubOption(client.relayInformation(), code, value);
        };
        return fits && lease.mayHaveChanged(from, to);
    }

    private static boolean hasSubOption(Octets information, int code, Octets value) {
        int at = 0;
        while (at + 2 <= information.length()) {
            int length = information.at(at + 1);
            int next = at + 2 + length;
            if (information.at(at) == code && length == value.length() && next <= information.length()) {
                int i = 0;
                while (i < length && information.at(at + 2 + i) == value.at(i)) {
                    i++;
                }
                if (i == length) {
                    return true;
                }
            }
            at = next;
        }
        return false;
    }
}
