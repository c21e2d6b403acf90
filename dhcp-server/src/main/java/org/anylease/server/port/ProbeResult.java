package org.anylease.server.port;

import java.time.Duration;
import java.util.Objects;
import org.anylease.store.address.Ipv4;

/** How a probe ended. Only {@link Answered} proves something; the rest differ in how much their silence is worth. */
public sealed interface ProbeResult {
    /**
     * Somebody uses the address: it echoed, or sent an ICMP error of its own.
     *
     * @param roundTrip from sending to the answer
     */
    record Answered(Duration roundTrip) implements ProbeResult {
        /** Checks that time went forwards. */
        public Answered {
            if (roundTrip.isNegative()) {
                throw new IllegalArgumentException("negative round trip: " + roundTrip);
            }
        }
    }

    /** The probe left and nothing came back in time. */
    record Silent() implements ProbeResult {}

    /**
     * Somebody on the way, or this machine's own kernel, says the address cannot be reached.
     *
     * @param reporter who says so; the probe's own source address when it is this kernel, whose ARP went unanswered
     * @param code the code of ICMP destination unreachable (RFC 792, RFC 1812 §5.2.7.1); {@link #NETWORK} for other
     *     errors, such as an echo that ran out of hops in a routing loop
     */
    record Unreachable(Ipv4 reporter, int code) implements ProbeResult {
        /** No way to the address's network. */
        public static final int NETWORK = 0;

        private static final int HOST_UNREACHABLE = 1;
        private static final int HOST_UNKNOWN = 7;

        /** Checks the ranges. */
        public Unreachable {
            Objects.requireNonNull(reporter);
            if (code < 0 || code > 255) {
                throw new IllegalArgumentException("not an ICMP code: " + code);
            }
        }

        /**
         * Whether the last hop says that nobody answers for the address (ARP failed), which is better evidence than
         * silence. Other codes (no route to the network, administratively prohibited) say nothing about the address.
         *
         * @return true for host unreachable and host unknown
         */
        public boolean hostAbsent() {
            return code == HOST_UNREACHABLE || code == HOST_UNKNOWN;
        }
    }

    /**
     * The probe never left this machine, or nobody listened for its answer: nothing is known about the address.
     *
     * @param reason for an operator, such as {@code EPERM (operation not permitted)}
     */
    record LocalError(String reason) implements ProbeResult {
        /** Checks that there is a reason. */
        public LocalError {
            if (reason.isBlank()) {
                throw new IllegalArgumentException("a local error needs a reason");
            }
        }
    }
}
