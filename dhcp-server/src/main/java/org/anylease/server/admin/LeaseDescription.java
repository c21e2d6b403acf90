package org.anylease.server.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.Pool;
import org.anylease.store.config.Reservation;
import org.anylease.store.config.SharedNetwork;
import org.anylease.store.config.Subnet;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.LeaseClient;

/** Everything known of one address: its binding, where it stands in the configuration, and what that means. */
final class LeaseDescription {
    private final Cluster cluster;
    private final Map<ServerId, String> sites;
    private final Instant now;

    LeaseDescription(Cluster cluster, Map<ServerId, String> sites, Instant now) {
        this.cluster = cluster;
        this.sites = sites;
        this.now = now;
    }

    ObjectNode of(LeaseScan.Found found) throws IOException {
        ObjectNode node = (ObjectNode) BindingJson.tree(found.binding());
        node.put("cell", found.cell().name());
        node.put("readIndex", found.index().value());
        ServerId server = found.binding().server();
        if (server != null && sites.containsKey(server)) {
            node.put("site", sites.get(server));
        }
        node.put("meaning", meaning(found.binding()));
        cluster.state(found.cell())
                .map(Cluster.CellState::config)
                .ifPresent(config -> place(node, config, found.binding().address()));
        return node;
    }

    /** An address that is configured, but that nobody ever had. */
    Optional<ObjectNode> unheld(Ipv4 address) throws IOException {
        for (CellId cell : cluster.cells()) {
            Optional<Cluster.CellState> state = cluster.state(cell);
            ObjectNode node = Json.object();
            node.put("address", address.toString());
            node.put("state", "free");
            node.put("cell", cell.name());
            node.put("meaning", "Nobody ever had it.");
            state.map(Cluster.CellState::config).ifPresent(config -> place(node, config, address));
            if (node.has("subnet")) {
                node.put("readIndex", state.orElseThrow().applied().value());
                return Optional.of(node);
            }
        }
        return Optional.empty();
    }

    static void place(ObjectNode node, CellConfig config, Ipv4 address) {
        for (SharedNetwork network : config.networks()) {
            for (Subnet subnet : network.subnets()) {
                if (!subnet.prefix().contains(address)) {
                    continue;
                }
                node.put("network", network.name());
                node.put("subnet", subnet.prefix().toString());
                for (Pool pool : subnet.pools()) {
                    if (pool.range().contains(address)) {
                        node.put("pool", pool.range().toString());
                    }
                }
                for (Reservation reservation : subnet.reservations()) {
                    if (reservation.address().equals(address)) {
                        node.put("reservedFor", reservation.key().toString());
                    }
                }
            }
        }
    }

    private String meaning(Binding binding) {
        String text = switch (binding.state()) {
            case FREE ->
                binding.client() == null ? "Nobody's; nobody ever had it." : "Nobody's; may be given to anyone.";
            case ACTIVE ->
                now.isAfter(binding.end())
                        ? "Leased until " + binding.end() + ", which is past; about to become expired."
                        : "Leased until " + binding.end() + ".";
            case EXPIRED ->
                "The lease has run out. It is kept for its last holder until every server has reported, at the"
                        + " latest " + binding.gate() + ".";
            case RELEASED ->
                "Given back. It is nobody else's until every server has reported, at the latest " + binding.gate()
                        + ".";
            case ABANDONED ->
                "Found in use by somebody unknown: in quarantine until " + binding.end()
                        + ". Find the device that answers at this address without a lease.";
            case ESCROWED ->
                "Set aside for server " + binding.server() + " until " + binding.end()
                        + ", which may give it out while it is cut off.";
            case RESERVED -> "Kept by the configuration for one client, which does not hold it now.";
        };
        String alternating = binding.siteMoves() > 2
                ? " Its last " + binding.siteMoves() + " renewals came through alternating sites: routes to two sites"
                        + " are equally good for this client."
                : "";
        return text + alternating + offer(binding);
    }

    private static String offer(Binding binding) {
        if (binding.offer() == null) {
            return "";
        }
        LeaseClient client = binding.offer().client();
        return " Offered to " + client.id() + " until " + binding.offer().until() + ".";
    }
}
