package org.anylease.raft.proposal;

import java.time.Instant;
import org.anylease.store.cell.ServerId;

/** This server's clock, as a cell may use it. Confined to the loop. */
public interface Stamps {
    /**
     * Whether this server may stamp entries now. Cell time follows the stamps, so a stray one is never made.
     *
     * @return false when its clock has strayed from a majority's, or is not compared yet
     */
    boolean mayStamp();

    /**
     * The time.
     *
     * @return this server's wall clock
     */
    Instant now();

    /**
     * Whether a proposer's clock is further than the skew from this server's. Its proposals are refused then: it would
     * count leases by that clock.
     *
     * @param proposer another server
     * @return false also when that is not known
     */
    boolean isAstray(ServerId proposer);
}
