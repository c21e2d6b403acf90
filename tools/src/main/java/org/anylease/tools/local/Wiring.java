package org.anylease.tools.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * The network between the servers of a cluster on one machine: a wire for each server, each other one and each of the
 * two ports, so that any site can be cut off from the others without root.
 */
final class Wiring implements AutoCloseable {
    /** Where quorums are held and servers talk, unless the system file says otherwise. */
    private static final List<Integer> PORTS = List.of(6781, 6782);

    private static final int FIRST_OFFSET = 150;

    /** The last octet of a wire's address has room for as many sites. */
    static final int SITES_MAX = 9;

    private record Line(int from, int to, Wire wire) {}

    private final List<Line> lines = new ArrayList<>();

    /**
     * Lays the wires.
     *
     * @param block the cluster's addresses, such as {@code 127.70.1.}
     * @param sites how many sites, each with one server
     */
    Wiring(String block, int sites) throws IOException {
        for (int from = 1; from <= sites; from++) {
            for (int to = 1; to <= sites; to++) {
                for (int port : from == to ? List.<Integer>of() : PORTS) {
                    lines.add(new Line(
                            from,
                            to,
                            Wire.between(
                                    new InetSocketAddress(InetAddress.getByName(address(block, from, to)), port),
                                    new InetSocketAddress(InetAddress.getByName(block + to), port))));
                }
            }
        }
    }

    /** Where a site's server finds that of another. */
    static String address(String block, int from, int to) {
        return block + (FIRST_OFFSET + 10 * from + to);
    }

    /** Cuts a site off from all others, both ways. */
    void cutOff(int site) {
        lines.stream().filter(line -> touches(line, site)).forEach(line -> line.wire.cut());
    }

    /** Joins a site with all others again. */
    void join(int site) {
        lines.stream().filter(line -> touches(line, site)).forEach(line -> line.wire.mend());
    }

    private static boolean touches(Line line, int site) {
        return line.from == site || line.to == site;
    }

    @Override
    public void close() throws IOException {
        for (Line line : lines) {
            line.wire.close();
        }
    }
}
