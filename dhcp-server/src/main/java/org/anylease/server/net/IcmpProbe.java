package org.anylease.server.net;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;
import org.anylease.server.port.AddressProbe;
import org.anylease.server.port.ProbeListener;
import org.anylease.server.port.ProbeResult;
import org.anylease.store.address.Ipv4;
import org.jspecify.annotations.Nullable;

/**
 * Probes by ICMP echo, all through one socket.
 *
 * <p>Each echo leaves from an address of its own choice. Towards a link of this machine that is the machine's address
 * there, since a squatter need not have a route to any other; towards anywhere else, the unicast address that is
 * configured. Never the anycast address: the reply could land at another site, and the address would look free.
 *
 * <p>A probe moves {@code waiting → sent → finished}. Waiting are only probes of addresses on this machine's own links,
 * where each address that nobody has holds an entry of the kernel's neighbour table until ARP gives up on it, three
 * seconds later and commonly after the probe's timeout: such a probe is {@code lingering} after it is finished and
 * counts against the bound still.
 *
 * <p>Threading: {@link #open} off the loop; {@link #close} and {@link #counters} anywhere; the rest on the loop.
 */
public final class IcmpProbe implements AddressProbe, AutoCloseable {
    private static final Duration TIMEOUT_MAX = Duration.ofMinutes(1);
    private static final int SEQUENCES = 1 << 16;
    private static final long TICK_NANOS = Duration.ofMillis(5).toNanos();
    private static final int WHEEL_SLOTS = 1024;

    /** How long the kernel asks by ARP: mcast_solicit (3) times retrans_time (1 s), and some slack. */
    private static final long NEIGHBOUR_NANOS = Duration.ofMillis(3_200).toNanos();

    /** What the kernel charges the socket for one echo waiting for ARP, measured at 768 bytes, rounded up. */
    private static final int WAITING_ECHO_BYTES = 1280;

    private enum State {
        WAITING,
        SENT,
        LINGERING,
        DONE
    }

    private static final class Probe extends DeadlineWheel.Entry {
        private final Ipv4 target;
        private final long timeoutNanos;
        private final ProbeListener listener;
        private final boolean onLink;
        private final Ipv4 source;
        private State state = State.WAITING;
        private int sequence;
        private long number;
        private long sentNanos;

        Probe(Ipv4 target, long timeoutNanos, ProbeListener listener, boolean onLink, Ipv4 source) {
            this.target = target;
            this.timeoutNanos = timeoutNanos;
            this.listener = listener;
            this.onLink = onLink;
            this.source = source;
        }
    }

    private final EventLoop loop;
    private final IcmpSocket socket;
    private final ProbeSource source;
    private final ProbeLimits limits;
    private final int onLinkMax;
    private final long cookie;
    private final DeadlineWheel<Probe> wheel;
    private final @Nullable Probe[] bySequence = new @Nullable Probe[SEQUENCES];
    private final ArrayDeque<Probe> waiting = new ArrayDeque<>();
    private final Incoming incoming;
    private final LongAdder sent = new LongAdder();
    private final LongAdder answered = new LongAdder();
    private final LongAdder silent = new LongAdder();
    private final LongAdder unreachable = new LongAdder();
    private final LongAdder localErrors = new LongAdder();
    private final LongAdder foreign = new LongAdder();
    private InterfaceTable interfaces;
    private int outstanding;
    private int onLinkSent;
    private int nextSequence;
    private long nextNumber;
    private boolean ticking;
    private boolean closed;
    private @Nullable IoRegistration registration;

    private IcmpProbe(
            EventLoop loop,
            IcmpSocket socket,
            ProbeSource source,
            InterfaceTable interfaces,
            ProbeLimits limits,
            RandomGenerator random) {
        this.loop = loop;
        this.socket = socket;
        this.source = source;
        this.incoming = new Incoming(new FileDescriptor(socket.fd()));
        this.interfaces = interfaces;
        this.limits = limits;
        this.onLinkMax = Math.max(1, Math.min(limits.onLinkMax(), socket.sendBufferBytes() / WAITING_ECHO_BYTES));
        this.cookie = random.nextLong();
        this.nextSequence = random.nextInt(SEQUENCES);
        this.wheel = new DeadlineWheel<>(TICK_NANOS, WHEEL_SLOTS, loop.nanoTime());
    }

