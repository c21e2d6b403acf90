package org.anylease.server.core;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.Packet;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.address.Prefix;
import org.anylease.store.config.ReplySettings;
import org.anylease.store.config.ServingRules;
import org.jspecify.annotations.Nullable;

/**
 * What replies carry beside the lease itself, merged over all levels of the configuration once and for all.
 *
 * <p>Options that the protocol decides (message type, server identifier, lease time and the like) are left out,
 * whatever the configuration says. A name too long for its field moves to option 66 or 67 (RFC 2132 §9.4, §9.5).
 */
final class ReplyTemplate {
    /** Codes in ascending order, which puts the subnet mask before the routers (RFC 2132 §3.3). */
    private final int[] codes;

    private final Octets[] values;
    private final Ipv4 nextServer;
    private final @Nullable String serverName;
    private final @Nullable String bootFile;
    private final boolean serverNameInOption;
    private final boolean bootFileInOption;
    private final long renewalSeconds;
    private final long rebindingSeconds;
    private final Octets asked;
    private final ServingRules serving;

    /** What is computed for each reply, with all around it; null where nothing is. */
    private final @Nullable ReplySettings computed;

    private final Prefix subnet;

    /** The template of merged settings in a subnet. */
    ReplyTemplate(ReplySettings settings, Prefix subnet) {
        serving = settings.serving();
        TreeMap<Integer, Octets> options = new TreeMap<>(settings.options());
        computed = settings.computed().isNothing() ? null : settings;
        this.subnet = subnet;
        renewalSeconds = seconds(options.get(OptionCode.RENEWAL_TIME));
        rebindingSeconds = seconds(options.get(OptionCode.REBINDING_TIME));
        asked = options.getOrDefault(OptionCode.PARAMETER_LIST, Octets.EMPTY);
        options.keySet().removeIf(ReplyTemplate::isDecidedByProtocol);
        options.putIfAbsent(OptionCode.SUBNET_MASK, octets(subnet.mask()));
        nextServer = settings.nextServer() == null ? Ipv4.UNSPECIFIED : settings.nextServer();
        serverName = field(settings.serverName(), Packet.SNAME_BYTES_MAX - 1, OptionCode.SERVER_NAME, options);
        bootFile = field(settings.bootFile(), Packet.FILE_BYTES_MAX - 1, OptionCode.BOOTFILE_NAME, options);
        serverNameInOption = serverName == null && isGiven(settings.serverName());
        bootFileInOption = bootFile == null && isGiven(settings.bootFile());
        codes = new int[options.size()];
        values = new Octets[codes.length];
        int at = 0;
        for (var option : options.entrySet()) {
            codes[at] = option.getKey();
            values[at++] = option.getValue();
        }
    }

    private static boolean isDecidedByProtocol(int code) {
        return switch (code) {
            case OptionCode.ADDRESS_REQUEST,
                    OptionCode.ADDRESS_TIME,
                    OptionCode.OVERLOAD,
                    OptionCode.MESSAGE_TYPE,
                    OptionCode.SERVER_ID,
                    OptionCode.PARAMETER_LIST,
                    OptionCode.MESSAGE,
                    OptionCode.MAXIMUM_MESSAGE_SIZE,
                    OptionCode.RENEWAL_TIME,
                    OptionCode.REBINDING_TIME,
                    OptionCode.CLIENT_ID,
                    OptionCode.RELAY_AGENT_INFORMATION,
                    OptionCode.SUBNET_SELECTION -> true;
            default -> code <= OptionCode.PAD || code >= OptionCode.END;
        };
    }

    private static @Nullable String field(
            @Nullable String name, int charactersMax, int otherwise, Map<Integer, Octets> options) {
        if (name == null || !isGiven(name)) {
            return null;
        }
        if (name.length() <= charactersMax && name.chars().allMatch(c -> c > 0 && c <= 255)) {
            return name;
        }
        options.putIfAbsent(otherwise, Texts.octets(name));
        return null;
    }

    private static boolean isGiven(@Nullable String name) {
        return name != null && !name.isEmpty();
    }

    private static Octets octets(Ipv4 address) {
        int bits = address.bits();
        return Octets.of((byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits);
    }

    private static long seconds(@Nullable Octets value) {
        return value == null || value.length() != 4
                ? 0
                : (long) value.at(0) << 24 | (long) value.at(1) << 16 | (long) value.at(2) << 8 | value.at(3);
    }

    /** The template of one reply: this one, with all that is computed worked out. */
    ReplyTemplate computed(Computing computing, Supplier<ComputedReply.Lease> lease, Turn turn) {
        return computed == null
                ? this
                : new ReplyTemplate(new ComputedReply(computed, computing, lease.get(), turn).settings(), subnet);
    }

    /** How many options there are. */
    int size() {
        return codes.length;
    }

    /** The code at a position, in ascending order. */
    int codeAt(int position) {
        return codes[position];
    }

    /** The value at a position. */
    Octets valueAt(int position) {
        return values[position];
    }

    /** The position of a code, or a negative number. */
    int find(int code) {
        return Arrays.binarySearch(codes, code);
    }

    /** What is sent as though every client had asked for it, whatever it asks for; empty to do as it asks. */
    Octets asked() {
        return asked;
    }

    /** Whether clients are given addresses. */
    boolean isServed() {
        return !Boolean.FALSE.equals(serving.served());
    }

    /** Whether replies on a link are broadcast, whatever the client asks for. */
    boolean isBroadcast() {
        return Boolean.TRUE.equals(serving.broadcast());
    }

    /** Whether clients are told their own address as their router, where no other is configured. */
    boolean isOwnRouter() {
        return Boolean.TRUE.equals(serving.ownRouter());
    }

    /** Whether declined addresses are put into quarantine. */
    boolean heedsDeclines() {
        return !Boolean.FALSE.equals(serving.declines());
    }

    /** Whether clients that speak BOOTP are answered, if there is an address for them. */
    boolean answersBootp() {
        return serving.bootp() != null && serving.bootp() != ServingRules.Bootp.NONE;
    }

    /** So many seconds a client has to have waited for an offer. */
    long offerAfterSeconds() {
        Duration wait = serving.offerAfter();
        return wait == null ? 0 : wait.toSeconds();
    }

    /** Field siaddr. */
    Ipv4 nextServer() {
        return nextServer;
    }

    /** Field sname, or null. */
    @Nullable
    String serverName() {
        return serverName;
    }

    /** Field file, or null. */
    @Nullable
    String bootFile() {
        return bootFile;
    }

    /** Whether the server's name stands in option 66, since field sname cannot hold it. */
    boolean serverNameInOption() {
        return serverNameInOption;
    }

    /** Whether the boot file stands in option 67, since field file cannot hold it. */
    boolean bootFileInOption() {
        return bootFileInOption;
    }

    /** T1 for a lease: as configured where that lies within the lease, else half of it (RFC 2131 §4.4.5). */
    long renewalSeconds(long leaseSeconds) {
        return renewalSeconds > 0 && renewalSeconds < leaseSeconds ? renewalSeconds : leaseSeconds / 2;
    }

    /** T2 for a lease: as configured where that lies between T1 and the lease, else 7/8 of it (RFC 2131 §4.4.5). */
    long rebindingSeconds(long leaseSeconds) {
        long t1 = renewalSeconds(leaseSeconds);
        return rebindingSeconds > t1 && rebindingSeconds < leaseSeconds
                ? rebindingSeconds
                : Math.max(leaseSeconds * 7 / 8, t1);
    }
}
