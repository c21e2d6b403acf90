package org.anylease.store.cell;

/**
 * The name of a cell: a set of subnets with one Raft group.
 *
 * @param name lower-case letters, digits and dashes, at most 63
 */
public record CellId(String name) implements Comparable<CellId> {
    /** Checks the name. */
    public CellId {
        Names.check("cell", name);
    }

    @Override
    public int compareTo(CellId other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
