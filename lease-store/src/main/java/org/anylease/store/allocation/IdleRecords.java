package org.anylease.store.allocation;

/** What an {@link IdleQueue} asks of the bindings. */
public interface IdleRecords {
    /**
     * Whether an address has a binding record, which it has from its first use on for good.
     *
     * @param address as 32 bits
     * @return false for one that was never used
     */
    boolean hasRecord(int address);

    /**
     * Whether an address is idle since a certain moment.
     *
     * @param address as 32 bits
     * @param idleSequence the moment
     * @return true when it is FREE with this idle sequence, and carries no offer
     */
    boolean isIdleSince(int address, long idleSequence);
}
