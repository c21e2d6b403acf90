package org.anylease.server.port;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import org.anylease.store.address.Ipv4;

/** Where a reply goes (RFC 2131 §4.1, the choice by giaddr, ciaddr, the broadcast flag and chaddr). */
public sealed interface Destination {
    /**
     * By UDP to an address that has a route: a relay, or a client that uses its address.
     *
     * @param address the address; for broadcasts see {@link LinkBroadcast}
     * @param port 67 for a relay, the port it asked for (RFC 8357), or 68 for a client
     */
    record UdpTo(Ipv4 address, int port) implements Destination {
        /** Checks that the address is a host's and the port a port. */
        public UdpTo {
            if (address.isUnspecified() || address.equals(Ipv4.BROADCAST)) {
                throw new IllegalArgumentException(address + " is no address of one host");
            }
            if (port < 1 || port > 65_535) {
                throw new IllegalArgumentException("not a UDP port: " + port);
            }
        }
    }

    /** To 255.255.255.255 on the interface of the replying {@link Endpoint.Link}, at its client port. */
    record LinkBroadcast() implements Destination {}

    /**
     * To a hardware address on the interface of the replying {@link Endpoint.Link}, at its client port, without ARP:
     * the client does not answer for the address yet.
     *
     * @param hardwareType the htype of RFC 2131 (1 for Ethernet)
     * @param mac the hardware address, chaddr's first hlen bytes
     * @param address the client's address to be, yiaddr
     */
    @SuppressWarnings("ArrayRecordComponent") // Copied on the way in and out, and compared by content.
    record LinkUnicast(int hardwareType, byte[] mac, Ipv4 address) implements Destination {
        /** Ethernet's hardware type (RFC 1700). */
        public static final int ETHERNET = 1;

        /** Checks that the address is a host's and takes a copy of the hardware address. */
        public LinkUnicast {
            Objects.requireNonNull(address);
            if (hardwareType < 0 || hardwareType > 255) {
                throw new IllegalArgumentException("not a hardware type: " + hardwareType);
            }
            if (mac.length > 16) {
                throw new IllegalArgumentException("hardware address of " + mac.length + " bytes (chaddr holds 16)");
            }
            if (address.isUnspecified() || address.equals(Ipv4.BROADCAST)) {
                throw new IllegalArgumentException(address + " is no address of one host");
            }
            mac = mac.clone();
        }

        /**
         * The hardware address.
         *
         * @return a copy
         */
        @Override
        public byte[] mac() {
            return mac.clone();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof LinkUnicast that
                    && hardwareType == that.hardwareType
                    && Arrays.equals(mac, that.mac)
                    && address.equals(that.address);
        }

        @Override
        public int hashCode() {
            return (31 * hardwareType + Arrays.hashCode(mac)) * 31 + address.hashCode();
        }

        @Override
        public String toString() {
            return "LinkUnicast[hardwareType=" + hardwareType + ", mac="
                    + HexFormat.ofDelimiter(":").formatHex(mac) + ", address=" + address + "]";
        }
    }
}
