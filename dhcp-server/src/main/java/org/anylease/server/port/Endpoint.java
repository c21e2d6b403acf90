package org.anylease.server.port;

import java.util.Objects;
import org.anylease.store.address.Ipv4;

/**
 * A place where datagrams come in and replies leave. Its position in the list given to the network is its number, which
 * {@link Arrival} and {@link Reply} carry.
 */
public sealed interface Endpoint {
    /** The server port of RFC 2131 §4.1. */
    int SERVER_PORT = 67;

    /** The client port of RFC 2131 §4.1. */
    int CLIENT_PORT = 68;

    /**
     * The UDP port listened on.
     *
     * @return 1 to 65535
     */
    int port();

    /**
     * The address replies leave from, which is a service address for everything but {@link Own}.
     *
     * @return a unicast or anycast address of this machine
     */
    Ipv4 replySource();

    /**
     * The anycast address that every site shares and option 54 names.
     *
     * @param address the service address, present on this machine (commonly a /32 on a loopback interface)
     * @param port the UDP port
     */
    record Service(Ipv4 address, int port) implements Endpoint {
        /** Checks that the address is a host's and the port a port. */
        public Service {
            requireHost(address);
            requirePort(port);
        }

        @Override
        public Ipv4 replySource() {
            return address;
        }
    }

    /**
     * A unicast address of this very machine.
     *
     * @param address the address
     * @param port the UDP port
     */
    record Own(Ipv4 address, int port) implements Endpoint {
        /** Checks that the address is a host's and the port a port. */
        public Own {
            requireHost(address);
            requirePort(port);
        }

        @Override
        public Ipv4 replySource() {
            return address;
        }
    }

    /**
     * An interface with directly attached clients: hears their broadcasts, answers from the service address.
     *
     * @param interfaceName the interface, such as {@code eth1}
     * @param port the UDP port listened on and replied from
     * @param clientPort the UDP port that link replies go to
     * @param serviceAddress the address replies leave from; a {@link Service} or {@link Own} endpoint has it too
     */
    record Link(String interfaceName, int port, int clientPort, Ipv4 serviceAddress) implements Endpoint {
        /** The longest interface name Linux has: IFNAMSIZ less the terminating zero. */
        private static final int NAME_BYTES_MAX = 15;

        /** Checks that the name can be an interface's, the address a host's and the ports ports. */
        public Link {
            Objects.requireNonNull(interfaceName);
            if (!interfaceName.matches("[\\x21-\\x7e&&[^/]]{1," + NAME_BYTES_MAX + "}")) {
                throw new IllegalArgumentException("not an interface name: '" + interfaceName + "'");
            }
            requireHost(serviceAddress);
            requirePort(port);
            requirePort(clientPort);
        }

        @Override
        public Ipv4 replySource() {
            return serviceAddress;
        }
    }

    private static void requireHost(Ipv4 address) {
        if (address.isUnspecified() || address.bits() >>> 28 >= 0xE) {
            throw new IllegalArgumentException(address + " is no address to listen on (need one host's address)");
        }
    }

    private static void requirePort(int port) {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("not a UDP port: " + port + " (expected 1 to 65535)");
        }
    }
}
