package org.anylease.store.cell;

/**
 * A server with the disk that it has now: the same server with a new disk is another incarnation.
 *
 * @param server the server
 * @param disk a random number drawn when the data directory was made
 */
public record Incarnation(ServerId server, long disk) implements Comparable<Incarnation> {
    @Override
    public int compareTo(Incarnation other) {
        int byServer = server.compareTo(other.server);
        return byServer != 0 ? byServer : Long.compareUnsigned(disk, other.disk);
    }

    @Override
    public String toString() {
        return server + "#" + Long.toHexString(disk);
    }
}
