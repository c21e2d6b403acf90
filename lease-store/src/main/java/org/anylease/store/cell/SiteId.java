package org.anylease.store.cell;

/**
 * The name of a site: an anycast location with one or more servers.
 *
 * @param name lower-case letters, digits and dashes, at most 63
 */
public record SiteId(String name) implements Comparable<SiteId> {
    /** Checks the name. */
    public SiteId {
        Names.check("site", name);
    }

    @Override
    public int compareTo(SiteId other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