    /**
     * How this machine would probe, found out by trying.
     *
     * @param source the unicast address probes would leave from, but for those towards a link of this machine
     * @return the way, or what stands in it
     */
    public static ProbeAvailability availability(Ipv4 source) {
        try {
            IcmpSocket.ping(source).close();
            return new ProbeAvailability.PingSocket();
        } catch (NativeFailure noPing) {
            try {
                IcmpSocket.raw(source, 0).close();
                return new ProbeAvailability.RawSocket(noPing.getMessage());
            } catch (NativeFailure noRaw) {
                return new ProbeAvailability.None(
                        "ping socket: " + noPing.getMessage() + "; raw socket: " + noRaw.getMessage(),
                        Errno.EADDRNOTAVAIL.is(noRaw.errno())
                                ? "probe from a unicast address of this machine: 'ip addr' lists them"
                                : "'sysctl -w net.ipv4.ping_group_range=\"0 2147483647\"', or grant CAP_NET_RAW"
                                        + " (systemd: AmbientCapabilities=CAP_NET_RAW)");
            }
        }
    }

    /**
     * Opens the socket in the best way there is.
     *
     * @param loop the loop everything happens on
     * @param source where probes leave from
     * @param interfaces the machine's interfaces, which tell what is on link
     * @param limits how many probes may be under way
     * @param random for the cookie, the identifier and the first sequence number
     * @return the probe, to be closed by the caller
     * @throws IOException when there is no way; the message has the remedy
     */
    public static IcmpProbe open(
            EventLoop loop, ProbeSource source, InterfaceTable interfaces, ProbeLimits limits, RandomGenerator random)
            throws IOException {
        IcmpSocket socket = switch (availability(source.unicast())) {
            case ProbeAvailability.PingSocket way -> IcmpSocket.ping(Ipv4.UNSPECIFIED);
            case ProbeAvailability.RawSocket way -> IcmpSocket.raw(Ipv4.UNSPECIFIED, random.nextInt(1 << 16));
            case ProbeAvailability.None none ->
                throw new IOException(
                        "cannot probe from " + source.unicast() + ": " + none.reason() + "; " + none.remedy());
        };
        IcmpProbe probe = new IcmpProbe(loop, socket, source, interfaces, limits, random);
        probe.register();
        return probe;
    }

