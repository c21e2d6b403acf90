package org.anylease.server.ddns;

import java.util.function.Consumer;
import org.anylease.server.dns.DnsPolicy;
import org.anylease.store.address.Ipv4;
import org.anylease.store.dns.DnsRecord;

/** Sends updates to name servers. */
@FunctionalInterface
public interface NameUpdates {
    /**
     * Puts a client's names into DNS or, in phase REMOVING, takes them out. Returns at once; doing it again is harmless.
     *
     * @param address the address
     * @param record the names
     * @param policy which name servers take updates of which zone
     * @param listener hears once what became of it, on any thread
     */
    void send(Ipv4 address, DnsRecord record, DnsPolicy policy, Consumer<Result> listener);

    /** What became of it. */
    sealed interface Result {
        /** DNS is as it should be. */
        record Done() implements Result {}

        /** The name is another client's, or was put there by hand, and stays as it is (RFC 4703 §5.3.2). */
        record Conflict() implements Result {}

        /**
         * It is to be tried again.
         *
         * @param zone the zone of which an update failed; empty when it is in none
         * @param why for the operator: which name server, and what it said or did not say
         */
        record Failed(String zone, String why) implements Result {}
    }
}
