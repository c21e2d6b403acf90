package org.anylease.server.leasequery;

import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import org.anylease.server.wire.HardwareAddress;
import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.OptionsBuilder;
import org.anylease.server.wire.Packet;
import org.anylease.store.address.Octets;
import org.anylease.store.config.LeaseTimes;
import org.anylease.store.lease.ClientId;
import org.anylease.store.lease.LeaseClient;

/**
 * The options that a requester asks for (option 55; RFC 4388 §6.4.2, RFC 6926 §7), and how a lease fills them. Who asks
 * for none is told all that is kept of a lease.
 */
public final class Wanted {
    private static final List<Integer> KEPT = List.of(
            OptionCode.HOSTNAME,
            OptionCode.ADDRESS_TIME,
            OptionCode.RENEWAL_TIME,
            OptionCode.REBINDING_TIME,
            OptionCode.CLIENT_ID,
            OptionCode.RELAY_AGENT_INFORMATION,
            OptionCode.CLIENT_LAST_TRANSACTION_TIME,
            OptionCode.ASSOCIATED_IP);

    private final BitSet codes = new BitSet(256);
    private final byte[] asked;

    private Wanted(byte[] asked) {
        this.asked = asked;
        for (byte code : asked) {
            codes.set(code & 255);
        }
        if (asked.length == 0) {
            KEPT.forEach(codes::set);
        }
    }

    /**
     * What a query asks for.
     *
     * @param query the query
     * @return all that is kept of a lease when it has no option 55
     */
    public static Wanted by(Packet query) {
        return new Wanted(query.options().bytes(OptionCode.PARAMETER_LIST).orElseGet(() -> new byte[0]));
    }

    /**
     * Whether an option is wanted.
     *
     * @param code its code
     * @return true when it stands in option 55, or there is none and a lease may have it
     */
    public boolean has(int code) {
        return codes.get(code);
    }

    /**
     * The codes in the requester's order.
     *
     * @return a copy; empty when it has no option 55
     */
    public byte[] asked() {
        return asked.clone();
    }

    /**
     * Adds what is kept of a lease and wanted, but for option 82, which goes last: {@link #relayInformation}.
     *
     * @param lease an active one has a lease time besides
     * @param now this server's clock
     * @param options takes it
     */
    public void fill(LeaseFacts lease, Instant now, OptionsBuilder options) {
        LeaseClient client = lease.client();
        if (lease.state() == LeaseState.ACTIVE && has(OptionCode.ADDRESS_TIME)) {
            options.u32(OptionCode.ADDRESS_TIME, remaining(lease, now));
        }
        if (client == null) {
            return;
        }
        if (has(OptionCode.CLIENT_ID) && client.id().kind() == ClientId.Kind.CLIENT_IDENTIFIER) {
            options.octets(OptionCode.CLIENT_ID, client.id().value());
        }
        if (has(OptionCode.CLIENT_LAST_TRANSACTION_TIME)) {
            options.u32(OptionCode.CLIENT_LAST_TRANSACTION_TIME, seconds(lease.lastTransaction(), now));
        }
        if (has(OptionCode.HOSTNAME) && !client.hostname().isEmpty()) {
            options.string(OptionCode.HOSTNAME, client.hostname());
        }
        if (has(OptionCode.START_TIME_OF_STATE) && !lease.since().equals(Instant.EPOCH)) {
            options.u32(OptionCode.START_TIME_OF_STATE, seconds(lease.since(), now));
        }
        if (has(OptionCode.DATA_SOURCE)) {
            options.u8(OptionCode.DATA_SOURCE, lease.remote() ? 1 : 0);
        }
    }

    /**
     * Adds option 82 of a lease as it was kept, when it is wanted.
     *
     * @param lease the lease
     * @param options takes it
     */
    public void relayInformation(LeaseFacts lease, OptionsBuilder options) {
        LeaseClient client = lease.client();
        if (client != null
                && has(OptionCode.RELAY_AGENT_INFORMATION)
                && !client.relayInformation().isEmpty()) {
            options.octets(OptionCode.RELAY_AGENT_INFORMATION, client.relayInformation());
        }
    }

    /**
     * What is left of a lease.
     *
     * @param lease an active one
     * @param now this server's clock
     * @return in seconds; 2^32 - 1 for one without end
     */
    public static long remaining(LeaseFacts lease, Instant now) {
        long infinite = LeaseTimes.INFINITE.toSeconds();
        if (Duration.between(lease.lastTransaction(), lease.end()).toSeconds() >= infinite) {
            return infinite;
        }
        return Math.min(seconds(now, lease.end()), infinite - 1);
    }

    /**
     * Whole seconds from one time to another, as options hold them.
     *
     * @param from the earlier
     * @param to the later
     * @return 0 to 2^32 - 1
     */
    public static long seconds(Instant from, Instant to) {
        return Math.clamp(Duration.between(from, to).toSeconds(), 0, 0xffff_ffffL);
    }

    /**
     * A client's hardware address for htype, hlen and chaddr.
     *
     * @param client the client
     * @return {@link HardwareAddress#NONE} when it showed none
     */
    public static HardwareAddress hardware(LeaseClient client) {
        Octets octets = client.hardware();
        if (octets.isEmpty()) {
            return HardwareAddress.NONE;
        }
        byte[] address = new byte[octets.length() - 1];
        for (int i = 0; i < address.length; i++) {
            address[i] = (byte) octets.at(i + 1);
        }
        return HardwareAddress.of(octets.at(0), address);
    }
}
