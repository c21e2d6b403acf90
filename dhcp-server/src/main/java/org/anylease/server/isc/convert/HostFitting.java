package org.anylease.server.isc.convert;

import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.anylease.server.isc.syntax.Statement.Hardware;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;

/** Makes reservations of hosts: one in each subnet in which a host has an address. */
final class HostFitting {
    private static final int ETHERNET = 1;
    private static final int HARDWARE_MAX = 16;
    private static final int HAS_BROADCAST_MAX = 30;

    private final Function<Ipv4, Optional<Networks.Subnet>> subnets;
    private final SortedMap<Ipv4, Scope> taken = new TreeMap<>();
    private final SortedSet<String> clients = new TreeSet<>();

    HostFitting(Function<Ipv4, Optional<Networks.Subnet>> subnets) {
        this.subnets = subnets;
    }

    void fit(Scope host) {
        if (host.addresses.isEmpty() && host.entry().isConverted()) {
            return;
        }
        if (host.addresses.isEmpty()) {
            host.entry()
                    .refuse(
                            "it made a client known without an address of its own",
                            "give it a fixed-address to make a reservation of it");
            return;
        }
        Optional<String> key = key(host);
        if (key.isEmpty()) {
            host.entry()
                    .refuse("nothing names its client in a way that can be used here", "write a reservation by hand");
            return;
        }
        int fitted = 0;
        for (Held<Ipv4> held : host.addresses) {
            fitted += reserve(host, key.get(), held) ? 1 : 0;
        }
        if (fitted == 0) {
            host.entry().refuse("no address of it can be reserved", "see its fixed-address");
        } else {
            host.entry().converted();
        }
    }

    private boolean reserve(Scope host, String key, Held<Ipv4> held) {
        Ipv4 address = held.value();
        Optional<Networks.Subnet> found = subnets.apply(address);
        if (found.isEmpty()) {
            held.entry().refuse("no subnet of the file has " + address, "add the subnet, then the reservation");
            return false;
        }
        Networks.Subnet subnet = found.get();
        boolean ends = subnet.prefix().length() <= HAS_BROADCAST_MAX
                && (address.equals(subnet.prefix().network())
                        || address.equals(subnet.prefix().last()));
        if (ends) {
            held.entry().refuse(address + " is the subnet's own or its broadcast address", "choose another");
            return false;
        }
        Scope other = taken.putIfAbsent(address, host);
        if (other != null) {
            held.entry()
                    .refuse(
                            address + " is reserved for host " + other.name() + " already",
                            "an address is kept for one client here: choose another");
            return false;
        }
        if (!clients.add(subnet.prefix() + " " + key)) {
            held.entry().refuse("the client has a reservation in the subnet already", "one for each client and subnet");
            return false;
        }
        subnet.reservations().add(new Networks.Reservation(address, key, host));
        held.entry().converted();
        return true;
    }

    /** The line that names the client. */
    private static Optional<String> key(Scope host) {
        Optional<String> hardware = Optional.empty();
        for (Held<Hardware> held : host.hardware) {
            Hardware given = held.value();
            Octets address = given.address();
            boolean fits = !address.isEmpty()
                    && address.length() <= HARDWARE_MAX
                    && (given.type() != ETHERNET || address.length() == 6);
            if (!fits) {
                held.entry().refuse("it has " + address.length() + " octets", "a reservation takes 6 for Ethernet");
            } else if (hardware.isPresent()) {
                held.entry().refuse("the host has another hardware address", "write a reservation for each");
            } else {
                hardware = Optional.of("hardware: " + OptionYaml.quoted(address.toString())
                        + (given.type() == ETHERNET ? "" : ", hardware-type: " + given.type()));
                held.entry().converted();
            }
        }
        boolean named = hardware.isPresent();
        for (Held<Octets> held : host.identifiers) {
            if (held.value().isEmpty() || held.value().length() > 255) {
                held.entry().refuse("a client identifier has 1 to 255 octets", "");
            } else if (named) {
                held.entry()
                        .differs(
                                "the client is told by its "
                                        + (hardware.isPresent() ? "hardware address" : "first identifier") + " alone",
                                "");
            } else {
                named = true;
                held.entry().converted();
            }
        }
        return hardware.or(() -> identifier(host));
    }

    private static Optional<String> identifier(Scope host) {
        return host.identifiers.stream()
                .map(Held::value)
                .filter(octets -> !octets.isEmpty() && octets.length() <= 255)
                .findFirst()
                .map(octets -> "client-id: " + OptionYaml.hex(octets));
    }
}
