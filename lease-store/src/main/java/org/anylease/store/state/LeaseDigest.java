package org.anylease.store.state;

/**
 * A digest of a cell's whole state: equal at the same applied index on every replica (I4 ReplicasAgree).
 *
 * @param value changes with every binding, the cell's time, its configuration and its exchanges
 */
public record LeaseDigest(long value) {
    @Override
    public String toString() {
        return String.format("%016x", value);
    }
}
