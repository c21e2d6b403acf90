package org.anylease.server.isc.syntax;

/**
 * An option's name.
 *
 * @param space its option space; {@code dhcp} where the file names none
 * @param name its name in that space
 */
public record OptionName(String space, String name) implements Comparable<OptionName> {
    /** The space of options that are not in another. */
    public static final String DHCP = "dhcp";

    /**
     * Whether it is an option of the message itself.
     *
     * @return false when it belongs to another option space
     */
    public boolean isDhcp() {
        return space.equals(DHCP);
    }

    @Override
    public int compareTo(OptionName other) {
        int bySpace = space.compareTo(other.space);
        return bySpace != 0 ? bySpace : name.compareTo(other.name);
    }

    /** As files have it. */
    @Override
    public String toString() {
        return isDhcp() ? name : space + "." + name;
    }
}
