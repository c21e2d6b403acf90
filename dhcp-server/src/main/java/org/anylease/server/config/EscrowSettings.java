package org.anylease.server.config;

import java.time.Duration;
import org.anylease.store.config.CellTimers;
import org.anylease.store.config.EscrowPolicy;
import org.anylease.store.config.LeaseTimes;
import org.jspecify.annotations.Nullable;

/**
 * What the file or a cell says of the addresses that are set aside for its servers; null inherits.
 *
 * @param floor at least so many addresses for each server and network
 * @param ceiling at most so many
 * @param autonomy how long a server that is cut off is to have addresses for new clients
 * @param term how long an address stays with its server from the last grant on
 */
public record EscrowSettings(
        @Nullable Long floor,
        @Nullable Long ceiling,
        @Nullable Duration autonomy,
        @Nullable Duration term) {
    /** Everything is inherited. */
    public static final EscrowSettings NONE = new EscrowSettings(null, null, null, null);

    /** How many addresses a server can be given in a network. */
    static final int ADDRESSES_MAX = 1_000_000;

    /**
     * These settings, and another level's where these say nothing.
     *
     * @param outer the level around this one
     * @return what is said here or there
     */
    public EscrowSettings over(EscrowSettings outer) {
        return new EscrowSettings(
                floor != null ? floor : outer.floor,
                ceiling != null ? ceiling : outer.ceiling,
                autonomy != null ? autonomy : outer.autonomy,
                term != null ? term : outer.term);
    }

    /**
     * The policy in force: what is said, else the defaults. Bounds that only one side names give way to it.
     *
     * @return the policy
     */
    public EscrowPolicy inForce() {
        int most = ceiling != null ? ceiling.intValue() : EscrowPolicy.STANDARD.ceiling();
        int least = floor != null ? floor.intValue() : Math.min(EscrowPolicy.STANDARD.floor(), most);
        return new EscrowPolicy(
                least, Math.max(least, most), autonomy != null ? autonomy : EscrowPolicy.STANDARD.autonomy());
    }

    /**
     * How long an address stays with its server: what is said, else the default, but longer than the autonomy.
     *
     * @return the term
     */
    public Duration termInForce() {
        if (term != null) {
            return term;
        }
        Duration twice = inForce().autonomy().multipliedBy(2);
        Duration longer = twice.compareTo(CellTimers.ESCROW_TERM) > 0 ? twice : CellTimers.ESCROW_TERM;
        return longer.compareTo(LeaseTimes.INFINITE) > 0 ? LeaseTimes.INFINITE : longer;
    }
}
