package org.anylease.store.codec;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.anylease.store.address.AddressRange;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.address.Prefix;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.anylease.store.cell.SiteId;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.CellTimers;
import org.anylease.store.config.ComputedSettings;
import org.anylease.store.config.ConfigRevision;
import org.anylease.store.config.EscrowPolicy;
import org.anylease.store.config.LeaseTimes;
import org.anylease.store.config.Member;
import org.anylease.store.config.NetworkPolicy;
import org.anylease.store.config.Pool;
import org.anylease.store.config.PoolAccess;
import org.anylease.store.config.ReplySettings;
import org.anylease.store.config.Reservation;
import org.anylease.store.config.ServingRules;
import org.anylease.store.config.SharedNetwork;
import org.anylease.store.config.Subnet;
import org.anylease.store.lease.ClientId;
import org.jspecify.annotations.Nullable;

/** A cell's configuration and its revisions as bytes: in the log, in the durable state and in snapshots. */
public final class ConfigCodec {
    /** The format version that this program writes. */
    public static final int VERSION = 4;

    /** The oldest version that it reads. */
    public static final int VERSION_MIN = 1;

    /** From this version on, a configuration says what concerns serving alone. */
    private static final int ALONE_SINCE = 2;

    /** From this version on, it has classes, and says who may have addresses of a pool. */
    static final int CLASSES_SINCE = 3;

    /** From this version on, it says how clients are served, and to which virtual private network a network belongs. */
    static final int SERVING_SINCE = 4;

    /** From this version on, settings may be computed. */
    static final int COMPUTED_SINCE = 4;

    private ConfigCodec() {}

    /** Reads one thing of a list. */
    @FunctionalInterface
    interface Element<T> {
        T read(ByteReader in) throws UnreadableException;
    }

    /**
     * Encodes a configuration.
     *
     * @param config the configuration
     * @param out where to
     */
    public static void encode(CellConfig config, ByteWriter out) {
        out.u8(VERSION);
        out.text(config.cell().name());
        out.varint(config.version());
        out.u32(config.serverIdentifier().bits());
        addresses(config.aliases(), out);
        out.varint(config.members().size());
        for (Member member : config.members()) {
            out.text(member.server().name());
            out.text(member.site().name());
            addresses(member.addresses(), out);
        }
        duration(config.timers().mclt(), out);
        duration(config.timers().skew(), out);
        duration(config.timers().longestLease(), out);
        duration(config.timers().offerHold(), out);
        duration(config.timers().quarantine(), out);
        settings(config.settings(), out);
        out.varint(config.networks().size());
        for (SharedNetwork network : config.networks()) {
            network(network, out);
        }
        duration(config.timers().escrowTerm(), out);
        duration(config.timers().commitDeadline(), out);
        out.varint(config.escrow().floor());
        out.varint(config.escrow().ceiling());
        duration(config.escrow().autonomy(), out);
        ClassCodec.encode(config.classes(), out);
    }

    /**
     * Reads a configuration.
     *
     * @param in at its start; left behind it
     * @return the configuration
     * @throws UnreadableException when the bytes are damaged or of another version
     */
    public static CellConfig decode(ByteReader in) throws UnreadableException {
        int version = in.version(VERSION_MIN, VERSION);
        try {
            CellConfig first = new CellConfig(
                    new CellId(in.text()),
                    in.varint(),
                    new Ipv4(in.u32()),
                    addresses(in),
                    list(in, ConfigCodec::member),
                    new CellTimers(duration(in), duration(in), duration(in), duration(in), duration(in)),
                    settings(in, version),
                    list(in, each -> network(each, version)));
            return version < ALONE_SINCE ? first : alone(first, in, version);
        } catch (IllegalArgumentException e) {
            throw in.damaged(String.valueOf(e.getMessage()));
        }
    }

    private static CellConfig alone(CellConfig first, ByteReader in, int version) throws UnreadableException {
        CellTimers timers = first.timers();
        return new CellConfig(
                first.cell(),
                first.version(),
                first.serverIdentifier(),
                first.aliases(),
                first.members(),
                new CellTimers(
                        timers.mclt(),
                        timers.skew(),
                        timers.longestLease(),
                        timers.offerHold(),
                        timers.quarantine(),
                        duration(in),
                        duration(in)),
                first.settings(),
                first.networks(),
                new EscrowPolicy((int) in.varint(), (int) in.varint(), duration(in)),
                version < CLASSES_SINCE ? List.of() : ClassCodec.decode(in, version));
    }

