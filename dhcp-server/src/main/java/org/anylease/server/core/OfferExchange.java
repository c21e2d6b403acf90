package org.anylease.server.core;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.anylease.store.address.Ipv4;
import org.anylease.store.alone.AlonePromise;
import org.anylease.store.command.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * A DISCOVER that is being answered: joins the probe of an address and the commit of its offer, which come in either
 * order. An OFFER leaves when both speak of one address:
 *
 * <pre>
 *                      committed: none        this address           another address
 * probe running        wait                   wait                   probe that one
 * probe silent         wait                   OFFER                  probe that one
 * probe impossible     wait                   as the policy says     probe that one
 * probe answered       propose the next, naming this one as in use, and probe the next
 * </pre>
 */
final class OfferExchange extends Exchange {
    /** How many addresses are tried before the client must ask again. */
    static final int ROUNDS_MAX = 8;

    private int rounds;
    private @Nullable Ipv4 candidate;
    private Probed probed = Probed.RUNNING;
    private Outcome.@Nullable Offered offered;
    private @Nullable AlonePromise alone;
    private final List<Ipv4> inUse = new ArrayList<>(0);

    /** What is known of the candidate. */
    enum Probed {
        /** Nothing yet. */
        RUNNING,
        /** Nobody answers for it. */
        SILENT,
        /** It needs no probe here: the policy asks for none, or it was silent for this client a moment ago. */
        SPARED,
        /** The probe could not be carried out. */
        IMPOSSIBLE
    }

    OfferExchange(Inquiry first, Instant began) {
        super(ExchangeKey.of(first, ExchangeKey.Purpose.OFFER), first, began);
    }

    /** The address that is being probed or was, null while the cell is asked for any. */
    @Nullable
    Ipv4 candidate() {
        return candidate;
    }

    /**
     * Turns to another address, or to none until the cell has chosen one.
     *
     * @return false when enough addresses were tried
     */
    boolean tryNext(@Nullable Ipv4 next, Probed known) {
        candidate = next;
        probed = known;
        return next == null || rounds++ < ROUNDS_MAX;
    }

    Probed probed() {
        return probed;
    }

    void probed(Probed result) {
        probed = result;
    }

    /** What the cell holds for the client, null while that is not committed. */
    Outcome.@Nullable Offered offered() {
        return offered;
    }

    void offered(Outcome.@Nullable Offered committed) {
        offered = committed;
    }

    /** What this server would promise alone; null while the cell is asked. Then only the probe is awaited. */
    @Nullable
    AlonePromise alone() {
        return alone;
    }

    void answerAlone(AlonePromise promise) {
        alone = promise;
    }

    /** A stranger answered for an address: it is not tried again for this client. */
    void foundInUse(Ipv4 address) {
        inUse.add(address);
    }

    boolean wasFoundInUse(Ipv4 address) {
        return inUse.contains(address);
    }
}
