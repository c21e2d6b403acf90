package org.anylease.chaos.client;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.anylease.server.port.Timeout;
import org.anylease.server.port.Timers;
import org.anylease.server.wire.HardwareAddress;
import org.anylease.server.wire.MessageType;
import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.Packet;
import org.anylease.store.address.Ipv4;
import org.anylease.store.lease.ClientId;
import org.jspecify.annotations.Nullable;

/**
 * A client that lives by RFC 2131 §4.4: it asks, takes the first offer, renews at T1, rebinds at T2, starts over when
 * its lease runs out, and remembers its address over a reboot. Restless ones release, decline and reboot in between.
 *
 * <p>Its lease counts from when it first sent the request that was answered (§4.4.1).
 */
public final class SimulatedClient {
    private static final int REQUESTS_MAX = 4;
    private static final Duration OFF_MAX = Duration.ofSeconds(20);
    private static final Duration BACKOFF_MAX = Duration.ofSeconds(32);
    private static final Duration RENEWAL_RETRY_MIN = Duration.ofSeconds(5);
    private static final double DECLINES_FOR_NOTHING = 0.01;

    /** Some clients have no clock while they are off, and ask for the address they had in any case. */
    private static final double REBOOTS_WITHOUT_LEASE = 0.4;

    /** Some clients think so long about offers that these lapse. */
    private static final double HESITATES = 0.05;

    private static final double HESITATES_SECONDS_MAX = 40;

    private final String name;
    private final ClientRequests requests;
    private final ClientPort port;
    private final Timers timers;
    private final InstantSource time;
    private final RandomGenerator random;
    private final Habits habits;

    private ClientState state = ClientState.OFF;
    private @Nullable Timeout timeout;
    private @Nullable Ipv4 address;
    private @Nullable Ipv4 server;
    private @Nullable Packet sent;
    private Instant firstSent = Instant.EPOCH;
    private Instant began = Instant.EPOCH;
    private int times;
    private Instant renewAt = Instant.EPOCH;
    private Instant rebindAt = Instant.EPOCH;
    private Instant until = Instant.EPOCH;
    private boolean calm;
    private long acknowledged;

    /**
     * A client that is switched off.
     *
     * @param name what the trace calls it
     * @param hardware its Ethernet address
     * @param habits how it behaves
     * @param port the world around it
     * @param timers virtual time
     * @param time virtual time
     * @param random its own dice
     */
    public SimulatedClient(
            String name,
            HardwareAddress hardware,
            Habits habits,
            ClientPort port,
            Timers timers,
            InstantSource time,
            RandomGenerator random) {
        this.name = name;
        this.habits = habits;
        this.port = port;
        this.timers = timers;
        this.time = time;
        this.random = random;
        requests = new ClientRequests(hardware, habits);
    }

    /**
     * What the trace calls it.
     *
     * @return its name
     */
    public String name() {
        return name;
    }

    /**
     * Who it is, as a server sees it.
     *
     * @return option 61 if it sends one, else its hardware address
     */
    public ClientId id() {
        return requests.id();
    }

    /**
     * Its hardware address.
     *
     * @return chaddr
     */
    public HardwareAddress hardware() {
        return requests.hardware();
    }

    /**
     * Where it stands.
     *
     * @return its state
     */
    public ClientState state() {
        return state;
    }

    /**
     * How many ACKs of a lease it has taken.
     *
     * @return the number
     */
    public long acknowledged() {
        return acknowledged;
    }

    /**
     * The address that it uses now.
     *
     * @return its address, or null when it holds no lease
     */
    public @Nullable Ipv4 uses() {
        boolean holds = state == ClientState.BOUND || state == ClientState.RENEWING || state == ClientState.REBINDING;
        return holds ? address : null;
    }

    /**
     * Switches it on.
     *
     * @param delay from now
     */
    public void start(Duration delay) {
        arm(delay, this::initialize);
    }

    /** From now on it only wants a lease and keeps it. */
    public void calmDown() {
        calm = true;
        if (state == ClientState.OFF) {
            start(seconds(1));
        }
    }

    /** Loses power, and is back some seconds later. */
    public void reboot() {
        if (state == ClientState.OFF) {
            return;
        }
        port.tell("loses power");
        state = ClientState.OFF;
        sent = null;
        arm(seconds(0.5 + random.nextDouble() * 5), this::initialize);
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis((long) (seconds * 1_000));
    }

    private void arm(Duration delay, Runnable task) {
        if (timeout != null) {
            timeout.cancel();
        }
        timeout = timers.after(delay, task);
    }

    private void initialize() {
        Ipv4 remembered = address;
        boolean trusting = !calm && habits.remembers() && random.nextDouble() < REBOOTS_WITHOUT_LEASE;
        if (remembered != null && (time.instant().isBefore(until) || trusting)) {
            state = ClientState.REBOOTING;
            begin(requests.initReboot(random.nextInt(), remembered));
        } else {
            discover();
        }
    }

    private void discover() {
        state = ClientState.SELECTING;
        begin(requests.discover(random.nextInt(), habits.remembers() ? address : null));
    }

    private void begin(Packet packet) {
        sent = packet;
        began = time.instant();
        firstSent = began;
        times = 0;
        transmit();
    }

