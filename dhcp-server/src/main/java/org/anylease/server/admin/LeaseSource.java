package org.anylease.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.lease.Binding;
import org.jspecify.annotations.Nullable;

/** The matching leases of one cell in order of address, read here or from another server. */
sealed interface LeaseSource extends Iterator<Binding>, AutoCloseable {
    CellId cell();

    /** Where they are read. */
    ServerId server();

    /** At which index the last one was read. */
    LogIndex index();

    @Override
    void close();

    /** From this server's store: all at one index. */
    final class Local implements LeaseSource {
        private final CellId cell;
        private final ServerId server;
        private final Cluster.LeaseView view;
        private final LeaseFilter filter;
        private final Iterator<Binding> bindings;
        private @Nullable Binding next;

        Local(CellId cell, ServerId server, Cluster.LeaseView view, LeaseFilter filter, Ipv4 first) {
            this.cell = cell;
            this.server = server;
            this.view = view;
            this.filter = filter;
            this.bindings = view.from(first.compareTo(filter.lowest()) > 0 ? first : filter.lowest())
                    .iterator();
            this.next = find();
        }

        private @Nullable Binding find() {
            while (bindings.hasNext()) {
                Binding binding = bindings.next();
                if (binding.address().compareTo(filter.highest()) > 0) {
                    return null;
                }
                if (filter.matches(binding)) {
                    return binding;
                }
            }
            return null;
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public Binding next() {
            Binding found = next;
            if (found == null) {
                throw new NoSuchElementException();
            }
            next = find();
            return found;
        }

        @Override
        public CellId cell() {
            return cell;
        }

        @Override
        public ServerId server() {
            return server;
        }

        @Override
        public LogIndex index() {
            return view.index();
        }

        @Override
        public void close() {
            view.close();
        }
    }

    /** From another server, a page at a time: each page is at an index of its own. */
    final class Remote implements LeaseSource {
        private final CellId cell;
        private final ServerId server;
        private final Cluster cluster;
        private final String query;
        private final ArrayDeque<Binding> page = new ArrayDeque<>();
        private LogIndex index = LogIndex.NONE;
        private @Nullable Ipv4 nextPage;

        /** Reads the first page, so that a server that cannot answer is known before anything is sent. */
        Remote(CellId cell, ServerId server, Cluster cluster, String query, Ipv4 first) throws IOException {
            this.cell = cell;
            this.server = server;
            this.cluster = cluster;
            this.query = query;
            read(first);
        }

        private void read(Ipv4 first) throws IOException {
            ObjectNode asked = Json.object();
            asked.put("cell", cell.name());
            asked.put("query", query);
            asked.put("first", first.toString());
            JsonNode answer = PeerAnswers.ask(cluster, server, PeerAnswers.LEASES, asked);
            if (!answer.path("holds").asBoolean()) {
                throw new IOException(server + " has no copy of cell " + cell);
            }
            for (JsonNode lease : answer.path("leases")) {
                page.add(BindingJson.read(lease));
            }
            index = new LogIndex(answer.path("index").asLong());
            nextPage = answer.hasNonNull("next") ? Ipv4.parse(Json.text(answer, "next")) : null;
        }

        @Override
        public boolean hasNext() {
            Ipv4 more = nextPage;
            while (page.isEmpty() && more != null) {
                try {
                    read(more);
                } catch (IOException | CompletionException | CancellationException e) {
                    throw new UncheckedIOException(
                            "server " + server + " stopped answering for cell " + cell, asIoException(e));
                }
                more = nextPage;
            }
            return !page.isEmpty();
        }

        private static IOException asIoException(Exception e) {
            return e instanceof IOException known ? known : new IOException(e);
        }

        @Override
        public Binding next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return page.remove();
        }

        @Override
        public CellId cell() {
            return cell;
        }

        @Override
        public ServerId server() {
            return server;
        }

        @Override
        public LogIndex index() {
            return index;
        }

        @Override
        public void close() {
            page.clear();
        }
    }
}
