package org.anylease.tools.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What a fleet's clients saw, in the order in which they saw it. Any thread may add to it. */
public final class History {
    private final ConcurrentLinkedQueue<Seen> events = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Packet> packets = new ConcurrentLinkedQueue<>();
    private final boolean withPackets;

    /** An empty history of what clients got and did not get. */
    public History() {
        this(false);
    }

    /**
     * An empty history.
     *
     * @param withPackets whether every packet is kept as well
     */
    public History(boolean withPackets) {
        this.withPackets = withPackets;
    }

    /**
     * A packet as its client saw it.
     *
     * @param at when it was sent or taken
     * @param client the client
     * @param sent whether the client sent it
     * @param kind the message type, such as {@code REQUEST}
     * @param address the address that it is about, {@code 0.0.0.0} when none
     * @param xid the transaction
     * @param site where routing led when it was sent, or when what it answers was sent
     */
    public record Packet(Instant at, int client, boolean sent, String kind, String address, int xid, String site) {}

    /** What a client saw at a time. */
    public sealed interface Seen {
        /**
         * When.
         *
         * @return by this machine's clock
         */
        Instant at();

        /**
         * Which client.
         *
         * @return its number in the fleet
         */
        int client();
    }

    /**
     * A lease was promised.
     *
     * @param at when the ACK arrived
     * @param client the client
     * @param mac its hardware address
     * @param address the address leased
     * @param requested when the REQUEST that it answers was first sent: the lease runs from there (RFC 2131 §4.4.1)
     * @param lease how long the lease is
     * @param site where the last REQUEST was sent
     * @param took from the first transmission of the exchange to the ACK, retransmissions included
     */
    public record Acked(
            Instant at,
            int client,
            String mac,
            String address,
            Instant requested,
            Duration lease,
            String site,
            Duration took)
            implements Seen {}

    /**
     * A lease was refused.
     *
     * @param at when the NAK arrived
     * @param client the client
     * @param address the address asked for
     * @param site where the request was sent
     */
    public record Naked(Instant at, int client, String address, String site) implements Seen {}

    /**
     * A client gave its lease back.
     *
     * @param at when
     * @param client the client
     * @param address the address
     */
    public record Released(Instant at, int client, String address) implements Seen {}

    /**
     * A client gave up, after all its retransmissions.
     *
     * @param at when
     * @param client the client
     * @param what the message that nobody answered
     * @param site where it was last sent
     */
    public record Unanswered(Instant at, int client, String what, String site) implements Seen {}

    /**
     * Adds what a client saw.
     *
     * @param event what it was
     */
    public void add(Seen event) {
        events.add(event);
    }

    /**
     * Adds a packet, if packets are kept.
     *
     * @param packet the packet
     */
    public void add(Packet packet) {
        if (withPackets) {
            packets.add(packet);
        }
    }

    /**
     * Every packet so far.
     *
     * @return a copy, in order; empty unless packets are kept
     */
    public List<Packet> packets() {
        return new ArrayList<>(packets);
    }

    /**
     * Everything seen so far.
     *
     * @return a copy, in order
     */
    public List<Seen> all() {
        return new ArrayList<>(events);
    }

    /**
     * Every ACK seen so far.
     *
     * @return in order
     */
    public List<Acked> acks() {
        return only(Acked.class);
    }

    /**
     * Every request that stayed without an answer.
     *
     * @return in order
     */
    public List<Unanswered> unanswered() {
        return only(Unanswered.class);
    }

    /**
     * Every NAK seen so far.
     *
     * @return in order
     */
    public List<Naked> naks() {
        return only(Naked.class);
    }

    private <T extends Seen> List<T> only(Class<T> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /**
     * The longest time in which no client of the fleet got an ACK, between a start and an end.
     *
     * @param from when to begin
     * @param to when to end
     * @return the gap
     */
    public Duration longestSilence(Instant from, Instant to) {
        Instant last = from;
        Duration longest = Duration.ZERO;
        List<Instant> times = acks().stream()
                .map(Acked::at)
                .filter(at -> !at.isBefore(from) && !at.isAfter(to))
                .sorted()
                .toList();
        for (Instant at : times) {
            Duration gap = Duration.between(last, at);
            longest = gap.compareTo(longest) > 0 ? gap : longest;
            last = at;
        }
        Duration rest = Duration.between(last, to);
        return rest.compareTo(longest) > 0 ? rest : longest;
    }

    /**
     * The slowest exchange that ended in an ACK, between a start and an end.
     *
     * @param from when to begin
     * @param to when to end
     * @return it, if there was any
     */
    public Optional<Acked> slowest(Instant from, Instant to) {
        return acks().stream()
                .filter(ack -> !ack.at().isBefore(from) && !ack.at().isAfter(to))
                .max(java.util.Comparator.comparing(Acked::took));
    }

    /**
     * Double promises: pairs of ACKs of one address to two clients whose leases overlap (I1 NoDoublePromise). A
     * lease counts from the arrival of the ACK to the end of its time or its client's RELEASE, shortened by
     * {@code slack} on both sides.
     *
     * @param slack how far the two clients' views of time may lie apart
     * @return a line for each pair
     */
    public List<String> doublePromises(Duration slack) {
        return PromiseCheck.doublePromises(all(), slack);
    }
}