    /**
     * Encodes a revision.
     *
     * @param revision the revision
     * @param out where to
     */
    public static void encode(ConfigRevision revision, ByteWriter out) {
        out.u8(VERSION);
        out.varint(revision.version());
        out.zigzag(revision.committed().toEpochMilli());
        out.text(revision.author());
        out.octets(revision.source());
    }

    /**
     * Reads a revision.
     *
     * @param in at its start; left behind it
     * @return the revision
     * @throws UnreadableException when the bytes are damaged or of another version
     */
    public static ConfigRevision decodeRevision(ByteReader in) throws UnreadableException {
        in.version(VERSION_MIN, VERSION);
        return new ConfigRevision(in.varint(), Instant.ofEpochMilli(in.zigzag()), in.text(), in.octets());
    }

    private static void network(SharedNetwork network, ByteWriter out) {
        out.text(network.name());
        out.varint(network.subnets().size());
        for (Subnet subnet : network.subnets()) {
            out.u32(subnet.prefix().network().bits());
            out.u8(subnet.prefix().length());
            out.varint(subnet.pools().size());
            for (Pool pool : subnet.pools()) {
                out.u32(pool.range().first().bits());
                out.u32(pool.range().last().bits());
                settings(pool.settings(), out);
                leaseTimes(pool.leaseTimes(), out);
                ClassCodec.access(pool.access(), out);
                out.varint(pool.shortAbove());
                duration(pool.bootpLease(), out);
            }
            out.varint(subnet.reservations().size());
            for (Reservation reservation : subnet.reservations()) {
                out.u32(reservation.address().bits());
                clientId(reservation.key(), out);
                optionalText(reservation.hostname(), out);
                settings(reservation.settings(), out);
                leaseTimes(reservation.leaseTimes(), out);
                out.flag(reservation.ownTimes());
            }
            settings(subnet.settings(), out);
            leaseTimes(subnet.leaseTimes(), out);
        }
        settings(network.settings(), out);
        NetworkPolicy policy = network.policy();
        out.flag(policy.authoritative());
        out.flag(policy.identity() == NetworkPolicy.Identity.HARDWARE);
        out.flag(policy.probe());
        duration(policy.probeTimeout(), out);
        out.flag(policy.unprobed() == NetworkPolicy.Unprobed.WITHHOLD);
        out.octets(network.vpn());
    }

    private static SharedNetwork network(ByteReader in, int version) throws UnreadableException {
        return new SharedNetwork(
                in.text(),
                list(in, each -> subnet(each, version)),
                settings(in, version),
                policy(in),
                version < SERVING_SINCE ? Octets.EMPTY : in.octets());
    }

    private static Subnet subnet(ByteReader in, int version) throws UnreadableException {
        return new Subnet(
                new Prefix(new Ipv4(in.u32()), in.u8()),
                list(in, each -> pool(each, version)),
                list(in, each -> reservation(each, version)),
                settings(in, version),
                leaseTimes(in));
    }

    private static Pool pool(ByteReader in, int version) throws UnreadableException {
        return new Pool(
                new AddressRange(new Ipv4(in.u32()), new Ipv4(in.u32())),
                settings(in, version),
                leaseTimes(in),
                version < CLASSES_SINCE ? PoolAccess.OPEN : ClassCodec.access(in, version),
                version < SERVING_SINCE ? 0 : (int) in.varint(),
                version < SERVING_SINCE ? LeaseTimes.INFINITE : duration(in));
    }

    private static Reservation reservation(ByteReader in, int version) throws UnreadableException {
        return new Reservation(
                new Ipv4(in.u32()),
                clientId(in),
                optionalText(in),
                settings(in, version),
                leaseTimes(in),
                version < CLASSES_SINCE || in.flag());
    }

    private static NetworkPolicy policy(ByteReader in) throws UnreadableException {
        return new NetworkPolicy(
                in.flag(),
                in.flag() ? NetworkPolicy.Identity.HARDWARE : NetworkPolicy.Identity.CLIENT_IDENTIFIER,
                in.flag(),
                duration(in),
                in.flag() ? NetworkPolicy.Unprobed.WITHHOLD : NetworkPolicy.Unprobed.OFFER);
    }

