package org.anylease.server.admin;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.Member;
import org.anylease.store.lease.Binding;
import org.jspecify.annotations.Nullable;

/**
 * The matching leases of all cells in order of address, each address once.
 *
 * <p>Cells share no address, except for a while when the configuration moves a subnet to another cell: then the cell
 * whose configuration has the subnet is the one that is shown.
 */
final class LeaseScan implements AutoCloseable {
    /** A lease, and at which index of which cell's log it was read. */
    record Found(CellId cell, LogIndex index, Binding binding) {}

    private record Head(LeaseSource source, Binding binding, boolean configured) {}

    private final List<LeaseSource> sources = new ArrayList<>();
    private final Map<CellId, String> unread = new LinkedHashMap<>();
    private final Map<CellId, CellConfig> configs = new TreeMap<>();
    private final PriorityQueue<Head> heads =
            new PriorityQueue<>(Comparator.comparing((Head head) -> head.binding.address())
                    .thenComparing(head -> !head.configured)
                    .thenComparing(head -> head.source.cell()));
    private @Nullable Ipv4 last;

    /** Opens every cell that the filter covers; a cell that nobody answers for is left out, and named as unread. */
    LeaseScan(Cluster cluster, LeaseFilter filter, Map<String, List<String>> query, Ipv4 first) throws IOException {
        try {
            for (CellId cell : cluster.cells()) {
                if (filter.covers(cell)) {
                    open(cluster, cell, filter, query, first);
                }
            }
            sources.forEach(this::advance);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private void open(Cluster cluster, CellId cell, LeaseFilter filter, Map<String, List<String>> query, Ipv4 first)
            throws IOException {
        Optional<Cluster.LeaseView> view = cluster.view(cell);
        if (view.isPresent()) {
            sources.add(new LeaseSource.Local(cell, cluster.facts().server(), view.get(), filter, first));
            cluster.state(cell).map(Cluster.CellState::config).ifPresent(config -> configs.put(cell, config));
            return;
        }
        String why = "this server has no copy of it, and knows of no other server";
        for (Member member : cluster.servers()) {
            ServerId server = member.server();
            if (server.equals(cluster.facts().server())) {
                continue;
            }
            try {
                sources.add(new LeaseSource.Remote(cell, server, cluster, encoded(query), first));
                return;
            } catch (IOException e) {
                why = String.valueOf(e.getMessage());
            }
        }
        unread.put(cell, why);
    }

    /** The filter's part of the query, for another server to read again. */
    private static String encoded(Map<String, List<String>> query) {
        StringBuilder text = new StringBuilder();
        for (String name : LeaseFilter.PARAMETERS) {
            for (String value : query.getOrDefault(name, List.of())) {
                text.append(text.isEmpty() ? "" : "&")
                        .append(name)
                        .append('=')
                        .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
            }
        }
        return text.toString();
    }

    private void advance(LeaseSource source) {
        if (source.hasNext()) {
            Binding binding = source.next();
            heads.add(new Head(source, binding, isConfigured(source.cell(), binding.address())));
        }
    }

    private boolean isConfigured(CellId cell, Ipv4 address) {
        CellConfig config = configs.get(cell);
        return config != null
                && config.networks().stream()
                        .flatMap(network -> network.subnets().stream())
                        .anyMatch(subnet -> subnet.prefix().contains(address));
    }

    /** The next lease, or null after the last. */
    @Nullable
    Found next() {
        while (!heads.isEmpty()) {
            Head head = heads.remove();
            LogIndex index = head.source.index();
            advance(head.source);
            if (!head.binding.address().equals(last)) {
                last = head.binding.address();
                return new Found(head.source.cell(), index, head.binding);
            }
        }
        return null;
    }

    List<LeaseSource> sources() {
        return List.copyOf(sources);
    }

    Map<CellId, String> unread() {
        return unread;
    }

    @Override
    public void close() {
        sources.forEach(LeaseSource::close);
    }
}
