package org.anylease.server.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.Iterator;
import java.util.Objects;
import java.util.TreeMap;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.ServerId;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.LeaseClient;
import org.jspecify.annotations.Nullable;

/** What restoring a backup would do to a cell as it is now; the cell itself decides when it is applied. */
final class RestorePlan {
    private ObjectNode header = Json.object();
    private long inBackup;
    private long leftOut;
    private long put;
    private long stays;
    private long taken;
    private final TreeMap<ServerId, Integer> escrowed = new TreeMap<>();

    /** What is to become of a binding of a backup. */
    enum Fate {
        /** An escrow belongs to a server that has long forgotten it, or given the address out: it never comes back. */
        LEFT_OUT,
        /** It is put in place. */
        PUT,
        /** What is there is as new, or newer. */
        STAYS,
        /** Another client has the address. */
        TAKEN,
        /** The address is set aside for a server, which has to give it back first. */
        ESCROWED;

        /** By what is there now, if anything is. */
        static Fate of(Binding given, @Nullable Binding here) {
            if (given.state() == BindingState.ESCROWED) {
                return LEFT_OUT;
            }
            if (given.state() == BindingState.RESERVED) {
                // The configuration says which addresses are, not a backup.
                return STAYS;
            }
            if (here == null) {
                return PUT;
            }
            if (here.state() == BindingState.ESCROWED) {
                return ESCROWED;
            }
            if (here.state() == BindingState.ACTIVE && !isSameClient(here.client(), given.client())) {
                return TAKEN;
            }
            return isAsNew(here, given) ? STAYS : PUT;
        }

        /** By when its client was last heard, since indexes of another cluster's log say nothing here. */
        private static boolean isAsNew(Binding here, Binding given) {
            boolean sameClient = isSameClient(here.client(), given.client());
            boolean same =
                    here.state() == given.state() && (sameClient || (here.client() == null && given.client() == null));
            boolean together = here.lastSeen().equals(given.lastSeen());
            return here.lastSeen().isAfter(given.lastSeen())
                    || (together && same && !here.end().isBefore(given.end()))
                    || (together && isLater(here, given) && (sameClient || here.client() == null));
        }

        /**
         * Whether it is what becomes of the one given without a word of its client: it was given back, ran out, or its
         * quarantine is over.
         */
        private static boolean isLater(Binding here, Binding given) {
            return !here.lastSeen().equals(Instant.EPOCH) && stage(here.state()) > stage(given.state());
        }

        private static int stage(BindingState state) {
            return switch (state) {
                case ACTIVE, ESCROWED -> 0;
                case EXPIRED, RELEASED, ABANDONED -> 1;
                case FREE -> 2;
                case RESERVED -> 3;
            };
        }

        private static boolean isSameClient(@Nullable LeaseClient one, @Nullable LeaseClient other) {
            return one != null && other != null && Objects.equals(one.id(), other.id());
        }
    }

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
        switch (Fate.of(binding, here)) {
            case LEFT_OUT -> leftOut++;
            case PUT -> put++;
            case STAYS -> stays++;
            case TAKEN -> taken++;
            case ESCROWED -> escrowed.merge(Objects.requireNonNull(owner(here)), 1, Integer::sum);
        }
    }

    private static @Nullable ServerId owner(@Nullable Binding here) {
        return here == null ? null : here.server();
    }

    ObjectNode header() {
        return header;
    }

    long toRestore() {
        return inBackup - leftOut;
    }

    ObjectNode toJson() {
        ObjectNode node = Json.object();
        ObjectNode backup = node.putObject("backup");
        for (String field : new String[] {"cluster", "cell", "index", "time", "configVersion"}) {
            backup.set(field, header.path(field));
        }
        node.put("bindings", inBackup);
        node.put("reservations", header.path("reservations").size());
        node.put("putInPlace", put + escrowed());
        node.put("unchanged", stays);
        node.put("leftToOtherClients", taken);
        node.put("escrowLeftOut", leftOut);
        owners(node.putObject("toBeGivenBack"));
        return node;
    }

    private long escrowed() {
        return escrowed.values().stream().mapToLong(Integer::longValue).sum();
    }

    private void owners(ObjectNode node) {
        escrowed.forEach((owner, number) -> node.put(owner.name(), number));
    }

    /** What was not put in place after all, for the last line of a restore. */
    void tellWhatIsLeft(ObjectNode node) {
        node.put("unchanged", stays);
        node.put("leftToOtherClients", taken);
        node.put("refused", put);
        owners(node.putObject("notGivenBack"));
    }
}
