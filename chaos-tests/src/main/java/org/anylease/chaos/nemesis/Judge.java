package org.anylease.chaos.nemesis;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.anylease.tools.fleet.History;
import org.anylease.tools.fleet.History.Acked;

/** Reads a history afterwards, beside what every site lists then, and names every violation of an invariant. */
final class Judge {
    /** How far a client's and a server's reading of one lease may lie apart: whole seconds, rounded. */
    private static final Duration ROUNDING = Duration.ofSeconds(1);

    private static final Duration SLACK = Duration.ofMillis(100);

    /** States of an address whose last promise has run out; whose it was need not be known any more. */
    private static final List<String> FREED = List.of("free", "escrowed");

    private Judge() {}

    /**
     * Every violation.
     *
     * @param history everything that clients saw since the cluster was made
     * @param listings what each site lists now, after healing, while no client is at work
     * @return a line for each
     */
    static List<String> violations(History history, List<Listing> listings) {
        List<String> found = new ArrayList<>();
        history.doublePromises(SLACK).forEach(line -> found.add("I1 NoDoublePromise: " + line));
        listings.stream()
                .filter(listing -> !listing.digest().equals(listings.getFirst().digest()))
                .forEach(listing -> found.add("I4 ReplicasAgree: " + listing.site() + " has digest " + listing.digest()
                        + ", " + listings.getFirst().site() + " has "
                        + listings.getFirst().digest()));
        for (Acked ack : lastPromises(history).values()) {
            for (Listing listing : listings) {
                lost(ack, listing).ifPresent(found::add);
            }
        }
        return found;
    }

    /** The last promise of each address, unless its client gave it back or was refused it. */
    private static SortedMap<String, Acked> lastPromises(History history) {
        TreeMap<String, Acked> last = new TreeMap<>();
        for (History.Seen seen : history.all()) {
            switch (seen) {
                case Acked ack -> last.put(ack.address(), ack);
                case History.Released released -> end(last, released.address(), released.client());
                case History.Naked nak -> end(last, nak.address(), nak.client());
                case History.Unanswered _ -> {}
            }
        }
        return last;
    }

    private static void end(SortedMap<String, Acked> last, String address, int client) {
        Acked ack = last.get(address);
        if (ack != null && ack.client() == client) {
            last.remove(address);
        }
    }

    private static Optional<String> lost(Acked ack, Listing listing) {
        Instant end = ack.requested().plus(ack.lease());
        Listing.Lease lease = listing.leases().get(ack.address());
        boolean ranOut = end.isBefore(listing.read());
        if (ranOut && lease != null && FREED.contains(lease.state())) {
            return Optional.empty();
        }
        String wrong = null;
        if (lease == null) {
            wrong = "does not list it";
        } else if (!lease.mac().equals(ack.mac())) {
            wrong = "lists it as " + lease.state() + " of '" + lease.mac() + "'";
        } else if (lease.end().isBefore(end.minus(ROUNDING))) {
            wrong = "lists it as " + lease.state() + " until " + lease.end();
        }
        return Optional.ofNullable(wrong)
                .map(what -> "I5 NothingAckedIsLost: " + ack.address() + " was promised to " + ack.mac() + " at "
                        + ack.at() + " by " + ack.site() + " until " + end + "; " + listing.site() + " " + what);
    }

    /**
     * The longest time for which a client asked without any answer.
     *
     * @param packets of a history
     * @param from when to begin
     * @param to when to end
     * @return zero when every packet was answered at once
     */
    static Duration longestSilence(List<History.Packet> packets, Instant from, Instant to) {
        TreeMap<Integer, Instant> asking = new TreeMap<>();
        Duration longest = Duration.ZERO;
        for (History.Packet packet : packets) {
            if (packet.at().isBefore(from) || packet.at().isAfter(to)) {
                continue;
            }
            if (packet.sent()) {
                if (packet.kind().equals("DISCOVER") || packet.kind().equals("REQUEST")) {
                    asking.putIfAbsent(packet.client(), packet.at());
                }
            } else {
                longest = longer(longest, asking.remove(packet.client()), packet.at());
            }
        }
        for (Instant since : asking.values()) {
            longest = longer(longest, since, to);
        }
        return longest;
    }

    private static Duration longer(Duration longest, @org.jspecify.annotations.Nullable Instant since, Instant until) {
        if (since == null) {
            return longest;
        }
        Duration time = Duration.between(since, until);
        return time.compareTo(longest) > 0 ? time : longest;
    }
}
