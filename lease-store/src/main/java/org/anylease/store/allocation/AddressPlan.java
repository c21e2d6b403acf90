package org.anylease.store.allocation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Prefix;
import org.anylease.store.address.RangeIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.cell.SiteId;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.Member;
import org.anylease.store.config.Reservation;
import org.anylease.store.config.SharedNetwork;
import org.anylease.store.config.Subnet;
import org.jspecify.annotations.Nullable;

/** A cell's configuration, arranged for looking up addresses, clients and servers. Immutable. */
public final class AddressPlan {
    private final CellConfig config;
    private final ClassPlan classes;
    private final TreeMap<String, NetworkPlan> networks = new TreeMap<>();
    private final RangeIndex<NetworkSubnet> subnets;
    private final TreeMap<ServerId, SiteId> sites = new TreeMap<>();

    /** A subnet's prefix and the network it is of. */
    private record NetworkSubnet(Prefix prefix, NetworkPlan network) {}

    /**
     * Arranges a configuration.
     *
     * @param config the configuration
     */
    public AddressPlan(CellConfig config) {
        this.config = config;
        classes = new ClassPlan(config);
        List<NetworkSubnet> all = new ArrayList<>();
        for (SharedNetwork network : config.networks()) {
            NetworkPlan plan = new NetworkPlan(network, classes);
            networks.put(network.name(), plan);
            for (Subnet subnet : network.subnets()) {
                all.add(new NetworkSubnet(subnet.prefix(), plan));
            }
        }
        subnets = new RangeIndex<>(all, subnet -> subnet.prefix.range());
        for (Member member : config.members()) {
            sites.put(member.server(), member.site());
        }
    }

    /**
     * What was arranged.
     *
     * @return the configuration
     */
    public CellConfig config() {
        return config;
    }

    /**
     * What follows from a client's classes.
     *
     * @return the classes as configured
     */
    public ClassPlan classes() {
        return classes;
    }

    /**
     * All networks.
     *
     * @return in order of name
     */
    public Collection<NetworkPlan> networks() {
        return networks.values();
    }

    /**
     * A network by its name.
     *
     * @param name any name
     * @return the network, or null
     */
    public @Nullable NetworkPlan network(String name) {
        return networks.get(name);
    }

    /**
     * The network that an address lies in.
     *
     * @param address any address
     * @return the network, or null
     */
    public @Nullable NetworkPlan networkOf(Ipv4 address) {
        NetworkSubnet subnet = subnets.get(address);
        return subnet == null ? null : subnet.network;
    }

    /**
     * The reservation of an address.
     *
     * @param address any address
     * @return its reservation, or null
     */
    public @Nullable Reservation reservationAt(Ipv4 address) {
        NetworkPlan network = networkOf(address);
        return network == null ? null : network.reservationAt(address);
    }

    /**
     * All reservations of a network, by address.
     *
     * @param network one of {@link #networks()}
     * @return in order of address
     */
    public Collection<Reservation> reservationsOf(NetworkPlan network) {
        return network.reservations().values();
    }

    /**
     * The site of a server.
     *
     * @param server any server
     * @return its site, or null when it is no member
     */
    public @Nullable SiteId siteOf(ServerId server) {
        return sites.get(server);
    }
}
