package org.anylease.server.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Iterator;
import java.util.Objects;
import org.anylease.store.address.Ipv4;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.LeaseClient;
import org.jspecify.annotations.Nullable;

/** What restoring a backup would do to a cell as it is now; the cell itself decides when it is applied. */
final class RestorePlan {
    private ObjectNode header = Json.object();
    private long inBackup;
    private long escrowed;
    private long absent;
    private long newer;
    private long taken;
    private long replaced;

    /** Walks both in order of address. */
    void read(BackupFile.Reader reader, Cluster.LeaseView view) throws IOException {
        header = reader.header();
        Iterator<Binding> present = view.from(new Ipv4(0)).iterator();
        Binding here = next(present);
        for (Binding binding = reader.next(); binding != null; binding = reader.next()) {
            while (here != null && here.address().compareTo(binding.address()) < 0) {
                here = next(present);
            }
            boolean both = here != null && here.address().equals(binding.address());
            count(binding, both ? here : null);
        }
    }

    private static @Nullable Binding next(Iterator<Binding> bindings) {
        return bindings.hasNext() ? bindings.next() : null;
    }

    private void count(Binding binding, @Nullable Binding here) {
        inBackup++;
        if (!isRestored(binding)) {
            escrowed++;
        } else if (here == null) {
            absent++;
        } else if (here.state() == BindingState.ACTIVE && !isSameClient(here.client(), binding.client())) {
            taken++;
        } else if (isAsNew(here, binding)) {
            newer++;
        } else {
            replaced++;
        }
    }

    /** By when its client was last heard, since indexes of another cluster's log say nothing here. */
    private static boolean isAsNew(Binding here, Binding given) {
        boolean same = here.state() == given.state() && isSameClient(here.client(), given.client());
        return here.lastSeen().isAfter(given.lastSeen())
                || (same
                        && here.lastSeen().equals(given.lastSeen())
                        && !here.end().isBefore(given.end()));
    }

    private static boolean isSameClient(@Nullable LeaseClient one, @Nullable LeaseClient other) {
        return one != null && other != null && Objects.equals(one.id(), other.id());
    }

    /** An escrow belongs to a server that has long forgotten it, or given the address out: it never comes back. */
    static boolean isRestored(Binding binding) {
        return binding.state() != BindingState.ESCROWED;
    }

    ObjectNode header() {
        return header;
    }

    long toRestore() {
        return inBackup - escrowed;
    }

    ObjectNode toJson() {
        ObjectNode node = Json.object();
        ObjectNode backup = node.putObject("backup");
        for (String field : new String[] {"cluster", "cell", "index", "time", "configVersion"}) {
            backup.set(field, header.path(field));
        }
        node.put("bindings", inBackup);
        node.put("putInPlace", absent + replaced);
        node.put("unchanged", newer);
        node.put("leftToOtherClients", taken);
        node.put("escrowLeftOut", escrowed);
        return node;
    }
}