    @Override
    public void probe(Ipv4 address, Duration timeout, ProbeListener listener) {
        loop.assertInLoop();
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(TIMEOUT_MAX) > 0) {
            throw new IllegalArgumentException("timeout " + timeout + " is not above zero and at most " + TIMEOUT_MAX);
        }
        Ipv4 from = interfaces.addressTowards(address, source.shared()).orElse(source.unicast());
        Probe probe = new Probe(address, timeout.toNanos(), listener, interfaces.isOnLink(address), from);
        if (closed || outstanding >= limits.outstandingMax()) {
            probe.state = State.DONE;
            String reason = closed ? "probing is closed" : limits.outstandingMax() + " probes are outstanding already";
            report(probe, new ProbeResult.LocalError(reason));
            return;
        }
        outstanding++;
        schedule(probe, loop.nanoTime() + probe.timeoutNanos);
        if (probe.onLink && (onLinkSent >= onLinkMax || !waiting.isEmpty())) {
            waiting.add(probe);
        } else {
            send(probe);
        }
    }

    /**
     * Tells the probe that the machine's interfaces have changed. Call on the loop.
     *
     * @param changed the interfaces as they are now
     */
    public void interfacesChanged(InterfaceTable changed) {
        loop.assertInLoop();
        interfaces = changed;
    }

    /**
     * What probing has done so far.
     *
     * @return the counts
     */
    public ProbeCounters counters() {
        return new ProbeCounters(
                sent.sum(), answered.sum(), silent.sum(), unreachable.sum(), localErrors.sum(), foreign.sum());
    }

    /** Stops probing; listeners of outstanding probes hear nothing more. Idempotent. */
    @Override
    public void close() {
        if (loop.inLoop()) {
            closeInLoop();
        } else if (loop.isClosing()) {
            socket.close();
        } else {
            loop.netty().submit(this::closeInLoop).awaitUninterruptibly();
        }
    }

    private void closeInLoop() {
        closed = true;
        if (registration != null && registration.isValid()) {
            registration.cancel();
        }
        socket.close();
    }

    private void register() throws IOException {
        var registering = loop.netty().register(incoming).awaitUninterruptibly();
        if (!registering.isSuccess()) {
            socket.close();
            throw new IOException("cannot poll the probe's socket", registering.cause());
        }
        registration = registering.getNow();
        registration.submit(EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLERR));
    }

    private void send(Probe probe) {
        do {
            nextSequence = (nextSequence + 1) % SEQUENCES;
        } while (bySequence[nextSequence] != null);
        probe.sequence = nextSequence;
        probe.number = nextNumber++;
        probe.sentNanos = loop.nanoTime();
        probe.state = State.SENT;
        bySequence[probe.sequence] = probe;
        if (probe.onLink) {
            onLinkSent++;
        }
        schedule(probe, probe.sentNanos + probe.timeoutNanos);
        int errno = socket.send(probe.source, probe.target, probe.sequence, cookie, probe.number, incoming);
        if (errno == 0) {
            sent.increment();
        } else if (probe.state == State.SENT) {
            retire(probe);
            report(probe, new ProbeResult.LocalError(Errno.describe(errno)));
        }
    }

    private void expired(Probe probe) {
        switch (probe.state) {
            case WAITING -> {
                waiting.remove(probe);
                retire(probe);
                report(
                        probe,
                        new ProbeResult.LocalError(
                                "not sent within its timeout: " + onLinkMax + " probes of unused addresses on link"
                                        + " occupy the kernel's neighbour table (raise gc_thresh3 and onLinkMax)"));
            }
            case SENT -> {
                if (probe.onLink && probe.sentNanos + NEIGHBOUR_NANOS > loop.nanoTime()) {
                    probe.state = State.LINGERING;
                    schedule(probe, probe.sentNanos + NEIGHBOUR_NANOS);
                } else {
                    retire(probe);
                }
                report(probe, new ProbeResult.Silent());
            }
            case LINGERING -> retire(probe);
            case DONE -> throw new IllegalStateException("invariant DoneIsOff broken: a finished probe expired");
        }
    }

    /** Ends a probe by a message from outside, unless it has ended already. */
    private void settle(Probe probe, ProbeResult result) {
        boolean heard = probe.state == State.LINGERING;
        retire(probe);
        if (heard) {
            foreign.increment();
        } else {
            report(probe, result);
        }
    }

    private void retire(Probe probe) {
        if (probe.state != State.WAITING) {
            bySequence[probe.sequence] = null;
            if (probe.onLink) {
                onLinkSent--;
            }
        }
        probe.state = State.DONE;
        wheel.cancel(probe);
        outstanding--;
    }

    private void sendWaiting() {
        while (onLinkSent < onLinkMax && !waiting.isEmpty()) {
            send(waiting.remove());
        }
    }

    // A turn later, so that no listener is called from inside probe().
    private void report(Probe probe, ProbeResult result) {
        switch (result) {
            case ProbeResult.Answered answer -> answered.increment();
            case ProbeResult.Silent silence -> silent.increment();
            case ProbeResult.Unreachable error -> unreachable.increment();
            case ProbeResult.LocalError error -> localErrors.increment();
        }
        loop.execute(() -> {
            if (!closed) {
                probe.listener.finished(probe.target, result);
            }
        });
    }

    private void schedule(Probe probe, long deadlineNanos) {
        wheel.schedule(probe, deadlineNanos);
        if (!ticking) {
            ticking = true;
            loop.after(Duration.ofNanos(TICK_NANOS), this::tick);
        }
    }

    private void tick() {
        if (closed) {
            return;
        }
        wheel.expire(loop.nanoTime(), this::expired);
        sendWaiting();
        ticking = wheel.size() > 0;
        if (ticking) {
            loop.after(Duration.ofNanos(TICK_NANOS), this::tick);
        }
    }

    private final class Incoming implements EpollIoHandle, IcmpSocket.Listener {
        private final FileDescriptor descriptor;

        Incoming(FileDescriptor descriptor) {
            this.descriptor = descriptor;
        }

        @Override
        public FileDescriptor fd() {
            return descriptor;
        }

        @Override
        public void handle(IoRegistration registered, IoEvent event) {
            if (!closed) {
                socket.receive(this);
                sendWaiting();
            }
        }

        /** The loop is closing. */
        @Override
        public void close() {
            closed = true;
            socket.close();
        }

        @Override
        public void replied(Ipv4 from, EchoMessage reply) {
            Probe probe = bySequence[reply.sequence()];
            if (probe == null
                    || reply.cookie() != cookie
                    || reply.number() != probe.number
                    || !from.equals(probe.target)) {
                foreign.increment();
                return;
            }
            settle(probe, answeredNow(probe));
        }

        @Override
        public void unreachable(Ipv4 target, EchoMessage quoted, boolean whole, Ipv4 reporter, int type, int code) {
            Probe probe = bySequence[quoted.sequence()];
            boolean ours = probe != null
                    && target.equals(probe.target)
                    && (!whole || (quoted.cookie() == cookie && quoted.number() == probe.number));
            if (probe == null || !ours) {
                foreign.increment();
            } else if (reporter.equals(probe.target)) {
                // A host that refuses echoes is there all the same.
                settle(probe, answeredNow(probe));
            } else {
                // Of the others, time exceeded most often, none says more than that the echo did not get there.
                boolean said = type == EchoMessage.DESTINATION_UNREACHABLE;
                settle(probe, new ProbeResult.Unreachable(reporter, said ? code : ProbeResult.Unreachable.NETWORK));
            }
        }

        private ProbeResult answeredNow(Probe probe) {
            return new ProbeResult.Answered(Duration.ofNanos(Math.max(0, loop.nanoTime() - probe.sentNanos)));
        }
    }
}
