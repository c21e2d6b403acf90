package org.anylease.server.dns;

import org.anylease.store.dns.DnsRecord;
import org.anylease.store.dns.DnsRecord.Phase;
import org.jspecify.annotations.Nullable;

/** What is to be done next about an address, from what is on record and what is wanted. */
public sealed interface DnsDecision {
    /** Nothing. */
    record Settled() implements DnsDecision {}

    /**
     * What is on record changes first.
     *
     * @param record what is on record from then on, or null for nothing
     */
    record Note(@Nullable DnsRecord record) implements DnsDecision {}

    /**
     * Updates are sent that are on record already.
     *
     * @param record what to put into DNS, or, in phase REMOVING, to take out
     */
    record Send(DnsRecord record) implements DnsDecision {}

    /**
     * Decides.
     *
     * @param recorded what is on record
     * @param wanted what the lease asks for
     * @param again whether a name that was another client's is tried again
     * @return the next step; nothing is sent that is not on record
     */
    static DnsDecision of(@Nullable DnsRecord recorded, @Nullable DnsRecord wanted, boolean again) {
        if (recorded == null) {
            return wanted == null ? new Settled() : new Note(wanted);
        }
        boolean same = wanted != null && recorded.saysTheSameAs(wanted);
        return switch (recorded.phase()) {
            case ADDING -> same ? new Send(recorded) : new Note(recorded.in(Phase.REMOVING));
            case PRESENT -> same ? new Settled() : new Note(recorded.in(Phase.REMOVING));
            case REMOVING -> new Send(recorded);
            case REFUSED -> same && !again ? new Settled() : new Note(wanted);
        };
    }
}
