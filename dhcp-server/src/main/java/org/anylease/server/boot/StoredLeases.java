package org.anylease.server.boot;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.anylease.server.admin.Cluster;
import org.anylease.server.leasequery.BulkLeases;
import org.anylease.server.leasequery.BulkQuery;
import org.anylease.server.leasequery.BulkQuery.By;
import org.anylease.server.leasequery.LeaseFacts;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Prefix;
import org.anylease.store.alone.JournalRecord.Promise;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.Subnet;
import org.anylease.store.lease.Binding;
import org.jspecify.annotations.Nullable;

/**
 * The leases of this server's copies, for bulk queries: each cell at one index of its log, and over it what this server
 * had promised alone when the query began. Addresses that a cell has a record of and its configuration a subnet for.
 */
final class StoredLeases implements BulkLeases {
    private final RunningCluster cluster;
    private final ServerId self;
    private final InstantSource clock;

    StoredLeases(RunningCluster cluster, ServerId self, InstantSource clock) {
        this.cluster = cluster;
        this.self = self;
        this.clock = clock;
    }

    @Override
    public Reading open(BulkQuery query) throws IOException {
        CellByCell reading = new CellByCell(query, self, clock);
        try {
            for (CellId cell : cluster.cells()) {
                reading.add(cell, source(cell, query));
            }
            reading.complete();
            return reading;
        } catch (IOException | RuntimeException e) {
            reading.close();
            throw e;
        }
    }

    /** A cell to read, or null when this server has no copy of it. */
    private @Nullable Source source(CellId cell, BulkQuery query) throws IOException {
        // Promises before the view: one that is committed in between is then in both, and counts as committed.
        TreeMap<Ipv4, Promise> promises = new TreeMap<>();
        for (Promise promise : cluster.promisedAlone(cell)) {
            promises.put(promise.address(), promise);
        }
        CellConfig config = cluster.state(cell).map(Cluster.CellState::config).orElse(null);
        if (config == null) {
            return null;
        }
        List<Prefix> prefixes = prefixes(config, query.by());
        if (prefixes.isEmpty()) {
            return new Source(null, prefixes, promises);
        }
        Cluster.LeaseView view = cluster.view(cell).orElse(null);
        return view == null ? null : new Source(view, prefixes, promises);
    }

    private static List<Prefix> prefixes(CellConfig config, By by) {
        List<Prefix> all = config.networks().stream()
                .flatMap(network -> network.subnets().stream())
                .map(Subnet::prefix)
                .toList();
        if (!(by instanceof By.Link(Ipv4 link))) {
            return all;
        }
        return all.stream()
                .filter(prefix -> prefix.contains(link))
                .max(Comparator.comparingInt(Prefix::length))
                .stream()
                .toList();
    }

    /** A cell's records, none when no subnet of it is asked for. */
    private record Source(Cluster.@Nullable LeaseView view, List<Prefix> prefixes, SortedMap<Ipv4, Promise> promises) {}

    /** One cell after the other. */
    private static final class CellByCell implements Reading {
        private final BulkQuery query;
        private final ServerId self;
        private final InstantSource clock;
        private final ArrayDeque<Source> sources = new ArrayDeque<>();
        private final List<Cluster.LeaseView> views = new ArrayList<>();
        private final TreeSet<CellId> missing = new TreeSet<>();
        private @Nullable Iterator<Binding> bindings;
        private @Nullable Prefix last;

        CellByCell(BulkQuery query, ServerId self, InstantSource clock) {
            this.query = query;
            this.self = self;
            this.clock = clock;
        }

        void add(CellId cell, @Nullable Source source) {
            if (source == null) {
                missing.add(cell);
                return;
            }
            if (source.view != null) {
                views.add(source.view);
                sources.add(source);
            }
        }

        /** A link that a cell here has is in no other. */
        void complete() {
            if (query.by() instanceof By.Link && !sources.isEmpty()) {
                missing.clear();
            }
        }

        @Override
        public boolean advance(int recordsMax, Consumer<LeaseFacts> found) {
            Instant now = clock.instant();
            for (int i = 0; i < recordsMax; i++) {
                Source source = sources.peek();
                if (source == null) {
                    return false;
                }
                Iterator<Binding> from = bindings(source);
                Binding binding = from.hasNext() ? from.next() : null;
                if (binding == null || isPast(binding.address(), source)) {
                    sources.remove();
                    bindings = null;
                    last = null;
                } else if (isConfigured(binding.address(), source)) {
                    Promise promise = source.promises.get(binding.address());
                    LeaseFacts lease = LeaseFacts.of(binding.address(), binding, promise, self, now);
                    if (query.matches(lease)) {
                        found.accept(lease);
                    }
                }
            }
            return !sources.isEmpty();
        }

        private Iterator<Binding> bindings(Source source) {
            Iterator<Binding> open = bindings;
            if (open == null) {
                Ipv4 first = source.prefixes.stream()
                        .map(Prefix::network)
                        .min(Comparator.naturalOrder())
                        .orElse(Ipv4.UNSPECIFIED);
                Cluster.LeaseView view = source.view;
                open = view == null
                        ? List.<Binding>of().iterator()
                        : view.from(first).iterator();
                bindings = open;
            }
            return open;
        }

        /** Behind all that a query by link asks for. */
        private boolean isPast(Ipv4 address, Source source) {
            return query.by() instanceof By.Link
                    && address.compareTo(source.prefixes.getFirst().last()) > 0;
        }

        private boolean isConfigured(Ipv4 address, Source source) {
            Prefix before = last;
            if (before != null && before.contains(address)) {
                return true;
            }
            for (Prefix prefix : source.prefixes) {
                if (prefix.contains(address)) {
                    last = prefix;
                    return true;
                }
            }
            return false;
        }

        @Override
        public String missing() {
            return missing.isEmpty() ? "" : "this server has no copy of " + missing + ": ask another";
        }

        @Override
        public void close() {
            views.forEach(Cluster.LeaseView::close);
            views.clear();
            sources.clear();
        }
    }
}
