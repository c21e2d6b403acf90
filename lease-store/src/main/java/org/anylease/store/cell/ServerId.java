package org.anylease.store.cell;

/**
 * The name of a server, unique in the cluster and kept when its disk is replaced.
 *
 * @param name lower-case letters, digits and dashes, at most 63
 */
public record ServerId(String name) implements Comparable<ServerId> {
    /** Checks the name. */
    public ServerId {
        Names.check("server", name);
    }

    @Override
    public int compareTo(ServerId other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
