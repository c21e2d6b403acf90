package org.anylease.server.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.CellId;
import org.anylease.store.config.CellConfig;

/** How full the pools are. */
final class PoolRoutes {
    /** Below this share of free addresses a pool is worth a word. */
    private static final double FREE_SHARE_LOW = 0.1;

    private final Cluster cluster;

    PoolRoutes(Cluster cluster) {
        this.cluster = cluster;
    }

    List<Route> routes() {
        return List.of(Route.get("/v1/pools", List.of("cell"), this::pools));
    }

    private void pools(Call call) throws IOException {
        String wanted = call.query("cell").orElse("");
        ObjectNode answer = Json.object();
        ArrayNode pools = answer.putArray("pools");
        ArrayNode unread = answer.putArray("unread");
        List<Finding> findings = new ArrayList<>();
        for (CellId cell : cluster.cells()) {
            if (!wanted.isEmpty() && !wanted.equals(cell.name())) {
                continue;
            }
            CellConfig config =
                    cluster.state(cell).map(Cluster.CellState::config).orElse(null);
            Optional<Cluster.LeaseView> opened = cluster.view(cell);
            if (opened.isEmpty() || config == null) {
                opened.ifPresent(Cluster.LeaseView::close);
                ObjectNode one = unread.addObject();
                one.put("cell", cell.name());
                one.put(
                        "why",
                        config == null && opened.isPresent()
                                ? "it has no configuration yet"
                                : "this server has no copy of it; ask one that has");
                continue;
            }
            try (Cluster.LeaseView view = opened.get()) {
                for (PoolUse use : PoolUse.count(config, view.from(new Ipv4(0)))) {
                    pools.add(json(use).put("readIndex", view.index().value()));
                    examine(use, findings);
                }
            }
        }
        CellRoutes.addFindings(answer, findings);
        call.json(200, answer);
    }

    private static ObjectNode json(PoolUse use) {
        ObjectNode node = Json.object();
        node.put("cell", use.cell().name());
        node.put("network", use.network());
        node.put("subnet", use.subnet());
        node.put("range", use.range().toString());
        node.put("size", use.size());
        node.put("active", use.active());
        node.put("waiting", use.waiting());
        node.put("abandoned", use.abandoned());
        node.put("escrowed", use.escrowed());
        node.put("reserved", use.reserved());
        node.put("free", use.free());
        node.put("offered", use.offered());
        return node;
    }

    private static void examine(PoolUse use, List<Finding> findings) {
        long left = use.free() - use.offered();
        if (left < use.size() * FREE_SHARE_LOW) {
            findings.add(new Finding(
                    left <= 0 ? Finding.Severity.CRITICAL : Finding.Severity.WARNING,
                    "pool " + use.range() + " of " + use.subnet(),
                    left <= 0
                            ? "no address is left for new clients"
                            : left + " of " + use.size() + " addresses are left for new clients",
                    null,
                    "add a pool or shorten leases with anylease config apply; " + use.waiting()
                            + " addresses wait for reuse, " + use.abandoned() + " are in quarantine"));
        }
    }
}
