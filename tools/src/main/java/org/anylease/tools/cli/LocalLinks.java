package org.anylease.tools.cli;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.List;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Prefix;

/**
 * Interfaces of this machine that are on a subnet of a configuration, with their address there.
 *
 * @param names the interfaces
 * @param addresses their addresses on such a subnet, at least one
 */
record LocalLinks(List<String> names, List<Ipv4> addresses) {
    /** Copies the lists. */
    LocalLinks {
        names = List.copyOf(names);
        addresses = List.copyOf(addresses);
    }

    /**
     * Looks for them among those that are named, or among all.
     *
     * @throws CliFailure when there is none
     */
    static LocalLinks among(List<String> named, List<Prefix> subnets) {
        List<String> names = new ArrayList<>();
        List<Ipv4> addresses = new ArrayList<>();
        try {
            for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
                boolean asked = named.isEmpty() ? !each.isLoopback() : named.contains(each.getName());
                List<Ipv4> within = asked && each.isUp() ? within(each, subnets) : List.of();
                if (!within.isEmpty()) {
                    names.add(each.getName());
                    addresses.addAll(within);
                }
            }
        } catch (IOException e) {
            throw new CliFailure(ExitCode.FAILED, "interfaces cannot be listed: " + e.getMessage(), "try again");
        }
        for (String name : named) {
            if (!names.contains(name)) {
                throw new CliFailure(
                        ExitCode.NO,
                        "No subnet declaration for " + name + ", or it is down or has no address there.",
                        "declare the subnet of its address, or leave the interface out");
            }
        }
        if (names.isEmpty()) {
            throw new CliFailure(
                    ExitCode.NO,
                    "Not configured to listen on any interfaces!",
                    "an interface that is up must have an address of a declared subnet");
        }
        return new LocalLinks(names, addresses);
    }

    private static List<Ipv4> within(NetworkInterface each, List<Prefix> subnets) {
        List<Ipv4> found = new ArrayList<>();
        for (InterfaceAddress bound : each.getInterfaceAddresses()) {
            if (bound.getAddress() instanceof Inet4Address four) {
                Ipv4 address = Ipv4.parse(four.getHostAddress());
                if (subnets.stream().anyMatch(subnet -> subnet.contains(address))) {
                    found.add(address);
                }
            }
        }
        return found;
    }
}
