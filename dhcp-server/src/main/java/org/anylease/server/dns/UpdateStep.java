package org.anylease.server.dns;

import org.anylease.store.dns.DnsRecord;
import org.anylease.store.dns.DnsRecord.Phase;
import org.anylease.store.dns.DnsRecord.Style;

/**
 * The updates (RFC 2136) that put a client's names into DNS or take them out, in the order of RFC 4703. Each may be sent
 * any number of times: what it presupposes and changes is always the client's own.
 *
 * <pre>
 * step            presupposes                        changes
 * CLAIM_NAME      nothing has the name               A and owner added                    §5.3.1
 * UPDATE_OWN      the owner record is the client's   all A replaced by this one           §5.3.2
 * TAKE_NAME       nothing (style UNGUARDED)          all A and DHCID replaced
 * POINT_BACK      nothing                            PTR replaced                         §5.4
 * UNPOINT         the PTR is the client's            PTR removed                          §5.5
 * REMOVE_ADDRESS  the owner record is the client's   this A removed                       §5.5
 * REMOVE_OWNER    likewise, and no A or AAAA left    owner removed                        §5.5
 * REMOVE_TAKEN    this A is there (UNGUARDED)        this A and DHCID removed
 * </pre>
 */
public enum UpdateStep {
    /** A name that nobody has. */
    CLAIM_NAME,
    /** A name that the client has already. */
    UPDATE_OWN,
    /** A name, whoever has it. */
    TAKE_NAME,
    /** The address gets its name. */
    POINT_BACK,
    /** The address loses its name. */
    UNPOINT,
    /** The name loses its address. */
    REMOVE_ADDRESS,
    /** The name is nobody's any more. */
    REMOVE_OWNER,
    /** The name loses its address, whoever has it. */
    REMOVE_TAKEN;

    /** What a name server answers (RFC 2136 §2.2). */
    public enum Answer {
        /** The update was carried out. */
        NOERROR,
        /** A name exists that should not. */
        YXDOMAIN,
        /** A name does not exist that should. */
        NXDOMAIN,
        /** Records exist that should not. */
        YXRRSET,
        /** Records do not exist that should. */
        NXRRSET
    }

    /** What comes after an answer. */
    public sealed interface Next {
        /**
         * Another update.
         *
         * @param step which
         */
        record Step(UpdateStep step) implements Next {}

        /** All is as it should be. */
        record Done() implements Next {}

        /** The name is another client's, or was put there by hand: it stays as it is (§5.3.2). */
        record Conflict() implements Next {}

        /** Somebody else changed the name between two steps: the whole is to be tried again. */
        record Changed() implements Next {}
    }

    /**
     * Where to begin.
     *
     * @param record what is to be put into DNS, or, in phase REMOVING, to be taken out
     * @return the first step
     */
    public static UpdateStep first(DnsRecord record) {
        if (record.phase() == Phase.REMOVING) {
            return UNPOINT;
        }
        if (!record.forward()) {
            return POINT_BACK;
        }
        return record.style() == Style.UNGUARDED ? TAKE_NAME : CLAIM_NAME;
    }

    /**
     * How to go on.
     *
     * @param answer what the name server said to this step
     * @param record what the steps are for
     * @return what comes next
     */
    public Next after(Answer answer, DnsRecord record) {
        boolean done = answer == Answer.NOERROR;
        return switch (this) {
            case CLAIM_NAME -> new Next.Step(done ? POINT_BACK : UPDATE_OWN);
            case UPDATE_OWN ->
                done ? new Next.Step(POINT_BACK) : answer == Answer.NXDOMAIN ? new Next.Changed() : new Next.Conflict();
            case TAKE_NAME -> done ? new Next.Step(POINT_BACK) : new Next.Changed();
            case POINT_BACK -> done ? new Next.Done() : new Next.Changed();
            case UNPOINT ->
                record.forward()
                        ? new Next.Step(record.style() == Style.UNGUARDED ? REMOVE_TAKEN : REMOVE_ADDRESS)
                        : new Next.Done();
            // Where the owner is another by now, nothing of the client's is left to be removed.
            case REMOVE_ADDRESS -> done ? new Next.Step(REMOVE_OWNER) : new Next.Done();
            // Where another address of the client's is left, the name stays the client's.
            case REMOVE_OWNER, REMOVE_TAKEN -> new Next.Done();
        };
    }
}