    /** Sends, and again with growing delays (RFC 2131 §4.1). */
    private void transmit() {
        Packet packet = sent;
        if (packet == null) {
            return;
        }
        boolean givesUp = state == ClientState.REQUESTING || state == ClientState.REBOOTING;
        if (givesUp && times >= REQUESTS_MAX) {
            port.tell("gives up " + state);
            discover();
            return;
        }
        times++;
        Duration waited = Duration.between(began, time.instant());
        Packet now = packet.toBuilder()
                .secs((int) Math.min(waited.toSeconds(), 0xffff))
                .build();
        if (state == ClientState.RENEWING) {
            port.unicast(now);
        } else {
            port.broadcast(now);
        }
        Duration backoff = seconds(Math.min(1 << times, BACKOFF_MAX.toSeconds()) + random.nextDouble() * 2 - 1);
        arm(isRenewal() ? untilRetry() : backoff, isRenewal() ? this::age : this::transmit);
    }

    private boolean isRenewal() {
        return state == ClientState.RENEWING || state == ClientState.REBINDING;
    }

    /** Half of what is left until T2 or the end, but not too soon (RFC 2131 §4.4.5). */
    private Duration untilRetry() {
        Instant next = state == ClientState.RENEWING ? rebindAt : until;
        Duration left = Duration.between(time.instant(), next);
        Duration half = left.dividedBy(2);
        Duration wait = half.compareTo(RENEWAL_RETRY_MIN) < 0 ? RENEWAL_RETRY_MIN : half;
        return wait.compareTo(left) > 0 ? left : wait;
    }

    /** T1, T2, the end of the lease, or a retry between them. */
    private void age() {
        Instant now = time.instant();
        Ipv4 own = address;
        if (own == null || !now.isBefore(until)) {
            port.tell("sees its lease of " + own + " run out");
            discover();
        } else if (!now.isBefore(rebindAt)) {
            if (state != ClientState.REBINDING) {
                state = ClientState.REBINDING;
                begin(requests.extend(random.nextInt(), own));
            } else {
                transmit();
            }
        } else if (!now.isBefore(renewAt)) {
            if (state == ClientState.RENEWING) {
                transmit();
            } else if (!calm && random.nextDouble() < habits.restless()) {
                wander(own);
            } else {
                state = ClientState.RENEWING;
                begin(requests.extend(random.nextInt(), own));
            }
        } else {
            arm(Duration.between(now, renewAt), this::age);
        }
    }

    private void wander(Ipv4 own) {
        if (random.nextDouble() < 0.6) {
            port.tell("releases " + own);
            port.unicast(requests.release(random.nextInt(), own, server));
            giveUp(own);
            state = ClientState.OFF;
            arm(seconds(random.nextDouble() * OFF_MAX.toSeconds()), this::initialize);
        } else {
            reboot();
        }
    }

    private void giveUp(Ipv4 own) {
        until = Instant.EPOCH;
        sent = null;
        port.givenUp(id(), own);
    }

    /**
     * Takes a reply.
     *
     * @param reply as it reached the client: a relay has taken option 82 out
     */
    public void received(Packet reply) {
        Packet asked = sent;
        if (asked == null || reply.xid() != asked.xid()) {
            return;
        }
        switch (reply.messageType().orElse(MessageType.TLS)) {
            case OFFER -> offered(reply);
            case ACK -> acknowledged(reply, asked);
            case NAK -> refused();
            default -> throw new IllegalStateException(name + " was sent " + reply);
        }
    }

    private void offered(Packet offer) {
        if (state != ClientState.SELECTING) {
            return;
        }
        Ipv4 by = offer.options().ipv4(OptionCode.SERVER_ID).orElse(Ipv4.UNSPECIFIED);
        server = by;
        state = ClientState.REQUESTING;
        Packet request = requests.select(offer.xid(), offer.yiaddr(), by);
        if (!calm && random.nextDouble() < HESITATES) {
            sent = null;
            arm(seconds(random.nextDouble() * HESITATES_SECONDS_MAX), () -> begin(request));
        } else {
            begin(request);
        }
    }

    private void acknowledged(Packet ack, Packet asked) {
        if (asked.messageType().orElse(null) != MessageType.REQUEST) {
            return;
        }
        sent = null;
        Ipv4 given = ack.yiaddr();
        Duration lease =
                Duration.ofSeconds(ack.options().u32(OptionCode.ADDRESS_TIME).orElse(0));
        boolean fresh = !isRenewal();
        boolean declines = fresh && !calm && random.nextDouble() < DECLINES_FOR_NOTHING;
        server = ack.options().ipv4(OptionCode.SERVER_ID).orElse(Ipv4.UNSPECIFIED);
        if (fresh && (port.inUse(given) || declines)) {
            port.tell("declines " + given);
            port.broadcast(requests.decline(random.nextInt(), given, server));
            address = null;
            giveUp(given);
            state = ClientState.INIT;
            arm(seconds(10), this::discover);
            return;
        }
        acknowledged++;
        address = given;
        state = ClientState.BOUND;
        until = firstSent.plus(lease);
        renewAt =
                firstSent.plusSeconds(ack.options().u32(OptionCode.RENEWAL_TIME).orElse(lease.toSeconds() / 2));
        rebindAt = firstSent.plusSeconds(
                ack.options().u32(OptionCode.REBINDING_TIME).orElse(lease.toSeconds() * 7 / 8));
        port.taken(id(), given, until);
        arm(Duration.ZERO, this::age);
    }

    private void refused() {
        if (state == ClientState.SELECTING) {
            return;
        }
        port.tell("is refused while " + state);
        Ipv4 own = address;
        address = null;
        if (own != null) {
            giveUp(own);
        }
        sent = null;
        state = ClientState.INIT;
        arm(seconds(0.2), this::discover);
    }

    /**
     * When it first sent the request that it waits to see answered.
     *
     * @return in real time
     */
    public Instant firstSent() {
        return firstSent;
    }

    @Override
    public String toString() {
        return name;
    }
}