    private static Member member(ByteReader in) throws UnreadableException {
        return new Member(server(in), new SiteId(in.text()), addresses(in));
    }

    static void settings(ReplySettings settings, ByteWriter out) {
        out.varint(settings.options().size());
        settings.options().forEach((code, value) -> {
            out.varint(code);
            out.octets(value);
        });
        Ipv4 nextServer = settings.nextServer();
        out.flag(nextServer != null);
        if (nextServer != null) {
            out.u32(nextServer.bits());
        }
        optionalText(settings.serverName(), out);
        optionalText(settings.bootFile(), out);
        ServingCodec.encode(settings.serving(), out);
        ComputedCodec.encode(settings.computed(), out);
    }

    static ReplySettings settings(ByteReader in, int version) throws UnreadableException {
        TreeMap<Integer, Octets> options = new TreeMap<>();
        for (int left = in.count(); left > 0; left--) {
            options.put((int) in.varint(), in.octets());
        }
        Ipv4 nextServer = in.flag() ? new Ipv4(in.u32()) : null;
        return new ReplySettings(
                options,
                nextServer,
                optionalText(in),
                optionalText(in),
                version < SERVING_SINCE ? ServingRules.NONE : ServingCodec.decode(in),
                version < COMPUTED_SINCE ? ComputedSettings.NONE : ComputedCodec.decode(in));
    }

    private static void leaseTimes(LeaseTimes times, ByteWriter out) {
        duration(times.minimum(), out);
        duration(times.standard(), out);
        duration(times.maximum(), out);
    }

    private static LeaseTimes leaseTimes(ByteReader in) throws UnreadableException {
        return new LeaseTimes(duration(in), duration(in), duration(in));
    }

    /**
     * Appends a client's identity.
     *
     * @param id what to encode
     * @param out where to
     */
    public static void clientId(ClientId id, ByteWriter out) {
        out.flag(id.kind() == ClientId.Kind.CLIENT_IDENTIFIER);
        out.octets(id.value());
    }

    /**
     * Reads a client's identity.
     *
     * @param in at its start; left behind it
     * @return the identity
     * @throws UnreadableException when the bytes are damaged
     */
    public static ClientId clientId(ByteReader in) throws UnreadableException {
        ClientId.Kind kind = in.flag() ? ClientId.Kind.CLIENT_IDENTIFIER : ClientId.Kind.HARDWARE;
        try {
            return new ClientId(kind, in.octets());
        } catch (IllegalArgumentException e) {
            throw in.damaged(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Reads the name of a server.
     *
     * @param in at its start; left behind it
     * @return the server
     * @throws UnreadableException when the bytes are damaged or name none
     */
    public static ServerId server(ByteReader in) throws UnreadableException {
        try {
            return new ServerId(in.text());
        } catch (IllegalArgumentException e) {
            throw in.damaged(String.valueOf(e.getMessage()));
        }
    }

    /** Seconds and nanoseconds, as configurations may say anything. */
    static void duration(Duration duration, ByteWriter out) {
        out.zigzag(duration.getSeconds());
        out.varint(duration.getNano());
    }

    static Duration duration(ByteReader in) throws UnreadableException {
        long seconds = in.zigzag();
        long nanos = in.varint();
        if (nanos < 0 || nanos > 999_999_999) {
            throw in.damaged("a duration with " + nanos + " ns");
        }
        return Duration.ofSeconds(seconds, nanos);
    }

    private static void addresses(List<Ipv4> addresses, ByteWriter out) {
        out.varint(addresses.size());
        for (Ipv4 address : addresses) {
            out.u32(address.bits());
        }
    }

    private static List<Ipv4> addresses(ByteReader in) throws UnreadableException {
        return list(in, each -> new Ipv4(each.u32()));
    }

    static void optionalText(@Nullable String text, ByteWriter out) {
        out.flag(text != null);
        if (text != null) {
            out.text(text);
        }
    }

    static @Nullable String optionalText(ByteReader in) throws UnreadableException {
        return in.flag() ? in.text() : null;
    }

    static <T> List<T> list(ByteReader in, Element<T> element) throws UnreadableException {
        int size = in.count();
        List<T> list = new ArrayList<>(Math.min(size, 1024));
        for (int i = 0; i < size; i++) {
            list.add(element.read(in));
        }
        return list;
    }
}
