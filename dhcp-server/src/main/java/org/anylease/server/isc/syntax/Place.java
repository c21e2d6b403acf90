package org.anylease.server.isc.syntax;

/**
 * Where something stands.
 *
 * @param file the file's name, as it was given or included
 * @param line from 1
 * @param column from 1, in octets
 */
public record Place(String file, int line, int column) {
    /** Such as {@code dhcpd.conf:12:5}. */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
