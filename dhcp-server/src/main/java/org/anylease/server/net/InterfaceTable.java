package org.anylease.server.net;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.anylease.store.address.Ipv4;

/**
 * The machine's interfaces at one moment. Immutable; reading it takes some system calls per interface, so not on the
 * loop.
 *
 * @param links the interfaces, in the system's order
 */
public record InterfaceTable(List<Link> links) {
    /** Takes a copy of the list. */
    public InterfaceTable {
        links = List.copyOf(links);
    }

    /**
     * An interface.
     *
     * @param name such as {@code eth0}
     * @param index the kernel's number for it
     * @param up whether it is up
     * @param neighbours whether addresses on it are resolved by ARP: neither loopback nor point-to-point
     * @param mac the hardware address in hexadecimal with colons, or empty
     * @param mtu the largest IP packet it takes, in bytes
     * @param prefixes its IPv4 addresses
     */
    public record Link(
            String name, int index, boolean up, boolean neighbours, String mac, int mtu, List<Prefix> prefixes) {
        /** Takes a copy of the list. */
        public Link {
            prefixes = List.copyOf(prefixes);
        }
    }

    /**
     * An address of this machine and the network around it.
     *
     * @param address the machine's address
     * @param length the prefix length, 0 to 32
     */
    public record Prefix(Ipv4 address, int length) {
        /** Checks the length. */
        public Prefix {
            if (length < 0 || length > 32) {
                throw new IllegalArgumentException("not a prefix length: " + length);
            }
        }

        /**
         * Whether an address lies in this network.
         *
         * @param other the address
         * @return true when its first bits are the same
         */
        public boolean contains(Ipv4 other) {
            return ((address.bits() ^ other.bits()) & mask()) == 0;
        }

        /**
         * The network's directed broadcast address; networks of one or two addresses have none (RFC 3021).
         *
         * @return the highest address of the network
         */
        public Optional<Ipv4> broadcast() {
            return length >= 31 ? Optional.empty() : Optional.of(new Ipv4(address.bits() | ~mask()));
        }

        private int mask() {
            return length == 0 ? 0 : -1 << (32 - length);
        }
    }

    /**
     * Reads the machine's interfaces, in the network namespace of the calling thread. Interfaces without any address
     * are missing: Java finds interfaces by their addresses.
     *
     * @return the table
     * @throws IOException when the system does not tell
     */
    public static InterfaceTable read() throws IOException {
        List<Link> links = new ArrayList<>();
        for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            try {
                links.add(read(each));
            } catch (SocketException vanished) {
                // Interfaces come and go, this one between being listed and being asked.
            }
        }
        return new InterfaceTable(links);
    }

    private static Link read(NetworkInterface each) throws SocketException {
        List<Prefix> prefixes = new ArrayList<>();
        for (InterfaceAddress address : each.getInterfaceAddresses()) {
            if (address.getAddress() instanceof Inet4Address ipv4) {
                int bits = ByteBuffer.wrap(ipv4.getAddress()).getInt();
                prefixes.add(new Prefix(new Ipv4(bits), address.getNetworkPrefixLength()));
            }
        }
        byte[] mac = each.getHardwareAddress();
        return new Link(
                each.getName(),
                each.getIndex(),
                each.isUp(),
                !each.isLoopback() && !each.isPointToPoint(),
                mac == null ? "" : HexFormat.ofDelimiter(":").formatHex(mac),
                each.getMTU(),
                prefixes);
    }

    /**
     * Finds an interface by name.
     *
     * @param name the name
     * @return the interface, or empty when there is none of that name
     */
    public Optional<Link> named(String name) {
        return links.stream().filter(link -> link.name().equals(name)).findFirst();
    }

    /**
     * Whether reaching an address takes ARP on one of the interfaces, and so an entry of the kernel's neighbour table.
     * Judged by prefixes; routes that say otherwise are not seen.
     *
     * @param address the address
     * @return true when a network of an interface with neighbours holds it
     */
    public boolean isOnLink(Ipv4 address) {
        return addressTowards(address, Set.of()).isPresent();
    }

    /**
     * This machine's address on the link that an address is on: whoever is there can answer to it without a router.
     * Judged as {@link #isOnLink} is.
     *
     * @param address the address
     * @param exceptions addresses of this machine that do not count, such as those it shares with others
     * @return the address with the longest prefix around it; empty when it is on no link, or only exceptions are
     */
    public Optional<Ipv4> addressTowards(Ipv4 address, Set<Ipv4> exceptions) {
        Prefix nearest = null;
        for (Link link : links) {
            if (link.neighbours()) {
                for (Prefix prefix : link.prefixes()) {
                    if (prefix.contains(address)
                            && !exceptions.contains(prefix.address())
                            && (nearest == null || prefix.length() > nearest.length())) {
                        nearest = prefix;
                    }
                }
            }
        }
        return Optional.ofNullable(nearest).map(Prefix::address);
    }
}
