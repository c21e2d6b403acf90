package org.anylease.server.partition;

import java.time.Duration;
import java.time.Instant;
import org.anylease.store.config.EscrowPolicy;
import org.jspecify.annotations.Nullable;

/** How much escrow a server wants in a network, and when it is worth an entry of the log to ask for it. */
public final class EscrowWish {
    /** Escrow is filled up when a quarter of what could be had is missing. */
    private static final int MISSING = 4;

    /** As the cell grants it: half of what nobody uses, divided by the number of members. */
    private static final int SHARE_OF_UNUSED = 2;

    private EscrowWish() {}

    /**
     * How many addresses the server would like to have.
     *
     * @param policy the cell's policy
     * @param newClientsPerHour what it observed
     * @return within the policy's floor and ceiling
     */
    public static int wanted(EscrowPolicy policy, double newClientsPerHour) {
        double needed = Math.ceil(newClientsPerHour * policy.autonomy().toMillis() / 3_600_000.0);
        return (int) Math.max(policy.floor(), Math.min(policy.ceiling(), needed));
    }

    /**
     * What a server has of a network.
     *
     * @param held addresses set aside for it
     * @param soonest when the first grant of those ends; null when it has none
     * @param idle addresses that anybody may be given
     * @param escrowed addresses set aside for any server
     * @param members how many servers answer for the cell
     */
    public record Holding(int held, @Nullable Instant soonest, long idle, long escrowed, int members) {}

    /**
     * Whether to ask the cell now. On an idle cluster only the extension of terms ever is asked for.
     *
     * @param wanted how many it would like to have
     * @param holding what it has
     * @param term how long a grant lasts
     * @param now this server's clock
     * @return whether the cell would grant something worth an entry
     */
    public static boolean isWorthAsking(int wanted, Holding holding, Duration term, Instant now) {
        Instant soonest = holding.soonest();
        if (soonest != null && wanted > 0 && soonest.isBefore(now.plus(term.dividedBy(2)))) {
            return true;
        }
        long share = (holding.idle() + holding.escrowed()) / ((long) SHARE_OF_UNUSED * Math.max(1, holding.members()));
        long attainable = Math.min(Math.min(wanted, share), holding.held() + holding.idle());
        long missing = attainable - holding.held();
        return missing > 0 && MISSING * missing >= attainable;
    }
}
