package org.anylease.server.partition;

/** How a server serves a cell. */
public enum ServingMode {
    /** The cell commits what clients ask for (rule R1). */
    QUORATE,
    /** Commits do not come through in time: the server answers alone (R2 to R4), as far as it may. */
    PARTITIONED,
    /** Commits come through again, and what was promised alone is being committed. */
    RESYNCING
}
