package org.anylease.server.boot;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.anylease.server.config.ServerConfig;
import org.anylease.server.config.ServerSetup;
import org.anylease.server.net.InterfaceTable;
import org.anylease.server.port.Endpoint;
import org.anylease.store.address.Ipv4;

/** Where this server hears clients and relays. */
final class Endpoints {
    private Endpoints() {}

    /** A socket for each service address, each own address and each interface, in this order. */
    static List<Endpoint> of(ServerSetup setup) {
        ServerConfig.Listen listen = setup.own().listen();
        Set<Endpoint> endpoints = new LinkedHashSet<>();
        for (Ipv4 address : setup.serviceAddresses()) {
            endpoints.add(new Endpoint.Service(address, listen.port()));
        }
        for (Ipv4 address : setup.ownAddresses()) {
            if (!setup.serviceAddresses().contains(address)) {
                endpoints.add(new Endpoint.Own(address, listen.port()));
            }
        }
        Ipv4 replySource = setup.serviceAddresses().getFirst();
        for (String name : listen.interfaces()) {
            endpoints.add(new Endpoint.Link(name, listen.port(), Endpoint.CLIENT_PORT, replySource));
        }
        return new ArrayList<>(endpoints);
    }

    /** The interfaces with directly attached clients, each with its own addresses. */
    static SortedMap<String, List<Ipv4>> interfaces(ServerSetup setup, InterfaceTable table) {
        TreeMap<String, List<Ipv4>> interfaces = new TreeMap<>();
        for (String name : setup.own().listen().interfaces()) {
            List<Ipv4> addresses = table.named(name)
                    .map(link -> link.prefixes().stream()
                            .map(InterfaceTable.Prefix::address)
                            .toList())
                    .orElse(List.of());
            interfaces.put(name, addresses);
        }
        return interfaces;
    }
}
