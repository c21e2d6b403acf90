package org.anylease.raft.proposal;

/**
 * The bounds of a cell's pipeline.
 *
 * @param commandsPending how many commands of this server may wait; more are refused as overload
 * @param batchCommands how many commands one batch holds at most
 * @param batchesInFlight how many of this server's batches may be under way
 * @param entryCommands so many waiting commands make an entry due at once
 * @param entryBytes an entry takes no further batch past this size
 * @param entriesInFlight how many entries a leader has under way
 */
public record ProposalLimits(
        int commandsPending,
        int batchCommands,
        int batchesInFlight,
        int entryCommands,
        int entryBytes,
        int entriesInFlight) {
    /** What fits tens of thousands of commands a second. */
    public static final ProposalLimits STANDARD = new ProposalLimits(16_384, 256, 16, 128, 256 << 10, 4);
}
